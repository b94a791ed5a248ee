"""Who may change what follows who may book it: a client its dates, a helper within what they may spend."""

from uuid import UUID, uuid4

from credits.errors import NotEnough
from reservations.booking.actor import ByRepresentative, MembershipProof
from reservations.booking.answers import Booked, Changed
from reservations.booking.commands import Book, ChangeBooking, RequestedLine, bound_to
from reservations.errors import BookingUnknown, MayNotAct
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import entrust
from tests.reservations.changes.town import booked, change, line, refused
from tests.reservations.dates import faults, statuses


async def test_a_client_takes_no_place_of_an_organiser_that_it_does_not_sell_for(world: World) -> None:
    own, elsewhere = await world.session(10, 500), await world.session(10, 500)
    headers, anna = await world.api_client(own.organiser_id), await world.resident(5000)
    booking = await booked(world, headers, line(own, 1, anna))

    answer = await change(world, headers, booking, line(own, 1, anna), line(elsewhere, 1, anna))

    assert refused(answer) == (403, "reservations.not_your_session")
    assert await statuses(world, UUID(booking["booking_id"])) == ["confirmed"]
    assert await world.available_cents(anna) == 4500


async def test_who_keeps_a_place_needs_no_pass_and_a_stopped_pass_gets_nothing_new(world: World) -> None:
    session = await world.session(10, 500)
    headers = await world.api_client(session.organiser_id)
    anna, bilal = await world.resident(5000), await world.resident(5000)
    booking = await booked(world, headers, line(session, 1, anna))
    await world.execute("UPDATE passes.card SET state = 'blocked' WHERE id = $1", anna.card_id)

    more = await change(world, headers, booking, line(session, 2, anna))
    other = await change(world, headers, booking, line(session, 1, anna), line(session, 1, bilal))

    assert refused(more) == (409, "passes.pass_not_active")
    assert other.status_code == 200, other.text
    assert [await world.available_cents(each) for each in (anna, bilal)] == [4500, 4500]
    assert await faults(world) == []


async def helped(world: World) -> tuple[Resident, Session, ByRepresentative, UUID, UUID]:
    """A trusted person who may spend 6 euro for somebody booked a place of 5; and what gave them that."""
    anna, bilal, session = await world.resident(5000), await world.resident(), await world.session(10, 500)
    given_id = await entrust(world, anna, bilal, powers=("see", "book", "pay"), limit_cents=600)
    by = ByRepresentative(bilal.person_id, (anna.membership_id,))
    lines = (RequestedLine(session.id, "base", 1, MembershipProof(anna.membership_id)),)
    answer = await world.services.turnstile.answer(Book(1, uuid4(), bound_to("test"), by, lines, "page"))
    assert isinstance(answer, Booked)
    return anna, session, by, answer.booking.id, given_id


def wanted(by: ByRepresentative, booking_id: UUID, session: Session, places: int) -> ChangeBooking:
    line = RequestedLine(session.id, "base", places, MembershipProof(by.membership_ids[0]))
    return ChangeBooking(1, booking_id, uuid4(), "ab", by, (line,))


async def test_what_a_helper_may_spend_bounds_all_of_a_booking_also_by_a_change(world: World) -> None:
    anna, session, by, booking_id, _ = await helped(world)
    cheap = await world.session(10, 600, organiser_id=session.organiser_id)

    more = await world.services.turnstile.answer(wanted(by, booking_id, session, 2))
    another = await world.services.turnstile.answer(wanted(by, booking_id, cheap, 1))

    assert isinstance(more, NotEnough)
    assert isinstance(another, Changed)
    assert await world.available_cents(anna) == 5000 - 600
    assert await faults(world) == []


async def test_a_helper_who_was_stopped_changes_nothing_more_and_another_never_could(world: World) -> None:
    _, session, by, booking_id, given_id = await helped(world)
    stranger = ByRepresentative((await world.resident()).person_id, by.membership_ids)
    await world.execute(
        "UPDATE identity.representation SET revoked_at = $2 WHERE id = $1", given_id, world.clock.now()
    )

    answers = [
        await world.services.turnstile.answer(wanted(each, booking_id, session, 1)) for each in (by, stranger)
    ]

    assert answers == [MayNotAct(), BookingUnknown(booking_id)]
    assert await statuses(world, booking_id) == ["confirmed"]
