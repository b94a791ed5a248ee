"""The counter's page of who may act for somebody: written down on paper or by an order, checked, ended."""

from collections.abc import Mapping
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.helping.helping import read_helpers
from reservations.helping.telling import tell_stopped
from reservations.helping.witnessed import Witnessed, labels, read_witnessed, write_witnessed
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.person.powers import a_year_after
from uit.identity.person.representation import check_order, end_given
from uit.passes.registration.counter_desk import CLERK, CounterDesk, counter_desk_here, open_member
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import page, see_other

Given = NamedDependency[Services]
Typed = URLEncodedBody[dict[str, str]]


@get("/{region:str}/balie/personen/{membership_id:uuid}/hulp", opt=CLERK, include_in_schema=False)
async def show_help(request: StaffRequest, membership_id: FromPath[UUID], services: Given) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "help.read", "person", member.person.id)
        return await help_page(tx, services, desk, membership_id)


@post("/{region:str}/balie/personen/{membership_id:uuid}/hulp", opt=CLERK, include_in_schema=False)
async def witness(
    request: StaffRequest, membership_id: FromPath[UUID], services: Given, data: Typed
) -> Template | Redirect:
    """Write down who may help, by a paper that both signed or an order that the clerk saw."""
    desk, given_id = await counter_desk_here(request), required_id(data, "given_id")
    witnessed = read_witnessed(data, desk.counter.today)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        errors = witnessed if not isinstance(witnessed, Witnessed) else {}
        if isinstance(witnessed, Witnessed):
            errors = await write_witnessed(tx, desk.counter, member.person.id, given_id, witnessed)
        if errors:
            return await help_page(tx, services, desk, membership_id, data, errors)
    return see_other(desk.address("personen", membership_id, "hulp"))


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/hulp/{given_id:uuid}/stoppen",
    opt=CLERK,
    include_in_schema=False,
)
async def end_help(
    request: StaffRequest, membership_id: FromPath[UUID], given_id: FromPath[UUID], services: Given
) -> Redirect:
    """End it at once, for who asks for it or when an order is over. A repeat changes nothing."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if await end_given(tx, given_id, member.person.id, desk.counter.now):
            await desk.counter.note(tx, "help.end", "person", member.person.id, given=str(given_id))
            await tell_stopped(tx, desk.counter, given_id)
    return see_other(desk.address("personen", membership_id, "hulp"))


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/hulp/{given_id:uuid}/nagekeken",
    opt=CLERK,
    include_in_schema=False,
)
async def check_help(
    request: StaffRequest, membership_id: FromPath[UUID], given_id: FromPath[UUID], services: Given
) -> Redirect:
    """The clerk saw that the order of an administrator still holds: good for another year."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if not await check_order(tx, given_id, member.person.id, desk.counter.today):
            raise RefusalError(NotFound())
        await desk.counter.note(tx, "help.check", "person", member.person.id, given=str(given_id))
    return see_other(desk.address("personen", membership_id, "hulp"))


async def help_page(  # noqa: PLR0913, PLR0917  whose page at which desk, and what was typed there
    tx: Executor,
    services: Services,
    desk: CounterDesk,
    membership_id: UUID,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Template:
    member, today = await open_member(tx, desk, membership_id), desk.counter.today
    return page(
        "reservations/helping/desk.html",
        422 if errors else 200,
        region=desk.region,
        may_issue=desk.may_issue,
        member=member,
        helpers=await read_helpers(tx, member.person.id),
        typed=typed or {"tot": a_year_after(today).isoformat()},
        errors=errors or {},
        labels=labels(),
        given_id=services.ids.new(),
        today=today,
        a_year_after=a_year_after,
    )


ROUTES: list[ControllerRouterHandler] = [show_help, witness, end_help, check_help]
