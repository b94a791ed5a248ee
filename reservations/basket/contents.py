"""What is in a basket, as its page shows it: the bookings that it becomes, and what cannot be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.booking.commands import (
    Actor,
    Book,
    ByGuest,
    ByHolder,
    MembershipProof,
    PayWith,
    RequestedLine,
    bound_to,
)
from reservations.booking.facts import Facts
from reservations.booking.funding import desk_until
from reservations.booking.member import Member
from reservations.booking.quote import QuotedLine
from reservations.booking.split import QuotedBooking
from reservations.booking.to_pay import Vendor
from reservations.catalogue.agenda import SessionCard, TariffOnSale, read_cards, read_tariffs
from reservations.kept_basket import ChosenPlaces, KeptBasket
from reservations.order.form import SeenTotal, encode_seen_total
from reservations.order.offer import Choice, choices
from reservations.order.order import Total, way_hint, way_words
from reservations.quotes.quotes import Quoted, read_quote
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor

FIELD = "plaatsen-"
CLIENT = "page"


class BasketLine(Struct, frozen=True):
    """A line with its session, when that is there, and with what it costs or why it cannot be had.

    `cheaper`: a price that is meant for who looks and is not in the basket, as for who signed in since.
    """

    chosen: ChosenPlaces
    card: SessionCard | None
    choice: Choice | None
    quoted: QuotedLine
    refusal: Refusal | None = None
    cheaper: Choice | None = None

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return field_of(self.chosen)

    @property
    def name(self) -> str:
        return self.card.session.name if self.card else _("Een activiteit die er niet meer is")

    @property
    def label(self) -> str:
        return self.choice.label if self.choice else _("Gewone plaats")


class BasketBooking(Struct, frozen=True):
    """Lines that become one booking. `total` says what is to pay and how, as on the page of one session."""

    lines: list[BasketLine]
    vendor: Vendor | None
    total: Total

    @property
    def bill(self) -> list[tuple[str, int]]:
        """A price for each line, and below zero the credit that pays; nothing where the sum says it all."""
        prices = [(line.name, line.quoted.price_cents) for line in self.lines]
        if self.total.credit_cents:
            return [*prices, (_("Met krediet"), -self.total.credit_cents)]
        return prices if len(prices) > 1 else []

    @property
    def ways(self) -> list[tuple[PayWith, str, str | None]]:
        """The ways to pay what credit does not, each in words, and what happens then."""
        total = self.total
        return [(way, way_words(way, total), way_hint(way, total)) for way in total.paid_ways]

    @property
    def chosen(self) -> list[ChosenPlaces]:
        return [line.chosen for line in self.lines]


class Contents(Struct, frozen=True):
    """A basket as it stands now: the bookings in the order in which they are made, and what is refused."""

    bookings: list[BasketBooking]
    refused: list[BasketLine]

    @property
    def lines(self) -> list[BasketLine]:
        return [line for booking in self.bookings for line in booking.lines] + self.refused

    @property
    def vendors(self) -> list[str]:
        """Who is paid, one after the other."""
        return [name for name, _same in groupby(each.vendor.name for each in self.bookings if each.vendor)]


def field_of(chosen: ChosenPlaces) -> str:
    return f"{FIELD}{chosen.session_id}-{chosen.tariff}"


def places_of(lines: Sequence[ChosenPlaces]) -> dict[str, int]:
    """The numbers of places, by the key of their line."""
    return {line.key: line.places for line in lines}


def as_command(
    region_id: int, member: Member | None, booking_id: UUID, lines: Sequence[ChosenPlaces]
) -> Book:
    """The command that books these lines with credit. Its digest binds the id to all of that."""
    holder = MembershipProof(member.id) if member else None
    by: Actor = ByHolder(member.id) if member else ByGuest(str(booking_id))
    requested = tuple(RequestedLine(line.session_id, line.tariff, line.places, holder) for line in lines)
    digest = bound_to("POST", "basket", region_id, booking_id, requested)
    return Book(region_id, booking_id, digest, by, requested, "page")


async def read_contents(tx: Executor, basket: KeptBasket, member: Member | None, now: datetime) -> Contents:
    """What the lines of a basket come to now, for this member or for a guest; nothing is held."""
    command = as_command(basket.region_id, member, basket.booking_id, basket.lines)
    session_ids = list({line.session_id for line in basket.lines})
    quoted = await read_quote(tx, CLIENT, command, now)
    cards = {
        card.session.id: card for card in await read_cards(tx, basket.region_id, session_ids, member, now)
    }
    tariffs = await read_tariffs(tx, basket.region_id, session_ids)
    offered = choices_by_key(quoted.facts, tariffs, member)
    lines = [
        BasketLine(
            chosen,
            cards.get(chosen.session_id),
            offered.get(chosen.key),
            line,
            line.refusal,
            cheaper_than(chosen, offered, basket.lines),
        )
        for chosen, line in zip(basket.lines, quoted.quote.lines, strict=True)
    ]
    return contents_of(quoted, lines, now)


def choices_by_key(
    facts: Facts, tariffs: Sequence[TariffOnSale], member: Member | None
) -> Mapping[str, Choice]:
    """What may be had, by the key of a line in a basket."""
    of_session = {key: list(own) for key, own in groupby(tariffs, key=lambda tariff: tariff.session_id)}
    return {
        f"{session.id}/{choice.code}": choice
        for session in facts.sessions
        for choice in choices(session, of_session.get(session.id, []), member, facts.personal)
    }


def cheaper_than(
    chosen: ChosenPlaces, offered: Mapping[str, Choice], lines: Sequence[ChosenPlaces]
) -> Choice | None:
    """The lowest own price of a session, where it is below that of this line and nobody chose it yet."""
    own = [
        choice
        for key, choice in offered.items()
        if choice.own and choice.most and key.startswith(f"{chosen.session_id}/")
    ]
    lowest = min(own, key=lambda choice: choice.price_cents, default=None)
    choice = offered.get(chosen.key)
    if lowest is None or any(line.key == f"{chosen.session_id}/{lowest.code}" for line in lines):
        return None
    return lowest if choice is None or lowest.price_cents < choice.price_cents else None


def contents_of(quoted: Quoted, lines: Sequence[BasketLine], now: datetime) -> Contents:
    bookings: list[BasketBooking] = []
    refused = [line for line in lines if line.refusal]
    for booking in quoted.bookings:
        own = [lines[no - 1] for no in booking.line_nos]
        if booking.refusal:
            refused += [replace(line, refusal=NotEnough(booking.price_cents)) for line in own]
            continue
        vendor = quoted.sellers.get(booking.seller_id) if booking.seller_id else None
        bookings.append(BasketBooking(own, vendor, total_of(quoted, booking, own, now)))
    return Contents(bookings, refused)


def total_of(quoted: Quoted, booking: QuotedBooking, own: Sequence[BasketLine], now: datetime) -> Total:
    """What a booking comes to, in the shape in which the page of one session says it."""
    of_booking = {line.chosen.session_id for line in own}
    sessions = [each for each in quoted.facts.sessions if each.id in of_booking]
    untils = [desk_until(each, each.terms, now) for each in sessions if each.terms]
    remaining_cents = booking.remaining_cents
    card_cents = booking.remaining_by.get(PayWith.CREDIT_THEN_CARD, remaining_cents)
    seen = SeenTotal(booking.price_cents, remaining_cents, card_cents)
    return Total(
        price_cents=booking.price_cents,
        credit_cents=booking.credit_cents,
        usable_cents=booking.credit_cents,
        left_cents=0,
        refusal=None,
        remaining_by=booking.remaining_by,
        seen_total=encode_seen_total(seen, places_of([line.chosen for line in own])),
        desk_until=min(filter(None, untils), default=None),
        fee_cents=max((line.quoted.cancel_fee_cents for line in own), default=0) if remaining_cents else 0,
    )
