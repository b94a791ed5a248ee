"""What an organiser says here of how an imported activity is sold: it goes before its source."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct, convert
from msgspec.structs import asdict, replace

from organisers.uitdatabank.event import Event
from organisers.uitdatabank.occurrence import Occurrence
from reservations.importing.plan import (
    PlannedPool,
    PlannedSession,
    PlannedTariff,
    may_be_sold,
    sold_until,
    tariff_rows,
    with_social,
)
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class EventSale(Struct, frozen=True):
    """`licensed_capacity`: what the room may hold. `capacity`: what is sold. Minutes are before the start."""

    licensed_capacity: int
    capacity: int
    opens_at: datetime | None
    closes_minutes: int
    cancel_minutes: int

    def closes_at(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.closes_minutes)

    def cancel_until(self, starts_at: datetime) -> datetime:
        return starts_at - timedelta(minutes=self.cancel_minutes)


class EventTariff(Struct, frozen=True):
    """A price, with for whom and for how many it is."""

    code: str
    name: str
    price_cents: int
    eligibility: str
    rank: int
    weight: int
    least: int
    age_from: int | None
    age_to: int | None

    def of_event(self, event_id: UUID) -> PlannedTariff:
        return PlannedTariff(event_id, **asdict(self), born_from=None, born_to=None, waits=False)


class SaidHere(Struct, frozen=True):
    """What is said here of an event: its places, its prices, both, or nothing."""

    sale: EventSale | None = None
    tariffs: tuple[EventTariff, ...] = ()

    def tariff_rows(self, event: Event, event_id: UUID, social_bp: int) -> list[PlannedTariff]:
        """The tariffs of its dates. Nobody who was born outside the years of an event can have one."""
        if not self.tariffs or not may_be_sold(event):
            return tariff_rows(event, event_id, social_bp)
        own = [
            replace(each.of_event(event_id), born_from=event.born_from, born_to=event.born_to)
            for each in self.tariffs
        ]
        return with_social(own, social_bp)

    def session_row(
        self, row: PlannedSession, event: Event, occurrence: Occurrence, pool: PlannedPool
    ) -> PlannedSession:
        """A date as its source has it, but sold as is said here."""
        if self.tariffs and row.status == "sold_elsewhere" and is_for_sale(event, occurrence, pool):
            row = replace(row, status="scheduled")
        if self.sale is None:
            return row
        opens_at, closes_at = said_period(self.sale, event, occurrence)
        cancel_until = self.sale.cancel_until(occurrence.starts_at)
        return replace(row, sale_opens_at=opens_at, sale_closes_at=closes_at, cancel_until=cancel_until)


NOTHING: Final = SaidHere()


def is_for_sale(event: Event, occurrence: Occurrence, pool: PlannedPool) -> bool:
    """Whether a date takes place and has places, of an event that may be sold here."""
    return may_be_sold(event) and pool.counted and occurrence.state.status == "scheduled"


def said_period(sale: EventSale, event: Event, occurrence: Occurrence) -> tuple[datetime | None, datetime]:
    """When places are sold, as is said here; nothing is sold before or after its event is visible."""
    opens = [each for each in (sale.opens_at, event.visible_from) if each]
    closes = [each for each in (sale.closes_at(sold_until(event, occurrence)), event.visible_to) if each]
    return max(opens, default=None), min(closes)


def said_pool(sale: EventSale, pool: PlannedPool, *, is_new: bool) -> PlannedPool:
    """The pool of a date whose places are said here: what its source sold elsewhere is not taken from it.

    One that is known keeps its places: they were set when it was said, or by hand since.
    """
    if is_new:
        return PlannedPool(pool.id, sale.licensed_capacity, sale.capacity, 0, 0, counted=True)
    return replace(pool, held=0, counted=True)


class SaidSale(Struct, frozen=True):
    event_id: UUID
    licensed_capacity: int
    capacity: int
    opens_at: datetime | None
    closes_minutes: int
    cancel_minutes: int

    @property
    def sale(self) -> EventSale:
        return convert(asdict(self), EventSale)


class SaidTariff(Struct, frozen=True):
    event_id: UUID
    code: str
    name: str
    price_cents: int
    eligibility: str
    rank: int
    weight: int
    least: int
    age_from: int | None
    age_to: int | None

    @property
    def tariff(self) -> EventTariff:
        return convert(asdict(self), EventTariff)


select_sales = SQL.many("select_sales", SaidSale)
select_tariffs = SQL.many("select_tariffs", SaidTariff)


async def read_said(tx: Executor, region_id: int, event_ids: Sequence[UUID]) -> Mapping[UUID, SaidHere]:
    """What is said here of these events, of those of which something is."""
    sales = {each.event_id: each.sale for each in await select_sales(tx, region_id, event_ids)}
    tariffs: dict[UUID, list[EventTariff]] = {}
    for each in await select_tariffs(tx, region_id, event_ids):
        tariffs.setdefault(each.event_id, []).append(each.tariff)
    return {
        event_id: SaidHere(sales.get(event_id), tuple(tariffs.get(event_id, ())))
        for event_id in sales.keys() | tariffs.keys()
    }
