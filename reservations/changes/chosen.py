"""What is chosen of a booking that changes: which date becomes which, and how many places of what."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.till.facts import read_till_facts
from reservations.booking.acting import HelpedMember
from reservations.booking.actor import Actor
from reservations.booking.change_rows import with_pending_of
from reservations.booking.course_facts import with_courses_of
from reservations.booking.facts import Booking, Facts, Line
from reservations.booking.own_booking import OwnBooking, read_described
from reservations.booking.seating import with_seats_of
from reservations.booking.services import BookingServices
from reservations.booking.ticket_choice import lines_of
from reservations.booking.tickets import Outing
from reservations.booking.turn_card_facts import with_cards_of
from reservations.changes.at_till import TillForChange
from reservations.changes.change_form import STEP, ContentForm, DateChange, Row, read_form, rows_of
from reservations.changes.change_seats import SeatsToChange, seats_to_change
from reservations.changes.course_chosen import EnrolledOrder, read_enrolled
from reservations.changes.offered import (
    as_many_as_come,
    offered_to,
    wallets_of,
    who_comes,
    with_group_of,
)
from reservations.enrolment.course import CourseDate
from reservations.order.choice import Choice
from reservations.order.course_order import CourseOrder
from reservations.order.offer import read_course_offer
from reservations.order.seat_choice import BOX, SEATS
from reservations.order.seat_step import DONE
from reservations.order.turn_card_order import (
    CARD,
    WITHOUT,
    TurnCardOrder,
    holders_of_cards,
    turn_card_order,
    usable_for,
    value_of,
)
from reservations.order.who_comes import Comer
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.web.form import Errors

SQL = Statements(__name__)


class OtherDate(Struct, frozen=True):
    """A date of the same activity, `offline`, `online` or `mixed`, and how many places are left."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    attendance: str
    places_left: int


read_facts = SQL.value("read_facts", str)
other_dates = SQL.many("other_dates", OtherDate)


class ChosenChange(Struct, frozen=True):
    """All that the page knows: the booking, which of its dates may be which, and the rows of its form.

    `enrolled`: the course of the date, which changes with all of its dates.
    """

    mine: OwnBooking
    facts: Facts
    described: dict[str, Any]
    outing: Outing
    dates: Sequence[OtherDate]
    rows: Sequence[Row]
    form: ContentForm
    to: UUID
    seats: SeatsToChange
    helped: Sequence[HelpedMember]
    turns: TurnCardOrder | None = None
    offered: Sequence[Choice] = ()
    enrolled: EnrolledOrder | None = None

    @property
    def booking(self) -> Booking:
        return self.facts.bookings[0]

    @property
    def places(self) -> int:
        """How many seats one needs on the date to which one goes."""
        return sum(self.form.places[row.field] * row.weight for row in self.rows)

    @property
    def seat_errors(self) -> Errors:
        """What is wrong with the seats that were ticked."""
        wrong = (
            self.seats.hall
            and DONE in self.form.typed
            and self.seats.hall.error_of(self.form.seats, self.places)
        )
        return {BOX: wrong} if wrong else {}

    @property
    def is_choosing_seats(self) -> bool:
        """Whether the page is the hall, to choose in: until as many are ticked as there are places."""
        asked = self.form.typed.get(STEP) == SEATS and self.seats.hall and not self.form.errors
        return bool(asked and (DONE not in self.form.typed or self.seat_errors))


async def choose(  # noqa: PLR0913  who changes what of which booking, at which desk
    services: BookingServices,
    tx: Executor,
    mine: OwnBooking,
    typed: Mapping[str, str],
    till: TillForChange | None = None,
    *,
    with_courses: bool = True,
) -> ChosenChange:
    """What is known for the form; without `with_courses` its page asks for no dates of one.

    Raises BookingUnknown where the booking is not there any more.
    """
    now, region_id = services.clock.now(), mine.here.region.id
    described = await read_described(services, tx, mine)
    outing = outing_of(described["outings"], typed)
    mine, comers = await who_comes(tx, mine, now)
    enrolments = described["enrolments"] if with_courses else ()
    of = described["booking"], mine.by, enrolments, outing.session_id
    enrolled = await read_enrolled(tx, *of, typed, now)
    if enrolled:
        to, wanted = enrolled.session_id, [each.session_id for each in enrolled.order.to_come]
        dates = [as_other_date(each, outing) for each in enrolled.order.to_come]
    else:
        dates = await other_dates(tx, region_id, outing.session_id, now)
        to = next((each.id for each in dates if str(each.id) == typed.get("naar")), outing.session_id)
        wanted = [to]
    facts = await facts_for(tx, mine, comers, wanted, till)
    offered: Sequence[Choice]
    if enrolled:
        offered = (await read_course_offer(tx, region_id, comers, enrolled.order, to)).in_order
        rows, form = filled(mine.by, comers, enrolled.lines, DateChange(to, to), offered, typed)
        form, seats, turns = with_dates(form, enrolled.order), SeatsToChange(to, None, {}, {}), None
    else:
        offered = await offered_to(tx, facts, mine.by, comers, to)
        lines = lines_of(mine.by, facts.bookings[0])
        rows, form = filled(mine.by, comers, lines, DateChange(outing.session_id, to), offered, typed)
        seats = seats_to_change(lines, facts.seating, outing.session_id, to)
        turns = turns_to_add(facts, comers, typed, to)
    form = with_seats(form, rows, seats)
    helped = [each.helped for each in comers if each.helped]
    return ChosenChange(
        mine, facts, described, outing, dates, rows, form, to, seats, helped, turns, offered, enrolled
    )


