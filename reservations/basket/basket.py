"""A booking before it is made: the tariffs that a member may have, the form, and the total price."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.wallet.spread import Bill, admitted_on, fits, most_cents_per_line
from reservations.booking.answers import Booked
from reservations.booking.commands import Book, ByHolder, MembershipProof, RequestedLine, bound_to
from reservations.booking.decide import decide
from reservations.booking.entitlement import BASE, is_own
from reservations.booking.facts import Facts, Holder, Session
from reservations.booking.member import Member
from reservations.catalogue.agenda import SessionCard, TariffOnSale, may_have, read_tariffs
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.web.form import Errors, Labels, read_number

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)

MOST_PLACES: Final = 20
FIELD: Final = "plaatsen-"
LONGEST_COUNT: Final = 20
MOST_CENTS: Final = 999_999_999


class Choice(Struct, frozen=True):
    """A tariff that the member may have, for at most `most` places.

    `personal`: the social tariff, for one place. `own`: the tariff is meant for the member, and not for
    companions. `label` says for whom a place is, and never names the reason for a personal price.
    """

    code: str
    label: str
    price_cents: int
    personal: bool
    most: int
    own: bool = False

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return FIELD + self.code


class SessionOffer(Struct, frozen=True):
    """The facts and choices for booking one session, read without a lock."""

    facts: Facts
    choices: list[Choice]


class Total(Struct, frozen=True):
    """The price of the places and the credit that pays, or the `refusal` that booking would get.

    `usable_cents` is the credit that may pay for this session, `left_cents` all credit after paying;
    `seen_total` is the hidden field by which the form tells which total was shown.
    """

    price_cents: int
    credit_cents: int
    usable_cents: int
    left_cents: int
    refusal: Refusal | None
    seen_total: str


class Form(Struct, frozen=True):
    """The form as filled in: `typed` has the texts, `places` the numbers by code of the tariff.

    `is_booking`: the button that books was pressed. `seen_cents`: the total that was shown for these places.
    """

    typed: Mapping[str, str]
    places: Mapping[str, int]
    errors: Errors
    is_booking: bool = False
    seen_cents: int | None = None

    def value(self, choice: Choice) -> str | int:
        """The value of the field of a tariff."""
        return self.typed.get(choice.field, self.places.get(choice.code, 0))

    @property
    def counts(self) -> dict[str, str]:
        """The fields of the tariffs, for an address."""
        return {name: text[:LONGEST_COUNT] for name, text in self.typed.items() if name.startswith(FIELD)}

    @property
    def needs_confirmation(self) -> bool:
        """Whether the visitor wants to book a total that was not shown yet, and has to confirm it."""
        return self.is_booking and self.seen_cents is None


class Order(Struct, frozen=True):
    """A member, the session to book, and the choices of the member."""

    member: Member
    booking_id: UUID
    card: SessionCard
    offer: SessionOffer

    def as_command(self, places: Mapping[str, int], price_seen_cents: int | None) -> Book:
        """The command that books these places. Its digest binds the id to session, member and places.

        So the same form sent twice books once.
        """
        session_id, member = self.card.session.id, self.member
        holder = MembershipProof(member.id)
        lines = tuple(
            RequestedLine(session_id, code, number, holder)
            for code, number in sorted(places.items())
            if number
        )
        content = "page", member.region_id, session_id, self.booking_id, lines
        return Book(
            region_id=member.region_id,
            booking_id=self.booking_id,
            digest=bound_to("POST", *content),
            by=ByHolder(member.id),
            lines=lines,
            channel="page",
            price_seen_cents=price_seen_cents,
        )

    @property
    def labels(self) -> Labels:
        """The labels of the fields of the form."""
        return {choice.field: choice.label for choice in self.offer.choices}

    def bill(self, form: Form, total: Total) -> list[tuple[str, int]]:
        """The lines of the bill in cents: a price for each choice, and below zero the credit that pays."""
        lines = [
            (
                f"{choice.label} \N{MULTIPLICATION SIGN} {places}" if places > 1 else choice.label,
                choice.price_cents * places,
            )
            for choice in self.offer.choices
            if (places := form.places[choice.code])
        ]
        return [*lines, (_("Met krediet"), -total.credit_cents)] if total.credit_cents else lines

    def total(self, form: Form, now: datetime) -> Total | None:
        """The total of the form; None when it has errors or no places."""
        if form.errors or not any(form.places.values()):
            return None
        return compute_total(self.offer.facts, self.as_command(form.places, None), now)


# The choices


async def read_offer(tx: Executor, member: Member, session_id: UUID) -> SessionOffer:
    """What this member may take of a session in their region now."""
    document = await read_facts(tx, member.region_id, session_id, member.id)
    facts = msgspec.json.decode(document, type=Facts)
    tariffs = await read_tariffs(tx, member.region_id, [session_id])
    return SessionOffer(facts, choices(facts.sessions[0], tariffs, member) if facts.sessions else [])


def choices(session: Session, tariffs: Sequence[TariffOnSale], member: Holder) -> list[Choice]:
    """The tariffs that the member may have, the personal one first."""
    day = day_in_flanders(session.starts_at)
    theirs = [tariff for tariff in tariffs if may_have(tariff, member, day)]
    has_own_price = any(is_personal(tariff) for tariff in theirs)
    found = [
        as_choice(tariff, label_of(tariff, has_own_price=has_own_price), own=is_own(tariff, member, day))
        for tariff in theirs
    ]
    return sorted(found, key=lambda choice: not choice.personal)


def is_personal(tariff: TariffOnSale) -> bool:
    return tariff.eligibility == "social"


def label_of(tariff: TariffOnSale, *, has_own_price: bool) -> str:
    if is_personal(tariff):
        return _("Jij")
    if tariff.code == BASE:
        return _("Wie met je meekomt") if has_own_price else _("Plaatsen")
    return tariff.name


def as_choice(tariff: TariffOnSale, label: str, *, own: bool) -> Choice:
    personal = is_personal(tariff)
    room = MOST_PLACES if tariff.places_left is None else min(MOST_PLACES, tariff.places_left)
    return Choice(tariff.code, label, tariff.price_cents, personal, min(room, 1) if personal else room, own)


# The form


def read_counts(typed: Mapping[str, str], found: Sequence[Choice]) -> Form:
    """The form in the query of an address; without places, the first form."""
    return read_form(typed, found) if any(name.startswith(FIELD) for name in typed) else first_form(found)


def first_form(found: Sequence[Choice]) -> Form:
    """The form with one place, at the lowest own price of the member."""
    free = [choice for choice in found if choice.most] or found
    own = min((choice for choice in free if choice.own), key=lambda choice: choice.price_cents, default=None)
    first = own or (free[0] if free else None)
    return Form({}, {choice.code: int(choice is first) for choice in found}, {})


def read_form(typed: Mapping[str, str], found: Sequence[Choice]) -> Form:
    places, errors = read_places(typed, found)
    seen_cents = None if errors or not places else decode_seen_price(typed.get("gezien", ""), places)
    return Form(typed, places, errors, typed.get("stap") == "boek", seen_cents)


def read_places(typed: Mapping[str, str], found: Sequence[Choice]) -> tuple[dict[str, int], Errors]:
    """The number of places by code of the tariff, and the errors by field."""
    places, errors = {}, {}
    for choice in found:
        number = read_number(typed.get(choice.field, "0"), MOST_PLACES)
        if number is None:
            errors[choice.field] = _(
                "Vul een getal in van %(least)s tot %(most)s.", least=0, most=max(choice.most, 1)
            )
        else:
            places[choice.code] = number
    total = sum(places.values())
    if found and not errors and total == 0:
        errors[found[0].field] = _("Kies minstens één plaats.")
    if total > MOST_PLACES:
        largest = max(found, key=lambda choice: places.get(choice.code, 0))
        errors[largest.field] = _("Je kan hoogstens %(most)s plaatsen tegelijk boeken.", most=MOST_PLACES)
    return places, errors


# The total


def compute_total(facts: Facts, command: Book, now: datetime) -> Total:
    """What taking these places would come to now: the decision itself, of which nothing is written."""
    answer = decide(facts, [command], now)[0]
    session = facts.sessions[0]
    price_cents = sum(
        tariff.price_cents * wanted.places
        for wanted in command.lines
        if (tariff := session.tariff(wanted.tariff))
    )
    credit_cents = answer.booking.credit_cents if isinstance(answer, Booked) else 0
    all_cents = sum(purse.available_cents for purse in facts.purses if purse.lapses_at > now)
    return Total(
        price_cents,
        credit_cents,
        usable_cents(facts, price_cents, now),
        all_cents - credit_cents,
        answer if isinstance(answer, Refusal) else None,
        encode_seen_total(price_cents, {wanted.tariff: wanted.places for wanted in command.lines}),
    )


def usable_cents(facts: Facts, price_cents: int, now: datetime) -> int:
    """The credit in cents that may pay for one line of this session."""
    session = facts.sessions[0]
    bill = Bill(1, price_cents, session.organiser_id, session.domain, session.attendance)
    admitted = admitted_on(facts.admissions, now)
    return sum(most_cents_per_line(purse) for purse in facts.purses if fits(purse, bill, admitted, now))


def encode_seen_total(price_cents: int, places: Mapping[str, int]) -> str:
    """The value of the hidden field for a total that a page shows: the price and the places."""
    return f"{price_cents} {encode_places(places)}"


def decode_seen_price(seen_total: str, places: Mapping[str, int]) -> int | None:
    """The price in the hidden field; None when it is for other places or cannot be read."""
    cents, _, shown = seen_total.partition(" ")
    return read_number(cents, MOST_CENTS) if shown == encode_places(places) else None


def encode_places(places: Mapping[str, int]) -> str:
    return " ".join(f"{code}:{number}" for code, number in sorted(places.items()) if number)
