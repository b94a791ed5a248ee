"""Criteria sets: versioned, adopted once and never edited. A dossier keeps the version of its start."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from organisers.labels.criteria.rule import Outcome, Rule, codes, outcome, reaches
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

EXAMPLE = Path(__file__).parents[1] / "data" / "example_criteria.json"

Kind = Literal["day", "stay"]
KINDS: tuple[Kind, ...] = ("day", "stay")
Code = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{1,40}$")]


def as_kind(text: str) -> Kind | None:
    return next((kind for kind in KINDS if kind == text), None)


class Criterion(Struct, frozen=True):
    """A question to a municipality. The criterion is met by a figure of at least `least`; yes is 1, no is 0.

    `required`: a dossier cannot be submitted without an answer. `fact`: its name on the page of the town.
    `most`: the highest possible figure, when there is one.
    """

    code: Code
    kind: Kind
    section: str
    question: str
    hint: str
    answer: Literal["number", "yes_no"]
    unit: str
    least: Annotated[int, Meta(ge=0)]
    required: bool
    fact: str | None = None
    most: Annotated[int, Meta(ge=0)] | None = None


class Criteria(Struct, frozen=True):
    """A criteria set. `adopted_by` is the body that adopted it; in an example it says that nobody did."""

    programme: Code
    programme_name: str
    version: Annotated[int, Meta(ge=1)]
    is_example: bool
    adopted_by: str
    rules: dict[Kind, Rule]
    criteria: tuple[Criterion, ...]

    def asked(self, kinds: Sequence[Kind]) -> list[Criterion]:
        """The criteria of these kinds, in the order of the set."""
        return [each for each in self.criteria if each.kind in kinds]

    def outcomes(self, figures: Mapping[str, Decimal | None]) -> dict[str, Outcome]:
        """The outcome of each criterion on these figures."""
        return {each.code: reaches(figures.get(each.code), each.least) for each in self.criteria}

    def outcome_of(self, kind: Kind, figures: Mapping[str, Decimal | None]) -> Outcome:
        """The outcome of the rule of a kind on these figures."""
        return outcome(self.rules[kind], self.outcomes(figures))


class SetRow(Struct, frozen=True):
    programme: str
    programme_name: str
    version: int
    is_example: bool
    adopted_by: str
    rules: str


insert_programme = SQL.command("insert_programme")
insert_set = SQL.command("insert_set")
insert_criteria = SQL.command("insert_criteria")
adopt_set = SQL.command("adopt_set")
read_set = SQL.one("read_set", SetRow)
read_criteria_of_set = SQL.many("read_criteria_of_set", Criterion)


def read_example() -> Criteria:
    """The example set of uit (voorbeeld, niet vastgesteld)."""
    return msgspec.json.decode(EXAMPLE.read_bytes(), type=Criteria)


async def adopt(tx: Executor, criteria: Criteria, at: datetime) -> None:
    """Adopt a set. A version that was adopted before is not changed.

    ValueError when a rule refers to a criterion of another kind, or to one that does not exist.
    """
    check_rules(criteria)
    await insert_programme(tx, criteria.programme, criteria.programme_name)
    rules = msgspec.json.encode(criteria.rules).decode()
    if not await insert_set(tx, criteria.programme, criteria.version, rules, criteria.is_example):
        return
    rows = msgspec.json.encode(criteria.criteria).decode()
    await insert_criteria(tx, criteria.programme, criteria.version, rows)
    await adopt_set(tx, criteria.programme, criteria.version, criteria.adopted_by, at)


def check_rules(criteria: Criteria) -> None:
    """Check that the rule of each kind refers to criteria of that kind only; ValueError otherwise."""
    for kind in KINDS:
        known = {each.code for each in criteria.asked([kind])}
        unknown = codes(criteria.rules[kind]) - known
        if unknown:
            raise ValueError(f"the rule for {kind} asks about {', '.join(sorted(unknown))}")


async def read(tx: Executor, programme: str, version: int) -> Criteria:
    """An adopted set with its rules and criteria."""
    row = await read_set(tx, programme, version)
    return Criteria(
        programme=row.programme,
        programme_name=row.programme_name,
        version=row.version,
        is_example=row.is_example,
        adopted_by=row.adopted_by,
        rules=msgspec.json.decode(row.rules, type=dict[Kind, Rule]),
        criteria=tuple(await read_criteria_of_set(tx, programme, version)),
    )
