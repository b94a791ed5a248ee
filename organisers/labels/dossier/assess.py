"""Findings of the assessor, each with its ground. They are stored beside the claims of the municipality."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.dossier.claim import as_fact
from organisers.labels.dossier.dossier import Dossier, lock
from organisers.labels.dossier.history import Act, Actor, Facts, append
from organisers.labels.dossier.impartiality import may_assess
from organisers.labels.errors import (
    DossierUnknown,
    FindingsMissing,
    GroundMissing,
    NotUnderReview,
    OwnMunicipality,
    QuestionMissing,
)
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Finding(Struct, frozen=True):
    """An established figure and its ground. `figure` is None when it could not be established."""

    code: str
    figure: Decimal | None
    ground: str


write_findings = SQL.command("write_findings")
read_findings = SQL.many("read_findings", Finding)

AssessRefusal = DossierUnknown | NotUnderReview | OwnMunicipality


async def record(
    tx: Executor, dossier_id: UUID, findings: Sequence[Finding], by: Actor
) -> AssessRefusal | GroundMissing | None:
    """Store findings. Earlier findings on the same criteria are replaced, and stay in the history.

    Refused: GroundMissing and `AssessRefusal`.
    """
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    without_ground = {each.code for each in findings if not each.ground.strip()}
    if without_ground:
        return GroundMissing(await questions(tx, dossier, without_ground))
    if findings:
        await write_findings(tx, dossier.id, msgspec.json.encode(findings).decode(), by.staff_id, by.at)
        figures: Facts = {each.code: as_fact(each.figure) for each in findings}
        grounds: Facts = {f"{each.code}_ground": each.ground for each in findings}
        reason = "; ".join(dict.fromkeys(each.ground for each in findings))
        await append(tx, dossier.head, by, Act("find", "submitted", reason, {**figures, **grounds}))
    return None


async def hand_over(tx: Executor, dossier_id: UUID, by: Actor) -> AssessRefusal | FindingsMissing | None:
    """Hand over an assessed dossier to who decides. Refused: as `ready_to_hand_over`."""
    dossier = await ready_to_hand_over(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    await append(tx, dossier.head, by, Act("hand_over", "assessed"))
    return None


async def ready_to_hand_over(
    tx: Executor, dossier_id: UUID, by: Actor
) -> Dossier | AssessRefusal | FindingsMissing:
    """The dossier, locked, when all of it is assessed. Refused: FindingsMissing and `AssessRefusal`."""
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    found = {each.code for each in await read_findings(tx, dossier.id)}
    left = tuple(each.question for each in rules.asked(dossier.kinds) if each.code not in found)
    return FindingsMissing(left) if left else dossier


async def ask_question(
    tx: Executor, dossier_id: UUID, question: str, by: Actor
) -> AssessRefusal | QuestionMissing | None:
    """Ask the municipality a question. Until it answers, it may change its claims and the term does not run.

    Refused: QuestionMissing and `AssessRefusal`.
    """
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    if not question.strip():
        return QuestionMissing()
    await append(tx, dossier.head, by, Act("ask", "question", reason=question.strip()))
    return None


async def lock_for_assessor(tx: Executor, dossier_id: UUID, by: Actor) -> Dossier | AssessRefusal:
    """Lock a dossier that was submitted and that this assessor may assess. Refused: `AssessRefusal`."""
    dossier = await lock(tx, dossier_id)
    if isinstance(dossier, DossierUnknown):
        return dossier
    if dossier.state != "submitted":
        return NotUnderReview(dossier.state)
    return await may_assess(tx, dossier, by) or dossier


async def questions(tx: Executor, dossier: Dossier, codes: set[str]) -> tuple[str, ...]:
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    return tuple(each.question for each in rules.criteria if each.code in codes)
