"""Pages for residents: signing in by a link or a code, signing out, and tokens for their own programs."""

from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import structlog
from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from uit.core.email_address import is_email
from uit.core.errors import NotFound, RefusalError
from uit.core.phone import read_phone, takes_texts
from uit.core.translation import gettext as _
from uit.identity.authentication import (
    ANYBODY,
    RESIDENT,
    AnyRequest,
    ResidentRequest,
    authenticator_of,
    browser_of,
    device_of,
    forgotten_choices,
    recognise,
    session_cookie,
    sign_in_response,
    sign_out,
)
from uit.identity.errors import LinkUsed, ProofNeeded
from uit.identity.one_time_code.one_time_code import make_for_phone
from uit.identity.person.person import read_person
from uit.identity.sign_in import link, session
from uit.identity.sign_in.device import is_known_to_person
from uit.identity.sign_in.example import open_key
from uit.identity.sign_in.mail import LINKS_PER_ADDRESS, sign_in_mail
from uit.identity.sign_in.proof import BITS, challenge_for, is_proven
from uit.identity.sign_in.return_path import local_path
from uit.identity.sign_in.token import create_holder_token, holder_tokens, revoke, token_of_form
from uit.identity.staff.staff import read_staff
from uit.identity.visitor import Resident, Staff
from uit.services.limit import Limit
from uit.services.services import Services
from uit.services.text_message import TextMessage
from uit.web.address import client_address
from uit.web.connection import services_of
from uit.web.form import read_hex
from uit.web.origin import WITHOUT_TOKEN, refuse_other_origin
from uit.web.view import form_again, page, render, see_other

PAGE: Final = "identity/sign_in/sign_in.html"
CODE_PAGE: Final = "identity/one_time_code/code.html"
LINKS_PER_DEVICE: Final = Limit("links of mailbox from device", 5, 900)

log = structlog.get_logger()

Wanted = Annotated[str, QueryParameter(name="next")]


class SignInForm(Struct, frozen=True):
    email: str = ""
    proof: str = ""
    wanted: str = msgspec.field(name="next", default="/")


class SignOutForm(Struct, frozen=True):
    """`next`: the page to go to as a resident, for staff who sign out for that."""

    wanted: str = msgspec.field(name="next", default="")


class MakeTokenForm(Struct, frozen=True):
    form_id: UUID


class RevokeTokenForm(Struct, frozen=True):
    token: str = ""


@get("/aanmelden", opt=ANYBODY, include_in_schema=False)
async def ask_address(
    request: AnyRequest, services: NamedDependency[Services], wanted: Wanted = "/"
) -> Template | Redirect:
    if isinstance(await recognise(request), Resident):
        return see_other(local_path(wanted))
    return page(PAGE, email="", wanted=local_path(wanted), texts=services.texter is not None)


@post("/aanmelden", opt=ANYBODY, include_in_schema=False, status_code=200)
async def send_link(
    request: AnyRequest, data: URLEncodedBody[SignInForm], services: NamedDependency[Services]
) -> Template:
    """Send a link, or a code, and show the same page for every address, known or not, in the same time.

    The address is looked up after the response. No redirect follows, so that the page can repeat the address.
    """
    wanted, texts = local_path(data.wanted), services.texter is not None
    facts = {"email": data.email, "wanted": wanted, "texts": texts}
    phone = read_phone(data.email) if texts else None
    address = phone or data.email.strip().lower()
    if fault := address_fault(address, phone, texts=texts):
        return page(PAGE, status=422, **facts, errors={"email": fault})
    at_once = await is_known(request, services, address)
    if not at_once and (refusal := await limit_links(request, services, address, data.proof)):
        challenge = challenge_for(services.secrets, services.clock.now(), address, client_address(request))
        return form_again(PAGE, refusal, **facts, challenge=challenge, bits=BITS)
    if phone:
        answer = page(CODE_PAGE, phone=phone, wanted=wanted, shared=False)
    else:
        answer = page("identity/sign_in/sign_in_sent.html", email=address)
    send = text_code if phone else mail_link
    answer.background = BackgroundTask(send, services, address, wanted, at_once=at_once)
    return answer


