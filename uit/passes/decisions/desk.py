"""Decisions at a counter: noting one with its grounds, and answering who asks to look at it again."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, staff
from uit.identity.staff.role import REGION_OFFICER
from uit.passes.decisions.decision import (
    NewDecision,
    ReviewAnswer,
    ReviewSetting,
    answer,
    made_by,
    make_decision,
    read_decisions,
    read_waiting,
    setting_of,
    what_words,
    write_setting,
)
from uit.passes.decisions.form import (
    AnswerForm,
    DecisionForm,
    SettingForm,
    decision_labels,
    first_decision,
    noted,
    outcomes,
    setting_labels,
)
from uit.passes.membership.social_tariff import end_social_tariff
from uit.passes.registration.counter_desk import (
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

DECIDES: Final = staff("clerk", "programme_officer", within_town=True)
OFFICER: Final = staff(REGION_OFFICER)
OF_PERSON: Final = "/{region:str}/balie/personen/{membership_id:uuid}/beslissingen"
SETTING: Final = "/{region:str}/beheer/beslissingen"
TEMPLATE: Final = "passes/decisions/desk.html"
MOST_SHOWN: Final = 100
Given = NamedDependency[Services]


@get("/{region:str}/balie/herbekijken", opt=DECIDES, include_in_schema=False)
async def show_waiting(request: StaffRequest, services: Given) -> Template:
    """Who asks that a decision is looked at again, the longest waiting first."""
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        waiting = await read_waiting(tx, desk.region.id, desk.counter.towns, MOST_SHOWN)
        await desk.counter.note(tx, "person.search", "region", desk.region.id, by="decisions")
    return page(
        "passes/decisions/waiting.html",
        region=desk.region,
        may_issue=desk.may_issue,
        waiting=waiting,
        words=what_words(),
    )


@get(OF_PERSON, opt=DECIDES, include_in_schema=False)
async def show_decisions(request: StaffRequest, membership_id: FromPath[UUID], services: Given) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note_look(tx, member.person.id, "decisions")
        facts = await decision_facts(tx, services, desk, member)
    return page(TEMPLATE, **facts)


@post(OF_PERSON, opt=DECIDES, include_in_schema=False)
async def note_decision(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[DecisionForm],
    services: Given,
) -> Template | Redirect:
    """Write down a decision; one that ends the social tariff ends it as well."""
    desk, wanted = await counter_desk_here(request), data.read()
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        if not isinstance(wanted, NewDecision):
            facts = await decision_facts(tx, services, desk, member)
            return page(TEMPLATE, UNPROCESSABLE, **facts | {"typed": data, "errors": wanted})
        decide = end_social_tariff if wanted.what == "social_tariff_ended" else make_decision
        answered = await decide(tx, desk.counter, member.membership, wanted)
    if isinstance(answered, NotFound):
        raise RefusalError(answered)
    return see_other(desk.address("personen", membership_id, "beslissingen"))


@post(f"{OF_PERSON}/{{decision_id:uuid}}/antwoord", opt=DECIDES, include_in_schema=False)
async def answer_decision(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    decision_id: FromPath[UUID],
    data: URLEncodedBody[AnswerForm],
    services: Given,
) -> Template | Redirect:
    desk, errors, chosen = await counter_desk_here(request), data.errors(), data.chosen
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        facts = await decision_facts(tx, services, desk, member) | {"answered": data}
        if errors or chosen is None:
            return page(TEMPLATE, UNPROCESSABLE, **facts | {"errors": errors})
        given = ReviewAnswer(decision_id, chosen, one_line(data.answer))
        done = await answer(tx, desk.counter, member.membership, given)
    if isinstance(done, Refusal):
        return form_again(TEMPLATE, done, **facts)
    return see_other(desk.address("personen", membership_id, "beslissingen"))


async def decision_facts(
    tx: Executor, services: Services, desk: CounterDesk, member: OpenMember
) -> dict[str, Any]:
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "decisions": await read_decisions(tx, desk.region.id, member.membership.id),
        "own": await made_by(tx, desk.region.id, member.membership.id, desk.counter.actor_id),
        "words": what_words(),
        "kinds": list(noted().items()),
        "outcomes": list(outcomes().items()),
        "typed": first_decision(str(services.ids.new()), desk.counter.today),
        "answered": AnswerForm(),
        "labels": decision_labels(),
        "errors": {},
    }


@get(SETTING, opt=OFFICER, include_in_schema=False)
async def show_setting(request: StaffRequest, services: Given) -> Template:
    region = await region_here(request)
    async with services.database.reading() as connection:
        now = await setting_of(connection, region.id)
    return await setting_page(request, SettingForm(now.reviewer, now.complaints))


@post(SETTING, opt=OFFICER, include_in_schema=False)
async def change_setting(
    request: StaffRequest, data: URLEncodedBody[SettingForm], services: Given
) -> Template | Redirect:
    """Who looks again and where to complain, for decisions from now on."""
    author, wanted = await author_here(request), data.read()
    if not isinstance(wanted, ReviewSetting):
        return await setting_page(request, data, wanted)
    async with services.database.transaction() as tx:
        await write_setting(tx, author.region_id, wanted.reviewer, wanted.complaints, author.now)
        await author.note(tx, "review_setting.write", "region", author.region_id)
    return see_other(f"/{(await region_here(request)).slug}/beheer/beslissingen")


async def setting_page(
    request: StaffRequest, typed: SettingForm, errors: dict[str, str] | None = None
) -> Template:
    region = await region_here(request)
    return page(
        "passes/decisions/setting.html",
        UNPROCESSABLE if errors else 200,
        region=region,
        own=f"/{region.slug}/beheer",
        typed=typed,
        errors=errors or {},
        labels=setting_labels(),
    )


ROUTES: list[ControllerRouterHandler] = [
    show_waiting,
    show_decisions,
    note_decision,
    answer_decision,
    show_setting,
    change_setting,
]
