"""People who wait, for tests: they join, get an offer and answer it through the real verbs."""

from typing import Any
from uuid import UUID, uuid4

from reservations.booking.actor import ByHolder
from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import (
    AcceptOffer,
    DeclineOffer,
    GuestContact,
    JoinWaitingList,
    PayWith,
)
from reservations.waiting_line.entry import WantedPlaces
from tests.builders import Resident, Session, World
from uit.core.errors import Busy, DatabaseAway

LIES = GuestContact("Lies Goossens", "lies@example.org")
Answered = Answer | Busy | DatabaseAway


async def sold_out(world: World, seats: int = 4, **more: Any) -> tuple[Session, list[UUID]]:
    """A session of which somebody has every place, each by a booking of its own."""
    session = await world.session(seats=seats, price_cents=0, **more)
    bookings = []
    for _ in range(seats):
        answer = await world.book(await world.resident(), session)
        assert isinstance(answer, Booked)
        bookings.append(answer.booking.id)
    return session, bookings


def joining(
    who: Resident | GuestContact, *sessions: Session, places: int = 1, tariff: str = "base"
) -> JoinWaitingList:
    membership_id, guest = (who.membership_id, None) if isinstance(who, Resident) else (None, who)
    return JoinWaitingList(
        region_id=sessions[0].region_id,
        entry_id=uuid4(),
        event_id=sessions[0].event_id,
        session_ids=tuple(each.id for each in sessions),
        lines=(WantedPlaces(tariff, places),),
        membership_id=membership_id,
        guest=guest,
        channel="page",
    )


async def join(world: World, who: Resident | GuestContact, *sessions: Session, **more: Any) -> UUID:
    """The id of their place in the line."""
    command = joining(who, *sessions, **more)
    answer = await world.services.turnstile.answer(command)
    assert type(answer).__name__ == "InWaitingList", answer
    return command.entry_id


async def rule(world: World, session: Session, name: str) -> None:
    await world.execute(
        "UPDATE organisers.event SET waiting_rule = $3 WHERE region_id = $1 AND id = $2",
        session.region_id, session.event_id, name,
    )  # fmt: skip


async def state(world: World, entry_id: UUID) -> str:
    return str(await world.value("SELECT state FROM reservations.waiting_entry WHERE id = $1", entry_id))


async def offer_of(world: World, entry_id: UUID) -> UUID:
    found = await world.value("SELECT booking_id FROM reservations.waiting_entry WHERE id = $1", entry_id)
    assert isinstance(found, UUID)
    return found


async def accept(world: World, who: Resident, entry_id: UUID, cents: int = 0, **more: Any) -> Answered:
    """Take the offer; what credit does not pay was seen to be `cents`."""
    return await world.services.turnstile.answer(
        AcceptOffer(
            region_id=who.region_id,
            booking_id=await offer_of(world, entry_id),
            by=ByHolder(who.membership_id),
            pay_with=more.pop("pay_with", PayWith.CREDIT),
            payment_id=uuid4(),
            remaining_seen_cents=cents,
            wallets=(who.membership_id,),
            **more,
        )
    )


async def decline(world: World, who: Resident, entry_id: UUID) -> Answered:
    return await world.services.turnstile.answer(
        DeclineOffer(who.region_id, await offer_of(world, entry_id), ByHolder(who.membership_id))
    )
