"""The sessions of imported events: what is new, what changed or moved, and what its source names no more.

A change of status or time goes by the same verbs as at an organiser's desk; what a desk decided is not
undone. Neither the price of a booking nor a place that is taken is touched. What is over stays.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from organisers.event import IncomingEvent
from organisers.organiser import ImportContext
from organisers.uitdatabank.event import SOURCE
from organisers.uitdatabank.field import in_language
from organisers.uitdatabank.occurrence import Occurrence
from reservations.importing.matching import match
from reservations.importing.plan import (
    PlannedPool,
    PlannedSession,
    fit_pool,
    new_pool,
    session_row,
    still_to_come,
    tariff_rows,
)
from reservations.sessions import changing, task
from reservations.sessions.changing import ON_SALE, LockedSession, NewTime, lock_sessions
from reservations.sessions.task import NewTask
from uit.core.ids import Ids
from uit.database.directory import list_in_directory
from uit.database.foreign_id import rename_foreign_ids, write_foreign_ids
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

WITHDRAWN: Final = "Staat niet meer op de agenda van de organisator."


class KnownSession(Struct, frozen=True):
    """A session that came in before and is not over, with its pool.

    `kept`: places that its pool holds back for people of a date that nobody knows what became of.
    `decided_here`: a desk set its status or its time. `asked`: somebody has to decide what becomes of it.
    """

    foreign_id: str
    event_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    decided_here: bool
    asked: bool
    kept: int
    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int

    @property
    def pool(self) -> PlannedPool:
        return PlannedPool(self.id, self.licensed_capacity, self.capacity, self.taken, self.held)


class ImportCounts(Struct):
    """What an import did. `notes` are for a person to decide about: what could not be done as asked."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    sessions: int = 0
    moved: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: "ImportCounts") -> None:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.sessions += other.sessions
        self.moved += other.moved
        self.withdrawn += other.withdrawn
        self.notes += other.notes


lock_pools = SQL.command("lock_pools")
select_known = SQL.many("select_known", KnownSession)
upsert_pools = SQL.command("upsert_pools")
upsert_sessions = SQL.command("upsert_sessions")
upsert_tariffs = SQL.command("upsert_tariffs")
end_tariffs = SQL.command("end_tariffs")


class SessionPlan:
    """Which sessions there should be, by foreign id, and how the ones that there are differ from them."""

    def __init__(
        self, incoming: Sequence[IncomingEvent], organisers: dict[UUID, UUID], social_bp: int, now: datetime
    ) -> None:
        self.events = {each.id: each.event for each in incoming}
        self.organisers = organisers
        self.now = now
        self.wanted: dict[str, tuple[UUID, Occurrence]] = {
            f"{event.foreign_id}#{occurrence.key}": (event_id, occurrence)
            for event_id, event in self.events.items()
            for occurrence in still_to_come(event.occurrences, now)
        }
        self.named = {
            f"{event.foreign_id}#{occurrence.key}"
            for event in self.events.values()
            for occurrence in event.occurrences
        }
        self.tariffs = [
            row for event_id, event in self.events.items() for row in tariff_rows(event, event_id, social_bp)
        ]

    def pool(
        self, foreign_id: str, here: Mapping[str, KnownSession], kept_if_new: int, ids: Ids
    ) -> PlannedPool:
        """The places of a session as they should be, less those that are kept back."""
        _, occurrence = self.wanted[foreign_id]
        known = here.get(foreign_id)
        if known is None:
            return keep_back(new_pool(ids.new(), occurrence.state), kept_if_new)
        if occurrence.state.capacity is None:
            return known.pool
        return keep_back(fit_pool(known.pool, occurrence.state), known.kept)

    def session_row(self, foreign_id: str, pool: PlannedPool) -> PlannedSession:
        event_id, occurrence = self.wanted[foreign_id]
        return session_row(self.events[event_id], occurrence, event_id, self.organisers[event_id], pool)

    def arrived(self, known: Sequence[KnownSession]) -> dict[UUID, dict[str, datetime]]:
        """The dates to come that are new, by event: their foreign ids with their starts."""
        here = {each.foreign_id for each in known}
        found: dict[UUID, dict[str, datetime]] = {}
        for foreign_id, (event_id, occurrence) in self.wanted.items():
            if foreign_id not in here and occurrence.starts_at >= self.now:
                found.setdefault(event_id, {})[foreign_id] = occurrence.starts_at
        return found

    def caught_up(self, known: Sequence[KnownSession]) -> dict[str, str]:
        """Dates that a desk moved and that their source names at that moment by now: old name to new."""
        arrived = self.arrived(known)
        moved_here = [each for each in known if each.decided_here and each.foreign_id not in self.named]
        return {
            each.foreign_id: foreign_id
            for each in moved_here
            for foreign_id, starts_at in arrived.get(each.event_id, {}).items()
            if starts_at == each.starts_at
        }

    def gone(self, known: Sequence[KnownSession]) -> list[KnownSession]:
        """Sessions that left the calendar and that have no start behind them, nor wait for a decision."""
        return [
            each
            for each in known
            if each.foreign_id not in self.named
            and (each.starts_at >= self.now or each.status == "postponed")
            and each.status not in {"cancelled", "suspended"}
            and not each.asked
        ]

    def is_unpublished(self, session: KnownSession) -> bool:
        return not self.events[session.event_id].published

    def name(self, session: KnownSession) -> str:
        return f"{in_language(self.events[session.event_id].name)}, {session.starts_at:%Y-%m-%d %H:%M} UTC"


