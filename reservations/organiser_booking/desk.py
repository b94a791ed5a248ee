"""One booking at the desk of an organiser: to mark, note, send, print and end."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.answers import Ended, as_refusal
from reservations.booking.contact import read_recipients
from reservations.booking.giving_up import chosen_in
from reservations.booking.notifications import MADE
from reservations.booking.rows import OutboxRow
from reservations.booking.services import BookingServices
from reservations.booking.tickets import as_pass, number_of, outings_seen, read_tickets
from reservations.box_office.taking_back.handing_in import WAIVER, hand_in, read_waiver, waivers
from reservations.checkin.checkin import CheckinActor, Scope
from reservations.checkin.form import TicketForm
from reservations.checkin.party import PartyOfBooking, PartyScan, check_in_party
from reservations.counter.booked.paper import FORMATS, paper_tickets, print_tickets
from reservations.errors import TooLate
from reservations.organiser_booking.note import keep_note, note_error
from reservations.organiser_booking.organiser_booking import (
    BOOKING,
    Endable,
    address_of,
    booking_facts,
    read_endable,
    read_listed,
    read_shown,
)
from reservations.sessions.organiser_desk import (
    ADDRESS,
    ORGANISER,
    OrganiserDesk,
    desk_facts,
    desk_here,
    read_session,
)
from reservations.sessions.sold_as_card import ALSO_CARDS
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, as_json
from uit.identity.authentication import StaffRequest, author_here
from uit.services.limit import Limit
from uit.web.form import Errors, form_id, read_number, required_id
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

GivenServices = NamedDependency[BookingServices]
CANCEL: Final = "reservations/organiser_booking/cancel.html"
MOST_TICKETS: Final = 10_000
MOST_PEOPLE: Final = 10_000
MAILS: Final = Limit("tickets sent at a desk", 5, 3600)


def notice_after(act: str) -> str | None:
    """What the page of a booking says after an act."""
    return {
        "binnen": _("Ze staan binnen."),
        "terug": _("De check-in is teruggenomen. Het ticket is weer geldig."),
        "notitie": _("Je notitie is bewaard."),
        "verstuurd": _("De tickets zijn onderweg."),
        "geannuleerd": _("Die tickets gelden niet meer. Wie boekte, krijgt bericht."),
    }.get(act)


@get("/", opt=ORGANISER | ALSO_CARDS)
async def show_booking(
    request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await read_shown(tx, services, desk, booking_id)
        sends = await is_told(services, tx, desk, booking_id)
        await author.note(tx, "booking.read", "booking", booking_id)
    return page(BOOKING, **facts | {"sends": sends}, flash=notice_after(gedaan))


async def is_told(services: BookingServices, tx: Executor, desk: OrganiserDesk, booking_id: UUID) -> bool:
    """Whether we know somebody who is told of a booking; by which way is theirs to choose."""
    key, today = services.secrets.signing, day_in_flanders(services.clock.now())
    return bool(await read_recipients(tx, key, desk.region.id, booking_id, today))


async def page_again(
    services: BookingServices, desk: OrganiserDesk, booking_id: UUID, wrong: Mapping[str, Any]
) -> Template:
    """The page of a booking with what is wrong in a form of it: a refusal, or errors and what was typed."""
    facts = await booking_facts(services, desk, booking_id)
    refusal: Refusal | None = wrong.get("refusal")
    return page(BOOKING, refusal.status if refusal else UNPROCESSABLE, **facts | dict(wrong))


@post("/binnen", opt=ORGANISER)
async def let_in(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[TicketForm],
    services: GivenServices,
) -> Template | Redirect:
    """Mark all who come by it as in, or so many. A repeat of the form marks nobody more."""
    desk = await desk_here(request)
    if data.errors:
        return await page_again(services, desk, booking_id, {"errors": data.errors})
    scope = Scope(desk.region.id, frozenset({desk.organiser_id}), desk.session_id)
    actor = CheckinActor("staff", str(request.user.staff_id))
    places, checkin_id = read_number(data.places, MOST_PEOPLE), form_id(data.checkin_id, services.ids)
    shown = PartyScan(PartyOfBooking(booking_id), desk.session_id, scope, actor, checkin_id, places)
    async with services.database.transaction() as tx:
        await read_listed(tx, desk, booking_id)
        answer = await check_in_party(tx, shown, services.clock, services.ids)
    if isinstance(answer, Refusal):
        return await page_again(services, desk, booking_id, {"refusal": answer})
    return see_other(f"{address_of(desk, booking_id)}?gedaan=binnen")


@post("/notitie", opt=ORGANISER | ALSO_CARDS)
async def write_down(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Keep a note, or take it away by leaving it empty."""
    desk, author, typed = await desk_here(request), await author_here(request), data.get("note", "")
    error = note_error(typed)
    if error:
        return await page_again(services, desk, booking_id, {"errors": {"note": error}, "note": typed})
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        await read_listed(tx, desk, booking_id)
        await keep_note(tx, desk, booking_id, typed, author.now)
        await author.note(tx, "booking.note", "booking", booking_id)
    return see_other(f"{address_of(desk, booking_id)}?gedaan=notitie")


