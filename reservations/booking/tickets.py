"""What a resident has booked: outings, and the tickets that open the door."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import segno
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.facts import BY_LIVELINESS, TicketStatus
from reservations.booking.viewer import Viewer, seen_by
from reservations.cursor import Cursor
from uit.core.clock import day_in_flanders
from uit.core.formats import joined
from uit.core.seal import PartySeal, TicketSeal, seal_party, seal_ticket
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 20
BEYOND: Final = timedelta(days=36_500)
LAST: Final = UUID(int=2**128 - 1)
MOST_COMING: Final = 200
TICKETS_SHOWN: Final = 24
WITHOUT_A_DATE: Final = ("postponed", "suspended")
MOST_TICKETS: Final = 10_000
GIVEN_UP: Final = frozenset({TicketStatus.CANCELLED, TicketStatus.LAPSED, TicketStatus.REFUSED})


class Booker(Struct, frozen=True):
    """Somebody who is told what becomes of a booking."""

    person_id: UUID
    given_name: str
    email: str | None
    has_died: bool


class BookingHolder(Booker, frozen=True):
    """Somebody who comes by a booking."""

    membership_id: UUID
    born_on: date | None


class Outing(Struct, frozen=True):
    """One session of a booking: what, when and where, and the places that the booking has in it.

    `statuses` are those of its tickets. `places` and `credit_cents` say what was booked, `live_places` what
    still stands, `returned_cents` the credit that came back; a ticket for four has four places. `online_url`
    is for who has a live ticket. `is_discreet`: its organiser says that who goes may not want it known.
    `seats` are those of live tickets, where they are numbered. `choose_until`: until when they choose what
    becomes of a date that was called off. `is_offered`: to who waited, and they said neither yes nor no.
    `is_turn_card`: it is one, and good until it `ends_at`; `turns_left` are those of it as long as it stands.
    `turns_taken`: so many of its places were paid with a turn. `was_called_off`: some of its tickets ended by
    that, and not since somebody gave them up or went to another date before. `was_changed`: none of them is
    left, since others took their place in a change; else `places` leaves out those that were replaced.
    `is_enrolled`: it was sold together with other dates of a course.
    """

    booking_id: UUID
    made_at: datetime
    session_id: UUID
    event_id: UUID
    name: str
    domain: str
    type_label: str
    attendance: str
    online_url: str | None
    session_status: str
    status_reason: str | None
    starts_at: datetime
    ends_at: datetime
    moved_from: datetime | None
    moved_at: datetime | None
    cancel_until: datetime
    venue: str
    street: str
    postal_code: str
    town: str
    organiser: str
    organiser_number: str | None
    phone: str | None
    places: int
    credit_cents: int
    live_places: int
    returned_cents: int
    statuses: list[str]
    tickets: int
    live_tickets: int
    is_discreet: bool
    seats: list[str]
    was_called_off: bool
    was_changed: bool
    choose_until: datetime | None
    longer_reason: str | None = None
    is_offered: bool = False
    turns_left: int | None = None
    turns_taken: int = 0
    is_turn_card: bool = False
    is_enrolled: bool = False

    @property
    def good_until(self) -> date | None:
        """The last day on which a card of turns is good; None for what takes place."""
        return day_in_flanders(self.ends_at) if self.is_turn_card else None

    @property
    def is_to_choose(self) -> bool:
        """Whether it was called off, and what they have of it is theirs to choose for."""
        return self.session_status == "cancelled" and self.choose_until is not None and self.live_places > 0

    @property
    def undisclosed(self) -> "Outing":
        """As a message or a paper tells it that others may see: a discreet one without what and with whom.

        What its organiser typed may say it too, so that a reason stands on the page of the booking alone.
        """
        if not self.is_discreet:
            return self
        hidden = dict.fromkeys(("type_label", "venue", "street", "organiser"), "")
        return replace(
            self,
            name=_("Een activiteit"),
            online_url=None,
            phone=None,
            organiser_number=None,
            status_reason=self.status_reason and reason_is_on_page(),
            longer_reason=self.longer_reason and reason_is_on_page(),
            **hidden,
        )

    @property
    def status(self) -> TicketStatus:
        return next(status for status in BY_LIVELINESS if status in self.statuses)

    @property
    def standing(self) -> str:
        """Its status, or `changed` where a change put others in its place."""
        return "changed" if self.was_changed else self.status

    @property
    def is_off(self) -> bool:
        """Whether it was called off for them: not where they had given it up, or chose another date."""
        return self.session_status == "cancelled" and (self.live_places > 0 or self.was_called_off)

    def is_coming(self, now: datetime) -> bool:
        """Whether somebody goes, or hears that it is off: not where they gave it up or go another day."""
        is_ahead = self.ends_at > now or self.session_status in WITHOUT_A_DATE
        return is_ahead and (self.live_places > 0 or self.is_off)

    def is_given_up(self, now: datetime) -> bool:
        """Whether its date is not over, and nobody goes: it was cancelled, it lapsed or it was refused."""
        return self.ends_at > now and self.status in GIVEN_UP

    @property
    def has_moved(self) -> bool:
        """Whether it has another time or place than was booked, so that all may leave until its start."""
        return self.moved_at is not None and self.made_at < self.moved_at

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has another place than when it was booked, at the same time."""
        return self.has_moved and self.move == "elsewhere"

    @property
    def move(self) -> Literal["elsewhere", "other_hour", "other_date"] | None:
        """What is another since it moved last: its place alone, its hour, or its day; None before it did."""
        if self.moved_from is None:
            return None
        if self.moved_from == self.starts_at:
            return "elsewhere"
        same_day = day_in_flanders(self.moved_from) == day_in_flanders(self.starts_at)
        return "other_hour" if same_day else "other_date"


