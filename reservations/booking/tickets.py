"""What a resident has booked: outings, and the tickets that open the door."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import segno
from markupsafe import Markup
from msgspec import Struct

from reservations.booking.facts import BY_LIVELINESS, TicketStatus
from reservations.cursor import Cursor
from uit.core.seal import PartySeal, TicketSeal, seal_party, seal_ticket
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

PAGE: Final = 20
BEYOND: Final = timedelta(days=36_500)
LAST: Final = UUID(int=2**128 - 1)
MOST_COMING: Final = 200
TICKETS_SHOWN: Final = 24
GIVEN_UP: Final = frozenset({TicketStatus.CANCELLED, TicketStatus.LAPSED, TicketStatus.REFUSED})


class Booker(Struct, frozen=True):
    """The member who is told what becomes of a booking."""

    person_id: UUID
    given_name: str
    email: str | None


class Outing(Struct, frozen=True):
    """One session of a booking: what, when and where, and the places that the booking has in it.

    `statuses` are those of its tickets. `places` and `credit_cents` say what was booked, `live_places` what
    still stands, `returned_cents` the credit that came back; a ticket for four has four places. `online_url`
    is for who has a live ticket.
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

    @property
    def status(self) -> TicketStatus:
        return next(status for status in BY_LIVELINESS if status in self.statuses)

    def is_given_up(self, now: datetime) -> bool:
        """Whether its date is not over, and nobody goes: it was cancelled, it lapsed or it was refused."""
        return self.ends_at > now and self.status in GIVEN_UP

    @property
    def has_moved(self) -> bool:
        """Whether it has another time than when it was booked, so that all may leave until its start."""
        return self.moved_at is not None and self.made_at < self.moved_at


class ShownTicket(Struct, frozen=True):
    """A ticket that opens a door.

    `label`: the name of its tariff; empty for the base price and the social one, which look the same.
    `weight`: how many people it lets in.
    """

    session_id: UUID
    line_no: int
    no: int
    position: int
    status: str
    seat: str | None
    weight: int
    label: str


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
    """One code for all who come together; it counts down as they, or their tickets, come in."""

    together: Together
    qr: Markup


class Pass(Struct, frozen=True):
    """A ticket as it is shown: `qr` is a drawing, `number` what one reads out when scanning fails."""

    ticket: ShownTicket
    qr: Markup
    number: str


read_booker = SQL.maybe("read_booker", Booker)
find_holder = SQL.value("find_holder", UUID)
find_claimant = SQL.value("find_claimant", UUID)
coming_bookings = SQL.many("coming_bookings", Cursor)
past_bookings = SQL.many("past_bookings", Cursor)
read_outings = SQL.many("read_outings", Outing)
read_tickets = SQL.many("read_tickets", ShownTicket)
read_together = SQL.many("read_together", Together)
read_positions = SQL.many("read_positions", TicketPosition)


async def outings_of(tx: Executor, region_id: int, person_id: UUID, booking_id: UUID) -> list[Outing]:
    """The outings of somebody's own booking, held or claimed; none when it is not there, or not theirs."""
    memberships = [await find(tx, region_id, booking_id, person_id) for find in (find_holder, find_claimant)]
    return await read_outings(tx, region_id, [booking_id]) if any(memberships) else []


async def coming_outings(
    tx: Executor, region_id: int, person_id: UUID, now: datetime, most: int = MOST_COMING
) -> list[Outing]:
    """What somebody still goes to, soonest first."""
    found = await coming_bookings(tx, region_id, person_id, now, most)
    return await read_outings(tx, region_id, [each.id for each in found])


async def past_outings(
    tx: Executor, region_id: int, person_id: UUID, now: datetime, before: Cursor | None
) -> tuple[list[Outing], Cursor | None]:
    """What was and what was given up, latest first, and where the next page begins."""
    before = before or Cursor(now + BEYOND, LAST)
    found = await past_bookings(tx, region_id, person_id, now, before.starts_at, before.id, PAGE + 1)
    shown = found[:PAGE]
    outings = await read_outings(tx, region_id, [each.id for each in shown])
    return outings[::-1], shown[-1] if len(found) > PAGE else None


def cancel_until(outings: Sequence[Outing]) -> datetime:
    """Until when something of a booking can be given up: the last limit of what still stands, if any."""
    live = [outing for outing in outings if outing.live_places] or outings
    return max(outing.starts_at if outing.has_moved else outing.cancel_until for outing in live)


def as_pass(signing_key: bytes, region_id: int, booking_id: UUID, ticket: ShownTicket) -> Pass:
    token = seal_ticket(signing_key, TicketSeal(region_id, booking_id, ticket.line_no, ticket.no))
    return Pass(ticket, drawn(token), f"{number_of(booking_id)} · {ticket.line_no}.{ticket.no}")


def as_code(signing_key: bytes, region_id: int, booking_id: UUID, together: Together) -> TogetherCode:
    token = seal_party(signing_key, PartySeal(region_id, booking_id, together.line_no))
    return TogetherCode(together, drawn(token))


def drawn(token: str) -> Markup:
    return Markup(segno.make(token, error="m").svg_inline(omitsize=True, border=0))  # noqa: S704  our own drawing


def number_of(booking_id: UUID) -> str:
    """Eight signs that tell a person's bookings apart: to read out, never to get in with."""
    tail = booking_id.hex[-8:].upper()
    return f"{tail[:4]}-{tail[4:]}"
