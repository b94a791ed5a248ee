"""The form of a basket: numbers of places, and for its first booking how it is paid and by whom."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.basket.contents import field_of, places_of
from reservations.booking.commands import GuestContact, PayWith
from reservations.kept_basket import MOST_LINES, ChosenPlaces, KeptBasket
from reservations.most_places import MOST_OF_GROUP
from reservations.order.form import WAY, SeenTotal, decode_seen_total, guest_errors, read_way
from uit.core.one_line import one_line
from uit.web.form import Errors, number_wanted, read_id, read_number

STEP: Final = "stap"
BOOK: Final = "boek"
EMPTY: Final = "leeg"
REMOVE: Final = "weg:"


class BasketForm(Struct, frozen=True):
    """The form as it was sent. `lines` are those of the basket with the numbers that were typed.

    `shown` are the lines of the booking that the button makes, under `booking_id`, as the page showed them;
    `seen` is the total that it showed for them.
    """

    typed: Mapping[str, str]
    lines: tuple[ChosenPlaces, ...]
    errors: Errors
    shown: tuple[ChosenPlaces, ...] = ()
    seen: SeenTotal | None = None
    booking_id: UUID | None = None

    @property
    def is_booking(self) -> bool:
        """Whether the button that books was pressed."""
        return self.typed.get(STEP) == BOOK

    @property
    def is_as_shown(self) -> bool:
        """Whether the numbers of what would be booked are those that the page showed with their total."""
        numbers = [read_number(self.typed.get(field_of(line), ""), MOST_OF_GROUP) for line in self.shown]
        return bool(self.shown) and numbers == [line.places for line in self.shown]

    @property
    def pay_with(self) -> PayWith:
        return read_way(self.typed.get(WAY, "")) or PayWith.CREDIT

    @property
    def guest(self) -> GuestContact:
        """Who books without a pass."""
        return GuestContact(one_line(self.typed.get("naam", "")), self.typed.get("email", "").strip())


def read_basket_form(typed: Mapping[str, str], basket: KeptBasket, *, guest: bool) -> BasketForm:
    """The form as it was sent; that of a `guest` who books has to say who books."""
    lines, errors = read_lines(typed, basket.lines)
    shown = decode_lines(typed.get("regels", ""))
    seen = decode_seen_total(typed.get("gezien", ""), places_of(shown))
    form = BasketForm(typed, lines, errors, shown, seen, read_id(typed.get("boeking", "")))
    return replace(form, errors=errors | guest_errors(typed)) if guest and form.is_booking else form


def read_lines(
    typed: Mapping[str, str], lines: Sequence[ChosenPlaces]
) -> tuple[tuple[ChosenPlaces, ...], Errors]:
    """The lines with the numbers that were typed, and the errors by field. Nought takes a line away."""
    removed, errors = typed.get(STEP, "").removeprefix(REMOVE), {}
    found = []
    for line in lines:
        number = read_number(typed.get(field_of(line), str(line.places)), line.limit)
        if number is None:
            errors[field_of(line)] = number_wanted(0, line.limit)
        if number != 0 and line.key != removed:
            found.append(line.of(number or line.places))
    return tuple(found), errors


def encode_lines(lines: Sequence[ChosenPlaces]) -> str:
    """The value of the hidden field that says which lines a button books."""
    return " ".join(map(encode_line, lines))


def encode_line(line: ChosenPlaces) -> str:
    said = f":{','.join(line.seats)}:{line.wheelchairs}" if line.seats or line.wheelchairs else ""
    if line.course_id:
        said = f"{said or '::'}:{line.session_id}:{line.dates}"
    return f"{line.key}:{line.places}{said}"


def decode_lines(text: str) -> tuple[ChosenPlaces, ...]:
    """The lines in the hidden field; none where it cannot be read."""
    parts = text.split(" ")
    if len(parts) > MOST_LINES:
        return ()
    try:
        return tuple(decode_line(part) for part in parts)
    except (ValueError, msgspec.ValidationError):
        return ()


def decode_line(text: str) -> ChosenPlaces:
    key, places, *more = text.split(":")
    subject_id, tariff, *holder = key.split("/")
    seats, wheelchairs, session_id, dates = (*more, "", "", "", "")[:4]
    said = tuple(filter(None, seats.split(","))), int(wheelchairs or 0)
    holder_id = holder[0] if holder else None
    course_id = subject_id if session_id else None
    return msgspec.convert(
        (session_id or subject_id, tariff, int(places), 1, holder_id, None, *said, course_id, dates),
        ChosenPlaces,
    )
