"""Procedures: steps, terms, competent body, mandate, validity and appeal, as versioned data."""

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
    """The step of a state. `clock_runs`: the days in this state count for the term."""

    state: State
    name: str
    by: Literal["municipality", "assessor", "tourism_officer", "nobody"]
    clock_runs: bool


class Term(Struct, frozen=True):
    """The term for a decision, from the day after submission; `silence` is what no decision means."""

    unit: Literal["working_day"]
    days: Annotated[int, Meta(ge=1)]
    silence: str


class Procedure(Struct, frozen=True):
    """A procedure: `body` decides by `mandate`, awards hold `valid_years`, `appeal` is in every decision."""

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

    def days_left(self, state_history: "StateHistory", today: date) -> int:
        """The working days left of the term, below zero after it; only steps with `clock_runs` count."""
        return self.term.days - sum(
            working_days(*period) for period in self._running_periods(state_history, today)
        )

    def _running_periods(self, state_history: "StateHistory", today: date) -> Iterator[tuple[date, date]]:
        days = [*map(day_in_flanders, state_history.at), today]
        for state, period in zip(state_history.states, pairwise(days), strict=True):
            if self.step(state).clock_runs:
                yield period


class StateHistory(Struct, frozen=True):
    """The states of a dossier with the time at which each began; the last is the present state."""

    states: Sequence[State]
    at: Sequence[datetime]


insert_procedure = SQL.command("insert_procedure")
read_document = SQL.value("read_procedure", str)


def read_example() -> Procedure:
    """The example procedure of uit (voorbeeld, niet vastgesteld)."""
    return msgspec.json.decode(EXAMPLE.read_bytes(), type=Procedure)


async def adopt(tx: Executor, procedure: Procedure, at: datetime) -> None:
    """Adopt a procedure of an existing programme. A version that was adopted before is not changed."""
    document = msgspec.json.encode(procedure).decode()
    await insert_procedure(tx, procedure.programme, procedure.version, document, at)


async def read(tx: Executor, programme: str, version: int) -> Procedure:
    return decode(await read_document(tx, programme, version))


def decode(document: str) -> Procedure:
    return msgspec.json.decode(document, type=Procedure)
