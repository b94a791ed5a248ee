"""Deciding on one kind of label: granted or refused, with reasons. A grant makes an award at once."""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from organisers.labels.criteria.rule import Outcome
from organisers.labels.decision import award
from organisers.labels.decision.decision import (
    Decision,
    DecisionRefusal,
    Verdict,
    by_id,
    compute,
    decision_refusal,
    facts_of,
    read_decisions,
    store,
)
from organisers.labels.dossier.dossier import Dossier, lock
from organisers.labels.dossier.history import Act, Actor, append
from organisers.labels.errors import (
    AlreadyDecided,
    DeviationUnexplained,
    DossierUnknown,
    KindNotAsked,
    NotAssessed,
)
from organisers.labels.procedure import procedure
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor

FOLLOWS_OUTCOME = {("granted", Outcome.MET), ("refused", Outcome.NOT_MET)}

DecideRefusal = (
    DecisionRefusal | DossierUnknown | NotAssessed | KindNotAsked | AlreadyDecided | DeviationUnexplained
)


class ReadyVerdict(Struct, frozen=True):
    """A decision that nothing is in the way of, on a dossier that is locked."""

    verdict: Verdict
    dossier: Dossier
    computed: Outcome


async def decide(tx: Executor, verdict: Verdict, by: Actor) -> Decision | DecideRefusal:
    """Grant or refuse one kind of label of a dossier.

    When all kinds of the dossier are decided, the dossier is closed. Answers as `ready_to_decide`.
    """
    ready = await ready_to_decide(tx, verdict, by)
    return await write(tx, ready, by) if isinstance(ready, ReadyVerdict) else ready


async def ready_to_decide(
    tx: Executor, verdict: Verdict, by: Actor
) -> ReadyVerdict | Decision | DecideRefusal:
    """Whether a decision can be taken. A repeat under the same id returns the stored decision.

    Refused: AlreadyDecided for another decision on the kind, NotAssessed, KindNotAsked, DeviationUnexplained
    for a ruling that does not follow from the findings, and `DecisionRefusal`.
    """
    dossier = await lock(tx, verdict.dossier_id)
    if isinstance(dossier, DossierUnknown):
        return dossier
    decisions = await read_decisions(tx, dossier.id)
    earlier = earlier_decision(verdict, decisions)
    if earlier is not None:
        return earlier
    refusal = readiness_refusal(dossier, verdict) or await decision_refusal(tx, dossier, verdict, by)
    if refusal is not None:
        return refusal
    computed = await compute(tx, dossier, verdict.kind)
    if (verdict.ruling, computed) in FOLLOWS_OUTCOME:
        verdict = msgspec.structs.replace(verdict, deviation="")
    elif not verdict.deviation.strip():
        return DeviationUnexplained(verdict.ruling, computed.value)
    return ReadyVerdict(verdict, dossier, computed)


def earlier_decision(verdict: Verdict, decisions: Sequence[Decision]) -> Decision | AlreadyDecided | None:
    """The earlier decision on this kind; AlreadyDecided when it has another id."""
    earlier = next(
        (each for each in decisions if each.kind == verdict.kind and each.ruling != "withdrawn"), None
    )
    if earlier is None or earlier.id == verdict.id:
        return earlier
    return AlreadyDecided(verdict.kind, earlier.ruling)


def readiness_refusal(dossier: Dossier, verdict: Verdict) -> NotAssessed | KindNotAsked | None:
    if verdict.kind not in dossier.kinds:
        return KindNotAsked(verdict.kind)
    return None if dossier.state == "assessed" else NotAssessed(dossier.state)


async def write(tx: Executor, ready: ReadyVerdict, by: Actor) -> Decision:
    verdict, dossier, computed = ready.verdict, ready.dossier, ready.computed
    rules = await procedure.read(tx, dossier.programme, dossier.procedure_version)
    await store(tx, verdict, computed, rules, by)
    number = None
    if verdict.ruling == "granted":
        number = (await award.issue(tx, verdict, dossier, rules, day_in_flanders(by.at))).number
    decisions = await read_decisions(tx, dossier.id)
    is_last = {each.kind for each in decisions} >= set(dossier.kinds)
    facts = facts_of(verdict, computed, number)
    act = Act("decide", "decided" if is_last else "assessed", verdict.reasons.strip(), facts)
    await append(tx, dossier.head, by, act)
    made = by_id(decisions, verdict.id)
    assert made is not None
    return made
