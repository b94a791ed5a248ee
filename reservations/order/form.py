"""The form by which somebody books: numbers of places, how they pay, and for a guest who they are."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import GuestContact, PayWith
from reservations.most_places import MOST_PLACES
from reservations.order.choice import FIELD, Choice
from reservations.order.seat_choice import SEATS, WHEELCHAIRS, read_seats
from uit.core.email_address import is_email
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, number_wanted, only_errors, read_number, text_error

LONGEST_COUNT: Final = 20
LONGEST_CODE: Final = 100
MOST_CENTS: Final = 999_999_999
LONGEST_NAME: Final = 100
LONGEST_REFERENCE: Final = 60
WAY: Final = "betaal"
OF_WHO_CONFIRMS: Final = frozenset({"naam", "email", "klantcode", "kenmerk"})
"""The fields that stand below a total; a page without one does not have them."""


class SeenTotal(Struct, frozen=True):
    """The total that a page showed: the price, and what credit leaves of it to pay, also by card."""

    price_cents: int
    remaining_cents: int
    card_cents: int

    def remaining_by(self, way: PayWith) -> int:
        """What is to be paid besides credit when it is paid this way."""
        match way:
            case PayWith.CARD:
                return self.price_cents
            case PayWith.CREDIT_THEN_CARD:
                return self.card_cents
            case _:
                return self.remaining_cents


class Form(Struct, frozen=True):
    """The form as filled in: `typed` has the texts, `places` the numbers by key of the choice.

    `is_booking`: the button that books was pressed. `seen`: the total that was shown for these places.
    `pay_with` is None as long as there was nothing to choose.
    """

    typed: Mapping[str, str]
    places: Mapping[str, int]
    errors: Errors
    is_booking: bool = False
    seen: SeenTotal | None = None
    pay_with: PayWith | None = None

    def value(self, choice: Choice) -> str | int:
        """The value of the field of a tariff."""
        return self.typed.get(choice.field, self.places.get(choice.key, 0))

    @property
    def counts(self) -> dict[str, str]:
        """The fields of the tariffs, for an address."""
        return {name: text[:LONGEST_COUNT] for name, text in self.typed.items() if name.startswith(FIELD)}

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats that were chosen."""
        return read_seats(self.typed.get(SEATS, ""))

    @property
    def wheelchairs(self) -> int:
        """How many of the places are for somebody in a wheelchair."""
        return min(read_number(self.typed.get(WHEELCHAIRS, ""), MOST_PLACES) or 0, sum(self.places.values()))

    @property
    def of_seats(self) -> dict[str, str]:
        """What was said of seats, for an address."""
        return self.of_wheelchairs | ({SEATS: ",".join(self.seats)} if self.seats else {})

    @property
    def of_waiting(self) -> dict[str, str]:
        """What is wanted, for the address on which one waits for it."""
        return self.counts | self.of_wheelchairs

    @property
    def of_wheelchairs(self) -> dict[str, str]:
        """How many wheelchairs come, for an address."""
        return {WHEELCHAIRS: str(self.wheelchairs)} if self.wheelchairs else {}

    @property
    def needs_confirmation(self) -> bool:
        """Whether the visitor wants to book a total that was not shown yet, and has to confirm it."""
        return self.is_booking and self.seen is None

    @property
    def guest(self) -> GuestContact:
        """Who books without a pass."""
        return GuestContact(one_line(self.typed.get("naam", "")), self.typed.get("email", "").strip())

    @property
    def code(self) -> str:
        """The code that their organiser gave them for a price."""
        return self.typed.get("code", "")[:LONGEST_CODE]

    @property
    def customer_code(self) -> str:
        """The code of the organisation for which they book on an invoice."""
        return self.typed.get("klantcode", "")

    @property
    def reference(self) -> str | None:
        """What that organisation calls it."""
        return one_line(self.typed.get("kenmerk", "")) or None


def read_counts(typed: Mapping[str, str], found: Sequence[Choice]) -> Form:
    """The form in the query of an address; for whom it has no places, the first form.

    It says whether the button that books was pressed, on a page for others.
    """
    if not any(name.startswith(FIELD) for name in typed):
        return replace(first_form(found), is_booking=typed.get("stap") == "boek")
    new = [each for each in by_comer(found) if not any(choice.field in typed for choice in each)]
    first = {choice.field: str(first_form(each).places[choice.key]) for each in new for choice in each}
    return read_form({**typed, **first}, found)


