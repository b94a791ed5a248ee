"""The visitor of a request: a resident, staff with their roles, a client, a holder's program, a door device.

A visitor is authenticated by a row in PostgreSQL, cached in Valkey for a minute and in each process for five
seconds. Who is forgotten is forgotten in Valkey, and by every process that listens to FORGOTTEN.
"""

import asyncio
from collections.abc import Awaitable, Collection
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar
from uuid import UUID

from msgspec import Struct

from uit.core.clock import Clock, day_in_flanders
from uit.core.secret import digest
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Statements
from uit.identity.client.scope import EVERY_SCOPE
from uit.services.cache import Cache

SQL = Statements(__name__)

SECONDS_IN_VALKEY = 60
SECONDS_IN_PROCESS = timedelta(seconds=5)
MOST_RECENT = 20_000
FORGOTTEN = "uit_forgotten"
"""The channel on which the database says the digest of a secret that works no longer."""


FLANDERS = 0
"""The region of a role that holds in the whole of Flanders, and of an address without a region."""


class Role(Struct, frozen=True):
    """A role of staff, and where it holds: in a region, for an organiser, a partner or a municipality."""

    role: str
    region_id: int
    organiser_id: UUID | None
    refnis: str | None
    partner_id: UUID | None = None


class Resident(Struct, frozen=True, tag=True):
    person_id: UUID
    session: bytes


class Staff(Struct, frozen=True, tag=True):
    """`second_factor`: whether this session proved it; until then only MFA_PENDING routes are open."""

    staff_id: UUID
    session: bytes
    roles: tuple[Role, ...]
    second_factor: bool


class Client(Struct, frozen=True, tag=True):
    """The system of an integrator, for organisers of one region.

    `return_origins`: where it may have its customers led back to. `scopes`: what it may do.
    """

    client_id: str
    region_id: int
    organiser_ids: frozenset[UUID]
    return_origins: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset(EVERY_SCOPE)


class Holder(Struct, frozen=True, tag=True):
    """A resident's own program, with a holder token: it reads the data of that resident."""

    person_id: UUID


class Door(Struct, frozen=True, tag=True):
    """The device of a volunteer with an open door link, for one session and without an account."""

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
    used_on: date | None


class BearerRow(Struct, frozen=True):
    client_id: str | None
    person_id: UUID | None
    expires_at: datetime
    region_id: int | None
    organiser_ids: list[UUID] | None
    return_origins: list[str] | None
    scopes: list[str] | None


read_session = SQL.maybe("read_session", SessionRow)
read_roles = SQL.many("read_roles", Role)
read_bearer = SQL.maybe("read_bearer", BearerRow)
read_door = SQL.maybe("read_door", Door)
tell_forgotten = SQL.command("tell_forgotten")
note_use = SQL.command("note_use")

Known = TypeVar("Known", bound=Visitor)


class CachedVisitor(Struct, frozen=True):
    """A visitor, and the time until which the session or token is valid."""

    visitor: Visitor
    expires_at: datetime


class RecentVisitor(Struct, frozen=True):
    """A visitor that this process recognised within five seconds; `hashed` is the digest of the secret."""

    until: datetime
    hashed: bytes
    visitor: Visitor


