"""The credit of a member at the counter: their purses, granting credit, and reversing a grant."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from credits.errors import AlreadyReversed, CannotReverse, TooLateToReverse
from credits.ledger.ledger import Granted
from credits.programme.form import GrantForm, ReverseGrantForm
from credits.programme.grant import (
    GrantRequest,
    MemberPurse,
    read_member,
    read_offers,
    read_purses,
)
from credits.settlement.reversal import Reversal, Reversed, reverse
from credits.wallet import giving
from uit.core.clock import day_in_flanders
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.decisions.decision import NewDecision, make_decision
from uit.passes.registration.counter_desk import (
    CLERK,
    CounterDesk,
    OpenMember,
    counter_desk_here,
    open_member,
)
from uit.services.services import Services
from uit.web.view import form_again, page, see_other

MOST_REASON: Final = 200


def notice_after(act: str) -> str | None:
    """What the page says after an act of this desk."""
    return {"gegeven": _("Het krediet is gegeven."), "terug": _("Het krediet is teruggenomen.")}.get(act)


@get(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet",
    opt=CLERK,
    include_in_schema=False,
)
async def show_credit(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    services: NamedDependency[Services],
    gedaan: FromQuery[str] = "",
) -> Template:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        await desk.counter.note(tx, "credit.read", "person", member.person.id)
        facts = await credit_facts(tx, services, desk, member)
    return page("credits/wallet/counter.html", **facts, flash=notice_after(gedaan))


async def credit_facts(
    tx: Executor, services: Services, desk: CounterDesk, member: OpenMember
) -> dict[str, Any]:
    """The facts for the page: purses, possible grants, and new ids for the forms."""
    rules = await read_member(tx, desk.region.id, member.membership.id)
    return {
        "region": desk.region,
        "may_issue": desk.may_issue,
        "member": member,
        "purses": await read_purses(tx, desk.region.id, member.membership.id),
        "offers": await read_offers(tx, desk.region.id, rules, desk.counter.now) if rules else [],
        "today": desk.counter.today,
        "new_id": services.ids.new,
    }


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet",
    opt=CLERK,
    include_in_schema=False,
)
async def give_credit(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    data: URLEncodedBody[GrantForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        wanted = GrantRequest(desk.region.id, data.grant_id, data.programme_id, membership_id)
        answer = await giving.give_credit(tx, desk.counter, services.ids, member.membership, wanted)
    return await credit_response(services, desk, member, answer, "gegeven")


@post(
    "/{region:str}/balie/personen/{membership_id:uuid}/krediet/{grant_id:uuid}/terugnemen",
    opt=CLERK,
    include_in_schema=False,
)
async def reverse_credit(
    request: StaffRequest,
    membership_id: FromPath[UUID],
    grant_id: FromPath[UUID],
    data: URLEncodedBody[ReverseGrantForm],
    services: NamedDependency[Services],
) -> Template | Redirect:
    desk = await counter_desk_here(request)
    async with services.database.transaction() as tx:
        member = await open_member(tx, desk, membership_id)
        purses = await read_purses(tx, desk.region.id, membership_id)
        purse = next((each for each in purses if each.id == grant_id), None)
        if purse is None:
            raise RefusalError(NotFound())
        answer = await reverse_grant(tx, desk, purse, data)
        if isinstance(answer, Reversed) and answer.new:
            await desk.counter.note(
                tx,
                "grant.reverse",
                "person",
                member.person.id,
                grant_id=str(grant_id),
                cents=answer.amount_cents,
            )
            await make_decision(
                tx, desk.counter, member.membership, decision_of(purse, data, desk.counter.today)
            )
    return await credit_response(services, desk, member, answer, "terug")


async def reverse_grant(
    tx: Executor, desk: CounterDesk, purse: MemberPurse, data: ReverseGrantForm
) -> Reversed | AlreadyReversed | CannotReverse | TooLateToReverse:
    """Reverse a grant on the day it was given. A repeat gets the same answer.

    Refused: TooLateToReverse on a later day, AlreadyReversed, CannotReverse.
    """
    given_on = day_in_flanders(purse.granted_at)
    if given_on != desk.counter.today:
        return TooLateToReverse(given_on)
    reason = one_line(data.reason)[:MOST_REASON] or "Vergissing aan de balie"
    wanted = Reversal(desk.region.id, data.reversal_id, purse.id, reason, data.release_id)
    return await reverse(tx, wanted, desk.counter.now)


def decision_of(purse: MemberPurse, data: ReverseGrantForm, today: date) -> NewDecision:
    """What the member reads of it: the same reason as the books have."""
    ground = one_line(data.reason)[:MOST_REASON] or _("Een vergissing aan de balie.")
    rule = _("Krediet dat niet gebruikt is, neemt de balie terug op de dag waarop ze het gaf.")
    return NewDecision(data.reversal_id, "grant_reversed", ground, rule, today, purse.programme)


async def credit_response(
    services: Services, desk: CounterDesk, member: OpenMember, answer: Granted | Reversed | Refusal, done: str
) -> Template | Redirect:
    if not isinstance(answer, Refusal):
        return see_other(desk.address("personen", f"{member.membership.id}/krediet?gedaan={done}"))
    async with services.database.reading() as connection:
        facts = await credit_facts(connection, services, desk, member)
    return form_again("credits/wallet/counter.html", answer, **facts)


ROUTES: list[ControllerRouterHandler] = [show_credit, give_credit, reverse_credit]
