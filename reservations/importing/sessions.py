"""The sessions of imported events: what is new, what changed or moved, and what its source names no more.

A change of status or time goes by the same verbs as at an organiser's desk; what a desk decided is not
undone. Neither the price of a booking nor a place that is taken is touched. What is over stays.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct, field

from organisers.organiser import ImportContext
from organisers.source import Counting
from organisers.uitdatabank.event import SOURCE
from reservations.importing.counting import had_to_choose
from reservations.importing.known_session import KnownSession
from reservations.importing.plan import PlannedPool, PlannedSession
from reservations.importing.session_plan import (
    Changes,
    Places,
    SessionPlan,
    change_of,
    find_changes,
    guess_note,
    notes,
)
from reservations.sessions import changing, task
from reservations.sessions.changing import LockedSession, NewTime, lock_sessions
from reservations.sessions.task import NewTask
from uit.database.directory import list_in_directory
from uit.database.foreign_id import rename_foreign_ids, write_foreign_ids
from uit.database.statements import Executor, Statements, as_json
from uit.services.audit import Author

SQL = Statements(__name__)

WITHDRAWN: Final = "Staat niet meer op de agenda van de organisator."


class ImportCounts(Struct):
    """What an import did. `elsewhere`: of how many dates people were told that they are in another place.

    `notes` are for a person to decide about: what could not be done as asked.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    sessions: int = 0
    moved: int = 0
    elsewhere: int = 0
    withdrawn: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, other: "ImportCounts") -> None:
        self.added += other.added
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.sessions += other.sessions
        self.moved += other.moved
        self.elsewhere += other.elsewhere
        self.withdrawn += other.withdrawn
        self.notes += other.notes


lock_pools = SQL.command("lock_pools")
select_known = SQL.many("select_known", KnownSession)
upsert_figures = SQL.command("upsert_figures")
set_periods = SQL.command("set_periods")
upsert_pools = SQL.command("upsert_pools")
upsert_sessions = SQL.command("upsert_sessions")
upsert_tariffs = SQL.command("upsert_tariffs")
end_tariffs = SQL.command("end_tariffs")


class FigureRow(Struct, frozen=True):
    session_id: UUID
    unavailable: int | None
    taken: int
    elsewhere: int
    counting: Counting


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
        met_at_source = self.plan.met_at_source(known)
        if met_at_source:
            await write_foreign_ids(self.tx, self.region_id, "session", SOURCE, met_at_source)
            known = await self.read_known()
        self.plan.keep_added_here(known)
        renamed_at_source = self.plan.renamed_at_source(known)
        if renamed_at_source:
            await rename_foreign_ids(self.tx, self.region_id, "session", SOURCE, renamed_at_source)
            known = await self.read_known()
        changes = find_changes(self.plan, known)
        if changes.moved:
            await self.move(known, changes)
            known = await self.read_known()
        here = {each.foreign_id: each for each in known}
        places = {
            foreign_id: self.plan.places(foreign_id, here, changes.kept.get(event_id, 0), self.ids)
            for foreign_id, (event_id, _) in self.plan.wanted.items()
        }
        pools = {foreign_id: each.pool for foreign_id, each in places.items()}
        rows = {
            foreign_id: self.plan.session_row(foreign_id, pool, here.get(foreign_id))
            for foreign_id, pool in pools.items()
        }
        await self.write(here, rows, pools)
        await self.write_figures(here, places)
        await self.write_periods(here, rows)
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
        """Add the sessions that are new, and give known ones their end, their sale, and where they are sold.

        Their start and whether they take place, the verbs change. Nobody is told of another end alone: who
        booked comes at the start.
        """
        before = {each.pool for each in here.values()}
        changed = [pool for pool in pools.values() if pool not in before]
        sessions, tariffs = [row.id for row in rows.values()], as_json(self.plan.tariffs)
        await upsert_pools(self.tx, self.region_id, as_json(changed))
        await upsert_sessions(self.tx, self.region_id, as_json(list(rows.values())), self.plan.now)
        other_end = [
            each.id for key, each in here.items() if key in rows and rows[key].ends_at != each.ends_at
        ]
        if other_end:
            await changing.follow_dates(self.tx, self.region_id, other_end)
        await end_tariffs(self.tx, self.region_id, sessions, tariffs)
        await upsert_tariffs(self.tx, self.region_id, sessions, tariffs)
        names = {foreign_id: pool.id for foreign_id, pool in pools.items() if foreign_id not in here}
        await write_foreign_ids(self.tx, self.region_id, "session", SOURCE, names)
        owners: dict[UUID, UUID | None] = {row.id: row.organiser_id for row in rows.values()}
        await list_in_directory(self.tx, "session", self.region_id, owners)
        self.done.sessions += len(rows)

    async def write_figures(self, here: Mapping[str, KnownSession], places: Mapping[str, Places]) -> None:
        """Remember what the source said of its places, where that is another figure than before."""
        rows = []
        for foreign_id, each in places.items():
            known, figure = here.get(foreign_id), each.figure
            if figure is None or (known and known.figure_counting and known.figure == figure):
                continue
            rows.append(
                FigureRow(each.pool.id, figure.unavailable, figure.taken, figure.elsewhere, figure.counting)
            )
            if known and had_to_choose(figure, known.figure):
                self.done.notes.append(guess_note(self.plan, known, figure))
        if rows:
            await upsert_figures(self.tx, self.region_id, as_json(rows))

    async def write_periods(
        self, here: Mapping[str, KnownSession], rows: Mapping[str, PlannedSession]
    ) -> None:
        periods = self.plan.new_periods(here, rows)
        if periods:
            await set_periods(self.tx, self.region_id, as_json(periods), self.plan.now)

    async def change(self, here: Mapping[str, KnownSession], rows: Mapping[str, PlannedSession]) -> None:
        """Call off, postpone or restore what its source says so of, unless a desk decided otherwise."""
        found: dict[str, list[KnownSession]] = {"cancelled": [], "postponed": [], "back": [], "withdrawn": []}
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
            statuses = {row.id: row.status for row in rows.values()}
            back = await self.locked(found["back"])
            await changing.restore(self.tx, self.author, back, "back_at_source", statuses)
        await self.suspend_and_ask(found["withdrawn"], {})

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
        await self.suspend_and_ask([each for each in changes.unclear if each.taken], held)

    async def suspend_and_ask(
        self, sessions: Sequence[KnownSession], held: Mapping[UUID, dict[str, int]]
    ) -> None:
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
