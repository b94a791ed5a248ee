"""What a region still owes who it sold for: who sees it, what is held, and noting once what was paid."""

from asyncio import gather
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.remittance.remittance import Debt, read_debts
from reservations.payment.sold_for import book_sold_for
from tests.builders import World
from tests.reservations.payment.card_sale import BALANCE, CardSale
from tests.reservations.payment.conftest import peer
from tests.reservations.payment.under_mandate import (
    a_sale,
    an_agent,
    give_back,
    give_mandate,
    sold_together,
)
from uit.embedded.stripe_peer.peer import StripePeer

__all__ = ["peer"]
HOME = "/dender/afdrachten"
REMITTED = "SELECT coalesce(sum(amount_cents), 0)::integer FROM credits.transfer WHERE kind = 'remittance'"


@pytest.fixture
async def mandated(world: World, peer: StripePeer) -> CardSale:
    """Ten euro that the region sold for an organiser, and that it owes."""
    sale = await a_sale(world, peer)
    await book_sold_for(world.services)
    return sale


async def the_debt(world: World) -> Debt:
    async with world.services.database.reading() as connection:
        (debt,) = await read_debts(connection, 1, None, None)
    return debt


async def page_of_debt(world: World) -> str:
    return f"{HOME}/{(await the_debt(world)).id}"


def noted(amount: str, reference: str = "UIT 2026-03", **more: Any) -> dict[str, Any]:
    return {
        "remittance_id": uuid4(), "amount": amount, "paid_on": "2026-03-01", "reference": reference, **more,
    }  # fmt: skip


