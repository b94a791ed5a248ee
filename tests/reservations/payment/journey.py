"""A booking that is paid by card, from the API over the peer and the worker to its mails and pages."""

from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from credits.payments.event import store_event
from reservations.booking.expiry import expire_due
from reservations.payment.following import close_due
from reservations.payment.opening import open_waiting
from reservations.payment.reported import handle_events
from tests.builders import Resident, Session, World
from tests.reservations.dates import plain
from tests.reservations.guest.guests import EMAIL, link_of
from tests.reservations.payment.card_sale import BALANCE
from uit.database.outbox import Deliverer
from uit.embedded.stripe_peer.peer import StripePeer
from uit.entrypoints.topics import topics

KINDS = ("sale", "card", "fee", "disputed")


@dataclass
class Journey:
    """A booking, who made it and for whom, and the member of staff who looks after the seller's money."""

    world: World
    peer: StripePeer
    session: Session
    anna: Resident
    client: dict[str, str]
    els: str
    booking_id: UUID = field(default_factory=uuid4)
    dispute_id: str = ""
    by_guest: bool = False

    @classmethod
    async def begun(cls, world: World, peer: StripePeer) -> "Journey":
        session, anna = await world.session(seats=2), await world.resident(600)
        await world.seller(session.organiser_id, account="")
        client = await world.api_client(session.organiser_id)
        els = await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
        return cls(world, peer, session, anna, client, f"{els.hex}@example.org")

    # What people do

    async def ask(self, method: str, path: str = "", json: object = None) -> dict[str, Any]:
        address = f"/api/v1/bookings/{self.booking_id}{path}"
        answer = await self.world.client.request(method, address, headers=self.client, json=json)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def book(self) -> None:
        line = {"session_id": str(self.session.id), "tariff": "base", "places": 2}
        holder = {"pass_token": self.anna.token, "pay_with": "credit_then_card"}
        guest = {"guest": {"name": "Lotte Maes", "email": EMAIL}, "pay_with": "card"}
        booking = await self.ask("PUT", json={"lines": [line], **(guest if self.by_guest else holder)})
        assert booking["payment"]["amount_cents"] == (1000 if self.by_guest else 400)

    async def pay(self, **more: Any) -> None:
        """At the provider, which reports it."""
        reading = "SELECT checkout_id FROM credits.payment WHERE booking_id = $1"
        checkout_id = await self.world.value(reading, self.booking_id)
        self.peer.control.pay(checkout_id, **more)
        await self.report("checkout.session.completed", checkout_id)

    async def report(self, kind: str, object_id: str) -> None:
        async with self.world.services.database.transaction() as tx:
            await store_event(tx, f"evt_{uuid4().hex}", kind, None, object_id, self.world.clock.now())

    async def works(self) -> None:
        """What the worker does by and by, until there is nothing left to do."""
        world, services = self.world, self.world.services
        outbox = Deliverer(services.database, world.clock, services.ids, topics(services))
        for duty in (open_waiting, handle_events, close_due, expire_due):
            await duty(services)
        while (await outbox.deliver_due()).more:
            pass

    # What came of it

    async def cents(self) -> tuple[int, ...]:
        """What the seller sold by card, what the provider has of it with its fee, and what a bank holds."""
        owner = self.session.organiser_id
        sale, card, fee, held = [int(await self.world.value(BALANCE, kind, owner)) for kind in KINDS]
        return -sale, card + fee, held

    async def mails(self) -> dict[str, list[str]]:
        """To whom each was sent, and what it says: its subject and its text."""
        by: dict[str, list[str]] = {}
        for mail in self.world.mails:
            by.setdefault(str(mail["To"]), []).append(f"{mail['Subject']} | {plain(mail)}")
        return by

    async def page(self) -> str:
        """The page of the booking, as who booked sees it."""
        own = link_of(self.world, self.booking_id, mailed=True)
        if not self.by_guest:
            await self.world.sign_in(self.anna)
            own = f"/dender/boekingen/{self.booking_id}"
        answer = await self.world.client.get(own)
        return " ".join(unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())

    async def desk(self) -> str:
        """What the seller sees of disputes and of what it still pays back."""
        await self.world.sign_in_staff("organiser", organiser_id=self.session.organiser_id)
        answer = await self.world.client.get(
            f"/dender/organisaties/{self.session.organiser_id}/betalen/terug"
        )
        return " ".join(unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())
