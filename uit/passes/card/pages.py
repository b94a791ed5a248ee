"""The digital pass of a resident: name, number and QR code."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _
from uit.identity.authentication import RESIDENT, ResidentRequest, region_here
from uit.identity.person.person import read_person
from uit.passes.card.card import card_of, renew_token
from uit.passes.card.number import grouped
from uit.passes.card.paper import draw_code
from uit.passes.membership.membership import membership_of
from uit.services.services import Services
from uit.web.view import page, see_other


def notice_after(act: str) -> str | None:
    """What the page says after an act."""
    return {"vernieuwd": _("Je hebt een nieuwe code. Je oude code werkt niet meer.")}.get(act)


class RenewForm(Struct, frozen=True):
    """`token_version` is the one that the page showed, so that a form that is sent twice renews once."""

    token_version: int


@get("/{region:str}/mijn-pas", opt=RESIDENT, include_in_schema=False)
async def show_pass(
    request: ResidentRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    region, person_id = await region_here(request), request.user.person_id
    async with services.database.reading() as connection:
        membership = await membership_of(connection, region.id, person_id)
        card = await card_of(connection, region.id, membership.id) if membership else None
        person = await read_person(connection, person_id)
    facts: dict[str, Any] = {
        "region": region,
        "signed_in": True,
        "in_basket": services.in_basket(request.cookies, region.id, person_id),
        "person": person,
        "flash": notice_after(gedaan),
    }
    if membership is None or card is None:
        return page("passes/card/no_card.html", **facts)
    works = card.is_active and membership.is_active(day_in_flanders(services.clock.now()))
    code = draw_code(card.token(services.secrets.signing)) if works else None
    return page("passes/card/card.html", **facts, card=card, number=grouped(card.number), code=code)


@post("/{region:str}/mijn-pas/vernieuwen", opt=RESIDENT, include_in_schema=False)
async def renew_code(
    request: ResidentRequest, data: URLEncodedBody[RenewForm], services: NamedDependency[Services]
) -> Redirect:
    region = await region_here(request)
    async with services.database.transaction() as tx:
        membership = await membership_of(tx, region.id, request.user.person_id)
        card = await card_of(tx, region.id, membership.id) if membership else None
        if card is None or card.kind != "digital":
            return see_other(f"/{region.slug}/mijn-pas")
        if card.token_version == data.token_version:
            await renew_token(tx, card)
    return see_other(f"/{region.slug}/mijn-pas?gedaan=vernieuwd")


ROUTES: list[ControllerRouterHandler] = [show_pass, renew_code]
