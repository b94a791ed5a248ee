"""Bookings that wait for a card, in a world that is paid by the peer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from credits.check import check_ledger
from credits.payments.payment import Payment
from credits.payments.stripe import StripeProvider
from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from reservations.booking.facts import Booking
from reservations.check import check_bookings
from reservations.payment.following import follow_payment
from reservations.payment.opening import booking_of, open_payment
from tests.builders import Resident, Session, World
from tests.stripe_document import checked_peer
from uit.database.outbox import GiveUp, TryLater
from uit.embedded.stripe_peer.peer import StripePeer


@asynccontextmanager
async def paid_by_peer(world: World) -> AsyncIterator[StripePeer]:
    """The peer, by which the world is paid; all that both say is held against the provider's document."""
    async with checked_peer(world.clock) as peer:
        world.pay_by(StripeProvider(peer.secret_key, [peer.webhook_secret], peer.url))
        yield peer
        assert world.services.provider
        await world.services.provider.close()


@dataclass
class Waiting:
    """A place of five euro, of which three are paid with credit and two wait for a card."""

    world: World
    peer: StripePeer
    session: Session
    anna: Resident
    booking_id: UUID
    payment_id: UUID

    @classmethod
    async def unopened(cls, world: World, peer: StripePeer, seats: int = 10, **more: Any) -> "Waiting":
        """As it is after the commit, before anybody asked for the page."""
        session, anna = await world.session(seats), await world.resident(300)
        await world.seller(session.organiser_id, account="")
        payment_id = uuid4()
        command = world.command(
            anna, [(session, "base", 1)], pay_with=PayWith.CREDIT_THEN_CARD, payment_id=payment_id, **more
        )
        answer = await world.services.turnstile.answer(command)
        assert isinstance(answer, Booked), answer
        return cls(world, peer, session, anna, command.booking_id, payment_id)

    @classmethod
    async def opened(cls, world: World, peer: StripePeer, seats: int = 10, **more: Any) -> "Waiting":
        made = await cls.unopened(world, peer, seats, **more)
        await made.open()
        assert (await made.payment()).checkout_id
        return made

    async def open(self) -> Booking:
        return await open_payment(self.world.services, await self.booking())

    async def booking(self) -> Booking:
        found = await booking_of(self.world.services, 1, self.booking_id)
        assert found
        return found

    async def payment(self) -> Payment:
        found = (await self.booking()).payment(self.payment_id)
        assert found
        return found

    async def checkout_id(self) -> str:
        return str((await self.payment()).checkout_id)

    async def pay(self, **more: Any) -> None:
        """At the provider, which says nothing of it yet."""
        self.peer.control.pay(await self.checkout_id(), **more)

    async def follow(self, **more: Any) -> TryLater | GiveUp | None:
        return await follow_payment(self.world.services, 1, self.booking_id, self.payment_id, **more)

    async def state(self) -> tuple[str, str]:
        """How the booking stands, and its payment."""
        return (await self.booking()).status, (await self.payment()).status

    async def left(self) -> tuple[int, int]:
        """The places that nobody has, and the credit that can be spent."""
        return await self.world.places_left(self.session), await self.world.available_cents(self.anna)


async def faults(world: World) -> list[str]:
    async with world.services.database.reading() as connection:
        return [*await check_bookings(connection), *map(str, await check_ledger(connection))]
