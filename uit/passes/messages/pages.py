"""What somebody is told and how, as they choose it themselves."""

from collections.abc import Sequence

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.translation import gettext as _
from uit.identity.authentication import RESIDENT, ResidentRequest
from uit.identity.message.kind import kind_words
from uit.passes.membership.own_page import OwnPage, open_own, own_page_here
from uit.passes.messages.choices import rows_of, save
from uit.passes.messages.form import KindRow, as_typed, errors_of
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, see_other

Given = NamedDependency[Services]


@get("/{region:str}/mijn-gegevens/berichten", opt=RESIDENT, include_in_schema=False)
async def show_own_messages(
    request: ResidentRequest, services: Given, gedaan: FromQuery[str] = ""
) -> Template:
    own = await own_page_here(request)
    async with services.database.reading() as connection:
        await open_own(connection, own)
        rows = await rows_of(connection, own.person_id, texts=services.texter is not None)
    flash = {"bewaard": _("Je keuze is bewaard."), "niets": _("Er is niets veranderd.")}.get(gedaan)
    return messages_page(own, rows, {}, flash)


@post("/{region:str}/mijn-gegevens/berichten", opt=RESIDENT, include_in_schema=False)
async def choose_own_messages(
    request: ResidentRequest, data: URLEncodedBody[dict[str, str]], services: Given
) -> Template | Redirect:
    own = await own_page_here(request)
    async with services.database.transaction() as tx:
        await open_own(tx, own)
        rows = await rows_of(tx, own.person_id, texts=services.texter is not None)
        if errors := errors_of(rows, data):
            return messages_page(own, as_typed(rows, data), errors)
        changed = await save(tx, own.author, own.person_id, rows, data)
    return see_other(own.address(f"berichten?gedaan={'bewaard' if changed else 'niets'}"))


def messages_page(
    own: OwnPage, rows: Sequence[KindRow], errors: Errors, flash: str | None = None
) -> Template:
    status = UNPROCESSABLE if errors else 200
    return own.page(
        "passes/messages/own.html", status, rows=rows, errors=errors, labels=kind_words(), flash=flash
    )


ROUTES: list[ControllerRouterHandler] = [show_own_messages, choose_own_messages]