class NamedComer(Struct, frozen=True):
    """Somebody who has places in an outing that was booked for others; `is_own` is who looks."""

    booking_id: UUID
    session_id: UUID
    given_name: str
    is_own: bool


class ShownTicket(Struct, frozen=True):
    """A ticket that opens a door.

    `label`: the name of its tariff; empty for the base price and the social one, which look the same.
    `weight`: how many people it lets in. `first_name`: of who comes, where the organiser asks for it.
    `in_all`: how many its booking has; None where some of those ended, or wait beside it for a change to be
    paid, since the others keep their position.
    """

    session_id: UUID
    line_no: int
    no: int
    position: int
    status: str
    seat: str | None
    weight: int
    label: str
    first_name: str | None
    in_all: int | None

    @property
    def title(self) -> str:
        """What it is called among the others of its booking."""
        if self.in_all is None:
            return _("Ticket %(number)s", number=self.position)
        return _("Ticket %(number)s van %(all)s", number=self.position, all=self.in_all)


class CourseTicket(ShownTicket, frozen=True):
    """One that opens every date of a course; `seats_by_date`: where one sits on those that have seats."""

    seats_by_date: dict[UUID, str]


class TicketPosition(Struct, frozen=True):
    """Which ticket of its booking one is, as people count them: from 1, also where others ended."""

    line_no: int
    no: int
    position: int


class Together(Struct, frozen=True):
    """Who come to a session by one booking, on this line and others; `people_left` are not in yet."""

    session_id: UUID
    line_no: int
    people_left: int
    people: int


class TogetherCode(Struct, frozen=True):
    """One code for all who come together; it counts down as they, or their tickets, come in.

    `number` is what one types at the door when scanning fails.
    """

    together: Together
    qr: Markup
    number: str


class Pass(Struct, frozen=True):
    """A ticket as it is shown: `qr` is a drawing, `number` what one reads out when scanning fails."""

    ticket: ShownTicket
    qr: Markup
    number: str


class Relation(Struct, frozen=True):
    """What somebody has to do with a booking. `own_id` is their pass of the region, whatever it has here."""

    is_maker: bool
    own_id: UUID | None
    holder_ids: list[UUID]
    has_claimed: bool

    @property
    def is_holder(self) -> bool:
        return self.own_id in self.holder_ids


read_holders = SQL.many("read_holders", BookingHolder)
read_relation = SQL.maybe("read_relation", Relation)
coming_bookings = SQL.many("coming_bookings", Cursor)
past_bookings = SQL.many("past_bookings", Cursor)
find_coming = SQL.many("find_coming", NamedComer)
read_outings = SQL.many("read_outings", Outing)
read_tickets = SQL.many("read_tickets", ShownTicket)
read_together = SQL.many("read_together", Together)
read_positions = SQL.many("read_positions", TicketPosition)


