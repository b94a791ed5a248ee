"""The page on which somebody types a code, from a text message or on paper, and is in."""

from typing import Annotated, Final

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.translation import gettext as _
from uit.identity.authentication import ANYBODY, AnyRequest, browser_of, sign_in_response
from uit.identity.errors import CodeUsed, ProofNeeded
from uit.identity.one_time_code import one_time_code
from uit.identity.sign_in import session
from uit.identity.sign_in.proof import BITS, challenge_for, is_proven
from uit.identity.sign_in.return_path import local_path
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address
from uit.web.view import form_again, page, see_other

TRIES_PER_ADDRESS: Final = Limit("one-time codes from place", 30, 900)
PAGE: Final = "identity/one_time_code/code.html"
PROVED_FOR: Final = "one_time_code"
Wanted = Annotated[str, QueryParameter(name="next")]


class TypedCodeForm(Struct, frozen=True):
    """`shared`: whether others use this computer too. `next`: the page to go to."""

    code: str = ""
    shared: str = ""
    proof: str = ""
    wanted: str = msgspec.field(name="next", default="/")


@get("/aanmelden/met-code", opt=ANYBODY, include_in_schema=False)
async def ask_code(wanted: Wanted = "/") -> Template:
    return page(PAGE, wanted=local_path(wanted), shared=True)


@get("/code", opt=ANYBODY, include_in_schema=False)
async def lead_to_code() -> Redirect:
    """The short address that stands on paper."""
    return see_other("/aanmelden/met-code")


@post("/aanmelden/met-code", opt=ANYBODY, include_in_schema=False)
async def sign_in_by_code(
    request: AnyRequest, data: URLEncodedBody[TypedCodeForm], services: NamedDependency[Services]
) -> Template | Redirect:
    """Sign in by a code, once. On a computer of many the session is short, and the browser stays unknown."""
    facts = {"wanted": local_path(data.wanted), "shared": bool(data.shared)}
    code = one_time_code.read_code(data.code)
    if code is None:
        errors = {"code": _("Een code heeft 8 of 10 letters en cijfers, zoals ABCD-2345.")}
        return page(PAGE, 422, **facts, errors=errors)
    if refusal := await limit_tries(request, services, data.proof):
        challenge = challenge_for(services.secrets, services.clock.now(), PROVED_FOR, client_address(request))
        return form_again(PAGE, refusal, **facts, challenge=challenge, bits=BITS)
    now, browser = services.clock.now(), browser_of(request)
    async with services.database.transaction() as tx:
        used = await one_time_code.use(tx, code, now)
        if used is None or used.person_id is None:
            return form_again(PAGE, CodeUsed(), **facts)
        if data.shared:
            opened = await session.open_on_shared(tx, used.person_id, now)
        else:
            opened = await session.open_for_person(tx, used.person_id, now, browser)
    wanted = local_path(data.wanted) if data.wanted != "/" else used.wanted
    return await sign_in_response(request, opened, local_path(wanted), None if data.shared else browser)


async def limit_tries(request: AnyRequest, services: Services, proof: str) -> ProofNeeded | None:
    """Count a try by where it is made. Above the limit a browser does a proof of work, as for links."""
    place, now = client_address(request), services.clock.now()
    above = await services.limiter.count(TRIES_PER_ADDRESS, place)
    whom = PROVED_FOR, place
    if above is None or await is_proven(services.limiter, services.secrets, now, proof, *whom):
        return None
    return ProofNeeded(above.retry_after_seconds)


ROUTES: list[ControllerRouterHandler] = [lead_to_code, ask_code, sign_in_by_code]
