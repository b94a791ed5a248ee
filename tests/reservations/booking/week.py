"""A week in a small town, by the roll of dice: bookings, payments and dates that change."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Self
from uuid import UUID

import msgspec
from msgspec.structs import replace

from credits.invoice.reading_back import settle, write_credit_note
from credits.payments.payment import PaymentStatus
from credits.payments.refund import finish_refund
from credits.till.giving_back import TillRefund, write_till_refunds
from credits.till.sale import Paid as PaidBy
from credits.till.sale import Sale, SaleLine, SaleOrigin, compose_sale
from reservations.booking.actor import Actor, ByClient, ByHolder, ByStaff, CardProof
from reservations.booking.answers import Answer
from reservations.booking.commands import (
    Book,
    CallOff,
    CancellationKey,
    ChosenTickets,
    Command,
    Expire,
    GiveUp,
    GuestContact,
    Lengthen,
    Pay,
    PayAtDesk,
    PayWith,
    RequestedLine,
    Resize,
    StopPayment,
)
from reservations.booking.facts import STANDING, Booking, Facts
from reservations.booking.keys import Keys
from reservations.booking.turnstile import batch_key, lock_and_read, settle_batch
from reservations.settlement.earning import settle_earned
from tests.builders import CLIENT, Resident, World
from tests.builders import Session as Place
from tests.conftest import A_MONDAY
from tests.credits.till.drawers import Drawer, a_drawer
from tests.reservations.booking.judging import judge
from tests.reservations.booking.model import Model
from tests.reservations.booking.model_paying import asked, is_open, nameless, own, would_confirm
from tests.reservations.booking.model_state import credit_by_purse
from tests.reservations.booking.sellers import make_customer, make_mandate, make_seller
from tests.reservations.booking.strategies_basics import CANCELLATIONS, CUSTOMERS, LATER, STAFF, STORED_DIGEST
from tests.reservations.dates import faults
from uit.core.clock import day_in_flanders
from uit.database.pool import ChainedTransactions
from uit.database.statements import Executor, as_json

BETWEEN_DATES = timedelta(hours=10)
PRICES = [80, 130, 0, 66]
FLOAT_CENTS = 10_000


@dataclass
class Week:
    """Dates of a week, people with two purses each, and everything that can happen to their bookings."""

    world: World
    dice: Random
    dates: list[Place]
    people: list[Resident]
    made: list[UUID] = field(default_factory=list)
    alive: list[Booking] = field(default_factory=list)
    lapsed: list[Booking] = field(default_factory=list)
    held: list[Booking] = field(default_factory=list)
    waiting: list[Booking] = field(default_factory=list)
    taken_over: list[Booking] = field(default_factory=list)
    called_off: set[UUID] = field(default_factory=set)
    happened: Counter[str] = field(default_factory=Counter)
    tills: dict[UUID, Drawer] = field(default_factory=dict)
    counted: set[UUID] = field(default_factory=set)
    forms: list[UUID] = field(default_factory=list)

    @classmethod
    async def found(cls, world: World, dice: Random) -> Self:
        organisers = [await world.organiser() for _ in range(3)]
        await sell(world, organisers)
        dates = [
            await world.session(
                seats, cents, organiser_id=organisers[(0, 1, 0, 2)[n % 4]], starts_in=n * BETWEEN_DATES
            )
            for n, (seats, cents) in enumerate(zip([6, 20, 12, 9] * 5, PRICES * 5, strict=True), start=1)
        ]
        people = [await world.resident(credit_cents=cents, social_until=LATER) for cents in (500, 900, 1500)]
        await world.execute(
            "INSERT INTO credits.programme_version (region_id, programme_id, version, amount_cents,"
            " valid_months, earning, extension_days, starts_at)"
            " SELECT region_id, id, 2, 5000, 12, 'cancellation_limit', 3, opened_at FROM credits.programme"
        )
        await world.execute("UPDATE credits.programme_version SET no_show_percent = 50 WHERE version = 1")
        for each in people:
            purse_id = await world.purse(1, each.membership_id, 300, lapses_in_days=6)
            await world.execute("UPDATE credits.purse SET version = 2 WHERE id = $1", purse_id)
        tills = {each: await a_drawer(world, seller_id=each) for each in (organisers[0], organisers[2])}
        return cls(world, dice, dates, people, tills=tills)

    # What happens beside the turnstile

    async def pass_time(self) -> None:
        """Minutes or hours, in which people come, dates change, holds are settled and money is sent back."""
        await self.let_in()
        await self.count_tills()
        await self.send_back()
        if self.dice.random() < 1 / 5:
            await self.change(self.dice.choice(self.near()))
        await self.settle(timedelta(minutes=self.dice.choice([8, 120, 170])))
        await self.open_pages()

    def near(self) -> list[Place]:
        """The dates of today and of the days after."""
        gone = (self.world.clock.now() - A_MONDAY) // BETWEEN_DATES
        return self.dates[gone:][:5] or self.dates[-3:]

    async def settle(self, after: timedelta) -> None:
        self.world.clock.move(after)
        await settle_earned(self.world.services, self.world.clock.now())

    async def let_in(self) -> None:
        await self.world.execute(
            "UPDATE reservations.ticket AS t SET status = 'attended', attended_at = $1"
            " FROM reservations.session AS s WHERE s.id = t.session_id AND s.status = 'scheduled'"
            " AND t.status = 'confirmed' AND t.no <> 2"
            " AND $1 BETWEEN s.starts_at - interval '3 hours' AND s.ends_at",
            self.world.clock.now(),
        )

    async def count_tills(self) -> None:
        """Now and then a drawer is counted while somebody sells there; it is closed and opened after that."""
        for seller_id, drawer in self.tills.items():
            if seller_id in self.counted:
                await drawer.close(reason="geteld tijdens een verkoop")
                self.tills[seller_id] = await a_drawer(
                    self.world,
                    0,
                    seller_id=seller_id,
                    till_id=drawer.till_id,
                    staff_id=drawer.worker.staff_id,
                    found_cents=FLOAT_CENTS,
                )
                self.counted.remove(seller_id)
            elif self.dice.random() < 1 / 12:
                await drawer.count(FLOAT_CENTS)
                self.counted.add(seller_id)

    async def open_pages(self) -> None:
        """As the worker does: who is on a page that is open has a quarter of an hour from then."""
        await self.world.execute(
            "WITH opened AS ("
            " UPDATE credits.payment SET opened_at = $1, checkout_url = 'https://pay.example/'"
            " WHERE status = 'pending' AND means = 'card' AND opened_at IS NULL AND $2 RETURNING booking_id"
            ") UPDATE reservations.booking SET held_until = $1 + interval '15 minutes'"
            " WHERE id IN (SELECT booking_id FROM opened)",
            self.world.clock.now(),
            self.dice.random() < 1 / 2,
        )

    async def send_back(self) -> None:
        """What is on its way arrives: on the card, at a till, as a credit note."""
        if self.dice.random() > 1 / 3:
            return
        rows = await self.world.rows(
            "SELECT f.id, f.way, p.seller_id, f.payment_id FROM credits.refund AS f"
            " JOIN credits.payment AS p ON p.region_id = f.region_id AND p.id = f.payment_id"
            " WHERE f.status IN ('due', 'sent') ORDER BY f.decided_at, f.id"
        )
        async with self.world.services.database.transaction() as tx:
            for row in rows:
                await self.arrive(tx, row)

    async def arrive(self, tx: Executor, row: Any) -> None:
        refund_id, now = row["id"], self.world.clock.now()
        if row["way"] == "card":
            await finish_refund(tx, 1, refund_id, refund_id, "card", "re_1", now)
        elif row["way"] == "credit_note":
            await write_credit_note(tx, 1, refund_id, "CN 1", now.date(), now)
            await settle(tx, 1, row["payment_id"], now)
        elif row["seller_id"] not in self.counted:
            drawer = self.tills[row["seller_id"]]
            paid = TillRefund(self.new_id(), refund_id, drawer.session_id, drawer.worker.staff_id)
            await write_till_refunds(tx, 1, as_json([paid]), now)
            await mark_refunded(tx, row["payment_id"])

    async def change(self, date: Place) -> None:
        """As `reservations.sessions.changing` does it, for a date that is not over."""
        change = self.dice.choice(CHANGES)
        if "cancelled" in change:
            self.called_off.add(date.id)
        await self.world.execute(
            f"UPDATE reservations.session SET {change} WHERE id = $1 AND ends_at > $2 AND $3 > interval '0'",
            date.id,
            self.world.clock.now(),
            timedelta(days=1),
        )

    # What goes through it

    async def decide_and_compare(self) -> None:
        commands = self.batch()
        before = await self.facts(commands)
        model, purses = Model(before, self.world.clock.now()), await self.purses()
        for command, answer in zip(commands, await self.decide(commands), strict=True):
            judge(model, command, answer)
            self.happened[type(answer).__name__] += 1
        self.made = list(model.bookings)
        after = await self.facts()

        assert {each.id: each.taken for each in after.pools} == {
            each.id: model.taken(each.id) for each in before.pools
        }
        assert plain(after.bookings) == plain(model.bookings.values())
        assert {each.id: credit_by_purse(each) for each in after.bookings} == {
            booking_id: model.standing(booking_id) for booking_id in model.bookings
        }
        assert await self.purses() == {
            purse_id: (cents + model.moved_cents()[purse_id], model.lapses_at(purse_id, lapses_at))
            for purse_id, (cents, lapses_at) in purses.items()
        }
        found = await faults(self.world)
        assert found == [], found
        self.look_back(model)

    async def decide(self, commands: Sequence[Command]) -> list[Answer]:
        services = self.world.services
        async with ChainedTransactions(services.database, lambda: False).transaction() as transaction:
            return await settle_batch(transaction, commands, self.world.clock, services.ids)

    async def facts(self, commands: Sequence[Command] = ()) -> Facts:
        """All that there is, read as a batch about everything would, with what has no order in another."""
        dates, cards = [each.id for each in self.dates], [each.card_id for each in self.people]
        keys = Keys(1, dates, self.made, self.made, cards, [], CANCELLATIONS, CUSTOMERS)
        sales = [each.sale for each in commands if isinstance(each, Book | PayAtDesk) and each.sale]
        keys = keys._replace(
            tills=[each.session_id for each in self.tills.values()],
            receipts=[each.id for each in sales],
            payments=[each.payment_id for each in sales if each.payment_id],
        )
        async with self.world.services.database.transaction() as tx:
            facts = msgspec.json.decode((await lock_and_read(tx, *keys)).facts, type=Facts)
        for each in facts.bookings:
            each.credit.reverse()
        return facts

    async def purses(self) -> dict[UUID, tuple[int, datetime]]:
        rows = await self.world.rows("SELECT id, available_cents, lapses_at FROM credits.purse")
        return {row["id"]: (row["available_cents"], row["lapses_at"]) for row in rows}

    def look_back(self, model: Model) -> None:
        self.forms += [each.id for each in model.sales()]
        made = sorted(model.bookings.values(), key=lambda each: (each.made_at, each.id))
        self.alive = [each for each in made if each.status in STANDING][-15:]
        self.held = [each for each in made if each.held_until]
        unpaid = [each for each in made if any(payment.paid_at is None for payment in each.payments)]
        self.waiting = [each for each in unpaid if each.held_until]
        self.lapsed = [each for each in unpaid if each.status not in STANDING][-20:]
        once = [each for each in unpaid if any(payment.paid_at for payment in each.payments)]
        self.taken_over = [each for each in once if each.status in STANDING]
        for ended in model.ended:
            self.happened.update(each.end.value for each in ended.tickets)
            self.happened["reversed"] += sum(part.settle_id is not None for part in ended.undone)
            self.happened["put aside anew"] += len(ended.holds)
            self.happened["extended"] += len(ended.extensions)
            self.happened.update(f"back by {each.refund.way}" for each in ended.refunds)
            self.happened.update(f"{each.means} stopped" for each in ended.stopped)
            self.happened["confirmed, as nothing was due"] += bool(ended.confirmed)
        self.happened["sold at a till"] += sum(bool(each.sale) for each in model.booked)
        for paid in model.paid:
            self.happened["paid at a till"] += bool(paid.sale)
            self.happened["paid at a till in the place of a page"] += bool(paid.opened)
            self.happened["date over"] += bool(paid.ended)
            self.happened.update({each.refund.reason for each in paid.refunds})
            in_time = any(each.was == "held" for each in paid.tickets)
            self.happened[f"{paid.payment.means} paid{' in time' if in_time else ''}"] += 1
            self.happened["booked anew"] += any(each.was == "lapsed" for each in paid.tickets)
            self.happened["booked anew with credit"] += bool(paid.holds)
            self.happened["too late"] += bool(paid.late)

    # What is asked

    def batch(self) -> list[Command]:
        old = self.dice.sample(self.alive, min(len(self.alive), self.dice.randint(1, 3)))
        commands = [self.about(each) for each in old]
        commands += [self.book() for _ in range(self.dice.randint(1, 3))]
        commands += [self.sell()] if self.dice.random() < 1 / 4 else []
        date = self.dice.choice(self.near())
        commands.append(Resize(1, date.id, date.pool_id, self.dice.randint(4, 20), STAFF))
        commands += [self.pay_somehow(each) for each in self.payers() if each not in old]
        done = {batch_key(each) for each in commands}
        commands += [
            Expire(1, each.id) for each in self.held if each.id not in done and self.is_overdue(each)
        ]
        self.dice.shuffle(commands)
        return commands

    def pay_somehow(self, booking: Booking) -> Command:
        """On a page or an invoice, or where that cannot be, and now and then where it can, at a till."""
        by_desk = all(each.means == "desk" for each in booking.payments)
        at_till = by_desk or (booking.held_until is not None and self.dice.random() < 1 / 2)
        return self.pay_at_desk(booking) if at_till else self.pay(booking)

    def payers(self) -> list[Booking]:
        """Some of who waits for their money to come in, two whose places have lapsed, and who pays twice."""
        return [
            *self.dice.sample(self.waiting, min(len(self.waiting), self.dice.randint(0, 1))),
            *self.dice.sample(self.lapsed, min(len(self.lapsed), 2)),
            *self.dice.sample(self.taken_over, min(len(self.taken_over), 1)),
        ]

    def is_overdue(self, booking: Booking) -> bool:
        """Held until an hour ago: the worker is not that late."""
        return self.world.clock.now() - (booking.held_until or self.world.clock.now()) > timedelta(hours=1)

    def about(self, booking: Booking) -> Command:
        off = [line.session_id for line in booking.lines if line.session_id in self.called_off]
        if off and self.dice.random() < 1 / 2:
            return CallOff(1, booking.id, off[0])
        if booking.held_until and self.dice.random() < 1 / 4:
            return Expire(1, booking.id)
        if booking.payments and self.dice.random() < 1 / 2:
            return self.about_payment(booking)
        return self.give_up(booking.id)

    def about_payment(self, booking: Booking) -> Command:
        status = self.dice.choice([PaymentStatus.FAILED, PaymentStatus.EXPIRED])
        stop = StopPayment(1, booking.id, self.dice.choice(booking.payments).id, status)
        longer = Lengthen(1, booking.id, self.client())
        at_desk = self.pay_at_desk(booking)
        pay = self.pay_somehow(booking)
        verbs: list[Command] = [pay, pay, at_desk, stop, longer]
        return self.dice.choice(verbs)

    def pay(self, booking: Booking) -> Pay:
        """What is to come in by card or on an invoice, or by mistake a cent more; of several payments any."""
        payment = self.dice.choice([each for each in booking.payments if each.means != "desk"])
        cents = sum(asked(booking, payment)) + self.dice.choice([0] * 9 + [1])
        wallets = tuple(sorted({line.wallet_id for line in booking.lines if line.wallet_id}))
        return Pay(1, booking.id, payment.id, cents, "pi_1", wallets)

    def pay_at_desk(self, booking: Booking) -> PayAtDesk:
        """What is due, or by mistake a cent more, at a till of who sells."""
        waiting = next((each for each in booking.payments if is_open(each)), booking.payments[-1])
        due = sum(own(line)[each.no] for line, each in would_confirm(booking, waiting)) or 1
        payment_id = waiting.id if waiting.means == "desk" else self.new_id()
        cents = due + self.dice.choice([0] * 9 + [1])
        return PayAtDesk(1, booking.id, self.sale(waiting.seller_id, cents, booking.id, payment_id))

    def sale(self, seller_id: UUID, cents: int, booking_id: UUID, payment_id: UUID) -> Sale:
        """Paid in cash, on the terminal, or half of it each; by mistake on the form of another sale."""
        drawer, today = self.tills[seller_id], day_in_flanders(self.world.clock.now())
        origin = SaleOrigin(
            seller_id, drawer.session_id, drawer.worker.staff_id, today, booking_id, payment_id
        )
        lines = [SaleLine(1, "Plaatsen", "exempt-44-2-9", cents)]
        paid = PaidBy(terminal_cents=self.dice.choice([0, cents // 2, cents]), reference="AUT 1")
        form_id = self.dice.choice([self.new_id()] * 3 + self.forms[-1:])
        return compose_sale(form_id, origin, lines, paid, self.world.services.ids)

    def sell(self) -> Book:
        """Places for a guest, paid at a till in the same moment."""
        command = self.book()
        at = self.dice.choice([each for each in self.near() if each.organiser_id in self.tills])
        places = self.dice.choice([1, 2])
        cents = PRICES[self.dates.index(at) % len(PRICES)] * places or 1
        assert command.payment_id
        sale = self.sale(at.organiser_id, cents, command.booking_id, command.payment_id)
        return replace(
            command,
            lines=(RequestedLine(at.id, "base", places, None),),
            pay_with=PayWith.DESK,
            held_until=None,
            guest=None,
            sale=sale,
        )

    def give_up(self, booking_id: UUID) -> GiveUp:
        by: list[Actor] = [ByHolder(each.membership_id) for each in self.people]
        by += [self.client(), ByStaff(STAFF), ByStaff(STAFF)]
        tickets = tuple(self.dice.sample([1, 2], self.dice.choice([0, 1, 1])))
        chosen = self.dice.choice(
            [(), *[(ChosenTickets(1, tickets),)] * 2, (ChosenTickets(1, tickets), ChosenTickets(2))]
        )
        key = CancellationKey(self.dice.choice(CANCELLATIONS), STORED_DIGEST)
        return GiveUp(1, booking_id, self.dice.choice(by), chosen, self.dice.choice([None, None, key]))

    def book(self) -> Book:
        """One or two dates, each for a guest or somebody who pays for themselves; some only wait."""
        lines = tuple(self.line() for _ in range(self.dice.choice([1, 1, 2])))
        held_until = self.dice.choice([None, None, None, self.world.clock.now() + timedelta(hours=2)])
        return Book(
            1,
            self.new_id(),
            STORED_DIGEST,
            self.client(),
            lines,
            "api",
            held_until=held_until,
            pay_with=self.dice.choice([*PayWith, PayWith.CREDIT, PayWith.CREDIT_THEN_CARD, PayWith.DESK]),
            payment_id=self.new_id(),
            return_url=self.dice.choice([None, "https://kassa.example/terug"]),
            guest=GuestContact("Noor", "noor@example.org") if lines[0].holder is None else None,
            invoice_customer_id=CUSTOMERS[0],
        )

    def client(self) -> ByClient:
        return ByClient(CLIENT, frozenset(each.organiser_id for each in self.dates))

    def line(self) -> RequestedLine:
        tariff, places = self.dice.choice(
            [("base", 1), ("base", 2), ("base", 3), ("base", 3)] * 2 + [("kansentarief", 1)]
        )
        who, date = self.dice.choice(self.people), self.dice.choice(self.near())
        holder = self.dice.choice([CardProof(who.card_id, 1)] * 4 + [None])
        return RequestedLine(date.id, tariff, places, holder)

    def new_id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)


CHANGES = (
    "status = 'cancelled', due_at = $2",
    "status = 'postponed', due_at = NULL",
    "status = 'scheduled', due_at = $2",
    "status = 'scheduled', due_at = $2",
    "due_at = $2, moved_at = $2, starts_at = starts_at + $3, ends_at = ends_at + $3",
)


def plain(bookings: Iterable[Booking]) -> dict[UUID, Booking]:
    """Bookings without the ids of their holds and refunds, which are any."""
    return {each.id: replace(nameless(each), credit=[]) for each in bookings}


async def mark_refunded(tx: Executor, payment_id: UUID) -> None:
    """As the database does it for a card."""
    await tx.execute("SELECT credits.mark_refunded(1, $1)", payment_id)


async def sell(world: World, organisers: Sequence[UUID]) -> None:
    """The first sells for itself and for the second, under a mandate; the third only at its desk."""
    first, second, third = organisers
    ways = {"desk_hours": 2, "invoices": True, "cancel_fee_cents": 7}
    await make_seller(world, first, card_account="acct_1", card_open=True, **ways)
    mandate_id = await make_mandate(world, second, first)
    await make_seller(world, second, agent_id=first, mandate_id=mandate_id, **ways)
    await make_seller(world, third, desk_hours=2, desk_before_minutes=0)
    await make_customer(world, first, CUSTOMERS[0])
