"""Lines in a batch: gone through in the same breath in which places come free, so that no newcomer gets them.

Whatever command leaves more free than there was, the line is served before the next command is looked at.
An offer is a booking of who waits, held until they answer; places that are kept are a booking of nobody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import ByWorker
from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import (
    Book,
    Command,
    JoinWaitingList,
    ServeWaitingList,
    bound_to,
)
from reservations.booking.ending import end_held
from reservations.booking.facts import Booking, Line, Session, Ticket, TicketEnd, TicketStatus
from reservations.booking.offering import NOT_THERE, Found, closes_at, found_for, found_in_course
from reservations.booking.places import whole
from reservations.booking.pools import WHOLE
from reservations.booking.remaining import Remaining
from reservations.seats.facts import seat_pools
from reservations.waiting_line.deadline import kept_until
from reservations.waiting_line.entry import State, WaitingEntry
from reservations.waiting_line.rule import InLine, LineFacts, Outcome, Wish, go_through
from uit.core.errors import Refusal

MOST_ROUNDS = 4
"""What one line lets go of that was kept may be what another waits for, and so on."""

TakePlaces = Callable[[Remaining, Book], Answer]


class WaitingPass(Struct, frozen=True):
    """One time that a line was gone through: what was known, and what came of it."""

    event_id: UUID
    known: LineFacts
    outcomes: list[Outcome]


class WaitingLists:
    """The lines that a batch knows of. `answers` are what it offered, kept and let go, beside its own.

    `offers`: what it offered, with what that books.
    """

    def __init__(self, remaining: Remaining, take_places: TakePlaces) -> None:
        self._remaining, self._take_places = remaining, take_places
        self._region_id = 0
        self._before = dict(remaining.waiting)
        self._last_kept: dict[UUID, UUID] = {}
        self._left = self._left_now()
        self.answers: list[Answer] = []
        self.offers: list[tuple[Book, Booked]] = []
        self.passes: list[WaitingPass] = []

    @property
    def new(self) -> list[WaitingEntry]:
        """Who stands in a line since this batch."""
        return [each for each in self._remaining.waiting.values() if each.id not in self._before]

    @property
    def changed(self) -> list[WaitingEntry]:
        """Of whom something became, or who has an offer or kept places now."""
        waiting = self._remaining.waiting.values()
        return [each for each in waiting if self._before.get(each.id, replace_joined(each)) != each]

    def serve_first(self, region_id: int) -> None:
        """Before the first command: the lines that have room again, though no command freed it.

        A measure is over, a seat is sold again, somebody may have a date whom its rules kept out: who waits
        comes before whoever asks now.
        """
        if self._remaining.waiting:
            self._region_id = region_id
            self._follow_what_became()
            self._go_through_all(dict.fromkeys(self._with_room(), False) | self._due(None))

    def serve(self, command: Command) -> None:
        """After a command: what became of offers, and the lines of what has more free than before."""
        if not self._remaining.waiting:
            return
        self._region_id = command.region_id
        if isinstance(command, JoinWaitingList):
            # What came free in this batch while nobody stood in a line is for all.
            self._left = self._left_now()
        self._follow_what_became()
        self._go_through_all(self._due(command.event_id if isinstance(command, ServeWaitingList) else None))

    def _follow_what_became(self) -> None:
        for entry in list(self._remaining.waiting.values()):
            self._remaining.waiting[entry.id] = followed(self._remaining, entry)
            self._end_kept_of_who_left(entry.id)

    def _go_through_all(self, due: dict[UUID, bool]) -> None:
        """These lines, and then those that have more free by that."""
        for _ in range(MOST_ROUNDS):
            if not due:
                return
            for event_id, has_more in due.items():
                self._go_through(event_id, has_more=has_more)
            due = self._due(None)
        self._left = self._left_now()

    def _with_room(self) -> list[UUID]:
        """The activities of which somebody waits for a date that has room."""
        sessions, pools = self._remaining.sessions, self._remaining.pools.by_id
        has_room = {
            each.id: all(pools[key].free > 0 for key in each.pool_ids if pools[key].kind in WHOLE)
            for each in sessions.values()
        }
        return [
            entry.event_id
            for entry in self._remaining.waiting.values()
            if entry.state == "waiting" and any(has_room.get(each) for each in entry.session_ids)
        ]

    def _due(self, asked: UUID | None) -> dict[UUID, bool]:
        """The lines to go through: that of which it is asked, and those that have more free than before."""
        before, self._left = self._left, self._left_now()
        more = {
            event_id: any(self._left[each] > before.get(each, 0) for each in pool_ids if each in self._left)
            for event_id, pool_ids in self._pools_by_event().items()
        }
        return {event_id: has_more for event_id, has_more in more.items() if has_more or event_id == asked}

    def _left_now(self) -> dict[UUID, int]:
        return free_now(self._remaining)

    def _pools_by_event(self) -> dict[UUID, set[UUID]]:
        pools: dict[UUID, set[UUID]] = {}
        for entry in self._remaining.waiting.values():
            if entry.state == "waiting":
                seats = (each for session_id in entry.session_ids for each in seat_pools(session_id))
                pools.setdefault(entry.event_id, set()).update(entry.pool_ids, seats)
        return pools

    def _end_kept_of_who_left(self, entry_id: UUID) -> None:
        entry = self._remaining.waiting[entry_id]
        if entry.kept_booking_id and entry.state != "waiting":
            self._end_kept(entry)

    def _go_through(self, event_id: UUID, *, has_more: bool) -> None:
        """Reckon with what is kept as if it were free, and write only what is another than it was."""
        remaining, written = self._remaining, len(self.answers)
        entries = line_of_event(remaining, event_id)
        kept = {each.id: booking for each in entries if (booking := kept_booking(remaining, each))}
        for booking in kept.values():
            move(remaining, booking.lines, -1)
        found = {each.id: dict(self._wishes(each)) for each in entries}
        known, outcomes = self._outcomes(entries, found)
        for entry, outcome in zip(entries, outcomes, strict=True):
            booking = kept.get(entry.id)
            if booking and is_kept_so(booking, outcome):
                move(remaining, booking.lines, 1)
                kept.pop(entry.id)
        for entry in entries:
            if entry.id in kept:
                self._end_kept(entry, is_given_back=True)
        for entry, outcome in zip(entries, outcomes, strict=True):
            self._follow(remaining.waiting[entry.id], outcome, found[entry.id])
        is_told = has_more and any(places > 0 for places in known.free.values())
        if is_told or len(self.answers) > written:
            self.passes.append(WaitingPass(event_id, known, outcomes))

    def _outcomes(
        self, entries: Sequence[WaitingEntry], found: dict[UUID, dict[UUID, Found]]
    ) -> tuple[LineFacts, list[Outcome]]:
        """Who gets what, where each offer can be booked; what cannot be had is known as refused.

        Counted places say not all: seats may lie wrong, or somebody has had what a price gives each.
        """
        while True:
            known = known_of(self._remaining, entries, found)
            outcomes = go_through(known)
            refused = self._refused(entries, outcomes, found)
            if refused is None:
                return known, outcomes
            entry_id, session_id, refusal = refused
            found[entry_id][session_id] = Found(Wish(session_id, refused=refusal.code))

    def _refused(
        self,
        entries: Sequence[WaitingEntry],
        outcomes: Sequence[Outcome],
        found: Mapping[UUID, Mapping[UUID, Found]],
    ) -> tuple[UUID, UUID, Refusal] | None:
        """The first offer that could not be booked after those before it."""
        tried = self._remaining.copy()
        for entry, outcome in zip(entries, outcomes, strict=True):
            if outcome.result == "offered" and outcome.session_id:
                command = found[entry.id][outcome.session_id].command
                assert command is not None
                answer = self._take_places(tried, command)
                if isinstance(answer, Refusal):
                    return entry.id, outcome.session_id, answer
        return None

    def _wishes(self, entry: WaitingEntry) -> Iterator[tuple[UUID, Found]]:
        if entry.course_id:
            found = found_in_course(self._remaining, self._region_id, entry)
            yield found.wish.session_id, found
            return
        sessions = self._remaining.sessions
        known = sorted((sessions[each] for each in entry.session_ids if each in sessions), key=by_start)
        for session in known:
            yield session.id, found_for(self._remaining, self._region_id, entry, session)
        for session_id in entry.session_ids:
            if session_id not in sessions:
                yield session_id, Found(Wish(session_id, refused=NOT_THERE))

    def _follow(self, entry: WaitingEntry, outcome: Outcome, found: dict[UUID, Found]) -> None:
        if outcome.session_id is None:
            return
        wanted = found[outcome.session_id]
        if outcome.result == "offered":
            self._offer(entry, wanted.command)
        elif entry.kept_booking_id is None:
            self._keep(entry, wanted, outcome.places)

    def _offer(self, entry: WaitingEntry, command: Book | None) -> None:
        assert command is not None
        answer = self._take_places(self._remaining, command)
        assert isinstance(answer, Booked), answer
        self._remaining.bookings[answer.booking.id] = answer.booking
        self.answers.append(answer)
        self.offers.append((command, answer))
        self._remaining.waiting[entry.id] = replace(
            entry, state="offered", booking_id=command.booking_id, answer_by=command.held_until
        )

    def _keep(self, entry: WaitingEntry, wanted: Found, places: tuple[int, ...]) -> None:
        """Hold what there is for them, in nobody's name and at no price, until there are enough."""
        now, session = self._remaining.now, self._remaining.sessions[wanted.wish.session_id]
        lines = kept_lines(wanted.lines, places)
        before = self._last_kept.get(entry.id, entry.id)
        booking = Booking(
            region_id=self._region_id,
            id=uuid5(before, f"{session.id}{now.isoformat()}"),
            digest=bound_to("kept", entry.id),
            channel=entry.channel,
            by=ByWorker().as_stored(),
            made_at=now,
            held_until=kept_until(closes_at(session)),
            lines=lines,
        )
        move(self._remaining, lines, 1)
        self._remaining.bookings[booking.id] = booking
        self.answers.append(Booked(booking, new=True, entry_id=entry.id))
        self._remaining.waiting[entry.id] = replace(entry, kept_booking_id=booking.id)

    def _end_kept(self, entry: WaitingEntry, *, is_given_back: bool = False) -> None:
        """Let go of what was kept for somebody."""
        booking = kept_booking(self._remaining, entry)
        self._remaining.waiting[entry.id] = replace(entry, kept_booking_id=None)
        if booking is None:
            return
        self._last_kept[entry.id] = booking.id
        if not is_given_back:
            move(self._remaining, booking.lines, -1)
        answer = end_held(booking, self._remaining.now)
        self._remaining.bookings[booking.id] = answer.booking
        self.answers.append(answer)