class Changes(Struct):
    """What becomes of sessions that were there before, and how many places new dates keep back."""

    moved: dict[str, str] = field(default_factory=dict)
    unclear: list[KnownSession] = field(default_factory=list)
    kept: dict[UUID, int] = field(default_factory=dict)


def keep_back(pool: PlannedPool, places: int) -> PlannedPool:
    """As many of these places as there are beyond what was taken; more cannot be kept back."""
    return replace(pool, held=min(pool.held + places, pool.licensed_capacity - pool.taken))


def find_changes(plan: SessionPlan, known: Sequence[KnownSession]) -> Changes:
    """Which dates moved, by their foreign ids, and of which it cannot be told.

    What a desk decided stays, but for what it postponed: that goes on at a new date, when its source has one.
    """
    arrived, changes = plan.arrived(known), Changes()
    gone = [
        each
        for each in plan.gone(known)
        if not each.decided_here or (each.status == "postponed" and each.event_id in arrived)
    ]
    for event_id in dict.fromkeys(each.event_id for each in gone):
        vanished = [(each.starts_at, each) for each in gone if each.event_id == event_id]
        new = [(starts_at, foreign_id) for foreign_id, starts_at in arrived.get(event_id, {}).items()]
        matched = match(vanished, new)
        changes.moved |= {session.foreign_id: foreign_id for session, foreign_id in matched.moved}
        changes.unclear += [each for each in matched.vanished if each.taken or not each.decided_here]
        changes.kept |= {event_id: sum(each.taken for each in matched.vanished)} if matched.arrived else {}
    return changes


async def import_sessions(
    tx: Executor, context: ImportContext, plan: SessionPlan, done: ImportCounts
) -> None:
    """Sessions with their places and prices; `done` gets what happened to them."""
    await SessionImport(tx, context, plan, done).run()


