"""A till at work in the tests of the box office, and a booking that waits for money."""

from typing import Any
from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from reservations.booking.facts import Booking
from reservations.booking.turnstile import read_booking
from reservations.order.form import SeenTotal, encode_seen_total
from tests.builders import Resident, Session, World
from tests.credits.till.drawers import Drawer, a_drawer


async def at_the_till(world: World, session: Session, desk_hours: int = 48) -> Drawer:
    """Somebody of the session's organiser, signed in and at work at a till of theirs."""
    await world.seller(session.organiser_id, desk_hours=desk_hours)
    staff_id = await world.sign_in_staff("box_office", organiser_id=session.organiser_id)
    return await a_drawer(world, seller_id=session.organiser_id, staff_id=staff_id)


async def waiting(
    world: World, who: Resident, session: Session, places: int = 1, way: PayWith = PayWith.DESK
) -> Booking:
    """A booking that waits for the money that credit does not pay."""
    command = world.command(who, [(session, "base", places)], pay_with=way, payment_id=uuid4())
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return answer.booking


async def stored(world: World, booking: Booking) -> Booking:
    async with world.services.database.reading() as connection:
        found = await read_booking(connection, booking.region_id, booking.id)
    assert found is not None
    return found


def address(drawer: Drawer, *parts: object) -> str:
    home = f"/dender/organisaties/{drawer.worker.organiser_id}/kassa/{drawer.session_id}"
    return "/".join([home, *map(str, parts)])


def paying(due_cents: int, way: str = "cash", **more: Any) -> dict[str, Any]:
    """The form on which money is taken, as its page shows it."""
    return {"receipt_id": uuid4(), "payment_id": uuid4(), "due": due_cents, "way": way, **more}


def selling(places: int, due_cents: int, **more: Any) -> dict[str, Any]:
    """The form on which places are sold, with the sum that its page showed for them."""
    seen = encode_seen_total(SeenTotal(due_cents, due_cents, due_cents), {"base": places})
    return {"plaatsen-base": places, "gezien": seen, "stap": "boek"} | paying(due_cents, **more)


def swapping(
    places: int, price_cents: int, difference_cents: int, tickets: str = "1.1", **more: Any
) -> dict[str, Any]:
    """The form of a swap, with the sum that its page showed."""
    seen = encode_seen_total(SeenTotal(price_cents, price_cents, price_cents), {"base": places})
    form = {
        "plaatsen-base": places,
        "gezien": seen,
        "verschil": difference_cents,
        "stap": "boek",
        "tickets": tickets,
    }
    return form | paying(max(difference_cents, 0), **more)
