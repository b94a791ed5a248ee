"""One booking at the desk of an organiser: who comes by it, which tickets are in, and what can end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.commands import ChosenTickets
from reservations.booking.giving_up import read_facts
from reservations.booking.services import BookingServices
from reservations.booking.tickets import number_of
from reservations.booking_list.booking_list import ListedBooking, find_bookings
from reservations.box_office.taking_back.handing_in import HandedIn, handed_in
from reservations.event_settings.settings import read_settings
from reservations.sessions import occupancy
from reservations.sessions.organiser_desk import OrganiserDesk, desk_facts, read_session
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.web.form import Labels

BOOKING: Final = "reservations/organiser_booking/booking.html"


async def read_listed(tx: Executor, desk: OrganiserDesk, booking_id: UUID) -> ListedBooking:
    """The booking as the list has it. Raises NotFound for one with no place in this session."""
    found, _more = await find_bookings(tx, desk, number_of(booking_id))
    booking = next((each for each in found if each.booking_id == booking_id), None)
    if booking is None:
        raise RefusalError(NotFound())
    return booking


async def booking_facts(services: BookingServices, desk: OrganiserDesk, booking_id: UUID) -> dict[str, Any]:
    """The facts for BOOKING; its forms set `errors`, `refusal` and what was typed."""
    async with services.database.reading() as connection:
        return await read_shown(connection, services, desk, booking_id)


async def read_shown(
    tx: Executor, services: BookingServices, desk: OrganiserDesk, booking_id: UUID
) -> dict[str, Any]:
    facts = await desk_facts(tx, desk)
    session = await read_session(tx, desk)
    listed = await read_listed(tx, desk, booking_id)
    settings = await read_settings(tx, desk.region.id, desk.session_id)
    tickets = await occupancy.read_party(tx, desk.region.id, booking_id, desk.session_id)
    ids = {"checkin_id": services.ids.new(), "mail_id": services.ids.new()}
    shown = {"session": session, "listed": listed, "tickets": tickets, "own": address_of(desk, booking_id)}
    form = {"note": listed.note, "errors": {}, "labels": labels(), "asks": settings.asks}
    return {**facts, **shown, **ids, **form}


def address_of(desk: OrganiserDesk, booking_id: UUID) -> str:
    return f"{desk.address}/boekingen/{booking_id}"


def labels() -> Labels:
    return {"places": _("Hoeveel mensen komen nu binnen?"), "note": _("Notitie")}


class Endable(Struct, frozen=True):
    """What can end now of a booking for a session: its tickets, and the numbers of all that it ever had."""

    tickets: list[HandedIn]
    numbers: frozenset[tuple[int, int]]

    def has(self, chosen: Sequence[ChosenTickets]) -> bool:
        """Whether all that is chosen is of this session, also what ended since."""
        named = {(each.line_no, no) for each in chosen for no in each.ticket_nos}
        return bool(named) and named <= self.numbers


async def read_endable(
    tx: Executor, desk: OrganiserDesk, booking_id: UUID, staff_id: UUID, now: datetime
) -> Endable:
    facts = await read_facts(tx, desk.region.id, booking_id)
    lines = [
        line for booking in facts.bookings for line in booking.lines if line.session_id == desk.session_id
    ]
    found = handed_in(facts, staff_id, now)
    return Endable(
        [each for each in found if each.by_waiver.session_id == desk.session_id],
        frozenset((line.no, ticket.no) for line in lines for ticket in line.tickets),
    )
