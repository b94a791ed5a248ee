"""The page of a basket: activities of several organisers, booked and paid one after the other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from reservations.basket.contents import Contents, as_command, read_contents
from reservations.basket.courses import CoursesInBasket, read_courses_in
from reservations.basket.form import EMPTY, STEP, BasketForm, encode_lines, read_basket_form
from reservations.basket.left import left_after, read_left
from reservations.basket.owner import (
    BasketOwner,
    chosen_places,
    is_for_guest,
    kept,
    owner_here,
    owner_of_basket,
)
from reservations.booking.answers import Booked, as_refusal
from reservations.booking.commands import Book
from reservations.booking.contact import read_contact
from reservations.booking.facts import Booking
from reservations.booking.price_code import CODES_FROM_ADDRESS, code_digest, code_limit
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit, own_address, with_fields
from reservations.catalogue.agenda import read_cards
from reservations.errors import BasketFull, SessionUnknown
from reservations.guest.browser import bound_to_browser
from reservations.guest.limit import guest_limit
from reservations.kept_basket import (
    MOST_LINES,
    SECONDS_KEPT,
    KeptBasket,
    basket_name,
    seal_kept_basket,
)
from reservations.order.course_order import read_course_order
from reservations.order.form import errors_shown, read_counts
from reservations.order.had import without_hint
from reservations.order.hold_limit import hold_limit
from reservations.order.offer import read_course_offer, read_offer
from reservations.order.who_comes import WHO, comers, ticked
from reservations.payment.opening import open_payment
from reservations.payment.way_back import way_back
from uit.core.errors import Refusal, RefusalError, TooOften
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import ANYBODY, AnyRequest
from uit.web.address import client_address
from uit.web.cookie import Cookie, build_cookie
from uit.web.origin import WITHOUT_TOKEN, refuse_other_origin
from uit.web.public import BUDGETED
from uit.web.view import see_other


@get("/{region:str}/mandje", opt=ANYBODY)
async def show(request: AnyRequest, services: NamedDependency[BookingServices]) -> Template:
    """What is in the basket, as the bookings that it becomes, with what each costs. Nothing is held."""
    async with open_visit(request, services) as (here, tx):
        basket = await read_left(services, tx, kept(services, here))
        return await basket_page(services, tx, here, basket, {})


@post("/{region:str}/mandje/{session_id:uuid}", opt={**ANYBODY, **WITHOUT_TOKEN, **BUDGETED})
async def put_in(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    session_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Redirect | Template:
    """Put places of a session in the basket, in the place of what it had of that. Holds nothing.

    Its button stands on pages that are the same for every stranger, so it carries no token.

    Without numbers it is one place, or what was in it before.
    """
    refuse_other_origin(request)
    who, chosen = data.get(WHO, ""), ticked(data)
    place, code = client_address(request), data.get("code", "")
    if too_often := await code_limit(services.limiter, CODES_FROM_ADDRESS, place, code):
        raise RefusalError(too_often)
    async with open_visit(request, services) as (here, tx):
        basket = await read_left(services, tx, kept(services, here, data))
        own_id, now = here.member.id if here.member else None, services.clock.now()
        others = (await owner_here(tx, here, now)).others if who and here.person_id else []
        found = comers(own_id, others, who)
        course = await read_course_order(tx, here.region.id, session_id, data, now, language=here.language)
        rest = basket.without(
            course.course.id if course else session_id,
            {each.membership_id if each.helped else None for each in found} or {None},
        )
        if rest != basket.lines and not any(name.startswith("plaatsen-") for name in data):
            return in_basket(services, here, basket)
        if not await read_cards(tx, here.region.id, [session_id], here.member, now, language=here.language):
            raise RefusalError(SessionUnknown(session_id))
        if course:
            offer = await read_course_offer(tx, here.region.id, found, course, session_id)
        else:
            offer = await read_offer(tx, here.region.id, found, session_id)
        form, added = read_counts(data, offer.choices), []
        if not form.errors and not (course and not course.chosen):
            typed = code_digest(services.secrets.signing, here.region.id, form.code)
            added = chosen_places(session_id, found, offer.choices, form, typed, course=course)
        if not added or (chosen is not None and {*chosen.split(",")} != {each.value for each in found}):
            again = here.address("sessies", session_id, "boeken", services.ids.new())
            fields = {WHO: who if chosen is None else chosen, **form.counts}
            return see_other(with_fields(again, fields | (course.asked_again if course else {})))
        if len(rest) + len(added) > MOST_LINES:
            return await basket_page(services, tx, here, basket, {}, BasketFull(MOST_LINES))
        courses = await read_courses_in(tx, here.region.id, (*rest, *added))
        if too_many := courses.refuse_too_many((*rest, *added), added[0], now):
            return await basket_page(services, tx, here, basket, {}, too_many)
    return in_basket(services, here, replace(basket, lines=(*rest, *added)))


@post("/{region:str}/mandje", opt=ANYBODY, status_code=200)
async def change(
    request: AnyRequest,
    services: NamedDependency[BookingServices],
    data: URLEncodedBody[dict[str, str]],
) -> Template | Redirect:
    """Change numbers, take lines out, empty it, or book the first booking that it becomes."""
    now = services.clock.now()
    async with open_visit(request, services) as (here, tx):
        basket = kept(services, here, data)
        owner = await owner_of_basket(tx, here, basket, now)
        courses = await read_courses_in(tx, here.region.id, basket.lines)
    if data.get(STEP) == EMPTY:
        return in_basket(services, here, replace(basket, lines=(), previous_id=None))
    form = read_basket_form(data, basket, guest=is_for_guest(here, basket))
    basket = replace(basket, lines=form.lines)
    if not form.is_booking or form.errors or form.seen is None or not form.is_as_shown:
        return await page_again(services, here, basket, form)
    command = bound_to_browser(command_of(services, here, owner, basket, form, courses), request)
    too_often = await limit_of(request, services, here, command)
    if too_often:
        async with services.database.reading() as tx:
            return await basket_page(services, tx, here, basket, form, too_often)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Booked):
        return await booked_response(services, here, basket, answer.booking, courses)
    async with services.database.reading() as tx:
        refusal = await without_hint(tx, here.region.id, owner.others, as_refusal(answer))
    return await page_again(services, here, basket, form, refusal)


async def page_again(
    services: BookingServices,
    here: Visit,
    basket: KeptBasket,
    form: BasketForm,
    refusal: Refusal | None = None,
) -> Template:
    """The page after something was asked of it, without what was booked meanwhile."""
    async with services.database.reading() as tx:
        left = await read_left(services, tx, basket)
        return await basket_page(services, tx, here, left, form, refusal)


def command_of(  # noqa: PLR0913, PLR0917  who books what of a basket, as it was shown
    services: BookingServices,
    here: Visit,
    owner: BasketOwner,
    basket: KeptBasket,
    form: BasketForm,
    courses: CoursesInBasket,
) -> Book:
    """The booking as it was shown: a repeat of the same form books nothing twice."""
    assert form.seen is not None
    booking_id, way = form.booking_id or basket.booking_id, form.pay_with
    guest = is_for_guest(here, basket)
    return replace(
        as_command(
            here.region.id, owner, booking_id, basket.with_codes(form.shown), courses, services.clock.now()
        ),
        price_seen_cents=form.seen.price_cents,
        remaining_seen_cents=form.seen.remaining_by(way),
        pay_with=way,
        payment_id=services.ids.new(),
        return_url=None if guest else here.address("boekingen", booking_id),
        guest=form.guest if guest else None,
    )


async def limit_of(
    request: AnyRequest, services: BookingServices, here: Visit, command: Book
) -> TooOften | None:
    """Whether a guest books, or a member holds places, too often."""
    if command.guest or here.person_id is None:
        return await guest_limit(services, request, command)
    return await hold_limit(services, here.person_id, command)


async def booked_response(
    services: BookingServices,
    here: Visit,
    basket: KeptBasket,
    booking: Booking,
    courses: CoursesInBasket,
) -> Redirect:
    """On to the payment page where there is one, else to the booking; what is left stays in the basket."""
    booking = await open_payment(services, booking)
    guest = is_for_guest(here, basket)
    payment, own = booking.open_payment, own_of(services, here, booking.id, guest=guest)
    answer = see_other(payment.url if payment and payment.url else own)
    answer.cookies.append(basket_cookie(services, left_after(services, basket, booking, courses)))
    if guest:
        answer.cookies.append(way_back(here.region.slug, own, secure=services.settings.secure))
    return answer


def own_of(services: BookingServices, here: Visit, booking_id: UUID, *, guest: bool) -> str:
    """Where who booked finds the booking."""
    return own_address(services, here, booking_id) if guest else here.address("boekingen", booking_id)


def in_basket(services: BookingServices, here: Visit, basket: KeptBasket) -> Redirect:
    answer = see_other(here.address("mandje"))
    answer.cookies.append(basket_cookie(services, basket))
    return answer


def basket_cookie(services: BookingServices, basket: KeptBasket) -> Cookie:
    """What the browser keeps of it; an empty one goes."""
    value, seconds = seal_kept_basket(services.secrets.signing, basket), SECONDS_KEPT
    if not basket.lines:
        value, seconds = "", 0
    return build_cookie(basket_name(basket.region_id), value, seconds, services.settings)


async def basket_page(  # noqa: PLR0913, PLR0917  who looks, at what, with what was typed and refused
    services: BookingServices,
    tx: Executor,
    here: Visit,
    basket: KeptBasket,
    form: BasketForm | Mapping[str, str],
    refusal: Refusal | None = None,
) -> Template:
    """The page, with what was typed. `refusal`: why the booking was not made; it sets the status."""
    contents = await contents_here(tx, here, basket, services.clock.now())
    order = [line.chosen for line in contents.lines]
    filled = form if isinstance(form, BasketForm) else BasketForm(form, basket.lines, {})
    first = contents.bookings[0] if contents.bookings else None
    own = own_address(services, here, basket.previous_id) if basket.previous_id else None
    facts: dict[str, Any] = {
        "first": first,
        "shown": encode_lines(first.chosen) if first else "",
        "way": first.total.way_for(filled.pay_with) if first else None,
        "typed": await typed_by(tx, here, basket, filled),
        "labels": labels_of(contents),
        "previous": own,
        "is_guest": is_for_guest(here, basket),
        "action": here.address("mandje"),
        "now": services.clock.now(),
        "asks_again": filled.is_booking and not filled.errors and not refusal,
    }
    status = refusal.status if refusal else 422 if filled.errors else 200
    here = replace(here, basket=basket)
    answer = here.page(
        "basket/basket",
        status,
        basket=basket,
        contents=contents,
        errors=errors_shown(filled.errors, asks_who=first is not None),
        refusal=refusal,
        **facts,
    )
    answer.cookies.append(basket_cookie(services, replace(basket, lines=tuple(order))))
    return answer


async def contents_here(tx: Executor, here: Visit, basket: KeptBasket, now: datetime) -> Contents:
    if not basket.lines:
        return Contents([], [])
    return await read_contents(
        tx, basket, await owner_of_basket(tx, here, basket, now), now, language=here.language
    )


async def typed_by(tx: Executor, here: Visit, basket: KeptBasket, form: BasketForm) -> Mapping[str, str]:
    """What was typed; a guest who booked the one before need not say again who they are."""
    if here.member or "naam" in form.typed:
        return form.typed
    if basket.name or basket.email or basket.previous_id is None:
        return {**form.typed, "naam": basket.name, "email": basket.email}
    contact = await read_contact(tx, here.region.id, basket.previous_id)
    return {**form.typed, "naam": contact.name, "email": contact.email} if contact else form.typed


def labels_of(contents: Contents) -> dict[str, str]:
    """The labels of the fields of the form."""
    own = {line.field: f"{line.name}, {line.label}" for line in contents.lines}
    return own | {"naam": _("Je naam"), "email": _("Je e-mailadres")}


PAGES: Final = (show, put_in, change)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
