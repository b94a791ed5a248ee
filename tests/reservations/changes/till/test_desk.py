"""At a till a booking of who has no pass gets another date or number, and keeps what was paid."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.builders import Session, World
from tests.credits.till.drawers import Drawer, account_cents
from tests.reservations.booking.test_giving_up import words
from tests.reservations.box_office.tills import address, at_the_till, selling
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.changes.town import pressed
from tests.reservations.dates import faults, statuses


async def sold(world: World, places: int = 2, **more: Any) -> tuple[Session, Drawer, UUID]:
    """Places of 5 euro that a till sold for cash."""
    session = await world.session(price_cents=500, **more)
    drawer, booking_id = await at_the_till(world, session), uuid4()
    form = selling(places, places * 500)
    answer = await world.post_form(address(drawer, "verkoop", session.id, booking_id), **form)
    assert answer.status_code == 303, answer.text
    return session, drawer, booking_id


async def next_day(world: World, session: Session, price_cents: int) -> Session:
    """Another date of the same activity."""
    other = await world.session(
        price_cents=price_cents, organiser_id=session.organiser_id, starts_in=timedelta(days=11)
    )
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", session.event_id, other.id
    )
    return other


def page_of(drawer: Drawer, booking_id: UUID) -> str:
    return address(drawer, "terugnemen", booking_id, "wijzigen")


async def test_another_date_costs_the_difference_and_what_was_paid_counts(world: World) -> None:
    session, drawer, booking_id = await sold(world)
    other = await next_day(world, session, 700)
    own = page_of(drawer, booking_id)
    asked = {"stap": "bekijk", "naar": str(other.id), "aantal-base": "2"}

    shown = (await world.client.get(own, params=asked)).text
    answers = [await world.post_form(own, **pressed(shown), way="cash") for _ in range(2)]

    assert "Ontvangen: € 4,00, en wijzig" in words(shown)
    tickets = f"{address(drawer, 'tickets', booking_id)}?gedaan=gewijzigd"
    assert {each.headers["location"] for each in answers} == {tickets}
    assert await statuses(world, booking_id) == ["cancelled", "cancelled", "confirmed", "confirmed"]
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 1400
    given = await world.client.get(tickets)
    assert "Gewijzigd. Geef deze tickets mee." in words(given.text)
    assert "<title>Gewijzigd" in given.text
    assert await faults(world) == []


async def test_fewer_places_give_cash_back_and_those_that_stay_keep_their_tickets(world: World) -> None:
    session, drawer, booking_id = await sold(world, 3)
    own = page_of(drawer, booking_id)
    asked = {"stap": "bekijk", "aantal-base": "1"}

    shown = (await world.client.get(own, params=asked)).text
    await world.post_form(own, **pressed(shown))

    assert "Geef € 10,00 terug, en wijzig" in words(shown)
    assert await statuses(world, booking_id) == ["confirmed", "cancelled", "cancelled"]
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 500
    assert await faults(world) == []


async def test_what_may_not_be_left_any_more_changes_by_a_waiver_that_is_written_down(world: World) -> None:
    session, drawer, booking_id = await sold(world, cancel_before=timedelta(days=11))
    own, asked = page_of(drawer, booking_id), {"stap": "bekijk", "aantal-base": "1"}

    late = await world.client.get(own, params=asked)
    shown = (await world.client.get(own, params={**asked, "uitzondering": "goodwill"})).text
    await world.post_form(own, **pressed(shown))

    assert late.status_code == 422
    assert "Mag het toch? Zo ja, kies waarom." in words(late.text)
    assert "Alles: de organisator vindt het goed" in words(late.text)
    assert "Geef € 5,00 terug, en wijzig" in words(shown)
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 500
    facts = await world.value("SELECT facts::text FROM uit.audit WHERE act = 'booking.change'")
    assert "goodwill" in facts
    assert await faults(world) == []


async def test_a_waiver_is_written_down_as_well_where_nothing_changes_hands(world: World) -> None:
    session, drawer, booking_id = await sold(world, cancel_before=timedelta(days=11))
    other = await next_day(world, session, 500)
    own = page_of(drawer, booking_id)
    asked = {"stap": "bekijk", "naar": str(other.id), "aantal-base": "2", "uitzondering": "goodwill"}

    shown = (await world.client.get(own, params=asked)).text
    sent = said_yes(shown)
    done = await world.post_form(own, **sent)
    other_reason = await world.post_form(own, **(sent | {"uitzondering": "sold_wrong"}))

    assert (done.status_code, other_reason.status_code) == (303, 409)
    assert await account_cents(world, session.organiser_id, "till") == 10_000 + 1000
    assert (
        await world.value("SELECT facts->>'waiver' FROM uit.audit WHERE act = 'booking.change'") == "goodwill"
    )


async def test_a_booking_of_who_has_a_pass_asks_for_the_pass(world: World) -> None:
    session = await world.session(price_cents=500)
    drawer, anna = await at_the_till(world, session), await world.resident(credit_cents=500)
    booking_id = (await world.book(anna, session)).booking.id  # type: ignore[union-attr]

    answer = await world.client.get(page_of(drawer, booking_id))
    found = await world.client.get(address(drawer, "terugnemen", booking_id))

    assert answer.status_code == 409
    assert "Scan de pas van de klant." in words(answer.text)
    assert "Wijzig datum of aantal" not in found.text


async def test_a_till_of_another_organiser_finds_nothing(world: World) -> None:
    _, _, booking_id = await sold(world)
    other = await at_the_till(world, await world.session())

    for answer in (
        await world.client.get(page_of(other, booking_id)),
        await world.post_form(page_of(other, booking_id)),
    ):
        assert answer.status_code == 404
