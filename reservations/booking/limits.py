"""What is left of a price for a person, a household or a code, over all their bookings. Pure."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.answers import Ended
from reservations.booking.commands import Book
from reservations.booking.condition import NOTHING_COUNTED, Condition, CountedForConditions, CountedLine
from reservations.booking.condition_errors import CodeUsedUp, MostPerHousehold, MostPerPerson
from reservations.booking.facts import Line, Session
from uit.core.errors import Refusal

Who = UUID | str | None
"""A member, the address of a guest, or somebody whom nobody knows, such as who buys at a till."""


class Limits:
    """The places that count for each price with a limit; changes within a batch."""

    def __init__(self, found: CountedForConditions) -> None:
        self._lines = {(each.booking_id, each.line_no): each for each in found.lines}
        self._households: dict[Who, set[UUID]] = {}
        for member in found.households:
            self._households.setdefault(member.membership_id, set()).add(member.household_id)
        self._events = {(each.session_id, each.tariff): each.event_id for each in found.code_uses}
        self._uses = {(each.event_id, each.tariff): each.tickets for each in found.code_uses}

    def refusal(
        self,
        lines: Sequence[Line],
        sessions: Mapping[UUID, Session],
        groups: Container[UUID | None],
        address: str | None,
    ) -> Refusal | None:
        """Whether somebody would have more of a price than its organiser gives, with these lines too.

        A group comes with as many as it is, so what each person may have says nothing of it.
        """
        of_people = [line for line in lines if line.holder_id not in groups]
        for line, condition in limited(lines, sessions):
            asked = [each for each in of_people if is_same_price(each, line)]
            refusal = self._too_many(line, condition, asked, address) or self._used_up(line, condition, lines)
            if refusal:
                return refusal
        return None

    def copy(self) -> "Limits":
        copied = Limits(NOTHING_COUNTED)
        copied._lines, copied._uses = dict(self._lines), dict(self._uses)
        copied._households, copied._events = self._households, self._events
        return copied

    def refusal_in(
        self,
        booking_id: UUID,
        lines: Sequence[Line],
        sessions: Mapping[UUID, Session],
        groups: Container[UUID | None],
    ) -> Refusal | None:
        """The same for who has a booking already: for what comes to it, or lapsed of it and is had again."""
        return self.refusal(lines, sessions, groups, self._address_of(booking_id))

    def take(
        self,
        booking_id: UUID,
        lines: Iterable[Line],
        sessions: Mapping[UUID, Session],
        address: str | None = None,
    ) -> None:
        """Count these lines, where their price has a limit."""
        address = address or self._address_of(booking_id)
        for line, _ in limited(lines, sessions):
            price = line.session_id, line.tariff_code
            key, places = (booking_id, line.no), len(line.tickets)
            before = self._lines.get(key)
            self._lines[key] = CountedLine(
                *price, *key, line.holder_id, address, places + (before.places if before else 0)
            )
            self._use(price, places)

    def give_back(self, answer: Ended) -> None:
        """Let somebody have again what was given up, or what ended by no doing of theirs."""
        lines = {line.no: line for line in answer.booking.lines}
        for ticket in answer.tickets:
            line, key = lines[ticket.line_no], (answer.booking.id, ticket.line_no)
            self._use((line.session_id, line.tariff_code), -1)
            if found := self._lines.get(key):
                self._lines[key] = replace(found, places=max(0, found.places - 1))

    def _use(self, price: tuple[UUID, str], tickets: int) -> None:
        if price in self._events:
            self._uses[self._events[price], price[1]] += tickets

    def _too_many(
        self, line: Line, condition: Condition, asked: Sequence[Line], address: str | None
    ) -> Refusal | None:
        price, people = (line.session_id, line.tariff_code), {each.holder_id or address for each in asked}
        most = condition.most_per_person
        if most and any(self._had(price, {who}) + of(asked, {who}, address) > most for who in people):
            return MostPerPerson(*price, most)
        most = condition.most_per_household
        together = [whole for who in people for whole in self._living_with(who)]
        if most and any(self._had(price, whole) + of(asked, whole, address) > most for whole in together):
            return MostPerHousehold(*price, most)
        return None

    def _used_up(self, line: Line, condition: Condition, lines: Sequence[Line]) -> CodeUsedUp | None:
        if condition.code_uses is None:
            return None
        price = line.session_id, line.tariff_code
        event_id = self._events.get(price)
        asked = sum(len(each.tickets) for each in lines if self._is_of_event(each, event_id, line))
        left = max(0, condition.code_uses - (self._uses[event_id, price[1]] if event_id else 0))
        return CodeUsedUp(*price, asked, left) if asked > left else None

    def _is_of_event(self, other: Line, event_id: UUID | None, line: Line) -> bool:
        """Whether another line is sold by the same code: on the same date, or one of the same event."""
        if event_id is None:
            return is_same_price(other, line)
        price = other.session_id, other.tariff_code
        return price[1] == line.tariff_code and self._events.get(price) == event_id

    def _living_with(self, who: Who) -> Iterator[set[Who]]:
        """Each household of somebody; who has none is one alone."""
        own = self._households.get(who)
        for household_id in own or ():
            yield {each for each, of_each in self._households.items() if household_id in of_each}
        if not own:
            yield {who}

    def _had(self, price: tuple[UUID, str], people: set[Who]) -> int:
        """What these have already. Of whom nobody knows, nobody knows what they have."""
        return sum(
            each.places
            for each in self._lines.values()
            if (each.session_id, each.tariff) == price
            and (who := each.holder_id or each.address) is not None
            and who in people
        )

    def _address_of(self, booking_id: UUID) -> str | None:
        return next((each.address for each in self._lines.values() if each.booking_id == booking_id), None)


def address_of(command: Book) -> str | None:
    """By what a guest is known over all their bookings. Their ticket goes there, so it is theirs."""
    return command.guest.email.strip().lower() if command.guest else None


def limited(lines: Iterable[Line], sessions: Mapping[UUID, Session]) -> Iterator[tuple[Line, Condition]]:
    """The lines at a price of which only some is for each, and what it asks."""
    for line in lines:
        tariff = sessions[line.session_id].tariff(line.tariff_code)
        if tariff and tariff.condition and tariff.condition.is_counted:
            yield line, tariff.condition


def is_same_price(one: Line, other: Line) -> bool:
    return (one.session_id, one.tariff_code) == (other.session_id, other.tariff_code)


def of(lines: Iterable[Line], people: set[Who], address: str | None) -> int:
    """The tickets that these would have."""
    return sum(len(line.tickets) for line in lines if (line.holder_id or address) in people)
