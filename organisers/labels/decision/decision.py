"""A reasoned decision on one kind, as it stands in a dossier next to what the findings came to that day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Kind
from organisers.labels.criteria.rule import Outcome
from organisers.labels.dossier.assess import read_findings
from organisers.labels.dossier.dossier import Dossier
from organisers.labels.dossier.history import Actor, Facts
from organisers.labels.dossier.impartiality import may_decide
from organisers.labels.errors import AssessedByYou, NotifiedTooEarly, OwnMunicipality, ReasonsMissing
from organisers.labels.procedure.procedure import Procedure
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Ruling = Literal["granted", "refused", "withdrawn"]
Computed = Literal["met", "not_met", "cannot_decide"]
Barred = OwnMunicipality | AssessedByYou | ReasonsMissing | NotifiedTooEarly


class Verdict(Struct, frozen=True):
    """What somebody decides, under an id of their choice: with another id it is another decision.

    `notified_on` is the day the municipality hears it. `deviation` says why the decision differs from
    what the findings come to; where it does not differ, it is not kept.
    """

    id: UUID
    dossier_id: UUID
    kind: Kind
    ruling: Ruling
    reasons: str
    notified_on: date
    deviation: str = ""


class Decision(Struct, frozen=True):
    """`by` is the name of whoever decided; `body`, `mandate` and `appeal` are the procedure's of that day."""

    id: UUID
    kind: Kind
    ruling: Ruling
    computed: Computed
    reasons: str
    deviation: str
    by: str
    at: datetime
    notified_on: date
    body: str
    mandate: str
    appeal: str


insert_decision = SQL.command("insert_decision")
read_decisions = SQL.many("read_decisions", Decision)


async def barred(tx: Executor, dossier: Dossier, verdict: Verdict, by: Actor) -> Barred | None:
    """What stands in the way of any decision: who decides, or what it does not say."""
    refusal = await may_decide(tx, dossier, by)
    if refusal is not None:
        return refusal
    if not verdict.reasons.strip():
        return ReasonsMissing()
    return NotifiedTooEarly(verdict.notified_on) if verdict.notified_on < day_in_flanders(by.at) else None


async def compute(tx: Executor, dossier: Dossier, kind: Kind) -> Outcome:
    """What the rules say of the findings as they stand."""
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    return rules.judge(kind, {each.code: each.figure for each in await read_findings(tx, dossier.id)})


async def store(tx: Executor, verdict: Verdict, computed: Outcome, rules: Procedure, by: Actor) -> None:
    """Write a decision, with who was competent and how one appeals, as the procedure says it now."""
    await insert_decision(
        tx,
        verdict.id,
        verdict.dossier_id,
        verdict.kind,
        verdict.ruling,
        computed.value,
        verdict.reasons.strip(),
        verdict.deviation.strip(),
        by.staff_id,
        by.at,
        verdict.notified_on,
        rules.body,
        rules.mandate,
        rules.appeal,
    )


def facts_of(verdict: Verdict, computed: Outcome, number: str | None) -> Facts:
    """What the history keeps of a decision, next to its reasons."""
    return {
        "kind": verdict.kind,
        "ruling": verdict.ruling,
        "computed": computed.value,
        "deviation": verdict.deviation.strip(),
        "notified_on": verdict.notified_on.isoformat(),
        "number": number,
    }


def by_id(decisions: Sequence[Decision], decision_id: UUID) -> Decision | None:
    return next((each for each in decisions if each.id == decision_id), None)
