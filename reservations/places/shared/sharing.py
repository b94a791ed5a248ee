"""Places that sessions of several organisers share, as at a festival or in a building.

An organiser makes them, or its region, and asks others; each hangs sessions of its own under them, and takes
those away. All see how full it is, and nobody sees whose bookings those are.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.errors import BelowTaken
from reservations.places.errors import NotShared
from reservations.places.parts import DrawRow, TariffDrawRow
from reservations.places.pool import Layout, draw_on, let_tariffs_draw, lock_layouts
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)


class NewSharing(Struct, frozen=True):
    """So many places to share, under a name, and the `others` who are asked to take part."""

    id: UUID
    name: str
    places: int
    others: Sequence[UUID]


class SharedPlaces(Struct, frozen=True):
    """As one of its organisers sees it, or the region. `maker` None: the region made it.

    `is_ours`: they made it; `is_agreed`: they take part. `others` are the names of who takes part besides
    them, `asked` of who did not agree yet; `dates` are how many of their own hang under it.
    """

    id: UUID
    name: str
    maker: str | None
    is_ours: bool
    is_agreed: bool
    capacity: int
    taken: int
    held: int
    others: list[str]
    asked: list[str]
    dates: int


class OrganiserToAsk(Struct, frozen=True):
    id: UUID
    name: str


class Hanging(Struct, frozen=True):
    """Places under which a date can hang. `hangs`: it does."""

    id: UUID
    name: str
    capacity: int
    taken: int
    held: int
    hangs: bool


insert_shared = SQL.value("insert_shared", bool)
"""Whether it is new: None where its id is there already."""
insert_asked = SQL.command("insert_asked")
agree = SQL.value("agree", bool)
disagree = SQL.value("disagree", bool)
dates_under = SQL.value("dates_under", list[UUID])
"""The dates to come of an organiser that hang under shared places."""
read_shared = SQL.many("read_shared", SharedPlaces)
read_others = SQL.many("read_others", OrganiserToAsk)
"""The other organisers of the region, by name."""
read_hanging = SQL.many("read_hanging", Hanging)
lock_ours = SQL.maybe("lock_ours", Hanging)
resize = SQL.command("resize")


async def share(tx: Executor, author: Author, organiser_id: UUID | None, new: NewSharing) -> None:
    """Make places to share, and ask the others. A repeat changes nothing.

    `organiser_id` None: the region makes them.
    """
    here = author.region_id, new.id
    if not await insert_shared(tx, *here, organiser_id, new.name, new.places, author.now):
        return
    await insert_asked(tx, *here, [each for each in new.others if each != organiser_id], author.now)
    await author.note(tx, "sharing.make", "pool", new.id, places=new.places, organisers=len(new.others))


async def take_part(tx: Executor, author: Author, organiser_id: UUID, pool_id: UUID) -> None:
    """Agree to share places that another made. A repeat changes nothing."""
    if await agree(tx, author.region_id, pool_id, organiser_id, author.now):
        await author.note(tx, "sharing.agree", "pool", pool_id)


async def end_part(tx: Executor, author: Author, organiser_id: UUID, pool_id: UUID) -> None:
    """Take part no more: none of their dates to come counts there from now on. A repeat changes nothing.

    What is sold stays where it counted, and they may agree again. Who made the places goes on sharing them.
    """
    here = author.region_id, organiser_id, pool_id, author.now
    layouts = await lock_layouts(tx, author.region_id, await dates_under(tx, *here), [pool_id])
    if not await disagree(tx, author.region_id, pool_id, organiser_id):
        return
    without = {each: draw_without(layout, pool_id) for each, layout in layouts.items()}
    await draw_on(tx, author.region_id, as_json([DrawRow(each, draws) for each, draws in without.items()]))
    tariffs = [
        TariffDrawRow(session_id, each.code, [one for one in each.pool_ids if one != pool_id])
        for session_id, layout in layouts.items()
        for each in layout.tariffs
    ]
    await let_tariffs_draw(tx, author.region_id, as_json(tariffs))
    await author.note(tx, "sharing.end_part", "pool", pool_id, dates=len(layouts))


def draw_without(layout: Layout, pool_id: UUID) -> list[UUID]:
    return [each for each in layout.pools if each != pool_id]


async def change_places(
    tx: Executor, author: Author, organiser_id: UUID | None, pool_id: UUID, places: int
) -> NotShared | BelowTaken | None:
    """How many there are to share, as says who made them, and never fewer than are taken."""
    ours = await lock_ours(tx, author.region_id, pool_id, organiser_id)
    if ours is None:
        return NotShared(pool_id)
    if places < ours.taken + ours.held:
        return BelowTaken(places, ours.taken + ours.held)
    if places != ours.capacity:
        await resize(tx, author.region_id, pool_id, places)
        await author.note(tx, "sharing.resize", "pool", pool_id, places=places)
    return None


async def hang(  # noqa: PLR0913  which date under what
    tx: Executor, author: Author, organiser_id: UUID, session_id: UUID, pool_id: UUID, *, under: bool
) -> NotShared | None:
    """Let all tickets of a date draw on shared places too from now on, or no more. A repeat changes nothing.

    What is sold stays as it was: those people are not counted there, or go on being counted.
    """
    layout = (await lock_layouts(tx, author.region_id, [session_id], [pool_id]))[session_id]
    known = {each.id for each in await read_hanging(tx, author.region_id, organiser_id, session_id)}
    if under and pool_id not in known:
        return NotShared(pool_id)
    if (pool_id in layout.pools) is under:
        return None

    def drawing(pool_ids: Sequence[UUID]) -> list[UUID]:
        return [each for each in pool_ids if each != pool_id] + ([pool_id] if under else [])

    tariffs = [TariffDrawRow(session_id, each.code, drawing(each.pool_ids)) for each in layout.tariffs]
    await draw_on(tx, author.region_id, as_json([DrawRow(session_id, drawing(list(layout.pools)))]))
    await let_tariffs_draw(tx, author.region_id, as_json(tariffs))
    await author.note(tx, "sharing.hang" if under else "sharing.leave", "session", session_id)
    return None


async def shared_with(
    tx: Executor, region_id: int, organiser_id: UUID | None, now: datetime
) -> list[SharedPlaces]:
    """What an organiser shares, made, or is asked to share; None: what the region made."""
    return await read_shared(tx, region_id, organiser_id, now)
