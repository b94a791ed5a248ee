"""The decision: pure, exact, in order of arrival.

Property tests compare it with a slow, obviously right model.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime

from msgspec.structs import replace

from credits.errors import NotEnough
from credits.wallet.spread import Bill, Hold, Purse, admitted_on, spread
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
    Resize,
    Resized,
)
from reservations.booking.entitlement import tariff_refusal
from reservations.booking.facts import (
    LIVE,
    USED,
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
from reservations.errors import (
    AboveLicence,
    AlreadyUsed,
    BelowTaken,
    BookingUnknown,
    IdTaken,
    NotOnSale,
    NotYourSession,
    OtherRegion,
    PoolUnknown,
    PriceChanged,
    SessionCancelled,
    SessionUnknown,
    SoldOut,
    TariffUnknown,
    TooLate,
)
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.passes.errors import PassNotActive, PassUnknown


def decide(facts: Facts, commands: Sequence[Command], now: datetime) -> list[Answer]:
    """Answer each command in order of arrival, exactly as if it came alone."""
    remaining = Remaining(facts, now)
    return [remaining.answer(command) for command in commands]


class Remaining:
    """A working copy of the facts: what is left after the commands answered so far."""

    def __init__(self, facts: Facts, now: datetime) -> None:
        self.now = now
        self.today = day_in_flanders(now)
        self.bookings = {booking.id: booking for booking in facts.bookings}
        self.sessions: dict[Key, Session] = {(each.region_id, each.id): each for each in facts.sessions}
        self.pools: dict[Key, Pool] = {(each.region_id, each.id): copy(each) for each in facts.pools}
        self.by_card = {
            (each.region_id, each.card_id): each for each in facts.holders if each.card_id is not None
        }
        self.by_membership = {
            (each.region_id, each.id): each for each in facts.holders if each.card_id is None
        }
        self.admitted = admitted_on(facts.admissions, now)
        self.purses: dict[Key, list[Purse]] = {}
        for purse in facts.purses:
            self.purses.setdefault((purse.region_id, purse.wallet_id), []).append(copy(purse))

    def answer(self, command: Command) -> Answer:
        match command:
            case Book():
                return self.stored(command) or self.book(command)
            case Cancel():
                return self.cancel(command)
            case Expire():
                return self.expire(command)
            case Resize():
                return self.resize(command)

    # Book

    def stored(self, command: Book) -> Answer | None:
        """A repeat with the same content gets the booking as it stands now; other content is a conflict."""
        booking = self.bookings.get(command.booking_id)
        if booking is None:
            return None
        return Booked(booking, new=False) if booking.digest == command.digest else IdTaken(command.booking_id)

    def book(self, command: Book) -> Answer:
        """Everything or nothing: a good pass and lines, places in every pool, the price, credit for all."""
        holder = self.holder(command)
        if isinstance(holder, Refusal):
            return holder
        lines = self._lines(command, holder)
        if isinstance(lines, Refusal):
            return lines
        drawn = self._drawn(command.region_id, lines)
        sold_out = self._sold_out(drawn, lines)
        if sold_out:
            return sold_out
        price_cents = sum([line.price_cents for line in lines])
        if command.price_seen_cents is not None and command.price_seen_cents != price_cents:
            return PriceChanged(command.price_seen_cents, price_cents)
        holds = self._pay(command.region_id, holder, lines)
        if holds is None:
            return NotEnough(price_cents)
        return self._booked(command, holder, lines, drawn, holds)

    def holder(self, command: Book) -> Holder | Refusal:
        if not isinstance(command.holder, ByCard):
            holder = self.by_membership.get((command.holder.region_id, command.holder.membership_id))
        else:
            holder = self.by_card.get((command.holder.region_id, command.holder.card_id))
            if holder and holder.token_version != command.holder.token_version:
                holder = None
        if holder is None:
            return PassUnknown()
        ended = holder.ends_on is not None and holder.ends_on < self.today
        return PassNotActive() if ended or not holder.active or holder.card_active is False else holder

    def _lines(self, command: Book, holder: Holder) -> list[Line] | Refusal:
        """The lines of the booking, or the first reason why this holder may not have one of them."""
        lines: list[Line] = []
        for wanted in command.wanted:
            session = self.sessions.get((command.region_id, wanted.session_id))
            if session is None:
                return SessionUnknown(wanted.session_id)
            refusal = self._session_refusal(command, holder, session)
            if refusal:
                return refusal
            tariff = session.tariff(wanted.tariff)
            if tariff is None:
                return TariffUnknown(session.id, wanted.tariff)
            refusal = tariff_refusal(session, tariff, holder, command.wanted)
            if refusal:
                return refusal
            lines.append(line_of(command, len(lines) + 1, session, tariff, wanted.places))
        return lines

    def _session_refusal(self, command: Book, holder: Holder, session: Session) -> Refusal | None:
        if holder.region_id != session.region_id:
            return OtherRegion(session.id)
        if command.organiser_ids is not None and session.organiser_id not in command.organiser_ids:
            return NotYourSession(session.id)
        return self.sale_refusal(session)

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return SessionCancelled(session.id)
        opened = session.sale_opens_at is None or session.sale_opens_at <= self.now
        if opened and self.now < session.sale_closes_at and session.status == "scheduled":
            return None
        return NotOnSale(session.id, None if opened else session.sale_opens_at, session.sale_closes_at)

    def _drawn(self, region_id: int, lines: Sequence[Line]) -> dict[Key, int]:
        """How many places the lines draw from each pool, nested pools included."""
        drawn: dict[Key, int] = {}
        for line in lines:
            for pool_id in line.pool_ids:
                key = region_id, pool_id
                drawn[key] = drawn.get(key, 0) + line.places
        return drawn

    def _sold_out(self, drawn: dict[Key, int], lines: Sequence[Line]) -> SoldOut | None:
        for key, places in drawn.items():
            remaining = self.pools[key].left
            if remaining < places:
                line = next(line for line in lines if key[1] in line.pool_ids)
                return SoldOut(line.session_id, places, remaining)
        return None

    def _pay(self, region_id: int, holder: Holder, lines: Sequence[Line]) -> list[Hold] | None:
        bills = [self._bill(region_id, line) for line in lines if line.price_cents]
        purses = self.purses.get((holder.region_id, holder.id), [])
        return spread(purses, bills, self.admitted, self.now) if bills else []

    def _bill(self, region_id: int, line: Line) -> Bill:
        session = self.sessions[region_id, line.session_id]
        return Bill(line.no, line.price_cents, session.organiser_id, session.domain, session.attendance)

    def _booked(
        self, command: Book, holder: Holder, lines: list[Line], drawn: dict[Key, int], holds: Sequence[Hold]
    ) -> Booked:
        for key, places in drawn.items():
            self.pools[key].taken += places
        for hold in holds:
            hold.purse.available_cents -= hold.cents
        booking = Booking(
            region_id=command.region_id,
            id=command.booking_id,
            digest=command.digest,
            channel=command.channel,
            client_id=command.client_id,
            holder_region_id=holder.region_id,
            holder_id=holder.id,
            card_id=command.holder.card_id if isinstance(command.holder, ByCard) else None,
            made_at=self.now,
            held_until=command.held_until,
            lines=lines,
            booked_by=command.booked_by,
        )
        return Booked(booking, new=True, holds=tuple(holds))

    # Cancel and expire

    def cancel(self, command: Cancel) -> Answer:
        booking = self.bookings.get(command.booking_id)
        if booking is None or not concerns(command, booking):
            return BookingUnknown(command.booking_id)
        tickets = [ticket for line in booking.lines for ticket in line.tickets]
        if any(ticket.status in USED for ticket in tickets):
            return AlreadyUsed(booking.id)
        limits = [
            session.cancel_until for session in self._sessions_of(booking) if session.status != "cancelled"
        ]
        live = any(ticket.status in LIVE for ticket in tickets)
        if live and command.in_time and limits and self.now > min(limits):
            return TooLate(booking.id, min(limits))
        return self._close(booking, LIVE, TicketStatus.CANCELLED)

    def _sessions_of(self, booking: Booking) -> list[Session]:
        return [self.sessions[booking.region_id, line.session_id] for line in booking.lines]

    def expire(self, command: Expire) -> Answer:
        booking = self.bookings.get(command.booking_id)
        if booking is None:
            return BookingUnknown(command.booking_id)
        due = booking.held_until is not None and booking.held_until <= self.now
        return self._close(
            booking, frozenset({TicketStatus.HELD}) if due else frozenset(), TicketStatus.LAPSED
        )

    def _close(self, booking: Booking, which: frozenset[TicketStatus], status: TicketStatus) -> Closed:
        """Give up the tickets in a status, their places and the credit; the write releases the holds."""
        changes = [
            Change(line.no, ticket.no, ticket.status, status)
            for line in booking.lines
            for ticket in line.tickets
            if ticket.status in which
        ]
        if not changes:
            return Closed(booking, ())
        for line in booking.lines:
            weight = sum(ticket.weight for ticket in line.tickets if ticket.status in which)
            for pool_id in line.pool_ids:
                self.pools[booking.region_id, pool_id].taken -= weight
        if booking.holder_id is not None:
            self._give_back((booking.holder_region_id, booking.holder_id), booking.holds)
        closed = given_up(booking, which, status)
        self.bookings[closed.id] = closed
        return Closed(closed, tuple(changes))

    def _give_back(self, wallet: Key, holds: Iterable[OpenHold]) -> None:
        purses = {purse.id: purse for purse in self.purses.get(wallet, ())}
        for hold in holds:
            if hold.purse_id in purses:
                purses[hold.purse_id].available_cents += hold.amount_cents

    # Resize

    def resize(self, command: Resize) -> Answer:
        session = self.sessions.get((command.region_id, command.session_id))
        if session is None or command.pool_id not in session.pool_ids:
            return PoolUnknown(command.pool_id)
        pool = self.pools[command.region_id, command.pool_id]
        if command.capacity < pool.taken + pool.held:
            return BelowTaken(command.capacity, pool.taken + pool.held)
        if command.capacity > pool.licensed_capacity:
            return AboveLicence(command.capacity, pool.licensed_capacity)
        changed = pool.capacity != command.capacity
        pool.capacity = command.capacity
        return Resized(copy(pool), changed, command.staff_id)


def line_of(command: Book, no: int, session: Session, tariff: Tariff, places: int) -> Line:
    status = TicketStatus.CONFIRMED if command.held_until is None else TicketStatus.HELD
    return Line(
        no=no,
        session_id=session.id,
        tariff_code=tariff.code,
        rank=tariff.rank,
        seller_id=session.organiser_id,
        places=places,
        price_cents=tariff.price_cents * places,
        credit_cents=tariff.price_cents * places,
        vat_code=tariff.vat_code,
        pool_ids=tariff.pool_ids,
        tickets=[Ticket(no, status) for no in range(1, places + 1)],
    )


def concerns(command: Cancel, booking: Booking) -> bool:
    """Whether the booking is the asker's: a client's or a holder's own; neither is named by staff."""
    return command.client_id in (None, booking.client_id) and command.holder_id in (None, booking.holder_id)


def given_up(booking: Booking, which: frozenset[TicketStatus], status: TicketStatus) -> Booking:
    """A copy of a booking in which the tickets in some statuses have another."""
    lines = [
        replace(
            line,
            tickets=[
                replace(ticket, status=status) if ticket.status in which else ticket
                for ticket in line.tickets
            ],
        )
        for line in booking.lines
    ]
    return replace(booking, held_until=None, lines=lines)


def sold_out(remaining: Remaining, command: Book) -> Answer | None:
    """What a read without locks may already answer: the stored booking, or that the places are gone.

    Everything else takes the long way, where it is decided under the locks.
    """
    stored = remaining.stored(command)
    if stored:
        return stored
    for wanted in command.wanted:
        session = remaining.sessions.get((command.region_id, wanted.session_id))
        tariff = session and session.tariff(wanted.tariff)
        mine = session and (command.organiser_ids is None or session.organiser_id in command.organiser_ids)
        if not session or not mine or not tariff or remaining.sale_refusal(session):
            return None
        room = min(
            [remaining.pools[command.region_id, pool_id].left for pool_id in tariff.pool_ids],
            default=wanted.places,
        )
        if room < wanted.places:
            return SoldOut(session.id, wanted.places, room)
    return None
