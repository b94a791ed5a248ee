"""What each booking brings to a session, which of its tickets are in, and the way back from a mistake."""

import re
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from reservations import occupancy
from reservations.checkin import By, Scan
from reservations.desk import ADDRESS, MINE, GivenHouse, Here, desk_facts, form_id, here, read_session
from reservations.house import BookingHouse
from reservations.occupancy import FIRST
from reservations.take_back import take_back
from reservations.ticket import number_of
from uit.ground.errors import NotFound, Refused
from uit.ground.seal import TicketSeal
from uit.ground.web.view import form_again, page, see_other
from uit.identity.entry import StaffRequest

LINE_AND_NUMBER: Final = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")
DONE: Final = {"terug": "De check-in is teruggenomen. Het ticket is weer geldig."}


class UndoForm(Struct, frozen=True):
    """Which ticket of the booking in the address, as `line.number`, and the check-in to take back."""

    ticket: str = ""
    checkin_id: str = ""

    def seal(self, region_id: int, booking_id: UUID) -> TicketSeal:
        """The ticket that is meant; what is no number is a ticket that nobody has."""
        read = LINE_AND_NUMBER.fullmatch(self.ticket)
        return TicketSeal(region_id, booking_id, *(map(int, read.groups()) if read else (0, 0)))


@get("/sessies/{session_id:uuid}/boekingen", opt=MINE)
async def show_parties(request: StaffRequest, house: GivenHouse, na: FromQuery[UUID] = FIRST) -> Template:
    where = await here(request)
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        session = await read_session(connection, where)
        parties, more = await occupancy.parties_of(connection, where.region.id, where.session_id, na)
    return page(
        "reservations/desk_parties.html",
        **facts,
        session=session,
        parties=[(number_of(each.booking_id), each) for each in parties],
        next_page=f"{where.address}/boekingen?na={more}" if more else None,
    )


@get("/sessies/{session_id:uuid}/boekingen/{booking_id:uuid}", opt=MINE)
async def show_party(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    house: GivenHouse,
    gedaan: FromQuery[str] = "",
) -> Template:
    facts = await party_facts(house, await here(request), booking_id)
    return page("reservations/desk_party.html", **facts, flash=DONE.get(gedaan))


@post("/sessies/{session_id:uuid}/boekingen/{booking_id:uuid}/terug", opt=MINE)
async def undo_check_in(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[UndoForm],
    house: GivenHouse,
) -> Template | Redirect:
    """A ticket that was checked in by mistake is good again."""
    where = await here(request)
    seal, by = data.seal(where.region.id, booking_id), By("staff", str(request.user.staff_id))
    scan = Scan(seal, where.scope, by, form_id(data.checkin_id, house))
    async with house.database.transaction() as tx:
        refused = await take_back(tx, scan, house.clock, house.ids)
    if refused:
        facts = await party_facts(house, where, booking_id)
        return form_again("reservations/desk_party.html", refused, **facts)
    return see_other(f"{where.address}/boekingen/{booking_id}?gedaan=terug")


async def party_facts(house: BookingHouse, where: Here, booking_id: UUID) -> dict[str, Any]:
    async with house.database.reading() as connection:
        facts = await desk_facts(connection, where)
        session = await read_session(connection, where)
        tickets = await occupancy.read_party(connection, where.region.id, booking_id, where.session_id)
    if not tickets:
        raise Refused(NotFound())
    return {
        **facts,
        "session": session,
        "number": number_of(booking_id),
        "tickets": tickets,
        "own": f"{where.address}/boekingen/{booking_id}",
    }


ROUTES: list[ControllerRouterHandler] = [
    Router(ADDRESS, route_handlers=[show_parties, show_party, undo_check_in], include_in_schema=False)
]
