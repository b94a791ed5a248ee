"""The desk for somebody's own data: to read, to take along, and to erase, for who asks for it."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.own_data.erasing import REFLECTION, erase_who_asks
from reservations.own_data.gathering import FILE_NAME, OwnData, gather
from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, authenticator_of
from uit.identity.sign_in.session import end_all_of_person
from uit.passes.permission.in_person import is_permitted_in_person, need_in_person
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.view import form_again, page, see_other

DATA: Final = "gegevens"


async def gather_permitted(
    request: StaffRequest, tx: Executor, desk: CounterDesk, member: OpenMember
) -> OwnData | None:
    """What is kept of somebody who is there; None without a permission."""
    permitted = await is_permitted_in_person(request, tx, desk, member.membership.id)
    return await gather(tx, member.membership) if permitted else None


def facts_of(desk: CounterDesk, member: OpenMember, own: OwnData | None) -> dict[str, Any]:
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "own": own,
        "would_erase_on": desk.counter.today + REFLECTION,
    }


@get("/{region:str}/balie/personen/{membership_id:uuid}/gegevens", opt=CLERK, include_in_schema=False)
async def show_own_data(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template:
    """What is kept, for who is there. Without a permission the page asks for one, and erases or signs out."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        own = await gather_permitted(request, tx, desk, member)
        await desk.counter.note_look(tx, member.person.id, "copy" if own else "details")
    return page("reservations/own_data/own_data.html", **facts_of(desk, member, own))


@post("/{region:str}/balie/personen/{membership_id:uuid}/gegevens", opt=CLERK, include_in_schema=False)
async def copy(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Response[bytes]:
    """The same as a file that a program can read; that it was given stands in the trail.

    Raises PermissionNeeded, also by telephone.
    """
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await need_in_person(request, tx, desk, membership_id, DATA)
        await desk.counter.note(tx, "person.copy", "person", member.person.id)
        own = await gather(tx, member.membership)
    content = msgspec.json.format(msgspec.json.encode(own), indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"', "Cache-Control": "no-store"}
    return Response(content, status_code=200, media_type="application/json", headers=headers)


@post("/{region:str}/balie/personen/{membership_id:uuid}/wissen", opt=CLERK, include_in_schema=False)
async def erase(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template | Redirect:
    """Erase who asks for it: at once it is over, and two weeks later nothing says who they were."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        answer = await erase_who_asks(tx, desk.counter, membership_id)
        if isinstance(answer, Refusal):
            facts = facts_of(desk, member, await gather_permitted(request, tx, desk, member))
            return form_again("reservations/own_data/own_data.html", answer, **facts)
    await answer.forget(authenticator_of(request))
    return see_other(desk.address("personen", f"{membership_id}?gedaan=wissen"))


@post("/{region:str}/balie/personen/{membership_id:uuid}/afmelden", opt=CLERK, include_in_schema=False)
async def sign_out_everywhere(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    """Sign somebody out on every device, for who lost one. A repeat changes nothing."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        ended = await end_all_of_person(tx, member.person.id, desk.counter.now)
        await desk.counter.note(tx, "session.end_all", "person", member.person.id)
    await authenticator_of(request).forget(*ended)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=afgemeld"))


ROUTES: list[ControllerRouterHandler] = [show_own_data, copy, erase, sign_out_everywhere]
