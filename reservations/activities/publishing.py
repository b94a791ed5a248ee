"""An activity that was made here is published, with its dates, or hidden again while nobody booked it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.activity import LockedActivity, lock_activity, mark_hidden, mark_published
from reservations.activities.activity import Activity
from reservations.activities.dates.pattern import Slot
from reservations.activities.dates.planned import (
    count_dates,
    delete_dates,
    plan_dates,
    read_waiting,
)
from reservations.activities.dates.there import Compared, compare
from reservations.activities.errors import HasBookings, NotYetSoldHere
from reservations.activities.sale.sale import (
    lock_sessions_to_come,
    read_event_tariffs,
    read_sale,
    write_tariffs_of,
)
from reservations.activities.sale.source import follow_source, own_tariffs, shown_sale
from reservations.activities.series.series import NewSeries, begin, follow_draft, put_in_series
from reservations.importing.plan import PlannedPool, PlannedSession
from reservations.importing.said import EventSale
from reservations.importing.sessions import upsert_pools, upsert_sessions
from uit.core.errors import NotFound, RefusalError
from uit.database.directory import list_in_directory
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

PARTS: Final = ("waar", "wanneer", "prijzen", "plaatsen")
"""What an activity needs before it can be published, by the address of the page that has it."""


class EventFacts(Struct, frozen=True):
    """What a session takes over from its event."""

    organiser_id: UUID
    domain: str


class Start(Struct, frozen=True):
    starts_at: datetime


read_facts = SQL.one("read_facts", EventFacts)
read_starts = SQL.many("read_starts", Start)
count_taken = SQL.value("count_taken", int)
follow_event = SQL.command("follow_event")
"""Give the dates to come what their event says of its domain, and of whether one is there or online."""

set_where_sold = SQL.command("set_where_sold")


async def missing_parts(tx: Executor, region_id: int, activity: Activity, now: datetime) -> list[str]:
    """The parts of PARTS that are still to be filled in."""
    has = {
        "waar": activity.has_place,
        "wanneer": bool(await count_dates(tx, region_id, activity.id, now)),
        "prijzen": bool(await read_event_tariffs(tx, region_id, activity.id)),
        "plaatsen": await read_sale(tx, region_id, activity.id) is not None,
    }
    return [part for part in PARTS if not has[part]]


async def may_add_dates(tx: Executor, region_id: int, activity: Activity, now: datetime) -> bool:
    """Whether dates can be added: to what was made here always, else to what is seen and sold."""
    if activity.made_here:
        return True
    if not activity.published or not activity.has_record:
        return False
    sale = await shown_sale(tx, region_id, activity.id, now)
    return sale is not None and bool(await own_tariffs(tx, region_id, activity.id, now))


async def lock_own(tx: Executor, region_id: int, organiser_id: UUID, event_id: UUID) -> LockedActivity:
    """An activity that was made here, under its lock. Raises NotFound for any other."""
    locked = await lock_activity(tx, region_id, organiser_id, event_id)
    if locked is None or not locked.made_here:
        raise RefusalError(NotFound())
    return locked


async def publish(tx: Executor, author: Author, event_id: UUID) -> None:
    """Show it to everybody, and sell its dates. Nothing may be missing, and it has to be locked."""
    await set_where_sold(tx, author.region_id, event_id, "scheduled", author.now)
    waiting = await read_waiting(tx, author.region_id, event_id, author.now)
    await make_sessions(tx, author, event_id, waiting)
    await follow_draft(tx, author.region_id, event_id)
    await delete_dates(tx, author.region_id, event_id)
    if await mark_published(tx, author.region_id, event_id, author.now):
        await author.note(tx, "activity.publish", "event", event_id, dates=len(waiting))


async def hide(tx: Executor, author: Author, event_id: UUID) -> HasBookings | None:
    """Make a draft of it again, which nobody sees or books. Refused once somebody has a place."""
    await lock_sessions_to_come(tx, author, event_id)
    taken = await count_taken(tx, author.region_id, event_id)
    if taken:
        return HasBookings(event_id, taken)
    await set_where_sold(tx, author.region_id, event_id, "sold_elsewhere", author.now)
    if await mark_hidden(tx, author.region_id, event_id, author.now):
        await author.note(tx, "activity.hide", "event", event_id)
    return None


async def add_dates(
    tx: Executor, author: Author, activity: Activity, slots: Sequence[Slot], series: NewSeries | None = None
) -> Compared:
    """Dates of a draft wait until it is published; those of what is published are sold at once.

    What is there already is not made again. Raises NotYetSoldHere where an imported activity has no places
    or prices yet, or nobody sees it.
    """
    compared = await compare(tx, author.region_id, activity.id, slots)
    if series and compared.made:
        await begin(tx, author, activity.id, series)
    if activity.made_here and not activity.published:
        await plan_dates(tx, author.region_id, activity.id, compared.made, series.id if series else None)
    else:
        made = await add_sessions(tx, author, activity, compared.made)
        await put_in_series(tx, author.region_id, made, series.id if series else None)
    if compared.made:
        await author.note(tx, "activity.dates", "event", activity.id, dates=len(compared.made))
    return compared


async def add_sessions(tx: Executor, author: Author, activity: Activity, slots: Sequence[Slot]) -> list[UUID]:
    """Sell more dates. Those that the source of an activity has not are sold as its other dates are."""
    if activity.made_here:
        return await make_sessions(tx, author, activity.id, slots)
    sale = await shown_sale(tx, author.region_id, activity.id, author.now)
    if sale is None or not await may_add_dates(tx, author.region_id, activity, author.now):
        raise RefusalError(NotYetSoldHere(activity.id))
    made = await write_sessions(tx, author, activity.id, slots, sale)
    await follow_source(tx, author, activity)
    return made


async def make_sessions(tx: Executor, author: Author, event_id: UUID, slots: Sequence[Slot]) -> list[UUID]:
    """A session of each date, with a room and prices of its own."""
    sale = await read_sale(tx, author.region_id, event_id)
    assert sale is not None
    made = await write_sessions(tx, author, event_id, slots, sale)
    if made:
        await write_tariffs_of(tx, author, event_id, made)
    return made


async def write_sessions(
    tx: Executor, author: Author, event_id: UUID, slots: Sequence[Slot], sale: EventSale
) -> list[UUID]:
    """The sessions of these dates, each with a room, without prices. One that starts then already stays."""
    region_id = author.region_id
    known = {each.starts_at for each in await read_starts(tx, region_id, event_id)}
    event = await read_facts(tx, region_id, event_id)
    rows = [
        session_row(author.ids.new(), event_id, event, slot, sale)
        for slot in slots
        if slot.starts_at not in known
    ]
    if rows:
        await upsert_pools(tx, region_id, as_json([room(row.id, sale) for row in rows]))
        await upsert_sessions(tx, region_id, as_json(rows), author.now)
        owners: dict[UUID, UUID | None] = {row.id: row.organiser_id for row in rows}
        await list_in_directory(tx, "session", region_id, owners)
    return [row.id for row in rows]


def room(session_id: UUID, sale: EventSale) -> PlannedPool:
    return PlannedPool(session_id, sale.licensed_capacity, sale.capacity, 0, 0, counted=True)


def session_row(
    session_id: UUID, event_id: UUID, event: EventFacts, slot: Slot, sale: EventSale
) -> PlannedSession:
    return PlannedSession(
        id=session_id,
        event_id=event_id,
        organiser_id=event.organiser_id,
        domain=event.domain,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        sale_opens_at=sale.opens_at,
        sale_closes_at=sale.closes_at(slot.starts_at),
        cancel_until=sale.cancel_until(slot.starts_at),
        status="scheduled",
        status_reason=None,
    )
