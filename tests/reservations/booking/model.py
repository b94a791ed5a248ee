"""What should be answered, said slowly: one command at a time, every figure summed up again from the start.

It shares with `reservations.booking` what goes in and what comes out, and nothing of what lies between.
Where more than one answer is right, which is when several purses can pay, it judges the one that was given.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from credits.errors import NotYourTill, TillClosed, TillCounted, TillIdTaken, TillOfOtherSeller, TillUnknown
from credits.invoice.terms import CustomerTerms
from credits.payments.payment import Payment, PaymentStatus
from credits.till.sale import Sale
from credits.wallet.spread import Hold, Purse
from reservations import errors
from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGroup,
    ByGuest,
    ByHolder,
    ByPartner,
    ByRepresentative,
    ByStaff,
    ByWorker,
    CardProof,
    GroupProof,
    HolderProof,
    MembershipProof,
)
from reservations.booking.answers import (
    Answer,
    Booked,
    ConfirmedTicket,
    Ended,
    EndedTicket,
    Lengthened,
    Paid,
    PaymentRefund,
    Resized,
)
from reservations.booking.commands import (
    Book,
    CallOff,
    ChangeBooking,
    Command,
    Expire,
    GiveUp,
    Lengthen,
    Pay,
    PayAtDesk,
    RequestedLine,
    Resize,
    StopPayment,
    Swap,
)
from reservations.booking.counted import GroupUse
from reservations.booking.facts import (
    Booking,
    BookingActor,
    Facts,
    GivenFor,
    Group,
    Holder,
    Line,
    Session,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from reservations.booking.pool import Pool
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_conditions import (
    Wish,
    address_of,
    asks,
    left_alone,
    over_limit,
    wishes_of,
)
from tests.reservations.booking.model_ending import (
    costs,
    end_all,
    may_give_up,
    meant,
    name_of_end,
    splits_what_waits,
    unknown,
    used,
)
from tests.reservations.booking.model_paying import (
    ANY_ID,
    HAS_A_PLACE,
    LONGER,
    Funded,
    Priced,
    asked,
    check_money,
    confirm,
    counts,
    funded,
    give_back,
    is_open,
    mark_paid,
    most_covered,
    nameless,
    own,
    paid_to,
    pay_instead,
    that_counts,
    too_late,
    would_confirm,
)
from uit.core.errors import Refusal
from uit.passes.errors import GroupTicketsTaken, PassNotActive, PassUnknown

Numbered = TypeVar("Numbered", ConfirmedTicket, EndedTicket)


class Bill(NamedTuple):
    """An amount of one line, and whose wallet may pay it; nobody's for a guest."""

    no: int
    session: Session
    wallet_id: UUID | None
    cents: int


SOCIAL = {"social", "kansentarief"}
"""What a tariff for who has the social tariff is called, in cases and in the database."""