def by_start(session: Session) -> tuple[datetime, UUID]:
    return session.starts_at, session.id


def line_of_event(remaining: Remaining, event_id: UUID) -> list[WaitingEntry]:
    """Who waits for an activity, first come first."""
    waiting = [
        each for each in remaining.waiting.values() if each.event_id == event_id and each.state == "waiting"
    ]
    return sorted(waiting, key=lambda each: (each.joined_at, each.id))


def known_of(
    remaining: Remaining, entries: Sequence[WaitingEntry], found: Mapping[UUID, Mapping[UUID, Found]]
) -> LineFacts:
    """What is free of all that they wait for, also for those who may not have it now."""
    line = tuple(InLine(each.id, tuple(one.wish for one in found[each.id].values())) for each in entries)
    drawn = {pool for each in line for wish in each.wishes for part in wish.parts for pool in part.pool_ids}
    seats = {pool for each in line for wish in each.wishes for part in wish.parts for pool in part.seats}
    waited_for = {pool for each in entries for pool in each.pool_ids}
    free = free_now(remaining)
    known = sorted(pool for pool in drawn | seats | waited_for if pool in free)
    return LineFacts({each: max(0, free[each]) for each in known}, line)


def free_now(remaining: Remaining) -> dict[UUID, int]:
    """What is free in each pool, and of the seats of each kind."""
    pools = {each.id: each.free for each in remaining.pools.by_id.values() if not each.allotment}
    return pools | remaining.seats.left()