async def outings_seen(
    tx: Executor,
    region_id: int,
    booking_ids: Sequence[UUID],
    viewer: Viewer | None,
    language: str | None = None,
) -> list[Outing]:
    """The outings of bookings as somebody sees them; without a viewer, as a guest or staff do.

    They are named in the `language` that was chosen where they are read, else in that of the viewer.
    """
    reader_id = viewer.person_id if viewer else None
    return await read_outings(tx, region_id, booking_ids, *seen_by(viewer), reader_id, language)


async def names_of_outings(
    tx: Executor, region_id: int, outings: Sequence[Outing], viewer: Viewer
) -> dict[tuple[UUID, UUID], str]:
    """For whom the places are, by booking and session, where somebody booked for others; else nothing."""
    names: dict[tuple[UUID, UUID], list[str]] = {}
    for each in await find_coming(tx, region_id, [one.booking_id for one in outings], *viewer.as_arguments):
        key = each.booking_id, each.session_id
        names.setdefault(key, []).append(_("jou") if each.is_own else each.given_name)
    return {key: joined(found) for key, found in names.items()}


async def coming_outings(  # noqa: PLR0913  whose, when, how many, in which language
    tx: Executor,
    region_id: int,
    viewer: Viewer,
    now: datetime,
    *,
    most: int = MOST_COMING,
    language: str | None = None,
) -> list[Outing]:
    """What somebody still goes to or booked for another, soonest first."""
    _own, maker, helped = viewer.as_arguments
    found = await coming_bookings(tx, region_id, viewer.person_id, now, most, maker, helped)
    outings = await outings_seen(tx, region_id, [each.id for each in found], viewer, language)
    return [each for each in outings if each.is_coming(now)]


async def past_outings(  # noqa: PLR0913  whose, until when, in which language
    tx: Executor,
    region_id: int,
    viewer: Viewer,
    now: datetime,
    before: Cursor | None,
    *,
    language: str | None = None,
) -> tuple[list[Outing], Cursor | None]:
    """What was and what was given up, latest first, and where the next page begins."""
    before = before or Cursor(now + BEYOND, LAST)
    _own, maker, helped = viewer.as_arguments
    found = await past_bookings(
        tx, region_id, viewer.person_id, now, before.starts_at, before.id, PAGE + 1, maker, helped
    )
    shown = found[:PAGE]
    outings = await outings_seen(tx, region_id, [each.id for each in shown], viewer, language)
    return outings[::-1], shown[-1] if len(found) > PAGE else None


def cancel_until(outings: Sequence[Outing]) -> datetime:
    """Until when something of a booking can be given up: the last limit of what still stands, if any.

    What a change holds until it is paid counts for nothing beside what stands.
    """
    return max(limit for _, limit in cancel_limits(outings))


def cancel_limits(outings: Sequence[Outing]) -> list[tuple[Outing, datetime]]:
    """What stands of a booking, or else all of it, and until when each can be given up, earliest first."""
    stands = [outing for outing in outings if TicketStatus.CONFIRMED in outing.statuses]
    live = stands or [outing for outing in outings if outing.live_places] or outings
    found = [(each, each.starts_at if each.has_moved else each.cancel_until) for each in live]
    return sorted(found, key=lambda each: each[1])


def as_pass(signing_key: bytes, region_id: int, booking_id: UUID, ticket: ShownTicket) -> Pass:
    token = seal_ticket(signing_key, TicketSeal(region_id, booking_id, ticket.line_no, ticket.no))
    return Pass(ticket, drawn(token), f"{number_of(booking_id)} · {ticket.line_no}.{ticket.no}")


def as_code(signing_key: bytes, region_id: int, booking_id: UUID, together: Together) -> TogetherCode:
    token = seal_party(signing_key, PartySeal(region_id, booking_id, together.line_no))
    return TogetherCode(together, drawn(token), f"{number_of(booking_id)} · 0")


def drawn(token: str) -> Markup:
    return Markup(segno.make(token, error="m").svg_inline(omitsize=True, border=0))  # noqa: S704  our own drawing


def reason_is_on_page() -> str:
    """What a message of a discreet activity says instead of why it changes."""
    return _("Waarom, lees je op de pagina van je boeking.")


def number_of(booking_id: UUID) -> str:
    """Eight signs that tell a person's bookings apart: to read out, never to get in with."""
    tail = booking_id.hex[-8:].upper()
    return f"{tail[:4]}-{tail[4:]}"
