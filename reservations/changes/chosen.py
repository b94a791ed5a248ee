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
from reservations.booking.commands import AtTill, ChangeBooking, PayWith, RequestedLine
from reservations.booking.course_facts import with_courses_of
from reservations.booking.facts import LIVE, Booking, Facts, Line
from reservations.booking.own_booking import OwnBooking, read_described
from reservations.booking.seating import with_seats_of
from reservations.booking.services import BookingServices
from reservations.booking.ticket_choice import lines_of
from reservations.booking.tickets import Outing
from reservations.booking.turn_card_facts import with_cards_of
from reservations.changes.at_till import TillForChange
from reservations.changes.change_form import STEP, ContentForm, DateChange, Row, read_form, rows_of
from reservations.changes.change_seats import SeatsToChange, seats_to_change, wheelchairs_of
from reservations.changes.course_chosen import EnrolledOrder, read_enrolled
from reservations.changes.offered import (
    as_many_as_come,
    as_proof,
    offered_to,
    wallets_of,
    who_comes,
    with_group_of,
)
from reservations.enrolment.course import CourseDate
from reservations.order.course_order import CourseOrder
from reservations.order.offer import Choice, read_course_offer
from reservations.order.seat_choice import BOX, SEATS
from reservations.order.seat_step import DONE
from reservations.order.turn_card_order import (
    CARD,
    WITHOUT,
    TurnCardOrder,
    holders_of_cards,
    own_place,
    takes_turn,
    turn_card_order,
    usable_for,
    value_of,
)
from reservations.order.who_comes import Comer
from reservations.turn_card.turn_card import TurnCard
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


class Choosing(Struct, frozen=True):
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
) -> Choosing:
    """What is known for the form; without `with_courses` its page asks for no dates of one.

    Raises BookingUnknown where the booking is not there any more.
    """
    now, region_id = services.clock.now(), mine.here.region.id
    described = await read_described(services, tx, mine)
    outing = outing_of(described["outings"], typed)
    dates = await other_dates(tx, region_id, outing.session_id, now)
    to = next((each.id for each in dates if str(each.id) == typed.get("naar")), outing.session_id)
    mine, comers = await who_comes(tx, mine, now)
    enrolments = described["enrolments"] if with_courses else ()
    enrolled = await read_enrolled(
        tx, described["booking"], mine.by, enrolments, outing.session_id, typed, now
    )
    if enrolled:
        to, dates = enrolled.session_id, [as_other_date(each, outing) for each in enrolled.order.to_come]
    wanted = [each.session_id for each in enrolled.order.to_come] if enrolled else [to]
    document = await read_facts(tx, region_id, wanted, mine.booking_id, wallets_of(mine.by, comers))
    facts = await with_pending_of(tx, msgspec.json.decode(document, type=Facts))
    facts = await with_courses_of(tx, await with_seats_of(tx, facts, region_id), region_id)
    facts = await with_cards_of(tx, facts, region_id, holders_of_cards(comers))
    facts = replace(facts, given=[each for one in comers if one.helped for each in one.helped.given])
    if till:
        facts = replace(facts, tills=await read_till_facts(tx, region_id, till.till.id))
    facts = await with_group_of(tx, facts, mine.by)
    offered: Sequence[Choice]
    if enrolled:
        offered = (await read_course_offer(tx, region_id, comers, enrolled.order, to)).in_order
        lines, which = [*enrolled.lines], DateChange(to, to)
    else:
        offered = await offered_to(tx, facts, mine.by, comers, to)
        lines, which = lines_of(mine.by, facts.bookings[0]), DateChange(outing.session_id, to)
    names = {each.membership_id: each.name for each in comers}
    rows = as_many_as_come(mine.by, rows_of(lines, which, offered, names))
    form = read_form(typed, rows, which)
    seats = seats_to_change(lines, facts.seating, outing.session_id, to)
    if enrolled:
        form, seats = with_dates(form, enrolled.order), SeatsToChange(to, None, {}, {})
    form = replace(
        form,
        seats=seats.chosen_in(typed),
        wheelchairs=seats.asked_wheelchairs(typed, sum(form.places[row.field] * row.weight for row in rows)),
    )
    helped = [each.helped for each in comers if each.helped]
    turns = None if enrolled else turns_to_add(facts, comers, typed, to)
    return Choosing(
        mine, facts, described, outing, dates, rows, form, to, seats, helped, turns, offered, enrolled
    )


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


