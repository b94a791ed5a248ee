"""The decision: pure, exact, in order of arrival.

Property tests compare it with a slow, obviously right model.
"""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from credits.errors import NotEnough
from credits.wallet.spread import Bill, Hold, Purse, admitted_on, spread
from reservations.booking.commands import (
    Answer,
    Book,
    Booked,
    ByClient,
    CallOff,
    CardProof,
    Command,
    Ended,
    Expire,
    GiveUp,
    HolderProof,
    RequestedLine,
    Resize,
    Resized,
)
from reservations.booking.ending import EndingLine, choose, end_lines, end_of, lines_of
from reservations.booking.entitlement import tariff_refusal
from reservations.booking.facts import (
    STANDING,
    Booking,
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
from reservations.errors import (
    AboveLicence,
    BelowTaken,
    BookingUnknown,
    CancellationIdTaken,
    IdTaken,
    NotOnSale,
    NotYourSession,
    PoolUnknown,
    PriceChanged,
    SessionCancelled,
    SessionUnknown,
    SoldOut,
    TariffUnknown,
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
        self.elsewhere = facts.elsewhere
        self.sessions = {each.id: each for each in facts.sessions}
        self.pools: dict[UUID, Pool] = {each.id: copy(each) for each in facts.pools}
        self.by_card = {each.card_id: each for each in facts.holders if each.card_id is not None}
        self.by_membership = {each.id: each for each in facts.holders if each.card_id is None}
        self.cancellations = {each.id: each.digest for each in facts.cancellations}
        self.admitted = admitted_on(facts.admissions, now)
        self.extended: dict[UUID, datetime] = {}
        self.purses = {each.id: copy(each) for each in facts.purses}
        self.wallets: dict[UUID, list[Purse]] = {}
        for purse in self.purses.values():
            self.wallets.setdefault(purse.wallet_id, []).append(purse)

    def answer(self, command: Command) -> Answer:
        match command:
            case Book():
                return self.stored(command) or self.book(command)
            case GiveUp():
                return self.give_up(command)
            case CallOff():
                return self.call_off(command)
            case Expire():
                return self.expire(command)
            case Resize():
                return self.resize(command)

    def booking(self, booking_id: UUID) -> Booking | None:
        """As it stands now: an earlier command may have extended a purse that pays for it too."""
        booking = self.bookings.get(booking_id)
        if booking is None or not self.extended:
            return booking
        credit = [
            replace(part, lapses_at=self.extended.get(part.purse_id, part.lapses_at))
            for part in booking.credit
        ]
        return replace(booking, credit=credit)

    # Book

    def stored(self, command: Book) -> Answer | None:
        """A repeat with the same content gets the booking as it stands now; other content is a conflict."""
        booking = self.booking(command.booking_id)
        if booking is None:
            return IdTaken(command.booking_id) if command.booking_id in self.elsewhere else None
        return Booked(booking, new=False) if booking.digest == command.digest else IdTaken(command.booking_id)

    def book(self, command: Book) -> Answer:
        """Everything or nothing: a good pass and lines, places in every pool, the price, credit for all."""
        lines = self._lines(command)
        if isinstance(lines, Refusal):
            return lines
        drawn = drawn_by(lines)
        sold_out = self._sold_out(drawn, lines)
        if sold_out:
            return sold_out
        price_cents = sum([line.price_cents for line in lines])
        if command.price_seen_cents is not None and command.price_seen_cents != price_cents:
            return PriceChanged(command.price_seen_cents, price_cents)
        holds = self._pay(lines)
        if holds is None:
            return NotEnough(price_cents)
        return self._booked(command, lines, drawn, holds)

    def _lines(self, command: Book) -> list[Line] | Refusal:
        """The lines of the booking, or the first reason why one of their holders may not have it."""
        holders = []
        for requested in command.lines:
            holder = self.holder(requested.holder)
            if isinstance(holder, Refusal):
                return holder
            holders.append(holder)
        lines: list[Line] = []
        for requested in command.lines:
            line = self._line(command, requested, len(lines) + 1, holders)
            if isinstance(line, Refusal):
                return line
            lines.append(line)
        return lines

    def holder(self, proof: HolderProof) -> Holder | Refusal:
        if isinstance(proof, CardProof):
            holder = self.by_card.get(proof.card_id)
            if holder and holder.token_version != proof.token_version:
                holder = None
        else:
            holder = self.by_membership.get(proof.membership_id)
        if holder is None:
            return PassUnknown()
        ended = holder.ends_on is not None and holder.ends_on < self.today
        return PassNotActive() if ended or not holder.active or holder.card_active is False else holder

    def _line(
        self, command: Book, requested: RequestedLine, no: int, holders: Sequence[Holder]
    ) -> Line | Refusal:
        holder = holders[no - 1]
        session = self.sessions.get(requested.session_id)
        if session is None:
            return SessionUnknown(requested.session_id)
        refusal = self._session_refusal(command, session)
        if refusal:
            return refusal
        tariff = session.tariff(requested.tariff)
        if tariff is None:
            return TariffUnknown(session.id, requested.tariff)
        theirs = [each for each, by in zip(command.lines, holders, strict=True) if by.id == holder.id]
        refusal = tariff_refusal(session, tariff, holder, theirs)
        if refusal:
            return refusal
        status = TicketStatus.CONFIRMED if command.held_until is None else TicketStatus.HELD
        return line_of(no, session, tariff, holder, requested.places, status)

    def _session_refusal(self, command: Book, session: Session) -> Refusal | None:
        if isinstance(command.by, ByClient) and session.organiser_id not in command.by.organiser_ids:
            return NotYourSession(session.id)
        return self.sale_refusal(session)

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return SessionCancelled(session.id)
        if session.status != "scheduled":
            return NotOnSale(session.id, None, None)
        if session.sale_opens_at and self.now < session.sale_opens_at:
            return NotOnSale(session.id, session.sale_opens_at, None)
        return (
            None if self.now < session.sale_closes_at else NotOnSale(session.id, None, session.sale_closes_at)
        )

    def _sold_out(self, drawn: dict[UUID, int], lines: Sequence[Line]) -> SoldOut | None:
        for pool_id, places in drawn.items():
            left = self.pools[pool_id].left
            if left < places:
                line = next(line for line in lines if pool_id in line.pool_ids)
                return SoldOut(line.session_id, places, left)
        return None

    def _pay(self, lines: Sequence[Line]) -> list[Hold] | None:
        """Each wallet pays for its own lines; None when one of them cannot."""
        bills: dict[UUID | None, list[Bill]] = {}
        for line in lines:
            if line.price_cents:
                bills.setdefault(line.wallet_id, []).append(self._bill(line))
        holds: list[Hold] = []
        for wallet_id, of_wallet in bills.items():
            purses = self.wallets.get(wallet_id, []) if wallet_id else []
            paid = spread(purses, of_wallet, self.admitted, self.now)
            if paid is None:
                return None
            holds += paid
        return holds

    def _bill(self, line: Line) -> Bill:
        session = self.sessions[line.session_id]
        return Bill(line.no, line.price_cents, session.organiser_id, session.domain, session.attendance)

    def _booked(
        self, command: Book, lines: list[Line], drawn: dict[UUID, int], holds: Sequence[Hold]
    ) -> Booked:
        for pool_id, places in drawn.items():
            self.pools[pool_id].taken += places
        for hold in holds:
            hold.purse.available_cents -= hold.cents
        booking = Booking(
            region_id=command.region_id,
            id=command.booking_id,
            digest=command.digest,
            channel=command.channel,
            by=command.by.as_stored(),
            made_at=self.now,
            held_until=command.held_until,
            lines=lines,
        )
        return Booked(booking, new=True, holds=tuple(holds))

    # End

    def give_up(self, command: GiveUp) -> Answer:
        """All the tickets that are chosen end, or none: the first line in the way is named."""
        booking = self.booking(command.booking_id)
        lines = lines_of(command.by, booking) if booking else []
        if booking is None or not lines:
            return BookingUnknown(command.booking_id)
        key = command.cancellation
        if key and key.id in self.cancellations:
            same = self.cancellations[key.id] == key.digest
            return Ended(booking) if same else CancellationIdTaken(key.id)
        chosen = choose(booking, lines, command.chosen)
        if isinstance(chosen, Refusal):
            return chosen
        ending = []
        for line, tickets in chosen:
            end = end_of(command.by, booking, line, self.sessions[line.session_id], self.now)
            if isinstance(end, Refusal) and tickets:
                return end
            if not isinstance(end, Refusal):
                ending.append(EndingLine(line, tickets, end))
        if key:
            self.cancellations[key.id] = key.digest
        return self._ended(end_lines(booking, ending, self.now, key))

    def call_off(self, command: CallOff) -> Answer:
        """Attendance or not: who was let in before the date was called off has been nowhere."""
        booking = self.booking(command.booking_id)
        if booking is None:
            return BookingUnknown(command.booking_id)
        session = self.sessions.get(command.session_id)
        if session is None or session.status != "cancelled":
            return Ended(booking)
        ending = [
            EndingLine(line, [each for each in line.tickets if each.status in STANDING], TicketEnd.CALLED_OFF)
            for line in booking.lines
            if line.session_id == session.id
        ]
        return self._ended(end_lines(booking, ending, self.now))

    def expire(self, command: Expire) -> Answer:
        booking = self.booking(command.booking_id)
        if booking is None:
            return BookingUnknown(command.booking_id)
        if booking.held_until is None or booking.held_until > self.now:
            return Ended(booking)
        ending = [
            EndingLine(
                line, [each for each in line.tickets if each.status == TicketStatus.HELD], TicketEnd.LAPSED
            )
            for line in booking.lines
        ]
        return self._ended(end_lines(booking, ending, self.now))

    def _ended(self, answer: Ended) -> Ended:
        """Give the places back, and let later commands of the batch spend what came back."""
        booking = answer.booking
        for pool_id, places in drawn_back(answer).items():
            self.pools[pool_id].taken -= places
        moves = [(part.purse_id, part.cents) for part in answer.undone]
        moves += [(hold.purse_id, -hold.cents) for hold in answer.holds]
        for purse_id, cents in moves:
            if purse_id in self.purses:
                self.purses[purse_id].available_cents += cents
        self.extended |= answer.extensions
        for purse_id, lapses_at in answer.extensions.items():
            if purse_id in self.purses:
                self.purses[purse_id].lapses_at = lapses_at
        self.bookings[booking.id] = booking
        return answer

    # Resize

    def resize(self, command: Resize) -> Answer:
        session = self.sessions.get(command.session_id)
        if session is None or command.pool_id not in session.pool_ids:
            return PoolUnknown(command.pool_id)
        pool = self.pools[command.pool_id]
        if command.capacity < pool.taken + pool.held:
            return BelowTaken(command.capacity, pool.taken + pool.held)
        if command.capacity > pool.licensed_capacity:
            return AboveLicence(command.capacity, pool.licensed_capacity)
        changed = pool.capacity != command.capacity
        pool.capacity = command.capacity
        return Resized(command.region_id, copy(pool), changed, command.staff_id)


def line_of(  # noqa: PLR0913, PLR0917  what a line is made of
    no: int, session: Session, tariff: Tariff, holder: Holder, places: int, status: TicketStatus
) -> Line:
    price_cents = tariff.price_cents * places
    return Line(
        no=no,
        session_id=session.id,
        tariff_code=tariff.code,
        rank=tariff.rank,
        holder_id=holder.id,
        wallet_id=holder.id,
        card_id=holder.card_id,
        seller_id=session.organiser_id,
        places=places,
        price_cents=price_cents,
        credit_cents=price_cents,
        vat_code=tariff.vat_code,
        pool_ids=tariff.pool_ids,
        tickets=[Ticket(no, status) for no in range(1, places + 1)],
    )


def drawn_by(lines: Sequence[Line]) -> dict[UUID, int]:
    """How many places the lines draw from each pool, nested pools included."""
    drawn: dict[UUID, int] = {}
    for line in lines:
        for pool_id in line.pool_ids:
            drawn[pool_id] = drawn.get(pool_id, 0) + line.places
    return drawn


def drawn_back(answer: Ended) -> dict[UUID, int]:
    """How many places each pool gets back: the weight of what ended, by the pools of its own line."""
    ended = {(each.line_no, each.ticket_no) for each in answer.tickets}
    back: dict[UUID, int] = {}
    for line in answer.booking.lines:
        weight = sum(ticket.weight for ticket in line.tickets if (line.no, ticket.no) in ended)
        for pool_id in line.pool_ids if weight else ():
            back[pool_id] = back.get(pool_id, 0) + weight
    return back


def sold_out(remaining: Remaining, command: Book) -> Answer | None:
    """What a read without locks may already answer: the stored booking, or that the places are gone.

    Everything else takes the long way, where it is decided under the locks.
    """
    stored = remaining.stored(command)
    if stored:
        return stored
    for requested in command.lines:
        session = remaining.sessions.get(requested.session_id)
        tariff = session and session.tariff(requested.tariff)
        by = command.by
        mine = session and (not isinstance(by, ByClient) or session.organiser_id in by.organiser_ids)
        if not session or not mine or not tariff or remaining.sale_refusal(session):
            return None
        room = min([remaining.pools[pool_id].left for pool_id in tariff.pool_ids], default=requested.places)
        if room < requested.places:
            return SoldOut(session.id, requested.places, room)
    return None
