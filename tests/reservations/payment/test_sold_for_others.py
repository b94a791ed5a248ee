"""What an agent sells in its own name for others: what the books owe them of each payment, to the cent."""

from asyncio import gather
from uuid import UUID, uuid4

import pytest

from reservations.payment.sold_for import book_sold_for
from tests.builders import World
from tests.credits.invoice.test_reading_back import NUMBER, bank, say
from tests.credits.till.drawers import a_drawer
from tests.reservations.box_office.tills import address, paying, waiting
from tests.reservations.invoices.customers import agreed, booked
from tests.reservations.payment.card_sale import CardSale
from tests.reservations.payment.conftest import peer
from tests.reservations.payment.under_mandate import (
    a_sale,
    an_agent,
    give_back,
    give_mandate,
    owed_cents,
    sold_together,
)
from uit.embedded.stripe_peer.peer import StripePeer

__all__ = ["peer"]
TRANSFERS = "SELECT count(*) FROM credits.transfer WHERE kind = 'sold_for'"


@pytest.fixture
async def mandated(world: World, peer: StripePeer) -> CardSale:
    return await a_sale(world, peer)


async def test_what_an_agent_sold_by_card_is_owed_to_the_organiser(world: World, mandated: CardSale) -> None:
    assert await owed_cents(world, mandated.session.organiser_id) == [1000]
    assert await mandated.faults() == []


async def test_who_sells_for_itself_is_owed_nothing(world: World, peer: StripePeer) -> None:
    sale = await CardSale.made(world, peer)

    assert await book_sold_for(world.services) == 0
    assert await owed_cents(world, sale.session.organiser_id) == [0]


async def test_two_workers_that_look_at_once_book_it_once(world: World, mandated: CardSale) -> None:
    await gather(book_sold_for(world.services), book_sold_for(world.services))

    assert await world.value(TRANSFERS) == 1
    assert await owed_cents(world, mandated.session.organiser_id) == [1000]


async def test_what_went_back_in_part_is_owed_no_more(world: World, mandated: CardSale) -> None:
    organiser_id = mandated.session.organiser_id
    assert await owed_cents(world, organiser_id) == [1000]

    refund_id = await give_back(world, mandated.booking_id, 1, 1)
    before = await owed_cents(world, organiser_id)
    await mandated.send(refund_id)

    assert (before, await owed_cents(world, organiser_id)) == ([1000], [500])
    assert await mandated.faults() == []


async def test_what_comes_home_of_a_refund_is_owed_again(world: World, mandated: CardSale) -> None:
    refund_id = await give_back(world, mandated.booking_id, 1, 1)
    await mandated.send(refund_id)
    assert await owed_cents(world, mandated.session.organiser_id) == [500]

    external_id = str(await world.value("SELECT external_id FROM credits.refund"))
    mandated.peer.control.fail_refund(external_id)
    await mandated.report("refund.failed", external_id)

    assert await owed_cents(world, mandated.session.organiser_id) == [1000]
    assert await mandated.faults() == []


@pytest.mark.parametrize(("end", "left"), [("won", 1000), ("lost", 0)])
async def test_a_dispute_that_is_lost_is_owed_no_more_and_one_that_is_won_still_is(
    world: World, mandated: CardSale, end: str, left: int
) -> None:
    dispute_id = await mandated.dispute()
    assert await owed_cents(world, mandated.session.organiser_id) == [1000]

    await mandated.close_dispute(dispute_id, won=end == "won")

    assert await owed_cents(world, mandated.session.organiser_id) == [left]
    assert await mandated.faults() == []


async def test_one_payment_is_shared_out_by_whose_lines_it_paid(world: World) -> None:
    agent_id = await an_agent(world)
    own = await world.session(price_cents=300, organiser_id=agent_id)
    first, second = await world.session(price_cents=500), await world.session(price_cents=700)
    for each in (first, second):
        await give_mandate(world, each.organiser_id, agent_id)

    await sold_together(world, own, first, second)

    owed = await owed_cents(world, first.organiser_id, second.organiser_id, agent_id)
    assert owed == [500, 700, 0]


