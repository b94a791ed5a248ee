"""At a till: taking tickets back, and saying what of their money goes back and how."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.till.books.receipt import Receipt, read_receipt, receipt_of_booking
from credits.till.till_desk import ADDRESS, TILL
from reservations.booking.answers import Answer, Ended, as_refusal
from reservations.booking.commands import GiveUp
from reservations.booking.decide import decide
from reservations.booking.giving_up import chosen_in, read_facts
from reservations.booking.services import BookingServices
from reservations.booking.tickets import number_of, outings_seen
from reservations.box_office.held import booking_of_number, booking_of_receipt_number, is_sold_by
from reservations.box_office.taking_back.handing_in import (
    WAIVER,
    hand_in,
    handed_in,
    read_waiver,
    waivers,
)
from reservations.box_office.till_page import (
    FindForm,
    OpenTill,
    note_found,
    open_till_here,
)
from reservations.errors import BookingUnknown, NumberUnknown, TooLate
from uit.core.errors import RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.web.form import form_id
from uit.web.view import UNPROCESSABLE, see_other

GivenServices = NamedDependency[BookingServices]


@get("/", opt=TILL)
async def show_finding(
    request: StaffRequest, till_session_id: FromPath[UUID], services: GivenServices
) -> Template:
    till = await open_till_here(request, services, till_session_id)
    return till.page("taking_back/find", number="")


@post("/", opt=TILL)
async def find_booking(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    data: URLEncodedBody[FindForm],
    services: GivenServices,
) -> Template | Redirect:
    """A booking by the number of its receipt, by its own, or by a ticket: its code or what is under it."""
    till, key, typed = (
        await open_till_here(request, services, till_session_id),
        services.secrets.signing,
        data.nummer,
    )
    async with services.database.reading() as connection:
        seller = till.region_id, till.session.seller_id
        organiser = till.region_id, till.organiser_id
        found = await booking_of_receipt_number(connection, *seller, typed) or await booking_of_number(
            connection, key, organiser, typed, till.desk.author.now
        )
    if found is None:
        refusal = NumberUnknown()
        return till.page("taking_back/find", refusal.status, number=typed, refusal=refusal)
    await note_found(services, till, found)
    return see_other(till.address("terugnemen", found))


@get("/{booking_id:uuid}", opt=TILL)
async def show_booking(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    services: GivenServices,
) -> Template:
    """The tickets that can be taken back, and what went back of the others."""
    till = await open_till_here(request, services, till_session_id)
    return till.page("taking_back/booking", **await booking_facts(services, till, booking_id))


async def booking_facts(services: BookingServices, till: OpenTill, booking_id: UUID) -> dict[str, Any]:
    async with services.database.reading() as connection:
        facts = await read_facts(connection, till.region_id, booking_id)
        outings = await outings_seen(connection, till.region_id, [booking_id], None)
        receipt = await receipt_here(connection, till, booking_id)
    booking = next(iter(facts.bookings), None)
    if booking is None or not is_sold_by(booking, till.organiser_id):
        raise RefusalError(BookingUnknown(booking_id))
    tickets = handed_in(facts, till.desk.worker.staff_id, services.clock.now())
    return {
        "number": number_of(booking_id),
        "outings": outings,
        "tickets": tickets,
        "may_change": bool(tickets) and not any(line.holder_id for line in booking.lines),
        "waivers": waivers() if any(each.needs_waiver for each in tickets) else [],
        "waiver": "",
        "ticked": frozenset(),
        "refunds": booking.refunds,
        "receipt": receipt,
        "labels": {each.by_waiver.field: _("Welke tickets neem je terug?") for each in tickets}
        | {WAIVER: _("Hoeveel gaat er terug?")},
        "cancellation_id": services.ids.new(),
        "action": till.address("terugnemen", booking_id),
    }


async def receipt_here(tx: Executor, till: OpenTill, booking_id: UUID) -> Receipt | None:
    """How the money of a booking came in at a till of this organiser; None when it did not."""
    receipt_id: UUID | None = await receipt_of_booking(tx, till.region_id, booking_id)
    return await read_receipt(tx, till.region_id, till.organiser_id, receipt_id) if receipt_id else None


@post("/{booking_id:uuid}", opt=TILL)
async def take_back(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """End the tickets that were handed in, by the rules of their organiser or by a waiver.

    Money that came in at a desk then waits under a code.
    """
    till = await open_till_here(request, services, till_session_id)
    facts = await booking_facts(services, till, booking_id)
    chosen = chosen_in(data)
    facts |= {"waiver": data.get(WAIVER, ""), "ticked": frozenset(data)}
    if not chosen:
        errors = {each.by_waiver.field: _("Kies minstens één ticket.") for each in facts["tickets"][:1]}
        return till.page("taking_back/booking", UNPROCESSABLE, **facts | {"errors": errors})
    act_id, waiver = form_id(data.get("cancellation_id", ""), services.ids), read_waiver(data)
    where, swaps = (till.region_id, booking_id), data.get("stap") == "ruil"
    command = hand_in(where, chosen, till.desk.worker.staff_id, waiver, act_id)
    answer = await (would_answer(services, command) if swaps else services.turnstile.answer(command))
    if isinstance(answer, Ended):
        return see_other(address_of_swap(till, command, waiver) if swaps else facts["action"])
    if isinstance(answer, TooLate):
        errors = {WAIVER: _("Dit is te laat volgens de voorwaarden. Mag het toch, kies dan waarom.")}
        return till.page("taking_back/booking", UNPROCESSABLE, **facts | {"errors": errors})
    refusal = as_refusal(answer)
    return till.page("taking_back/booking", refusal.status, **facts | {"refusal": refusal})


async def would_answer(services: BookingServices, command: GiveUp) -> Answer:
    """What would become of a command, of which nothing is written: a swap does so later, or not at all."""
    async with services.database.reading() as connection:
        facts = await read_facts(connection, command.region_id, command.booking_id)
    return decide(facts, [command], services.clock.now())[0]


def address_of_swap(till: OpenTill, command: GiveUp, waiver: str | None) -> str:
    """Where tickets are swapped: their numbers, and by which waiver, go on in the address."""
    numbers = " ".join(f"{each.line_no}.{no}" for each in command.chosen for no in each.ticket_nos)
    query = urlencode({"tickets": numbers, WAIVER: waiver or ""})
    return f"{till.address('ruilen', command.booking_id)}?{query}"


DESK: Final = (show_finding, find_booking, show_booking, take_back)

ROUTES: list[ControllerRouterHandler] = [
    Router(f"{ADDRESS}/{{till_session_id:uuid}}/terugnemen", route_handlers=DESK, include_in_schema=False)
]
