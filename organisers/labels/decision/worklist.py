"""The worklist of assessors and tourism officers: open dossiers with their step and the rest of the term."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria.criteria import Kind
from organisers.labels.procedure import procedure
from organisers.labels.procedure.procedure import State, StateHistory
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class OpenDossierRow(Struct, frozen=True):
    dossier_id: UUID
    municipality: str
    kinds: list[Kind]
    state: State
    submitted_at: datetime
    states: list[State]
    since: list[datetime]
    procedure: str


class ClosedDossier(Struct, frozen=True):
    dossier_id: UUID
    municipality: str
    kinds: list[Kind]
    granted: list[Kind]
    closed_at: datetime


class WorklistLine(Struct, frozen=True):
    """An open dossier. `days_left` are working days, below zero when the term has passed."""

    dossier_id: UUID
    municipality: str
    kinds: Sequence[Kind]
    state: State
    step: str
    by: str
    submitted_at: datetime
    days_left: int
    clock_runs: bool


read_under_way = SQL.many("read_under_way", OpenDossierRow)
read_closed = SQL.many("read_closed", ClosedDossier)


async def read_lines(tx: Executor, today: date) -> list[WorklistLine]:
    """The open dossiers, least time left first; dossiers that wait for the municipality come last."""
    lines = [as_line(row, today) for row in await read_under_way(tx)]
    return sorted(lines, key=lambda line: (not line.clock_runs, line.days_left, line.submitted_at))


def as_line(row: OpenDossierRow, today: date) -> WorklistLine:
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
        days_left=rules.days_left(StateHistory(row.states, row.since), today),
        clock_runs=step.clock_runs,
    )
