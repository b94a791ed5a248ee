"""*Mijn gegevens*: what a region keeps of who is signed in, who looked at it, and a copy to take along."""

from typing import Final

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.own_data.asked_erasing import (
    TO_TAKE_BACK,
    ask_to_be_erased,
    signed_in_just_now,
    take_back,
    too_young_to_ask,
)
from reservations.own_data.erasing import read_open
from reservations.own_data.gathering import FILE_NAME, gather, read_looks
from reservations.own_data.words import who_looked, why_looked
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import RESIDENT, ResidentRequest
from uit.identity.person.change import history_of, read_details
from uit.identity.person.new_email import read_waiting_email
from uit.identity.visitor import Resident
from uit.passes.details.form import history_rows
from uit.passes.details.own_form import own_labels
from uit.passes.membership.erase_asked import read_asked_for
from uit.passes.membership.membership import read_town, read_towns
from uit.passes.membership.own_page import HOME, OwnPage, open_own, own_page_here
from uit.passes.registration.form import address_kinds, languages, ways
from uit.services.services import Services
from uit.web.view import see_other

MOST_CHANGES: Final = 10
MOST_LOOKS: Final = 20
Given = NamedDependency[Services]


def notice_after(act: str) -> str | None:
    """What the page says after an act."""
    return {
        "gewijzigd": _("Je gegevens zijn gewijzigd."),
        "niets": _("Er is niets veranderd."),
        "gevraagd": _("Je vraag is genoteerd."),
        "terug": _("We wissen niets. Alles blijft zoals het was."),
    }.get(act)


@get("/", opt=RESIDENT)
async def show_mine(request: ResidentRequest, services: Given, gedaan: FromQuery[str] = "") -> Template:
    """Who they are to us, what changed and who looked; the rest is a page each."""
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        membership = await open_own(connection, own)
        details = await read_details(connection, own.person_id)
        assert details is not None
        towns = {each.refnis: each.name for each in await read_towns(connection, own.region.id)}
        history = await history_of(connection, own.person_id, MOST_CHANGES)
        looks = await read_looks(connection, own.region.id, own.person_id, MOST_LOOKS, for_themselves=True)
        waiting = await read_waiting_email(connection, own.person_id, own.author.now)
        asked_for = await read_asked_for(connection, own.region.id, membership.id)
        town = await read_town(connection, membership.refnis or details.refnis)
    return own.page(
        "reservations/own_data/mine.html",
        details=details,
        waiting=waiting,
        asked_for=asked_for,
        town=town,
        spoken=languages().get(details.language, details.language),
        way=ways().get(details.reached_by or ""),
        kind=address_kinds().get(details.address_kind or ""),
        history=history_rows(history, towns, own_labels()),
        looks=looks,
        who_looked=who_looked,
        why_looked=why_looked,
        flash=notice_after(gedaan),
    )


@get("/alles", opt=RESIDENT)
async def show_all(request: ResidentRequest, services: Given) -> Template:
    """All that is kept, to read."""
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        kept = await gather(connection, await open_own(connection, own), for_themselves=True)
    return own.page("reservations/own_data/all.html", kept=kept, who_looked=who_looked, why_looked=why_looked)


@post("/bestand", opt=RESIDENT, status_code=200)
async def take_copy(request: ResidentRequest, services: Given) -> Response[bytes]:
    """The same as a file that a program can read; that it was taken stands in the trail."""
    own = await own_page_here(request)
    async with services.database.transaction() as tx:
        membership = await open_own(tx, own)
        await own.author.note(tx, "person.copy", "person", own.person_id)
        kept = await gather(tx, membership, for_themselves=True)
    content = msgspec.json.format(msgspec.json.encode(kept), indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
    return Response(content, status_code=200, media_type="application/json", headers=headers)


@get("/wissen", opt=RESIDENT)
async def show_erasing(request: ResidentRequest, services: Given, gedaan: FromQuery[str] = "") -> Template:
    """What erasing does and what stays; and, where it was asked, until when it can be taken back."""
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        return await erasing_page(connection, own, request.user, flash=notice_after(gedaan))


async def erasing_page(
    tx: Executor, own: OwnPage, resident: Resident, refusal: Refusal | None = None, flash: str | None = None
) -> Template:
    membership = await open_own(tx, own)
    return own.page(
        "reservations/own_data/erasing.html",
        refusal.status if refusal else 200,
        asked_for=await read_asked_for(tx, own.region.id, membership.id),
        open=await read_open(tx, own.region.id, membership.id, own.author.now),
        is_child=await too_young_to_ask(tx, own.person_id, own.author.today) is not None,
        is_fresh=await signed_in_just_now(tx, resident, own.author.now),
        would_erase_on=own.author.today + TO_TAKE_BACK,
        refusal=refusal,
        flash=flash,
    )


@post("/wissen", opt=RESIDENT)
async def ask_erasing(request: ResidentRequest, services: Given) -> Template | Redirect:
    """Ask to be erased, a week from now."""
    own = await own_page_here(request)
    async with services.database.transaction() as tx:
        answer = await ask_to_be_erased(tx, own.author, request.user, await open_own(tx, own))
        if isinstance(answer, Refusal):
            return await erasing_page(tx, own, request.user, answer)
    return see_other(own.address("wissen?gedaan=gevraagd"))


@post("/wissen/intrekken", opt=RESIDENT)
async def take_erasing_back(request: ResidentRequest, services: Given) -> Redirect:
    own = await own_page_here(request)
    async with services.database.transaction() as tx:
        await take_back(tx, own.author, await open_own(tx, own))
    return see_other(own.address("wissen?gedaan=terug"))


PAGES: Final = (show_mine, show_all, take_copy, show_erasing, ask_erasing, take_erasing_back)
ROUTES: list[ControllerRouterHandler] = [
    Router(f"/{{region:str}}/{HOME}", route_handlers=PAGES, include_in_schema=False)
]
