"""The desk for who was registered twice: find the other, lay both side by side, merge, and undo that."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.merging.comparing import compare, part_labels
from reservations.merging.form import FindDoubleForm, MergeForm, UnmergeForm
from reservations.merging.merging import merge
from reservations.merging.undoing import undo
from uit.core.errors import Refusal, RefusalError
from uit.core.one_line import one_line
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, authenticator_of
from uit.passes.card.number import grouped
from uit.passes.errors import CannotMerge
from uit.passes.registration import search
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.passes.registration.likeness import LikelyMember, Typed, likely_members, why_words
from uit.passes.registration.person_page import person_again
from uit.services.services import Services
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

DOUBLES: Final = "reservations/merging/doubles.html"
COMPARE: Final = "reservations/merging/compare.html"
MOST_TYPED: Final = 200


@get("/{region:str}/balie/personen/{membership_id:uuid}/dubbels", opt=CLERK, include_in_schema=False)
async def show_doubles(
    request: StaffRequest, membership_id: FromPath[UUID], services: NamedDependency[Services]
) -> Template:
    """Who is like this person; none of them is opened."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await mergeable_here(tx, desk, membership_id)
        typed = Typed(member.details.full_name, member.details.born_on)
        likely = [
            each
            for each in await likely_members(tx, desk.counter, typed)
            if each.hit.membership_id != membership_id and each.hit.is_active
        ]
        await desk.counter.note_search(tx, "likeness", [each.hit.person_id for each in likely])
    return page(DOUBLES, **doubles_facts(desk, member, likely=likely))


@post("/{region:str}/balie/personen/{membership_id:uuid}/dubbels", opt=CLERK, include_in_schema=False)
async def find_double(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[FindDoubleForm],
    services: NamedDependency[Services],
) -> Template:
    """Another who is the same, by what a clerk types; who is protected is not among them."""
    desk, typed = await counter_desk_here(request), one_line(data.typed[:MOST_TYPED])
    async with services.database.transaction() as tx:
        member = await mergeable_here(tx, desk, membership_id)
        hits = await search.find(tx, services.secrets, desk.counter, typed, mock=services.settings.is_example)
        if isinstance(hits, Refusal):
            return form_again(DOUBLES, hits, **doubles_facts(desk, member, typed=typed))
        found = await search.read_hits(tx, desk.counter, hits.membership_ids)
        found = [each for each in found if not each.is_protected and each.membership_id != membership_id]
        await desk.counter.note_search(tx, hits.by, [each.person_id for each in found])
    return page(DOUBLES, **doubles_facts(desk, member, typed=typed, found=found))


def doubles_facts(
    desk: CounterDesk,
    member: OpenMember,
    typed: str = "",
    likely: Sequence[LikelyMember] = (),
    found: Sequence[search.SearchHit] | None = None,
) -> dict[str, Any]:
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "typed": typed,
        "likely": likely,
        "found": found,
        "whys": why_words(),
        "grouped": grouped,
    }


async def mergeable_here(tx: Executor, desk: CounterDesk, membership_id: UUID) -> OpenMember:
    """A member whom this desk may see. Raises CannotMerge for who is protected."""
    member = await open_member(tx, desk, membership_id)
    if member.is_protected:
        raise RefusalError(CannotMerge("protected"))
    await desk.counter.note(tx, "person.read", "person", member.person.id)
    return member


@get(
    "/{region:str}/balie/personen/{membership_id:uuid}/samenvoegen/{other_id:uuid}",
    opt=CLERK,
    include_in_schema=False,
)
async def show_both(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    other_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Template:
    desk = await counter_desk_here(request)
    form = MergeForm(services.ids.new(), keep=str(membership_id))
    async with services.database.transaction() as tx:
        facts = await facts_of_both(tx, desk, membership_id, other_id)
    return page(COMPARE, **facts, form=form, errors={})


async def facts_of_both(
    tx: Executor, desk: CounterDesk, membership_id: UUID, other_id: UUID
) -> dict[str, Any]:
    """Raises CannotMerge for one person twice."""
    if membership_id == other_id:
        raise RefusalError(CannotMerge("over"))
    left = await mergeable_here(tx, desk, membership_id)
    right = await mergeable_here(tx, desk, other_id)
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "labels": part_labels(),
        "both": await compare(tx, desk, left, right),
    }


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/samenvoegen/{other_id:uuid}",
    opt=CLERK,
    include_in_schema=False,
)
async def merge_both(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    other_id: FromPath[UUID],
    data: URLEncodedBody[MergeForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    """Merges, and opens the one that stays; who was signed in as the other is so no more."""
    desk = await counter_desk_here(request)
    wanted = data.read(membership_id, other_id)
    async with services.database.transaction() as tx:
        facts = await facts_of_both(tx, desk, membership_id, other_id)
        if isinstance(wanted, dict):
            return page(COMPARE, UNPROCESSABLE, **facts, form=data, errors=wanted)
        answer = await merge(tx, desk.counter, wanted)
    if isinstance(answer, Refusal):
        return form_again(COMPARE, answer, **facts, form=data, errors={})
    await answer.forget(authenticator_of(request))
    return see_other(desk.address("personen", f"{wanted.kept_id}?gedaan=samengevoegd"))


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/samengevoegd/{merge_id:uuid}/ongedaan",
    opt=CLERK,
    include_in_schema=False,
)
async def undo_merge(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    merge_id: FromPath[UUID],
    data: URLEncodedBody[UnmergeForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        await open_member(tx, desk, membership_id)
        answer = await undo(tx, desk.counter, merge_id, membership_id, data.undo_id)
    if isinstance(answer, Refusal):
        return await person_again(services, desk, membership_id, answer)
    return see_other(desk.address("personen", f"{membership_id}?gedaan=gesplitst"))


ROUTES: list[ControllerRouterHandler] = [show_doubles, find_double, show_both, merge_both, undo_merge]
