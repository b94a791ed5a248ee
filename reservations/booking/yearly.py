"""What groups may take in a year at the social tariff, over all their bookings. Pure."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.answers import Ended
from reservations.booking.counted import GroupUse
from uit.passes.errors import GroupTicketsTaken


class YearlyTickets:
    """What each line counts for a group and a year; changes within a batch."""

    def __init__(self, found: Iterable[GroupUse]) -> None:
        self._lines = {(each.booking_id, each.line_no): each for each in found}

    def copy(self) -> "YearlyTickets":
        return YearlyTickets(self._lines.values())

    def taken(self, group_id: UUID, year: int) -> int:
        return sum(
            each.people for each in self._lines.values() if (each.group_id, each.year) == (group_id, year)
        )

    def refusal(self, uses: Iterable[GroupUse]) -> GroupTicketsTaken | None:
        """Whether a group would have more in a year than its pass gives, with these lines too."""
        asked: Counter[tuple[UUID, int, int]] = Counter()
        for each in uses:
            asked[each.group_id, each.year, each.most] += each.people
        for (group_id, year, most), people in asked.items():
            left = max(0, most - self.taken(group_id, year))
            if people > left:
                return GroupTicketsTaken(year, people, left)
        return None

    def take(self, uses: Iterable[GroupUse]) -> None:
        self._lines |= {(each.booking_id, each.line_no): each for each in uses}

    def give_back(self, answer: Ended) -> None:
        """Let a group have again what it gave up, or what ended by no doing of its own."""
        weights = {(line.no, each.no): each.weight for line in answer.booking.lines for each in line.tickets}
        for ticket in answer.tickets:
            found = self._lines.get((answer.booking.id, ticket.line_no))
            if found:
                left = max(0, found.people - weights[ticket.key])
                self._lines[found.booking_id, found.line_no] = replace(found, people=left)