def address_fault(address: str, phone: str | None, *, texts: bool) -> str:
    """What is wrong with an address or number that nothing can be sent to; empty where nothing is."""
    if phone:
        return "" if takes_texts(phone) else _("Naar dit nummer gaat geen sms. Vul een gsm-nummer in.")
    if is_email(address):
        return ""
    if texts:
        return _(
            "Vul een e-mailadres in, zoals naam@voorbeeld.be, of een telefoonnummer, zoals 0470 12 34 56."
        )
    return _("Vul een e-mailadres in, zoals naam@voorbeeld.be.")


async def is_known(request: AnyRequest, services: Services, email: str) -> bool:
    """Whether the device is known to who has this address, and asked for few links lately."""
    device, now = device_of(request), services.clock.now()
    if device is None or await services.limiter.count(LINKS_PER_DEVICE, email, device.hex()):
        return False
    async with services.database.reading() as connection:
        return await is_known_to_person(connection, device, email, now)


async def limit_links(request: AnyRequest, services: Services, email: str, proof: str) -> ProofNeeded | None:
    """Count a link by where it is asked from. What is mailed to one mailbox is bounded by itself."""
    place, now = client_address(request), services.clock.now()
    above = await services.limiter.count(LINKS_PER_ADDRESS, place)
    if above is None or await is_proven(services.limiter, services.secrets, now, proof, email, place):
        return None
    return ProofNeeded(above.retry_after_seconds)


async def mail_link(services: Services, email: str, wanted: str, *, at_once: bool) -> None:
    async with services.database.transaction() as tx:
        token = await link.make_sign_in(tx, email, wanted, services.clock.now(), at_once=at_once)
    if token and await services.mailer.send(
        sign_in_mail(email, f"{services.settings.address}/aanmelden/{token}")
    ):
        log.warning("sign_in_mail_not_sent")


async def text_code(services: Services, phone: str, wanted: str, *, at_once: bool) -> None:
    async with services.database.transaction() as tx:
        code = await make_for_phone(tx, phone, wanted, services.clock.now(), at_once=at_once)
    if code and services.texter:
        words = render("identity/one_time_code/code.sms.txt", code=code).strip()
        if await services.texter.send(TextMessage(services.ids.new(), phone, words)):
            log.warning("sign_in_text_not_sent")


@get("/aanmelden/{token:str}", opt=ANYBODY, include_in_schema=False)
async def show_link(token: FromPath[str], services: NamedDependency[Services]) -> Template:
    """A page with one button, so that programs that open the links in a mail do not use them up."""
    async with services.database.reading() as connection:
        found = await link.read_usable(connection, token, "sign_in", services.clock.now())
    if found is None:
        return link_used(services)
    return page("identity/sign_in/sign_in_link.html", token=token)


@post("/aanmelden/{token:str}", opt=ANYBODY, include_in_schema=False)
async def sign_in(
    request: AnyRequest, token: FromPath[str], services: NamedDependency[Services]
) -> Template | Redirect:
    now, browser = services.clock.now(), browser_of(request)
    async with services.database.transaction() as tx:
        used, opened = await link.use(tx, token, "sign_in", now), None
        if used and used.person_id:
            opened = await session.open_for_person(tx, used.person_id, now, browser)
    if used is None or opened is None:
        return link_used(services)
    return await sign_in_response(request, opened, local_path(used.wanted), browser)


def link_used(services: Services) -> Template:
    return form_again(PAGE, LinkUsed(), email="", wanted="/", texts=services.texter is not None)


@post("/afmelden", opt={**ANYBODY, **WITHOUT_TOKEN}, include_in_schema=False)
async def end_session(request: AnyRequest, data: URLEncodedBody[SignOutForm]) -> Redirect:
    return await signed_out_response(request, everywhere=False, wanted=data.wanted)


