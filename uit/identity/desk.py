"""Staff on their way in: invitation, password, code from their phone, and a page with their work."""

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

from uit.ground.errors import TooOften
from uit.ground.house import House
from uit.ground.limit import Limit
from uit.ground.web.address import client_address
from uit.ground.web.view import form_again, page, see_other
from uit.identity import staff as team
from uit.identity.entry import ANYBODY, HALFWAY, AnyRequest, StaffRequest, open_page, staff, welcome
from uit.identity.errors import LinkUsed, WeakPassword, WrongCode, WrongPassword
from uit.identity.password import LEAST_CHARACTERS
from uit.identity.role import desks_of
from uit.identity.session import Opened
from uit.identity.totp import in_fours, qr_of, secret_of_invitation
from uit.identity.visitor import Doorkeeper
from uit.identity.way import local_path

PASSWORDS_HERE: Final = Limit("password of account from place", 5, 900)
PASSWORDS_FROM_PLACE: Final = Limit("passwords from place", 30, 900)
PASSWORDS_OF_ACCOUNT: Final = Limit("passwords of account", 50, 3600)
CODES: Final = Limit("codes", 5, 900)

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
async def show_team(request: StaffRequest, house: NamedDependency[House]) -> Template:
    regions = {region.id: region for region in await house.regions.every()}
    async with house.database.reading() as connection:
        member = await team.read_staff(connection, request.user.staff_id)
        towns = await team.read_towns(connection, [role.refnis for role in request.user.roles if role.refnis])
    desks = desks_of(request.user.roles, regions, {town.refnis: town.name for town in towns})
    return page("identity/team.html", name=member.name if member else "", desks=desks)


@get("/team/eigen-pas", opt=staff(), include_in_schema=False)
async def ask_own_pass(request: StaffRequest, wanted: Wanted = "/") -> Template:
    """Where staff come who try what is a resident's, such as booking."""
    return await open_page(request, "identity/own_pass.html", wanted=local_path(wanted))


@get("/team/aanmelden", opt=ANYBODY, include_in_schema=False)
async def ask_password(wanted: Wanted = "/team") -> Template:
    return page("identity/staff_sign_in.html", email="", wanted=local_path(wanted, "/team"))


@post("/team/aanmelden", opt=ANYBODY, include_in_schema=False)
async def check_password(
    request: AnyRequest, data: URLEncodedBody[PasswordForm], house: NamedDependency[House]
) -> Template | Redirect:
    wanted = local_path(data.wanted, "/team")
    answer: TooOften | WrongPassword | Opened | None
    answer = await too_many_passwords(request, house, data.email.strip().lower())
    if answer is None:
        answer = await team.sign_in(house.database, data.email, data.password, house.clock.now())
    if isinstance(answer, TooOften | WrongPassword):
        return form_again("identity/staff_sign_in.html", answer, email=data.email, wanted=wanted)
    return await welcome(request, answer, f"/team/code?{urlencode({'next': wanted})}")


async def too_many_passwords(request: AnyRequest, house: House, email: str) -> TooOften | None:
    """A limit and no lock: who tries at random stops nobody from coming in elsewhere."""
    place, count = client_address(request), house.limiter.count
    return (
        await count(PASSWORDS_FROM_PLACE, place)
        or await count(PASSWORDS_HERE, email, place)
        or await count(PASSWORDS_OF_ACCOUNT, email)
    )


@get("/team/code", opt=HALFWAY, include_in_schema=False)
async def ask_code(request: StaffRequest, wanted: Wanted = "/team") -> Template | Redirect:
    if request.user.second_factor:
        return see_other(local_path(wanted, "/team"))
    return page("identity/staff_code.html", wanted=local_path(wanted, "/team"))