@post("/opsturen", opt=ORGANISER | ALSO_CARDS)
async def send_tickets(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Redirect:
    """Tell who booked of their tickets once more, the way they are reached; once for the id of the form."""
    desk, author = await desk_here(request), await author_here(request)
    mail_id = required_id(data, "mail_id")
    async with services.database.reading() as connection:
        await read_session(connection, desk)
        await read_listed(connection, desk, booking_id)
    too_often = await services.limiter.count(MAILS, str(booking_id))
    if too_often:
        raise RefusalError(too_often)
    if await services.limiter.use_once("desk_mail", str(mail_id), MAILS.seconds):
        async with services.database.transaction() as tx:
            rows = as_json([OutboxRow(MADE, booking_id)])
            await write_outbox(tx, desk.region.id, rows, author.now)
            await author.note(tx, "booking.mail", "booking", booking_id)
    return see_other(f"{address_of(desk, booking_id)}?gedaan=verstuurd")


@get("/afdruk/{document:str}", opt=ORGANISER)
async def print_booking(
    request: StaffRequest, booking_id: FromPath[UUID], document: FromPath[str], services: GivenServices
) -> Response[bytes]:
    """`a6.pdf` or `a4.pdf`: the tickets of this session that open its door. None of what is unpaid."""
    paper, _dot, ending = document.partition(".")
    if paper not in FORMATS or ending != "pdf":
        raise RefusalError(NotFound())
    desk, author, key = await desk_here(request), await author_here(request), services.secrets.signing
    async with services.database.transaction() as tx:
        await read_session(tx, desk)
        await read_listed(tx, desk, booking_id)
        found = await read_tickets(tx, desk.region.id, booking_id, MOST_TICKETS, 0, None)
        outings = await outings_seen(tx, desk.region.id, [booking_id], None)
        await author.note(tx, "booking.print", "booking", booking_id)
    here = {each.session_id: each for each in outings if each.session_id == desk.session_id}
    passes = [as_pass(key, desk.region.id, booking_id, each) for each in found if each.status == "confirmed"]
    tickets = paper_tickets(passes, here, desk.region)
    if not tickets:
        raise RefusalError(NotFound())
    printed = await print_tickets(tickets, paper, author.now)
    headers = {"Content-Disposition": 'inline; filename="tickets.pdf"', "Cache-Control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


@get("/annuleren", opt=ORGANISER | ALSO_CARDS)
async def ask_once(request: StaffRequest, booking_id: FromPath[UUID], services: GivenServices) -> Template:
    """Before anything ends: which tickets, and by whose rules."""
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        await read_session(connection, desk)
        await read_listed(connection, desk, booking_id)
    facts, _endable = await cancel_facts(request, services, desk, booking_id, {})
    return page(CANCEL, **facts)


@post("/annuleren", opt=ORGANISER | ALSO_CARDS)
async def end_tickets(
    request: StaffRequest,
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """End the chosen tickets of this session: as their holder would, or withdrawn by the organiser.

    Only what is withdrawn makes credit that comes back last longer.
    """
    desk = await desk_here(request)
    facts, endable = await cancel_facts(request, services, desk, booking_id, data)
    chosen = chosen_in(data)
    if not chosen:
        errors = {each.by_waiver.field: _("Kies minstens één ticket.") for each in endable.tickets[:1]}
        return page(CANCEL, UNPROCESSABLE, **facts | {"errors": errors})
    if not endable.has(chosen):
        raise RefusalError(NotFound())
    act_id, waiver = form_id(data.get("cancellation_id", ""), services.ids), read_waiver(data)
    command = hand_in((desk.region.id, booking_id), chosen, request.user.staff_id, waiver, act_id)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(f"{desk.address}/boekingen?gedaan=geannuleerd")
    if isinstance(answer, TooLate):
        late: Errors = {WAIVER: _("Dit is te laat volgens je voorwaarden. Mag het toch, kies dan waarom.")}
        return page(CANCEL, UNPROCESSABLE, **facts | {"errors": late})
    return form_again(CANCEL, as_refusal(answer), **facts)


async def cancel_facts(
    request: StaffRequest,
    services: BookingServices,
    desk: OrganiserDesk,
    booking_id: UUID,
    typed: Mapping[str, str],
) -> tuple[dict[str, Any], Endable]:
    """The facts for CANCEL, and what can end. Raises SessionUnknown, also for another organiser's session."""
    async with services.database.reading() as connection:
        facts = await desk_facts(connection, desk)
        session = await read_session(connection, desk)
        now, staff_id = services.clock.now(), request.user.staff_id
        endable = await read_endable(connection, desk, booking_id, staff_id, now)
    shown = {
        "session": session,
        "own": address_of(desk, booking_id),
        "number": number_of(booking_id),
        "tickets": endable.tickets,
        "waivers": waivers(),
        "waiver": typed.get(WAIVER, ""),
        "ticked": frozenset(typed),
        "cancellation_id": services.ids.new(),
        "errors": {},
    }
    return facts | shown, endable


DESK: Final = (
    show_booking, let_in, write_down, send_tickets, print_booking, ask_once, end_tickets,
)  # fmt: skip

ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}/boekingen/{{booking_id:uuid}}",
        route_handlers=DESK,
        include_in_schema=False,
    )
]
