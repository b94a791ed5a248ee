"""At the counter: what somebody has booked, its tickets on paper, and giving it back."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from credits.till.books.receipt import receipt_of_booking
from credits.wallet.statement import read_credit
from reservations.booking.answers import Changed, Ended, as_refusal
from reservations.booking.contact import read_recipients
from reservations.booking.done import Done
from reservations.booking.facts import Booking
from reservations.booking.giving_up import as_command, chosen_in
from reservations.booking.notifications import MADE
from reservations.booking.own_booking import OwnBooking, find_own, holders_shown, read_described
from reservations.booking.rows import OutboxRow
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    as_pass,
    coming_outings,
    past_outings,
    read_tickets,
)
from reservations.booking.to_pay import read_to_pay
from reservations.booking.turnstile import read_booking
from reservations.booking.visit import viewer_here
from reservations.box_office.till_at_work import TillAtWork, find_till_at_work
from reservations.changes.at_till import TillForChange
from reservations.changes.own_change import Ways, change_facts, let_go, make_change
from reservations.counter.at_counter import AtCounter, at_counter
from reservations.counter.booked.paper import FORMATS, paper_tickets, print_tickets
from reservations.errors import BookingUnknown
from reservations.statement.statement import read_entries
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, as_json
from uit.identity.authentication import StaffRequest
from uit.passes.card.number import grouped
from uit.passes.registration.counter_desk import CLERK
from uit.services.limit import Limit
from uit.web.form import Errors, form_id, required_id
from uit.web.view import see_other

GivenServices = NamedDependency[BookingServices]
ADDRESS: Final = "/{region:str}/balie/personen/{membership_id:uuid}/boekingen"
BOOKED: Final = "boekingen"
MOST_TICKETS: Final = 10_000
FEW: Final = 5
MAILED: Final = "mail"
MAILS: Final = Limit("tickets mailed at a counter", 5, 3600)


@get("/", opt=CLERK)
async def show_all(request: StaffRequest, membership_id: FromPath[UUID], services: GivenServices) -> Template:
    """Bookings, credit with its story, and passes on one screen. By telephone the bookings alone."""
    now = services.clock.now()
    async with services.database.transaction() as tx:
        here = await at_counter(request, tx, membership_id)
        region_id, person_id = here.desk.region.id, here.open.person.id
        await here.desk.counter.note(tx, "booking.read_all", "person", person_id)
        viewer = await viewer_here(tx, here.visit, now)
        coming = await coming_outings(tx, region_id, viewer, now)
        facts: dict[str, Any] = {"coming": coming, "past": [], "credit": None, "entries": []}
        if not here.permission.by_telephone:
            past, _more = await past_outings(tx, region_id, viewer, now, None)
            entries, _further = await read_entries(tx, region_id, person_id, None)
            facts |= {"past": past[:FEW], "entries": entries[: 2 * FEW]}
            facts["credit"] = await read_credit(tx, person_id, [region_id], now)
    return here.page("booked/overview", **facts, grouped=grouped)


async def booking_here(
    request: StaffRequest, tx: Executor, services: BookingServices, membership_id: UUID, booking_id: UUID
) -> tuple[AtCounter, OwnBooking]:
    """A booking that they hold, claimed or made for another. Raises BookingUnknown for any other."""
    here = await at_counter(request, tx, membership_id)
    mine = await find_own(tx, here.visit, booking_id, services.clock.now())
    if mine is None:
        raise RefusalError(BookingUnknown(booking_id))
    return here, replace(mine, own=here.address(BOOKED, booking_id), own_name=here.holder.given_name)


@get("/{booking_id:uuid}", opt=CLERK)
async def show_booking(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
) -> Template:
    """What is booked, what it cost, and its tickets to print."""
    async with services.database.transaction() as tx:
        here, mine = await booking_here(request, tx, services, membership_id, booking_id)
        await here.desk.counter.note(tx, "booking.read", "booking", booking_id)
        await here.desk.counter.note_look(tx, here.open.person.id, "ticket")
        facts = await read_described(services, tx, mine)
        holders = holders_shown(mine, facts["booking"])
        tickets = await read_tickets(tx, here.desk.region.id, booking_id, TICKETS_SHOWN, 0, holders)
        to_pay = await what_to_pay(tx, facts, services)
        till = await own_till(tx, here, facts["booking"])
        receipt_id = await receipt_of_booking(tx, here.desk.region.id, booking_id) if till else None
        sends = await is_mailed(services, tx, here, booking_id)
    change_waits = facts["booking"].change is not None
    valid = [each for each in tickets if not (change_waits and each.status == "held")]
    more = {"tickets": valid, "till": till, "sends": sends, "mail_id": services.ids.new()}
    more["change_waits"] = change_waits
    more["receipt"] = f"{till.rpartition('/')[0]}/bonnen/{receipt_id}" if till and receipt_id else None
    flash = said_after(gedaan)
    return here.page("booked/booking", **facts | to_pay | more, flash=flash)


def said_after(act: str) -> str | None:
    """What the page of a booking says after an act."""
    if act == Done.CHANGED:
        return _("De boeking is gewijzigd. Druk de tickets opnieuw af: wat wegviel, opent geen deur meer.")
    return _("De tickets zijn onderweg.") if act == MAILED else None


async def is_mailed(services: BookingServices, tx: Executor, here: AtCounter, booking_id: UUID) -> bool:
    """Whether somebody is told of a booking by mail: who comes, or who made it for them."""
    signing, region_id = services.secrets.signing, here.desk.region.id
    found = await read_recipients(tx, signing, region_id, booking_id, here.desk.counter.today)
    return any(each.email for each in found)


@post("/{booking_id:uuid}/mailen", opt=CLERK)
async def mail_tickets(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Redirect:
    """Mail the tickets once more, once for the id of the form, to who was told of the booking."""
    mail_id = required_id(data, "mail_id")
    async with services.database.reading() as connection:
        here, mine = await booking_here(request, connection, services, membership_id, booking_id)
        if not await is_mailed(services, connection, here, booking_id):
            raise RefusalError(NotFound())
    too_often = await services.limiter.count(MAILS, str(booking_id))
    if too_often:
        raise RefusalError(too_often)
    if await services.limiter.use_once("counter_mail", str(mail_id), MAILS.seconds):
        async with services.database.transaction() as tx:
            rows = as_json([OutboxRow(MADE, booking_id)])
            await write_outbox(tx, here.desk.region.id, rows, here.desk.counter.now)
            await here.desk.counter.note(tx, "booking.mail", "booking", booking_id)
    return see_other(f"{mine.own}?gedaan={MAILED}")


async def what_to_pay(tx: Executor, facts: Mapping[str, Any], services: BookingServices) -> dict[str, Any]:
    """What is still to be paid, for who sees the whole booking."""
    if facts["is_part"]:
        return {"to_pay": None}
    return await read_to_pay(tx, facts["booking"], services.clock.now())


async def own_till(tx: Executor, here: AtCounter, booking: Booking) -> str | None:
    """The address of the till at which this clerk works for the organiser of a booking, if there is one."""
    organiser_id = booking.lines[0].seller_id
    till = await find_own_till(tx, here, organiser_id)
    return f"/{here.desk.region.slug}/organisaties/{organiser_id}/kassa/{till.id}" if till else None


async def find_own_till(tx: Executor, here: AtCounter, organiser_id: UUID) -> TillAtWork | None:
    """The till at which this clerk works for an organiser, if there is one."""
    desk = here.desk
    return await find_till_at_work(tx, desk.region.id, organiser_id, here.staff_id, desk.counter.towns)


@get("/{booking_id:uuid}/afdruk/{document:str}", opt=CLERK)
async def print_booking(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    document: FromPath[str],
    services: GivenServices,
) -> Response[bytes]:
    """`a6.pdf` or `a4.pdf`: the tickets that open a door. None of what is unpaid, or for who only called."""
    paper, _dot, ending = document.partition(".")
    if paper not in FORMATS or ending != "pdf":
        raise RefusalError(NotFound())
    async with services.database.transaction() as tx:
        here, mine = await booking_here(request, tx, services, membership_id, booking_id)
        region = here.desk.region
        facts = await read_described(services, tx, mine)
        holders = holders_shown(mine, facts["booking"])
        found = await read_tickets(tx, region.id, booking_id, MOST_TICKETS, 0, holders)
        await here.desk.counter.note(tx, "booking.print", "booking", booking_id)
        await here.desk.counter.note_look(tx, here.open.person.id, "ticket")
    booking = facts["booking"]
    found = [each for each in found if not (booking.change and each.status == "held")]
    waits = booking.open_payment is not None and booking.change is None
    if not found or waits or here.permission.by_telephone:
        raise RefusalError(NotFound())
    key = services.secrets.signing
    passes = [as_pass(key, region.id, booking_id, each) for each in found]
    going_on = [each for each in facts["outings"] if each.session_status != "cancelled"]
    standing = {each.session_id: each.undisclosed for each in going_on}
    printed = await print_tickets(paper_tickets(passes, standing, region), paper, facts["booking"].made_at)
    headers = {"Content-Disposition": 'inline; filename="tickets.pdf"', "Cache-Control": "no-store"}
    return Response(printed, media_type="application/pdf", headers=headers)


@get("/{booking_id:uuid}/annuleren", opt=CLERK)
async def ask_once(
    request: StaffRequest, membership_id: FromPath[UUID], booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Before giving up: which tickets go, and what comes back."""
    async with services.database.reading() as connection:
        here, mine = await booking_here(request, connection, services, membership_id, booking_id)
        return await cancel_page(services, connection, here, mine)


