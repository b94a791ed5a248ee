"""What is one each: the places that holders have at such a price, over all their bookings. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from reservations.booking.answers import Ended
from reservations.booking.counted import PersonalPlaces
from reservations.booking.facts import Line, Session


class Personal:
    """Per session and holder, the places that each line of their bookings has; changes within a batch."""

    def __init__(self, found: Iterable[PersonalPlaces]) -> None:
        self._places: dict[tuple[UUID, UUID], dict[tuple[UUID, int], int]] = {}
        for each in found:
            self._add(each)

    def copy(self) -> "Personal":
        copied = Personal(())
        copied._places = {key: dict(places) for key, places in self._places.items()}
        return copied

    def places(self, session_id: UUID, holder_id: UUID) -> int:
        return sum(self._places.get((session_id, holder_id), {}).values())

    def has_room(self, lines: Iterable[Line], sessions: Mapping[UUID, Session]) -> bool:
        """Whether nobody would have two of what is one each, with these lines too."""
        asked: Counter[tuple[UUID, UUID]] = Counter()
        for line in lines:
            if line.holder_id and is_personal(line, sessions):
                asked[line.session_id, line.holder_id] += len(line.tickets)
        return all(self.places(*key) + places <= 1 for key, places in asked.items())

    def take(self, booking_id: UUID, lines: Iterable[Line], sessions: Mapping[UUID, Session]) -> None:
        """Count the places of these lines, where theirs is a price that is one each."""
        for line in lines:
            if line.holder_id and is_personal(line, sessions):
                self._add(
                    PersonalPlaces(line.session_id, line.holder_id, booking_id, line.no, len(line.tickets))
                )

    def give_back(self, answer: Ended) -> None:
        """Let who gave up a place book one again."""
        lines = {line.no: line for line in answer.booking.lines}
        for ticket in answer.tickets:
            line = lines[ticket.line_no]
            if line.holder_id is None:
                continue
            by_line = self._places.get((line.session_id, line.holder_id), {})
            if by_line.get((answer.booking.id, line.no)):
                by_line[answer.booking.id, line.no] -= 1

    def _add(self, found: PersonalPlaces) -> None:
        by_line = self._places.setdefault((found.session_id, found.holder_id), {})
        key = found.booking_id, found.line_no
        by_line[key] = by_line.get(key, 0) + found.places


def is_personal(line: Line, sessions: Mapping[UUID, Session]) -> bool:
    """Whether a line that is being booked has a price that is one each; of cards there may be a next one."""
    session = sessions[line.session_id]
    tariff = session.tariff(line.tariff_code)
    return tariff is not None and tariff.is_personal and not session.is_turn_card