@post("/afmelden/overal", opt={**ANYBODY, **WITHOUT_TOKEN}, include_in_schema=False)
async def end_all_sessions(request: AnyRequest) -> Redirect:
    return await signed_out_response(request, everywhere=True)


async def signed_out_response(request: AnyRequest, *, everywhere: bool, wanted: str = "") -> Redirect:
    """Sign out; the token of the page needs not be good any more, since who leaves must not stay."""
    refuse_other_origin(request)
    await sign_out(request, everywhere=everywhere)
    services = services_of(request)
    home = "/team/aanmelden" if isinstance(request.user, Staff) else "/"
    answer = see_other(f"/aanmelden?{urlencode({'next': local_path(wanted)})}" if wanted else home)
    answer.cookies += [session_cookie(services.settings, "", 0), *forgotten_choices(request)]
    return answer


@get("/voorbeeld/aanmelden/{key:str}", opt=ANYBODY, include_in_schema=False)
async def sign_in_example(
    request: AnyRequest, key: FromPath[str], services: NamedDependency[Services], wanted: Wanted = ""
) -> Redirect:
    """Sign in with one click, in the example only. Refused elsewhere: NotFound."""
    named = open_key(services.secrets, key) if services.settings.is_example else None
    if named is None:
        raise RefusalError(NotFound())
    kind, owner = named
    now, browser = services.clock.now(), browser_of(request)
    async with services.database.transaction() as tx:
        if await (read_person if kind == "person" else read_staff)(tx, owner) is None:
            raise RefusalError(NotFound())
        if kind == "person":
            opened = await session.open_for_person(tx, owner, now, browser)
        else:
            opened = await session.open_for_staff(tx, owner, now, browser)
    home = "/" if kind == "person" else "/team"
    return await sign_in_response(request, opened, local_path(wanted, home), browser)


@get("/mijn/toegang", opt=RESIDENT, include_in_schema=False)
async def show_access(
    request: ResidentRequest, services: NamedDependency[Services], gone: FromQuery[str] = ""
) -> Template:
    flash = _("De sleutel werkt niet meer.") if gone else None
    return await access_page(request.user, services, flash=flash)


@post("/mijn/toegang", opt=RESIDENT, include_in_schema=False, status_code=200)
async def make_access(
    request: ResidentRequest, data: URLEncodedBody[MakeTokenForm], services: NamedDependency[Services]
) -> Template:
    """Make a token and show it. No redirect follows, because no other page shows the token."""
    person_id = request.user.person_id
    token = token_of_form(services.secrets, person_id, data.form_id)
    async with services.database.transaction() as tx:
        await create_holder_token(tx, person_id, services.clock.now(), token)
    return await access_page(request.user, services, token=token)


@post("/mijn/toegang/intrekken", opt=RESIDENT, include_in_schema=False)
async def revoke_access(
    request: ResidentRequest, data: URLEncodedBody[RevokeTokenForm], services: NamedDependency[Services]
) -> Redirect:
    named = read_hex(data.token)
    async with services.database.transaction() as tx:
        ended = await revoke(tx, request.user.person_id, named, services.clock.now())
    if not ended:
        raise RefusalError(NotFound())
    await authenticator_of(request).forget(named, kind="bearer")
    return see_other("/mijn/toegang?gone=1")


async def access_page(
    resident: Resident, services: Services, token: str | None = None, flash: str | None = None
) -> Template:
    async with services.database.reading() as connection:
        tokens = await holder_tokens(connection, resident.person_id, services.clock.now())
    return page(
        "identity/sign_in/access.html", tokens=tokens, token=token, form_id=services.ids.new(), flash=flash
    )


ROUTES: list[ControllerRouterHandler] = [
    ask_address,
    send_link,
    show_link,
    sign_in,
    end_session,
    end_all_sessions,
    sign_in_example,
    show_access,
    make_access,
    revoke_access,
]