async def test_what_a_bank_took_of_a_shared_payment_is_shared_out_to_the_cent(
    world: World, peer: StripePeer
) -> None:
    """A third of the money is lost: each bears its part, and no cent is borne twice or by nobody."""
    agent_id = await an_agent(world)
    sessions = [await world.session(price_cents=cents) for cents in (333, 334, 335)]
    for each in sessions:
        await give_mandate(world, each.organiser_id, agent_id)
    await sold_together(world, *sessions)
    organisers = [each.organiser_id for each in sessions]
    assert await owed_cents(world, *organisers) == [333, 334, 335]

    await world.execute(
        "SELECT credits.follow_dispute(1, p.id, $1, $2, 'dp_1', 334, 'lost', $3) FROM credits.payment AS p",
        uuid4(), uuid4(), world.clock.now(),
    )  # fmt: skip

    owed = await owed_cents(world, *organisers)
    assert sum(owed) == 333 + 335
    assert all(abs(left - cents * 2 / 3) < 2 for left, cents in zip(owed, (333, 334, 335), strict=True))


async def test_what_was_taken_at_a_till_is_owed_without_its_rounding(world: World) -> None:
    session = await world.session(price_cents=502)
    organiser_id = session.organiser_id
    await give_mandate(world, organiser_id, await an_agent(world))
    staff_id = await world.sign_in_staff("box_office", organiser_id=organiser_id)
    drawer = await a_drawer(world, seller_id=organiser_id, staff_id=staff_id)
    booking = await waiting(world, await world.resident(), session)

    answer = await world.post_form(address(drawer, "boeking", booking.id), **paying(502))

    assert answer.status_code == 303
    assert await world.value("SELECT rounding_cents FROM credits.receipt") == -2
    assert await owed_cents(world, organiser_id) == [502]


async def test_an_invoice_is_owed_as_far_as_it_was_paid(world: World) -> None:
    agent_id, session = await an_agent(world), await world.session(price_cents=1000)
    await give_mandate(world, session.organiser_id, agent_id)
    await world.execute("UPDATE credits.seller SET invoices = true")
    school = await agreed(world, agent_id)
    answer = await booked(world, session, school, places=2)
    invoice_id = UUID(answer.json()["payment"]["id"])
    assert await owed_cents(world, session.organiser_id) == [0]

    agents = await world.session(organiser_id=agent_id)
    await say(world, agents, invoice_id, NUMBER)
    await say(world, agents, invoice_id, bank(700))

    assert await owed_cents(world, session.organiser_id) == [700]


async def test_an_organiser_sees_what_its_agent_still_owes_it_and_what_is_held(
    world: World, mandated: CardSale
) -> None:
    organiser_id = mandated.session.organiser_id
    await owed_cents(world, organiser_id)
    await give_back(world, mandated.booking_id, 1, 1)
    await world.sign_in_staff("organiser", organiser_id=organiser_id)

    page = (await world.client.get(f"/dender/organisaties/{organiser_id}/betalen")).text

    assert "Wat Regio Dender voor jou verkocht" in page
    facts = page[page.index("Wat Regio Dender") :]
    assert (
        facts.index("€\xa010,00")
        < facts.index("gaat terug naar wie betaalde")
        < facts.index("Nog naar jou te storten")
    )
    assert "€\xa05,00" in facts[facts.index("Nog naar jou te storten") :]


async def test_an_organiser_that_sells_itself_reads_nothing_of_an_agent(
    world: World, mandated: CardSale
) -> None:
    other = await world.organiser()
    await owed_cents(world, mandated.session.organiser_id)
    await world.sign_in_staff("organiser", organiser_id=other)

    page = (await world.client.get(f"/dender/organisaties/{other}/betalen")).text

    assert "voor jou verkocht" not in page
