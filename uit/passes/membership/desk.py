"""The desk for a membership: its social tariff, its last day and its end, also of those that nobody uses."""

from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, authenticator_of
from uit.passes.errors import MembershipEnded
from uit.passes.membership.ending import EndedMembership, end, resume, set_last_day
from uit.passes.membership.membership import Membership
from uit.passes.membership.moving import leave
from uit.passes.membership.social_tariff import Proof, allow_social_tariff
from uit.passes.membership.unused import keep, read_warned
from uit.passes.registration.counter_desk import CLERK, CounterDesk, counter_desk_here, open_member
from uit.passes.registration.form import EndForm, LastDayForm, SocialForm, WantedEnd
from uit.passes.registration.person_page import person_again, person_facts
from uit.services.services import Services
from uit.web.view import page, see_other

MOST_SHOWN: Final = 100


# The social tariff


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/kansentarief",
    opt=CLERK,
    include_in_schema=False,
)
async def set_social_tariff(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[SocialForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        proof = data.read(request.user.staff_id, desk.counter.today)
        if isinstance(proof, Proof):
            answer = await allow_social_tariff(tx, desk.counter, member.membership, proof)
            if isinstance(answer, NotFound):
                raise RefusalError(answer)
            return see_other(desk.address("personen", f"{membership_id}?gedaan=kansentarief"))
    return desk.page(
        "person", 422, **person_facts(services, desk, member) | {"social": data, "errors": proof}
    )


# The last day of a membership, and its end


@post("/{region:str}/balie/personen/{membership_id:uuid}/laatste-dag", opt=CLERK, include_in_schema=False)
async def write_last_day(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[LastDayForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    last_day = data.read(desk.counter.today)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if isinstance(last_day, dict):
            facts = person_facts(services, desk, member) | {"last_day": data.ends_on, "errors": last_day}
            return desk.page("person", 422, **facts)
        answer = await set_last_day(tx, desk.counter, membership_id, last_day)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=dag"))


@post("/{region:str}/balie/personen/{membership_id:uuid}/einde", opt=CLERK, include_in_schema=False)
async def end_membership(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[EndForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    wanted = data.read(desk.counter.today)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if isinstance(wanted, dict):
            facts = person_facts(services, desk, member) | {"why": data.why, "leaves_on": data.last_day}
            return desk.page("person", 422, **facts | {"errors": wanted})
        answer = await end_or_leave(tx, desk, membership_id, wanted)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    if isinstance(answer, EndedMembership):
        await answer.forget(authenticator_of(request))
    done = "einde" if isinstance(answer, EndedMembership) else "vertrek"
    return see_other(desk.address("personen", f"{membership_id}?gedaan={done}"))


async def end_or_leave(
    tx: Executor, desk: CounterDesk, membership_id: UUID, wanted: WantedEnd
) -> EndedMembership | Membership | NotFound | MembershipEnded:
    """Who moves may be a member until a day that is still to come."""
    if wanted.last_day:
        return await leave(tx, desk.counter, membership_id, wanted.last_day)
    return await end(tx, desk.counter, membership_id, wanted.why)


@post("/{region:str}/balie/personen/{membership_id:uuid}/einde/hervatten", opt=CLERK, include_in_schema=False)
async def resume_membership(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await resume(tx, desk.counter, membership_id)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=terug"))


# Memberships that nobody uses


@get("/{region:str}/balie/ongebruikt", opt=CLERK, include_in_schema=False)
async def show_unused(request: StaffRequest, services: NamedDependency[Services]) -> Template:
    """Whom we cannot mail that their membership ends: somebody calls them, or tells them otherwise."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        found = await read_warned(tx, desk.region.id, desk.counter.towns, MOST_SHOWN + 1)
        warned = found[:MOST_SHOWN]
        await desk.counter.note_search(tx, "unused", [each.person_id for each in warned])
    return page(
        "passes/membership/unused.html",
        region=desk.region,
        may_issue=desk.may_issue,
        warned=warned,
        more=len(found) > MOST_SHOWN,
    )


@post("/{region:str}/balie/personen/{membership_id:uuid}/houden", opt=CLERK, include_in_schema=False)
async def keep_membership(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await keep(tx, desk.counter, membership_id)
    if isinstance(answer, Refusal):
        raise RefusalError(answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=houden"))


ROUTES: list[ControllerRouterHandler] = [
    set_social_tariff,
    write_last_day,
    end_membership,
    resume_membership,
    show_unused,
    keep_membership,
]
