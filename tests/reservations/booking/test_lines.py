"""Whole batches with people who wait, against a model that counts seats and nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.booking.actor import ByGuest, ByStaff
from reservations.booking.answers import Booked
from reservations.booking.commands import (
    Book,
    Command,
    DeclineOffer,
    GiveUp,
    GuestContact,
    JoinWaitingList,
    LeaveWaitingList,
    RequestedLine,
)
from reservations.booking.decide import answer_one, book
from reservations.booking.facts import Facts, Session
from reservations.booking.pool import Pool
from reservations.booking.remaining import Remaining
from reservations.booking.serving import WaitingLists, kept_booking
from reservations.booking.tariff import Tariff
from reservations.waiting_line.entry import WaitingEntry, WantedPlaces

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
STARTS = NOW + timedelta(days=30)
SESSION, EVENT, ROOM, STAFF = (UUID(int=each) for each in range(1, 5))
FIRST = UUID(int=99)
"""Who stands in the line from the start, so that its rule is known; they want more than ever comes free."""


def entry(entry_id: UUID, places: int, *, keeps: bool) -> WaitingEntry:
    return WaitingEntry(
        id=entry_id,
        event_id=EVENT,
        session_ids=(SESSION,),
        pool_ids=(ROOM,),
        lines=(WantedPlaces("base", places),),
        membership_id=None,
        name="Lies",
        email=f"{entry_id.int}@example.org",
        channel="page",
        joined_at=NOW - timedelta(days=1, seconds=-entry_id.int),
        ends_at=STARTS,
        keeps=keeps,
    )


def room(capacity: int, waiting: list[WaitingEntry]) -> Facts:
    tariff = Tariff("base", 0, "anyone", None, None, (ROOM,), 0, "exempt", 1, 1, None, None)
    session = Session(
        id=SESSION,
        organiser_id=STAFF,
        domain="culture",
        attendance="offline",
        status="scheduled",
        starts_at=STARTS,
        ends_at=STARTS,
        sale_opens_at=None,
        sale_closes_at=STARTS,
        cancel_until=STARTS,
        pool_ids=(ROOM,),
        moved_at=None,
        tariffs=(tariff,),
    )
    pool = Pool(ROOM, capacity, capacity, 0, 0)
    return Facts([], frozenset(), [session], [pool], [], [], [], [], waiting=waiting)


@dataclass
class Seats:
    """How many seats there are, who sits, and who waits for how many, in order."""

    capacity: int
    keeps: bool
    sitting: dict[UUID, int] = field(default_factory=dict)
    line: dict[UUID, int] = field(default_factory=dict)
    kept: dict[UUID, int] = field(default_factory=dict)
    states: dict[UUID, str] = field(default_factory=dict)
    used: set[UUID] = field(default_factory=set)

    @property
    def free(self) -> int:
        return self.capacity - sum(self.sitting.values()) - sum(self.kept.values())

    def serve(self) -> None:
        """Hand out all that nobody sits on, from the front."""
        self.kept.clear()
        for who, wanted in list(self.line.items()):
            if wanted <= self.free:
                self.sitting[uuid5(who, "offer")] = self.line.pop(who)
                self.states[who] = "offered"
            elif self.keeps and self.free:
                self.kept[who] = self.free

    def stand_up(self, booking_id: UUID) -> None:
        if self.sitting.pop(booking_id, None):
            self.serve()

    def do(self, command: Command) -> None:
        match command:
            case Book(booking_id=booking_id, lines=(wanted,)) if wanted.places <= self.free:
                if booking_id not in self.used:
                    self.sitting[booking_id] = wanted.places
                    self.used.add(booking_id)
            case GiveUp(booking_id=booking_id):
                self.stand_up(booking_id)
            case DeclineOffer(booking_id=booking_id):
                offered = [each for each, state in self.states.items() if state == "offered"]
                mine = [each for each in offered if uuid5(each, "offer") == booking_id]
                self.states |= dict.fromkeys(mine, "declined")
                self.stand_up(booking_id)
            case JoinWaitingList(entry_id=who, lines=(wanted,)) if self.may_join(who, wanted.places):
                self.line[who], self.states[who] = wanted.places, "waiting"
            case LeaveWaitingList(entry_id=who) if self.line.pop(who, None):
                self.states[who] = "left"
                if self.kept.pop(who, None):
                    self.serve()
            case _:
                pass

    def may_join(self, who: UUID, places: int) -> bool:
        return who not in self.states and self.free < places <= self.capacity


numbers = st.integers(1, 8)
places = st.integers(1, 4)


def booked(number: int) -> UUID:
    return UUID(int=1000 + number)


def waits(number: int) -> UUID:
    return UUID(int=2000 + number)


def taking(number: int, count: int) -> Book:
    by, guest = ByGuest(str(booked(number))), GuestContact("An", "an@example.org")
    return Book(
        1, booked(number), "ab", by, (RequestedLine(SESSION, "base", count, None),), "page", guest=guest
    )


def joining(number: int, count: int, *, keeps: bool = False) -> JoinWaitingList:
    guest = GuestContact("Lies", f"{number}@example.org")
    wanted = (WantedPlaces("base", count),)
    return JoinWaitingList(1, waits(number), EVENT, (SESSION,), wanted, None, guest, "page", keeps=keeps)


def declining(number: int) -> DeclineOffer:
    booking_id = uuid5(waits(number), "offer")
    return DeclineOffer(1, booking_id, ByGuest(str(booking_id)))


commands = st.lists(
    st.one_of(
        st.builds(taking, numbers, places),
        st.builds(lambda number: GiveUp(1, booked(number), ByStaff(STAFF)), numbers),
        st.builds(joining, numbers, places),
        st.builds(lambda number: LeaveWaitingList(1, waits(number), EVENT), numbers),
        st.builds(declining, numbers),
    ),
    max_size=25,
)


@settings(max_examples=200)
@given(st.integers(1, 8), commands)
def test_who_waits_gets_what_comes_free_seat_by_seat(capacity: int, asked: list[Command]) -> None:
    walk(Seats(capacity, keeps=False), asked, room(capacity, []))


@settings(max_examples=200)
@given(st.integers(1, 8), commands)
def test_what_is_too_few_is_kept_seat_by_seat(capacity: int, asked: list[Command]) -> None:
    first = entry(FIRST, capacity, keeps=True)
    seats = Seats(capacity, keeps=True, line={FIRST: capacity}, states={FIRST: "waiting"})
    facts = room(capacity, [first])
    seats.sitting[booked(0)] = facts.pools[0].taken = capacity
    walk(seats, asked, facts, keeps=True)


def walk(seats: Seats, asked: list[Command], facts: Facts, *, keeps: bool = False) -> None:
    """Command by command, with what the pool, the line and the bookings say after each."""
    remaining = Remaining(facts, NOW)
    lists = WaitingLists(remaining, book)
    for each in asked:
        command = replace(each, keeps=True) if keeps and isinstance(each, JoinWaitingList) else each
        answer = answer_one(remaining, command)
        if isinstance(answer, Booked):
            remaining.bookings[answer.booking.id] = answer.booking
        lists.serve(command)
        seats.do(command)
        assert max(0, remaining.pools.by_id[ROOM].free) == seats.free
        assert {each.id: each.state for each in remaining.waiting.values()} == seats.states
        assert kept_places(remaining) == seats.kept


def kept_places(remaining: Remaining) -> dict[UUID, int]:
    found = ((each.id, kept_booking(remaining, each)) for each in remaining.waiting.values())
    return {who: sum(line.weight for line in booking.lines) for who, booking in found if booking}
