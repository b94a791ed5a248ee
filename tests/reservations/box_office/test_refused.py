"""What a till does not take: said before any money is taken, and by the turnstile when that is too late."""

from datetime import timedelta
from uuid import uuid4

import pytest

from credits.check import check_ledger
from credits.till.terminal import ManualTerminal, TerminalPayment
from reservations.booking.commands import PayWith
from reservations.booking.facts import TicketStatus
from reservations.check import check_bookings
from tests.builders import Session, World
from tests.credits.till.drawers import Drawer
from tests.reservations.box_office.tills import address, at_the_till, paying, selling, stored, waiting

ON_THE_TERMINAL = {"way": "terminal", "slip": "AUT 0042"}


class CountedMeanwhile(ManualTerminal):
    """A terminal at which a customer takes their time, while a colleague counts the drawer."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    async def take(self, asked: TerminalPayment) -> str:
        await self.drawer.count(10_000)
        return f"AUT {asked.amount_cents}"


async def test_one_receipt_is_of_one_booking(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    first, second = [await waiting(world, anna, session) for _ in range(2)]
    form = paying(500)

    taken = await world.post_form(address(drawer, "boeking", first.id), **form)
    again = await world.post_form(address(drawer, "boeking", second.id), **form)

    assert (taken.status_code, again.status_code) == (303, 409)
    assert "Dit formulier is al gebruikt" in again.text
    assert str(form["receipt_id"]) not in again.text
    assert (await stored(world, second)).status is TicketStatus.HELD
    await right(world, receipts=1)


async def test_places_are_not_sold_on_the_receipt_of_others(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer, form = await at_the_till(world, session), selling(1, 500)

    pages = [address(drawer, "verkoop", session.id, uuid4()) for _ in range(2)]
    answers = [await world.post_form(page, **form) for page in pages]
    with_its_payment = await world.post_form(pages[1], **form | {"receipt_id": uuid4()})

    assert [each.status_code for each in [*answers, with_its_payment]] == [303, 409, 409]
    assert await world.value("SELECT taken FROM reservations.pool") == 1
    await right(world, receipts=1)


async def test_a_form_never_leads_to_the_receipt_of_another_booking(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    first, second = [await waiting(world, anna, session) for _ in range(2)]
    form = paying(500)
    await world.post_form(address(drawer, "boeking", first.id), **form)
    await world.post_form(address(drawer, "boeking", second.id), **paying(500))

    again = await world.post_form(address(drawer, "boeking", second.id), **form)

    assert again.status_code == 409


async def test_a_till_that_is_counted_while_the_card_is_read_takes_nothing_for_a_booking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    monkeypatch.setattr(world.services, "terminal", CountedMeanwhile(drawer))

    form = paying(500) | ON_THE_TERMINAL
    answer = await world.post_form(address(drawer, "boeking", booking.id), **form)

    assert answer.status_code == 409
    assert "is geteld" in answer.text
    assert "Maak die betaling daar ongedaan" in answer.text
    assert "Ontvangen" not in answer.text
    assert (await stored(world, booking)).status is TicketStatus.HELD
    await right(world, receipts=0)


async def test_a_till_that_is_counted_while_the_card_is_read_sells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    monkeypatch.setattr(world.services, "terminal", CountedMeanwhile(drawer))

    page = address(drawer, "verkoop", session.id, uuid4())
    answer = await world.post_form(page, **selling(1, 500) | ON_THE_TERMINAL)

    assert answer.status_code == 409
    assert "is geteld" in answer.text
    assert "Maak die betaling daar ongedaan" in answer.text
    assert "Ontvangen" not in answer.text
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_a_till_from_before_a_mandate_sells_nothing_and_says_so_first(world: World) -> None:
    session = await world.session(10, price_cents=500)
    drawer = await at_the_till(world, session)
    await sold_by_an_agent(world, session)
    page = address(drawer, "verkoop", session.id, uuid4())

    shown = await world.client.get(page, params={"plaatsen-base": 1})
    answer = await world.post_form(page, **selling(1, 500))

    assert (shown.status_code, answer.status_code) == (409, 409)
    assert "van een andere verkoper" in shown.text
    assert "Ontvangen" not in shown.text + answer.text
    await right(world, receipts=0)


@pytest.mark.parametrize("way", [PayWith.DESK, PayWith.CARD])
async def test_a_till_from_before_a_mandate_takes_nothing_and_says_so_first(
    world: World, way: PayWith
) -> None:
    session, anna = await world.session(10, price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    await sold_by_an_agent(world, session)
    booking = await waiting(world, anna, session, way=way)
    page = address(drawer, "boeking", booking.id)

    shown = await world.client.get(page)
    answer = await world.post_form(page, **paying(500))

    assert (shown.status_code, answer.status_code) == (409, 409)
    assert "van een andere verkoper" in shown.text
    assert "5,00" in shown.text
    assert "Ontvangen" not in shown.text + answer.text
    assert (await stored(world, booking)).status is TicketStatus.HELD
    await right(world, receipts=0)


async def test_nothing_is_taken_for_a_date_that_is_over_and_the_page_says_so_first(world: World) -> None:
    session, anna = await world.session(10, price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    await world.execute("UPDATE reservations.session SET starts_at = $1, ends_at = $1", world.clock.now())
    world.clock.move(timedelta(minutes=1))
    page = address(drawer, "boeking", booking.id)

    shown = await world.client.get(page)
    answer = await world.post_form(page, **paying(500))

    assert (shown.status_code, answer.status_code) == (409, 409)
    assert "Ontvangen" not in shown.text + answer.text
    await right(world, receipts=0)


async def test_who_leads_does_not_sell_at_the_till_of_a_colleague(world: World) -> None:
    session, anna = await world.session(10, price_cents=500), await world.resident()
    drawer = await at_the_till(world, session)
    booking = await waiting(world, anna, session)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    page = address(drawer, "verkoop", session.id, uuid4())

    sale = await world.client.get(page, params={"plaatsen-base": 1})
    held = await world.client.get(address(drawer, "boeking", booking.id))
    sold = await world.post_form(page, **selling(1, 500))

    assert {each.status_code for each in (sale, held, sold)} == {409}
    assert "Ontvangen" not in sale.text + held.text
    await right(world, receipts=0)


async def sold_by_an_agent(world: World, session: Session) -> None:
    """From now on somebody else sells the dates of this organiser, under a mandate."""
    agent_id = await world.organiser()
    await world.seller(agent_id, desk_hours=48)
    await world.execute(
        "UPDATE credits.seller SET agent_id = $2, mandate_id = $3 WHERE organiser_id = $1",
        session.organiser_id, agent_id, uuid4(),
    )  # fmt: skip


async def right(world: World, receipts: int) -> None:
    """So many receipts, and books that tie to them."""
    assert await world.value("SELECT count(*) FROM credits.receipt") == receipts
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []
        assert await check_bookings(connection) == []
