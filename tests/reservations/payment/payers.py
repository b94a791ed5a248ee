"""What people do who have to pay, each by dice of their own, against processes that may not answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, cast
from uuid import UUID, uuid4

import httpx
import msgspec
from msgspec.structs import replace

from credits.till.sale import Paid as PaidBy
from credits.till.sale import SaleOrigin, compose_sale
from reservations.booking.commands import PayAtDesk
from reservations.box_office.held import held_booking
from tests.builders import Resident, Session
from tests.credits.till.drawers import Drawer
from tests.reservations.booking.fleet import Fleet
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.database.pool import AWAY
from uit.embedded.stripe_peer.control import Control
from uit.embedded.stripe_peer.payment import METHODS

Document = dict[str, Any]
TRIES: Final = 40
PAUSE: Final = 0.15
SERVER_FAULT: Final = 500


@dataclass
class Payers:
    """People at dates of two sellers, with a till each. `happened` counts what they did and met."""

    fleet: Fleet
    control: Control
    dates: Sequence[Session]
    people: Sequence[Resident]
    drawers: dict[UUID, Drawer]
    happened: Counter[str] = field(default_factory=Counter)
    made: list[UUID] = field(default_factory=list)

    async def act(self, seed: str) -> None:
        """One person's way through, from a seed."""
        await Payer(self, Random(seed)).act()  # noqa: S311  dice, and no secret


