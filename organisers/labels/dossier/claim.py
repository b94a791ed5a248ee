"""Claims of a municipality: its answers to the criteria, typed field by field, submitted when complete."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Criterion
from organisers.labels.dossier import draft
from organisers.labels.dossier.answer import PROOF, Answer, Texts, as_typed, read_answers
from organisers.labels.dossier.dossier import Dossier, lock_for_municipality
from organisers.labels.dossier.draft import KeptAnswers, Standing, TypedAnswer
from organisers.labels.dossier.history import Act, Actor, Facts, Head, append
from organisers.labels.errors import DossierUnknown, Incomplete, NotYours
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class Claim(Struct, frozen=True):
    """The figure that answers a criterion, and where it can be checked."""

    code: str
    figure: Decimal
    proof: str = ""


write_claims = SQL.command("write_claims")
remove_claims = SQL.command("remove_claims")
read_claims = SQL.many("read_claims", Claim)


async def keep(
    tx: Executor, dossier_id: UUID, refnis: str, typed: Sequence[TypedAnswer], by: Actor
) -> DossierUnknown | NotYours | KeptAnswers:
    """Keep what is typed in some fields, readable or not. Refused: DossierUnknown, NotYours."""
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if not isinstance(dossier, Dossier):
        return dossier
    given = {claim.code: claim for claim in await read_claims(tx, dossier.id)}
    return await draft.keep(tx, dossier.id, fields_sent(given), typed, by)


async def settle(
    tx: Executor, dossier_id: UUID, refnis: str, codes: Sequence[str], by: Actor
) -> DossierUnknown | NotYours | None:
    """Turn what was typed about these criteria into claims, as far as it can be read. Refused: as `keep`."""
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if not isinstance(dossier, Dossier):
        return dossier
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    given = {claim.code: claim for claim in await read_claims(tx, dossier.id)}
    texts = draft.texts_of(await read_standing(tx, dossier.id, given))
    answers = read_answers([each for each in rules.criteria if each.code in codes], texts)
    await write_answers(tx, dossier, answers, given, by)
    return None


async def submit(
    tx: Executor, dossier_id: UUID, refnis: str, by: Actor
) -> DossierUnknown | NotYours | Incomplete | None:
    """Submit the dossier, also in answer to a question of the assessor; from then on the term runs.

    What was typed counts, whether its part was sent or not. A repeat has no effect. Refused: DossierUnknown,
    NotYours, Incomplete; then nothing is written.
    """
    dossier = await lock_for_municipality(tx, dossier_id, refnis)
    if isinstance(dossier, NotYours) and dossier.state == "submitted":
        return None
    if not isinstance(dossier, Dossier):
        return dossier
    rules = await criteria.read(tx, dossier.programme, dossier.criteria_version)
    given = {claim.code: claim for claim in await read_claims(tx, dossier.id)}
    texts = draft.texts_of(await read_standing(tx, dossier.id, given))
    answers = read_answers(rules.asked(dossier.kinds), texts)
    left_open = tuple(each.criterion.question for each in answers if each.is_open)
    if left_open:
        return Incomplete(left_open)
    head = await write_answers(tx, dossier, answers, given, by)
    facts: Facts = {each.criterion.code: as_fact(each.figure) for each in answers if each.figure is not None}
    await append(tx, head, by, Act("submit", "submitted", facts=facts))
    await draft.remove_drafts(tx, dossier.id)
    return None


async def read_standing(tx: Executor, dossier_id: UUID, given: Mapping[str, Claim]) -> Standing:
    """What stands in each field: what was typed, else what these claims say."""
    return await draft.read_standing(tx, dossier_id, fields_sent(given))


def fields_sent(given: Mapping[str, Claim]) -> Texts:
    """What these claims say, by field."""
    figures = {code: as_typed(claim.figure) for code, claim in given.items()}
    return figures | {f"{code}{PROOF}": claim.proof for code, claim in given.items()}


async def write_answers(
    tx: Executor, dossier: Dossier, answers: Sequence[Answer], given: Mapping[str, Claim], by: Actor
) -> Head:
    """Write the claims that changed and remove those that were taken back, with an entry in the history.

    One that cannot be read waits. Returns the head of the history.
    """
    good = [
        Claim(each.criterion.code, each.figure, each.proof)
        for each in answers
        if each.figure is not None and each.is_good
    ]
    changed = [claim for claim in good if claim != given.get(claim.code)]
    empty = [each.criterion.code for each in answers if each.figure is None and not each.fault]
    taken_back = [code for code in empty if code in given]
    if not changed and not taken_back:
        return dossier.head
    await write_claims(tx, dossier.id, as_json(changed), by.staff_id, by.at)
    await remove_claims(tx, dossier.id, taken_back)
    facts: Facts = {claim.code: as_fact(claim.figure) for claim in changed} | dict.fromkeys(taken_back)
    return await append(tx, dossier.head, by, Act("claim", dossier.state, facts=facts))


def as_fact(figure: Decimal | None) -> int | str | None:
    """The figure as the history tells it: a whole one is a number, as it always was."""
    if figure is None:
        return None
    return int(figure) if figure == int(figure) else f"{figure.normalize():f}"


def missing(asked: Sequence[Criterion], given: Mapping[str, object]) -> list[Criterion]:
    """The required criteria without an answer."""
    return [each for each in asked if each.required and each.code not in given]
