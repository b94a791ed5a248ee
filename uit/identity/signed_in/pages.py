"""*Mijn toestellen*: where a resident is signed in, to sign out one by one or everywhere."""

from typing import Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.identity.authentication import RESIDENT, ResidentRequest, authenticator_of, open_page
from uit.identity.signed_in.signed_in import read_signed_in, sign_out_one
from uit.identity.visitor import FLANDERS
from uit.services.audit import Author
from uit.services.services import Services
from uit.web.form import read_hex
from uit.web.view import see_other

HOME: Final = "/mijn/toestellen"


class EndSessionForm(Struct, frozen=True):
    """A session, by its digest."""

    session: str = ""


@get(HOME, opt=RESIDENT, include_in_schema=False)
async def show_signed_in(
    request: ResidentRequest, services: NamedDependency[Services], gedaan: FromQuery[str] = ""
) -> Template:
    async with services.database.reading() as connection:
        sessions = await read_signed_in(connection, request.user.person_id, services.clock.now())
    flash = _("Dat toestel is afgemeld.") if gedaan else None
    return await open_page(
        request,
        "identity/signed_in/signed_in.html",
        sessions=sessions,
        here_now=request.user.session,
        flash=flash,
    )


@post(f"{HOME}/beeindigen", opt=RESIDENT, include_in_schema=False)
async def end_one(
    request: ResidentRequest,
    data: URLEncodedBody[EndSessionForm],
    services: NamedDependency[Services],
    regio: FromQuery[str] = "",
) -> Redirect:
    """Sign out one browser, at once. Raises NotFound for one that is not theirs, or over."""
    named, person_id, now = read_hex(data.session), request.user.person_id, services.clock.now()
    async with services.database.transaction() as tx:
        if not await sign_out_one(tx, person_id, named, now):
            raise RefusalError(NotFound())
        author = Author(FLANDERS, "person", str(person_id), now, services.ids)
        await author.note(tx, "session.end", "person", person_id)
    await authenticator_of(request).forget(named)
    region = await services.regions.by_slug(regio)
    return see_other(f"{HOME}?gedaan=1" + (f"&regio={region.slug}" if region else ""))


ROUTES: list[ControllerRouterHandler] = [show_signed_in, end_one]
