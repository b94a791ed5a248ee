"""What a municipality typed and has not sent yet: each field by itself, each change a version of its own."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from organisers.labels.dossier.answer import Texts
from organisers.labels.dossier.history import Actor
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class DraftAnswer(Struct, frozen=True):
    """A version of a field. Version 0 is what was sent last, or nothing; what is typed counts from 1."""

    field: str
    version: int
    text: str


class TypedAnswer(Struct, frozen=True):
    """What somebody types in a field. `version`: the one that their page showed; None when it did not say."""

    field: str
    text: str
    version: int | None = None


class KeptAnswers(Struct, frozen=True):
    """The versions that stand now, by field, and what others typed meanwhile in fields that were not kept."""

    versions: Mapping[str, int]
    of_others: Texts


Versions = Mapping[str, Sequence[str]]
"""By field, the text of each version."""
Standing = Mapping[str, DraftAnswer]
"""By field, its newest version."""

read_newest = SQL.many("read_newest", DraftAnswer)
read_versions = SQL.many("read_versions", DraftAnswer)
write_drafts = SQL.command("write_drafts")
remove_drafts = SQL.command("remove_drafts")


async def read_standing(tx: Executor, dossier_id: UUID, sent: Texts) -> Standing:
    """What stands in each field. `sent`: what stands in the claims, by field."""
    claimed = {field: DraftAnswer(field, 0, text) for field, text in sent.items()}
    return claimed | {each.field: each for each in await read_newest(tx, dossier_id)}


def texts_of(standing: Standing) -> dict[str, str]:
    return {field: each.text for field, each in standing.items()}


def versions_of(standing: Standing) -> dict[str, int]:
    return {field: each.version for field, each in standing.items()}


async def keep(
    tx: Executor, dossier_id: UUID, sent: Texts, typed: Sequence[TypedAnswer], by: Actor
) -> KeptAnswers:
    """Keep what changed, of a dossier that the caller locked.

    A field in which somebody else typed meanwhile keeps what they typed, unless the text is the same. The
    first change keeps what was sent too: the claim may change while somebody still looks at that.
    """
    stored = await read_versions(tx, dossier_id, [each.field for each in typed])
    begun = {field: [each.text for each in rows] for field, rows in groupby(stored, lambda row: row.field)}
    versions = {each.field: begun.get(each.field, [sent.get(each.field, "")]) for each in typed}
    changes, of_others = compare(versions, typed)
    first = [
        DraftAnswer(each.field, 0, versions[each.field][0]) for each in changes if each.field not in begun
    ]
    if changes:
        await write_drafts(tx, dossier_id, as_json(first + changes), by.staff_id, by.at)
    standing = {field: len(texts) - 1 for field, texts in versions.items()}
    return KeptAnswers(standing | {each.field: each.version for each in changes}, of_others)


def compare(versions: Versions, typed: Sequence[TypedAnswer]) -> tuple[list[DraftAnswer], dict[str, str]]:
    """The new versions, and the texts of others where both changed the same field."""
    changes, of_others = [], {}
    for each in typed:
        texts = versions[each.field]
        last = len(texts) - 1
        if each.text == texts[last]:
            continue
        if each.version is None or each.version == last:
            changes.append(DraftAnswer(each.field, last + 1, each.text))
        elif not (each.version < last and texts[each.version] == each.text):
            of_others[each.field] = texts[last]
    return changes, of_others
