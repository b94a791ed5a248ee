"""What somebody is told and how, as a clerk chooses it for who asks."""

from collections.abc import Sequence
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.identity.authentication import StaffRequest
from uit.identity.message.kind import kind_words
from uit.passes.messages.choices import rows_of, save
from uit.passes.messages.form import KindRow, as_typed, errors_of
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, page, see_other


@get("/{region:str}/balie/personen/{membership_id:uuid}/berichten", opt=CLERK, include_in_schema=False)
async def show_messages(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "person.read", "person", member.person.id)
        rows = await rows_of(tx, member.person.id, texts=services.texter is not None)
    return messages_page(desk, member, rows, {})


@post("/{region:str}/balie/personen/{membership_id:uuid}/berichten", opt=CLERK, include_in_schema=False)
async def choose_messages(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        rows = await rows_of(tx, member.person.id, texts=services.texter is not None)
        if errors := errors_of(rows, data):
            return messages_page(desk, member, as_typed(rows, data), errors)
        await save(tx, desk.counter, member.person.id, rows, data)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=gewijzigd"))


def messages_page(desk: CounterDesk, member: OpenMember, rows: Sequence[KindRow], errors: Errors) -> Template:
    return page(
        "passes/messages/desk.html",
        UNPROCESSABLE if errors else 200,
        region=desk.region,
        may_issue=desk.may_issue,
        member=member,
        rows=rows,
        errors=errors,
        labels=kind_words(),
    )


ROUTES: list[ControllerRouterHandler] = [show_messages, choose_messages]
