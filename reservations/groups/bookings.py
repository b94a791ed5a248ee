"""What groups booked: their dates with the people and the credit, and which of them a worker may give up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.actor import ByGroup, ByPartner
from reservations.booking.commands import GiveUp
from reservations.booking.giving_up import OFFERED, GivableTicket, as_chosen, as_command, read_numbers
from reservations.cursor import Cursor
from uit.core.formats import euro
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.web.form import Errors, number_wanted, read_number

SQL = Statements(__name__)

PAGE: Final = 20
HOW_MANY: Final = "aantal"


class GroupBooking(Struct, frozen=True):
    """What a group booked of one date. `people` still come, or came; `booked` is how many it was for.

    Of `credit_cents`, which was put aside for it, and of what else was paid, `returned_cents` came back.
    """

    booking_id: UUID
    group_id: UUID
    name: str
    organiser: str
    status: str
    starts_at: datetime
    ends_at: datetime
    booked: int
    people: int
    price_cents: int
    credit_cents: int
    returned_cents: int


class YearUse(Struct, frozen=True):
    """How many people of a group counted for a year."""

    group_id: UUID
    year: int
    people: int


class DateFound(Struct, frozen=True):
    starts_at: datetime
    id: UUID


read_bookings = SQL.many("read_bookings", GroupBooking)
read_year_use = SQL.many("read_year_use", YearUse)
find_dates = SQL.many("find_dates", DateFound)


async def dates_on_sale(  # noqa: PLR0913  what is looked for, where, and from which on
    tx: Executor, region_id: int, text: str, now: datetime, after: Cursor | None, *, with_rooms: bool = False
) -> tuple[list[UUID], Cursor | None]:
    """The coming dates that one may book now, soonest first, of which the name or organiser has a text.

    `with_rooms`: also those for which one waits until the sale begins.
    """
    starts_at, session_id = (after.starts_at, after.id) if after else (now, UUID(int=0))
    found = await find_dates(tx, region_id, now, text, starts_at, session_id, PAGE + 1, with_rooms)
    more = Cursor(found[PAGE - 1].starts_at, found[PAGE - 1].id) if len(found) > PAGE else None
    return [each.id for each in found[:PAGE]], more


def give_up_command(
    region_id: int, booking_id: UUID, by: ByGroup | ByPartner, cancellation_id: UUID, typed: Mapping[str, str]
) -> GiveUp | Errors:
    """Give back so many of the tickets that the page offered, the last first.

    It goes by what was offered, so that a form that is sent twice gives back the same ones.
    """
    tickets = read_numbers(typed.get(OFFERED, "").split())
    count = read_number(typed.get(HOW_MANY, ""), len(tickets))
    if not count:
        return {HOW_MANY: number_wanted(1, max(len(tickets), 1))}
    return as_command(region_id, booking_id, by, cancellation_id, as_chosen(tickets[-count:]))


def offered_by_price(tickets: Sequence[GivableTicket]) -> list[tuple[str, str]]:
    """What a page offers of each price, with what comes back for a place."""
    by_price: dict[int, list[GivableTicket]] = {}
    for each in tickets:
        by_price.setdefault(each.returned_cents, []).append(each)
    return [
        (offered(some), _("%(euro)s terug per plaats: %(num)s plaatsen", euro=euro(cents), num=len(some)))
        for cents, some in sorted(by_price.items())
    ]


def offered(tickets: Sequence[GivableTicket]) -> str:
    return " ".join(each.number for each in tickets)
