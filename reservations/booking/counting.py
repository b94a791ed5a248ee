"""What new lines count for: the prices that are one each, and the years of groups. Pure."""

from collections.abc import Sequence
from uuid import UUID

from reservations.booking.counted import GroupUse
from reservations.booking.facts import Line
from reservations.booking.personal import is_personal
from reservations.booking.remaining import Remaining
from uit.core.clock import day_in_flanders


def personal_lines(remaining: Remaining, lines: Sequence[Line]) -> frozenset[int]:
    """The numbers of lines at a price that is one each; a group has it for as many as come."""
    return frozenset(
        line.no
        for line in lines
        if line.holder_id not in remaining.groups and is_personal(line, remaining.sessions)
    )


def uses_of(booking_id: UUID, lines: Sequence[Line], remaining: Remaining) -> tuple[GroupUse, ...]:
    """What lines of groups count for their years: the people at a social tariff, in the year of the date."""
    uses = []
    for line in lines:
        group = remaining.groups.get(line.holder_id) if line.holder_id else None
        if group and is_personal(line, remaining.sessions):
            year = day_in_flanders(remaining.sessions[line.session_id].starts_at).year
            uses.append(GroupUse(group.id, year, booking_id, line.no, line.weight, group.tickets_a_year))
    return tuple(uses)