@dataclass
class Payer:
    all: Payers
    dice: Random
    booking_id: UUID = field(default_factory=uuid4)
    booking: Document = field(default_factory=dict)

    async def act(self) -> None:
        self.booking_id = UUID(int=self.dice.getrandbits(128), version=4)
        if not await self.book():
            return
        self.all.made.append(self.booking_id)
        payment = self.booking["payment"]
        if payment and payment["means"] == "card":
            await self.pay_by_card()
        elif payment:
            await self.pay_at_desk()
        for _ in range(self.dice.choice([0, 0, 1, 2])):
            await self.dice.choice([self.give_up_part, self.give_up_part, self.give_up, self.contest])()

    def noted(self, what: str) -> None:
        self.all.happened[what] += 1

    # What goes over the wire

    async def send(self, method: str, address: str, document: object = None) -> httpx.Response | None:
        """The answer of one of the processes, asked again until one answers; None when none ever does."""
        body = b"" if document is None else msgspec.json.encode(document)
        fleet = self.all.fleet
        for _ in range(TRIES):
            app = self.dice.choice(fleet.apps)
            try:
                answer = await app.wire.send(fleet.written_to(method, address, body))
            except (OSError, EOFError):
                self.noted("no answer")
            else:
                if answer.status_code < SERVER_FAULT:
                    return answer
                self.noted(f"answered {answer.status_code}")
            await asyncio.sleep(PAUSE)
        return None

    async def ask(self, method: str, *path: str, document: object = None) -> bool:
        """Do something to the booking, and see how it stands then; whether it was done."""
        address = "/".join(["/api/v1/bookings", str(self.booking_id), *path])
        answer = await self.send(method, address, document)
        if answer is None or answer.is_error:
            self.noted(f"{method} refused: {answer.json()['code'] if answer else 'no answer'}")
            return False
        self.booking = cast("Document", answer.json())
        return True

    async def look(self) -> None:
        await self.ask("GET")

    async def book(self) -> bool:
        date, who = self.dice.choice(self.all.dates), self.dice.choice([*self.all.people, None])
        ways = ["card", "credit_then_card", "credit_then_card", "desk", "credit"]
        way = self.dice.choice(ways if who else ["card", "desk"])
        line = {"session_id": date.id, "tariff": "base", "places": self.dice.randint(1, 3)}
        guest = {"name": "Noor", "email": f"noor{self.dice.getrandbits(32)}@example.org"}
        whose = {"pass_token": who.token} if who else {"guest": guest}
        done = await self.ask("PUT", document={"lines": [line], "pay_with": way, **whose})
        self.noted(f"booked with {way}" if done else "not booked")
        return done

    async def give_up(self) -> None:
        if await self.ask("DELETE"):
            self.noted("given up")

    async def give_up_part(self) -> None:
        wanted = {"cancellation_id": uuid4(), "lines": [{"no": 1, "tickets": [1]}]}
        if await self.ask("POST", "cancellations", document=wanted):
            self.noted("given up in part")

    # By card

    async def pay_by_card(self) -> None:
        checkout_id = await self.page()
        if checkout_id is None:
            self.noted("no page")
            return
        acts: list[Callable[[str], Awaitable[None]]] = [
            self.pay, self.pay, self.pay, self.refuse, self.refuse_and_pay, self.pay_later, self.come_late,
            self.come_late, self.pay_and_give_up, self.lengthen, self.pay_at_desk, self.abandon,
        ]  # fmt: skip
        await self.dice.choice(acts)(checkout_id)
        for _ in range(self.dice.choice([0, 0, 1, 2])):
            await self.come_back()

    async def page(self) -> str | None:
        """The id of the payment page, once it is open."""
        for _ in range(TRIES):
            payment = self.booking["payment"]
            if "url" in payment:
                return str(payment["url"]).rpartition("/")[2]
            if payment["status"] != "pending":
                return None
            await asyncio.sleep(PAUSE)
            await self.look()
        return None

    def at_peer(self, what: str, do: Callable[[], object]) -> bool:
        """Do something at the provider; False where the page is over there."""
        try:
            do()
        except ValueError:
            return False
        self.noted(what)
        return True

    async def pay(self, checkout_id: str) -> None:
        method = self.dice.choice(METHODS)
        self.at_peer("paid", lambda: self.all.control.pay(checkout_id, method))

    async def refuse(self, checkout_id: str) -> None:
        self.at_peer("refused by the bank", lambda: self.all.control.refuse(checkout_id))

    async def refuse_and_pay(self, checkout_id: str) -> None:
        await self.refuse(checkout_id)
        await self.pay(checkout_id)

    async def pay_later(self, checkout_id: str) -> None:
        """The bank takes its time, and may say no."""
        control, succeeds = self.all.control, self.dice.random() < 2 / 3
        if self.at_peer("under way", lambda: control.pay_later(checkout_id)):
            await asyncio.sleep(self.dice.random() * 3)
            control.finish_later(checkout_id, succeeds=succeeds)
            self.noted("arrived" if succeeds else "did not arrive")

    async def come_late(self, checkout_id: str) -> None:
        """Money that nobody expects any more, as the page was closed."""
        for _ in range(TRIES * 2):
            if self.booking["status"] != "held":
                break
            await asyncio.sleep(PAUSE)
            await self.look()
        self.at_peer("paid late", lambda: self.all.control.pay(checkout_id, even_expired=True))

    async def pay_and_give_up(self, checkout_id: str) -> None:
        """Two windows: in one they pay, in the other they give up."""
        giving_up = asyncio.create_task(self.give_up())
        await asyncio.sleep(self.dice.random() / 10)
        await self.pay(checkout_id)
        await giving_up

    async def lengthen(self, checkout_id: str) -> None:
        if await self.ask("POST", "extension"):
            self.noted("lengthened")
        await asyncio.sleep(self.dice.random())
        await self.pay(checkout_id)

    async def abandon(self, _checkout_id: str) -> None:
        self.noted("abandoned")

    async def contest(self) -> None:
        """Their bank takes the money back until it decides; not of what goes back already."""
        await self.look()
        payment = self.booking["payment"]
        if not payment or payment["means"] != "card" or payment["status"] != "paid" or self.has_returns():
            return
        intent_id = await until_it_answers(lambda: self.reference(payment["id"]))
        dispute = self.all.control.raise_dispute(str(intent_id))
        await asyncio.sleep(self.dice.random() * 3)
        won = self.dice.random() < 1 / 2
        self.all.control.close_dispute(dispute["id"], won=won)
        self.noted("contested in vain" if won else "contested and got it")

    def has_returns(self) -> bool:
        return any(line["returns"] for line in self.booking["lines"])

    async def reference(self, payment_id: str) -> object:
        """What a payment is called at the provider."""
        reading = "SELECT reference FROM credits.payment WHERE id = $1"
        return await self.all.fleet.world.value(reading, UUID(payment_id))

    async def come_back(self) -> None:
        """The way back from the page, which reads how it ended."""
        await self.send("GET", f"/dender/betalingen/{self.booking['payment']['id']}/terug")

    # At a till

    async def pay_at_desk(self, _checkout_id: str = "") -> None:
        if self.dice.random() < 1 / 4:
            self.noted("did not come to the desk")
            return
        sale_id, payment_id = uuid4(), uuid4()
        for _ in range(self.dice.choice([1, 1, 2])):
            answer = await until_it_answers(lambda: self.take(sale_id, payment_id))
            self.noted(f"at the desk: {type(answer).__name__}")

    async def take(self, sale_id: UUID, payment_id: UUID) -> object:
        """As the desk does it: what is due, with one sale."""
        world = self.all.fleet.world
        drawer = self.all.drawers[self.seller_id()]
        worker, today = drawer.worker, day_in_flanders(world.clock.now())
        origin = SaleOrigin(
            worker.organiser_id, drawer.session_id, worker.staff_id, today, self.booking_id, payment_id
        )
        async with world.services.database.reading() as connection:
            held = await held_booking(connection, 1, worker.organiser_id, origin, world.clock.now())
        if held is None or held.refusal:
            return held and held.refusal
        origin = origin if held.by_card else replace(origin, payment_id=held.payment_id)
        sale = compose_sale(sale_id, origin, held.lines, PaidBy(held.credit_cents), world.services.ids)
        return await world.services.turnstile.answer(PayAtDesk(1, self.booking_id, sale))

    def seller_id(self) -> UUID:
        session_id = UUID(self.booking["lines"][0]["session_id"])
        return next(each.organiser_id for each in self.all.dates if each.id == session_id)


async def until_it_answers(do: Callable[[], Awaitable[object]]) -> object:
    """What is asked of the database is asked again while it is away."""
    answer: object = None
    for _ in range(TRIES):
        try:
            answer = await do()
        except AWAY:
            answer = None
        else:
            if not (isinstance(answer, Refusal) and answer.status >= SERVER_FAULT):
                break
        await asyncio.sleep(PAUSE)
    return answer
