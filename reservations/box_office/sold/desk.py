"""At a till: what was sold, with its tickets to show or to print."""

from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from litestar.types import ControllerRouterHandler

from credits.till.books.receipt import receipt_of_booking
from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.done import Done
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_code,
    as_pass,
    outings_seen,
    read_tickets,
    read_together,
)
from reservations.booking.turnstile import read_booking
from reservations.booking.visit import with_fields
from reservations.box_office.held import is_sold_by
from reservations.box_office.swapping.swapping import given_or_taken
from reservations.box_office.till_page import open_till_here
from reservations.errors import BookingUnknown
from uit.core.errors import RefusalError
from uit.identity.authentication import StaffRequest

GivenServices = NamedDependency[BookingServices]


@get("/tickets/{booking_id:uuid}", opt=TILL)
async def show_tickets(  # noqa: PLR0913, PLR0917  two of them are the address, three what was asked for
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
    ruil: FromQuery[UUID | None] = None,
    afdruk: FromQuery[str] = "",
    gedaan: FromQuery[str] = "",
) -> Template:
    """The tickets that were sold, to show or to print, and the way to their receipt. A card has none.

    `ruil`: the booking for whose tickets they were swapped, which says what the difference was. `afdruk`:
    the page prints itself. `gedaan`: whether the booking changed.
    """
    till, key = await open_till_here(request, services, till_session_id), services.secrets.signing
    async with services.database.reading() as connection:
        booking = await read_booking(connection, till.region_id, booking_id)
        if booking is None or not is_sold_by(booking, till.organiser_id):
            raise RefusalError(BookingUnknown(booking_id))
        before = await read_booking(connection, till.region_id, ruil) if ruil else None
        outings = await outings_seen(connection, till.region_id, [booking_id], None)
        receipt_id = await receipt_of_booking(connection, till.region_id, booking_id)
        found = await read_tickets(connection, till.region_id, booking_id, TICKETS_SHOWN, 0, None)
        together = await read_together(connection, till.region_id, booking_id)
    of_booking = key, till.region_id, booking_id
    cards = {each.session_id for each in outings if each.is_turn_card}
    own = till.address("tickets", booking_id)
    swapped = {"ruil": str(ruil)} if ruil else {}
    return till.page(
        "sold/tickets",
        outings=outings,
        codes=[as_code(*of_booking, each) for each in together if each.session_id not in cards],
        passes=[as_pass(*of_booking, each) for each in found if each.session_id not in cards],
        receipt_id=receipt_id,
        print_address=with_fields(own, {**swapped, "afdruk": "ja"}),
        swap_cents=given_or_taken(before, booking)
        if before and is_sold_by(before, till.organiser_id)
        else None,
        is_changed=gedaan == Done.CHANGED,
        printing=bool(afdruk),
    )


ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}", route_handlers=[show_tickets], include_in_schema=False)
]
