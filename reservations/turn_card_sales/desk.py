"""The cards of turns for an activity: what its organiser sells, and how many turns are still to come."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import desk_here
from reservations.turn_card.errors import TurnCardUnknown
from reservations.turn_card_sales.form import TurnCardForm, field_of, first_form, labels
from reservations.turn_card_sales.making import (
    MOST_OTHERS,
    make_turn_card,
    read_made,
    read_others,
    stop_selling,
)
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here
from uit.web.form import Errors
from uit.web.view import form_status, page, see_other

GivenServices = NamedDependency[BookingServices]
CARDS: Final = "/{event_id:uuid}/beurtenkaarten"
CARD: Final = f"{CARDS}/{{turn_card_id:uuid}}"


def notice_after(act: str) -> str | None:
    return {
        "bewaard": _("De kaart is te koop, op de pagina van de activiteit."),
        "gestopt": _("De kaart is niet meer te koop. Wie er een heeft, houdt ze."),
    }.get(act)


@get(CARDS, opt=OWN)
async def show_cards(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        made = await read_made(connection, desk.region.id, event_id, now)
    facts |= {"cards": made, "now": now, "new_id": services.ids.new(), "flash": notice_after(gedaan)}
    return page("reservations/turn_card_sales/cards.html", **facts)


@get(CARD, opt=OWN)
async def new_card(
    request: StaffRequest, event_id: FromPath[UUID], turn_card_id: FromPath[UUID], services: GivenServices
) -> Template:
    """The form of a new card. One that is sold is not changed: what was sold was promised."""
    desk, now = await desk_here(request), services.clock.now()
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
        others = await read_others(connection, *desk.organiser_key, event_id, now, MOST_OTHERS)
    form = first_form(turn_card_id, facts["activity"].name, day_in_flanders(now), others)
    return card_page(facts, form)


@post(CARD, opt=OWN)
async def make(
    request: StaffRequest,
    event_id: FromPath[UUID],
    turn_card_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: GivenServices,
) -> Template | Redirect:
    """Sent twice, it is one card."""
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await activity_facts(tx, desk, event_id)
        if not facts["activity"].published:
            raise RefusalError(NotFound())
        others = await read_others(tx, *desk.organiser_key, event_id, author.now, MOST_OTHERS)
        form = TurnCardForm(turn_card_id, data, others)
        wanted = form.read(day_in_flanders(author.now))
        if isinstance(wanted, dict):
            return card_page(facts, form, errors=wanted)
        refusal = await make_turn_card(tx, author, desk.organiser_id, facts["activity"], wanted)
    if refusal:
        return card_page(facts, form, refusal)
    return see_other(f"{facts['this']}/beurtenkaarten?gedaan=bewaard")


@post(f"{CARD}/stoppen", opt=OWN)
async def stop(
    request: StaffRequest, event_id: FromPath[UUID], turn_card_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        facts = await activity_facts(tx, desk, event_id)
        made = await read_made(tx, desk.region.id, event_id, author.now)
        if turn_card_id not in {each.session_id for each in made}:
            raise RefusalError(TurnCardUnknown(turn_card_id))
        await stop_selling(tx, author, desk.organiser_id, turn_card_id)
    return see_other(f"{facts['this']}/beurtenkaarten?gedaan=gestopt")


def card_page(
    facts: dict[str, Any], form: TurnCardForm, refusal: Refusal | None = None, errors: Errors | None = None
) -> Template:
    status = form_status(refusal, errors)
    names = {"field_of": field_of, "labels": labels()}
    return page(
        "reservations/turn_card_sales/card.html", status, **facts, **names,
        typed=form, errors=errors or {}, refusal=refusal,
    )  # fmt: skip


DESK: Final = (show_cards, new_card, make, stop)

ROUTES: list[ControllerRouterHandler] = [Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False)]
