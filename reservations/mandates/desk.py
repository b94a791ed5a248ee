"""The counter's page of what somebody allows organisations, by a paper that they signed before a clerk.

Social services are not here: that one helps somebody is a secret, and given at the service or on screen.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.mandates.form import labels, read_mandate
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.partner.mandate import Mandate, NewMandate, end_mandate, give_mandate, read_mandates
from uit.identity.partner.partner import SOCIAL_SERVICE, Partner, read_partners
from uit.identity.person.powers import a_year_after
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.form import Errors, required_id
from uit.web.view import page, see_other

GivenServices = NamedDependency[Services]
Typed = URLEncodedBody[dict[str, str]]


@get("/", opt=CLERK)
async def show_mandates(
    request: StaffRequest, membership_id: FromPath[UUID], services: GivenServices
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "help.read", "person", member.person.id)
        return await mandates_page(tx, services, desk, member)


@post("/", opt=CLERK)
async def witness(
    request: StaffRequest, membership_id: FromPath[UUID], services: GivenServices, data: Typed
) -> Template | Redirect:
    desk, mandate_id = await counter_desk_here(request), required_id(data, "mandate_id")
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        partners = {each.id for each in await partners_here(tx, desk)}
        wanted = read_mandate(data, mandate_id, partners, desk.counter.today)
        if not isinstance(wanted, NewMandate):
            return await mandates_page(tx, services, desk, member, data, wanted)
        await give_mandate(tx, desk.counter, member.person.id, wanted, "signed_paper")
    return see_other(desk.address("personen", membership_id, "organisaties"))


@post("/{mandate_id:uuid}/stoppen", opt=CLERK)
async def end(
    request: StaffRequest, membership_id: FromPath[UUID], mandate_id: FromPath[UUID], services: GivenServices
) -> Redirect:
    """For who asks. A repeat changes nothing, and neither does one that is not shown here."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if mandate_id in {each.id for each in await mandates_here(tx, desk, member)}:
            await end_mandate(tx, desk.counter, member.person.id, mandate_id)
    return see_other(desk.address("personen", membership_id, "organisaties"))


async def partners_here(tx: Executor, desk: CounterDesk) -> list[Partner]:
    return [each for each in await read_partners(tx, desk.region.id) if each.kind != SOCIAL_SERVICE]


async def mandates_here(tx: Executor, desk: CounterDesk, member: OpenMember) -> list[Mandate]:
    found = await read_mandates(tx, desk.region.id, member.person.id, desk.counter.today)
    return [each for each in found if each.kind != SOCIAL_SERVICE]


async def mandates_page(  # noqa: PLR0913, PLR0917  whose page at which desk, and what was typed there
    tx: Executor,
    services: Services,
    desk: CounterDesk,
    member: OpenMember,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> Template:
    return page(
        "reservations/mandates/desk.html",
        422 if errors else 200,
        region=desk.region,
        may_issue=desk.may_issue,
        member=member,
        mandates=await mandates_here(tx, desk, member),
        partners=[(str(each.id), each.name) for each in await partners_here(tx, desk)],
        typed=typed or {"tot": a_year_after(desk.counter.today).isoformat()},
        errors=errors or {},
        labels=labels(),
        mandate_id=services.ids.new(),
    )


DESK: Final = (show_mandates, witness, end)

ROUTES: list[ControllerRouterHandler] = [
    Router(
        "/{region:str}/balie/personen/{membership_id:uuid}/organisaties",
        route_handlers=DESK,
        include_in_schema=False,
    )
]
