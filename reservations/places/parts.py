"""Parts of a room: made, put in each other and taken away, and which tariffs count in them.

For one date or for all that are to come of its activity, where a part is known by its name. What was booked
keeps the pools that it drew on, so a part counts what is sold from now on.
"""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.places.errors import NoRoom, PartInItself, PartInUse
from reservations.places.pool import (
    Layout,
    SessionPool,
    draw_on,
    insert_pools,
    let_tariffs_draw,
    lock_layouts,
    move_pools,
)
from uit.core.errors import Refusal
from uit.database.statements import Executor, as_json
from uit.services.audit import Author


class NewPart(Struct, frozen=True):
    """`id` is that of the date where it is made. `within`: the name of a part; empty for the room itself.

    `codes` are the tariffs that count in it.
    """

    id: UUID
    name: str
    kind: Literal["part", "wheelchair", "companion"]
    places: int
    within: str
    codes: frozenset[str]


class DrawRow(Struct, frozen=True):
    """All that a date draws on."""

    id: UUID
    pool_ids: Sequence[UUID]


class TariffDrawRow(Struct, frozen=True):
    session_id: UUID
    code: str
    pool_ids: Sequence[UUID]


async def make_part(
    tx: Executor, author: Author, session_id: UUID, session_ids: Sequence[UUID], part: NewPart
) -> NoRoom | None:
    """Make a part of each of these dates, where there is a room and no part of that name yet."""
    layouts = await lock_layouts(tx, author.region_id, session_ids)
    if part.id in layouts[session_id].pools:
        return None
    if layouts[session_id].room is None:
        return NoRoom(session_id)
    made, drawn, tariffs = list[SessionPool](), list[DrawRow](), list[TariffDrawRow]()
    for each_id, layout in layouts.items():
        room = layout.room
        if room is None or part_named(layout, part.name):
            continue
        pool = SessionPool(
            session_id=each_id,
            id=part.id if each_id == session_id else author.ids.new(),
            parent_id=(part_named(layout, part.within) or room).id,
            kind=part.kind,
            name=part.name,
            licensed_capacity=room.licensed_capacity,
            capacity=min(part.places, room.licensed_capacity),
            in_force=0,
            taken=0,
            held=0,
        )
        after = Layout([*layout.pools.values(), pool], layout.tariffs)
        made.append(pool)
        drawn.append(DrawRow(each_id, list(after.pools)))
        tariffs += drawing(after, dict.fromkeys(part.codes, pool))
    await insert_pools(tx, author.region_id, as_json(made))
    await draw_on(tx, author.region_id, as_json(drawn))
    await let_tariffs_draw(tx, author.region_id, as_json(tariffs))
    await author.note(tx, "part.make", "session", session_id, places=part.places, dates=len(made))
    return None


async def arrange(  # noqa: PLR0913, PLR0917  what, where, and for which dates
    tx: Executor,
    author: Author,
    session_id: UUID,
    session_ids: Sequence[UUID],
    tariffs: Mapping[str, str],
    parts: Mapping[str, str],
) -> Refusal | None:
    """Let each of these tariffs count in a part, and put parts in others: by name; empty is the room."""
    layouts = await lock_layouts(tx, author.region_id, session_ids)
    moved, drawn = list[SessionPool](), list[TariffDrawRow]()
    for layout in layouts.values():
        after = with_parents(layout, parts)
        if isinstance(after, Refusal):
            return after
        moved += [each for each in after.parts if each.parent_id != layout.pools[each.id].parent_id]
        wanted = {
            each.code: part_named(after, tariffs[each.code]) if each.code in tariffs else after.part_of(each)
            for each in layout.tariffs
        }
        drawn += drawing(after, wanted)
    if moved:
        await move_pools(tx, author.region_id, as_json(moved))
    if drawn:
        await let_tariffs_draw(tx, author.region_id, as_json(drawn))
    if moved or drawn:
        await author.note(tx, "part.arrange", "session", session_id, tariffs=len(drawn), parts=len(moved))
    return None


async def remove_part(tx: Executor, author: Author, session_id: UUID, pool_id: UUID) -> PartInUse | None:
    """Take a part away in which nothing counts any more. A repeat changes nothing."""
    layout = (await lock_layouts(tx, author.region_id, [session_id]))[session_id]
    part = layout.pools.get(pool_id)
    if part is None or not part.is_part:
        return None
    if layout.is_used(part):
        return PartInUse(part.name)
    left = [each for each in layout.pools if each != pool_id]
    await draw_on(tx, author.region_id, as_json([DrawRow(session_id, left)]))
    await author.note(tx, "part.remove", "session", session_id, taken=part.taken)
    return None


def part_named(layout: Layout, name: str) -> SessionPool | None:
    return next((each for each in layout.parts if each.name == name), None)


def with_parents(layout: Layout, parts: Mapping[str, str]) -> Layout | PartInItself:
    """The layout with parts in others, by their names; no part is in itself."""
    room = layout.room
    pools = {
        each.id: replace(each, parent_id=(part_named(layout, parts[each.name]) or room or each).id)
        if each.is_part and each.name in parts
        else each
        for each in layout.pools.values()
    }
    after = Layout(pools.values(), layout.tariffs)
    for each in after.parts:
        parent = after.pools.get(each.parent_id) if each.parent_id else None
        if parent and each.id in after.drawn_in(parent):
            return PartInItself(each.name)
    return after


def drawing(layout: Layout, wanted: Mapping[str, SessionPool | None]) -> list[TariffDrawRow]:
    """The tariffs that are to draw on something else than they do, by the part in which they count."""
    rows = [
        TariffDrawRow(each.session_id, each.code, layout.drawn_in(wanted[each.code]))
        for each in layout.tariffs
        if each.code in wanted
    ]
    before = {(each.session_id, each.code): set(each.pool_ids) for each in layout.tariffs}
    return [each for each in rows if set(each.pool_ids) != before[each.session_id, each.code]]
