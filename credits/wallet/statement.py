"""The statement of a resident: their credit and its transfers, in one region or in all."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.ledger.ledger import TransferKind
from credits.programme.grant import last_day
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOVEMENTS = 50


class Movement(Struct, frozen=True):
    """`what`: the programme, or for a booking the organiser. `change_cents`: what is more available by it."""

    id: UUID
    kind: TransferKind
    cents: int
    change_cents: int
    at: datetime
    what: str


class Lapse(Struct, frozen=True):
    """So much has to be spent on this day at the latest."""

    on: date
    cents: int


class RemainingCredit(Struct, frozen=True):
    """What is left of a programme's credit, to spend on this day at the latest.

    `spendable`: some organiser takes its credit today.
    """

    programme: str
    on: date
    cents: int
    spendable: bool


class Statement(Struct, frozen=True):
    """In cents. `next` names the movement to go on from, when there are more."""

    available_cents: int
    held_cents: int
    spent_cents: int
    lapses: list[Lapse]
    left: list[RemainingCredit]
    movements: list[Movement]
    next: UUID | None

    @property
    def granted_cents(self) -> int:
        """The credit that can be spent, is held or was spent."""
        return self.spendable_cents + self.held_cents + self.spent_cents

    @property
    def spendable_cents(self) -> int:
        """The credit that at least one organiser accepts today."""
        return sum(each.cents for each in self.left if each.spendable)

    @property
    def unspendable_cents(self) -> int:
        """The credit that no organiser accepts today."""
        return self.available_cents - self.spendable_cents

    @property
    def spendable_lapses(self) -> list[Lapse]:
        """The days on which spendable credit lapses."""
        return lapses_of([each for each in self.left if each.spendable])


class OwnPurse(Struct, frozen=True):
    available_cents: int
    held_cents: int
    spent_cents: int
    lapses_at: datetime
    programme_id: UUID
    programme: str
    spendable: bool


read_region_ids = SQL.value("read_region_ids", list[int])
read_purses_of = SQL.many("read_purses_of", OwnPurse)
read_movements = SQL.many("read_movements", Movement)


async def read_statement(
    tx: Executor, person_id: UUID, region_id: int | None, before: UUID | None, now: datetime
) -> Statement:
    """The statement of a person, movements newest first; `before`: only movements before this one."""
    region_ids = await read_region_ids(tx, person_id) if region_id is None else [region_id]
    credit = await read_credit(tx, person_id, region_ids, now)
    movements = await read_movements(tx, person_id, region_id, before, MOVEMENTS + 1)
    shown = movements[:MOVEMENTS]
    more = shown[-1].id if len(movements) > MOVEMENTS else None
    return replace(credit, movements=shown, next=more)


async def read_credit(tx: Executor, person_id: UUID, region_ids: Iterable[int], now: datetime) -> Statement:
    """The statement of a person without its movements: what there is in these regions."""
    day = day_in_flanders(now)
    purses = [purse for each in region_ids for purse in await read_purses_of(tx, each, person_id, day)]
    left = remaining_credit(purses, now)
    return Statement(
        available_cents=sum(each.cents for each in left),
        held_cents=sum(purse.held_cents for purse in purses),
        spent_cents=sum(purse.spent_cents for purse in purses),
        lapses=lapses_of(left),
        left=left,
        movements=[],
        next=None,
    )


def remaining_credit(purses: list[OwnPurse], now: datetime) -> list[RemainingCredit]:
    """The available credit by programme and day: spendable credit first, then by day."""
    cents_by_key: dict[tuple[bool, date, str, UUID], int] = {}
    for purse in purses:
        if purse.available_cents and purse.lapses_at > now:
            key = (not purse.spendable, last_day(purse.lapses_at), purse.programme, purse.programme_id)
            cents_by_key[key] = cents_by_key.get(key, 0) + purse.available_cents
    return [RemainingCredit(key[2], key[1], cents_by_key[key], not key[0]) for key in sorted(cents_by_key)]


def lapses_of(left: list[RemainingCredit]) -> list[Lapse]:
    days: dict[date, int] = {}
    for each in left:
        days[each.on] = days.get(each.on, 0) + each.cents
    return [Lapse(day, days[day]) for day in sorted(days)]
