"""How a booking that is paid by card can end: each end stands in ledger, booking, mail and page.

Somebody books two places of five euro, with six euro of credit and four by card.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.payments.event import store_event
from reservations.booking.answers import Booked
from reservations.booking.expiry import expire_due
from reservations.payment.following import close_due
from reservations.payment.opening import open_waiting
from reservations.payment.reported import handle_events
from tests.builders import Resident, Session, World
from tests.reservations.dates import call_off, faults, plain
from tests.reservations.payment.card_sale import BALANCE
from tests.reservations.payment.waiting import paid_by_peer
from uit.database.outbox import Deliverer
from uit.embedded.stripe_peer.peer import StripePeer
from uit.entrypoints.worker import topics

Return = tuple[str, int, str]
"""By which way, how much, and how far it came."""
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
        wanted = {"lines": [line], "pass_token": self.anna.token, "pay_with": "credit_then_card"}
        assert (await self.ask("PUT", json=wanted))["payment"]["amount_cents"] == 400

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
        await self.world.sign_in(self.anna)
        answer = await self.world.client.get(f"/dender/boekingen/{self.booking_id}")
        return " ".join(unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())

    async def desk(self) -> str:
        """What the seller sees of disputes and of what it still pays back."""
        await self.world.sign_in_staff("organiser", organiser_id=self.session.organiser_id)
        answer = await self.world.client.get(
            f"/dender/organisaties/{self.session.organiser_id}/betalen/terug"
        )
        return " ".join(unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())


@dataclass(frozen=True)
class End:
    """What is expected of an end.

    `cents`: what was sold by card, what the provider has of it, what a bank holds; `credit_cents` what can be
    spent again; `mails` how the ones of who booked begin, `told` those of the seller.
    """

    name: str
    reach: Callable[[Journey], Awaitable[None]]
    cents: tuple[int, int, int]
    credit_cents: int
    status: str
    payment: str
    returns: tuple[Return, ...] = ()
    mails: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    page: str = ""
    desk: str = "Je moet niemand terugbetalen"


async def held(on: Journey) -> None:
    await on.book()
    await on.works()


async def given_up(on: Journey) -> None:
    await held(on)
    await on.ask("DELETE")
    await on.works()
    await lapses(on)


async def lapses(on: Journey) -> None:
    """The page is closed a minute before, and then the places are let go, where they are still held."""
    for minutes in (14, 2):
        on.world.clock.move(timedelta(minutes=minutes))
        await on.works()


async def abandoned(on: Journey) -> None:
    await held(on)
    await lapses(on)


async def failed(on: Journey) -> None:
    on.peer.control.misbehave("refuse", code="account_invalid")
    await held(on)


async def paid(on: Journey) -> None:
    await held(on)
    on.world.clock.move(timedelta(minutes=1))
    await on.pay()
    await on.works()
    on.world.clock.move(timedelta(minutes=1))


async def paid_late(on: Journey) -> None:
    await abandoned(on)
    await on.pay(even_expired=True)
    await on.works()


async def paid_too_late(on: Journey) -> None:
    await abandoned(on)
    other = await on.world.book(await on.world.resident(credit_cents=1000), on.session, 1)
    assert isinstance(other, Booked)
    await on.pay(even_expired=True)
    await on.works()


async def refunded_in_part(on: Journey) -> None:
    await paid(on)
    wanted = {"cancellation_id": str(uuid4()), "lines": [{"no": 1, "tickets": [2]}]}
    await on.ask("POST", "/cancellations", json=wanted)
    await on.works()


async def refunded_whole(on: Journey) -> None:
    await paid(on)
    await on.ask("DELETE")
    await on.works()


async def called_off(on: Journey) -> None:
    await paid(on)
    await call_off(on.world, on.session, reason="De zaal is stuk.")
    await on.works()


async def disputed(on: Journey) -> None:
    await paid(on)
    reading = "SELECT reference FROM credits.payment WHERE booking_id = $1"
    intent_id = await on.world.value(reading, on.booking_id)
    on.dispute_id = on.peer.control.raise_dispute(intent_id)["id"]
    await on.report("charge.dispute.created", on.dispute_id)
    await on.works()


async def dispute_won(on: Journey) -> None:
    await disputed(on)
    on.peer.control.close_dispute(on.dispute_id, won=True)
    await on.report("charge.dispute.closed", on.dispute_id)
    await on.works()


async def dispute_lost(on: Journey) -> None:
    await disputed(on)
    on.peer.control.close_dispute(on.dispute_id, won=False)
    await on.report("charge.dispute.closed", on.dispute_id)
    await on.works()


CREDIT_BACK, MONEY_BACK = ("credit", 600, "done"), ("card", 400, "done")
NOTHING, ALL = (0, 0, 0), (400, 400, 0)
UNPAID = "Je plaatsen zijn weer vrij"
ENDS = [
    End(
        "given up while held", given_up, NOTHING, 600, "cancelled", "expired", (CREDIT_BACK,),
        ("Geannuleerd",), page="Je boeking is geannuleerd",
    ),
    End(
        "abandoned", abandoned, NOTHING, 600, "lapsed", "expired", (CREDIT_BACK,),
        (UNPAID,), page="Je betaalde niet op tijd. Daarom zijn je plaatsen weer vrij.",
    ),
    End(
        "failed", failed, NOTHING, 600, "lapsed", "failed", (CREDIT_BACK,),
        (UNPAID,), page="De betaalpagina ging niet open. Dat lag niet aan jou.",
    ),
    End("paid", paid, ALL, 0, "confirmed", "paid", (), ("Je ticket",), page="Ticket 1 van 2"),
    End(
        "paid late and booked anew", paid_late, ALL, 0, "confirmed", "paid", (),
        (UNPAID, "Je ticket"), page="Ticket 1 van 2",
    ),
    End(
        "paid late and sent back", paid_too_late, NOTHING, 600, "lapsed", "refunded",
        (CREDIT_BACK, MONEY_BACK), (UNPAID, "Je geld komt terug"),
        page="Je betaling kwam te laat: je plaatsen waren al weg.",
    ),
    End(
        "refunded in part", refunded_in_part, (200, 200, 0), 300, "confirmed", "paid",
        (("credit", 300, "done"), ("card", 200, "done")), ("Je ticket", "Deels geannuleerd"),
        page="Je kreeg € 2,00 terug op de rekening of kaart waarmee je betaalde.",
    ),
    End(
        "refunded whole", refunded_whole, NOTHING, 600, "cancelled", "refunded", (CREDIT_BACK, MONEY_BACK),
        ("Je ticket", "Geannuleerd"),
        page="Je kreeg € 4,00 terug op de rekening of kaart waarmee je betaalde.",
    ),
    End(
        "called off", called_off, NOTHING, 600, "cancelled", "refunded", (CREDIT_BACK, MONEY_BACK),
        ("Je ticket", "Gaat niet door"), page="Dit gaat niet door",
    ),
    End(
        "dispute opened", disputed, (400, 0, 400), 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00",), page="Ticket 1 van 2", desk="Betwist: de bank houdt € 4,00 vast",
    ),
    End(
        "dispute won", dispute_won, ALL, 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00", "Betwisting gewonnen: € 4,00"), page="Ticket 1 van 2",
        desk="Je kreeg gelijk: het geld is terug bij jou.",
    ),
    End(
        "dispute lost", dispute_lost, NOTHING, 0, "confirmed", "paid", (), ("Je ticket",),
        ("Betwist: € 4,00", "Betwisting verloren: € 4,00"), page="Ticket 1 van 2",
        desk="De klant kreeg gelijk: de bank gaf het geld terug.",
    ),
]  # fmt: skip


@pytest.fixture
async def journey(world: World) -> AsyncIterator[Journey]:
    async with paid_by_peer(world) as peer:
        yield await Journey.begun(world, peer)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_each_end_stands_in_ledger_booking_mail_and_page(journey: Journey, end: End) -> None:
    await end.reach(journey)

    # The ledger
    assert await journey.cents() == end.cents
    assert await journey.world.available_cents(journey.anna) == end.credit_cents
    assert await faults(journey.world) == []
    # The booking
    booking = await journey.ask("GET")
    assert (booking["status"], booking["payment"]["status"]) == (end.status, end.payment)
    assert booking["remaining_cents"] == 0
    [line] = booking["lines"]
    returns = tuple((each["way"], each["cents"], each["status"]) for each in line["returns"])
    assert returns == end.returns
    assert booking["returned_cents"] == line["returned_cents"] == sum(cents for _, cents, _ in returns)
    # The mails
    mails = await journey.mails()
    assert begins(mails.pop(journey.anna.email, []), end.mails)
    assert begins(mails.pop(journey.els, []), end.told)
    # The pages
    page, desk = await journey.page(), await journey.desk()
    assert end.page in page
    assert "etwist" not in page
    assert end.desk in desk


def begins(said: list[str], expected: tuple[str, ...]) -> bool:
    """Whether these mails begin so, each with what it is about, and there are no others."""
    assert len(said) == len(expected), said
    return all(each.startswith(start) for each, start in zip(said, expected, strict=True))


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.name)
async def test_an_end_that_comes_again_changes_nothing(journey: Journey, end: End) -> None:
    """The worker goes on, everything is reported once more, and the page is opened again."""
    await end.reach(journey)
    before = await journey.ask("GET"), await journey.cents(), len(journey.world.mails)

    reported = await journey.world.rows("SELECT type, object_id FROM credits.provider_event")
    for row in reported:
        await journey.report(row["type"], row["object_id"])
    await journey.works()

    assert (await journey.ask("GET"), await journey.cents(), len(journey.world.mails)) == before
    assert await faults(journey.world) == []
