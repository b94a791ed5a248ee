"""Stand in a line, or no longer: under the locks of its places, so nobody waits for what is free. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.actor import ByClient, ByRepresentative
from reservations.booking.answers import InWaitingList, LeftWaitingList
from reservations.booking.commands import Book, JoinWaitingList, LeaveWaitingList, RequestedLine
from reservations.booking.facts import Line, Session
from reservations.booking.lines import lines_for, refuse_acting
from reservations.booking.offering import offer_to
from reservations.booking.places import whole
from reservations.booking.pools import drawn
from reservations.booking.remaining import Remaining
from reservations.booking.remaining_seats import refusal_of
from reservations.booking.serving import line_of_event
from reservations.errors import NotYourSession, SessionUnknown
from reservations.seats.beside import beside
from reservations.seats.companions import sits_apart
from reservations.seats.errors import SeatsApart
from reservations.waiting_line.entry import WaitingEntry
from reservations.waiting_line.errors import (
    AlreadyWaiting,
    NotWaiting,
    PlacesFree,
    WaitingIdTaken,
    WaitsInVain,
)
from uit.core.errors import Refusal


def join(remaining: Remaining, command: JoinWaitingList) -> InWaitingList | Refusal:
    """At the end of the line. Refused: what they may not book, what is free, and what will never be."""
    there = remaining.waiting.get(command.entry_id)
    if there:
        if there.digest != command.digest:
            return WaitingIdTaken(there.id)
        return InWaitingList(there, before(remaining, there), new=False)
    entry = new_entry(remaining, command)
    others = [each for each in remaining.waiting.values() if each.stands and each.event_id == entry.event_id]
    if any(each.is_same_person(entry) for each in others):
        return AlreadyWaiting()
    wishes = [command.session_ids] if command.course_id else [(each,) for each in command.session_ids]
    for session_ids in wishes:
        refusal = refusal_of_dates(remaining, command, entry, session_ids)
        if refusal:
            return refusal
    remaining.waiting[entry.id] = entry
    return InWaitingList(entry, before(remaining, entry), new=True)


def new_entry(remaining: Remaining, command: JoinWaitingList) -> WaitingEntry:
    sessions = [remaining.sessions[each] for each in command.session_ids if each in remaining.sessions]
    by = command.by
    return WaitingEntry(
        id=command.entry_id,
        event_id=command.event_id,
        session_ids=command.session_ids,
        pool_ids=tuple(dict.fromkeys(pool_id for each in sessions for pool_id in each.pool_ids)),
        lines=tuple(replace(each, has_code=asks_code(sessions, each.tariff)) for each in command.lines),
        membership_id=command.membership_id,
        name=command.guest.name if command.guest else None,
        email=command.guest.email if command.guest else None,
        channel=command.channel,
        joined_at=joined_at(remaining, command.event_id),
        ends_at=max((each.ends_at for each in sessions), default=remaining.now),
        made_by=command.made_by,
        keeps=command.keeps,
        person_id=by.person_id if isinstance(by, ByRepresentative) else None,
        own_id=by.own_id if isinstance(by, ByRepresentative) else None,
        client_id=by.client_id if isinstance(by, ByClient) else None,
        digest=command.digest,
        course_id=command.course_id,
    )


def asks_code(sessions: Iterable[Session], code: str) -> bool:
    """Whether a price asks a code, which is looked at before anybody stands in the line."""
    tariffs = (each.tariff(code) for each in sessions)
    return any(each and each.condition and each.condition.code_digest is not None for each in tariffs)


def joined_at(remaining: Remaining, event_id: UUID) -> datetime:
    """The moment that says their place in the line: later than that of everybody who stands in it."""
    stand = (each.joined_at for each in remaining.waiting.values() if each.event_id == event_id)
    last = max(stand, default=None)
    return remaining.now if last is None else max(remaining.now, last + timedelta(microseconds=1))


def refusal_of_dates(
    remaining: Remaining, command: JoinWaitingList, entry: WaitingEntry, session_ids: Sequence[UUID]
) -> Refusal | None:
    """Why nobody has to wait for dates together, or cannot: one, or those of a course."""
    sessions = [remaining.sessions.get(each) for each in session_ids]
    known = [each for each in sessions if each]
    if not known or len(known) < len(session_ids):
        return SessionUnknown(next(iter({*session_ids} - {each.id for each in known}), command.entry_id))
    if isinstance(command.by, ByClient) and known[0].organiser_id not in command.by.organiser_ids:
        return NotYourSession(known[0].id)
    offer = with_codes(offer_to(command.region_id, entry, known, None), command)
    lines = refuse_acting(remaining, offer.by, offer.lines) or lines_for(remaining, offer)
    if isinstance(lines, Refusal):
        return lines
    if never := refuse_in_vain(remaining, lines) or refuse_seats(remaining, lines, offer.lines):
        return never
    if remaining.lacking(whole(lines)) or remaining.seats.seat(lines, offer.lines):
        return None
    return PlacesFree(known[0].id, places_in([each for each in lines if each.session_id == known[0].id]))


def refuse_in_vain(remaining: Remaining, lines: Sequence[Line]) -> WaitsInVain | None:
    """Whether more places are asked than there are, also where nobody has one yet."""
    places = drawn(whole(lines))
    for pool_id in remaining.pools.counted(places):
        asked, there = places[pool_id], remaining.pools.by_id[pool_id].capacity
        if asked > there:
            full = next(each.session_id for each in lines if pool_id in each.pool_ids)
            return WaitsInVain(full, asked, there)
    return None


def refuse_seats(
    remaining: Remaining, lines: Sequence[Line], requested: Sequence[RequestedLine]
) -> Refusal | None:
    """The same of seats: there are too few of a kind, or nobody could sit beside a wheelchair."""
    for session_id in dict.fromkeys(each.session_id for each in lines):
        hall = remaining.seats.empty_hall(session_id)
        if hall is None:
            continue
        asked = [each for each in zip(lines, requested, strict=True) if each[0].session_id == session_id]
        wrong = next(filter(None, (refusal_of(hall.plan, *each) for each in asked)), None)
        if wrong:
            return wrong
        people = sum(line.weight for line, _ in asked)
        wheelchairs = sum(each.wheelchairs for _, each in asked)
        for is_for, count in ((True, wheelchairs), (False, people - wheelchairs)):
            there = hall.left(wheelchair=is_for)
            if count > there:
                return WaitsInVain(session_id, count, there, is_for)
        found = beside(hall, (), people, wheelchairs) or []
        if sits_apart(hall.plan, [each.key for each in found]):
            return SeatsApart(session_id)
    return None


def with_codes(offer: Book, command: JoinWaitingList) -> Book:
    """The offer with the codes that were typed, as a booking has them. A clerk sees what a price asks."""
    if command.made_by:
        return offer
    codes = command.code_digests
    lines = (replace(each, has_code=False, code_digest=codes.get(each.tariff)) for each in offer.lines)
    return replace(offer, lines=tuple(lines))


def places_in(lines: list[Line]) -> int:
    return sum(len(each.tickets) for each in lines)


def before(remaining: Remaining, entry: WaitingEntry) -> int:
    """How many stand before somebody in the line."""
    line = line_of_event(remaining, entry.event_id)
    return next((no for no, each in enumerate(line) if each.id == entry.id), 0)


def leave(remaining: Remaining, command: LeaveWaitingList) -> LeftWaitingList | Refusal:
    """What was kept for them is let go by who goes through the line next, in the same breath."""
    entry = remaining.waiting.get(command.entry_id)
    if entry is None or entry.state != "waiting":
        return NotWaiting()
    left = replace(entry, state="left")
    remaining.waiting[entry.id] = left
    return LeftWaitingList(command.region_id, left, command.left_by)
