"""What an offer costs whoever got it, and how it is paid: the steps of accepting it, with nothing written."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.accepting import as_book
from reservations.booking.acting import read_given
from reservations.booking.actor import ByRepresentative
from reservations.booking.commands import AcceptOffer, PayWith
from reservations.booking.facts import Booking, Facts
from reservations.booking.funding import most_credit, write_credit
from reservations.booking.quote import ways
from reservations.booking.remaining import Remaining
from reservations.waiting.place import PlaceInLine
from uit.core.formats import euro
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
read_facts_of_offer = SQL.value("read_facts_of_offer", str)
ON_PAGES = (PayWith.CREDIT, PayWith.CREDIT_THEN_CARD, PayWith.CARD, PayWith.DESK)


class Offered(Struct, frozen=True):
    """`remaining_by`: the ways to pay what credit does not, and what each leaves to pay."""

    booking: Booking
    price_cents: int
    credit_cents: int
    remaining_by: dict[PayWith, int]

    @property
    def session_id(self) -> UUID:
        return self.booking.lines[0].session_id

    @property
    def session_ids(self) -> list[UUID]:
        """The date that is offered, or those of a course."""
        return list(dict.fromkeys(line.session_id for line in self.booking.lines))

    @property
    def seats(self) -> list[str]:
        """Where they would sit, where seats are numbered: they are held too."""
        return [seat for line in self.booking.lines for ticket in line.tickets for seat in ticket.seats]

    def bill(self, company: Mapping[UUID, str]) -> list[tuple[str, int]]:
        """What the places cost: for each of `company` where several come, below zero what credit pays."""
        lines = [(each.holder_id, each.places, each.price_cents) for each in self.booking.lines]
        by_name: dict[str, int] = {}
        for holder_id, _places, cents in lines:
            name = company.get(holder_id, "") if holder_id else ""
            by_name[name] = by_name.get(name, 0) + cents
        places = sum(count for _holder, count, _cents in lines) // len(self.session_ids)
        if not company or "" in by_name:
            words = _("1 plaats") if places == 1 else _("%(places)s plaatsen", places=places)
            by_name = {words: self.price_cents}
        paid = [(_("Met krediet"), -self.credit_cents)] if self.credit_cents else []
        return [*by_name.items(), *paid]

    def way(self, chosen: str) -> PayWith | None:
        """The way to pay that was chosen, where it is open; else the first that is."""
        ways = list(self.remaining_by)
        return PayWith(chosen) if chosen in {*ways} else next(iter(ways), None)

    @property
    def choices(self) -> list[tuple[PayWith, str]]:
        """Each way in words."""
        return [(way, words_of(way, cents)) for way, cents in self.remaining_by.items()]


def words_of(way: PayWith, cents: int) -> str:
    match way:
        case PayWith.CREDIT:
            return _("met krediet")
        case PayWith.DESK:
            return _("%(remaining)s aan de kassa", remaining=euro(cents))
        case _:
            return _("%(remaining)s met Bancontact of kaart", remaining=euro(cents))


def accepting(region_id: int, place: PlaceInLine, payment_id: UUID) -> AcceptOffer:
    """That they take it, with credit; how else it is paid and what was seen is written in it."""
    assert place.booking_id
    by, wallets = place.by, place.holder_ids
    return AcceptOffer(region_id, place.booking_id, by, PayWith.CREDIT, payment_id, 0, wallets)


async def read_offered(tx: Executor, region_id: int, place: PlaceInLine, now: datetime) -> Offered | None:
    """The offer as it stands now; None when there is none to answer."""
    if place.state != "offered" or place.booking_id is None:
        return None
    document = await read_facts_of_offer(tx, region_id, [place.booking_id], place.holder_ids)
    facts = msgspec.json.decode(document, type=Facts)
    return offered_by(await with_given_to(tx, facts, region_id, place), region_id, place, now)


async def with_given_to(tx: Executor, facts: Facts, region_id: int, place: PlaceInLine) -> Facts:
    """With what who asked for others was given for them, which says what of their credit may pay."""
    if not isinstance(place.by, ByRepresentative):
        return facts
    found = await read_given(tx, region_id, place.by.person_id)
    return replace(facts, given=[each for each in found if place.by.is_for(each.membership_id)])


def offered_by(facts: Facts, region_id: int, place: PlaceInLine, now: datetime) -> Offered | None:
    remaining = Remaining(facts, now)
    booking = facts.bookings[0] if facts.bookings else None
    if booking is None or booking.held_until is None or booking.held_until <= now:
        return None
    command = as_book(accepting(region_id, place, booking.id), booking)
    lines = [replace(line) for line in booking.lines]
    write_credit(lines, remaining.spread(lines, most_credit(command, lines, remaining)))
    credit_cents = sum(line.credit_cents for line in lines)
    found = ways(remaining, command, lines)
    return Offered(booking, booking.price_cents, credit_cents, {each: found[each] for each in on_page(found)})


def on_page(found: dict[PayWith, int]) -> Sequence[PayWith]:
    """The ways that a page offers; where credit pays all, nothing is left to choose."""
    if found.get(PayWith.CREDIT) == 0:
        return [PayWith.CREDIT]
    return [each for each in ON_PAGES if each in found]
