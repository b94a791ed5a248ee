"""What a booking has and what it is to have: the places that stay, that end, and that are new. Pure."""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import CardProof, HolderProof, LineProof
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


def compare(remaining: Remaining, lines: Sequence[Line], command: ChangeBooking) -> Content | Refusal:
    """The content that a command wants beside the live tickets of these lines.

    Of fewer places the last tickets end; more of them are new ones beside those that stay.
    """
    wanted = wanted_in(remaining, command.lines)
    if isinstance(wanted, Refusal):
        return wanted
    live = {line.no: [each for each in line.tickets if each.status in LIVE] for line in lines}
    kept: dict[int, int] = {}
    new: list[RequestedLine] = []
    for place, asked in wanted.items():
        theirs = [line for line in lines if place_of(line) == place]
        may_stay = {line.no: seated_first(live[line.no], asked) for line in theirs}
        stays = stay(remaining, asked, sum(len(live[line.no]) for line in theirs))
        if isinstance(stays, Refusal):
            return stays
        stays = stay_seated(remaining, asked, stays, sum(may_stay.values()))
        left = stays
        for line in theirs:
            kept[line.no] = min(left, may_stay[line.no])
            left -= kept[line.no]
        if asked.places > stays:
            stay_put = [each for line in theirs for each in live[line.no][: kept[line.no]]]
            seats = {seat for each in stay_put for seat in each.seats}
            seated = remaining.seats.wheelchairs(asked.session_id, seats)
            new.append(others_of(asked, asked.places - stays, seats, seated))
    parts = [(line, live[line.no], kept.get(line.no, 0)) for line in lines]
    return Content(
        tuple((line, tuple(tickets[:stays])) for line, tickets, stays in parts if stays),
        tuple((line, tuple(tickets[stays:])) for line, tickets, stays in parts if tickets[stays:]),
        tuple(new),
    )


def seated_first(tickets: list[Ticket], asked: RequestedLine) -> int:
    """How many of these may stay, and those first: where seats are chosen, who has one of them."""
    if not asked.seats:
        return len(tickets)
    tickets.sort(key=lambda each: not has_chosen(each, asked))
    return sum(has_chosen(each, asked) for each in tickets)


def has_chosen(ticket: Ticket, asked: RequestedLine) -> bool:
    """Whether all seats of a ticket were chosen again."""
    return bool(ticket.seats) and set(ticket.seats) <= set(asked.seats)


def others_of(asked: RequestedLine, places: int, kept: Collection[str], wheelchairs: int) -> RequestedLine:
    """So many places of a line, with what was said of seats for those that have none yet.

    `wheelchairs`: how many of those that stay have a place for one.
    """
    seats = tuple(each for each in asked.seats if each not in kept)
    more = max(0, asked.wheelchairs - wheelchairs)
    return replace(asked, places=places, seats=seats, wheelchairs=more)


def together(one: RequestedLine, other: RequestedLine) -> RequestedLine:
    """Two lines of the same, as one."""
    return replace(
        one,
        places=one.places + other.places,
        seats=one.seats + other.seats,
        wheelchairs=one.wheelchairs + other.wheelchairs,
    )


def wanted_in(remaining: Remaining, lines: Sequence[RequestedLine]) -> dict[Place, RequestedLine] | Refusal:
    """What is asked for, each of the same once."""
    wanted: dict[Place, RequestedLine] = {}
    for line in lines:
        holder_id = whose(remaining, line.holder) if line.holder else None
        if isinstance(holder_id, Refusal):
            return holder_id
        place = line.session_id, line.tariff, holder_id
        before = wanted.get(place)
        wanted[place] = together(before, line) if before else line
    return wanted


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


def stay(remaining: Remaining, asked: RequestedLine, has: int) -> int | TooFewPlaces:
    """How many of the places that somebody has stay: none where the others alone would be too few."""
    tariff = tariff_of(remaining, asked)
    least = tariff.least if tariff else 1
    if asked.places < has and asked.places < least:
        return TooFewPlaces(asked.session_id, asked.tariff, asked.places, least)
    if asked.places <= has:
        return asked.places
    return has if asked.places - has >= least else 0


def stay_seated(remaining: Remaining, asked: RequestedLine, stays: int, seated: int) -> int:
    """How many stay where `seated` have a seat that was chosen again: none where the others were too few."""
    tariff = tariff_of(remaining, asked)
    others = asked.places - min(stays, seated)
    is_too_few = seated < stays and tariff is not None and others < tariff.least
    return 0 if is_too_few else min(stays, seated)


def tariff_of(remaining: Remaining, asked: RequestedLine) -> Tariff | None:
    session = remaining.sessions.get(asked.session_id)
    return session.tariff(asked.tariff) if session else None