def day_of(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/Brussels")).date()


class Model:
    """Remembers how it began and what happened since; `expected` says what is right."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.facts, self.now, self.today = deepcopy(facts), now, day_of(now)
        self.bookings = {each.id: each for each in deepcopy(facts.bookings)}
        self.cancellations = {each.id: each.digest for each in facts.cancellations}
        self.capacities = {each.id: each.capacity for each in facts.pools}
        self.booked: list[Booked] = []
        self.ended: list[Ended] = []
        self.paid: list[Paid] = []

    def expected(self, command: Command, answer: Answer) -> Answer:  # noqa: C901  one for each command
        """The right answer: the one that was given, where it is one of several."""
        match command:
            case Book():
                return self.book(command, answer)
            case GiveUp():
                return self.give_up(command)
            case Pay():
                return self.pay(command, answer)
            case PayAtDesk():
                return self.pay_at_desk(command)
            case StopPayment():
                return self.stop_payment(command)
            case Lengthen():
                return self.lengthen(command)
            case CallOff():
                return self.call_off(command)
            case Expire():
                return self.expire(command)
            case Resize():
                return self.resize(command)
            case Swap() | ChangeBooking():
                raise AssertionError("its parts have a model; see test_swap.py and test_decide_change.py")
            case _:
                raise AssertionError("who waits has a model of their own: test_lines.py")

    # Figures, each from the start

    def taken(self, pool_id: UUID) -> int:
        """What was taken by bookings that we do not know, and by those we do."""
        before = drawn(pool_id, self.facts.bookings)
        return self.pool(pool_id).taken - before + drawn(pool_id, self.bookings.values())

    def apart(self, pool: Pool) -> int:
        """What an allotment still keeps."""
        return max(0, pool.capacity - self.taken(pool.id))

    def held(self, pool_id: UUID) -> int:
        """What is held for others than channels, and what allotments of the pool keep now."""
        theirs = [each for each in self.facts.pools if each.allotment and each.allotment.pool_id == pool_id]
        before = sum(max(0, each.capacity - each.taken) for each in theirs)
        return self.pool(pool_id).held - before + sum(map(self.apart, theirs))

    def left(self, pool_id: UUID, asked: Mapping[UUID, int]) -> int:
        """For who asks so many of each pool: one by one, first of what is set apart for them."""
        pool, places = self.pool(pool_id), 0
        own = [self.pool(each) for each in asked]
        own = [each for each in own if each.allotment and each.allotment.pool_id == pool_id]
        capacity = self.capacities[pool_id] if pool.cap is None else min(self.capacities[pool_id], pool.cap)
        apart = sum(map(self.apart, own))
        by_channel = sum(min(self.apart(each), asked[each.id]) for each in own)
        anybody = capacity - self.taken(pool_id) - self.held(pool_id)
        while places < anybody + apart and (places < by_channel or places - by_channel < anybody):
            places += 1
        return places

    def pools_of(self, command: Book, session: Session, tariff: Tariff) -> tuple[UUID, ...]:
        """What a ticket draws on: the pools of its tariff, and what is set apart in them for who books."""
        client_id = command.by.client_id if isinstance(command.by, ByClient) else None
        return tariff.pool_ids + tuple(
            each.id
            for each in self.facts.pools
            if each.id in session.pool_ids
            and each.allotment
            and each.allotment.pool_id in tariff.pool_ids
            and each.allotment.channel == command.channel
            and each.allotment.client_id in {None, client_id}
        )

    def available_cents(self, purse: Purse) -> int:
        return self.as_given(purse).available_cents + self.moved_cents()[purse.id]

    def moved_cents(self) -> Counter[UUID]:
        """What each purse can spend more, or less, than it could."""
        cents: Counter[UUID] = Counter()
        for taken in self.taken_by():
            for hold in taken.holds:
                cents[hold.purse.id] -= hold.cents
        for ended in self.ended:
            for part in ended.undone:
                cents[part.purse_id] += part.cents
            for again in ended.holds:
                cents[again.purse_id] -= again.cents
        return cents

    def taken_by(self) -> list[Booked | Paid]:
        """What took credit."""
        return [*self.booked, *self.paid]

    def gave_back(self) -> list[Ended | Paid]:
        """What sent money back."""
        return [*self.ended, *self.paid]

    def lapses_at(self, purse_id: UUID, given: datetime) -> datetime:
        """As given, or since it was extended."""
        return max(
            [given, *(each.extensions[purse_id] for each in self.ended if purse_id in each.extensions)]
        )

    def standing(self, booking_id: UUID) -> Counter[tuple[int, UUID, bool]]:
        """The cents that stand for a booking, by line and purse, and whether they were settled."""
        cents: Counter[tuple[int, UUID, bool]] = Counter()
        for booking in [each for each in self.facts.bookings if each.id == booking_id]:
            cents += credit_by_purse(booking)
        for taken in [each for each in self.taken_by() if each.booking.id == booking_id]:
            cents.update({(hold.line_no, hold.purse.id, False): hold.cents for hold in taken.holds})
        for ended in [each for each in self.ended if each.booking.id == booking_id]:
            undone = {part.line_no for part in ended.undone}
            cents = Counter({key: n for key, n in cents.items() if key[0] not in undone})
            cents.update({(hold.line_no, hold.purse_id, False): hold.cents for hold in ended.holds})
        return cents

    def pool(self, pool_id: UUID) -> Pool:
        return next(each for each in self.facts.pools if each.id == pool_id)

    def session(self, session_id: UUID) -> Session | None:
        return next((each for each in self.facts.sessions if each.id == session_id), None)

    def as_given(self, purse: Purse) -> Purse:
        return next(each for each in self.facts.purses if each.id == purse.id)

    def stored(self, booking_id: UUID) -> Booking | None:
        """A booking as it stands, with until when its credit can be spent by now."""
        booking = deepcopy(self.bookings.get(booking_id))
        if booking:
            booking.credit = [
                replace(part, lapses_at=self.lapses_at(part.purse_id, part.lapses_at))
                for part in booking.credit
            ]
        return booking

    # Book

    def book(self, command: Book, answer: Answer) -> Answer:
        stored = self.stored(command.booking_id)
        if command.booking_id in self.facts.elsewhere or (stored and stored.digest != command.digest):
            return errors.IdTaken(command.booking_id)
        if stored:
            return Booked(stored, new=False)
        refusal = (
            (self.sale_refused(command.sale) if command.sale else None)
            or group_refused(command)
            or self.acting_refused(command.by, [holder_of(line) for line in command.lines])
            or self.refusal(command)
        )
        if refusal:
            return refusal
        funded = self.funded(command)
        if isinstance(funded, Refusal):
            return funded
        changed = self.remaining_refusal(command, funded)
        if changed:
            return changed
        assert isinstance(answer, Booked)
        self.check_holds(self.bills(command), funded.credit, answer.holds)
        last = max(session.ends_at for session, _, _ in self.priced(command)) if command.guest else None
        booked = Booked(
            self.booking(command, funded),
            new=True,
            holds=answer.holds,
            guest=command.guest,
            last_session_at=last,
            invoice=funded.order,
            sale=command.sale,
            personal=frozenset(
                no
                for no, (_, tariff, line) in enumerate(self.priced(command), start=1)
                if tariff.eligibility == "social" and not isinstance(line.holder, GroupProof)
            ),
            uses=tuple(self.uses(command)),
        )
        self.remember(booked.booking)
        self.booked.append(booked)
        return booked

    def remember(self, booking: Booking) -> None:
        check_money(booking)
        self.bookings[booking.id] = deepcopy(booking)

    def refusal(self, command: Book) -> Refusal | None:
        holders = (self.holder_refusal(line.holder) for line in command.lines if line.holder)
        lines = (self.line_refusal(command, line) for line in command.lines)
        first = next((reason for reason in chain(holders, lines) if reason), None)
        return (
            first
            or self.sold_out(command)
            or self.year_refusal(command)
            or over_limit(self, wishes_of(self, command))
            or self.price_refusal(command)
        )

    # For a group

    def uses(self, command: Book) -> Iterator[GroupUse]:
        """The people that a booking counts for the year of each date: those at the social tariff."""
        for no, (session, tariff, line) in enumerate(self.priced(command), start=1):
            group = self.holder(line.holder)
            if isinstance(group, Group) and tariff.eligibility == "social":
                year, people = day_of(session.starts_at).year, line.places * tariff.weight
                yield GroupUse(group.id, year, command.booking_id, no, people, group.tickets_a_year)

    def taken_in(self, group_id: UUID, year: int) -> int:
        """The people who come, or came, by what counts for that year: in bookings that we know and do not."""
        counted = [*self.facts.group_use, *(use for booked in self.booked for use in booked.uses)]
        return sum(
            self.people(each) if each.booking_id in self.bookings else each.people
            for each in counted
            if (each.group_id, each.year) == (group_id, year)
        )

    def people(self, use: GroupUse) -> int:
        return sum(
            ticket.weight
            for line in self.bookings[use.booking_id].lines
            for ticket in line.tickets
            if line.no == use.line_no and ticket.status in HAS_A_PLACE
        )

    def year_refusal(self, command: Book) -> Refusal | None:
        uses = list(self.uses(command))
        for year in dict.fromkeys(each.year for each in uses):
            theirs = [each for each in uses if each.year == year]
            asked_for = sum(each.people for each in theirs)
            left = max(0, theirs[0].most - self.taken_in(theirs[0].group_id, year))
            if asked_for > left:
                return GroupTicketsTaken(year, asked_for, left)
        return None

    # Acting for another

    def acting_refused(self, by: Actor, holder_ids: Iterable[UUID | None]) -> Refusal | None:
        """Whether somebody who acts for others may not book for one of these."""
        if not isinstance(by, ByRepresentative):
            return None
        good = [each == by.own_id or self.may_book(by, each) for each in holder_ids if each]
        return None if all(good) and all(holder_ids) else errors.MayNotAct()

    def may_book(self, by: ByRepresentative, membership_id: UUID) -> bool:
        return membership_id in by.membership_ids and any(
            "book" in each.powers for each in self.in_force(by, membership_id)
        )

    def in_force(self, by: ByRepresentative, membership_id: UUID) -> list[GivenFor]:
        """What the cases have of it: trusted persons, who agreed or not, and parents of who is not 18 yet."""
        return [
            each
            for each in self.facts.given
            if (each.representative_id, each.membership_id) == (by.person_id, membership_id)
            and (each.is_accepted if each.kind == "trusted" else is_minor(each.born_on, day_of(self.now)))
        ]

    def capped(self, by: Actor, bills: Sequence[Bill]) -> list[Bill]:
        """The bills in order, each no higher than what is left of what somebody may spend for its holder."""
        if not isinstance(by, ByRepresentative):
            return list(bills)
        found: list[Bill] = []
        for bill in bills:
            cents = bill.cents
            if bill.wallet_id != by.own_id and bill.wallet_id:
                limits = [
                    each.limit_cents if "pay" in each.powers else 0
                    for each in self.in_force(by, bill.wallet_id)
                    if "book" in each.powers
                ]
                spent = sum(each.cents for each in found if each.wallet_id == bill.wallet_id)
                if None not in limits:
                    cents = min(cents, max([each or 0 for each in limits], default=0) - spent)
            found.append(bill._replace(cents=cents))
        return found

    def sale_refused(self, sale: Sale) -> Refusal | None:
        """A till that is not open, or what it would write a second time."""
        taken = sale.id in self.receipts() or sale.payment_id in self.payments()
        return self.till_refused(sale) or (TillIdTaken(sale.id) if taken else None)

    def till_refused(self, sale: Sale) -> Refusal | None:
        tills = [each for each in self.facts.tills if each.id == sale.till_session_id]
        if not tills:
            return TillUnknown()
        reasons = {
            TillClosed(tills[0].till): tills[0].is_closed,
            NotYourTill(tills[0].till): tills[0].opened_by != sale.sold_by,
            TillCounted(tills[0].till): tills[0].is_counted,
            TillOfOtherSeller(sale.seller_id): tills[0].seller_id != sale.seller_id,
        }
        return next((refusal for refusal, is_so in reasons.items() if is_so), None)

    def sales(self) -> list[Sale]:
        return [each.sale for each in self.taken_by() if each.sale]

    def receipts(self) -> set[UUID]:
        return {*self.facts.receipts, *(each.id for each in self.sales())}

    def payments(self) -> set[UUID | None]:
        return {*self.facts.payments, *(each.payment_id for each in self.sales() if each.payment_id)}

    def holder(self, proof: HolderProof | None) -> Holder | None:
        if isinstance(proof, GroupProof):
            return next((each for each in self.facts.groups if each.id == proof.group_id), None)
        for each in self.facts.holders:
            if isinstance(proof, CardProof):
                if (each.card_id, each.token_version) == (proof.card_id, proof.token_version):
                    return each
            elif proof == MembershipProof(each.id) and each.card_id is None:
                return each
        return None

    def wallet_id(self, line: RequestedLine) -> UUID | None:
        """Who comes and pays; nobody whom we know is a guest."""
        holder = self.holder(line.holder)
        return holder.id if holder else None

    def holder_refusal(self, proof: HolderProof | None) -> Refusal | None:
        holder = self.holder(proof)
        if holder is None:
            return PassUnknown()
        over = holder.ends_on is not None and day_of(self.now) > holder.ends_on
        blocked = isinstance(proof, CardProof) and not holder.card_active
        return PassNotActive() if over or blocked or not holder.active else None

    def line_refusal(self, command: Book, line: RequestedLine) -> Refusal | None:
        session = self.session(line.session_id)
        if session is None:
            return errors.SessionUnknown(line.session_id)
        if isinstance(command.by, ByClient) and session.organiser_id not in command.by.organiser_ids:
            return errors.NotYourSession(session.id)
        refusal = self.sale_refusal(session) or self.tariff_refusal(command, session, line)
        tariff = next((each for each in session.tariffs or () if each.code == line.tariff), None)
        return refusal or (asks(self, command, session, tariff, line) if tariff else None)

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return errors.SessionCancelled(session.id)
        too_early = session.sale_opens_at is not None and self.now < session.sale_opens_at
        is_over = self.now >= session.sale_closes_at
        if session.status != "scheduled" or too_early or is_over:
            opens_at = session.sale_opens_at if session.status == "scheduled" and too_early else None
            closed_at = session.sale_closes_at if session.status == "scheduled" and not too_early else None
            return errors.NotOnSale(session.id, opens_at, closed_at)
        return None

    def tariff_refusal(self, command: Book, session: Session, line: RequestedLine) -> Refusal | None:
        holder = self.holder(line.holder)
        tariff = next((each for each in session.tariffs or () if each.code == line.tariff), None)
        if tariff is None:
            return errors.TariffUnknown(session.id, line.tariff)
        if holder is None:
            condition = tariff.condition
            of_members = tariff.eligibility != "anyone" or (condition and condition.for_members)
            if of_members:
                return errors.NotForYou(session.id, tariff.code, *limits(tariff), asks_pass=True)
            return too_few(session, tariff, line)
        if isinstance(holder, Group):
            entitled = holder.social_until and holder.social_until >= day_of(session.starts_at)
            if tariff.eligibility == "social" and not entitled:
                return errors.NotForYou(session.id, tariff.code, *limits(tariff))
            return too_few(session, tariff, line)
        places = self.social_places(command, session, holder) + self.social_taken(session.id, holder.id)
        if tariff.eligibility == "social" and places > 1:
            return errors.OnePlaceEach(session.id, tariff.code)
        if not is_for(tariff, holder, day_of(session.starts_at)) and not self.comes_along(
            command, session, tariff, holder
        ):
            return errors.NotForYou(session.id, tariff.code, *limits(tariff))
        return too_few(session, tariff, line)

    def comes_along(self, command: Book, session: Session, tariff: Tariff, holder: Holder) -> bool:
        """Whether who has another age than is asked comes beside a holder who has a place themselves."""
        if tariff.eligibility != "anyone" or (tariff.condition and tariff.condition.for_members):
            return False
        for line in command.lines:
            if line.session_id == session.id and self.wallet_id(line) == holder.id:
                for each in session.tariffs or ():
                    is_companion = each.condition is not None and each.condition.for_companion
                    is_theirs = is_for(each, holder, day_of(session.starts_at))
                    if each.code == line.tariff and is_theirs and not is_companion:
                        return True
        return False

    def social_places(self, command: Book, session: Session, holder: Holder) -> int:
        """What this holder asks at social tariffs of a session, in the whole booking, by whatever proof."""
        social = {each.code for each in session.tariffs or () if each.eligibility == "social"}
        return sum(
            line.places
            for line in command.lines
            if line.session_id == session.id and line.tariff in social and self.wallet_id(line) == holder.id
        )

    def social_taken(self, session_id: UUID, holder_id: UUID) -> int:
        """What this holder has at social tariffs of a session, by bookings that we do not know and do."""
        unknown = sum(
            each.places
            for each in self.facts.personal
            if each.booking_id not in self.bookings
            and (each.session_id, each.holder_id) == (session_id, holder_id)
        )
        return unknown + sum(
            ticket.status in HAS_A_PLACE
            for booking in self.bookings.values()
            for line in booking.lines
            if (line.session_id, line.holder_id) == (session_id, holder_id) and line.tariff_code in SOCIAL
            for ticket in line.tickets
        )

    def priced(self, command: Book) -> Iterator[Priced]:
        for line in command.lines:
            session = self.session(line.session_id)
            assert session
            yield session, next(each for each in session.tariffs or () if each.code == line.tariff), line

    def sold_out(self, command: Book) -> Refusal | None:
        asked = Counter[UUID]()
        for session, tariff, line in self.priced(command):
            for pool_id in self.pools_of(command, session, tariff):
                asked[pool_id] += line.places * tariff.weight
        drawn = {pool_id for _, tariff, _ in self.priced(command) for pool_id in tariff.pool_ids}
        lacking = {each for each in drawn if asked[each] > self.left(each, asked)}
        is_full = any(self.pool(each).kind in {"room", "shared"} for each in lacking)
        for session, tariff, _ in self.priced(command):
            for pool_id in tariff.pool_ids:
                if pool_id in lacking:
                    places = asked[pool_id], self.left(pool_id, asked)
                    return errors.SoldOut(session.id, *places, None if is_full else tariff.code)
        return None

    def price_cents(self, command: Book) -> int:
        return sum(tariff.price_cents * line.places for _, tariff, line in self.priced(command))

    def price_refusal(self, command: Book) -> Refusal | None:
        price_cents = self.price_cents(command)
        if command.price_seen_cents in {None, price_cents}:
            return None
        return errors.PriceChanged(command.price_seen_cents or 0, price_cents)

    def remaining_refusal(self, command: Book, funded: Funded) -> Refusal | None:
        """What is left to pay is what the client saw, and what a till took."""
        cents = self.price_cents(command) - sum(funded.credit)
        seen = [command.remaining_seen_cents]
        if command.sale:
            seen.append(sum(each.amount_cents for each in command.sale.tenders if each.means != "credit"))
        wrong = [each for each in seen if each not in {None, cents}]
        return errors.RemainingChanged(wrong[0] or 0, cents) if wrong else None

    # Credit

    def bills(self, command: Book) -> list[Bill]:
        """What each line costs, and whose wallet may pay for it."""
        return [
            Bill(no, session, self.wallet_id(line), tariff.price_cents * line.places)
            for no, (session, tariff, line) in enumerate(self.priced(command), start=1)
        ]

    def funded(self, command: Book) -> Funded | Refusal:
        """With credit for the first lines first; where that cannot be, otherwise."""
        bills, priced = self.bills(command), list(self.priced(command))
        tried = [
            funded(command, priced, self.most_in_order(command, bills, order), self.now, self.customers())
            for order in [bills, *self.orders(command, bills)]
        ]
        return next((each for each in tried if isinstance(each, Funded)), tried[0])

    def customers(self) -> list[CustomerTerms]:
        """Each with what is open of its invoices by now."""
        return [
            replace(
                each,
                open_cents=each.open_cents
                + sum(
                    booked.booking.payments[0].amount_cents
                    for booked in self.booked
                    if booked.invoice and booked.invoice.customer_id == each.id
                ),
            )
            for each in self.facts.customers
        ]

    def orders(self, command: Book, bills: Sequence[Bill]) -> list[list[Bill]]:
        """For each who may get the money: what cannot be paid to them needs the credit first."""
        goes_to = [paid_to(command, bill.session, self.now) for bill in bills]
        return [
            sorted(bills, key=lambda bill, seller=seller: (goes_to[bill.no - 1] == seller, bill.no))  # type: ignore[misc]
            for seller in dict.fromkeys(goes_to)
            if seller
        ]

    def most_in_order(self, command: Book, bills: Sequence[Bill], order: Sequence[Bill]) -> list[int]:
        """What credit can pay of each bill, when all of its wallet before it got what they could."""
        if command.pay_with == "card":
            return [0 for _ in bills]
        cents, order = {}, self.capped(command.by, order)
        for at, bill in enumerate(order):
            before = [each for each in order[:at] if each.wallet_id == bill.wallet_id]
            cents[bill.no] = self.most([*before, bill]) - self.most(before)
        return [cents[bill.no] for bill in bills]

    def most(self, bills: Sequence[Bill]) -> int:
        """What the purses of a wallet can pay of its bills together."""
        purses = [each for each in self.facts.purses if bills and each.wallet_id == bills[0].wallet_id]
        return most_covered(
            [(bill.cents, tuple(self.most_on(bill, purse) for purse in purses)) for bill in bills],
            [self.available_cents(purse) for purse in purses],
        )

    def most_on(self, bill: Bill, purse: Purse) -> int:
        """What a purse may pay of one line, by its rules alone."""
        session = bill.session
        fits = (
            self.now < self.lapses_at(purse.id, self.as_given(purse).lapses_at)
            and (not purse.domains or session.domain in purse.domains)
            and (not purse.attendance or session.attendance in purse.attendance)
            and self.is_admitted(purse.programme_id, session.organiser_id)
        )
        ceiling = bill.cents if purse.ceiling_cents is None else min(bill.cents, purse.ceiling_cents)
        return ceiling if fits else 0

    def is_admitted(self, programme_id: UUID, organiser_id: UUID) -> bool:
        today = day_of(self.now)
        return any(
            (each.programme_id, each.organiser_id) == (programme_id, organiser_id)
            and each.starts_on <= today
            and (each.ends_on is None or each.ends_on >= today)
            for each in self.facts.admissions
        )

    def check_holds(self, bills: Sequence[Bill], credit: Sequence[int], holds: Sequence[Hold]) -> None:
        """Each line gets its credit, from its own wallet's purses, within what each has and allows."""
        for purse in {hold.purse.id: hold.purse for hold in holds}.values():
            drawn_cents = sum(hold.cents for hold in holds if hold.purse.id == purse.id)
            assert drawn_cents <= self.available_cents(purse)
        for bill, cents in zip(bills, credit, strict=True):
            paying = [hold for hold in holds if hold.line_no == bill.no]
            assert sum(hold.cents for hold in paying) == cents
            assert len({hold.purse.id for hold in paying}) == len(paying)
            assert all(hold.purse.wallet_id == bill.wallet_id for hold in paying)
            assert all(0 < hold.cents <= self.most_on(bill, hold.purse) for hold in paying)
        if len(bills) == 1:
            self.check_soonest_first(bills[0], credit[0], holds)

    def check_soonest_first(self, bill: Bill, missing: int, holds: Sequence[Hold]) -> None:
        """With one line there is one right choice: what lapses first is spent first."""
        expected = {}
        for purse in sorted(
            self.facts.purses, key=lambda each: (self.lapses_at(each.id, each.lapses_at), each.id)
        ):
            if purse.wallet_id == bill.wallet_id:
                part = min(missing, self.most_on(bill, purse), self.available_cents(purse))
                expected[purse.id] = part
                missing -= part
        assert {hold.purse.id: hold.cents for hold in holds} == {key: n for key, n in expected.items() if n}

    # The booking itself, and what becomes of it

    def booking(self, command: Book, funded: Funded) -> Booking:
        held_until = command.held_until or funded.held_until
        status = TicketStatus.HELD if held_until else TicketStatus.CONFIRMED
        lines = []
        for bill, cents, (session, tariff, line) in zip(
            self.bills(command), funded.credit, self.priced(command), strict=True
        ):
            tickets = [Ticket(n + 1, status, tariff.weight) for n in range(line.places)]
            card_id = line.holder.card_id if isinstance(line.holder, CardProof) else None
            terms = session.terms
            lines.append(
                Line(
                    bill.no, session.id, tariff.code, tariff.rank, bill.wallet_id, bill.wallet_id, card_id,
                    session.organiser_id, line.places, bill.cents, cents, tariff.vat_code,
                    self.pools_of(command, session, tariff), tickets, terms.cancel_fee_cents if terms else 0,
                    terms.mandate_id if terms else None,
                )
            )  # fmt: skip
        return Booking(
            command.region_id, command.booking_id, command.digest, command.channel, maker(command), self.now,
            held_until, lines, payments=[funded.payment] if funded.payment else [],
        )  # fmt: skip

    # Pay

    def pay(self, command: Pay, answer: Answer) -> Answer:
        booking, payment = self.payment(command.booking_id, command.payment_id)
        if booking is None or payment is None:
            return errors.PaymentUnknown(command.booking_id, command.payment_id)
        if payment.paid_at:
            return Paid(booking, payment, new=False)
        cents = sum(asked(booking, payment))
        if command.amount_cents != cents or cents == 0:
            return errors.PaymentDiffers(payment.id, cents, command.amount_cents)
        return self.take_in(command, booking, payment, answer)

    def take_in(self, command: Pay, booking: Booking, payment: Payment, answer: Answer) -> Paid:
        """What waits is confirmed, what lapsed is booked anew where that can be, and the rest goes back."""
        assert isinstance(answer, Paid)
        if not counts(payment) and that_counts(booking):
            return self.take_in_twice(command, booking, payment)
        if is_open(payment) and self.is_past(booking):
            return self.take_in_past(command, booking, payment)
        found, in_time, stood = would_confirm(booking, payment), is_open(payment), counts(payment)
        good = found if in_time or self.is_all_there(command, booking, found) else []
        if good and not in_time:
            self.check_holds(*self.anew(found), answer.holds)
        mark_paid(booking, payment, self.now)
        tickets, paid = confirm(good), deepcopy(payment)
        every = [(line, ticket) for line in booking.lines for ticket in line.tickets]
        late = [] if stood else too_late(found if payment.means == "desk" else every)
        refunds = self.back_late(booking, payment, late)
        if good:
            booking.held_until = None
        self.remember(booking)
        holds = answer.holds if good and not in_time else ()
        ended = tuple(ticket for ticket, _ in late)
        self.paid.append(Paid(booking, paid, True, command.reference, tickets, holds, ended, refunds))  # noqa: FBT003
        return self.paid[-1]

    def pay_at_desk(self, command: PayAtDesk) -> Answer:
        booking, sale = self.stored(command.booking_id), command.sale
        if booking is None or sale.payment_id is None:
            return errors.BookingUnknown(command.booking_id)
        known = next((each for each in booking.payments if each.id == sale.payment_id), None)
        if known and known.paid_at:
            return Paid(booking, known, new=False)
        not_open = self.till_refused(sale)
        if not_open:
            return not_open
        waiting = next((each for each in booking.payments if is_open(each)), None)
        due = sum(own(line)[each.no] for line, each in would_confirm(booking, waiting)) if waiting else 0
        taken = sum(each.amount_cents for each in sale.tenders if each.means != "credit")
        if waiting is None or due == 0 or self.is_past(booking):
            return errors.NothingDue(booking.id)
        if sale.seller_id != waiting.seller_id:
            return TillOfOtherSeller(waiting.seller_id)
        if taken != due:
            return errors.RemainingChanged(taken, due)
        if known is not (None if waiting.means == "card" else waiting):
            return errors.PaymentUnknown(booking.id, sale.payment_id)
        if sale.id in self.receipts() or (known is None and sale.payment_id in self.payments()):
            return TillIdTaken(sale.id)
        return self.take_at_desk(booking, waiting, sale)

    def take_at_desk(self, booking: Booking, waiting: Payment, sale: Sale) -> Paid:
        """What waits is confirmed; a payment page that waited for it makes way."""
        found, payment = would_confirm(booking, waiting), waiting
        opened, stopped = None, tuple[Payment, ...]()
        if waiting.means == "card":
            payment = pay_instead(waiting, sale, self.now)
            booking.payments.append(payment)
            waiting.status = PaymentStatus.EXPIRED
            opened, stopped = deepcopy(payment), (deepcopy(waiting),)
        mark_paid(booking, payment, self.now)
        paid, tickets = deepcopy(payment), confirm(found)
        booking.held_until = None
        self.remember(booking)
        self.paid.append(
            Paid(booking, paid, True, str(sale.id), tickets, sale=sale, opened=opened, stopped=stopped)  # noqa: FBT003
        )
        return self.paid[-1]

    def is_past(self, booking: Booking) -> bool:
        """Whether something is still held for a date that took place."""
        waiting = {
            line.session_id for line in booking.lines for each in line.tickets if each.status == "held"
        }
        return any(
            each.id in waiting and each.ends_at <= self.now and each.status in ("scheduled", "sold_elsewhere")
            for each in self.facts.sessions
        )

    def take_in_past(self, command: Pay, booking: Booking, payment: Payment) -> Paid:
        """As if it lapsed first, and then the payment came in late: all of it goes back."""
        cents = asked(booking, payment)
        ended = end_all(booking, all_that_is_held(booking), self.now)
        self.check_every_cent(ended)
        after = ended.booking
        keys = {(each.line_no, each.ticket_no) for each in ended.tickets}
        paid = next(each for each in after.payments if each.id == payment.id)
        paid.status, paid.paid_at = PaymentStatus.PAID, self.now
        paid.amount_cents, paid.line_cents = sum(cents), cents
        as_it_came = deepcopy(paid)
        every = [(line, each) for line in after.lines for each in line.tickets]
        by_desk = payment.means == "desk"
        late = too_late((line, each) for line, each in every if not by_desk or (line.no, each.no) in keys)
        refunds = self.back_late(after, paid, late)
        back = {(each.line_no, each.ticket_no): each.returned_cents for each, _ in late}
        tickets = tuple(
            replace(each, returned_cents=back.get((each.line_no, each.ticket_no), each.returned_cents))
            for each in ended.tickets
        )
        before = tuple(each for each, _ in late if (each.line_no, each.ticket_no) not in keys)
        self.remember(after)
        self.ended.append(replace(ended, booking=deepcopy(after), tickets=tickets, stopped=()))
        paid_late = Paid(
            after, as_it_came, new=True, reference=command.reference, late=before, refunds=refunds
        )
        self.paid.append(replace(paid_late, ended=self.ended[-1]))
        return self.paid[-1]

    def back_late(
        self, booking: Booking, payment: Payment, late: Sequence[tuple[EndedTicket, int]]
    ) -> tuple[PaymentRefund, ...]:
        back: list[PaymentRefund] = []
        for line in booking.lines:
            cents = sum(cents for ticket, cents in late if ticket.line_no == line.no)
            back += give_back(payment, line, cents, "too_late", self.now)
        return tuple(back)

    def take_in_twice(self, command: Pay, booking: Booking, payment: Payment) -> Paid:
        """Another payment paid for it, so all that comes in goes back."""
        mark_paid(booking, payment, self.now)
        paid, back = deepcopy(payment), list[PaymentRefund]()
        for line, cents in zip(booking.lines, payment.line_cents, strict=True):
            back += give_back(payment, line, cents, "paid_twice", self.now)
        self.remember(booking)
        self.paid.append(Paid(booking, paid, True, command.reference, refunds=tuple(back)))  # noqa: FBT003
        return self.paid[-1]

    def anew(self, found: Sequence[tuple[Line, Ticket]]) -> tuple[list[Bill], list[int]]:
        """What lapsed of each line, and the credit that had paid for it."""
        bills = []
        for line in {line.no: line for line, _ in found}.values():
            session = self.session(line.session_id)
            assert session
            cents = sum(costs(line)[ticket.no] for of, ticket in found if of.no == line.no)
            bills.append(Bill(line.no, session, line.wallet_id, cents))
        return bills, [bill.cents for bill in bills]

    def is_all_there(self, command: Pay, booking: Booking, found: Sequence[tuple[Line, Ticket]]) -> bool:
        """Price, sale, places and credit, as they were when it was booked."""
        if not found or not all(self.is_as_it_was(line) for line, _ in found):
            return False
        bills, _ = self.anew(found)
        to_pay = [bill for bill in bills if bill.cents]
        wallets = {bill.wallet_id for bill in to_pay}
        by_wallet = [[bill for bill in to_pay if bill.wallet_id == wallet_id] for wallet_id in wallets]
        social = Counter(
            (line.session_id, line.holder_id)
            for line, _ in found
            if line.holder_id and line.tariff_code in SOCIAL
        )
        again = [
            Wish(line.session_id, line.tariff_code, line.holder_id or address_of(self, booking), 1)
            for line, _ in found
        ]
        asked = Counter[UUID]()
        for line, ticket in found:
            asked.update(dict.fromkeys(line.pool_ids, ticket.weight))
        return (
            all(self.social_taken(*key) + places <= 1 for key, places in social.items())
            and over_limit(self, again) is None
            and wallets <= {*command.wallets}
            and all(self.most(theirs) == sum(bill.cents for bill in theirs) for theirs in by_wallet)
            and all(
                self.left(pool_id, asked) >= places
                for pool_id, places in asked.items()
                if self.pool(pool_id).kind != "allotment"
            )
        )

    def is_as_it_was(self, line: Line) -> bool:
        session = self.session(line.session_id)
        prices = {each.code: each.price_cents for each in (session and session.tariffs) or ()}
        same = line.tariff_code in prices and prices[line.tariff_code] * line.places == line.price_cents
        return session is not None and self.sale_refusal(session) is None and same

    def payment(self, booking_id: UUID, payment_id: UUID) -> tuple[Booking | None, Payment | None]:
        booking = self.stored(booking_id)
        payments = booking.payments if booking else []
        return booking, next((each for each in payments if each.id == payment_id), None)

    def stop_payment(self, command: StopPayment) -> Answer:
        booking, payment = self.payment(command.booking_id, command.payment_id)
        if booking is None or payment is None:
            return errors.PaymentUnknown(command.booking_id, command.payment_id)
        ends = all_that_is_held(booking) if is_open(payment) else {}
        return self.end(end_all(booking, ends, self.now, stopped=command.status))

    def lengthen(self, command: Lengthen) -> Answer:
        booking = self.stored(command.booking_id)
        if booking is None or not any(may_give_up(command.by, booking, line) for line in booking.lines):
            return errors.BookingUnknown(command.booking_id)
        theirs = [each.holder_id for each in booking.lines if may_give_up(command.by, booking, each)]
        if refused := self.acting_refused(command.by, theirs):
            return refused
        if booking.lengthened:
            return Lengthened(booking, new=False)
        page_is_open = any(is_open(payment) and payment.opened_at for payment in booking.payments)
        if not page_is_open or booking.held_until is None or booking.held_until <= self.now:
            return errors.CannotLengthen(booking.id)
        booking.held_until, booking.lengthened = booking.held_until + LONGER, True
        self.remember(booking)
        return Lengthened(booking, new=True)

    # End

    def give_up(self, command: GiveUp) -> Answer:
        booking, key = self.stored(command.booking_id), command.cancellation
        lines = [each for each in booking.lines if may_give_up(command.by, booking, each)] if booking else []
        if booking is None or not lines:
            return errors.BookingUnknown(command.booking_id)
        if key and key.id in self.cancellations:
            same = self.cancellations[key.id] == key.digest
            return Ended(booking) if same else errors.CancellationIdTaken(key.id)
        refused = self.acting_refused(command.by, [each.holder_id for each in lines])
        ends = refused or self.ends(command, booking, lines)
        if isinstance(ends, Refusal):
            return ends
        if splits_what_waits(booking, ends):
            return errors.PaymentOpen(booking.id)
        if alone := left_alone(self, booking, ends):
            return alone
        if key:
            self.cancellations[key.id] = key.digest
        ended = end_all(booking, ends, self.now, key, confirms=not self.is_past(booking))
        return self.end(replace(ended, by_staff=isinstance(command.by, ByStaff)))

    def ends(
        self, command: GiveUp, booking: Booking, lines: Sequence[Line]
    ) -> dict[tuple[int, int], TicketEnd] | Refusal:
        """How each ticket ends that is given up, or why none can be."""
        in_the_way = unknown(booking, lines, command.chosen) or used(booking, lines, command.chosen)
        if in_the_way:
            return in_the_way
        ends = {}
        for line, ticket in meant(lines, command.chosen):
            session = self.session(line.session_id)
            assert session
            end = name_of_end(command.by, booking, session, self.now)
            if end is None:
                return errors.TooLate(booking.id, session.cancel_until, line.no)
            ends[line.no, ticket.no] = end
        return ends

    def call_off(self, command: CallOff) -> Answer:
        booking, session = self.stored(command.booking_id), self.session(command.session_id)
        if booking is None:
            return errors.BookingUnknown(command.booking_id)
        ends = {
            (line.no, ticket.no): TicketEnd.CALLED_OFF
            for line in booking.lines
            for ticket in line.tickets
            if line.session_id == command.session_id and ticket.status in HAS_A_PLACE
        }
        is_off = session is not None and session.status == "cancelled"
        ends = ends if is_off else {}
        return self.end(end_all(booking, ends, self.now, confirms=not self.is_past(booking)))

    def expire(self, command: Expire) -> Answer:
        booking = self.stored(command.booking_id)
        if booking is None:
            return errors.BookingUnknown(command.booking_id)
        over = booking.held_until is not None and self.now >= booking.held_until
        return self.end(end_all(booking, all_that_is_held(booking) if over else {}, self.now))

    def end(self, ended: Ended) -> Ended:
        self.check_every_cent(ended)
        self.remember(ended.booking)
        self.ended.append(ended)
        return ended

    def check_every_cent(self, ended: Ended) -> None:
        """What stood for a line is the credit that comes back by its tickets and what stands for it now."""
        for line in ended.booking.lines:
            before = sum(part.cents for part in ended.undone if part.line_no == line.no)
            back = sum(each.returned_cents for each in ended.tickets if each.line_no == line.no)
            back -= sum(each.refund.amount_cents for each in ended.refunds if each.refund.line_no == line.no)
            assert before == back + sum(hold.cents for hold in ended.holds if hold.line_no == line.no)

    def resize(self, command: Resize) -> Answer:
        session = self.session(command.session_id)
        if session is None or command.pool_id not in session.pool_ids:
            return errors.PoolUnknown(command.pool_id)
        pool, taken = self.pool(command.pool_id), self.taken(command.pool_id)
        if pool.kind == "allotment":
            return errors.PoolUnknown(command.pool_id)
        held = self.held(pool.id)
        if command.capacity < taken + held:
            return errors.BelowTaken(command.capacity, taken + held)
        if command.capacity > pool.licensed_capacity:
            return errors.AboveLicence(command.capacity, pool.licensed_capacity)
        changed = self.capacities[pool.id] != command.capacity
        self.capacities[pool.id] = command.capacity
        resized = replace(pool, capacity=command.capacity, taken=taken, held=held)
        return Resized(command.region_id, resized, changed, command.staff_id)


def all_that_is_held(booking: Booking) -> dict[tuple[int, int], TicketEnd]:
    return {
        (line.no, ticket.no): TicketEnd.LAPSED
        for line in booking.lines
        for ticket in line.tickets
        if ticket.status == TicketStatus.HELD
    }


def drawn(pool_id: UUID, bookings: Iterable[Booking]) -> int:
    """Places that bookings have in a pool: of each line, in the pools that it was booked in."""
    return sum(
        ticket.weight
        for booking in bookings
        for line in booking.lines
        for ticket in line.tickets
        if pool_id in line.pool_ids and ticket.status in HAS_A_PLACE
    )


def credit_by_purse(booking: Booking) -> Counter[tuple[int, UUID, bool]]:
    cents: Counter[tuple[int, UUID, bool]] = Counter()
    for part in booking.credit:
        cents[part.line_no, part.purse_id, part.settle_id is not None] += part.cents
    return cents


def maker(command: Book) -> BookingActor:
    match command.by:
        case ByHolder(membership_id):
            return BookingActor("holder", str(membership_id))
        case ByRepresentative(person_id):
            return BookingActor("holder", f"person/{person_id}")
        case ByPartner(given_id):
            return BookingActor("holder", f"partner/{given_id}")
        case ByGroup(group_id, staff_id):
            return BookingActor("holder", f"group/{group_id}/{staff_id}")
        case ByClient(client_id, _):
            return BookingActor("client", client_id)
        case ByGuest(link_id):
            return BookingActor("guest", link_id)
        case ByStaff(staff_id):
            return BookingActor("staff", str(staff_id))
        case ByWorker():
            return BookingActor("worker", "")


def holder_of(line: RequestedLine) -> UUID | None:
    return line.holder.membership_id if isinstance(line.holder, MembershipProof) else None


def group_refused(command: Book) -> Refusal | None:
    """A worker books for their group and for nobody else, and nobody else for a group."""
    groups = {line.holder.group_id if isinstance(line.holder, GroupProof) else None for line in command.lines}
    allowed = {command.by.group_id} if isinstance(command.by, ByGroup) else {None}
    return None if groups <= allowed else errors.MayNotAct()


def is_minor(born_on: date | None, today: date) -> bool:
    return born_on is None or (born_on.year + 18, born_on.month, born_on.day) > (
        today.year,
        today.month,
        today.day,
    )


def limits(tariff: Tariff) -> tuple[int | None, int | None, date | None, date | None]:
    return tariff.age_from, tariff.age_to, tariff.born_from, tariff.born_to


def too_few(session: Session, tariff: Tariff, line: RequestedLine) -> Refusal | None:
    if line.places >= tariff.least:
        return None
    return errors.TooFewPlaces(session.id, tariff.code, line.places, tariff.least)


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    if tariff.eligibility == "social" and (holder.social_until is None or holder.social_until < day):
        return False
    if all(bound is None for bound in limits(tariff)):
        return True
    if holder.born_on is None:
        return False
    if not (tariff.born_from or date.min) <= holder.born_on <= (tariff.born_to or date.max):
        return False
    born, today = holder.born_on, (day.year, day.month, day.day)
    birthdays = [y for y in range(born.year + 1, day.year + 1) if (y, born.month, born.day) <= today]
    old_enough = tariff.age_from is None or len(birthdays) >= tariff.age_from
    return old_enough and (tariff.age_to is None or len(birthdays) <= tariff.age_to)


def in_order(answer: Answer) -> Answer:
    """An answer in which the order of what comes together does not count, nor what a refund is called."""
    match answer:
        case Ended():
            return replace(
                answer,
                booking=nameless(answer.booking),
                tickets=in_line(answer.tickets),
                undone=tuple(sorted(answer.undone, key=lambda part: part.hold_id)),
                holds=tuple(sorted(answer.holds, key=lambda hold: (hold.line_no, hold.purse_id))),
                refunds=by_payment(answer.refunds),
                confirmed=in_line(answer.confirmed),
            )
        case Paid():
            return replace(
                answer,
                booking=nameless(answer.booking),
                payment=nameless(replace(answer.booking, payments=[answer.payment])).payments[0],
                tickets=in_line(answer.tickets),
                late=in_line(answer.late),
                refunds=by_payment(answer.refunds),
                ended=in_order(answer.ended) if answer.ended else None,
            )
        case Booked() | Lengthened():
            return replace(answer, booking=nameless(answer.booking))
        case _:
            return answer


def in_line(tickets: tuple[Numbered, ...]) -> tuple[Numbered, ...]:
    return tuple(sorted(tickets, key=lambda each: (each.line_no, each.ticket_no)))


def by_payment(refunds: tuple[PaymentRefund, ...]) -> tuple[PaymentRefund, ...]:
    nameless_refunds = (replace(each, refund=replace(each.refund, id=ANY_ID)) for each in refunds)
    return tuple(sorted(nameless_refunds, key=lambda each: (each.payment_id, each.refund.line_no)))