@post("/{booking_id:uuid}/annuleren", opt=CLERK)
async def give_up(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Give up what was chosen, by the rules of its organiser, once for the id of the form."""
    async with services.database.reading() as connection:
        here, mine = await booking_here(request, connection, services, membership_id, booking_id)
        chosen = chosen_in(data)
        if not chosen:
            return await cancel_page(services, connection, here, mine, data)
    region_id, act_id = here.desk.region.id, form_id(data.get("cancellation_id", ""), services.ids)
    command = as_command(region_id, booking_id, mine.by, act_id, chosen, here.staff_id)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(mine.own)
    async with services.database.reading() as connection:
        return await cancel_page(services, connection, here, mine, data, as_refusal(answer))


async def cancel_page(  # noqa: PLR0913, PLR0917  whose booking, and what was typed and said
    services: BookingServices,
    tx: Executor,
    here: AtCounter,
    mine: OwnBooking,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Template:
    """The form; without a refusal, what was typed had no ticket in it."""
    facts = await read_described(services, tx, mine)
    holders = holders_shown(mine, facts["booking"])
    found = await read_tickets(tx, here.desk.region.id, mine.booking_id, MOST_TICKETS, 0, holders)
    shown = {(each.line_no, each.no): (each.position, each.label) for each in found}
    errors: Errors = {}
    if typed is not None and refusal is None:
        errors = dict.fromkeys([each.field for each in facts["givable"][:1]], _("Kies minstens één ticket."))
    status = refusal.status if refusal else 422 if errors else 200
    more: dict[str, Any] = {"cancellation_id": services.ids.new(), "shown": shown, "typed": typed or {}}
    return here.page("booked/cancel", status, **facts | more, refusal=refusal, errors=errors)


@get("/{booking_id:uuid}/wijzigen", opt=CLERK)
async def ask_change(
    request: StaffRequest, membership_id: FromPath[UUID], booking_id: FromPath[UUID], services: GivenServices
) -> Template:
    """Another date, more or fewer places: what it costs is said first."""
    async with services.database.reading() as connection:
        here, mine = await booking_here(request, connection, services, membership_id, booking_id)
        typed, ways = (
            request.query_params,
            await ways_here(connection, here, booking_id, request.query_params),
        )
        status, facts = await change_facts(services, connection, mine, typed, ways)
    return here.page("booked/change", status, **facts)


@post("/{booking_id:uuid}/wijzigen", opt=CLERK)
async def change(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Change it as it was shown, once for the id of the form.

    What costs more is paid with credit, or at the till of the clerk, who also gives cash back from there.
    """
    async with services.database.reading() as connection:
        here, mine = await booking_here(request, connection, services, membership_id, booking_id)
        ways = await ways_here(connection, here, booking_id, data)
    answer = await make_change(services, mine, data, ways)
    if isinstance(answer, Changed):
        return see_other(f"{mine.own}?gedaan={Done.CHANGED}")
    async with services.database.reading() as connection:
        status, facts = await change_facts(services, connection, mine, data, ways, answer)
    return here.page("booked/change", status, **facts)


@post("/{booking_id:uuid}/wijziging-laten-vallen", opt=CLERK)
async def stop_change(
    request: StaffRequest, membership_id: FromPath[UUID], booking_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    """Let go of a change that waits to be paid: the booking stands as it was."""
    async with services.database.transaction() as tx:
        here, mine = await booking_here(request, tx, services, membership_id, booking_id)
        await here.desk.counter.note(tx, "booking.stop_change", "booking", booking_id)
    return see_other(await let_go(services, mine))


async def ways_here(tx: Executor, here: AtCounter, booking_id: UUID, typed: Mapping[str, str]) -> Ways:
    """How a difference is paid here: at the till of the clerk, where they work at one for the organiser."""
    booking = await read_booking(tx, here.desk.region.id, booking_id)
    lines = booking.lines if booking else []
    changed = next((each for each in lines if str(each.session_id) == typed.get("sessie")), lines[0])
    till = await find_own_till(tx, here, changed.seller_id)
    return Ways(
        till=TillForChange(till, here.desk.counter, here.staff_id) if till else None, staff_id=here.staff_id
    )


DESK: Final = (
    *(show_all, show_booking, print_booking, mail_tickets, ask_once, give_up),
    *(ask_change, change, stop_change),
)

ROUTES: list[ControllerRouterHandler] = [Router(ADDRESS, route_handlers=DESK, include_in_schema=False)]