async def test_a_director_sees_what_was_sold_and_what_is_owed(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")

    listed = (await world.client.get(HOME)).text
    own = (await world.client.get(await page_of_debt(world))).text

    assert "verkocht door Regio Dender" in listed
    assert listed.count("€\xa010,00") == 3
    assert 'value="10,00"' in own


async def test_what_was_paid_is_noted_in_the_books_with_its_reference(
    world: World, mandated: CardSale
) -> None:
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(await page_of_debt(world), **noted("4,00"))

    page = (await world.client.get(answer.headers["location"])).text
    assert "Genoteerd." in page
    assert "UIT 2026-03" in page
    debt = await the_debt(world)
    assert (debt.remitted_cents, debt.owed_cents, debt.earlier_cents) == (400, 600, 0)
    agent_id = await world.value("SELECT agent_id FROM credits.seller WHERE agent_id IS NOT NULL")
    assert await world.value(BALANCE, "bank", agent_id) == -400
    assert await mandated.faults() == []


async def test_a_form_that_is_sent_twice_is_noted_once(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")
    page, form = await page_of_debt(world), noted("10,00")

    answers = [await world.post_form(page, **form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert await world.value(REMITTED) == 1000
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'remittance.note'") == 1


async def test_two_at_once_do_not_pay_out_more_than_is_owed(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")
    page = await page_of_debt(world)

    answers = await gather(*[world.post_form(page, **noted("6,00", f"UIT {each}")) for each in range(2)])

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert await world.value(REMITTED) == 600


@pytest.mark.parametrize("other", [{"amount": "3,00"}, {"remittance_id": uuid4()}])
async def test_one_line_of_the_bank_is_not_noted_a_second_time(
    world: World, mandated: CardSale, other: dict[str, Any]
) -> None:
    await world.sign_in_staff("financial_director")
    page, form = await page_of_debt(world), noted("4,00")
    await world.post_form(page, **form)

    answer = await world.post_form(page, **form | other)

    assert answer.status_code == 409
    assert "Deze storting is al genoteerd" in answer.text
    assert await world.value(REMITTED) == 400


async def test_more_than_is_owed_is_refused_at_its_field_and_keeps_what_was_typed(
    world: World, mandated: CardSale
) -> None:
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(await page_of_debt(world), **noted("10,01"))

    assert answer.status_code == 409
    assert "Je kan nu hoogstens €\xa010,00 afdragen." in answer.text
    assert "Dit is meer dan €\xa010,00." in answer.text
    assert 'value="10,01"' in answer.text
    assert 'value="UIT 2026-03"' in answer.text
    assert await world.value(REMITTED) == 0


async def test_a_form_with_faults_says_so_at_each_field(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(
        await page_of_debt(world), **noted("veel", reference=" ", paid_on="2026-03-09")
    )

    assert answer.status_code == 422
    assert "Kies vandaag of een dag die voorbij is." in answer.text
    assert "Vul in wat op je uittreksel staat." in answer.text
    assert 'value="veel"' in answer.text


async def test_what_is_contested_is_held_until_that_is_decided(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")
    page, dispute_id = await page_of_debt(world), await mandated.dispute()

    held = await the_debt(world)
    refused = await world.post_form(page, **noted("0,01"))
    shown = (await world.client.get(page)).text
    await mandated.close_dispute(dispute_id, won=True)

    assert (held.owed_cents, held.contested_cents, held.most_cents) == (1000, 1000, 0)
    assert refused.status_code == 409
    assert "Vastgehouden: betwist door wie betaalde" in shown
    assert (await the_debt(world)).most_cents == 1000
    assert (await world.post_form(page, **noted("10,00"))).status_code == 303


async def test_what_a_dispute_took_is_not_paid_out_also_before_the_worker_looked(
    world: World, mandated: CardSale
) -> None:
    dispute_id = await mandated.dispute()
    await mandated.close_dispute(dispute_id, won=False)

    before = await the_debt(world)
    await book_sold_for(world.services)
    after = await the_debt(world)

    assert (before.owed_cents, before.most_cents) == (1000, 0)
    assert (after.owed_cents, after.back_cents, after.most_cents) == (0, 1000, 0)


async def test_what_is_decided_to_go_back_is_held_from_then_on(world: World, mandated: CardSale) -> None:
    refund_id = await give_back(world, mandated.booking_id, 1, 1)
    decided = await the_debt(world)
    await mandated.send(refund_id)
    await book_sold_for(world.services)
    done = await the_debt(world)

    assert (decided.owed_cents, decided.returning_cents, decided.most_cents) == (1000, 500, 500)
    assert (done.owed_cents, done.returning_cents, done.most_cents) == (500, 0, 500)


async def test_what_goes_back_after_it_was_paid_out_is_too_much(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("financial_director")
    page = await page_of_debt(world)
    await world.post_form(page, **noted("10,00"))

    await mandated.send(await give_back(world, mandated.booking_id, 1, 1))
    await book_sold_for(world.services)

    assert "De organisator kreeg €\xa05,00 te veel." in (await world.client.get(page)).text
    assert await mandated.faults() == []


async def test_an_auditor_looks_and_notes_nothing(world: World, mandated: CardSale) -> None:
    await world.sign_in_staff("auditor")
    page = await page_of_debt(world)

    shown = (await world.client.get(page)).text
    answer = await world.post_form(page, **noted("4,00"))

    assert "Het is gestort" not in shown
    assert answer.status_code == 403
    assert await world.value(REMITTED) == 0


async def test_a_director_of_another_region_neither_sees_it_nor_pays_it(
    world: World, mandated: CardSale
) -> None:
    page, other = await page_of_debt(world), await world.value("SELECT slug FROM uit.region WHERE id = 2")
    await world.sign_in_staff("financial_director", region_id=2)
    elsewhere = page.replace("/dender/", f"/{other}/")

    assert (await world.client.get(page)).status_code == 403
    assert (await world.client.get(elsewhere)).status_code == 404
    assert (await world.post_form(page, **noted("4,00"))).status_code == 403
    assert (await world.post_form(elsewhere, **noted("4,00"))).status_code == 404
    assert await world.value(REMITTED) == 0


async def test_where_nobody_sells_for_another_the_list_says_so(world: World) -> None:
    await world.sign_in_staff("financial_director")

    page = (await world.client.get(HOME)).text

    assert "Niets af te dragen" in page
    assert 'href="/dender/verkopers"' in page


async def test_a_debt_that_is_not_there_is_not_found(world: World) -> None:
    await world.sign_in_staff("financial_director")

    answer = await world.post_form(f"{HOME}/{UUID(int=7)}", **noted("4,00"))

    assert answer.status_code == 404


async def test_what_is_contested_of_two_organisers_is_held_of_each_by_its_part(world: World) -> None:
    agent_id = await an_agent(world)
    sessions = [await world.session(price_cents=cents) for cents in (500, 700)]
    for each in sessions:
        await give_mandate(world, each.organiser_id, agent_id)
    await sold_together(world, *sessions)
    await book_sold_for(world.services)

    await world.execute(
        "SELECT credits.follow_dispute(1, p.id, $1, $2, 'dp_1', 600, 'open', $3) FROM credits.payment AS p",
        uuid4(), uuid4(), world.clock.now(),
    )  # fmt: skip

    async with world.services.database.reading() as connection:
        debts = await read_debts(connection, 1, None, None)
    assert [(each.contested_cents, each.most_cents) for each in debts] == [(350, 350), (250, 250)]
