"""What a clerk changes of a member, and what was changed before."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import Refusal
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.person.change import PersonDetails, history_of, home_of
from uit.identity.person.consent import note_consent
from uit.identity.person.protection import protect
from uit.passes.details.children import children_at_home, move_along
from uit.passes.details.details import save
from uit.passes.details.form import DetailsForm, ProtectForm, detail_labels, filled_in, history_rows
from uit.passes.membership.membership import read_towns
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.passes.registration.form import address_kinds, languages, ways
from uit.services.services import Services
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

TEMPLATE = "passes/details/details.html"


@get("/{region:str}/balie/personen/{membership_id:uuid}/wijzigen", opt=CLERK, include_in_schema=False)
async def show_details(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "person.read", "person", member.person.id)
        form = filled_in(services.ids.new(), member.details, member.membership.refnis)
        facts = await details_facts(tx, desk, member, form)
    return page(TEMPLATE, **facts)


@post("/{region:str}/balie/personen/{membership_id:uuid}/wijzigen", opt=CLERK, include_in_schema=False)
async def change_details(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[DetailsForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    """Saves, and returns to the page of the person; to the search when another town now sees them."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        towns = await read_towns(tx, desk.region.id)
        wanted = data.read(member.details, towns, desk.counter.today)
        facts = await details_facts(tx, desk, member, data)
        if not isinstance(wanted, PersonDetails):
            return page(TEMPLATE, UNPROCESSABLE, **facts | {"errors": wanted})
        children = await children_at_home(tx, desk.counter, membership_id, member.details)
        has_consent = data.has_new_consent(member.details.email, desk.counter.today)
        answer = await save(
            tx, desk.counter, member.membership, data.change_id, wanted, has_consent=has_consent
        )
        if answer == wanted and data.children == "true" and home_of(wanted) != home_of(member.details):
            await move_along(tx, desk.counter, data.change_id, children, wanted)
        if answer == wanted and has_consent:
            await note_consent(tx, desk.counter, member.person.id)
    if isinstance(answer, Refusal):
        return form_again(TEMPLATE, answer, **facts)
    if not desk.counter.sees(answer.refnis):
        return see_other(desk.address())
    return see_other(desk.address("personen", f"{membership_id}?gedaan=gewijzigd"))


async def details_facts(
    tx: Executor, desk: CounterDesk, member: OpenMember, form: DetailsForm
) -> dict[str, Any]:
    towns = {town.refnis: town.name for town in await read_towns(tx, desk.region.id)}
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "form": form,
        "children": await children_at_home(tx, desk.counter, member.membership.id, member.details),
        "errors": {},
        "labels": detail_labels(),
        "towns": list(towns.items()),
        "kinds": list(address_kinds().items()),
        "languages": list(languages().items()),
        "ways": list(ways().items()),
        "history": history_rows(await history_of(tx, member.person.id), towns),
    }


@post("/{region:str}/balie/personen/{membership_id:uuid}/beschermen", opt=CLERK, include_in_schema=False)
async def protect_person(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[ProtectForm],
    services: NamedDependency[Services],
) -> Redirect:
    """Hide a person and their children from who has no pass or number of theirs, or end that."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await protect(tx, desk.counter, member.person.id, protected=data.is_on)
    done = "beschermd" if data.is_on else "onbeschermd"
    return see_other(desk.address("personen", f"{membership_id}?gedaan={done}"))


ROUTES: list[ControllerRouterHandler] = [show_details, change_details, protect_person]
