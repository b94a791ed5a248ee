"""Who is asking: a resident, staff with their roles, a client with its organisers, or nobody.

What proves it is a row in PostgreSQL. Valkey remembers it for a minute and a process for five seconds: a
sign-out reaches every process within those five.
"""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from msgspec import Struct

from uit.core.clock import Clock
from uit.core.secret import digest
from uit.database.pool import Database
from uit.database.statements import Statements
from uit.services.cache import Cache

SQL = Statements(__name__)

SECONDS_IN_VALKEY = 60
SECONDS_IN_PROCESS = timedelta(seconds=5)
MOST_REMEMBERED = 20_000


FLANDERS = 0
"""The region of a role that holds in the whole of Flanders, and of an address that names none."""


class Role(Struct, frozen=True):
    """What somebody may do where: in a region, for an organiser of it, or for a municipality."""

    role: str
    region_id: int
    organiser_id: UUID | None
    refnis: str | None


class Resident(Struct, frozen=True, tag=True):
    person_id: UUID
    session: bytes


class Staff(Struct, frozen=True, tag=True):
    """`second_factor`: whether this session proved it. Without, staff only see the page that asks."""

    staff_id: UUID
    session: bytes
    roles: tuple[Role, ...]
    second_factor: bool


class Client(Struct, frozen=True, tag=True):
    """An integrator's system, scoped to organisers of one region."""

    client_id: str
    region_id: int
    organiser_ids: frozenset[UUID]


class Holder(Struct, frozen=True, tag=True):
    """A resident's own program, with a token they gave it: reads what is theirs."""

    person_id: UUID


class Door(Struct, frozen=True, tag=True):
    """A volunteer's device with an open door link: one session, one evening, no account."""

    region_id: int
    session_id: UUID
    organiser_id: UUID
    link_id: UUID


Visitor = Resident | Staff | Client | Holder | Door


class SessionRow(Struct, frozen=True):
    digest: bytes
    person_id: UUID | None
    staff_id: UUID | None
    expires_at: datetime
    second_factor_at: datetime | None


class BearerRow(Struct, frozen=True):
    client_id: str | None
    person_id: UUID | None
    expires_at: datetime
    region_id: int | None
    organiser_ids: list[UUID] | None


read_session = SQL.maybe("read_session", SessionRow)
read_roles = SQL.many("read_roles", Role)
read_bearer = SQL.maybe("read_bearer", BearerRow)
read_door = SQL.maybe("read_door", Door)

Known = TypeVar("Known", bound=Visitor)


class Remembered(Struct, frozen=True):
    """A visitor, and until when what proves them is good."""

    visitor: Visitor
    expires_at: datetime


class RecentVisitor(Struct, frozen=True):
    """Somebody this process saw a moment ago; `hashed` is what a sign-out knows them by."""

    until: datetime
    hashed: bytes
    visitor: Visitor


class Authenticator:
    """Recognises visitors by the secret that their cookie or bearer header carries."""

    def __init__(self, database: Database, cache: Cache, clock: Clock) -> None:
        self._database, self._cache, self._clock = database, cache, clock
        self._near: dict[tuple[str, str], RecentVisitor] = {}
        self._looking: dict[tuple[str, str], asyncio.Task[Visitor | None]] = {}

    def by_session(self, secret: str) -> Awaitable[Visitor | None]:
        return self._recognise("session", secret)

    def by_bearer(self, secret: str) -> Awaitable[Visitor | None]:
        return self._recognise("bearer", secret)

    async def by_door(self, token: str, device_secret: str) -> Door | None:
        """Remembered nowhere: a link that is revoked is closed at once, and a scan can pay for one read."""
        digests = digest("door", token), digest("device", device_secret)
        async with self._database.reading() as connection:
            return await read_door(connection, *digests, self._clock.now())

    async def forget(self, hashed: bytes, kind: Literal["session", "bearer"] = "session") -> None:
        """After a sign-out: nobody is recognised by this digest any more, elsewhere within five seconds."""
        for known in [known for known, near in self._near.items() if near.hashed == hashed]:
            del self._near[known]
        await self._cache.forget(cache_key(kind, hashed))

    async def _recognise(self, kind: str, secret: str) -> Visitor | None:
        """Whoever was seen a moment ago. Of many who come with one secret at once, the first looks it up."""
        near = self._near.get((kind, secret))
        if near and near.until > self._clock.now():
            return near.visitor
        looking = self._looking.get((kind, secret))
        if looking is None:
            looking = self._looking[kind, secret] = asyncio.create_task(self._look(kind, secret))
            looking.add_done_callback(lambda _: self._looking.pop((kind, secret)))
        return await asyncio.shield(looking)

    async def _look(self, kind: str, secret: str) -> Visitor | None:
        now, hashed = self._clock.now(), digest(kind, secret)
        remembered = await self._remembered(kind, hashed, now)
        if remembered is None or remembered.expires_at <= now:
            return None
        if len(self._near) >= MOST_REMEMBERED:
            self._near.clear()
        until = min(now + SECONDS_IN_PROCESS, remembered.expires_at)
        self._near[kind, secret] = RecentVisitor(until, hashed, remembered.visitor)
        return remembered.visitor

    async def _remembered(self, kind: str, hashed: bytes, now: datetime) -> Remembered | None:
        """From Valkey, or from the database and then kept in Valkey for a minute."""
        key = cache_key(kind, hashed)
        remembered = await self._cache.get(key, Remembered)
        if remembered is None:
            remembered = await self._look_up(kind, hashed, now)
            if remembered is not None:
                await self._cache.put(key, remembered, SECONDS_IN_VALKEY)
        return remembered

    async def _look_up(self, kind: str, hashed: bytes, now: datetime) -> Remembered | None:
        async with self._database.reading() as connection:
            if kind == "bearer":
                bearer = await read_bearer(connection, hashed, now)
                return Remembered(bearer_visitor(bearer), bearer.expires_at) if bearer else None
            session = await read_session(connection, hashed, now)
            if session is None:
                return None
            if session.person_id is not None:
                return Remembered(Resident(session.person_id, hashed), session.expires_at)
            roles = await read_roles(connection, session.staff_id, now)
        assert session.staff_id is not None
        staff = Staff(session.staff_id, hashed, tuple(roles), session.second_factor_at is not None)
        return Remembered(staff, session.expires_at)


def cache_key(kind: str, hashed: bytes) -> str:
    return f"uit:{kind}:{hashed.hex()}"


def bearer_visitor(row: BearerRow) -> Visitor:
    if row.client_id is None:
        assert row.person_id is not None
        return Holder(row.person_id)
    assert row.region_id is not None
    return Client(row.client_id, row.region_id, frozenset(row.organiser_ids or ()))
