"""Pages for staff: invitation, password, second factor, and the list of their desks."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

import structlog
from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct, field

from uit.core.errors import TooOften
from uit.core.one_line import one_line
from uit.identity.authentication import (
    ANYBODY,
    MFA_PENDING,
    AnyRequest,
    StaffRequest,
    authenticator_of,
    browser_of,
    device_cookie,
    device_of,
    open_page,
    sign_in_response,
    staff,
)
from uit.identity.errors import (
    AccountGuarded,
    LinkUsed,
    PasskeyWrong,
    ProofNeeded,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from uit.identity.sign_in import device, link
from uit.identity.sign_in.browser import Browser
from uit.identity.sign_in.mail import LINKS_PER_ADDRESS, device_mail
from uit.identity.sign_in.proof import BITS, challenge_for
from uit.identity.sign_in.return_path import local_path
from uit.identity.sign_in.session import OpenedSession
from uit.identity.staff import passkey
from uit.identity.staff import staff as team
from uit.identity.staff.attempts import CODES_PER_INVITATION, Attempt, limit_codes, limit_passwords
from uit.identity.staff.password import LEAST_CHARACTERS
from uit.identity.staff.role import desks_of
from uit.identity.staff.totp import in_fours, qr_of, secret_of_invitation
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address
from uit.web.view import form_again, page, see_other

PASSKEYS_PER_ADDRESS: Final = Limit("passkeys from place", 60, 900)

log = structlog.get_logger()

Wanted = Annotated[str, QueryParameter(name="next")]


class PasswordForm(Struct, frozen=True):
    email: str = ""
    password: str = ""
    proof: str = ""
    wanted: str = field(name="next", default="/team")


class DeviceForm(Struct, frozen=True):
    """Who asks for a link that makes their device known."""

    email: str = ""
    wanted: str = field(name="next", default="/team")


class CodeForm(Struct, frozen=True):
    code: str = ""
    wanted: str = field(name="next", default="/team")


class PasskeyForm(Struct, frozen=True):
    """What a browser answered to the ceremony of a page."""

    credential: str = ""
    state: str = ""
    wanted: str = field(name="next", default="/team")


class NewPasswordForm(Struct, frozen=True):
    password: str = ""


@get("/team", opt=staff(), include_in_schema=False)
async def show_team(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    regions = {region.id: region for region in await services.regions.every()}
    async with services.database.reading() as connection:
        member = await team.read_staff(connection, request.user.staff_id)
        towns = await team.read_towns(connection, [role.refnis for role in request.user.roles if role.refnis])
    desks = desks_of(request.user.roles, regions, {town.refnis: town.name for town in towns})
    return page("identity/staff/team.html", name=member.name if member else "", desks=desks)


@get("/team/eigen-pas", opt=staff(), include_in_schema=False)
async def ask_own_pass(request: StaffRequest, wanted: Wanted = "/") -> Template:
    """The page for staff who open a page of residents, such as the page to book."""
    return await open_page(request, "identity/sign_in/own_pass.html", wanted=local_path(wanted))


@get("/team/aanmelden", opt=ANYBODY, include_in_schema=False)
async def ask_password(services: NamedDependency[Services], wanted: Wanted = "/team") -> Template:
    facts: dict[str, Any] = {"wanted": local_path(wanted, "/team"), "ceremony": signing_in(services, [])}
    return page("identity/staff/sign_in.html", email="", **facts)


def signing_in(services: Services, has: list[bytes]) -> passkey.Ceremony | None:
    """What a browser signs with a passkey; None where the installation has no name."""
    party = passkey.relying_party(services.settings.address)
    return passkey.authentication(party, services.secrets, has, services.clock.now()) if party else None


@post("/team/aanmelden/passkey", opt=ANYBODY, include_in_schema=False)
async def check_passkey(
    request: AnyRequest, data: URLEncodedBody[PasskeyForm], services: NamedDependency[Services]
) -> Template | Redirect:
    """Sign in with a passkey alone: it proved its owner too. Nothing can be guessed, so no account counts."""
    wanted, browser = local_path(data.wanted, "/team"), browser_of(request)
    answer = await services.limiter.count(
        PASSKEYS_PER_ADDRESS, client_address(request)
    ) or await open_by_passkey(services, data, browser)
    if isinstance(answer, OpenedSession):
        return await sign_in_response(request, answer, wanted, browser)
    facts: dict[str, Any] = {"email": "", "wanted": wanted, "ceremony": signing_in(services, [])}
    return form_again("identity/staff/sign_in.html", answer, **facts)


async def open_by_passkey(
    services: Services, data: PasskeyForm, browser: Browser
) -> OpenedSession | PasskeyWrong:
    party, now = passkey.relying_party(services.settings.address), services.clock.now()
    if party is None:
        return PasskeyWrong()
    challenge = await passkey.use_challenge(services, data.state, passkey.SIGNING_IN)
    async with services.database.transaction() as tx:
        owner = await passkey.owner_of(tx, party, passkey.Answer(data.credential, challenge, now))
        return owner if isinstance(owner, PasskeyWrong) else await team.open_and_tell(tx, owner, now, browser)


@post("/team/aanmelden", opt=ANYBODY, include_in_schema=False)
async def check_password(
    request: AnyRequest, data: URLEncodedBody[PasswordForm], services: NamedDependency[Services]
) -> Template | Redirect:
    wanted, email = local_path(data.wanted, "/team"), one_line(data.email).lower()
    attempt = Attempt(email, client_address(request), device_of(request), data.proof)
    answer: TooOften | ProofNeeded | AccountGuarded | WrongPassword | OpenedSession | None
    answer = await limit_passwords(services, attempt)
    if answer is None:
        answer = await team.sign_in(services.database, email, data.password, services.clock.now())
    if isinstance(answer, OpenedSession):
        return await sign_in_response(request, answer, f"/team/code?{urlencode({'next': wanted})}")
    facts: dict[str, Any] = {"email": data.email, "wanted": wanted}
    if isinstance(answer, ProofNeeded):
        facts |= proof_facts(services, attempt)
    return form_again("identity/staff/sign_in.html", answer, **facts)


def proof_facts(services: Services, attempt: Attempt) -> dict[str, Any]:
    """What the browser has to compute with."""
    whom = attempt.email, attempt.address
    return {"challenge": challenge_for(services.secrets, services.clock.now(), *whom), "bits": BITS}


@post("/team/aanmelden/link", opt=ANYBODY, include_in_schema=False, status_code=200)
async def ask_device_link(
    request: AnyRequest, data: URLEncodedBody[DeviceForm], services: NamedDependency[Services]
) -> Template:
    """Mail a link that makes a device known; the page is the same for every address, known or not."""
    wanted, email = local_path(data.wanted, "/team"), one_line(data.email).lower()
    if refusal := await services.limiter.count(LINKS_PER_ADDRESS, client_address(request)):
        return form_again("identity/staff/sign_in.html", refusal, email=data.email, wanted=wanted)
    answer = page("identity/staff/device_link_sent.html")
    answer.background = BackgroundTask(mail_device_link, services, email, wanted)
    return answer


@post("/team/code/link", opt=MFA_PENDING, include_in_schema=False, status_code=200)
async def ask_own_device_link(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    """The same for who gave the right password."""
    async with services.database.reading() as connection:
        member = await team.read_staff(connection, request.user.staff_id)
    answer = page("identity/staff/device_link_sent.html")
    if member:
        answer.background = BackgroundTask(mail_device_link, services, member.email, "/team")
    return answer


async def mail_device_link(services: Services, email: str, wanted: str) -> None:
    async with services.database.transaction() as tx:
        token = await link.make_for_device(tx, email, wanted, services.clock.now())
    if token and await services.mailer.send(
        device_mail(email, f"{services.settings.address}/team/toestel/{token}")
    ):
        log.warning("device_mail_not_sent")


@get("/team/toestel/{token:str}", opt=ANYBODY, include_in_schema=False)
async def show_device_link(token: FromPath[str], services: NamedDependency[Services]) -> Template:
    """A page with one button, so that programs that open the links in a mail do not use them up."""
    async with services.database.reading() as connection:
        found = await link.read_usable(connection, token, "device", services.clock.now())
    if found is None:
        return used_link_page(LinkUsed())
    return page("identity/staff/device_link.html", token=token)


@post("/team/toestel/{token:str}", opt=ANYBODY, include_in_schema=False)
async def know_device(
    request: AnyRequest, token: FromPath[str], services: NamedDependency[Services]
) -> Template | Redirect:
    """Know this device from now on. It signs nobody in: password and second factor follow as always."""
    now, browser = services.clock.now(), browser_of(request)
    async with services.database.transaction() as tx:
        used = await link.use(tx, token, "device", now)
        if used:
            await device.remember(tx, browser.digest, now, staff_id=used.staff_id)
    if used is None:
        return used_link_page(LinkUsed())
    answer = see_other(local_path(used.wanted, "/team"))
    answer.cookies.append(device_cookie(services, browser))
    return answer


@get("/team/code", opt=MFA_PENDING, include_in_schema=False)
async def ask_code(
    request: StaffRequest, services: NamedDependency[Services], wanted: Wanted = "/team"
) -> Template | Redirect:
    if request.user.second_factor:
        return see_other(local_path(wanted, "/team"))
    async with services.database.reading() as connection:
        has = [each.id for each in await passkey.read_passkeys(connection, request.user.staff_id)]
    ceremony = signing_in(services, has) if has else None
    return page("identity/staff/code.html", wanted=local_path(wanted, "/team"), ceremony=ceremony)


@post("/team/code", opt=MFA_PENDING, include_in_schema=False)
async def check_code(
    request: StaffRequest, data: URLEncodedBody[CodeForm], services: NamedDependency[Services]
) -> Template | Redirect:
    wanted = local_path(data.wanted, "/team")
    staff, browser = request.user, browser_of(request)
    answer: TooOften | AccountGuarded | WrongCode | OpenedSession | None
    answer = await limit_codes(services, staff.staff_id, client_address(request), device_of(request))
    if answer is None:
        async with services.database.transaction() as tx:
            given = team.GivenCode(data.code, services.clock.now(), browser)
            answer = await team.verify_second_factor(tx, services.secrets, staff, given)
    if isinstance(answer, OpenedSession):
        return await sign_in_response(request, answer, wanted, browser)
    return form_again("identity/staff/code.html", answer, wanted=wanted)


@get("/team/uitnodiging/{token:str}", opt=ANYBODY, include_in_schema=False)
async def show_invitation(token: FromPath[str], services: NamedDependency[Services]) -> Template:
    async with services.database.reading() as connection:
        invited = await team.read_invitation(connection, token, services.clock.now())
    if isinstance(invited, LinkUsed):
        return used_link_page(invited)
    return page("identity/staff/invitation.html", token=token, member=invited, characters=LEAST_CHARACTERS)


@post("/team/uitnodiging/{token:str}", opt=ANYBODY, include_in_schema=False)
async def choose_password(
    token: FromPath[str], data: URLEncodedBody[NewPasswordForm], services: NamedDependency[Services]
) -> Template | Redirect:
    now = services.clock.now()
    answer = await team.choose_password(services.database, token, data.password, now)
    if isinstance(answer, LinkUsed):
        return used_link_page(answer)
    if isinstance(answer, WeakPassword):
        async with services.database.reading() as connection:
            invited = await team.read_invitation(connection, token, now)
        facts = {"token": token, "member": invited, "characters": LEAST_CHARACTERS}
        return form_again("identity/staff/invitation.html", answer, **facts)
    return see_other(f"/team/uitnodiging/{token}/code")


@get("/team/uitnodiging/{token:str}/code", opt=ANYBODY, include_in_schema=False)
async def show_key(token: FromPath[str], services: NamedDependency[Services]) -> Template | Redirect:
    async with services.database.reading() as connection:
        invited = await team.read_invitation(connection, token, services.clock.now())
    if isinstance(invited, LinkUsed):
        return used_link_page(invited)
    if not invited.has_password:
        return see_other(f"/team/uitnodiging/{token}")
    return page("identity/staff/invitation_code.html", **key_facts(services, token, invited))


@post("/team/uitnodiging/{token:str}/code", opt=ANYBODY, include_in_schema=False)
async def accept(
    request: AnyRequest,
    token: FromPath[str],
    data: URLEncodedBody[CodeForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    now = services.clock.now()
    async with services.database.reading() as connection:
        invited = await team.read_invitation(connection, token, now)
    if isinstance(invited, LinkUsed):
        return used_link_page(invited)
    answer: TooOften | WrongCode | LinkUsed | team.AcceptedInvitation | None
    answer = await services.limiter.count(CODES_PER_INVITATION, token)
    browser = browser_of(request)
    if answer is None:
        async with services.database.transaction() as tx:
            given = team.GivenCode(data.code, now, browser)
            answer = await team.accept(tx, services.secrets, token, given)
    if isinstance(answer, LinkUsed):
        return used_link_page(answer)
    if isinstance(answer, TooOften | WrongCode):
        return form_again(
            "identity/staff/invitation_code.html", answer, **key_facts(services, token, invited)
        )
    await authenticator_of(request).forget(*answer.ended)
    return await sign_in_response(request, answer.opened, "/team", browser)


def key_facts(services: Services, token: str, invited: team.StaffMember) -> dict[str, Any]:
    secret = secret_of_invitation(services.secrets, token)
    qr = Markup(qr_of(secret, invited.email))  # noqa: S704 - drawn by ourselves
    return {"token": token, "qr": qr, "key": in_fours(secret)}


def used_link_page(refusal: LinkUsed) -> Template:
    return form_again("identity/staff/sign_in.html", refusal, email="", wanted="/team")


ROUTES: list[ControllerRouterHandler] = [
    show_team,
    ask_own_pass,
    ask_password,
    check_password,
    check_passkey,
    ask_device_link,
    ask_own_device_link,
    show_device_link,
    know_device,
    ask_code,
    check_code,
    show_invitation,
    choose_password,
    show_key,
    accept,
]
