"""Tills: the drawers of a seller, and the sessions in which one person works at one of them.

A session is open until its drawer is counted, and closed after that. Whoever changes one locks it first.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import NotASeller, NotYourTill, TillClosed, TillCounted, TillNameTaken, TillUnknown
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Signature = Literal["confirmed", "disputed"]


class TillOwner(Struct, frozen=True):
    """An organiser as its tills show it. `seller_id`: in whose books it sells; None: nowhere."""

    name: str
    seller_id: UUID | None
    legal_name: str | None
    enterprise_number: str | None


class Till(Struct, frozen=True):
    """A drawer, with its last session; a till that was never opened has none.

    `counter_refnis`: the municipality at whose counter it stands, if it does.
    `first_count_no`: for which session somebody counted something else than was left, on which form.
    """

    id: UUID
    seller_id: UUID
    name: str
    session_id: UUID | None
    no: int | None
    opened_by: UUID | None
    opened_by_name: str | None
    opened_at: datetime | None
    counted_at: datetime | None
    closed_at: datetime | None
    left_cents: int | None
    first_count_no: int | None = None
    first_counted_by: UUID | None = None
    first_count_form: UUID | None = None
    counter_refnis: str | None = None

    def counted_before(self, staff_id: UUID, form_id: UUID) -> bool:
        """Whether they counted for the next opening already, on another form, and found something else."""
        first = self.first_count_no, self.first_counted_by
        return first == ((self.no or 0) + 1, staff_id) and self.first_count_form != form_id

    @property
    def is_open(self) -> bool:
        return self.session_id is not None and self.closed_at is None

    @property
    def carried_cents(self) -> int:
        """What its last closing left in the drawer."""
        return self.left_cents or 0


class TillSession(Struct, frozen=True):
    """One person at one till. What the count and the closing bring is None until then; amounts in cents."""

    id: UUID
    till_id: UUID
    seller_id: UUID
    till: str
    no: int
    opened_by: UUID
    opened_by_name: str | None
    opened_at: datetime
    carried_cents: int
    found_cents: int
    counted_cents: int | None
    expected_cents: int | None
    counted_at: datetime | None
    left_cents: int | None
    difference_reason: str | None
    needs_signature: bool
    closed_by: UUID | None
    closed_by_name: str | None
    closed_at: datetime | None
    signature: Signature | None
    signature_reason: str | None
    signed_by_name: str | None
    refused_drops: int = 0
    counter_refnis: str | None = None

    @property
    def difference_cents(self) -> int:
        """What was counted above what should be there; a shortage is below zero."""
        return (self.counted_cents or 0) - (self.expected_cents or 0)


class TillDone(Struct, frozen=True):
    """The session after an act in it; `new` is False when the same act was done before."""

    session: TillSession
    new: bool


class TillWorker(Struct, frozen=True):
    """Who works at the tills of an organiser, now. `leads`: they may close what another left open.

    `at_counter`: a clerk of a municipality, who works at the tills that stand at the counters of `towns`, or
    where none is named at any counter. The organiser's own staff work at each.
    """

    region_id: int
    organiser_id: UUID
    staff_id: UUID
    now: datetime
    ids: Ids
    leads: bool = False
    at_counter: bool = False
    towns: frozenset[str] = frozenset()

    def may_use(self, counter_refnis: str | None) -> bool:
        """Whether they may work at a till that stands there."""
        if not self.at_counter:
            return True
        return counter_refnis is not None and (not self.towns or counter_refnis in self.towns)


read_till_owner = SQL.maybe("read_till_owner", TillOwner)
read_tills = SQL.many("read_tills", Till)
lock_till = SQL.value("lock_till", UUID)
insert_till = SQL.command("insert_till")
lock_session = SQL.command("lock_session")
read_till_sessions = SQL.many("read_till_sessions", TillSession)
read_drawer = SQL.value("read_drawer", int)

MOST_SHOWN = 30


async def make_till(
    tx: Executor, worker: TillWorker, till_id: UUID, name: str
) -> UUID | TillNameTaken | NotASeller:
    """A new till in the books of who sells for the organiser, once for an id.

    Refused: a second till of one name, and an organiser for which nobody sells.
    """
    tills = await read_tills(tx, worker.region_id, worker.organiser_id)
    if any(till.id == till_id for till in tills):
        return till_id
    owner = await read_till_owner(tx, worker.region_id, worker.organiser_id)
    if owner is None or owner.seller_id is None:
        return NotASeller()
    row = worker.region_id, till_id, worker.organiser_id, owner.seller_id, name, worker.now
    if not await insert_till(tx, *row):
        return TillNameTaken(name)
    return till_id


async def find_till(tx: Executor, worker: TillWorker, till_id: UUID) -> Till | TillUnknown:
    return next((till for till in await tills_of(tx, worker) if till.id == till_id), TillUnknown())


async def tills_of(tx: Executor, worker: TillWorker) -> list[Till]:
    """The tills of the organiser at which they may work."""
    tills = await read_tills(tx, worker.region_id, worker.organiser_id)
    return [till for till in tills if worker.may_use(till.counter_refnis)]


async def find_session(tx: Executor, worker: TillWorker, session_id: UUID) -> TillSession | TillUnknown:
    """A session at a till of this organiser at which they may work, as it stands. Nothing is locked."""
    found = await read_till_sessions(tx, worker.region_id, worker.organiser_id, session_id, None, None, 1)
    return next((each for each in found if worker.may_use(each.counter_refnis)), TillUnknown())


async def lock_open_session(
    tx: Executor, worker: TillWorker, session_id: UUID
) -> TillSession | TillUnknown | NotYourTill | TillCounted | TillClosed:
    """The session, which until the end of the transaction is this caller's alone, and in which they may sell.

    Refused when somebody else works there, and when the drawer was counted.
    """
    session = await lock_own_session(tx, worker, session_id)
    if not isinstance(session, TillSession):
        return session
    if session.closed_at is not None:
        return TillClosed(session.till)
    if session.opened_by != worker.staff_id:
        return NotYourTill(session.till)
    return session if session.counted_at is None else TillCounted(session.till)


async def lock_own_session(
    tx: Executor, worker: TillWorker, session_id: UUID
) -> TillSession | TillUnknown | NotYourTill:
    """The session, locked, in any state: of who opened it, or of any for who leads."""
    await lock_session(tx, worker.region_id, session_id)
    session = await find_session(tx, worker, session_id)
    if isinstance(session, TillSession) and not (worker.leads or session.opened_by == worker.staff_id):
        return NotYourTill(session.till)
    return session


async def closed_sessions(
    tx: Executor, region_id: int, organiser_id: UUID, before: datetime
) -> tuple[list[TillSession], datetime | None]:
    """The last sessions that were closed before a moment, newest first, and the moment of the next page."""
    found = await read_till_sessions(tx, region_id, organiser_id, None, None, before, MOST_SHOWN + 1)
    shown = found[:MOST_SHOWN]
    return shown, shown[-1].closed_at if len(found) > MOST_SHOWN else None


async def sessions_of_day(tx: Executor, region_id: int, organiser_id: UUID, day: date) -> list[TillSession]:
    """Every session that was opened on a day in Flanders."""
    return await read_till_sessions(tx, region_id, organiser_id, None, day, None, None)