def by_comer(found: Sequence[Choice]) -> list[list[Choice]]:
    """The choices of each who comes together."""
    return [list(each) for _key, each in groupby(found, key=lambda choice: choice.comer)]


def first_form(found: Sequence[Choice]) -> Form:
    """The form with one place for each who comes, at their lowest own price, or as few as a group asks.

    For another who has a place already there is none, and none at a price for who shows something.
    """
    places: dict[str, int] = {}
    for each in by_comer(found):
        places |= first_places(each)
    return Form({}, places, {})


def first_places(found: Sequence[Choice]) -> dict[str, int]:
    free = [choice for choice in found if choice.most] or found
    own = min((choice for choice in free if choice.own), key=lambda choice: choice.price_cents, default=None)
    plain = [choice for choice in free if not choice.is_to_show]
    singles = [choice for choice in plain if choice.is_for_anyone_alone]
    first = own or next(iter(singles or plain), None)
    return {choice.key: choice.least if choice is first and not choice.has_place else 0 for choice in found}


def read_form(typed: Mapping[str, str], found: Sequence[Choice], *, guest: bool = False) -> Form:
    """The form as it was sent; that of a `guest` has to say who books."""
    places, errors = read_places(typed, found)
    seen = None if errors or not places else decode_seen_total(typed.get("gezien", ""), places)
    is_booking = typed.get("stap") == "boek"
    if guest and is_booking:
        errors |= guest_errors(typed)
    if len(typed.get("kenmerk", "")) > LONGEST_REFERENCE:
        errors["kenmerk"] = _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=LONGEST_REFERENCE)
    return Form(typed, places, errors, is_booking, seen, read_way(typed.get(WAY, "")))


def read_way(text: str) -> PayWith | None:
    return PayWith(text) if text in set(PayWith) else None


def guest_errors(typed: Mapping[str, str]) -> Errors:
    good = is_email(typed.get("email", "").strip())
    return only_errors(
        {
            "naam": text_error(typed.get("naam", ""), _("Vul je naam in."), LONGEST_NAME),
            "email": "" if good else _("Vul een e-mailadres in, zoals naam@voorbeeld.be."),
        }
    )


def errors_shown(errors: Errors, *, asks_who: bool) -> Errors:
    """The errors of fields that a page has: without a total it does not ask yet who books."""
    return {name: text for name, text in errors.items() if asks_who or name not in OF_WHO_CONFIRMS}


def read_places(typed: Mapping[str, str], found: Sequence[Choice]) -> tuple[dict[str, int], Errors]:
    """The number of places by key of the choice, and the errors by field.

    A price for a group counts for itself: it may be larger than others.
    """
    places, errors = {}, {}
    for choice in found:
        number = read_number(typed.get(choice.field, "0"), choice.limit)
        if number is None:
            errors[choice.field] = number_wanted(0, max(choice.most, 1))
        elif 0 < number < choice.least:
            errors[choice.field] = _("Deze prijs geldt vanaf %(least)s plaatsen.", least=choice.least)
        else:
            places[choice.key] = number
    total = sum(places.values())
    if found and not errors and total == 0:
        errors[found[0].field] = _("Kies minstens één plaats.")
    counted = [choice for choice in found if choice.least == 1]
    if sum(places.get(choice.key, 0) for choice in counted) > MOST_PLACES:
        largest = max(counted, key=lambda choice: places.get(choice.key, 0))
        errors[largest.field] = _("Je kan hoogstens %(most)s plaatsen tegelijk boeken.", most=MOST_PLACES)
    return places, errors


def encode_seen_total(seen: SeenTotal, places: Mapping[str, int]) -> str:
    """The value of the hidden field for a total that a page shows: the amounts and the places."""
    return f"{seen.price_cents} {seen.remaining_cents} {seen.card_cents} {encode_places(places)}"


def decode_seen_total(text: str, places: Mapping[str, int]) -> SeenTotal | None:
    """The amounts in the hidden field; None when they are for other places or cannot be read."""
    *amounts, shown = (text.split(" ", 3) + [""] * 3)[:4]
    price_cents, remaining_cents, card_cents = (read_number(each, MOST_CENTS) for each in amounts)
    if price_cents is None or remaining_cents is None or card_cents is None or shown != encode_places(places):
        return None
    return SeenTotal(price_cents, remaining_cents, card_cents)


def encode_places(places: Mapping[str, int]) -> str:
    return " ".join(f"{code}:{number}" for code, number in sorted(places.items()) if number)
