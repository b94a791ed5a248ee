"""A ticket of one child goes to another: price, age, purse and name follow who comes; the old code stops."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.actor import ByRepresentative, MembershipProof
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, ChangeBooking, RequestedLine, bound_to
from reservations.booking.tickets import read_tickets
from reservations.checkin.checkin import CheckedIn, Scan, check_in
from reservations.checkin.errors import TicketNotValid
from reservations.errors import NotForYou
from tests.builders import TONIGHT, Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.checkin.test_checkin import BY, at
from tests.reservations.dates import faults, statuses
from uit.core.seal import TicketSeal


async def a_family(world: World) -> tuple[Resident, Resident, Resident]:
    """A parent who is signed in, Lotte of 8 with the social tariff, and Noor of 14 without."""
    parent = await world.resident()
    lotte = await a_child(world, parent, credit_cents=1000)
    noor = await a_child(world, parent, credit_cents=1000, born_on=date(2011, 6, 1), name="Noor")
    await world.execute(
        "UPDATE passes.membership SET social_until = '2027-01-01' WHERE id = $1", lotte.membership_id
    )
    await world.sign_in(parent)
    return parent, lotte, noor


def a_place(session: Session, tariff: str, who: Resident) -> RequestedLine:
    return RequestedLine(session.id, tariff, 1, MembershipProof(who.membership_id))


async def booked_for(world: World, parent: Resident, line: RequestedLine, *children: Resident) -> UUID:
    by = ByRepresentative(parent.person_id, tuple(each.membership_id for each in children))
    answer = await world.services.turnstile.answer(Book(1, uuid4(), bound_to("test"), by, (line,), "page"))
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def scan(world: World, session: Session, booking_id: UUID, line_no: int) -> Any:
    shown = Scan(TicketSeal(1, booking_id, line_no, 1), at(session), BY, uuid4())
    async with world.services.database.transaction() as tx:
        return await check_in(tx, shown, world.clock, world.services.ids)


async def names_of(world: World, booking_id: UUID) -> list[str | None]:
    async with world.services.database.reading() as tx:
        return [each.first_name for each in await read_tickets(tx, 1, booking_id, 10, 0, None)]


async def test_the_place_of_a_child_who_is_ill_goes_to_another_at_their_own_price(world: World) -> None:
    parent, lotte, noor = await a_family(world)
    session = await world.session(10, 500, **TONIGHT)
    await world.execute("UPDATE organisers.event SET asks_first_name = true")
    booking_id = await booked_for(world, parent, a_place(session, "kansentarief", lotte), lotte, noor)
    own = f"/dender/boekingen/{booking_id}/wijzigen"
    asked = {
        f"aantal-kansentarief.{lotte.membership_id.hex}": "0", f"aantal-base.{noor.membership_id.hex}": "1"
    }  # fmt: skip

    before = await names_of(world, booking_id)
    shown = (await world.client.get(own, params={"stap": "bekijk", **asked})).text
    await world.post_form(own, **said_yes(shown))

    assert "Nieuw: 1 plaats" in words(shown)
    assert (before, await names_of(world, booking_id)) == (["Lotte"], ["Noor"])
    assert [await world.available_cents(each) for each in (lotte, noor)] == [1000, 500]
    assert isinstance(await scan(world, session, booking_id, 1), TicketNotValid)
    assert isinstance(await scan(world, session, booking_id, 2), CheckedIn)
    assert await faults(world) == []


async def test_a_price_for_an_age_is_not_for_another_child_and_the_old_place_stands(world: World) -> None:
    parent, lotte, noor = await a_family(world)
    session = await world.session(10, 500, starts_in=timedelta(days=5))
    await world.tariff(session, "kind", 200, age_to=11)
    booking_id = await booked_for(world, parent, a_place(session, "kind", lotte), lotte, noor)
    by = ByRepresentative(parent.person_id, (lotte.membership_id, noor.membership_id))
    command = ChangeBooking(1, booking_id, uuid4(), "ab", by, (a_place(session, "kind", noor),))

    page = (await world.client.get(f"/dender/boekingen/{booking_id}/wijzigen")).text
    answer = await world.services.turnstile.answer(command)

    assert f"aantal-kind.{lotte.membership_id.hex}" in page
    assert f"aantal-kind.{noor.membership_id.hex}" not in page
    assert isinstance(answer, NotForYou)
    assert await statuses(world, booking_id) == ["confirmed"]
    assert [await world.available_cents(each) for each in (lotte, noor)] == [800, 1000]


async def test_a_place_goes_to_nobody_for_whom_one_may_not_book(world: World) -> None:
    parent, lotte, noor = await a_family(world)
    stranger = await world.resident(credit_cents=1000)
    session = await world.session(10, 500)
    booking_id = await booked_for(world, parent, a_place(session, "base", lotte), lotte, noor)
    own = f"/dender/boekingen/{booking_id}/wijzigen"
    asked = {
        f"aantal-base.{lotte.membership_id.hex}": "0", f"aantal-base.{stranger.membership_id.hex}": "1"
    }  # fmt: skip

    shown = await world.client.get(own, params={"stap": "bekijk", **asked})

    assert shown.status_code == 422
    assert await statuses(world, booking_id) == ["confirmed"]
    assert await world.available_cents(stranger) == 1000
