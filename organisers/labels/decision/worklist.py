"""What waits for the people who judge: each dossier under way, its step, and how long the term still runs."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.procedure import procedure
from organisers.labels.procedure.procedure import Passage, State
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class UnderWay(Struct, frozen=True):
    dossier_id: UUID
    municipality: str
    kinds: list[Kind]
    state: State
    submitted_at: datetime
    states: list[State]
    since: list[datetime]
    procedure: str


class Closed(Struct, frozen=True):
    dossier_id: UUID
    municipality: str
    kinds: list[Kind]
    granted: list[Kind]
    closed_at: datetime


class WorklistLine(Struct, frozen=True):
    """A dossier under way. `days_left` are working days, below zero when the term is over."""

    dossier_id: UUID
    municipality: str
    kinds: Sequence[Kind]
    state: State
    step: str
    by: str
    submitted_at: datetime
    days_left: int
    clock_runs: bool


read_under_way = SQL.many("read_under_way", UnderWay)
read_closed = SQL.many("read_closed", Closed)


async def read_lines(tx: Executor, today: date) -> list[WorklistLine]:
    """All that is under way, with the least time left first; what waits for the municipality comes last."""
    lines = [as_line(row, today) for row in await read_under_way(tx)]
    return sorted(lines, key=lambda line: (not line.clock_runs, line.days_left, line.submitted_at))


def as_line(row: UnderWay, today: date) -> WorklistLine:
    rules = procedure.decode(row.procedure)
    step = rules.step(row.state)
    return WorklistLine(
        dossier_id=row.dossier_id,
        municipality=row.municipality,
        kinds=row.kinds,
        state=row.state,
        step=step.name,
        by=step.by,
        submitted_at=row.submitted_at,
        days_left=rules.days_left(Passage(row.states, row.since), today),
        clock_runs=step.clock_runs,
    )
