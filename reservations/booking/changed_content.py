"""What a booking has and what it is to have: the places that stay, that end, and that are new. Pure."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import CardProof, HolderProof, LineProof
from reservations.booking.changed_courses import CourseContent, course_content
from reservations.booking.commands import ChangeBooking, RequestedLine
from reservations.booking.facts import LIVE, Line, Ticket
from reservations.booking.keys import wallet_of
from reservations.booking.remaining import Remaining
from reservations.booking.tariff import Tariff
from reservations.errors import TooFewPlaces
from uit.core.errors import Refusal
from uit.passes.errors import PassUnknown

Tickets = tuple[tuple[Line, tuple[Ticket, ...]], ...]
Place = tuple[UUID, str, UUID | None]
"""What makes places the same: their session, tariff and holder."""


class Content(Struct, frozen=True):
    """The tickets that stay and that end, by line, and the places that are new."""

    kept: Tickets
    ending: Tickets
    new: tuple[RequestedLine, ...]

    @property
    def kept_cents(self) -> int:
        """What the tickets that stay cost."""
        return sum(cents_of(line, tickets, line.price_cents) for line, tickets in self.kept)

    @property
    def ends(self) -> int:
        """How many tickets more end than are new."""
        new = sum(each.places for each in self.new)
        return max(0, sum(len(tickets) for _, tickets in self.ending) - new)


def cents_of(line: Line, tickets: Sequence[Ticket], cents: int) -> int:
    """The part of an amount of a line that is of these tickets."""
    shares = line.shares(cents)
    return sum(shares[each.no] for each in tickets)


class AskedPlaces(Struct, frozen=True):
    """How many of the same places are wanted: with seats that were chosen, and wherever there is one."""

    chosen: RequestedLine | None = None
    anywhere: RequestedLine | None = None

    @property
    def lines(self) -> tuple[RequestedLine, ...]:
        return tuple(filter(None, (self.chosen, self.anywhere)))

    @property
    def places(self) -> int:
        return sum(each.places for each in self.lines)

    @property
    def first(self) -> RequestedLine:
        """Any of its lines: of the same session, tariff and holder as the other."""
        return self.lines[0]

    def and_also(self, line: RequestedLine) -> "AskedPlaces":
        if line.seats:
            return replace(self, chosen=together(self.chosen, line))
        return replace(self, anywhere=together(self.anywhere, line))


def compare(remaining: Remaining, lines: Sequence[Line], command: ChangeBooking) -> Content | Refusal:
    """The content that a command wants beside the live tickets of these lines.

    Of fewer places the last tickets end; more of them are new ones beside those that stay. Where lines name a
    course that the booking enrols in, they are all of that.
    """
    wanted = wanted_in(remaining, [each for each in command.lines if each.course_id is None])
    if isinstance(wanted, Refusal):
        return wanted
    enrolled = with_holders(remaining, [each for each in command.lines if each.course_id])
    if isinstance(enrolled, Refusal):
        return enrolled
    of_courses = course_content(remaining, command, lines, enrolled) if enrolled else CourseContent()
    lines = [line for line in lines if line.no not in of_courses.line_nos]
    live = {line.no: [each for each in line.tickets if each.status in LIVE] for line in lines}
    kept: dict[int, int] = {}
    new: list[RequestedLine] = []
    for place, asked in wanted.items():
        theirs = [line for line in lines if place_of(line) == place]
        may_stay = seated_first({line.no: live[line.no] for line in theirs}, asked)
        stays = stay(remaining, asked, sum(len(live[line.no]) for line in theirs))
        if isinstance(stays, Refusal):
            return stays
        left = stay_seated(remaining, asked, stays, sum(may_stay.values()))
        for line in theirs:
            kept[line.no] = min(left, may_stay[line.no])
            left -= kept[line.no]
        new += others_of(remaining, asked, [t for line in theirs for t in live[line.no][: kept[line.no]]])
    parts = [(line, live[line.no], kept.get(line.no, 0)) for line in lines]
    kept_in = tuple((line, tuple(tickets[:stays])) for line, tickets, stays in parts if stays)
    ending = tuple((line, tuple(tickets[stays:])) for line, tickets, stays in parts if tickets[stays:])
    return Content((*kept_in, *of_courses.kept), (*ending, *of_courses.ending), (*new, *of_courses.new))


def seated_first(live: Mapping[int, list[Ticket]], asked: AskedPlaces) -> dict[int, int]:
    """How many tickets of each line may stay, and those first.

    Where seats are chosen: who has one of them, and of the others as many as may sit wherever there is one.
    """
    chosen = asked.chosen.seats if asked.chosen else ()
    if not chosen:
        return {no: len(tickets) for no, tickets in live.items()}
    others = asked.anywhere.places if asked.anywhere else 0
    may_stay: dict[int, int] = {}
    for no, tickets in live.items():
        tickets.sort(key=lambda each: not has_chosen(each, chosen))
        seated = sum(has_chosen(each, chosen) for each in tickets)
        beside = min(others, len(tickets) - seated)
        may_stay[no], others = seated + beside, others - beside
    return may_stay


def has_chosen(ticket: Ticket, chosen: Collection[str]) -> bool:
    """Whether all seats of a ticket were chosen again."""
    return bool(ticket.seats) and set(ticket.seats) <= set(chosen)


def others_of(remaining: Remaining, asked: AskedPlaces, kept: Sequence[Ticket]) -> list[RequestedLine]:
    """The places beside those that are kept, with what was said of seats for those that have none yet."""
    has_seats, sits_anywhere = divided(asked, kept)
    new = []
    for line, stay in ((asked.chosen, has_seats), (asked.anywhere, sits_anywhere)):
        if line and line.places > len(stay):
            seats = {seat for each in stay for seat in each.seats}
            left = tuple(each for each in line.seats if each not in seats)
            wheelchairs = max(0, line.wheelchairs - remaining.seats.wheelchairs(line.session_id, seats))
            new.append(replace(line, places=line.places - len(stay), seats=left, wheelchairs=wheelchairs))
    if len(new) > 1 and not any(each.seats for each in new):
        return [together(*new)]
    return new


def divided(asked: AskedPlaces, kept: Sequence[Ticket]) -> tuple[list[Ticket], list[Ticket]]:
    """The tickets that stay for places with a chosen seat, and those that stay for the others."""
    if asked.chosen is None:
        return [], list(kept)
    again = [each for each in kept if has_chosen(each, asked.chosen.seats)]
    others = [each for each in kept if not has_chosen(each, asked.chosen.seats)]
    return again[: asked.chosen.places], again[asked.chosen.places :] + others


def together(one: RequestedLine | None, other: RequestedLine) -> RequestedLine:
    """Two lines of the same as one, or the other where there is none yet."""
    if one is None:
        return other
    return replace(
        one,
        places=one.places + other.places,
        seats=one.seats + other.seats,
        wheelchairs=one.wheelchairs + other.wheelchairs,
    )


def wanted_in(remaining: Remaining, lines: Sequence[RequestedLine]) -> dict[Place, AskedPlaces] | Refusal:
    """What is asked for, each of the same once."""
    wanted: dict[Place, AskedPlaces] = {}
    for line in lines:
        holder_id = whose(remaining, line.holder) if line.holder else None
        if isinstance(holder_id, Refusal):
            return holder_id
        place = line.session_id, line.tariff, holder_id
        wanted[place] = wanted.get(place, AskedPlaces()).and_also(line)
    return wanted


def with_holders(
    remaining: Remaining, lines: Sequence[RequestedLine]
) -> list[tuple[RequestedLine, UUID | None]] | Refusal:
    """Lines, each with who comes."""
    found: list[tuple[RequestedLine, UUID | None]] = []
    for line in lines:
        holder_id = whose(remaining, line.holder) if line.holder else None
        if isinstance(holder_id, Refusal):
            return holder_id
        found.append((line, holder_id))
    return found


def whose(remaining: Remaining, proof: HolderProof) -> UUID | Refusal:
    """Who is meant, whether or not they may have anything new."""
    if isinstance(proof, LineProof):
        return proof.holder_id
    if not isinstance(proof, CardProof):
        return wallet_of(proof)
    holder = remaining.by_card.get(proof.card_id)
    return holder.id if holder and holder.token_version == proof.token_version else PassUnknown()


def place_of(line: Line) -> Place:
    return line.session_id, line.tariff_code, line.holder_id


def stay(remaining: Remaining, asked: AskedPlaces, has: int) -> int | TooFewPlaces:
    """How many of the places that somebody has stay: none where the others alone would be too few."""
    first, tariff = asked.first, tariff_of(remaining, asked)
    least = tariff.least if tariff else 1
    if asked.places < has and asked.places < least:
        return TooFewPlaces(first.session_id, first.tariff, asked.places, least)
    if asked.places <= has:
        return asked.places
    return has if asked.places - has >= least else 0


def stay_seated(remaining: Remaining, asked: AskedPlaces, stays: int, seated: int) -> int:
    """How many stay where so many may, by the seats that were chosen: none where the others were too few."""
    tariff = tariff_of(remaining, asked)
    others = asked.places - min(stays, seated)
    is_too_few = seated < stays and tariff is not None and others < tariff.least
    return 0 if is_too_few else min(stays, seated)


def tariff_of(remaining: Remaining, asked: AskedPlaces) -> Tariff | None:
    session = remaining.sessions.get(asked.first.session_id)
    return session.tariff(asked.first.tariff) if session else None