async def facts_for(
    tx: Executor,
    mine: OwnBooking,
    comers: Sequence[Comer],
    session_ids: Sequence[UUID],
    till: TillForChange | None,
) -> Facts:
    """What `decide` would see of the booking and these dates, for who comes and at this till."""
    region_id, wallets = mine.here.region.id, wallets_of(mine.by, comers)
    document = await read_facts(tx, region_id, session_ids, mine.booking_id, wallets)
    facts = await with_pending_of(tx, msgspec.json.decode(document, type=Facts))
    facts = await with_courses_of(tx, await with_seats_of(tx, facts, region_id), region_id)
    facts = await with_cards_of(tx, facts, region_id, holders_of_cards(comers))
    facts = replace(facts, given=[each for one in comers if one.helped for each in one.helped.given])
    if till:
        facts = replace(facts, tills=await read_till_facts(tx, region_id, till.till.id))
    return await with_group_of(tx, facts, mine.by)


def filled(  # noqa: PLR0913, PLR0917  who comes, from what to what, and what was typed
    by: Actor,
    comers: Sequence[Comer],
    lines: Sequence[Line],
    which: DateChange,
    offered: Sequence[Choice],
    typed: Mapping[str, str],
) -> tuple[Sequence[Row], ContentForm]:
    """The rows of what may be had instead of these lines, with the form as it was typed."""
    names = {each.membership_id: each.name for each in comers}
    rows = as_many_as_come(by, rows_of(lines, which, offered, names))
    return rows, read_form(typed, rows, which)


def with_seats(form: ContentForm, rows: Sequence[Row], seats: SeatsToChange) -> ContentForm:
    """The form with the seats that were chosen in it, and how many of them are for a wheelchair."""
    people = sum(form.places[row.field] * row.weight for row in rows)
    asked = seats.asked_wheelchairs(form.typed, people)
    return replace(form, seats=seats.chosen_in(form.typed), wheelchairs=asked)


def as_other_date(date: CourseDate, outing: Outing) -> OtherDate:
    """A date of a course, where its page says when it is."""
    return OtherDate(date.session_id, date.starts_at, date.ends_at, date.status, outing.attendance, 0)


def with_dates(form: ContentForm, order: CourseOrder) -> ContentForm:
    """The form, in which one date at least is ticked."""
    if order.chosen:
        return form
    return replace(
        form, errors={**form.errors, order.field_of(order.to_come[0]): _("Kies minstens één keer.")}
    )


def turns_to_add(
    facts: Facts, comers: Sequence[Comer], typed: Mapping[str, str], to: UUID
) -> TurnCardOrder | None:
    """With which card is paid what comes with a change: one of which the booking took turns, or as asked."""
    session = next(each for each in facts.sessions if each.id == to)
    taken = {each.card for each in facts.turn_cards.uses if each.booking_id == facts.bookings[0].id}
    cards = usable_for(facts.turn_cards.cards, session.id, session.starts_at)
    before = next((value_of(each.key) for each in cards if each.key in taken), WITHOUT)
    return turn_card_order(facts, comers, {CARD: before, **typed}, session)


def outing_of(outings: Sequence[Outing], typed: Mapping[str, str]) -> Outing:
    """The date that is changed: the one that was named, or the first that may be.

    Where nothing is left of any, it is what there was: a repeat of what was done is answered, and all else
    refused.
    """
    changeable = [each for each in outings if each.live_places or each.is_off]
    found = changeable or outings
    return next((each for each in found if str(each.session_id) == typed.get("sessie")), found[0])
