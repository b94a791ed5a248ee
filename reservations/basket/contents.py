"""What is in a basket, as its page shows it: the bookings that it becomes, and what cannot be had."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.basket.courses import CoursesInBasket, read_courses_in
from reservations.basket.offered import cheaper_than, choices_by_key, hall_fields
from reservations.basket.owner import BasketOwner
from reservations.booking.commands import Book, PayWith, RequestedLine, bound_to
from reservations.booking.funding import desk_until
from reservations.booking.quote import QuotedLine
from reservations.booking.split import QuotedBooking
from reservations.booking.to_pay import Vendor
from reservations.catalogue.agenda import SessionCard, read_cards, read_tariffs
from reservations.kept_basket import ChosenPlaces, KeptBasket
from reservations.order.choice import Choice
from reservations.order.course_order import CourseOrder
from reservations.order.form import SeenTotal, encode_seen_total
from reservations.order.had import read_had
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
    that leads to the hall, where its seats are chosen with those of the other lines of its date. `course`:
    what it enrols in; its session is then the first date of that.
    """

    chosen: ChosenPlaces
    card: SessionCard | None
    choice: Choice | None
    quoted: QuotedLine
    refusal: Refusal | None = None
    cheaper: Choice | None = None
    who: str | None = None
    to_hall: Mapping[str, str] = {}
    course: CourseOrder | None = None

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return field_of(self.chosen)

    @property
    def name(self) -> str:
        if self.course:
            return self.course.course.name
        return self.card.session.name if self.card else _("Een activiteit die er niet meer is")

    @property
    def session_ids(self) -> Sequence[UUID]:
        """The dates that it is for."""
        return self.course.chosen if self.course else [self.chosen.session_id]

    @property
    def again(self) -> Mapping[str, str]:
        """The fields of an address on which it is chosen anew."""
        who = {WHO: str(self.chosen.holder_id)} if self.chosen.holder_id else {}
        return who | (self.course.fields if self.course else {})

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
    return FIELD + chosen.key.replace("/", "-")


def places_of(lines: Sequence[ChosenPlaces]) -> dict[str, int]:
    """The numbers of places, by the key of their line."""
    return {line.key: line.places for line in lines}


def as_command(  # noqa: PLR0913, PLR0917  whose basket of what becomes which booking, and when
    region_id: int,
    owner: BasketOwner,
    booking_id: UUID,
    lines: Sequence[ChosenPlaces],
    courses: CoursesInBasket,
    now: datetime,
) -> Book:
    """The command that books these lines with credit. Its digest binds the id to all of that."""
    requested = tuple(each for line in lines for each in requested_of(line, owner, courses, now))
    without_codes = tuple(replace(each, code_digest=None) for each in requested)
    digest = bound_to("POST", "basket", region_id, booking_id, without_codes)
    return Book(region_id, booking_id, digest, owner.actor(booking_id, lines), requested, "page")


def requested_of(
    line: ChosenPlaces, owner: BasketOwner, courses: CoursesInBasket, now: datetime
) -> list[RequestedLine]:
    """What a line asks for, on each date of its course."""
    return [
        RequestedLine(
            session_id,
            line.tariff,
            line.places,
            owner.holder_of(line),
            code_digest=line.code_digest,
            seats=line.seats,
            wheelchairs=line.wheelchairs,
            course_id=line.course_id,
        )
        for session_id in courses.session_ids(line, now)
    ]


async def read_contents(
    tx: Executor, basket: KeptBasket, owner: BasketOwner, now: datetime, *, language: str
) -> Contents:
    """What the lines of a basket come to now, for whose it is and for whom else; nothing is held."""
    courses = await read_courses_in(tx, basket.region_id, basket.lines, language=language)
    command = as_command(basket.region_id, owner, basket.booking_id, basket.lines, courses, now)
    session_ids = list({line.session_id for line in command.lines})
    given = [each for other in owner.others for each in other.given]
    had = await read_had(tx, basket.region_id, session_ids, owner.others)
    quoted = await read_quote(tx, CLIENT, command, now, given=given, had=had)
    found = await read_cards(tx, basket.region_id, session_ids, owner.member, now, language=language)
    cards = {card.session.id: card for card in found}
    tariffs = await read_tariffs(tx, basket.region_id, session_ids)
    orders = {line.key: courses.order(line, now) for line in basket.lines}
    offered = choices_by_key(quoted.facts, tariffs, owner, [each for each in orders.values() if each])
    lines: list[BasketLine] = []
    of_command: list[BasketLine] = []
    for chosen in basket.lines:
        dates = courses.session_ids(chosen, now)
        line = together(quoted.quote.lines[len(of_command) : len(of_command) + len(dates)])
        lines.append(
            BasketLine(
                chosen,
                cards.get(dates[0]),
                offered.get(chosen.key),
                line,
                line.refusal,
                cheaper_than(chosen, offered, basket.lines),
                other.given_name if (other := owner.other(chosen)) else None,
                hall_fields(chosen, offered, basket.lines) if line.seats and not chosen.course_id else {},
                orders[chosen.key],
            )
        )
        of_command += [lines[-1]] * len(dates)
    return contents_of(quoted, lines, of_command, now)


def together(lines: Sequence[QuotedLine]) -> QuotedLine:
    """What the dates of a line come to, which is refused where one of them is."""
    refusal = next((each.refusal for each in lines if each.refusal), None)
    if refusal or len(lines) == 1:
        return next(each for each in lines if each.refusal == refusal)
    return QuotedLine(
        sum(each.price_cents for each in lines),
        sum(each.credit_cents for each in lines),
        sum(each.cancel_fee_cents for each in lines),
    )


def contents_of(
    quoted: Quoted, lines: Sequence[BasketLine], of_command: Sequence[BasketLine], now: datetime
) -> Contents:
    """`of_command`: to which line of the basket each line of the command belongs."""
    bookings: list[BasketBooking] = []
    refused = [line for line in lines if line.refusal]
    for booking in quoted.bookings:
        theirs = [of_command[no - 1] for no in booking.line_nos]
        own = list({line.chosen.key: line for line in theirs}.values())
        if booking.refusal:
            refused += [replace(line, refusal=NotEnough(booking.price_cents)) for line in own]
            continue
        vendor = quoted.sellers.get(booking.seller_id) if booking.seller_id else None
        bookings.append(BasketBooking(own, vendor, total_of(quoted, booking, own, now)))
    return Contents(bookings, refused)


def total_of(quoted: Quoted, booking: QuotedBooking, own: Sequence[BasketLine], now: datetime) -> Total:
    """What a booking comes to, in the shape in which the page of one session says it."""
    of_booking = {session_id for line in own for session_id in line.session_ids}
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
