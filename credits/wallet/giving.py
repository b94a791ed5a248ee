"""Giving credit to a member who is there: at a counter, or at the service that helps them."""

from datetime import date
from uuid import uuid5

from credits.errors import BudgetSpent, NotEntitled
from credits.ledger.ledger import Granted
from credits.programme.grant import GrantRefusal, GrantRequest, grant_credit
from credits.worklist.worklist import note_refusal
from uit.core.ids import Ids
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.passes.decisions.decision import NewDecision, OfMember, ServedBy, make_decision, note_about
from uit.services.audit import Author


async def give_credit(  # noqa: PLR0913  who gives what to whom
    tx: Executor,
    author: Author,
    ids: Ids,
    member: OfMember,
    wanted: GrantRequest,
    *,
    served_by: ServedBy | None = None,
) -> Granted | GrantRefusal:
    """Grant credit, or refuse it with why: as a decision for the member, once for a form, and as a task.

    `served_by`: the service that gives it, where one does. Refused as `grant_credit` does.
    """
    answer = await grant_credit(tx, wanted, ids, author.now)
    await note_refusal(tx, wanted, answer, author.now)
    if isinstance(answer, NotEntitled | BudgetSpent):
        await make_decision(tx, author, member, refused(wanted, answer, author.today), served_by)
    elif isinstance(answer, Granted) and answer.new:
        facts: dict[str, str | int] = {"grant_id": str(wanted.id), "cents": answer.amount_cents}
        await note_about(tx, author, "grant.give", member, served_by, **facts)
    return answer


def refused(wanted: GrantRequest, answer: NotEntitled | BudgetSpent, today: date) -> NewDecision:
    """What the member reads of credit that was asked for them and not given."""
    if isinstance(answer, BudgetSpent):
        ground = _("Het geld van dit programma is op.")
        rule = _("Een programma geeft krediet zolang zijn budget duurt.")
    else:
        ground = _("Je voldoet niet aan alle voorwaarden van dit programma.")
        rule = _(
            "Een programma zegt voor welke leeftijd en gemeente het is, en of er een kansentarief nodig is."
        )
    return NewDecision(uuid5(wanted.id, "refused"), "grant_refused", ground, rule, today, answer.programme)
