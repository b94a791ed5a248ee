"""What the assessor finds, each with its ground; next to what the municipality says, never in its place."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.dossier.dossier import Dossier, lock
from organisers.labels.dossier.history import Act, Actor, Facts, append
from organisers.labels.dossier.impartiality import may_judge
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
    """The figure that was established, and on what ground. No figure: it could not be established."""

    code: str
    figure: int | None
    ground: str


write_findings = SQL.command("write_findings")
read_findings = SQL.many("read_findings", Finding)

NotNow = DossierUnknown | NotUnderReview | OwnMunicipality


async def record(
    tx: Executor, dossier_id: UUID, findings: Sequence[Finding], by: Actor
) -> NotNow | GroundMissing | None:
    """Keep these findings; earlier ones on the same questions are replaced, and stay in the history."""
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    without = {each.code for each in findings if not each.ground.strip()}
    if without:
        return GroundMissing(await questions(tx, dossier, without))
    if findings:
        await write_findings(tx, dossier.id, msgspec.json.encode(findings).decode(), by.staff_id, by.at)
        figures: Facts = {each.code: each.figure for each in findings}
        grounds: Facts = {f"{each.code}_ground": each.ground for each in findings}
        reason = "; ".join(dict.fromkeys(each.ground for each in findings))
        await append(tx, dossier.head, by, Act("find", "submitted", reason, {**figures, **grounds}))
    return None


async def hand_over(tx: Executor, dossier_id: UUID, by: Actor) -> NotNow | FindingsMissing | None:
    """All was looked at: whoever decides can go on."""
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    found = {each.code for each in await read_findings(tx, dossier.id)}
    left = tuple(each.question for each in rules.asked(dossier.kinds) if each.code not in found)
    if left:
        return FindingsMissing(left)
    await append(tx, dossier.head, by, Act("hand_over", "assessed"))
    return None


async def ask(tx: Executor, dossier_id: UUID, question: str, by: Actor) -> NotNow | QuestionMissing | None:
    """Ask the municipality something: it may change its answers, and the clock stands still meanwhile."""
    dossier = await lock_for_assessor(tx, dossier_id, by)
    if not isinstance(dossier, Dossier):
        return dossier
    if not question.strip():
        return QuestionMissing()
    await append(tx, dossier.head, by, Act("ask", "question", reason=question.strip()))
    return None


async def lock_for_assessor(tx: Executor, dossier_id: UUID, by: Actor) -> Dossier | NotNow:
    """The dossier, when it was submitted and this assessor may judge it."""
    dossier = await lock(tx, dossier_id)
    if isinstance(dossier, DossierUnknown):
        return dossier
    if dossier.state != "submitted":
        return NotUnderReview(dossier.state)
    return await may_judge(tx, dossier, by) or dossier


async def questions(tx: Executor, dossier: Dossier, codes: set[str]) -> tuple[str, ...]:
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    return tuple(each.question for each in rules.criteria if each.code in codes)
