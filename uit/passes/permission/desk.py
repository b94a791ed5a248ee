"""At the counter: what permits a clerk to act for somebody, and the word for the telephone."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace

from uit.core.errors import NotFound, Refusal, RefusalError, TooOften
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.message.way import Way
from uit.passes.errors import PassOfAnother
from uit.passes.permission import code, word
from uit.passes.permission.form import Said, documents, kinds, labels, read_next, read_said, word_errors
from uit.passes.permission.in_person import PERSON
from uit.passes.permission.permission import (
    NewPermission,
    Permission,
    PermissionKind,
    give,
    holder_of_shown,
    read_permission,
)
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import Page, form_status, page, see_other

Given = NamedDependency[Services]
Typed = URLEncodedBody[dict[str, str]]
ADDRESS: Final = "/{region:str}/balie/personen/{membership_id:uuid}/toestemming"


class PermissionDesk(Struct, frozen=True):
    """Whom a clerk is asked about, what is known of them, and what permits already."""

    desk: CounterDesk
    member: OpenMember
    staff_id: UUID
    hash: str | None
    permission: Permission | None
    code_way: Way

    @property
    def id(self) -> UUID:
        return self.member.membership.id

    def address(self, *parts: object) -> str:
        return self.desk.address("personen", self.id, *parts)

    def page(
        self,
        services: Services,
        typed: Mapping[str, str],
        errors: Errors | None = None,
        refusal: Refusal | None = None,
        **more: object,
    ) -> Page:
        person = self.member.person
        return page(
            "passes/permission/permission.html",
            form_status(refusal, errors),
            region=self.desk.region,
            may_issue=self.desk.may_issue,
            member=self.member,
            permission=self.permission,
            kinds=kinds(person, has_word=self.hash is not None),
            has_word=self.hash is not None,
            code_way=self.code_way.value,
            documents=list(documents().items()),
            labels=labels(),
            typed=typed,
            errors=errors or {},
            refusal=refusal,
            permission_id=services.ids.new(),
            **{"challenge": typed.get("challenge", ""), "flash": None} | more,
        )


async def ask_here(
    request: StaffRequest, services: Services, tx: Executor, membership_id: UUID
) -> PermissionDesk:
    """Raises NotFound for who is of another municipality. Who is no member any more may still ask a copy."""
    desk = await counter_desk_here(request)
    member = await open_member(tx, desk, membership_id)
    staff_id, where = request.user.staff_id, (desk.region.id, membership_id)
    hashed = await word.read_hash(tx, *where)
    permission = await read_permission(tx, *where, staff_id, desk.counter.now)
    code_way = await code.way_of_code(tx, services, member.person.id)
    return PermissionDesk(desk, member, staff_id, hashed, permission, code_way)


@get(ADDRESS, opt=CLERK, include_in_schema=False)
async def show_permission(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, verder: FromQuery[str] = ""
) -> Template:
    async with services.database.transaction() as tx:
        asking = await ask_here(request, services, tx, membership_id)
        await asking.desk.counter.note(tx, "person.read", "person", asking.member.person.id)
    return asking.page(services, {"verder": verder})


@post(ADDRESS, opt=CLERK, include_in_schema=False)
async def permit(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, data: Typed
) -> Template | Redirect:
    """Write down what permits it, and go on to what the clerk came for."""
    given_id = required_id(data, "permission_id")
    async with services.database.reading() as connection:
        asking = await ask_here(request, services, connection, membership_id)
    said = read_said(data, asking.member.person, has_word=asking.hash is not None)
    if not isinstance(said, Said):
        return asking.page(services, data, said)
    wrong = await why_not(services, asking, said, data.get("challenge", ""))
    if isinstance(wrong, Refusal):
        return asking.page(services, data, refusal=wrong)
    if wrong:
        return asking.page(services, data, wrong)
    made = NewPermission(given_id, membership_id, said.kind, said.document_kind)
    async with services.database.transaction() as tx:
        await give(tx, asking.desk.counter, asking.staff_id, made)
    return see_other(next_page(asking, read_next(data)))


def next_page(asking: PermissionDesk, then: str) -> str:
    return f"{asking.address()}?gedaan=toegelaten" if then == PERSON else asking.address(then)


async def why_not(
    services: Services, asking: PermissionDesk, said: Said, challenge: str
) -> Refusal | Errors | None:
    """Why what was said permits nothing: a pass of somebody else, another code, another word."""
    match said.kind:
        case PermissionKind.PASS:
            return await why_not_this_pass(services, asking, said.text)
        case PermissionKind.CODE:
            return await why_not_this_code(services, asking, said.text, challenge)
        case PermissionKind.WORD:
            too_often = await services.limiter.count(word.TRIED, str(asking.id))
            if too_often or await word.is_word(said.text, asking.hash):
                return too_often
            return {"woord": _("Dit is niet het woord dat afgesproken is. Vraag het nog eens.")}
        case _:
            return None


async def why_not_this_pass(services: Services, asking: PermissionDesk, token: str) -> Refusal | None:
    async with services.database.reading() as connection:
        shown = await holder_of_shown(connection, services.secrets.signing, asking.desk.counter, token)
    if isinstance(shown, Refusal):
        return shown
    return None if shown == asking.id else PassOfAnother()


async def why_not_this_code(
    services: Services, asking: PermissionDesk, said: str, challenge: str
) -> TooOften | Errors | None:
    too_often = await services.limiter.count(code.TRIED, str(asking.id), str(asking.staff_id))
    if too_often:
        return too_often
    who, now = (asking.id, asking.staff_id), asking.desk.counter.now
    if await code.is_code(services.limiter, services.secrets, now, *who, challenge, said):
        return None
    return {"code": _("Deze code klopt niet, of ze is ouder dan tien minuten. Stuur een nieuwe.")}


@post(f"{ADDRESS}/sturen", opt=CLERK, include_in_schema=False)
async def ask_code(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, data: Typed
) -> Template:
    """Send a code to the holder, and show where it is typed."""
    async with services.database.reading() as connection:
        asking = await ask_here(request, services, connection, membership_id)
    if asking.code_way is Way.OFF:
        raise RefusalError(NotFound())
    too_often = await services.limiter.count(code.SENT, str(membership_id))
    if too_often:
        return asking.page(services, data, refusal=too_often)
    async with services.database.transaction() as tx:
        sent = await code.send_code(tx, services.secrets, asking.desk.counter, membership_id, asking.staff_id)
    return asking.page(
        services, data, challenge=sent.text, flash=_("De code is onderweg. Vraag wat er staat.")
    )


@post(f"{ADDRESS}/woord", opt=CLERK, include_in_schema=False)
async def keep_word(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, data: Typed
) -> Template:
    """Set the word for the telephone, with the person there: not by telephone, and not unpermitted."""
    async with services.database.reading() as connection:
        asking = await ask_here(request, services, connection, membership_id)
    if asking.permission is None or asking.permission.by_telephone:
        raise RefusalError(NotFound())
    errors = word_errors(data, asking.member.person)
    if errors:
        return asking.page(services, data, errors)
    hashed = await word.hash_word(data["nieuw_woord"])
    async with services.database.transaction() as tx:
        await word.set_word(tx, asking.desk.counter, asking.staff_id, membership_id, hashed)
    return asking.page(services, {}, flash=_("Het woord is bewaard. Niemand kan het lezen, ook jij niet."))


@post(f"{ADDRESS}/woord/weg", opt=CLERK, include_in_schema=False)
async def remove_word(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, data: Typed
) -> Template:
    """Forget the word, by whatever permits it: who heard it cannot use it any more."""
    async with services.database.reading() as connection:
        asking = await ask_here(request, services, connection, membership_id)
    if asking.permission is None:
        raise RefusalError(NotFound())
    async with services.database.transaction() as tx:
        await word.remove_word(tx, asking.desk.counter, membership_id)
    said = _("Het woord is weg. Aan de telefoon werkt het niet meer.")
    return replace(asking, hash=None).page(services, {"verder": data.get("verder", "")}, flash=said)


ROUTES: list[ControllerRouterHandler] = [show_permission, permit, ask_code, keep_word, remove_word]