def kept_booking(remaining: Remaining, entry: WaitingEntry) -> Booking | None:
    """The booking that keeps places for somebody; None when none does any more."""
    booking = remaining.bookings.get(entry.kept_booking_id) if entry.kept_booking_id else None
    return booking if booking and booking.status is TicketStatus.HELD else None


def is_kept_so(booking: Booking, outcome: Outcome) -> bool:
    """Whether what is kept already is what would be kept now."""
    kept = tuple(len(line.tickets) for line in booking.lines)
    return (
        outcome.result == "kept"
        and all(line.session_id == outcome.session_id for line in booking.lines)
        and kept == tuple(each for each in outcome.places if each)
    )


def kept_lines(lines: Iterable[Line], places: tuple[int, ...]) -> list[Line]:
    """So many tickets of each line, held for nobody in particular."""
    kept: list[Line] = []
    for line, count in zip(lines, places, strict=True):
        if count:
            weight = line.tickets[0].weight
            tickets = [Ticket(no, TicketStatus.HELD, weight) for no in range(1, count + 1)]
            nobody = replace(line, no=len(kept) + 1, holder_id=None, wallet_id=None, card_id=None)
            kept.append(replace(nobody, places=count, price_cents=0, tickets=tickets))
    return kept


def move(remaining: Remaining, lines: Iterable[Line], sign: int) -> None:
    """Take the places of these lines, or with a sign below zero give them back."""
    of_lines = whole(lines)
    for each in remaining.places:
        (each.take if sign > 0 else each.give_back)(of_lines)


def followed(remaining: Remaining, entry: WaitingEntry) -> WaitingEntry:
    """Somebody in a line as they stand now: by what became of their offer, and of what was kept for them."""
    if entry.state == "waiting" and entry.ends_at <= remaining.now:
        return replace(entry, state="over")
    if entry.kept_booking_id in remaining.bookings and kept_booking(remaining, entry) is None:
        entry = replace(entry, kept_booking_id=None)
    booking = remaining.bookings.get(entry.booking_id) if entry.booking_id else None
    return replace(entry, state=state_by(booking)) if booking and entry.state == "offered" else entry


def state_by(booking: Booking) -> State:
    """What an offer is by its booking."""
    match booking.status:
        case TicketStatus.HELD:
            return "accepted" if booking.payments else "offered"
        case TicketStatus.CONFIRMED | TicketStatus.ATTENDED | TicketStatus.NO_SHOW:
            return "accepted"
        case TicketStatus.LAPSED:
            return "expired"
        case _:
            ends = {ticket.end for line in booking.lines for ticket in line.tickets}
            return "over" if TicketEnd.CALLED_OFF in ends else "declined"


def replace_joined(entry: WaitingEntry) -> WaitingEntry:
    """As somebody stood who joined in this batch, before anything became of them."""
    return replace(entry, state="waiting", booking_id=None, answer_by=None, kept_booking_id=None)