def as_command(
    chosen: Choosing, way: PayWith, at_till: AtTill | None = None, staff_id: UUID | None = None
) -> ChangeBooking:
    """The change that was chosen: other places for one date, and all else as it stands."""
    mine, booking = chosen.mine, chosen.booking
    if chosen.enrolled:
        return course_command(chosen, chosen.enrolled, way, at_till)
    others = [line for line in lines_of(mine.by, booking) if line.session_id not in chosen.form.sessions]
    rows = [row for row in chosen.rows if chosen.form.places[row.field]]
    people = {row.key: chosen.form.places[row.field] * row.weight for row in rows}
    seats = chosen.seats.seats_of_each(people, chosen.form.seats)
    wheelchairs = chosen.seats.shared_wheelchairs(people, 0 if seats else chosen.form.wheelchairs)
    wanted = [
        RequestedLine(
            row.session_id,
            row.code,
            chosen.form.places[row.field],
            as_proof(mine.by, row.holder_id),
            code_digest=mine.code_digest if row.asks_code else None,
            seats=seats.get(row.key, ()),
            wheelchairs=wheelchairs[row.key],
        )
        for row in rows
    ]
    lines = (
        *(as_requested(mine.by, line) for line in others if live(line)),
        *with_turns(chosen, rows, wanted),
    )
    region_id, booking_id = booking.region_id, booking.id
    return ChangeBooking(
        region_id,
        booking_id,
        booking_id,
        "",
        mine.by,
        lines,
        pay_with=way,
        at_till=at_till,
        staff_id=staff_id,
    )


def course_command(
    chosen: Choosing, enrolled: EnrolledOrder, way: PayWith, at_till: AtTill | None
) -> ChangeBooking:
    """The change of an enrolment that was chosen, with all else as it stands."""
    mine, booking = chosen.mine, chosen.booking
    others = [line for line in lines_of(mine.by, booking) if line.no not in enrolled.line_nos and live(line)]
    lines = (
        *(as_requested(mine.by, line) for line in others),
        *enrolled.requested(
            mine.by,
            [(row, chosen.form.places[row.field]) for row in chosen.rows],
            wheelchairs_of(enrolled.lines, chosen.facts.seating),
        ),
    )
    region_id, booking_id = booking.region_id, booking.id
    return ChangeBooking(region_id, booking_id, booking_id, "", mine.by, lines, pay_with=way, at_till=at_till)


def with_turns(
    chosen: Choosing, rows: Sequence[Row], lines: Sequence[RequestedLine]
) -> Sequence[RequestedLine]:
    """The lines of these rows, of which what is new takes turns of the card that was chosen."""
    if chosen.turns is None or chosen.turns.chosen is None:
        return lines
    card, session = chosen.turns.chosen, next(each for each in chosen.facts.sessions if each.id == chosen.to)
    own = own_row(card, rows, chosen.offered)
    return [
        replace(line, turn_card=card.key)
        if takes_turn(card, session, line, is_own=row is own and line.places == 1)
        else line
        for row, line in zip(rows, lines, strict=True)
    ]


def own_row(card: TurnCard, rows: Sequence[Row], offered: Sequence[Choice]) -> Row | None:
    """The row of these that is the place of a card's holder."""
    by_key = {row.key: row for row in rows}
    chosen = [each for each in offered if (each.code, each.holder_id) in by_key]
    own = own_place(card, chosen)
    return None if own is None else by_key[chosen[own].code, chosen[own].holder_id]


def as_requested(by: Actor, line: Line) -> RequestedLine:
    return RequestedLine(line.session_id, line.tariff_code, live(line), as_proof(by, line.holder_id))


def live(line: Line) -> int:
    return sum(ticket.status in LIVE for ticket in line.tickets)
