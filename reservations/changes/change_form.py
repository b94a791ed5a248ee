"""The form by which somebody changes a date of their booking: another date, and how many places of what."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.commands import PayWith
from reservations.booking.facts import LIVE, Line, TicketEnd
from reservations.box_office.taking_back.handing_in import WAIVER
from reservations.changes.at_till import SEEN
from reservations.changes.change_seats import OF_DATE, ONE
from reservations.order.choice import Choice
from reservations.order.course_order import ASKED, TICK
from reservations.order.seat_choice import SEATS, WHEELCHAIRS
from reservations.order.turn_card_order import CARD
from uit.core.translation import gettext as _
from uit.web.form import Errors, number_wanted, read_number

FIELD: Final = "aantal-"
PLACES: Final = "plaatsen-"
"""How a field begins of the form at a till, for who showed a pass."""
STEP: Final = "stap"
MOST_CENTS: Final = 99_999_999
WAYS: Final = (PayWith.CREDIT, PayWith.CREDIT_THEN_CARD, PayWith.DESK)
SAID: Final = frozenset(
    {"sessie", "naar", WAIVER, SEATS, OF_DATE, WHEELCHAIRS, "prijs", "te-betalen", "betaal", SEEN, CARD}
)
"""The fields that say what is asked and what was shown, besides those that begin as a row or a seat does."""

OF_COURSE: Final = (TICK, ASKED)
"""How the fields begin that say which dates of a course are wanted."""


class DateChange(Struct, frozen=True):
    """The date that one has, and the one that one wants: it may be the same."""

    now: UUID
    to: UUID


class Row(Struct, frozen=True):
    """Places of one price for one person: how many there are now, and how many at most.

    `choice` is how it is sold: without one it is not sold any more, or not to them. `weight`: for how many
    each is. `is_personal`: it is their own. `is_plain`: its label says nothing of who has it; that of an age
    does. `is_had`: it is one each, and theirs is in another booking.
    """

    session_id: UUID
    code: str
    holder_id: UUID | None
    label: str
    name: str | None
    choice: Choice | None
    has: int
    most: int
    weight: int = 1
    is_personal: bool = False
    is_plain: bool = False
    is_had: bool = False

    @property
    def key(self) -> tuple[str, UUID | None]:
        return self.code, self.holder_id

    @property
    def asks_code(self) -> bool:
        return self.choice is not None and self.choice.asks_code

    @property
    def field(self) -> str:
        return f"{FIELD}{self.code}" + (f".{self.holder_id.hex}" if self.holder_id else "")


class Seen(Struct, frozen=True):
    """What the page showed before somebody said yes."""

    price_cents: int
    remaining_cents: int
    pay_with: PayWith


class ContentForm(Struct, frozen=True):
    """The form as filled in: `places` by the fields of its rows. `is_chosen`: the price was asked.

    `seats` were chosen of the date to which one goes, and `wheelchairs` asked for there.
    """

    typed: Mapping[str, str]
    places: Mapping[str, int]
    errors: Errors
    sessions: frozenset[UUID]
    is_chosen: bool
    seen: Seen | None
    seats: tuple[str, ...] = ()
    wheelchairs: int = 0

    def value(self, row: Row) -> str | int:
        return self.typed.get(row.field, self.places[row.field])

    @property
    def is_complete(self) -> bool:
        """Whether the price was asked of something that may be."""
        return self.is_chosen and not self.errors

    @property
    def fields(self) -> dict[str, str]:
        """What was chosen, to be sent along with the yes."""
        return self.without_seats | self.of_seats

    @property
    def without_seats(self) -> dict[str, str]:
        """The same, without what was said of seats."""
        kept = {"sessie", "naar", WAIVER, CARD}
        chosen = {
            name: text for name, text in self.typed.items() if name in kept or name.startswith(OF_COURSE)
        }
        return chosen | {name: str(places) for name, places in self.places.items()} | {STEP: "bekijk"}

    @property
    def of_seats(self) -> dict[str, str]:
        """What was said of seats."""
        if self.seats:
            return {SEATS: ",".join(self.seats), OF_DATE: self.typed[OF_DATE]}
        return {WHEELCHAIRS: str(self.wheelchairs)} if WHEELCHAIRS in self.typed else {}


def rows_of(
    lines: Sequence[Line], dates: DateChange, offered: Sequence[Choice], names: Mapping[UUID, str | None]
) -> list[Row]:
    """What there is to choose of a date: all that those who come may have, and what they have already."""
    has: dict[tuple[str, UUID | None], int] = {}
    weights: dict[tuple[str, UUID | None], int] = {}
    for line in lines:
        if line.session_id in {dates.now, dates.to} and (count := counted(line)):
            key = line.tariff_code, line.holder_id
            has[key] = has.get(key, 0) + count
            weights[key] = line.tickets[0].weight
    rows = [
        Row(
            dates.to,
            choice.code,
            choice.holder_id,
            choice.label,
            names.get(choice.holder_id) if choice.holder_id and len(names) > 1 else None,
            choice,
            has.pop((choice.code, choice.holder_id), 0),
            1 if choice.personal else choice.limit,
            choice.weight,
            choice.personal,
            choice.personal or choice.is_common,
            choice.had,
        )
        for choice in offered
    ]
    for (code, holder_id), count in has.items():
        name = names.get(holder_id) if holder_id else None
        weight, label = weights[code, holder_id], _("Wat je al had")
        rows.append(Row(dates.to, code, holder_id, label, name, None, count, count, weight, is_plain=True))
    return rows


def counted(line: Line) -> int:
    """The places that stand, or that stood until their date was called off."""
    live = sum(ticket.status in LIVE for ticket in line.tickets)
    return live or sum(ticket.end is TicketEnd.CALLED_OFF for ticket in line.tickets)


def read_form(typed: Mapping[str, str], rows: Sequence[Row], dates: DateChange) -> ContentForm:
    """The form as it came; untouched rows are as they stand."""
    places, errors, is_chosen = dict[str, int](), dict[str, str](), STEP in typed
    for row in rows:
        found = read_number(typed.get(row.field, str(row.has)) or "0", row.most)
        places[row.field] = row.has if found is None else found
        if found is None:
            errors[row.field] = number_wanted(0, row.most)
    if rows and is_chosen and not errors and not any(places.values()):
        errors[rows[0].field] = _("Kies minstens één plaats. Kom je niet? Annuleer dan je boeking.")
    sessions = frozenset({dates.now, dates.to})
    return ContentForm(typed, places, errors, sessions, is_chosen, read_seen(typed))


def sent_in(typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was asked and shown, as it was sent: what the id of a form is bound to.

    Not to what it means: read against the booking that it changed, that is something else.
    """
    rows = FIELD, PLACES, ONE, *OF_COURSE
    return sorted((name, text) for name, text in typed.items() if name in SAID or name.startswith(rows))


def read_seen(typed: Mapping[str, str]) -> Seen | None:
    """What was shown, where the page showed it; None else."""
    price = read_number(typed.get("prijs", ""), MOST_CENTS)
    left = read_number(typed.get("te-betalen", ""), MOST_CENTS)
    way = next((each for each in WAYS if each == typed.get("betaal")), PayWith.CREDIT)
    return None if price is None or left is None else Seen(price, left, way)
