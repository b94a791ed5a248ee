"""Withdrawing a label, with reasons: from that day the award is not in the register."""

from msgspec import Struct

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
from organisers.labels.errors import AlreadyWithdrawn, AwardUnknown, DossierUnknown
from organisers.labels.procedure import procedure
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor

WithdrawRefusal = DecisionRefusal | DossierUnknown | AwardUnknown | AlreadyWithdrawn


class ReadyWithdrawal(Struct, frozen=True):
    """A withdrawal that nothing is in the way of, of the award with this number; the dossier is locked."""

    dossier: Dossier
    number: str


async def withdraw(tx: Executor, verdict: Verdict, by: Actor) -> Decision | WithdrawRefusal:
    """Withdraw the award of one kind. Answers as `ready_to_withdraw`."""
    ready = await ready_to_withdraw(tx, verdict, by)
    return await write(tx, ready, verdict, by) if isinstance(ready, ReadyWithdrawal) else ready


async def ready_to_withdraw(
    tx: Executor, verdict: Verdict, by: Actor
) -> ReadyWithdrawal | Decision | WithdrawRefusal:
    """Whether a withdrawal can be done. A repeat under the same id returns the stored decision.

    Refused: DossierUnknown, AwardUnknown, AlreadyWithdrawn, and `DecisionRefusal`.
    """
    dossier = await lock(tx, verdict.dossier_id)
    if isinstance(dossier, DossierUnknown):
        return dossier
    awards = {each.kind: each for each in await award.read_awards(tx, dossier.id)}
    given, today = awards.get(verdict.kind), day_in_flanders(by.at)
    if given is None or given.ends_on < today:
        return AwardUnknown()
    if given.withdrawn_on is not None:
        earlier = by_id(await read_decisions(tx, dossier.id), verdict.id)
        return earlier or AlreadyWithdrawn(given.number, given.withdrawn_on)
    refusal = await decision_refusal(tx, dossier, verdict, by)
    return refusal or ReadyWithdrawal(dossier, given.number)


async def write(tx: Executor, ready: ReadyWithdrawal, verdict: Verdict, by: Actor) -> Decision:
    dossier = ready.dossier
    computed = await compute(tx, dossier, verdict.kind)
    rules = await procedure.read(tx, dossier.programme, dossier.procedure_version)
    await store(tx, verdict, computed, rules, by)
    await award.end(tx, dossier, verdict.kind, day_in_flanders(by.at))
    act = Act("withdraw", dossier.state, verdict.reasons.strip(), facts_of(verdict, computed, ready.number))
    await append(tx, dossier.head, by, act)
    made = by_id(await read_decisions(tx, dossier.id), verdict.id)
    assert made is not None
    return made