class SessionImport:
    """One import of the sessions of a plan, in the transaction of its events."""

    def __init__(self, tx: Executor, context: ImportContext, plan: SessionPlan, done: ImportCounts) -> None:
        self.tx, self.plan, self.done = tx, plan, done
        self.region_id, self.ids = context.region_id, context.ids
        self.author = Author(context.region_id, "system", "import", context.now, context.ids)

    async def run(self) -> None:
        known = await self.read_known()
        if known:
            await lock_pools(self.tx, self.region_id, [each.id for each in known])
            known = await self.read_known()
        caught_up = self.plan.caught_up(known)
        if caught_up:
            await rename_foreign_ids(self.tx, self.region_id, "session", SOURCE, caught_up)
            known = await self.read_known()
        changes = find_changes(self.plan, known)
        if changes.moved:
            await self.move(known, changes)
            known = await self.read_known()
        here = {each.foreign_id: each for each in known}
        pools = {
            foreign_id: self.plan.pool(foreign_id, here, changes.kept.get(event_id, 0), self.ids)
            for foreign_id, (event_id, _) in self.plan.wanted.items()
        }
        rows = {foreign_id: self.plan.session_row(foreign_id, pool) for foreign_id, pool in pools.items()}
        await self.write(here, rows, pools)
        await self.change(here, rows)
        await self.ask_about(changes, {key: pool.id for key, pool in pools.items() if key not in here})

    async def read_known(self) -> list[KnownSession]:
        plan = self.plan
        return await select_known(
            self.tx, self.region_id, SOURCE, list(plan.events), list(plan.wanted), plan.now
        )

    async def locked(self, sessions: Sequence[KnownSession]) -> list[LockedSession]:
        return await lock_sessions(self.tx, self.region_id, [each.id for each in sessions])

    async def move(self, known: Sequence[KnownSession], changes: Changes) -> None:
        """Give the dates that moved their new time, and the name that their source has for it."""
        moved = [each for each in known if each.foreign_id in changes.moved]
        times = []
        for each in moved:
            _, occurrence = self.plan.wanted[changes.moved[each.foreign_id]]
            times.append(NewTime(each.id, occurrence.starts_at, occurrence.ends_at))
            if each.taken:
                to = f"{occurrence.starts_at:%Y-%m-%d %H:%M} UTC"
                self.done.notes.append(f"{self.plan.name(each)}: moved to {to}.")
        await changing.move(self.tx, self.author, await self.locked(moved), times)
        await rename_foreign_ids(self.tx, self.region_id, "session", SOURCE, changes.moved)
        self.done.moved += len(moved)

    async def write(
        self,
        here: Mapping[str, KnownSession],
        rows: Mapping[str, PlannedSession],
        pools: Mapping[str, PlannedPool],
    ) -> None:
        """Add the sessions that are new; of those that are known, neither time nor status changes here."""
        before = {each.pool for each in here.values()}
        changed = [pool for pool in pools.values() if pool not in before]
        sessions, tariffs = [row.id for row in rows.values()], as_json(self.plan.tariffs)
        await upsert_pools(self.tx, self.region_id, as_json(changed))
        await upsert_sessions(self.tx, self.region_id, as_json(list(rows.values())), self.plan.now)
        await end_tariffs(self.tx, self.region_id, sessions, tariffs)
        await upsert_tariffs(self.tx, self.region_id, sessions, tariffs)
        names = {foreign_id: pool.id for foreign_id, pool in pools.items() if foreign_id not in here}
        await write_foreign_ids(self.tx, self.region_id, "session", SOURCE, names)
        owners: dict[UUID, UUID | None] = {row.id: row.organiser_id for row in rows.values()}
        await list_in_directory(self.tx, "session", self.region_id, owners)
        self.done.sessions += len(rows)

    async def change(self, here: Mapping[str, KnownSession], rows: Mapping[str, PlannedSession]) -> None:
        """Call off, postpone or restore what its source says so of, unless a desk decided otherwise."""
        found: dict[str, list[KnownSession]] = {"cancelled": [], "postponed": [], "back": [], "doubtful": []}
        for foreign_id, session in here.items():
            row = rows.get(foreign_id)
            if row is None:
                continue
            self.done.notes += notes(self.plan, session)
            change = change_of(self.plan, session, row.status)
            if change:
                found[change].append(session)
        reasons = {row.id: row.status_reason for row in rows.values()}
        if found["cancelled"]:
            await changing.call_off(self.tx, self.author, await self.locked(found["cancelled"]), reasons)
            self.done.notes += [
                f"{self.plan.name(each)}: cancelled, with {each.taken} places taken."
                for each in found["cancelled"]
                if each.taken
            ]
        if found["postponed"]:
            await changing.postpone(self.tx, self.author, await self.locked(found["postponed"]), reasons)
        if found["back"]:
            await changing.restore(self.tx, self.author, await self.locked(found["back"]), "back_at_source")
        await self.doubt(found["doubtful"], {})

    async def ask_about(self, changes: Changes, arrived: Mapping[str, UUID]) -> None:
        """Of dates that vanished: call off the empty ones, and let a person decide about the others."""
        empty = [each for each in changes.unclear if not each.taken]
        if empty:
            self.done.withdrawn += len(empty)
            reasons = {each.id: WITHDRAWN for each in empty}
            await changing.call_off(self.tx, self.author, await self.locked(empty), reasons)
        held = {
            each.id: {
                str(pool_id): each.taken
                for foreign_id, pool_id in arrived.items()
                if self.plan.wanted[foreign_id][0] == each.event_id
            }
            for each in changes.unclear
        }
        await self.doubt([each for each in changes.unclear if each.taken], held)

    async def doubt(self, sessions: Sequence[KnownSession], held: Mapping[UUID, dict[str, int]]) -> None:
        """Stop the sale of these dates, let no money move, and ask their organisers what becomes of them.

        What was postponed stays so: nothing of it is sold or earned, and its people know that.
        """
        if not sessions:
            return
        on_sale = [each for each in sessions if each.status != "postponed"]
        await changing.suspend(self.tx, self.author, await self.locked(on_sale))
        tasks = [
            NewTask(
                "withdrawn_at_source" if self.plan.is_unpublished(each) else "vanished_at_source",
                each.id,
                self.plan.organisers[each.event_id],
                held.get(each.id, {}),
            )
            for each in sessions
        ]
        await task.open_tasks(self.tx, self.region_id, tasks, self.ids, self.plan.now)
        self.done.notes += [
            f"{self.plan.name(each)}: taken back at its source, with {each.taken} places taken; "
            "its organiser decides."
            for each in sessions
        ]


def change_of(plan: SessionPlan, session: KnownSession, status: str) -> str | None:
    """What its source says of a date that is otherwise here; None when nothing, or when a desk decided."""
    if session.decided_here:
        return None
    if plan.is_unpublished(session):
        may_be_asked = session.taken and session.status in {*ON_SALE, "postponed"} and not session.asked
        return "doubtful" if may_be_asked else None
    if status in {"cancelled", "postponed"}:
        return status if status != session.status else None
    return "back" if session.status not in ON_SALE else None


def notes(plan: SessionPlan, session: KnownSession) -> list[str]:
    """What a person should know: places that are taken beyond the capacity."""
    _, occurrence = plan.wanted[session.foreign_id]
    capacity = occurrence.state.capacity
    if capacity is None or capacity >= session.taken:
        return []
    return [f"{plan.name(session)}: capacity is now {capacity}, but {session.taken} places are taken."]
