"""What a resident has, had and spent: their own purses, in every region they are a member of, or in one."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from credits.grant import last_day
from credits.ledger import TransferKind
from uit.ground.sql import Executor, Statements

SQL = Statements("credits", "statement")
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


class Statement(Struct, frozen=True):
    """In cents. `next` names the movement to go on from, when there are more."""

    available_cents: int
    held_cents: int
    spent_cents: int
    lapses: list[Lapse]
    movements: list[Movement]
    next: UUID | None

    @property
    def granted_cents(self) -> int:
        """What can be or was spent: the whole of which `available_cents` is left."""
        return self.available_cents + self.held_cents + self.spent_cents


class PurseRow(Struct, frozen=True):
    available_cents: int
    held_cents: int
    spent_cents: int
    lapses_at: datetime


read_purses_of = SQL.many("read_purses_of", PurseRow)
read_movements = SQL.many("read_movements", Movement)


async def read_statement(
    tx: Executor, person_id: UUID, region_id: int | None, before: UUID | None, now: datetime
) -> Statement:
    """The statement of a person: movements newest first, from before `before` where that is given."""
    purses = await read_purses_of(tx, person_id, region_id)
    movements = await read_movements(tx, person_id, region_id, before, MOVEMENTS + 1)
    shown = movements[:MOVEMENTS]
    return Statement(
        available_cents=sum(purse.available_cents for purse in purses if purse.lapses_at > now),
        held_cents=sum(purse.held_cents for purse in purses),
        spent_cents=sum(purse.spent_cents for purse in purses),
        lapses=lapses_of(purses, now),
        movements=shown,
        next=shown[-1].id if len(movements) > MOVEMENTS else None,
    )


def lapses_of(purses: list[PurseRow], now: datetime) -> list[Lapse]:
    days: dict[date, int] = {}
    for purse in purses:
        if purse.available_cents and purse.lapses_at > now:
            day = last_day(purse.lapses_at)
            days[day] = days.get(day, 0) + purse.available_cents
    return [Lapse(day, days[day]) for day in sorted(days)]