class Authenticator:
    """Recognises visitors by the secret in their cookie or bearer header."""

    def __init__(self, database: Database, cache: Cache, clock: Clock) -> None:
        self._database, self._cache, self._clock = database, cache, clock
        self._recent: dict[tuple[str, str], RecentVisitor] = {}
        self._lookups: dict[tuple[str, str], asyncio.Task[Visitor | None]] = {}
        self._forgotten: dict[bytes, datetime] = {}

    def by_session(self, secret: str) -> Awaitable[Visitor | None]:
        return self._recognise("session", secret)

    def by_bearer(self, secret: str) -> Awaitable[Visitor | None]:
        return self._recognise("bearer", secret)

    async def by_door(self, token: str, device_secret: str) -> Door | None:
        """A door device. It is never cached, so that revoking a link takes effect at once."""
        digests = digest("door", token), digest("device", device_secret)
        async with self._database.reading() as connection:
            return await read_door(connection, *digests, self._clock.now())

    async def forget(self, *digests: bytes, kind: Literal["session", "bearer"] = "session") -> None:
        """Remove digests from the caches, here and in every process that listens, after their rows ended."""
        self._forget_here(digests)
        for hashed in digests:
            await self._cache.forget(cache_key(kind, hashed))
        if digests:
            async with self._database.reading() as connection:
                await tell_forgotten(connection, FORGOTTEN, [hashed.hex() for hashed in digests])

    def on_forgotten(self, named: str) -> None:
        """Forget the digest that another process named; after a time without hearing, all that is recent."""
        if named:
            self._forget_here([bytes.fromhex(named)])
        else:
            self._recent.clear()

    def _forget_here(self, digests: Collection[bytes]) -> None:
        """Look them up in the database for a minute: a process that read one before may yet cache it."""
        now = self._clock.now()
        self._forgotten = {each: until for each, until in self._forgotten.items() if until > now}
        self._forgotten |= dict.fromkeys(digests, now + timedelta(seconds=SECONDS_IN_VALKEY))
        self._recent = {
            known: recent for known, recent in self._recent.items() if recent.hashed not in self._forgotten
        }

    async def _recognise(self, kind: str, secret: str) -> Visitor | None:
        """The visitor with this secret. Of concurrent requests with it, only the first looks it up."""
        recent = self._recent.get((kind, secret))
        if recent and recent.until > self._clock.now():
            return recent.visitor
        lookup = self._lookups.get((kind, secret))
        if lookup is None:
            lookup = self._lookups[kind, secret] = asyncio.create_task(self._look_up(kind, secret))
            lookup.add_done_callback(lambda _: self._lookups.pop((kind, secret)))
        return await asyncio.shield(lookup)

    async def _look_up(self, kind: str, secret: str) -> Visitor | None:
        now, hashed = self._clock.now(), digest(kind, secret)
        cached = await self._read_through_cache(kind, hashed, now)
        if cached is None or cached.expires_at <= now:
            return None
        if hashed in self._forgotten:
            return cached.visitor
        if len(self._recent) >= MOST_RECENT:
            self._recent.clear()
        until = min(now + SECONDS_IN_PROCESS, cached.expires_at)
        self._recent[kind, secret] = RecentVisitor(until, hashed, cached.visitor)
        return cached.visitor

    async def _read_through_cache(self, kind: str, hashed: bytes, now: datetime) -> CachedVisitor | None:
        """The visitor from Valkey, or from the database, and then stored in Valkey for a minute."""
        if hashed in self._forgotten:
            return await self._read_from_database(kind, hashed, now)
        key = cache_key(kind, hashed)
        cached = await self._cache.get(key, CachedVisitor)
        if cached is None:
            cached = await self._read_from_database(kind, hashed, now)
            if cached is not None:
                await self._cache.put(key, cached, SECONDS_IN_VALKEY)
        return cached

    async def _note_use(self, session: SessionRow, today: date) -> None:
        """Write down that a resident uses their session today: once a day, and not where none can write."""
        if session.used_on == today:
            return
        with suppress(*AWAY, *CANNOT_WRITE):
            async with self._database.transaction() as tx:
                await note_use(tx, session.digest, today)

    async def _read_from_database(self, kind: str, hashed: bytes, now: datetime) -> CachedVisitor | None:
        async with self._database.reading() as connection:
            if kind == "bearer":
                bearer = await read_bearer(connection, hashed, now)
                return CachedVisitor(bearer_visitor(bearer), bearer.expires_at) if bearer else None
            session = await read_session(connection, hashed, now)
            if session is None:
                return None
            roles = await read_roles(connection, session.staff_id, now) if session.staff_id else []
        if session.person_id is not None:
            await self._note_use(session, day_in_flanders(now))
            return CachedVisitor(Resident(session.person_id, hashed), session.expires_at)
        assert session.staff_id is not None
        staff = Staff(session.staff_id, hashed, tuple(roles), session.second_factor_at is not None)
        return CachedVisitor(staff, session.expires_at)


def cache_key(kind: str, hashed: bytes) -> str:
    return f"uit:{kind}:{hashed.hex()}"


def bearer_visitor(row: BearerRow) -> Visitor:
    if row.client_id is None:
        assert row.person_id is not None
        return Holder(row.person_id)
    assert row.region_id is not None
    organisers, origins = frozenset(row.organiser_ids or ()), frozenset(row.return_origins or ())
    return Client(row.client_id, row.region_id, organisers, origins, frozenset(row.scopes or ()))
