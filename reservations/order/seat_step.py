"""The step in which somebody chooses seats in a hall, between the numbers of places and the total. Pure."""

from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from reservations.order.form import Form
from reservations.order.seat_choice import BOX, SEATS, Hall
from uit.web.form import Errors

STEP: Final[dict[str, str]] = {"stap": "stoelen"}
"""The field of an address that leads to the hall."""
DONE: Final = "klaar"


class Query(Protocol):
    """The fields of an address, of which one may stand there several times."""

    def getall(self, key: str, default: list[str], /) -> list[str]: ...

    def __contains__(self, key: object, /) -> bool: ...


class SeatStep(Struct, frozen=True):
    """A hall with the seats that were ticked, for so many people; `error` is what is wrong with them."""

    hall: Hall
    form: Form
    people: int
    error: str | None
    is_done: bool

    @property
    def errors(self) -> Errors:
        return {BOX: self.error} if self.error else {}

    @property
    def status(self) -> int:
        return 422 if self.error else 200

    @property
    def chosen(self) -> Sequence[str]:
        return self.form.seats


def is_seat_step(form: Form) -> bool:
    """Whether the button was pressed that leads to the hall."""
    return form.typed.get("stap") == STEP["stap"] and not form.errors


def next_step(form: Form) -> dict[str, str]:
    """The field by which an address leads to the hall, where that was asked."""
    return STEP if is_seat_step(form) else {}


def asked_step(query: Query, form: Form, hall: Hall | None, people: int) -> SeatStep | None:
    """The same at a desk, whose page of a booking becomes the hall where that was asked."""
    return seat_step(query, form, hall, people) if is_seat_step(form) else None


def seat_step(query: Query, form: Form, hall: Hall | None, people: int) -> SeatStep | None:
    """None where there is nothing to choose: seats are not numbered, or the numbers are wrong."""
    if hall is None or form.errors or not people:
        return None
    ticked = ",".join(query.getall(BOX, [])) or form.typed.get(SEATS, "")
    form = replace(form, typed={**form.typed, SEATS: ticked})
    was_sent = DONE in query
    error = hall.error_of(form.seats, people) if was_sent else None
    return SeatStep(hall, form, people, error, was_sent and error is None)