@post("/team/code", opt=HALFWAY, include_in_schema=False)
async def check_code(
    request: StaffRequest, data: URLEncodedBody[CodeForm], house: NamedDependency[House]
) -> Template | Redirect:
    wanted = local_path(data.wanted, "/team")
    answer: TooOften | WrongCode | Opened | None
    answer = await too_many_codes(house, request.user.staff_id)
    if answer is None:
        async with house.database.transaction() as tx:
            answer = await team.prove(tx, house.secrets, request.user, data.code, house.clock.now())
    if isinstance(answer, TooOften | WrongCode):
        return form_again("identity/staff_code.html", answer, wanted=wanted)
    return await welcome(request, answer, wanted)


async def too_many_codes(house: House, staff_id: UUID) -> TooOften | None:
    return await house.limiter.count(CODES, str(staff_id))


@get("/team/uitnodiging/{token:str}", opt=ANYBODY, include_in_schema=False)
async def show_invitation(token: FromPath[str], house: NamedDependency[House]) -> Template:
    async with house.database.reading() as connection:
        invited = await team.look_at_invitation(connection, token, house.clock.now())
    if isinstance(invited, LinkUsed):
        return link_over(invited)
    return page("identity/invitation.html", token=token, member=invited, characters=LEAST_CHARACTERS)


@post("/team/uitnodiging/{token:str}", opt=ANYBODY, include_in_schema=False)
async def choose_password(
    token: FromPath[str], data: URLEncodedBody[NewPasswordForm], house: NamedDependency[House]
) -> Template | Redirect:
    now = house.clock.now()
    answer = await team.choose_password(house.database, token, data.password, now)
    if isinstance(answer, LinkUsed):
        return link_over(answer)
    if isinstance(answer, WeakPassword):
        async with house.database.reading() as connection:
            invited = await team.look_at_invitation(connection, token, now)
        facts = {"token": token, "member": invited, "characters": LEAST_CHARACTERS}
        return form_again("identity/invitation.html", answer, **facts)
    return see_other(f"/team/uitnodiging/{token}/code")


@get("/team/uitnodiging/{token:str}/code", opt=ANYBODY, include_in_schema=False)
async def show_key(token: FromPath[str], house: NamedDependency[House]) -> Template | Redirect:
    async with house.database.reading() as connection:
        invited = await team.look_at_invitation(connection, token, house.clock.now())
    if isinstance(invited, LinkUsed):
        return link_over(invited)
    if not invited.has_password:
        return see_other(f"/team/uitnodiging/{token}")
    return page("identity/invitation_code.html", **key_facts(house, token, invited))


@post("/team/uitnodiging/{token:str}/code", opt=ANYBODY, include_in_schema=False)
async def accept(
    request: AnyRequest,
    token: FromPath[str],
    data: URLEncodedBody[CodeForm],
    house: NamedDependency[House],
) -> Template | Redirect:
    now = house.clock.now()
    async with house.database.reading() as connection:
        invited = await team.look_at_invitation(connection, token, now)
    if isinstance(invited, LinkUsed):
        return link_over(invited)
    answer: TooOften | WrongCode | LinkUsed | team.Accepted | None
    answer = await too_many_codes(house, invited.id)
    if answer is None:
        async with house.database.transaction() as tx:
            answer = await team.accept(tx, house.secrets, token, data.code, now)
    if isinstance(answer, LinkUsed):
        return link_over(answer)
    if isinstance(answer, TooOften | WrongCode):
        return form_again("identity/invitation_code.html", answer, **key_facts(house, token, invited))
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    for earlier in answer.ended:
        await doorkeeper.forget(earlier)
    return await welcome(request, answer.opened, "/team")


def key_facts(house: House, token: str, invited: team.Member) -> dict[str, Any]:
    secret = secret_of_invitation(house.secrets, token)
    qr = Markup(qr_of(secret, invited.email))  # noqa: S704 - drawn by ourselves
    return {"token": token, "qr": qr, "key": in_fours(secret)}


def link_over(refusal: LinkUsed) -> Template:
    return form_again("identity/staff_sign_in.html", refusal, email="", wanted="/team")


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
