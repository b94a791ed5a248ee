"""Places that were paid by card, and what happens to them behind our back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from credits.check import check_ledger, list_debts
from credits.payments.event import store_event
from credits.payments.reconciliation import Reconciler, last_day
from credits.payments.refund import send_refund
from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from reservations.check import check_bookings
from reservations.payment.following import follow_payment
from reservations.payment.opening import booking_of, open_payment
from reservations.payment.reported import handle_events
from tests.builders import Session, World
from uit.database.outbox import TryLater
from uit.embedded.stripe_peer.peer import StripePeer

OUR_OWN = ""
CARD = "base"
BALANCE = """
SELECT coalesce((SELECT sum(e.amount_cents) FROM credits.entry AS e WHERE e.account_id = a.id), 0)
    + coalesce((SELECT b.balance_cents FROM credits.balance AS b WHERE b.account_id = a.id), 0)
FROM credits.account AS a WHERE a.kind = $1::credits.account_kind AND a.owner_id = $2
"""


@dataclass
class CardSale:
    world: World
    peer: StripePeer
    session: Session
    booking_id: UUID
    payment_id: UUID
    account: str = OUR_OWN

    @classmethod
    async def made(
        cls,
        world: World,
        peer: StripePeer,
        *,
        account: str = OUR_OWN,
        session: Session | None = None,
        places: int = 2,
    ) -> "CardSale":
        if session is None:
            session = await world.session(20)
            await world.seller(session.organiser_id, account=account)
        who = await world.resident()
        command = world.command(who, [(session, CARD, places)], pay_with=PayWith.CARD)
        answer = await world.services.turnstile.answer(command)
        assert isinstance(answer, Booked)
        booking = await open_payment(world.services, answer.booking)
        (payment,) = booking.payments
        assert payment.checkout_id
        peer.control.pay(payment.checkout_id, "card")
        sale = cls(world, peer, session, booking.id, payment.id, account)
        assert await follow_payment(world.services, 1, booking.id, payment.id) is None
        return sale

    async def payment(self) -> Any:
        booking = await booking_of(self.world.services, 1, self.booking_id)
        assert booking
        return booking.payments[0]

    async def intent_id(self) -> str:
        return str(
            await self.world.value("SELECT reference FROM credits.payment WHERE id = $1", self.payment_id)
        )

    async def report(self, kind: str, object_id: str, event_id: str | None = None) -> str:
        """The provider says that something happened, and the worker looks what; returns the outcome."""
        event_id = event_id or f"evt_{uuid4().hex}"
        account, now = self.account or None, self.world.clock.now()
        async with self.world.services.database.transaction() as tx:
            await store_event(tx, event_id, kind, account, object_id, now)
        await handle_events(self.world.services)
        return str(
            await self.world.value("SELECT outcome FROM credits.provider_event WHERE id = $1", event_id)
        )

    async def dispute(self) -> str:
        """The payer contests it."""
        dispute_id = str(self.peer.control.raise_dispute(await self.intent_id())["id"])
        await self.report("charge.dispute.created", dispute_id)
        return dispute_id

    async def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        self.peer.control.close_dispute(dispute_id, won=won)
        await self.report("charge.dispute.closed", dispute_id)

    async def refund(self) -> UUID:
        """All of it is given back; returns the id of the refund, which is decided and not sent."""
        await self.world.cancel(self.booking_id)
        return UUID(str(await self.world.value("SELECT id FROM credits.refund")))

    async def send(self, refund_id: UUID) -> TryLater | None:
        services = self.world.services
        return await send_refund(services.database, services.provider, services.clock, 1, refund_id)

    async def state_of_refund(self) -> tuple[str, str, str | None]:
        (row,) = await self.world.rows("SELECT way::text, status::text, failure FROM credits.refund")
        return row["way"], row["status"], row["failure"]

    async def cents(self, *kinds: str) -> list[int]:
        """What stands on these accounts of the seller."""
        owner = self.session.organiser_id
        return [int(await self.world.value(BALANCE, kind, owner)) for kind in kinds]

    async def night(self) -> int:
        """The next night's comparison of what happened until now; how many differences are open."""
        self.world.clock.move(timedelta(days=1))
        return await self.books.reconcile(self.account, last_day(self.world.clock.now()))

    @property
    def books(self) -> Reconciler:
        services = self.world.services
        assert services.provider
        return Reconciler(services.database, services.provider, services.clock)

    async def worker_night(self) -> int:
        """As the worker does it, account by account; how many it compared."""
        self.world.clock.move(timedelta(days=1))
        done = 0
        while await self.books.reconcile_next():
            done += 1
        return done

    async def faults(self) -> list[str]:
        async with self.world.services.database.reading() as connection:
            return [*map(str, await check_ledger(connection)), *await check_bookings(connection)]

    async def broken_invariants(self) -> set[str]:
        async with self.world.services.database.reading() as connection:
            return {each.invariant for each in await check_ledger(connection)}

    async def debts(self) -> list[str]:
        async with self.world.services.database.reading() as connection:
            return await list_debts(connection)
