"""A small town in which everything can happen: two organisers, four dates, pools, seats, people and lines.

It is founded once. Each example acts in a region of its own with the same rows, a copy that takes a few
milliseconds, so that no example sees what another did.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from reservations.places.apart.set_apart import NewSetApart, set_apart
from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session, World
from tests.reservations.seats.world import seated
from uit.services.audit import Author

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROWS = (PlanLine("A", 1, 3), PlanLine("B", 1, 2))
SEATS = tuple(f"{row.name}-{no}" for row in ROWS for no in range(row.first, row.last + 1))
CREDIT_CENTS = (800, 2500, 300)
FEES = (120, 0)
"""What each organiser keeps of the money of a ticket that is given up."""
SET_APART = 1
"""How many places of the second date the client has for itself."""

TABLES = """
SELECT c.table_schema || '.' || c.table_name AS name,
    string_agg(c.column_name, ', ') FILTER (WHERE c.column_name <> 'region_id') AS columns
FROM information_schema.columns AS c
JOIN information_schema.tables AS t USING (table_schema, table_name)
WHERE t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' AND t.table_schema IN (
    'uit', 'identity', 'passes', 'organisers', 'credits', 'reservations'
)
GROUP BY 1 HAVING bool_or(c.column_name = 'region_id')
"""
KEYED_WITHOUT_REGION = {"uit.directory", "uit.outbox", "uit.audit"}
"""What names a thing alone, and what already happened."""


@dataclass(frozen=True)
class Tariff:
    price_cents: int
    weight: int
    pool_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Pool:
    """`session_id`: of which date it is the room. A part, and what is set apart, is of `room_id`."""

    id: UUID
    capacity: int
    licensed: int
    kind: str
    session_id: UUID | None
    room_id: UUID | None


@dataclass(frozen=True)
class Date:
    """`keeps`: what is too few for who waits is kept for them until there is enough."""

    session: Session
    starts_at: datetime
    sale_closes_at: datetime
    cancel_until: datetime
    tariffs: dict[str, Tariff]
    keeps: bool
    seats: tuple[str, ...] = ()

    @property
    def pool_ids(self) -> set[UUID]:
        return {pool_id for each in self.tariffs.values() for pool_id in each.pool_ids}


@dataclass
class Town:
    """What every region has, and the connection that copies it.

    `happened`: the kinds of commands and answers, over all regions.
    """

    world: World
    owner: "asyncpg.Connection[Any]"
    began_at: datetime
    people: list[Resident]
    dates: list[Date]
    pools: dict[UUID, Pool]
    copying: str
    regions: int = 2
    happened: set[str] = field(default_factory=set)

    @classmethod
    async def found(cls, world: World, owner: "asyncpg.Connection[Any]") -> "Town":
        began_at = world.clock.now()
        people = [await world.resident(credit_cents=cents) for cents in CREDIT_CENTS]
        dates = await make_dates(world)
        pools = {each.id: each async for each in read_pools(world)}
        return cls(world, owner, began_at, people, dates, pools, await copying(owner))

    @property
    def organisers(self) -> list[UUID]:
        return list(dict.fromkeys(each.session.organiser_id for each in self.dates))

    def author(self, region_id: int) -> Author:
        return author_of(self.world, region_id)

    async def another(self) -> int:
        """A region with all of this, in which nothing happened yet; the clock stands as it began."""
        self.regions += 1
        self.world.clock.set(self.began_at)
        await self.owner.execute(self.copying.replace("$1", str(self.regions)))
        return self.regions


def author_of(world: World, region_id: int) -> Author:
    return Author(region_id, "staff", str(uuid4()), world.clock.now(), world.services.ids)


async def make_dates(world: World) -> list[Date]:
    """Three of one activity, the second with pools in pools and the third with seats; and one of another."""
    first, second = await world.organiser(), await world.organiser(name="Het Gasthuis")
    for each, fee_cents in zip((first, second), FEES, strict=True):
        await world.seller(each, fee_cents=fee_cents)
    plain = await world.session(4, 500, organiser_id=first, starts_in=3 * DAY)
    nested = await world.session(5, 700, organiser_id=first, starts_in=4 * DAY)
    numbered = await seated(world, *ROWS, price_cents=600, organiser_id=first, starts_in=5 * DAY)
    other = await world.session(3, 400, organiser_id=second, starts_in=6 * DAY)
    await world.execute("DELETE FROM reservations.tariff WHERE code = 'kansentarief'")
    await world.execute("UPDATE reservations.pool SET licensed_capacity = 10")
    nested, numbered = await of_one_activity(world, plain, nested, numbered)
    await world.tariff(plain, "duo", 900, weight=2)
    await world.tariff(plain, "free", 0)
    ground, balcony = await share(world, 6, nested, other), await part(world, nested, 2)
    await world.tariff(nested, "balcony", 300)
    await draw_on(world, nested, "balcony", balcony, ground)
    await keep_apart(world, nested)
    await world.execute(
        "UPDATE reservations.session SET sale_closes_at = starts_at - interval '12 hours' WHERE id = $1",
        plain.id,
    )
    return [await read_date(world, each) for each in (plain, nested, numbered, other)]


async def read_date(world: World, session: Session) -> Date:
    [row] = await world.rows(
        "SELECT s.starts_at, s.sale_closes_at, s.cancel_until, e.waiting_rule = 'keep' AS keeps, p.plan_id"
        " FROM reservations.session AS s JOIN organisers.event AS e ON e.id = s.event_id"
        " LEFT JOIN reservations.seated_session AS p ON p.session_id = s.id WHERE s.id = $1",
        session.id,
    )
    tariffs = await world.rows(
        "SELECT code, price_cents, weight, pool_ids FROM reservations.tariff WHERE session_id = $1"
        " ORDER BY code",
        session.id,
    )
    return Date(
        session,
        row["starts_at"],
        row["sale_closes_at"],
        row["cancel_until"],
        {
            each["code"]: Tariff(each["price_cents"], each["weight"], tuple(each["pool_ids"]))
            for each in tariffs
        },
        keeps=row["keeps"],
        seats=SEATS if row["plan_id"] else (),
    )


async def read_pools(world: World) -> AsyncIterator[Pool]:
    for row in await world.rows(
        "SELECT p.id, p.capacity, p.licensed_capacity, p.kind, s.id AS session_id, p.parent_id"
        " FROM reservations.pool AS p"
        " LEFT JOIN reservations.session AS s ON p.kind = 'room' AND p.id = ANY (s.pool_ids)"
    ):
        yield Pool(*row)


async def of_one_activity(world: World, first: Session, *others: Session) -> list[Session]:
    """The others as dates of the activity of the first, so that one line is for all of them."""
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = ANY ($2)",
        first.event_id, [each.id for each in others],
    )  # fmt: skip
    await world.execute("UPDATE organisers.event SET waiting_rule = 'keep' WHERE id = $1", first.event_id)
    return [replace(each, event_id=first.event_id) for each in others]


async def share(world: World, places: int, *sessions: Session) -> UUID:
    """A pool over dates of several organisers, on which every ticket of these draws."""
    pool_id, now = uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO reservations.pool (region_id, id, kind, name, licensed_capacity, capacity)"
        " VALUES (1, $1, 'shared', 'Terrein', 10, $2)",
        pool_id, places,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO reservations.shared_pool (region_id, pool_id, made_at) VALUES (1, $1, $2)", pool_id, now
    )
    for each in sessions:
        await hang(world, each, pool_id)
        await draw_on(world, each, "base", pool_id)
    return pool_id


async def part(world: World, session: Session, places: int) -> UUID:
    pool_id = uuid4()
    await world.execute(
        "INSERT INTO reservations.pool (region_id, id, parent_id, kind, name, licensed_capacity, capacity)"
        " VALUES (1, $1, $2, 'part', 'Balkon', 10, $3)",
        pool_id, session.pool_id, places,
    )  # fmt: skip
    await hang(world, session, pool_id)
    return pool_id


async def hang(world: World, session: Session, pool_id: UUID) -> None:
    await world.execute(
        "UPDATE reservations.session SET pool_ids = pool_ids || $2::uuid WHERE id = $1", session.id, pool_id
    )


async def draw_on(world: World, session: Session, tariff: str, *pool_ids: UUID) -> None:
    """Each ticket at this price draws on these pools too."""
    await world.execute(
        "UPDATE reservations.tariff SET pool_ids = pool_ids || $3::uuid[]"
        " WHERE session_id = $1 AND code = $2",
        session.id, tariff, list(pool_ids),
    )  # fmt: skip


async def keep_apart(world: World, session: Session) -> None:
    new = NewSetApart(uuid4(), "api", None, SET_APART, world.clock.now() + 30 * DAY)
    async with world.services.database.transaction() as tx:
        assert await set_apart(tx, author_of(world, 1), session.id, new) is None


async def copying(owner: "asyncpg.Connection[Any]") -> str:
    """What copies the rows of the first region into region $1."""
    statements = ["INSERT INTO uit.region (id, slug, name) VALUES ($1, 'gebied-$1', 'Gebied $1')"]
    for name, columns in await owner.fetch(TABLES):
        if name not in KEYED_WITHOUT_REGION and await owner.fetchval(
            f"SELECT true FROM {name} WHERE region_id = 1 LIMIT 1"
        ):
            rows = f"SELECT $1, {columns} FROM {name} WHERE region_id = 1"
            statements.append(f"INSERT INTO {name} (region_id, {columns}) {rows}")
    return "; ".join(statements)
