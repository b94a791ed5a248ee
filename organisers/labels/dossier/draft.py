"""What a municipality typed and has not sent yet: each field by itself, each change a version of its own."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from organisers.labels.dossier.answer import Texts
from organisers.labels.dossier.history import Actor
from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)


class DraftAnswer(Struct, frozen=True):
    """What was typed in a field. Versions count from 1; before it stood what was sent last, or nothing."""

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
"""By field, the text of each version: first what was sent, then what was typed."""

read_drafts = SQL.many("read_drafts", DraftAnswer)
write_drafts = SQL.command("write_drafts")
remove_drafts = SQL.command("remove_drafts")


async def read_versions(tx: Executor, dossier_id: UUID, sent: Texts) -> Versions:
    """The versions of all fields. `sent`: what stands in the claims, by field."""
    found = {field: [text] for field, text in sent.items()}
    for each in await read_drafts(tx, dossier_id):
        found.setdefault(each.field, [""]).append(each.text)
    return found


def newest(versions: Versions) -> dict[str, str]:
    return {field: texts[-1] for field, texts in versions.items()}


def numbers(versions: Versions) -> dict[str, int]:
    """The number of the version that stands, by field."""
    return {field: len(texts) - 1 for field, texts in versions.items()}


async def keep(
    tx: Executor, dossier_id: UUID, versions: Versions, typed: Sequence[TypedAnswer], by: Actor
) -> KeptAnswers:
    """Keep what changed, of a dossier that the caller locked.

    A field in which somebody else typed meanwhile keeps what they typed, unless the text is the same.
    """
    changes, of_others = compare(versions, typed)
    if changes:
        await write_drafts(tx, dossier_id, as_json(changes), by.staff_id, by.at)
    now = numbers(versions) | {each.field: each.version for each in changes}
    return KeptAnswers(now, of_others)


def compare(versions: Versions, typed: Sequence[TypedAnswer]) -> tuple[list[DraftAnswer], dict[str, str]]:
    """The new versions, and the texts of others where both changed the same field."""
    changes, of_others = [], {}
    for each in typed:
        texts = versions.get(each.field, [""])
        last = len(texts) - 1
        if each.text == texts[last]:
            continue
        if each.version is None or each.version == last:
            changes.append(DraftAnswer(each.field, last + 1, each.text))
        elif not (each.version < last and texts[each.version] == each.text):
            of_others[each.field] = texts[last]
    return changes, of_others
