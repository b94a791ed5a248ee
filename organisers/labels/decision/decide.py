"""Deciding on a kind: granted or refused, with reasons. What is granted stands in the register at once."""

from collections.abc import Sequence

import msgspec

from organisers.labels.criteria.rule import Outcome
from organisers.labels.decision import award
from organisers.labels.decision.decision import (
    Barred,
    Decision,
    Verdict,
    barred,
    by_id,
    compute,
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

FOLLOWS = {("granted", Outcome.MET), ("refused", Outcome.NOT_MET)}

Objection = Barred | DossierUnknown | NotAssessed | KindNotAsked | AlreadyDecided | DeviationUnexplained


async def decide(tx: Executor, verdict: Verdict, by: Actor) -> Decision | Objection:
    """Grant or refuse one kind; the other kind of the dossier is decided apart.

    A repeat under the same id gets the decision as it stands; another decision on the same kind is refused.
    Once every kind that was asked is decided, the dossier is closed.
    """
    dossier = await lock(tx, verdict.dossier_id)
    if isinstance(dossier, DossierUnknown):
        return dossier
    decisions = await read_decisions(tx, dossier.id)
    earlier = stored(verdict, decisions)
    if earlier is not None:
        return earlier
    objection = not_ready(dossier, verdict) or await barred(tx, dossier, verdict, by)
    if objection is not None:
        return objection
    computed = await compute(tx, dossier, verdict.kind)
    if (verdict.ruling, computed) in FOLLOWS:
        verdict = msgspec.structs.replace(verdict, deviation="")
    elif not verdict.deviation.strip():
        return DeviationUnexplained(verdict.ruling, computed.value)
    return await write(tx, dossier, verdict, computed, by)


def stored(verdict: Verdict, decisions: Sequence[Decision]) -> Decision | AlreadyDecided | None:
    """The decision that this kind has already; refused when it is not this very one."""
    earlier = next(
        (each for each in decisions if each.kind == verdict.kind and each.ruling != "withdrawn"), None
    )
    if earlier is None or earlier.id == verdict.id:
        return earlier
    return AlreadyDecided(verdict.kind, earlier.ruling)


def not_ready(dossier: Dossier, verdict: Verdict) -> NotAssessed | KindNotAsked | None:
    if verdict.kind not in dossier.kinds:
        return KindNotAsked(verdict.kind)
    return None if dossier.state == "assessed" else NotAssessed(dossier.state)


async def write(tx: Executor, dossier: Dossier, verdict: Verdict, computed: Outcome, by: Actor) -> Decision:
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
