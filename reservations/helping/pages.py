"""*Wie helpt mij?* and *Wie help je?*: asking for help, agreeing, stopping, and what a helper sees."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.wallet.statement import read_credit
from reservations.booking.acting import helped_members
from reservations.booking.services import BookingServices
from reservations.booking.visit import Visit, open_visit
from reservations.helping.asking import agree, ask, asks_of, decline
from reservations.helping.form import labels, read_ask
from reservations.helping.helping import (
    MOST_SHOWN,
    outings_made_for,
    outings_of_helped,
    read_deeds,
    read_helpers,
)
from reservations.helping.telling import tell_stopped
from reservations.mandates.deeds import deeds_for
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import RESIDENT, ResidentRequest, region_here
from uit.identity.errors import TooYoung
from uit.identity.person.asked_help import Ask, read_asked, withdraw_ask
from uit.identity.person.consent import ENTRUSTS_FROM, too_young
from uit.identity.person.person import read_person
from uit.identity.person.powers import OWN_DISCREET_FROM, a_year_after, holds_on, is_private
from uit.identity.person.representation import revoke, share_titles, stop_helping
from uit.services.audit import Author
from uit.services.limit import Limit
from uit.web.form import Errors, required_id
from uit.web.view import see_other

ASKS: Final = Limit("help asked by person", 10, 86_400)
Given = NamedDependency[BookingServices]
Typed = URLEncodedBody[dict[str, str]]


def notice_after(done: str) -> str | None:
    """What the page says after an act."""
    return {
        "gevraagd": _("Je vraag is verstuurd. Die persoon mag pas iets voor je doen als die zelf ja zegt."),
        "gestopt": _("Dit is gestopt."),
        "gedeeld": _("Dit is bewaard."),
        "ja": _("Je helpt nu."),
        "nee": _("Je helpt niet. Wie het vroeg, krijgt daar geen bericht van."),
    }.get(done)


@get("/{region:str}/wie-helpt-mij", opt=RESIDENT)
async def show_helpers(request: ResidentRequest, services: Given, gedaan: FromQuery[str] = "") -> Template:
    """Who may do what for me, whom I asked, and what they did."""
    async with open_visit(request, services) as (here, tx):
        return await helpers_page(tx, services, here, gedaan)


@post("/{region:str}/wie-helpt-mij", opt=RESIDENT)
async def ask_help(request: ResidentRequest, services: Given, data: Typed) -> Template | Redirect:
    """Ask somebody, by an address or a number; the answer is the same whether we know them or not."""
    author = await author_of(request, services)
    asked = read_ask(data, required_id(data, "ask_id"), author.today)
    if not isinstance(asked, Ask):
        return await form_again(request, services, FilledIn(data, asked))
    if refusal := await too_young_to_ask(request, services, author):
        return await form_again(request, services, FilledIn(data, {}, refusal))
    too_often = await services.limiter.count(ASKS, author.actor_id)
    if too_often:
        return await form_again(request, services, FilledIn(data, {}, too_often))
    async with services.database.transaction() as tx:
        await ask(tx, author, request.user.person_id, asked)
    return see_other(address_of(request, "wie-helpt-mij?gedaan=gevraagd"))


async def too_young_to_ask(
    request: ResidentRequest, services: BookingServices, author: Author
) -> TooYoung | None:
    async with services.database.reading() as connection:
        person = await read_person(connection, request.user.person_id)
    return too_young(person.born_on if person else None, author.today, ENTRUSTS_FROM)


@post("/{region:str}/wie-helpt-mij/{given_id:uuid}/stoppen", opt=RESIDENT)
async def stop_helper(request: ResidentRequest, services: Given, given_id: FromPath[UUID]) -> Redirect:
    """End what a trusted person may do, at once, or take an ask back. A repeat changes nothing."""
    author, person_id = await author_of(request, services), request.user.person_id
    async with services.database.transaction() as tx:
        is_ended = await revoke(tx, given_id, person_id, author.now)
        if is_ended:
            await tell_stopped(tx, author, given_id)
        if is_ended or await withdraw_ask(tx, given_id, person_id):
            await author.note(tx, "help.stop", "person", person_id)
    return see_other(address_of(request, "wie-helpt-mij?gedaan=gestopt"))


@post("/{region:str}/wie-helpt-mij/{given_id:uuid}/delen", opt=RESIDENT)
async def share(request: ResidentRequest, services: Given, given_id: FromPath[UUID], data: Typed) -> Redirect:
    """Let a parent see where one goes, or no longer."""
    author, person_id = await author_of(request, services), request.user.person_id
    async with services.database.transaction() as tx:
        if not await share_titles(tx, given_id, person_id, shares=data.get("deel") == "ja"):
            raise RefusalError(NotFound())
        await author.note(tx, "help.share", "person", person_id)
    return see_other(address_of(request, "wie-helpt-mij?gedaan=gedeeld"))


@get("/{region:str}/wie-help-ik", opt=RESIDENT)
async def show_helped(request: ResidentRequest, services: Given, gedaan: FromQuery[str] = "") -> Template:
    """Whom I help, and who asks me to."""
    now, person_id = services.clock.now(), request.user.person_id
    async with open_visit(request, services) as (here, tx):
        region, today = here.region, day_in_flanders(now)
        helped = await helped_members(tx, region.id, person_id, today, region.own_outings_from)
        asks = await asks_of(tx, region.id, person_id, now)
    return here.page("helping/helped", helped=helped, asks=asks, flash=notice_after(gedaan))


@post("/{region:str}/wie-help-ik/vragen/{ask_id:uuid}", opt=RESIDENT)
async def answer_ask(
    request: ResidentRequest, services: Given, ask_id: FromPath[UUID], data: Typed
) -> Redirect:
    """Agree to help, or not."""
    author, person_id = await author_of(request, services), request.user.person_id
    agrees = data.get("antwoord") == "ja"
    async with services.database.transaction() as tx:
        if not await (agree if agrees else decline)(tx, author, person_id, ask_id):
            raise RefusalError(NotFound())
    return see_other(address_of(request, f"wie-help-ik?gedaan={'ja' if agrees else 'nee'}"))


@get("/{region:str}/wie-help-ik/{membership_id:uuid}", opt=RESIDENT)
async def show_one(request: ResidentRequest, services: Given, membership_id: FromPath[UUID]) -> Template:
    """What a helper sees of somebody, within their powers. Raises NotFound."""
    now, person_id = services.clock.now(), request.user.person_id
    async with open_visit(request, services) as (here, tx):
        region, today = here.region, day_in_flanders(now)
        found = await helped_members(tx, region.id, person_id, today, region.own_outings_from)
        helped = next((each for each in found if each.membership_id == membership_id), None)
        if helped is None:
            raise RefusalError(NotFound())
        credit = await read_credit(tx, helped.person_id, [region.id], now) if helped.powers.amounts else None
        mine = await outings_made_for(tx, region.id, person_id, membership_id)
        theirs = await outings_of_helped(tx, region.id, helped, now)
    return here.page("helping/one", one=helped, credit=credit, mine=mine, theirs=theirs)


@post("/{region:str}/wie-help-ik/{membership_id:uuid}/stoppen", opt=RESIDENT)
async def stop_myself(request: ResidentRequest, services: Given, membership_id: FromPath[UUID]) -> Redirect:
    """Stop helping somebody who asked for it; what a court or the law gave goes on."""
    author, person_id = await author_of(request, services), request.user.person_id
    async with open_visit(request, services) as (here, tx):
        region = here.region
        found = await helped_members(tx, region.id, person_id, author.today, region.own_outings_from)
    given = [each for one in found if one.membership_id == membership_id for each in one.given]
    async with services.database.transaction() as tx:
        for each in given:
            if await stop_helping(tx, each.id, person_id, author.now):
                await author.note(tx, "help.stop", "person", each.person_id)
    return see_other(address_of(request, "wie-help-ik?gedaan=gestopt"))


class FilledIn(Struct, frozen=True):
    """The form as it was sent, and what is wrong with it."""

    typed: Mapping[str, str]
    errors: Errors
    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        return self.refusal.status if self.refusal else 422


async def helpers_page(
    tx: Executor, services: BookingServices, here: Visit, done: str = "", form: FilledIn | None = None
) -> Template:
    """The page with the form, empty or as it was sent."""
    assert here.person_id
    now = services.clock.now()
    today = day_in_flanders(now)
    person = await read_person(tx, here.person_id)
    helpers = await read_helpers(tx, here.person_id)
    born_on = person.born_on if person else None
    facts: dict[str, Any] = {
        "helpers": [each for each in helpers if holds_on(today, each, born_on)],
        "asked": await read_asked(tx, here.person_id, now),
        "deeds": await read_deeds(tx, here.region.id, here.member.id, MOST_SHOWN) if here.member else [],
        "partner_deeds": await deeds_for(tx, here),
        "may_share": is_private(born_on, today, min(OWN_DISCREET_FROM, here.region.own_outings_from)),
        "hides_all": is_private(born_on, today, here.region.own_outings_from),
        "is_minor": too_young(born_on, today, ENTRUSTS_FROM) is not None,
        "labels": labels(),
        "typed": form.typed if form else {"tot": a_year_after(today).isoformat()},
        "errors": form.errors if form else {},
        "refusal": form.refusal if form else None,
        "ask_id": services.ids.new(),
        "flash": notice_after(done),
    }
    return here.page("helping/helpers", form.status if form else 200, **facts)


async def form_again(request: ResidentRequest, services: BookingServices, form: FilledIn) -> Template:
    async with open_visit(request, services) as (here, tx):
        return await helpers_page(tx, services, here, form=form)


async def author_of(request: ResidentRequest, services: BookingServices) -> Author:
    """Who does it, for the audit trail."""
    region, now = await region_here(request), services.clock.now()
    return Author(region.id, "person", str(request.user.person_id), now, services.ids)


def address_of(request: ResidentRequest, rest: str) -> str:
    return f"/{request.path_params['region']}/{rest}"


PAGES: Final = (
    show_helpers,
    ask_help,
    stop_helper,
    share,
    show_helped,
    answer_ask,
    show_one,
    stop_myself,
)

ROUTES: list[ControllerRouterHandler] = [Router("/", route_handlers=PAGES, include_in_schema=False)]
