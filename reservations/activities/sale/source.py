"""How an imported activity is sold: as its source has it, until its organiser says otherwise here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from organisers.event import read_source_record
from organisers.organiser import ImportContext
from organisers.uitdatabank.event import Event
from reservations.activities.activity import Activity
from reservations.activities.errors import SourceNotKept
from reservations.activities.here import lock_to_complete
from reservations.activities.sale.sale import (
    delete_sale,
    end_event_tariffs,
    fit_cancelling,
    lock_sessions_to_come,
    read_event_tariffs,
    read_sale,
    set_pools,
    set_sale,
    set_tariffs,
)
from reservations.importing.plan import BASE, CANCEL_BEFORE, SOCIAL, seat_prices, still_to_come
from reservations.importing.said import EventSale, EventTariff
from reservations.importing.write import import_again
from uit.core.errors import RefusalError
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

CANCEL_MINUTES = CANCEL_BEFORE // timedelta(minutes=1)

sold_tariffs = SQL.many("sold_tariffs", EventTariff)
"""The prices of its next date, the social tariff that follows from the base price too."""

end_rules = SQL.command("end_rules")


async def lock_to_sell(tx: Executor, region_id: int, organiser_id: UUID, event_id: UUID) -> Activity:
    """An activity of this organiser of which one may say how it is sold, locked; no import runs meanwhile.

    Raises NotFound for one of others, and SourceNotKept for one that came in before its record was kept.
    """
    activity = await lock_to_complete(tx, region_id, organiser_id, event_id)
    if not activity.made_here and not activity.has_record:
        raise RefusalError(SourceNotKept(event_id))
    return activity


async def read_source(tx: Executor, region_id: int, event_id: UUID) -> Event | None:
    """What its source said of it last; None for what was made here."""
    known = await read_source_record(tx, region_id, event_id)
    return msgspec.json.decode(known.record, type=Event) if known else None


async def shown_sale(tx: Executor, region_id: int, event_id: UUID, now: datetime) -> EventSale | None:
    """Its places as they are said here, else as its source has them."""
    said = await read_sale(tx, region_id, event_id)
    source = None if said else await read_source(tx, region_id, event_id)
    return sale_at_source(source, now) if source else said


async def own_tariffs(tx: Executor, region_id: int, event_id: UUID, now: datetime) -> list[EventTariff]:
    """Its prices as they are said here, else as its source has them, without what follows from another."""
    said = await read_event_tariffs(tx, region_id, event_id)
    source = None if said else await read_source(tx, region_id, event_id)
    return tariffs_at_source(source, await sold_tariffs(tx, region_id, event_id, now)) if source else said


def sale_at_source(event: Event, now: datetime) -> EventSale | None:
    """The places of the next date of which its source says how many; None where it says no number."""
    for occurrence in still_to_come(event.occurrences, now):
        if occurrence.state.capacity:
            places, limits = occurrence.state.capacity, event.booking_info
            return EventSale(places, places, limits.opens_at if limits else None, 0, CANCEL_MINUTES)
    return None


def tariffs_at_source(event: Event, sold: Sequence[EventTariff]) -> list[EventTariff]:
    """The prices that are sold as its source has them, the base price first."""
    has_social = any(price.code == SOCIAL for price in seat_prices(event))
    own = [each for each in sold if has_social or each.code != SOCIAL]
    ordered = sorted(own, key=lambda each: each.code != BASE)
    return [msgspec.structs.replace(each, rank=rank) for rank, each in enumerate(ordered)]


async def sell_places(tx: Executor, author: Author, activity: Activity, sale: EventSale) -> None:
    """Sell so many from now on. What its source says already is not said again."""
    if not activity.made_here and sale == await shown_sale(tx, author.region_id, activity.id, author.now):
        return
    await set_sale(tx, author, activity.id, sale)
    await follow_source(tx, author, activity)


async def sell_at(tx: Executor, author: Author, activity: Activity, tariffs: Sequence[EventTariff]) -> None:
    """Sell at these prices from now on. What was said of single ones of its source is in them."""
    if activity.made_here:
        await set_tariffs(tx, author, activity.id, tariffs)
    elif list(tariffs) != await own_tariffs(tx, author.region_id, activity.id, author.now):
        await end_rules(tx, author.region_id, activity.id)
        await set_tariffs(tx, author, activity.id, tariffs)
        await follow_source(tx, author, activity)


async def let_go_places(tx: Executor, author: Author, activity: Activity) -> None:
    """Let its source say how many places there are, and until when one books."""
    if activity.made_here or not await delete_sale(tx, author.region_id, activity.id):
        return
    sessions = await lock_sessions_to_come(tx, author, activity.id)
    await set_pools(tx, author.region_id, sessions, 0, 0)
    await fit_cancelling(tx, author.region_id, sessions, CANCEL_MINUTES, author.now)
    await follow_source(tx, author, activity)
    await author.note(tx, "activity.sale_let_go", "event", activity.id)


async def let_go_prices(tx: Executor, author: Author, activity: Activity) -> None:
    """Let its source say what it costs."""
    if activity.made_here or not await end_event_tariffs(tx, author.region_id, activity.id, []):
        return
    await follow_source(tx, author, activity)
    await author.note(tx, "activity.prices_let_go", "event", activity.id)


async def follow_source(tx: Executor, author: Author, activity: Activity) -> None:
    """Give the dates of an imported activity what its source and its organiser say of them by now."""
    known = await read_source_record(tx, author.region_id, activity.id)
    if known:
        await import_again(tx, ImportContext(author.region_id, author.ids, author.now), known)
