"""How an activity is sold as is said here, on all its dates: places, prices, and until when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.importing.plan import PlannedTariff, with_social
from reservations.importing.said import EventSale, EventTariff
from reservations.importing.sessions import end_tariffs, upsert_tariffs
from reservations.importing.write import DEFAULT_SOCIAL_BP, read_social_bp
from reservations.sessions.changing import lock_pools_of
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)


class SessionKey(Struct, frozen=True):
    id: UUID


read_sale = SQL.maybe("read_sale", EventSale)
read_event_tariffs = SQL.many("read_event_tariffs", EventTariff)
delete_sale = SQL.command("delete_sale")
write_sale = SQL.command("write_sale")
end_event_tariffs = SQL.command("end_event_tariffs")
write_event_tariffs = SQL.command("write_event_tariffs")
sessions_to_come = SQL.many("sessions_to_come", SessionKey)
fit_pools = SQL.command("fit_pools")
set_pools = SQL.command("set_pools")
fit_sale_periods = SQL.command("fit_sale_periods")
fit_cancelling = SQL.command("fit_cancelling")
copy_sale = SQL.command("copy_sale")
copy_tariffs = SQL.command("copy_tariffs")
copy_conditions = SQL.command("copy_conditions")


async def set_sale(tx: Executor, author: Author, event_id: UUID, sale: EventSale) -> None:
    """Sell so from now on. A date with other places than the others keeps them; what is taken stays.

    Until when a booking can be cancelled was promised: it stays on a date that somebody booked.
    """
    before = await read_sale(tx, author.region_id, event_id)
    if before == sale:
        return
    values = (
        sale.licensed_capacity, sale.capacity, sale.opens_at, sale.closes_minutes, sale.cancel_minutes,
    )  # fmt: skip
    await write_sale(tx, author.region_id, event_id, *values, author.now)
    sessions = await lock_sessions_to_come(tx, author, event_id)
    if sessions:
        await fit_places(tx, author, sessions, before, sale)
        await fit_sale_periods(tx, author.region_id, sessions, sale.opens_at, sale.closes_minutes, author.now)
        await fit_cancelling(tx, author.region_id, sessions, sale.cancel_minutes, author.now)
    await author.note(tx, "activity.sale", "event", event_id, places=sale.capacity)


async def fit_places(
    tx: Executor, author: Author, sessions: Sequence[UUID], before: EventSale | None, sale: EventSale
) -> None:
    """Where nothing was said before, all dates get these places."""
    licensed, capacity = sale.licensed_capacity, sale.capacity
    if before:
        await fit_pools(tx, author.region_id, sessions, before.capacity, licensed, capacity)
    else:
        await set_pools(tx, author.region_id, sessions, licensed, capacity)


async def set_tariffs(tx: Executor, author: Author, event_id: UUID, tariffs: Sequence[EventTariff]) -> None:
    """Sell at these prices from now on. What is booked keeps its price."""
    if list(tariffs) == await read_event_tariffs(tx, author.region_id, event_id):
        return
    await end_event_tariffs(tx, author.region_id, event_id, [each.code for each in tariffs])
    await write_event_tariffs(tx, author.region_id, event_id, as_json(tariffs))
    sessions = await lock_sessions_to_come(tx, author, event_id)
    if sessions:
        await write_tariffs_of(tx, author, event_id, sessions)
    await author.note(tx, "activity.prices", "event", event_id, prices=len(tariffs))


async def lock_sessions_to_come(tx: Executor, author: Author, event_id: UUID) -> list[UUID]:
    """The sessions of an activity that are not over, under the locks of their pools."""
    found = [each.id for each in await sessions_to_come(tx, author.region_id, event_id, author.now)]
    await lock_pools_of(tx, author.region_id, found)
    return found


async def write_tariffs_of(tx: Executor, author: Author, event_id: UUID, sessions: Sequence[UUID]) -> None:
    """Give sessions the prices of their activity, with the social tariff as an import makes it."""
    own = await read_event_tariffs(tx, author.region_id, event_id)
    rows = await sold_prices(tx, author.region_id, event_id, own, author.now)
    await end_tariffs(tx, author.region_id, sessions, as_json(rows))
    await upsert_tariffs(tx, author.region_id, sessions, as_json(rows))


async def sold_prices(
    tx: Executor, region_id: int, event_id: UUID, own: Sequence[EventTariff], now: datetime
) -> list[PlannedTariff]:
    """What is sold where an organiser asks these prices: they, and the social tariff that follows, if any."""
    social_bp = await read_social_bp(tx, region_id, day_in_flanders(now))
    return with_social([each.of_event(event_id) for each in own], social_bp or DEFAULT_SOCIAL_BP)


async def following_social_cents(
    tx: Executor, region_id: int, event_id: UUID, own: Sequence[EventTariff], now: datetime
) -> int | None:
    """What the region makes of the base price for who has the social tariff; None where nothing follows."""
    sold = await sold_prices(tx, region_id, event_id, own, now)
    return next((each.price_cents for each in sold[len(own) :]), None)
