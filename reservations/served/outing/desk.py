"""What a partner books for somebody, and gives back."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.acting import as_helped
from reservations.booking.answers import Booked, Ended, as_refusal
from reservations.booking.giving_up import givable, read_facts
from reservations.booking.member import read_member
from reservations.booking.services import BookingServices
from reservations.booking.tickets import cancel_until, number_of, outings_seen
from reservations.booking.to_pay import read_to_pay
from reservations.booking.visit import next_page
from reservations.catalogue.agenda import read_cards
from reservations.cursor import read_cursor
from reservations.errors import BookingUnknown
from reservations.groups.bookings import HOW_MANY, dates_on_sale, give_up_command, offered
from reservations.groups.order import SEEN, HowManyForm, PartnerOrder, read_how_many, read_member_order
from reservations.groups.partner_desk import GROUP_WORKER, SOCIAL_WORKER
from reservations.order.had import without_hint
from reservations.served.open_served import OpenServed, open_served
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, staff
from uit.web.form import Errors, required_id
from uit.web.view import UNPROCESSABLE, see_other

PARTNERS: Final = staff(GROUP_WORKER, SOCIAL_WORKER)
LONGEST_SEARCH: Final = 60
GivenServices = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


@get("/{membership_id:uuid}/boeken", opt=PARTNERS)
async def choose_date(
    request: StaffRequest,
    services: GivenServices,
    zoek: FromQuery[str] = "",
    na: FromQuery[str] = "",
) -> Template:
    text = one_line(zoek)[:LONGEST_SEARCH]
    async with services.database.reading() as tx:
        here = await open_served(request, tx)
        region_id, now = here.desk.region.id, here.desk.author.now
        ids, more = await dates_on_sale(tx, region_id, text, now, read_cursor(na))
        cards = await read_cards(tx, region_id, ids, None, now, language=DUTCH)
    begin = here.address("boeken")
    return here.desk.page(
        "groups/dates",
        who=here.served.given_name,
        back=here.address(),
        text=text,
        dates=[(card, f"{begin}/{card.session.id}/{services.ids.new()}") for card in cards],
        first=begin if na else None,
        next=next_page(begin, {"zoek": text}, more),
    )


async def order_here(
    request: StaffRequest, tx: Executor, session_id: UUID, booking_id: UUID
) -> tuple[OpenServed, PartnerOrder]:
    """Raises NotFound for somebody for whom this partner may not book, or who is no member any more."""
    here = await open_served(request, tx)
    region_id, served = here.desk.region.id, here.served
    member = await read_member(tx, region_id, served.person_id)
    if member is None or not served.powers.book:
        raise RefusalError(NotFound())
    by, now = served.by(here.desk.staff_id), here.desk.author.now
    key = by, [served.given], member, session_id, booking_id
    return here, await read_member_order(tx, region_id, *key, now)


@get("/{membership_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=PARTNERS)
async def fill_in(
    request: StaffRequest,
    services: GivenServices,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
) -> Template:
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    return order_page(here, order, HowManyForm({}, {}, {}))


def order_page(
    here: OpenServed, order: PartnerOrder, form: HowManyForm, refusal: Refusal | None = None
) -> Template:
    total = None if form.errors else order.total(form.places, here.desk.author.now)
    return here.desk.page(
        "groups/order",
        refusal.status if refusal else UNPROCESSABLE if form.errors else 200,
        who=here.served.given_name,
        back=here.address("boeken"),
        order=order,
        form=form,
        total=total,
        action=here.address("boeken", order.session.id, order.booking_id),
        errors=form.errors,
        refusal=refusal or (total.refusal if total else None),
        labels=order.labels,
    )


@post("/{membership_id:uuid}/boeken/{session_id:uuid}/{booking_id:uuid}", opt=PARTNERS)
async def book(
    request: StaffRequest,
    services: GivenServices,
    session_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    data: Typed,
) -> Template | Redirect:
    """Show what it comes to, and book once that was shown."""
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
    form = read_how_many(data, order.choices)
    total = None if form.errors else order.total(form.places, here.desk.author.now)
    if total is None or not form.is_booking or data.get(SEEN) != total.seen:
        return order_page(here, order, form)
    command = total.bound(order.command(form.places), services.ids.new())
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return see_other(here.address("boekingen", booking_id))
    async with services.database.reading() as tx:
        here, order = await order_here(request, tx, session_id, booking_id)
        helped = as_helped([here.served.given], here.desk.author.today)
        refusal = await without_hint(tx, here.desk.region.id, [helped], as_refusal(answer))
    return order_page(here, order, form, refusal)


@get("/{membership_id:uuid}/boekingen/{booking_id:uuid}", opt=PARTNERS)
async def show_booking(
    request: StaffRequest, services: GivenServices, booking_id: FromPath[UUID]
) -> Template:
    """What was booked, and giving some back. Its tickets are with the member, and on their pass."""
    async with services.database.reading() as tx:
        return await booking_page(tx, services, await open_served(request, tx), booking_id, {})


async def booking_page(  # noqa: PLR0913  whose booking, and what was typed there
    tx: Executor,
    services: BookingServices,
    here: OpenServed,
    booking_id: UUID,
    typed: Mapping[str, str],
    *,
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> Template:
    region_id, now, by = here.desk.region.id, here.desk.author.now, here.served.by(here.desk.staff_id)
    facts = await read_facts(tx, region_id, booking_id)
    outings = await outings_seen(tx, region_id, [booking_id], None)
    if not facts.bookings or not outings or facts.bookings[0].by != by.as_stored():
        raise RefusalError(BookingUnknown(booking_id))
    gives = givable(facts, by, now)
    return here.desk.page(
        "served/outing/booking",
        refusal.status if refusal else UNPROCESSABLE if errors else 200,
        served=here.served,
        back=here.address(),
        booking=facts.bookings[0],
        number=number_of(booking_id),
        outing=outings[0],
        givable=gives,
        offered=offered(gives),
        cancel_until=cancel_until(outings),
        cancellation_id=services.ids.new(),
        address=here.address("boekingen", booking_id),
        typed=typed,
        errors=errors or {},
        refusal=refusal,
        labels={HOW_MANY: _("Hoeveel plaatsen geef je terug?")},
        **await read_to_pay(tx, facts.bookings[0], now),
    )


@post("/{membership_id:uuid}/boekingen/{booking_id:uuid}/annuleren", opt=PARTNERS)
async def give_back(
    request: StaffRequest,
    services: GivenServices,
    booking_id: FromPath[UUID],
    data: Typed,
) -> Template | Redirect:
    cancellation_id = required_id(data, "cancellation_id")
    async with services.database.reading() as tx:
        here = await open_served(request, tx)
        by = here.served.by(here.desk.staff_id)
        command = give_up_command(here.desk.region.id, booking_id, by, cancellation_id, data)
        if isinstance(command, dict):
            return await booking_page(tx, services, here, booking_id, data, errors=command)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return see_other(here.address("boekingen", booking_id))
    async with services.database.reading() as tx:
        return await booking_page(tx, services, here, booking_id, data, refusal=as_refusal(answer))


DESK: Final = (choose_date, fill_in, book, show_booking, give_back)

ROUTES: list[ControllerRouterHandler] = [
    Router("/{region:str}/partners/{partner_id:uuid}/mensen", route_handlers=DESK, include_in_schema=False)
]
