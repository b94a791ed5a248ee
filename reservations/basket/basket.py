"""A booking before it is made: what a member may take, what was filled in, and what it would cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from credits.wallet.spread import Bill, admitted_on, fits, most_cents_per_line
from reservations.booking.commands import Book, Booked, ByMembership, RequestedPlaces, bound_to
from reservations.booking.decide import decide
from reservations.booking.entitlement import BASE, is_own
from reservations.booking.facts import Facts, Holder, Session
from reservations.booking.member import Member
from reservations.catalogue.agenda import SessionCard, TariffOnSale, may_have, read_tariffs
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements
from uit.web.form import Errors, Labels, read_number

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)

MOST_PLACES: Final = 20
FIELD: Final = "plaatsen-"
LONGEST_COUNT: Final = 20
MOST_CENTS: Final = 999_999_999


class Choice(Struct, frozen=True):
    """A tariff that this member may have, for `most` places. `personal`: their own price, for one place.

    `own`: meant for themselves, and not for whom they take along.
    `label` says for whom a place is. Their own price is never called after why they have it.
    """

    code: str
    label: str
    price_cents: int
    personal: bool
    most: int
    own: bool = False

    @property
    def field(self) -> str:
        """The name of its box."""
        return FIELD + self.code


class SessionOffer(Struct, frozen=True):
    """What a page about booking one session knows, read without a lock."""

    facts: Facts
    choices: list[Choice]


class Total(Struct, frozen=True):
    """What the places cost and who pays, or in `refusal` why not. `mark`: what the page carries of it.

    `usable_cents` is the credit that may pay for this session, `left_cents` all credit after paying.
    """

    price_cents: int
    credit_cents: int
    usable_cents: int
    left_cents: int
    refusal: Refusal | None
    mark: str


class Form(Struct, frozen=True):
    """The form as it was filled in: `typed` as it came, `places` as it was understood.

    `books`: the button that books was pressed. `seen_cents`: the sum that was shown for these very places.
    """

    typed: Mapping[str, str]
    places: Mapping[str, int]
    errors: Errors
    books: bool = False
    seen_cents: int | None = None

    def value(self, choice: Choice) -> str | int:
        """What stands in the box of a tariff."""
        return self.typed.get(choice.field, self.places.get(choice.code, 0))

    @property
    def counts(self) -> dict[str, str]:
        """What stands in the boxes and nothing else of the form: fit for an address."""
        return {name: text[:LONGEST_COUNT] for name, text in self.typed.items() if name.startswith(FIELD)}

    @property
    def recounted(self) -> bool:
        """Whether the button that books got a new sum to look at first."""
        return self.books and self.seen_cents is None


class Order(Struct, frozen=True):
    """A member at the page that books one session, and what they may take of it."""

    member: Member
    booking_id: UUID
    card: SessionCard
    offer: SessionOffer

    def as_command(self, places: Mapping[str, int], price_seen_cents: int | None) -> Book:
        """The command of the page. Its id is bound to address and places: a second click changes nothing."""
        session_id, member = self.card.session.id, self.member
        wanted = tuple(
            RequestedPlaces(session_id, code, number) for code, number in sorted(places.items()) if number
        )
        content = "page", member.region_id, session_id, self.booking_id, member.id, wanted
        return Book(
            region_id=member.region_id,
            booking_id=self.booking_id,
            digest=bound_to("POST", *content),
            holder=ByMembership(member.region_id, member.id),
            wanted=wanted,
            channel="page",
            price_seen_cents=price_seen_cents,
        )

    @property
    def labels(self) -> Labels:
        """What the boxes of the form are called."""
        return {choice.field: choice.label for choice in self.offer.choices}

    def bill(self, form: Form, total: Total) -> list[tuple[str, int]]:
        """What each kind of place costs together, and below zero what credit pays of it; in cents."""
        lines = [
            (
                f"{choice.label} \N{MULTIPLICATION SIGN} {places}" if places > 1 else choice.label,
                choice.price_cents * places,
            )
            for choice in self.offer.choices
            if (places := form.places[choice.code])
        ]
        return [*lines, ("Met krediet", -total.credit_cents)] if total.credit_cents else lines

    def total(self, form: Form, now: datetime) -> Total | None:
        """The sum of a form that was understood."""
        if form.errors or not any(form.places.values()):
            return None
        return add_up(self.offer.facts, self.as_command(form.places, None), now)


# What may be taken


async def look(tx: Executor, member: Holder, session_id: UUID) -> SessionOffer:
    """What this member may take of a session in their region now."""
    document = await read_facts(tx, [member.region_id], [session_id], [member.region_id], [member.id])
    facts = msgspec.json.decode(document, type=Facts)
    tariffs = await read_tariffs(tx, member.region_id, [session_id])
    return SessionOffer(facts, choices(facts.sessions[0], tariffs, member) if facts.sessions else [])


def choices(session: Session, tariffs: Sequence[TariffOnSale], member: Holder) -> list[Choice]:
    """Their own price first."""
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
        return "Jij"
    if tariff.code == BASE:
        return "Wie met je meekomt" if has_own_price else "Plaatsen"
    return tariff.name


def as_choice(tariff: TariffOnSale, label: str, *, own: bool) -> Choice:
    personal = is_personal(tariff)
    room = MOST_PLACES if tariff.places_left is None else min(MOST_PLACES, tariff.places_left)
    return Choice(tariff.code, label, tariff.price_cents, personal, min(room, 1) if personal else room, own)


# What was filled in


def read_counts(typed: Mapping[str, str], found: Sequence[Choice]) -> Form:
    """The form as an address brings it: with places, or as it is at first."""
    return read_form(typed, found) if any(name.startswith(FIELD) for name in typed) else first_form(found)


def first_form(found: Sequence[Choice]) -> Form:
    """One place for whoever looks, at the price that the agenda calls theirs."""
    free = [choice for choice in found if choice.most] or found
    own = min((choice for choice in free if choice.own), key=lambda choice: choice.price_cents, default=None)
    first = own or (free[0] if free else None)
    return Form({}, {choice.code: int(choice is first) for choice in found}, {})


def read_form(typed: Mapping[str, str], found: Sequence[Choice]) -> Form:
    places, errors = read_places(typed, found)
    seen_cents = None if errors or not places else price_seen(typed.get("gezien", ""), places)
    return Form(typed, places, errors, typed.get("stap") == "boek", seen_cents)


def read_places(typed: Mapping[str, str], found: Sequence[Choice]) -> tuple[dict[str, int], Errors]:
    """How many places of each tariff were filled in, and per field what is wrong with it."""
    places, errors = {}, {}
    for choice in found:
        number = read_number(typed.get(choice.field, "0"), MOST_PLACES)
        if number is None:
            errors[choice.field] = f"Vul een getal in van 0 tot {max(choice.most, 1)}."
        else:
            places[choice.code] = number
    total = sum(places.values())
    if found and not errors and total == 0:
        errors[found[0].field] = "Kies minstens één plaats."
    if total > MOST_PLACES:
        fullest = max(found, key=lambda choice: places.get(choice.code, 0))
        errors[fullest.field] = f"Je kan hoogstens {MOST_PLACES} plaatsen tegelijk boeken."
    return places, errors


# What it costs


def add_up(facts: Facts, take: Book, now: datetime) -> Total:
    """What taking these places would come to now: the decision itself, of which nothing is written."""
    answer = decide(facts, [take], now)[0]
    session = facts.sessions[0]
    price_cents = sum(
        tariff.price_cents * wanted.places
        for wanted in take.wanted
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
        seen_mark(price_cents, {wanted.tariff: wanted.places for wanted in take.wanted}),
    )


def usable_cents(facts: Facts, price_cents: int, now: datetime) -> int:
    """How much credit may pay for one line of this session, however much there is."""
    session = facts.sessions[0]
    bill = Bill(1, price_cents, session.organiser_id, session.domain, session.attendance)
    admitted = admitted_on(facts.admissions, now)
    return sum(most_cents_per_line(purse) for purse in facts.purses if fits(purse, bill, admitted, now))


def seen_mark(price_cents: int, places: Mapping[str, int]) -> str:
    """What a page carries of the sum that it shows: the price, and for which places."""
    return f"{price_cents} {marked(places)}"


def price_seen(mark: str, places: Mapping[str, int]) -> int | None:
    """The price that was shown for these very places; None when it was another sum, or none of ours."""
    cents, _, shown = mark.partition(" ")
    return read_number(cents, MOST_CENTS) if shown == marked(places) else None


def marked(places: Mapping[str, int]) -> str:
    return " ".join(f"{code}:{number}" for code, number in sorted(places.items()) if number)
