"""What somebody chose to be told and how, read for the form and written down from it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from uit.database.statements import Executor
from uit.identity.message.kind import kind_words
from uit.identity.message.setting import choose, read_settings
from uit.identity.message.way import Way
from uit.passes.messages.form import KindRow, options_of
from uit.services.audit import Author


async def rows_of(tx: Executor, person_id: UUID, *, texts: bool) -> list[KindRow]:
    chosen = {each.kind: each.way for each in await read_settings(tx, person_id)}
    words = kind_words()
    return [KindRow(kind, words[kind], options_of(kind, texts=texts), chosen.get(kind, "")) for kind in words]


async def save(
    tx: Executor, author: Author, person_id: UUID, rows: Sequence[KindRow], typed: Mapping[str, str]
) -> int:
    """Write down what is other than in `rows`; how many kinds that are. A repeat changes nothing."""
    wanted = {each.kind: typed.get(each.kind, "") for each in rows}
    changed = {each.kind: wanted[each.kind] for each in rows if each.chosen != wanted[each.kind]}
    if changed:
        ways = {kind: Way(way) if way else None for kind, way in changed.items()}
        await choose(tx, person_id, ways, author.now)
        await author.note(tx, "message.choose", "person", person_id, kinds=" ".join(changed))
    return len(changed)
