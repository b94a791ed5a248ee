"""What should be answered, said slowly: one ask at a time, every figure summed up again from the start.

It shares with `reservations.turnstile` what goes in and what comes out, and nothing of what lies between.
Where more than one answer is right, which is when several purses can pay, it judges the one that was given.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from itertools import product
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from credits.errors import NotEnough
from credits.wallet.spread import Hold, Purse
from reservations import errors
from reservations.booking.commands import (
    Answer,
    Book,
    Booked,
    ByCard,
    Cancel,
    Change,
    Closed,
    Command,
    Expire,
    RequestedPlaces,
    Resize,
    Resized,
)
from reservations.booking.facts import (
    Booking,
    Facts,
    Holder,
    Key,
    Line,
    OpenHold,
    Pool,
    Session,
    Tariff,
    Ticket,
    TicketStatus,
)
from uit.core.errors import Refusal
from uit.passes.errors import PassNotActive, PassUnknown

NO_NAME = UUID(int=0)
HELD, CONFIRMED, CANCELLED = TicketStatus.HELD, TicketStatus.CONFIRMED, TicketStatus.CANCELLED


def day_of(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/Brussels")).date()


class Model:
    """Remembers how it began and what happened since; `judge` says whether an answer is right."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.facts, self.now = deepcopy(facts), now
        self.bookings = {each.id: each for each in deepcopy(facts.bookings)}
        self.spent: list[Hold] = []
        self.given_back: list[OpenHold] = []
        self.capacities = {(each.region_id, each.id): each.capacity for each in facts.pools}

    def judge(self, ask: Command, answer: Answer) -> None:
        assert nameless(answer) == nameless(self.expected(ask, answer))

    def expected(self, ask: Command, answer: Answer) -> Answer:
        match ask:
            case Book():
                return self.judge_take(ask, answer)
            case Cancel():
                return self.cancel(ask)
            case Expire():
                return self.expire(ask)
            case Resize():
                return self.resize(ask)

    # Figures, each from the start

    def taken(self, key: Key) -> int:
        """What was taken by bookings that we do not know, and by those we do."""
        pool = self._pool(key)
        return pool.taken - self._drawn(key, self.facts.bookings) + self._drawn(key, self.bookings.values())

    def left(self, key: Key) -> int:
        return max(0, self.capacities[key] - self.taken(key) - self._pool(key).held)

    def available_cents(self, purse: Purse) -> int:
        gone = sum(hold.cents for hold in self.spent if hold.purse.id == purse.id)
        back = sum(hold.amount_cents for hold in self.given_back if hold.purse_id == purse.id)
        return purse.available_cents - gone + back

    def _pool(self, key: Key) -> Pool:
        return next(each for each in self.facts.pools if (each.region_id, each.id) == key)

    def _drawn(self, key: Key, bookings: Iterable[Booking]) -> int:
        drawn = 0
        for booking in bookings:
            for line in booking.lines:
                if (booking.region_id, key[1]) == key and key[1] in line.pool_ids:
                    drawn += sum(t.weight for t in line.tickets if t.status in (HELD, CONFIRMED))
        return drawn

    # Take

    def judge_take(self, ask: Book, answer: Answer) -> Answer:
        stored = self.bookings.get(ask.booking_id)
        if stored is not None:
            same = stored.digest == ask.digest
            return Booked(deepcopy(stored), new=False) if same else errors.IdTaken(ask.booking_id)
        no = self.refusal(ask)
        if no is not None:
            return no
        assert isinstance(answer, Booked)
        self.check_holds(ask, answer.holds)
        booking = self.booking(ask)
        self.bookings[booking.id] = replace(deepcopy(booking), holds=opened(booking, answer.holds))
        self.spent += answer.holds
        return Booked(booking, new=True, holds=answer.holds)

    def refusal(self, ask: Book) -> Refusal | None:
        holder = self.holder(ask)
        if holder is None:
            return PassUnknown()
        over = holder.ends_on is not None and day_of(self.now) > holder.ends_on
        if over or not holder.active or (isinstance(ask.holder, ByCard) and not holder.card_active):
            return PassNotActive()
        for no in range(len(ask.wanted)):
            refusal = self.line_refusal(ask, no, holder)
            if refusal:
                return refusal
        return self.sold_out(ask) or self.price_refusal(ask) or self.credit_refusal(ask, holder)

    def holder(self, ask: Book) -> Holder | None:
        for each in self.facts.holders:
            if isinstance(ask.holder, ByCard):
                asked = (ask.holder.region_id, ask.holder.card_id, ask.holder.token_version)
                found = (each.region_id, each.card_id, each.token_version)
            else:
                asked = (ask.holder.region_id, ask.holder.membership_id, None)  # type: ignore[assignment]
                found = (each.region_id, each.id, each.card_id)  # type: ignore[assignment]
            if asked == found:
                return each
        return None

    def session(self, region_id: int, session_id: UUID) -> Session | None:
        found = (each for each in self.facts.sessions if (each.region_id, each.id) == (region_id, session_id))
        return next(found, None)

    def line_refusal(self, ask: Book, no: int, holder: Holder) -> Refusal | None:
        wanted = ask.wanted[no]
        session = self.session(ask.region_id, wanted.session_id)
        if session is None:
            return errors.SessionUnknown(wanted.session_id)
        return self.session_refusal(ask, session, holder) or self.tariff_refusal(ask, session, holder, wanted)

    def session_refusal(self, ask: Book, session: Session, holder: Holder) -> Refusal | None:
        if session.region_id != holder.region_id:
            return errors.OtherRegion(session.id)
        if ask.organiser_ids is not None and session.organiser_id not in ask.organiser_ids:
            return errors.NotYourSession(session.id)
        if session.status == "cancelled":
            return errors.SessionCancelled(session.id)
        too_early = session.sale_opens_at is not None and self.now < session.sale_opens_at
        if too_early or self.now >= session.sale_closes_at or session.status != "scheduled":
            opens_at = session.sale_opens_at if too_early else None
            return errors.NotOnSale(session.id, opens_at, session.sale_closes_at)
        return None

    def tariff_refusal(
        self, ask: Book, session: Session, holder: Holder, wanted: RequestedPlaces
    ) -> Refusal | None:
        tariff = next((each for each in session.tariffs or () if each.code == wanted.tariff), None)
        if tariff is None:
            return errors.TariffUnknown(session.id, wanted.tariff)
        if tariff.eligibility == "social" and self.social_places(ask, session) > 1:
            return errors.OnePlaceEach(session.id, tariff.code)
        if not self.is_for(tariff, holder, day_of(session.starts_at)):
            return errors.NotForYou(session.id, tariff.code)
        return None

    def social_places(self, ask: Book, session: Session) -> int:
        social = {each.code for each in session.tariffs or () if each.eligibility == "social"}
        return sum(w.places for w in ask.wanted if w.session_id == session.id and w.tariff in social)

    def is_for(self, tariff: Tariff, holder: Holder, day: date) -> bool:
        if tariff.eligibility == "social" and (holder.social_until is None or holder.social_until < day):
            return False
        if tariff.age_from is None and tariff.age_to is None:
            return True
        if holder.born_on is None:
            return False
        born = holder.born_on
        today = (day.year, day.month, day.day)
        birthdays = [y for y in range(born.year + 1, day.year + 1) if (y, born.month, born.day) <= today]
        old_enough = tariff.age_from is None or len(birthdays) >= tariff.age_from
        return old_enough and (tariff.age_to is None or len(birthdays) <= tariff.age_to)

    def tariffs(self, ask: Book) -> Iterator[tuple[Session, Tariff, int]]:
        for wanted in ask.wanted:
            session = self.session(ask.region_id, wanted.session_id)
            assert session
            tariff = next(each for each in session.tariffs or () if each.code == wanted.tariff)
            yield session, tariff, wanted.places

    def sold_out(self, ask: Book) -> Refusal | None:
        for session, tariff, _ in self.tariffs(ask):
            for pool_id in tariff.pool_ids:
                asked = sum(n for _, other, n in self.tariffs(ask) if pool_id in other.pool_ids)
                left = self.left((ask.region_id, pool_id))
                if asked > left:
                    return errors.SoldOut(session.id, asked, left)
        return None

    def price_refusal(self, ask: Book) -> Refusal | None:
        price_cents = sum(tariff.price_cents * places for _, tariff, places in self.tariffs(ask))
        if ask.price_seen_cents is None or ask.price_seen_cents == price_cents:
            return None
        return errors.PriceChanged(ask.price_seen_cents, price_cents)

    # Credit

    def credit_refusal(self, ask: Book, holder: Holder) -> Refusal | None:
        purses = [p for p in self.facts.purses if (p.region_id, p.wallet_id) == (holder.region_id, holder.id)]
        left = tuple(self.available_cents(purse) for purse in purses)
        bills = [(session, tariff.price_cents * places) for session, tariff, places in self.tariffs(ask)]
        most = tuple(
            (cents, tuple(self.most_on(session, purse, cents) for purse in purses))
            for session, cents in bills
        )
        return None if can_cover(most, left) else NotEnough(sum(cents for _, cents in bills))

    def most_on(self, session: Session, purse: Purse, cents: int) -> int:
        """What a purse may pay of one line, by its rules alone."""
        fits = (
            self.now < purse.lapses_at
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

    def check_holds(self, ask: Book, holds: Sequence[Hold]) -> None:
        """Each line is paid in full, by the holder's own purses, within what each has and allows."""
        holder = self.holder(ask)
        assert holder
        for purse in {hold.purse.id: hold.purse for hold in holds}.values():
            assert (purse.region_id, purse.wallet_id) == (holder.region_id, holder.id)
            assert sum(h.cents for h in holds if h.purse.id == purse.id) <= self.available_cents(
                self.as_given(purse)
            )
        for no, (session, tariff, places) in enumerate(self.tariffs(ask), start=1):
            cents = tariff.price_cents * places
            paying = [hold for hold in holds if hold.line_no == no]
            assert sum(hold.cents for hold in paying) == cents
            assert len({hold.purse.id for hold in paying}) == len(paying)
            assert all(0 < hold.cents <= self.most_on(session, hold.purse, cents) for hold in paying)
        if len(ask.wanted) == 1:
            self.check_soonest_first(ask, holder, holds)

    def check_soonest_first(self, ask: Book, holder: Holder, holds: Sequence[Hold]) -> None:
        """With one line there is one right choice: what lapses first is spent first."""
        session, tariff, places = next(self.tariffs(ask))
        missing = cents = tariff.price_cents * places
        expected = {}
        for purse in sorted(self.facts.purses, key=lambda each: (each.lapses_at, each.id)):
            if (purse.region_id, purse.wallet_id) == (holder.region_id, holder.id):
                part = min(missing, self.most_on(session, purse, cents), self.available_cents(purse))
                expected[purse.id] = part
                missing -= part
        assert {hold.purse.id: hold.cents for hold in holds} == {key: n for key, n in expected.items() if n}

    def as_given(self, purse: Purse) -> Purse:
        return next(each for each in self.facts.purses if each.id == purse.id)

    # The booking itself, and what becomes of it

    def booking(self, ask: Book) -> Booking:
        holder = self.holder(ask)
        assert holder
        status = CONFIRMED if ask.held_until is None else HELD
        lines = [
            Line(
                no, session.id, tariff.code, tariff.rank, session.organiser_id, places,
                tariff.price_cents * places, tariff.price_cents * places, tariff.vat_code, tariff.pool_ids,
                [Ticket(n + 1, status) for n in range(places)],
            )
            for no, (session, tariff, places) in enumerate(self.tariffs(ask), start=1)
        ]  # fmt: skip
        card_id = ask.holder.card_id if isinstance(ask.holder, ByCard) else None
        return Booking(
            ask.region_id, ask.booking_id, ask.digest, ask.channel, ask.client_id, holder.region_id,
            holder.id, card_id, self.now, ask.held_until, lines, [], ask.booked_by,
        )  # fmt: skip

    def cancel(self, ask: Cancel) -> Answer:
        booking = self.bookings.get(ask.booking_id)
        if (
            booking is None
            or (ask.client_id is not None and ask.client_id != booking.client_id)
            or (ask.holder_id is not None and ask.holder_id != booking.holder_id)
        ):
            return errors.BookingUnknown(ask.booking_id)
        present = {ticket.status for line in booking.lines for ticket in line.tickets}
        if present & {TicketStatus.ATTENDED, TicketStatus.NO_SHOW}:
            return errors.AlreadyUsed(booking.id)
        sessions = [self.session(booking.region_id, line.session_id) for line in booking.lines]
        limits = [each.cancel_until for each in sessions if each and each.status != "cancelled"]
        if present & {HELD, CONFIRMED} and ask.in_time and limits and self.now > min(limits):
            return errors.TooLate(booking.id, min(limits))
        return self.close(booking, {HELD, CONFIRMED}, CANCELLED)

    def expire(self, ask: Expire) -> Answer:
        booking = self.bookings.get(ask.booking_id)
        if booking is None:
            return errors.BookingUnknown(ask.booking_id)
        over = booking.held_until is not None and self.now >= booking.held_until
        return self.close(booking, {HELD} if over else set(), TicketStatus.LAPSED)

    def close(self, booking: Booking, which: set[TicketStatus], status: TicketStatus) -> Closed:
        changes = []
        for line in booking.lines:
            for ticket in line.tickets:
                if ticket.status in which:
                    changes.append(Change(line.no, ticket.no, ticket.status, status))
                    ticket.status = status
        if changes:
            booking.held_until = None
            self.given_back += booking.holds
        closed = Closed(deepcopy(booking), tuple(changes))
        if changes:
            booking.holds = []
        return closed

    def resize(self, ask: Resize) -> Answer:
        session, key = self.session(ask.region_id, ask.session_id), (ask.region_id, ask.pool_id)
        if session is None or ask.pool_id not in session.pool_ids:
            return errors.PoolUnknown(ask.pool_id)
        pool, taken = self._pool(key), self.taken(key)
        if ask.capacity < taken + pool.held:
            return errors.BelowTaken(ask.capacity, taken + pool.held)
        if ask.capacity > pool.licensed_capacity:
            return errors.AboveLicence(ask.capacity, pool.licensed_capacity)
        changed = self.capacities[key] != ask.capacity
        self.capacities[key] = ask.capacity
        resized = Pool(*key, pool.licensed_capacity, ask.capacity, taken, pool.held)
        return Resized(resized, changed, ask.staff_id)


def opened(booking: Booking, holds: Sequence[Hold]) -> list[OpenHold]:
    """What a booking will be seen to have put aside; the writer gives each hold its name."""
    sellers = {line.no: line.seller_id for line in booking.lines}
    return [
        OpenHold(NO_NAME, hold.line_no, hold.purse.id, hold.cents, sellers[hold.line_no]) for hold in holds
    ]


def nameless(answer: Answer) -> Answer:
    """An answer without the names of holds, which are any, and without their order."""
    if not isinstance(answer, Booked | Closed):
        return answer
    holds = sorted(
        (replace(hold, id=NO_NAME) for hold in answer.booking.holds),
        key=lambda hold: (hold.line_no, hold.purse_id),
    )
    return replace(answer, booking=replace(answer.booking, holds=holds))


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
