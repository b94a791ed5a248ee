"""Codes that go along where a booking changes: what was proven once is not asked again. Pure."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.changed_content import Content
from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Booking, Line, TicketEnd
from reservations.booking.remaining import Remaining

Key = tuple[str, str]
"""What one code is for: a tariff, and the digest of the code that it asks."""


def with_codes_along(
    freed: Remaining, booking: Booking, content: Content, lines: Iterable[RequestedLine]
) -> tuple[RequestedLine, ...]:
    """The new lines of a change, of which those have their code that stand in for places at the same price.

    So a place at a price with a code goes to another date as it was booked, also after the last day of that
    code. For more places than there were, the code is asked.
    """
    proven = proven_by(freed, booking, content)
    moved: list[RequestedLine] = []
    for asked in lines:
        key = key_of(freed, asked.session_id, asked.tariff)
        is_proven = key is not None and 0 < asked.places <= proven[key]
        if key and is_proven:
            proven[key] -= asked.places
        moved.append(replace(asked, has_code=is_proven))
    return tuple(moved)


def proven_by(freed: Remaining, booking: Booking, content: Content) -> Counter[Key]:
    """For how many tickets each code was given: those that end now, and those whose date was called off.

    A ticket that was booked after one whose date was called off may be in its place.
    """
    found = Counter[Key]()
    for line, tickets in content.ending:
        if key := key_of(freed, line.session_id, line.tariff_code):
            found[key] += len(tickets)
    for line in booking.lines:
        off = sum(each.end is TicketEnd.CALLED_OFF for each in line.tickets)
        key = key_of(freed, line.session_id, line.tariff_code)
        if off and key:
            found[key] += max(0, off - booked_after(freed, line, key, content))
    return found


def booked_after(freed: Remaining, line: Line, key: Key, content: Content) -> int:
    later = [each for each in (*content.kept, *content.ending) if each[0].no > line.no]
    return sum(
        len(tickets) for each, tickets in later if key_of(freed, each.session_id, each.tariff_code) == key
    )


def key_of(freed: Remaining, session_id: UUID, code: str) -> Key | None:
    """None where no code is asked."""
    session = freed.sessions.get(session_id)
    tariff = session.tariff(code) if session else None
    if tariff is None or tariff.condition is None or tariff.condition.code_digest is None:
        return None
    return code, tariff.condition.code_digest
