"""Which tickets a check-in uses, or why none: pure, from what was read under the locks."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.checkin.errors import (
    AlreadyIn,
    CheckinIdTaken,
    CheckinTakenBack,
    FewerLeft,
    LookFirst,
    NotPaidYet,
    TicketNotSplit,
    TicketNotValid,
    TooEarlyToCheckIn,
)
from reservations.errors import SessionCancelled, SessionPostponed
from reservations.sessions.doors import CHECK_IN_BEFORE
from uit.core.errors import Refusal


class DateAtDoor(Struct, frozen=True):
    """A session, under a lock. `id_taken`: the check-in that is asked let in something else before."""

    session_id: UUID
    organiser_id: UUID
    event: str
    starts_at: datetime
    ends_at: datetime
    status: str
    id_taken: bool


class CheckinTicket(Struct, frozen=True):
    """A ticket, by which `people` come in at once.

    `label`: the tariff that it names, if any; `seat`: where they sit, if seats are numbered.
    """

    booking_id: UUID
    line_no: int
    no: int
    people: int
    label: str
    seat: str | None


class LockedTicket(CheckinTicket, frozen=True):
    """A ticket, under the lock of its booking.

    `checkin_id` is the check-in by which it is in; `taken_back` says that the one that is asked was undone.
    `is_looked_at`: something is shown at the door for its price, which its label says.
    """

    status: str
    attended_at: datetime | None
    checkin_id: UUID | None
    taken_back: bool
    is_looked_at: bool


class Asked(Struct, frozen=True):
    """A check-in that is asked: all who are left, or so many people as `places`.

    `looked`: what has to be shown was looked at, or is looked at by whoever asks.
    """

    checkin_id: UUID
    places: int | None
    looked: bool = True


def decide(
    date: DateAtDoor, tickets: Sequence[LockedTicket], asked: Asked, now: datetime
) -> Sequence[LockedTicket] | Refusal:
    """The tickets to use, or in a repeat those that were used then; they say so by their `attended_at`.

    Refused: first what happened to the date, then to the tickets, then for when and how many they are, and
    at last that nobody looked yet.
    """
    chosen = chosen_tickets(date, tickets, asked, now)
    if isinstance(chosen, Refusal) or asked.looked:
        return chosen
    return not_looked_at(chosen) or chosen


def chosen_tickets(
    date: DateAtDoor, tickets: Sequence[LockedTicket], asked: Asked, now: datetime
) -> Sequence[LockedTicket] | Refusal:
    inside = [each for each in tickets if each.checkin_id == asked.checkin_id]
    left = [each for each in tickets if each.status == "confirmed"]
    return (
        called_off(date)
        or conflict(date, tickets, inside, asked)
        or inside
        or none_left(tickets, left)
        or taken_back(tickets)
        or too_early(date, now)
        or choose(left, asked.places)
    )


def called_off(date: DateAtDoor) -> Refusal | None:
    if date.status == "cancelled":
        return SessionCancelled(date.session_id)
    return SessionPostponed(date.session_id) if date.status == "postponed" else None


def conflict(
    date: DateAtDoor, tickets: Sequence[LockedTicket], inside: Sequence[LockedTicket], asked: Asked
) -> CheckinIdTaken | None:
    """An id counts for one check-in: its repeat is of the same tickets and of as many people."""
    if inside and asked.places is not None:
        then = people_of(inside) + people_of([each for each in tickets if each.taken_back])
        return CheckinIdTaken(asked.checkin_id) if asked.places != then else None
    return CheckinIdTaken(asked.checkin_id) if date.id_taken else None


def none_left(
    tickets: Sequence[LockedTicket], left: Sequence[LockedTicket]
) -> AlreadyIn | NotPaidYet | TicketNotValid | None:
    if left:
        return None
    used = [each.attended_at for each in tickets if each.attended_at is not None]
    if used:
        return AlreadyIn(max(used))
    return NotPaidYet() if any(each.status == "held" for each in tickets) else TicketNotValid()


def taken_back(tickets: Sequence[LockedTicket]) -> CheckinTakenBack | None:
    return CheckinTakenBack() if any(each.taken_back for each in tickets) else None


def too_early(date: DateAtDoor, now: datetime) -> TooEarlyToCheckIn | None:
    opens_at = date.starts_at - CHECK_IN_BEFORE
    early = TooEarlyToCheckIn(date.session_id, date.starts_at, date.ends_at, opens_at)
    return early if now < opens_at else None


def choose(left: Sequence[LockedTicket], places: int | None) -> Sequence[LockedTicket] | Refusal:
    """The first tickets that together let in exactly so many people; all of them when nobody says how many.

    Refused: FewerLeft; TicketNotSplit, as a ticket for four is used once, for all four.
    """
    people = people_of(left)
    if places is None or places == people:
        return left
    if places > people:
        return FewerLeft(places, people)
    ways: dict[int, tuple[LockedTicket, ...]] = {0: ()}
    for ticket in left:
        for so_far, chosen in list(ways.items()):
            ways.setdefault(so_far + ticket.people, (*chosen, ticket))
        if places in ways:
            return ways[places]
    below, above = max(filter(places.__gt__, ways)), min(filter(places.__lt__, ways))
    return TicketNotSplit(places, below or None, above)


def not_looked_at(chosen: Sequence[LockedTicket]) -> LookFirst | None:
    """What is to be shown before they come in; nothing of who is in already."""
    shown = [each for each in chosen if each.is_looked_at and each.attended_at is None]
    labels = tuple(dict.fromkeys(each.label for each in shown))
    return LookFirst(people_of(chosen), people_of(shown), labels) if shown else None


def people_of(tickets: Sequence[CheckinTicket]) -> int:
    return sum(each.people for each in tickets)
