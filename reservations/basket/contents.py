"""What is in a basket, as its page shows it: the bookings that it becomes, and what cannot be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.basket.owner import BasketOwner
from reservations.booking.commands import Book, PayWith, RequestedLine, bound_to
from reservations.booking.facts import Facts, Holder
from reservations.booking.funding import desk_until
from reservations.booking.quote import QuotedLine
from reservations.booking.split import QuotedBooking
from reservations.booking.to_pay import Vendor
from reservations.catalogue.agenda import SessionCard, TariffOnSale, read_cards, read_tariffs
from reservations.kept_basket import ChosenPlaces, KeptBasket
from reservations.order.form import SeenTotal, encode_seen_total
from reservations.order.had import read_had
from reservations.order.offer import Choice, choices
from reservations.order.seat_step import STEP as STEP_TO_HALL
from reservations.order.total import Total, way_hint, way_words
from reservations.order.who_comes import WHO
from reservations.quotes.quotes import Quoted, read_quote
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor

FIELD = "plaatsen-"
CLIENT = "page"


class BasketLine(Struct, frozen=True):
    """A line with its session, when that is there, and with what it costs or why it cannot be had.

    `cheaper`: a price that is meant for who comes and is not in the basket, as for who signed in since.
    `who`: what they are called, where that is another than who looks. `to_hall`: the fields of an address
    that leads to the hall, where its seats are chosen with those of the other lines of its date.
    """

    chosen: ChosenPlaces
    card: SessionCard | None
    choice: Choice | None
    quoted: QuotedLine
    refusal: Refusal | None = None
    cheaper: Choice | None = None
    who: str | None = None
    to_hall: Mapping[str, str] = {}

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return field_of(self.chosen)

    @property
    def name(self) -> str:
        return self.card.session.name if self.card else _("Een activiteit die er niet meer is")

    @property
    def billed_as(self) -> str:
        return _("%(name)s, voor %(who)s", name=self.name, who=self.who) if self.who else self.name

    @property
    def label(self) -> str:
        label = self.choice.label if self.choice else _("Gewone plaats")
        return f"{self.who}: {label}" if self.who and self.who != label else label


class BasketBooking(Struct, frozen=True):
    """Lines that become one booking. `total` says what is to pay and how, as on the page of one session."""

    lines: list[BasketLine]
    vendor: Vendor | None
    total: Total

    @property
    def bill(self) -> list[tuple[str, int]]:
        """A price for each line, and below zero the credit that pays; nothing where the sum says it all."""
        prices = [(line.billed_as, line.quoted.price_cents) for line in self.lines]
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
    own = f"{FIELD}{chosen.session_id}-{chosen.tariff}"
    return f"{own}-{chosen.holder_id.hex}" if chosen.holder_id else own


def places_of(lines: Sequence[ChosenPlaces]) -> dict[str, int]:
    """The numbers of places, by the key of their line."""
    return {line.key: line.places for line in lines}


def as_command(region_id: int, owner: BasketOwner, booking_id: UUID, lines: Sequence[ChosenPlaces]) -> Book:
    """The command that books these lines with credit. Its digest binds the id to all of that."""
    requested = tuple(
        RequestedLine(
            line.session_id,
            line.tariff,
            line.places,
            owner.holder_of(line),
            seats=line.seats,
            wheelchairs=line.wheelchairs,
        )
        for line in lines
    )
    digest = bound_to("POST", "basket", region_id, booking_id, requested)
    requested = tuple(
        replace(each, code_digest=line.code_digest) for each, line in zip(requested, lines, strict=True)
    )
    return Book(region_id, booking_id, digest, owner.actor(booking_id, lines), requested, "page")


async def read_contents(
    tx: Executor, basket: KeptBasket, owner: BasketOwner, now: datetime, *, language: str
) -> Contents:
    """What the lines of a basket come to now, for whose it is and for whom else; nothing is held."""
    command = as_command(basket.region_id, owner, basket.booking_id, basket.lines)
    session_ids = list({line.session_id for line in basket.lines})
    given = [each for other in owner.others for each in other.given]
    had = await read_had(tx, basket.region_id, session_ids, owner.others)
    quoted = await read_quote(tx, CLIENT, command, now, given=given, had=had)
    found = await read_cards(tx, basket.region_id, session_ids, owner.member, now, language=language)
    cards = {card.session.id: card for card in found}
    tariffs = await read_tariffs(tx, basket.region_id, session_ids)
    offered = choices_by_key(quoted.facts, tariffs, owner)
    lines = [
        BasketLine(
            chosen,
            cards.get(chosen.session_id),
            offered.get(chosen.key),
            line,
            line.refusal,
            cheaper_than(chosen, offered, basket.lines),
            other.given_name if (other := owner.other(chosen)) else None,
            hall_fields(chosen, offered, basket.lines) if line.seats else {},
        )
        for chosen, line in zip(basket.lines, quoted.quote.lines, strict=True)
    ]
    return contents_of(quoted, lines, now)


def choices_by_key(facts: Facts, tariffs: Sequence[TariffOnSale], owner: BasketOwner) -> Mapping[str, Choice]:
    """What may be had, by the key of a line in a basket, for whose it is and for all others in it."""
    of_session = {key: list(own) for key, own in groupby(tariffs, key=lambda tariff: tariff.session_id)}
    others = {each.membership_id: each.given_name for each in owner.others}
    who: list[tuple[Holder | None, UUID | None]] = [(owner.member, None)]
    who += [(each, each.id) for each in facts.holders if each.id in others]
    return {
        ChosenPlaces(session.id, choice.code, 1, 1, holder_id).key: choice
        for session in facts.sessions
        for holder, holder_id in who
        for choice in choices(
            session,
            of_session.get(session.id, []),
            holder,
            facts.personal,
            others[holder_id] if holder_id else None,
        )
    }


def hall_fields(
    chosen: ChosenPlaces, offered: Mapping[str, Choice], lines: Sequence[ChosenPlaces]
) -> Mapping[str, str]:
    """The numbers of all that is chosen of a date for the same who comes; none but for the last of them."""
    same = [each for each in lines if is_beside(each.key, chosen) and each.key in offered]
    if not same or same[-1] != chosen:
        return {}
    who = {WHO: str(chosen.holder_id)} if chosen.holder_id else {}
    return {offered[each.key].field: str(each.places) for each in same} | who | STEP_TO_HALL


def cheaper_than(
    chosen: ChosenPlaces, offered: Mapping[str, Choice], lines: Sequence[ChosenPlaces]
) -> Choice | None:
    """The lowest own price of a session, where it is below that of this line and nobody chose it yet."""
    own = {
        key: choice
        for key, choice in offered.items()
        if choice.own and choice.most and is_beside(key, chosen)
    }
    lowest = min(own, key=lambda key: own[key].price_cents, default=None)
    choice = offered.get(chosen.key)
    if lowest is None or any(line.key == lowest for line in lines):
        return None
    return own[lowest] if choice is None or own[lowest].price_cents < choice.price_cents else None


def is_beside(key: str, chosen: ChosenPlaces) -> bool:
    """Whether a key is of the same session, for the same who comes."""
    session_id, _tariff, *holder = key.split("/")
    return session_id == str(chosen.session_id) and holder == (
        [chosen.holder_id.hex] if chosen.holder_id else []
    )


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
