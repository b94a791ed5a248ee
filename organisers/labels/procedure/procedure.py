"""Procedures: who does what, in which term, who decides and how one appeals. As data, with versions."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from organisers.labels.procedure.business_days import working_days
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

EXAMPLE = Path(__file__).parents[1] / "data" / "example_procedure.json"

State = Literal["draft", "submitted", "question", "assessed", "decided"]


class Step(Struct, frozen=True):
    """What happens while a dossier is in a state. `clock_runs`: whether those days count for the term."""

    state: State
    name: str
    by: Literal["municipality", "assessor", "tourism_officer", "nobody"]
    clock_runs: bool


class Term(Struct, frozen=True):
    """How long deciding may take, from the day after the submission, and what it means when nobody did."""

    unit: Literal["working_day"]
    days: Annotated[int, Meta(ge=1)]
    silence: str


class Procedure(Struct, frozen=True):
    """`body` decides, by `mandate`; an award holds `valid_years`; `appeal` stands under every decision."""

    programme: str
    version: Annotated[int, Meta(ge=1)]
    steps: tuple[Step, ...]
    term: Term
    body: str
    mandate: str
    valid_years: Annotated[int, Meta(ge=1)]
    appeal: str

    def step(self, state: State) -> Step:
        return next(step for step in self.steps if step.state == state)

    def days_left(self, passage: "Passage", today: date) -> int:
        """Working days before the term is over, below zero when it is. Not every step lets the clock run."""
        return self.term.days - sum(working_days(*stretch) for stretch in self._running(passage, today))

    def _running(self, passage: "Passage", today: date) -> Iterator[tuple[date, date]]:
        days = [*map(day_in_flanders, passage.at), today]
        for state, stretch in zip(passage.states, pairwise(days), strict=True):
            if self.step(state).clock_runs:
                yield stretch


class Passage(Struct, frozen=True):
    """Through which states a dossier went, and since when each; the last is the present one."""

    states: Sequence[State]
    at: Sequence[datetime]


insert_procedure = SQL.command("insert_procedure")
read_document = SQL.value("read_procedure", str)


def read_example() -> Procedure:
    """The example that comes with uit (voorbeeld, niet vastgesteld)."""
    return msgspec.json.decode(EXAMPLE.read_bytes(), type=Procedure)


async def adopt(tx: Executor, procedure: Procedure, at: datetime) -> None:
    """Adopt a procedure, for good; its programme is there. A version that is there already stays as it is."""
    document = msgspec.json.encode(procedure).decode()
    await insert_procedure(tx, procedure.programme, procedure.version, document, at)


async def read(tx: Executor, programme: str, version: int) -> Procedure:
    return decode(await read_document(tx, programme, version))


def decode(document: str) -> Procedure:
    return msgspec.json.decode(document, type=Procedure)
