"""A booking on an invoice that changes: fewer places are credited, what is new is refused with its reason."""

from typing import Any
from uuid import UUID

from tests.builders import Session, World
from tests.reservations.changes.town import Headers, booked, change, changed, line
from tests.reservations.choosing.dates import two_dates
from tests.reservations.dates import faults, statuses
from tests.reservations.invoices.customers import agreed
from tests.reservations.sessions.test_desk import page_of, text_of

TITLE = "Deze boeking staat op een factuur"


async def on_invoice(world: World) -> tuple[Session, Session, Headers, dict[str, Any]]:
    """Two dates of an activity, and three places of a school for the first, for € 5 each."""
    first, other = await two_dates(world)
    school = await agreed(world, first.organiser_id)
    headers = await world.api_client(first.organiser_id)
    how = {"pay_with": "invoice", "invoice": {"customer_code": school.code}}
    return first, other, headers, await booked(world, headers, line(first, 3), **how)


async def test_fewer_places_become_a_credit_note(world: World) -> None:
    first, _, headers, booking = await on_invoice(world)

    await changed(world, headers, booking, line(first, 2))

    notes = await world.rows("SELECT amount_cents FROM credits.refund WHERE way = 'credit_note'")
    assert [each["amount_cents"] for each in notes] == [500]
    assert await statuses(world, UUID(booking["booking_id"])) == ["confirmed", "confirmed", "cancelled"]
    assert await faults(world) == []


async def test_more_places_and_another_date_are_refused_in_words_that_say_why(world: World) -> None:
    first, other, headers, booking = await on_invoice(world)

    answers = [await change(world, headers, booking, wanted) for wanted in (line(first, 4), line(other, 3))]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "reservations.on_invoice")
    assert [each.json()["cents"] for each in answers] == [500, 1500]
    assert await statuses(world, UUID(booking["booking_id"])) == ["confirmed"] * 3
    assert await world.value("SELECT count(*) FROM credits.refund") == 0


async def test_its_organiser_reads_why_before_it_says_yes_and_may_make_it_fewer(world: World) -> None:
    first, other, _, booking = await on_invoice(world)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    address = f"{page_of(first)}/boekingen/{booking['booking_id']}/wijzigen"

    moved = await world.client.get(address, params={"stap": "bekijk", "naar": str(other.id)})
    fewer = await world.client.get(address, params={"stap": "bekijk", "plaatsen-1": "2"})

    assert moved.status_code == 409
    assert TITLE in text_of(moved)
    assert "Ze zouden er meer voor betalen" not in text_of(moved)
    assert "Dit wordt het 2 plaatsen" in text_of(fewer)
