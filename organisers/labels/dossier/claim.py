"""Claims of a municipality: its answers to the criteria, saved in parts, and submitted when complete."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Criterion
from organisers.labels.dossier.dossier import Dossier, lock_for_municipality
from organisers.labels.dossier.history import Act, Actor, Facts, append
from organisers.labels.errors import DossierUnknown, Incomplete, NotYours
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class Claim(Struct, frozen=True):
    """The figure that answers a criterion, and where it can be checked."""

    code: str
    figure: int
    proof: str = ""


write_claims = SQL.command("write_claims")
read_claims = SQL.many("read_claims", Claim)


async def save(
    tx: Executor, dossier_id: UUID, refnis: str, claims: Sequence[Claim], by: Actor
) -> DossierUnknown | NotYours | None:
    """Store claims; those on other criteria are not changed. Refused: DossierUnknown, NotYours."""
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if not isinstance(dossier, Dossier):
        return dossier
    if claims:
        await write_claims(tx, dossier.id, msgspec.json.encode(claims).decode(), by.staff_id, by.at)
        facts: Facts = {claim.code: claim.figure for claim in claims}
        await append(tx, dossier.head, by, Act("claim", dossier.state, facts=facts))
    return None


async def submit(
    tx: Executor, dossier_id: UUID, refnis: str, by: Actor
) -> DossierUnknown | NotYours | Incomplete | None:
    """Submit the dossier, also in answer to a question of the assessor; from then on the term runs.

    A repeat has no effect. Refused: DossierUnknown, NotYours, Incomplete.
    """
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if isinstance(dossier, NotYours) and dossier.state == "submitted":
        return None
    if not isinstance(dossier, Dossier):
        return dossier
    given = {claim.code: claim for claim in await read_claims(tx, dossier.id)}
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    left_open = missing(rules.asked(dossier.kinds), given)
    if left_open:
        return Incomplete(tuple(each.question for each in left_open))
    facts: Facts = {code: claim.figure for code, claim in given.items()}
    await append(tx, dossier.head, by, Act("submit", "submitted", facts=facts))
    return None


def missing(asked: Sequence[Criterion], given: Mapping[str, object]) -> list[Criterion]:
    """The required criteria without an answer."""
    return [each for each in asked if each.required and each.code not in given]
