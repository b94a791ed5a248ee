"""Pages for staff: invitation, password, second factor, and the list of their desks."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from markupsafe import Markup
from msgspec import Struct, field

from uit.core.errors import TooOften
from uit.identity.authentication import (
    ANYBODY,
    MFA_PENDING,
    AnyRequest,
    StaffRequest,
    open_page,
    sign_in_response,
    staff,
)
from uit.identity.errors import LinkUsed, WeakPassword, WrongCode, WrongPassword
from uit.identity.sign_in.return_path import local_path
from uit.identity.sign_in.session import OpenedSession
from uit.identity.staff import staff as team
from uit.identity.staff.password import LEAST_CHARACTERS
from uit.identity.staff.role import desks_of
from uit.identity.staff.totp import in_fours, qr_of, secret_of_invitation
from uit.identity.visitor import Authenticator
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address
from uit.web.view import form_again, page, see_other

PASSWORDS_PER_ACCOUNT_AND_ADDRESS: Final = Limit("password of account from place", 5, 900)
PASSWORDS_PER_ADDRESS: Final = Limit("passwords from place", 30, 900)
PASSWORDS_PER_ACCOUNT: Final = Limit("passwords of account", 50, 3600)
CODES_PER_ACCOUNT: Final = Limit("codes", 5, 900)

Wanted = Annotated[str, QueryParameter(name="next")]


class PasswordForm(Struct, frozen=True):
    email: str = ""
    password: str = ""
    wanted: str = field(name="next", default="/team")


class CodeForm(Struct, frozen=True):
    code: str = ""
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
async def ask_password(wanted: Wanted = "/team") -> Template:
    return page("identity/staff/sign_in.html", email="", wanted=local_path(wanted, "/team"))


@post("/team/aanmelden", opt=ANYBODY, include_in_schema=False)
async def check_password(
    request: AnyRequest, data: URLEncodedBody[PasswordForm], services: NamedDependency[Services]
) -> Template | Redirect:
    wanted = local_path(data.wanted, "/team")
    answer: TooOften | WrongPassword | OpenedSession | None
    answer = await too_many_passwords(request, services, data.email.strip().lower())
    if answer is None:
        answer = await team.sign_in(services.database, data.email, data.password, services.clock.now())
    if isinstance(answer, TooOften | WrongPassword):
        return form_again("identity/staff/sign_in.html", answer, email=data.email, wanted=wanted)
    return await sign_in_response(request, answer, f"/team/code?{urlencode({'next': wanted})}")


async def too_many_passwords(request: AnyRequest, services: Services, email: str) -> TooOften | None:
    """Count an attempt. An attacker cannot lock out an account: its owner can still sign in elsewhere."""
    address, count = client_address(request), services.limiter.count
    return (
        await count(PASSWORDS_PER_ADDRESS, address)
        or await count(PASSWORDS_PER_ACCOUNT_AND_ADDRESS, email, address)
        or await count(PASSWORDS_PER_ACCOUNT, email)
    )


@get("/team/code", opt=MFA_PENDING, include_in_schema=False)
async def ask_code(request: StaffRequest, wanted: Wanted = "/team") -> Template | Redirect:
    if request.user.second_factor:
        return see_other(local_path(wanted, "/team"))
    return page("identity/staff/code.html", wanted=local_path(wanted, "/team"))


@post("/team/code", opt=MFA_PENDING, include_in_schema=False)
async def check_code(
    request: StaffRequest, data: URLEncodedBody[CodeForm], services: NamedDependency[Services]
) -> Template | Redirect:
    wanted = local_path(data.wanted, "/team")
    answer: TooOften | WrongCode | OpenedSession | None
    answer = await too_many_codes(services, request.user.staff_id)
    if answer is None:
        async with services.database.transaction() as tx:
            answer = await team.verify_second_factor(
                tx, services.secrets, request.user, data.code, services.clock.now()
            )
    if isinstance(answer, TooOften | WrongCode):
        return form_again("identity/staff/code.html", answer, wanted=wanted)
    return await sign_in_response(request, answer, wanted)


async def too_many_codes(services: Services, staff_id: UUID) -> TooOften | None:
    return await services.limiter.count(CODES_PER_ACCOUNT, str(staff_id))


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
    answer = await too_many_codes(services, invited.id)
    if answer is None:
        async with services.database.transaction() as tx:
            answer = await team.accept(tx, services.secrets, token, data.code, now)
    if isinstance(answer, LinkUsed):
        return used_link_page(answer)
    if isinstance(answer, TooOften | WrongCode):
        return form_again(
            "identity/staff/invitation_code.html", answer, **key_facts(services, token, invited)
        )
    authenticator: Authenticator = request.app.state.authenticator
    await authenticator.forget(*answer.ended)
    return await sign_in_response(request, answer.opened, "/team")


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
    ask_code,
    check_code,
    show_invitation,
    choose_password,
    show_key,
    accept,
]
