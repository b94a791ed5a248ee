"""What should be answered, said slowly: one command at a time, every figure summed up again from the start.

It shares with `reservations.booking` what goes in and what comes out, and nothing of what lies between.
Where more than one answer is right, which is when several purses can pay, it judges the one that was given.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from itertools import chain, product
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from credits.errors import NotEnough
from credits.wallet.spread import Hold, Purse
from reservations import errors
from reservations.booking.answers import Answer, Booked, Ended, Resized
from reservations.booking.commands import (
    Book,
    ByClient,
    ByGuest,
    ByHolder,
    ByStaff,
    ByWorker,
    CallOff,
    CardProof,
    Command,
    Expire,
    GiveUp,
    HolderProof,
    Lengthen,
    Pay,
    RequestedLine,
    Resize,
    StopPayment,
)
from reservations.booking.facts import (
    Booking,
    BookingActor,
    Facts,
    Holder,
    Line,
    Pool,
    Session,
    Tariff,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from tests.reservations.booking.model_ending import (
    HAS_A_PLACE,
    end_all,
    may_give_up,
    meant,
    name_of_end,
    unknown,
    used,
)
from uit.core.errors import Refusal
from uit.passes.errors import PassNotActive, PassUnknown

Priced = tuple[Session, Tariff, RequestedLine]


def day_of(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/Brussels")).date()


class Model:
    """Remembers how it began and what happened since; `expected` says what is right."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.facts, self.now = deepcopy(facts), now
        self.bookings = {each.id: each for each in deepcopy(facts.bookings)}
        self.cancellations = {each.id: each.digest for each in facts.cancellations}
        self.capacities = {each.id: each.capacity for each in facts.pools}
        self.booked: list[Booked] = []
        self.ended: list[Ended] = []

    def expected(self, command: Command, answer: Answer) -> Answer:
        """The right answer: the one that was given, where it is one of several."""
        match command:
            case Book():
                return self.book(command, answer)
            case GiveUp():
                return self.give_up(command)
            case CallOff():
                return self.call_off(command)
            case Expire():
                return self.expire(command)
            case Resize():
                return self.resize(command)
            case Pay() | StopPayment() | Lengthen():
                raise NotImplementedError

    # Figures, each from the start

    def taken(self, pool_id: UUID) -> int:
        """What was taken by bookings that we do not know, and by those we do."""
        before = drawn(pool_id, self.facts.bookings)
        return self.pool(pool_id).taken - before + drawn(pool_id, self.bookings.values())

    def left(self, pool_id: UUID) -> int:
        return max(0, self.capacities[pool_id] - self.taken(pool_id) - self.pool(pool_id).held)

    def available_cents(self, purse: Purse) -> int:
        return self.as_given(purse).available_cents + self.moved_cents()[purse.id]

    def moved_cents(self) -> Counter[UUID]:
        """What each purse can spend more, or less, than it could."""
        cents: Counter[UUID] = Counter()
        for booked in self.booked:
            for hold in booked.holds:
                cents[hold.purse.id] -= hold.cents
        for ended in self.ended:
            for part in ended.undone:
                cents[part.purse_id] += part.cents
            for again in ended.holds:
                cents[again.purse_id] -= again.cents
        return cents

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
        for booked in [each for each in self.booked if each.booking.id == booking_id]:
            cents.update({(hold.line_no, hold.purse.id, False): hold.cents for hold in booked.holds})
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
        refusal = self.refusal(command)
        if refusal:
            return refusal
        assert isinstance(answer, Booked)
        self.check_holds(command, answer.holds)
        booked = Booked(self.booking(command), new=True, holds=answer.holds)
        self.bookings[command.booking_id] = deepcopy(booked.booking)
        self.booked.append(booked)
        return booked

    def refusal(self, command: Book) -> Refusal | None:
        holders = (self.holder_refusal(line.holder) for line in command.lines)
        lines = (self.line_refusal(command, line) for line in command.lines)
        first = next((reason for reason in chain(holders, lines) if reason), None)
        return first or self.sold_out(command) or self.price_refusal(command) or self.credit_refusal(command)

    def holder(self, proof: HolderProof | None) -> Holder | None:
        for each in self.facts.holders:
            if isinstance(proof, CardProof):
                if (each.card_id, each.token_version) == (proof.card_id, proof.token_version):
                    return each
            elif proof and (each.id, each.card_id) == (proof.membership_id, None):
                return each
        return None

    def known_holder(self, proof: HolderProof | None) -> Holder:
        holder = self.holder(proof)
        assert holder
        return holder

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
        return self.sale_refusal(command, session) or self.tariff_refusal(command, session, line)

    def sale_refusal(self, command: Book, session: Session) -> Refusal | None:
        if isinstance(command.by, ByClient) and session.organiser_id not in command.by.organiser_ids:
            return errors.NotYourSession(session.id)
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
        holder = self.known_holder(line.holder)
        tariff = next((each for each in session.tariffs or () if each.code == line.tariff), None)
        if tariff is None:
            return errors.TariffUnknown(session.id, line.tariff)
        if tariff.eligibility == "social" and self.social_places(command, session, holder) > 1:
            return errors.OnePlaceEach(session.id, tariff.code)
        if not is_for(tariff, holder, day_of(session.starts_at)):
            return errors.NotForYou(session.id, tariff.code)
        return None

    def social_places(self, command: Book, session: Session, holder: Holder) -> int:
        """What this holder asks at social tariffs of a session, in the whole booking, by whatever proof."""
        social = {each.code for each in session.tariffs or () if each.eligibility == "social"}
        return sum(
            line.places
            for line in command.lines
            if line.session_id == session.id
            and line.tariff in social
            and self.known_holder(line.holder).id == holder.id
        )

    def priced(self, command: Book) -> Iterator[Priced]:
        for line in command.lines:
            session = self.session(line.session_id)
            assert session
            yield session, next(each for each in session.tariffs or () if each.code == line.tariff), line

    def sold_out(self, command: Book) -> Refusal | None:
        for session, tariff, _ in self.priced(command):
            for pool_id in tariff.pool_ids:
                asked = sum(
                    line.places for _, other, line in self.priced(command) if pool_id in other.pool_ids
                )
                if asked > self.left(pool_id):
                    return errors.SoldOut(session.id, asked, self.left(pool_id))
        return None

    def price_cents(self, command: Book) -> int:
        return sum(tariff.price_cents * line.places for _, tariff, line in self.priced(command))

    def price_refusal(self, command: Book) -> Refusal | None:
        price_cents = self.price_cents(command)
        if command.price_seen_cents in {None, price_cents}:
            return None
        return errors.PriceChanged(command.price_seen_cents or 0, price_cents)

    # Credit

    def credit_refusal(self, command: Book) -> Refusal | None:
        """Each wallet pays for its own lines, from what it has."""
        wallets = {self.known_holder(line.holder).id for line in command.lines}
        paid = all(self.can_pay(command, wallet_id) for wallet_id in wallets)
        return None if paid else NotEnough(self.price_cents(command))

    def can_pay(self, command: Book, wallet_id: UUID) -> bool:
        purses = [purse for purse in self.facts.purses if purse.wallet_id == wallet_id]
        most = tuple(
            (cents, tuple(self.most_on(session, purse, cents) for purse in purses))
            for session, tariff, line in self.priced(command)
            if self.known_holder(line.holder).id == wallet_id
            for cents in [tariff.price_cents * line.places]
        )
        return can_cover(most, tuple(self.available_cents(purse) for purse in purses))

    def most_on(self, session: Session, purse: Purse, cents: int) -> int:
        """What a purse may pay of one line, by its rules alone."""
        fits = (
            self.now < self.lapses_at(purse.id, self.as_given(purse).lapses_at)
            and (not purse.domains or session.domain in purse.domains)
            and (not purse.attendance or session.attendance in purse.attendance)
            and self.is_admitted(purse.programme_id, session.organiser_id)
        )
        ceiling = cents if purse.ceiling_cents is None else min(cents, purse.ceiling_cents)
        return ceiling if fits else 0

    def is_admitted(self, programme_id: UUID, organiser_id: UUID) -> bool:
        today = day_of(self.now)
        return any(
            (each.programme_id, each.organiser_id) == (programme_id, organiser_id)
            and each.starts_on <= today
            and (each.ends_on is None or each.ends_on >= today)
            for each in self.facts.admissions
        )

    def check_holds(self, command: Book, holds: Sequence[Hold]) -> None:
        """Each line is paid in full, by its own wallet's purses, within what each has and allows."""
        for purse in {hold.purse.id: hold.purse for hold in holds}.values():
            drawn_cents = sum(hold.cents for hold in holds if hold.purse.id == purse.id)
            assert drawn_cents <= self.available_cents(purse)
        for no, (session, tariff, line) in enumerate(self.priced(command), start=1):
            cents = tariff.price_cents * line.places
            paying = [hold for hold in holds if hold.line_no == no]
            assert sum(hold.cents for hold in paying) == cents
            assert len({hold.purse.id for hold in paying}) == len(paying)
            assert all(hold.purse.wallet_id == self.known_holder(line.holder).id for hold in paying)
            assert all(0 < hold.cents <= self.most_on(session, hold.purse, cents) for hold in paying)
        if len(command.lines) == 1:
            self.check_soonest_first(command, holds)

    def check_soonest_first(self, command: Book, holds: Sequence[Hold]) -> None:
        """With one line there is one right choice: what lapses first is spent first."""
        [(session, tariff, line)] = self.priced(command)
        missing = cents = tariff.price_cents * line.places
        expected = {}
        for purse in sorted(
            self.facts.purses, key=lambda each: (self.lapses_at(each.id, each.lapses_at), each.id)
        ):
            if purse.wallet_id == self.known_holder(line.holder).id:
                part = min(missing, self.most_on(session, purse, cents), self.available_cents(purse))
                expected[purse.id] = part
                missing -= part
        assert {hold.purse.id: hold.cents for hold in holds} == {key: n for key, n in expected.items() if n}

    # The booking itself, and what becomes of it

    def booking(self, command: Book) -> Booking:
        status = TicketStatus.HELD if command.held_until else TicketStatus.CONFIRMED
        lines = []
        for no, (session, tariff, line) in enumerate(self.priced(command), start=1):
            holder, cents = self.known_holder(line.holder), tariff.price_cents * line.places
            tickets = [Ticket(n + 1, status) for n in range(line.places)]
            card_id = line.holder.card_id if isinstance(line.holder, CardProof) else None
            lines.append(
                Line(
                    no, session.id, tariff.code, tariff.rank, holder.id, holder.id, card_id,
                    session.organiser_id, line.places, cents, cents, tariff.vat_code, tariff.pool_ids,
                    tickets,
                )
            )  # fmt: skip
        return Booking(
            command.region_id, command.booking_id, command.digest, command.channel, maker(command), self.now,
            command.held_until, lines,
        )  # fmt: skip

    def give_up(self, command: GiveUp) -> Answer:
        booking, key = self.stored(command.booking_id), command.cancellation
        lines = [each for each in booking.lines if may_give_up(command.by, booking, each)] if booking else []
        if booking is None or not lines:
            return errors.BookingUnknown(command.booking_id)
        if key and key.id in self.cancellations:
            same = self.cancellations[key.id] == key.digest
            return Ended(booking) if same else errors.CancellationIdTaken(key.id)
        ends = self.ends(command, booking, lines)
        if isinstance(ends, Refusal):
            return ends
        if key:
            self.cancellations[key.id] = key.digest
        return self.end(end_all(booking, ends, self.now, key))

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
        return self.end(end_all(booking, ends if is_off else {}, self.now))

    def expire(self, command: Expire) -> Answer:
        booking = self.stored(command.booking_id)
        if booking is None:
            return errors.BookingUnknown(command.booking_id)
        over = booking.held_until is not None and self.now >= booking.held_until
        ends = {
            (line.no, ticket.no): TicketEnd.LAPSED
            for line in booking.lines
            for ticket in line.tickets
            if over and ticket.status == TicketStatus.HELD
        }
        return self.end(end_all(booking, ends, self.now))

    def end(self, ended: Ended) -> Ended:
        self.check_every_cent(ended)
        self.bookings[ended.booking.id] = deepcopy(ended.booking)
        self.ended.append(ended)
        return ended

    def check_every_cent(self, ended: Ended) -> None:
        """What stood for a line is what comes back by its tickets and what stands for it now."""
        for line in ended.booking.lines:
            before = sum(part.cents for part in ended.undone if part.line_no == line.no)
            back = sum(each.returned_cents for each in ended.tickets if each.line_no == line.no)
            assert before == back + sum(hold.cents for hold in ended.holds if hold.line_no == line.no)

    def resize(self, command: Resize) -> Answer:
        session = self.session(command.session_id)
        if session is None or command.pool_id not in session.pool_ids:
            return errors.PoolUnknown(command.pool_id)
        pool, taken = self.pool(command.pool_id), self.taken(command.pool_id)
        if command.capacity < taken + pool.held:
            return errors.BelowTaken(command.capacity, taken + pool.held)
        if command.capacity > pool.licensed_capacity:
            return errors.AboveLicence(command.capacity, pool.licensed_capacity)
        changed = self.capacities[pool.id] != command.capacity
        self.capacities[pool.id] = command.capacity
        resized = Pool(pool.id, pool.licensed_capacity, command.capacity, taken, pool.held)
        return Resized(command.region_id, resized, changed, command.staff_id)


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
        case ByClient(client_id, _):
            return BookingActor("client", client_id)
        case ByGuest(link_id):
            return BookingActor("guest", link_id)
        case ByStaff(staff_id):
            return BookingActor("staff", str(staff_id))
        case ByWorker():
            return BookingActor("worker", "")


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    if tariff.eligibility == "social" and (holder.social_until is None or holder.social_until < day):
        return False
    if tariff.age_from is None and tariff.age_to is None:
        return True
    if holder.born_on is None:
        return False
    born, today = holder.born_on, (day.year, day.month, day.day)
    birthdays = [y for y in range(born.year + 1, day.year + 1) if (y, born.month, born.day) <= today]
    old_enough = tariff.age_from is None or len(birthdays) >= tariff.age_from
    return old_enough and (tariff.age_to is None or len(birthdays) <= tariff.age_to)


def in_order(answer: Answer) -> Answer:
    """An answer in which the order of what comes together does not count."""
    if not isinstance(answer, Ended):
        return answer
    return replace(
        answer,
        tickets=tuple(sorted(answer.tickets, key=lambda each: (each.line_no, each.ticket_no))),
        undone=tuple(sorted(answer.undone, key=lambda part: part.hold_id)),
        holds=tuple(sorted(answer.holds, key=lambda hold: (hold.line_no, hold.purse_id))),
    )


@cache
def can_cover(bills: tuple[tuple[int, tuple[int, ...]], ...], left: tuple[int, ...]) -> bool:
    """Try every way to share out the first bill, and with each every way for the rest."""
    if not bills:
        return True
    (cents, most), *rest = bills
    shares = product(*(range(min(has, may) + 1) for has, may in zip(left, most, strict=True)))
    return any(
        can_cover(tuple(rest), tuple(has - part for has, part in zip(left, share, strict=True)))
        for share in shares
        if sum(share) == cents
    )
