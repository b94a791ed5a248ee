"""What is offered to who waits: the booking that they would make themselves, if they may. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import MembershipProof
from reservations.booking.commands import Book, GuestContact, RequestedLine, bound_to
from reservations.booking.facts import Line, Session
from reservations.booking.lines import lines_for, refuse_acting
from reservations.booking.remaining import Remaining
from reservations.booking.waits_as import waits_as
from reservations.seats.facts import seat_pools
from reservations.waiting_line.deadline import answer_by, kept_until
from reservations.waiting_line.entry import WaitingEntry, WantedPlaces
from reservations.waiting_line.rule import Part, Wish
from uit.core.errors import Refusal

TOO_NEAR = "too_near"
"""Why a date is not offered to somebody: there is no time left to reach them and hear from them."""
NOT_THERE = "reservations.session_unknown"


def offer_to(
    region_id: int, entry: WaitingEntry, sessions: Sequence[Session], until: datetime | None
) -> Book:
    """The booking that is offered, in the name of who waits. Somebody gets one offer, so its id follows."""
    booking_id = uuid5(entry.id, "offer")
    guest = GuestContact(entry.name or "", entry.email) if entry.email else None
    return Book(
        region_id=region_id,
        booking_id=booking_id,
        digest=bound_to("offer", entry.id),
        by=waits_as(entry, booking_id, sessions[0].organiser_id),
        lines=tuple(
            RequestedLine(
                session.id,
                each.tariff,
                each.places,
                proof_of(entry, each),
                wheelchairs=each.wheelchairs,
                has_code=each.has_code,
                course_id=entry.course_id,
            )
            for each in entry.lines
            for session in sessions
        ),
        channel=entry.channel,
        held_until=until,
        guest=guest,
        entry_id=entry.id,
    )


def proof_of(entry: WaitingEntry, wanted: WantedPlaces) -> MembershipProof | None:
    """By whose pass these places are; None for a guest."""
    holder_id = wanted.membership_id or entry.membership_id
    return MembershipProof(holder_id) if holder_id else None


class Found(Struct, frozen=True):
    """A date for somebody: what the rule knows of it, the offer that it would be, and its lines."""

    wish: Wish
    command: Book | None = None
    lines: tuple[Line, ...] = ()


def found_for(remaining: Remaining, region_id: int, entry: WaitingEntry, session: Session) -> Found:
    """Whether somebody may have this date, by the rules of a booking that they would make now."""
    return found_together(remaining, region_id, entry, [session])


def found_in_course(remaining: Remaining, region_id: int, entry: WaitingEntry) -> Found:
    """The same of all dates of a course that they wait for and that are to come: nothing of it is kept."""
    course = remaining.courses.by_id.get(entry.course_id) if entry.course_id else None
    to_come = [each.session_id for each in course.to_come(remaining.now)] if course else []
    sessions = [remaining.sessions[each] for each in to_come if each in entry.session_ids]
    if not sessions:
        return Found(Wish(entry.session_ids[0], refused=NOT_THERE))
    return found_together(remaining, region_id, replace(entry, keeps=False), sessions)


def found_together(
    remaining: Remaining, region_id: int, entry: WaitingEntry, sessions: Sequence[Session]
) -> Found:
    """What somebody would get of these dates, the soonest first, which is the one that it is known by."""
    session = sessions[0]
    until = answer_by(entry.reached, closes_at(session), remaining.now)
    if until is None:
        return Found(Wish(session.id, refused=TOO_NEAR))
    command = offer_to(region_id, entry, sessions, until)
    lines = refuse_acting(remaining, command.by, command.lines) or lines_for(remaining, command)
    if isinstance(lines, Refusal):
        return Found(Wish(session.id, refused=lines.code))
    wheelchairs = [each.wheelchairs for each in command.lines]
    parts = tuple(part_of(remaining, *each) for each in zip(lines, wheelchairs, strict=True))
    keeps = entry.keeps and not entry.wheelchairs and remaining.now < kept_until(closes_at(session))
    return Found(Wish(session.id, parts, keeps=keeps), command, tuple(lines))


def part_of(remaining: Remaining, line: Line, wheelchairs: int) -> Part:
    """What a line draws on, also of seats where they are numbered."""
    pool_ids, weight = remaining.pools.counted(line.pool_ids), line.tickets[0].weight
    if not remaining.seats.are_numbered(line.session_id):
        return Part(len(line.tickets), weight, pool_ids)
    pools = seat_pools(line.session_id)
    if not wheelchairs:
        return Part(len(line.tickets), weight, (*pool_ids, pools.others))
    seats = {pools.wheelchairs: wheelchairs, pools.others: line.weight - wheelchairs}
    return Part(len(line.tickets), weight, pool_ids, seats)


def closes_at(session: Session) -> datetime:
    """When nothing of a date can be taken any more."""
    return min(session.sale_closes_at, session.starts_at)
