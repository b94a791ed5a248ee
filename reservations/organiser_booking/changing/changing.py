"""An organiser gives a booking another date of the activity, or fewer places, where nobody pays more by it.

What each ticket had cost would tell who pays less, so no amount is shown and none may rise. Why it cannot be
for who comes is told to nobody either.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from reservations.booking.actor import ByStaff, GroupProof, LineProof, MembershipProof
from reservations.booking.change import plan_change
from reservations.booking.change_errors import ChangePending, NothingToChange, OnInvoice, TooManyChanges
from reservations.booking.change_rows import with_pending_of
from reservations.booking.changed_content import cents_of
from reservations.booking.changing import Changing
from reservations.booking.commands import ChangeBooking, RequestedLine, bound_to
from reservations.booking.facts import LIVE, Booking, Facts, Line
from reservations.booking.group import with_group
from reservations.booking.remaining import Remaining
from reservations.changes.chosen import OtherDate, other_dates, read_facts
from reservations.changes.chosen_command import live
from reservations.errors import (
    CannotPayWith,
    NotOnSale,
    PaymentOpen,
    PriceChanged,
    RemainingChanged,
    SessionCancelled,
    SoldOut,
    TooFewPlaces,
    TooLate,
)
from reservations.organiser_booking.changing.errors import CostsThemMore, OnlyThemselves
from reservations.sessions.organiser_desk import OrganiserDesk
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.web.form import Errors, Labels, number_wanted, read_number

SQL = Statements(__name__)
FIELD: Final = "plaatsen-"
TOLD: Final = (
    *(SoldOut, SessionCancelled, NotOnSale, TooFewPlaces, TooLate),
    *(PaymentOpen, ChangePending, NothingToChange, TooManyChanges, OnInvoice),
)
"""What is about places and not about people, so that an organiser may read it."""
DEARER: Final = (NotEnough, CannotPayWith, PriceChanged, RemainingChanged)


is_done = SQL.value("is_done", bool)


class LabelOfLine(Struct, frozen=True):
    line_no: int
    label: str


labels_of_lines = SQL.many("labels_of_lines", LabelOfLine)


class TicketsOfLine(Struct, frozen=True):
    """The live tickets of one line of the date, by their numbers, and how many are wanted.

    `weight`: how many places each takes. `label`: what the door says of them.
    """

    line_no: int
    nos: tuple[int, ...]
    wanted: int
    weight: int = 1
    label: str = ""

    @property
    def has(self) -> int:
        return len(self.nos)

    @property
    def named(self) -> str:
        """As people read them out: `1.1`, or `1.1 tot 1.3`."""
        first, last = f"{self.line_no}.{self.nos[0]}", f"{self.line_no}.{self.nos[-1]}"
        return first if first == last else _("%(first)s tot %(last)s", first=first, last=last)

    @property
    def field(self) -> str:
        return f"{FIELD}{self.line_no}"


class ContentWanted(Struct, frozen=True):
    """What was chosen: the date, how many of each line, and whether it was asked what that comes to."""

    to: UUID
    rows: Sequence[TicketsOfLine]
    errors: Errors
    is_chosen: bool

    @property
    def places(self) -> int:
        """How many places they take: a ticket for a family is for several."""
        return sum(each.wanted * each.weight for each in self.rows)

    def is_same(self, session_id: UUID) -> bool:
        return self.to == session_id and all(each.has == each.wanted for each in self.rows)


class ChangeableBooking(Struct, frozen=True):
    """A booking as it may become another: its facts, the dates to choose from, and what was chosen."""

    facts: Facts
    dates: Sequence[OtherDate]
    form: ContentWanted

    @property
    def booking(self) -> Booking:
        return self.facts.bookings[0]

    @property
    def least(self) -> int:
        """From how many tickets on a price of the lines that may change is sold; 1 for none."""
        sessions = {each.id: each for each in self.facts.sessions}
        rows = {each.line_no for each in self.form.rows}
        lines = [line for line in self.booking.lines if line.no in rows and line.session_id in sessions]
        tariffs = [sessions[line.session_id].tariff(line.tariff_code) for line in lines]
        return max((each.least for each in tariffs if each), default=1)

    @property
    def labels(self) -> Labels:
        """A line is known by its tickets, since its price would tell who pays less."""
        one = len(self.form.rows) == 1
        words = (
            _("Hoeveel tickets?")
            if any(each.weight > 1 for each in self.form.rows)
            else _("Hoeveel plaatsen?")
        )
        named = {
            each.field: _(
                "%(label)s (%(named)s): hoeveel?", label=each.label or _("Tickets"), named=each.named
            )
            for each in self.form.rows
        }
        return {"naar": _("Welke datum?")} | (dict.fromkeys(named, words) if one else named)


async def read_changeable(
    tx: Executor, desk: OrganiserDesk, booking_id: UUID, typed: Mapping[str, str], now: datetime
) -> ChangeableBooking:
    """What the page knows; the desk has checked that the booking has places in this date of its own."""
    dates = await other_dates(tx, desk.region.id, desk.session_id, now)
    to = next((each.id for each in dates if str(each.id) == typed.get("naar")), desk.session_id)
    first = await facts_of(tx, desk, booking_id, to, [])
    holders = [line.holder_id for line in first.bookings[0].lines if line.holder_id]
    facts = await facts_of(tx, desk, booking_id, to, holders) if holders else first
    found = await labels_of_lines(tx, desk.region.id, booking_id, desk.session_id)
    rows = rows_of(facts.bookings[0], desk.session_id, {each.line_no: each.label for each in found})
    return ChangeableBooking(facts, dates, read_form(typed, rows, to))


async def facts_of(
    tx: Executor, desk: OrganiserDesk, booking_id: UUID, to: UUID, holders: Sequence[UUID]
) -> Facts:
    document = await read_facts(tx, desk.region.id, [to], booking_id, holders)
    facts = await with_pending_of(tx, msgspec.json.decode(document, type=Facts))
    group_id = facts.bookings[0].by.group_id
    return await with_group(tx, facts, desk.region.id, group_id) if group_id else facts


def rows_of(booking: Booking, session_id: UUID, said: Mapping[int, str]) -> list[TicketsOfLine]:
    """What is live of the date, line by line, with what is `said` of each at the door."""
    here = [line for line in booking.lines if line.session_id == session_id and live(line)]
    return [
        TicketsOfLine(line.no, live_nos(line), live(line), line.tickets[0].weight, said.get(line.no, ""))
        for line in here
    ]


def live_nos(line: Line) -> tuple[int, ...]:
    return tuple(each.no for each in line.tickets if each.status in LIVE)


def read_form(typed: Mapping[str, str], rows: Sequence[TicketsOfLine], to: UUID) -> ContentWanted:
    """The form as it came; untouched rows are as they stand."""
    wanted, errors = list[TicketsOfLine](), Errors()
    for row in rows:
        found = read_number(typed.get(row.field, str(row.has)) or "0", row.has)
        if found is None:
            errors[row.field] = number_wanted(0, row.has)
        wanted.append(replace(row, wanted=row.has if found is None else found))
    if rows and not errors and not any(each.wanted for each in wanted):
        errors[rows[0].field] = _("Laat minstens één plaats staan. Anders annuleer je de boeking.")
    return ContentWanted(to, wanted, errors, is_chosen=typed.get("stap") == "bekijk")


def planned(changeable: ChangeableBooking, staff_id: UUID, now: datetime) -> Changing | Refusal:
    """What it comes to; refused where somebody would pay more by it, or otherwise."""
    found = plan_change(Remaining(changeable.facts, now), as_command(changeable, staff_id))
    if isinstance(found, Refusal):
        return told(found, changeable.booking.id)
    ending = sum(cents_of(line, tickets, line.price_cents) for line, tickets in found.content.ending)
    dearer = found.price_cents > found.content.kept_cents + ending
    if dearer or found.remaining_cents or found.funding.more:
        return CostsThemMore(changeable.booking.id)
    return found


def told(refusal: Refusal, booking_id: UUID) -> Refusal:
    """The same, as far as an organiser may know it."""
    if isinstance(refusal, TOLD):
        return refusal
    return CostsThemMore(booking_id) if isinstance(refusal, DEARER) else OnlyThemselves(booking_id)


def as_command(changeable: ChangeableBooking, staff_id: UUID) -> ChangeBooking:
    """All that the booking is to be: this date as it was chosen, and all else as it stands."""
    booking, by = changeable.booking, ByStaff(staff_id)
    chosen = {each.line_no: (changeable.form.to, each.wanted) for each in changeable.form.rows}
    wanted = [(line, *chosen.get(line.no, (line.session_id, live(line)))) for line in booking.lines]
    group_id = booking.by.group_id
    lines = tuple(moved(line, to, places, group_id) for line, to, places in wanted if places)
    return ChangeBooking(booking.region_id, booking.id, booking.id, "", by, lines, staff_id=staff_id)


def moved(line: Line, to: UUID, places: int, group_id: UUID | None) -> RequestedLine:
    """Places of a line on a date, for who has them now."""
    stays = to == line.session_id
    return RequestedLine(to, line.tariff_code, places, proof_of(line.holder_id, group_id, stays=stays))


def proof_of(
    holder_id: UUID | None, group_id: UUID | None, *, stays: bool
) -> LineProof | MembershipProof | GroupProof | None:
    """By what a holder is known: nothing is shown for what stays; a group is counted each time."""
    if holder_id is None:
        return None
    if holder_id == group_id:
        return GroupProof(holder_id)
    return LineProof(holder_id) if stays else MembershipProof(holder_id)


def as_said(command: ChangeBooking, plan: Changing, change_id: UUID) -> ChangeBooking:
    """The same at what it comes to, under the id of the form: sent twice, it is done once."""
    return replace(
        command,
        change_id=change_id,
        digest=bound_to("POST", "desk", command.booking_id, command.lines),
        price_seen_cents=plan.price_cents,
        remaining_seen_cents=0,
    )
