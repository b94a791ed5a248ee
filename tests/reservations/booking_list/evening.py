"""An evening with people of several names, and what its organiser reads of it."""

from uuid import UUID

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.reservations.guest.guests import guest_books
from tests.reservations.sessions.test_desk import organised, page_of


async def an_evening(world: World, asks: str = "full", seats: int = 20) -> Session:
    """A session within the hour that asks this name, with its organiser signed in."""
    session = await organised(world, seats)
    saved = await world.post_form(f"{page_of(session)}/activiteit", name=asks)
    assert saved.status_code == 303
    return session


async def somebody(world: World, given: str, family: str, credit_cents: int = 5000) -> Resident:
    made = await world.resident(credit_cents)
    await world.execute(
        "UPDATE identity.person SET given_name = $2, family_name = $3 WHERE id = $1",
        made.person_id,
        given,
        family,
    )
    return made


async def booked_by(world: World, session: Session, given: str, family: str, places: int = 1) -> UUID:
    answer = await world.book(await somebody(world, given, family), session, places)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def booked_as_guest(world: World, session: Session, name: str) -> UUID:
    """Somebody without a pass books, for nothing."""
    await world.execute("UPDATE reservations.tariff SET price_cents = 0 WHERE session_id = $1", session.id)
    booking_id = await guest_books(world, session)
    await world.execute("UPDATE reservations.contact SET name = $2 WHERE booking_id = $1", booking_id, name)
    return booking_id
