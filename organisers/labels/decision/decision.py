"""Decisions on a kind of label: the ruling, its reasons, and the outcome of the findings on that day."""

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
DecisionRefusal = OwnMunicipality | AssessedByYou | ReasonsMissing | NotifiedTooEarly


class Verdict(Struct, frozen=True):
    """A decision to take, under an id that the caller chose.

    `notified_on` is the day on which the municipality is notified. `deviation` is the reason why the ruling
    differs from the outcome of the findings; when they agree, it is not stored.
    """

    id: UUID
    dossier_id: UUID
    kind: Kind
    ruling: Ruling
    reasons: str
    notified_on: date
    deviation: str = ""


class Decision(Struct, frozen=True):
    """A stored decision. `by` is a name; `body`, `mandate` and `appeal` are those of the procedure then."""

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


async def decision_refusal(
    tx: Executor, dossier: Dossier, verdict: Verdict, by: Actor
) -> DecisionRefusal | None:
    """The refusal of a decision or withdrawal: its author may not decide, or its reasons or day are wrong."""
    refusal = await may_decide(tx, dossier, by)
    if refusal is not None:
        return refusal
    if not verdict.reasons.strip():
        return ReasonsMissing()
    return NotifiedTooEarly(verdict.notified_on) if verdict.notified_on < day_in_flanders(by.at) else None


async def compute(tx: Executor, dossier: Dossier, kind: Kind) -> Outcome:
    """The outcome of the rule of a kind on the present findings."""
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    return rules.outcome_of(kind, {each.code: each.figure for each in await read_findings(tx, dossier.id)})


async def store(tx: Executor, verdict: Verdict, computed: Outcome, rules: Procedure, by: Actor) -> None:
    """Write a decision, with the competent body, its mandate and the appeal of the procedure."""
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
    """The facts of a decision for the history."""
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
