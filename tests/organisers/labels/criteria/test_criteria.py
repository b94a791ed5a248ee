"""Criteria sets: adopted once, never edited after."""

import asyncpg
import pytest
from msgspec.structs import replace

from organisers.labels.criteria import criteria
from organisers.labels.criteria.rule import CriterionRule
from tests.builders import World
from tests.organisers.labels.dossiers import adopt_example


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE labels.criterion SET least = 0",
        "DELETE FROM labels.criterion WHERE code = 'nights'",
        """INSERT INTO labels.criterion SELECT (jsonb_populate_record(c, '{"code": "new", "position": 99}')).*
           FROM labels.criterion AS c LIMIT 1""",
        "UPDATE labels.criteria_set SET rules = '{}'",
        "UPDATE labels.criteria_set SET adopted_by = NULL, adopted_at = NULL",
        "DELETE FROM labels.criteria_set",
    ],
)
async def test_adopted_criteria_cannot_be_edited_not_even_by_the_owner(world: World, change: str) -> None:
    await adopt_example(world)

    with pytest.raises(asyncpg.RestrictViolationError):
        await world.execute(change)


async def test_adopting_twice_keeps_the_set_as_it_was(world: World) -> None:
    example = criteria.read_example()
    await adopt_example(world)

    async with world.services.database.transaction() as tx:
        await criteria.adopt(tx, replace(example, adopted_by="iemand"), world.clock.now())
        kept = await criteria.read(tx, example.programme, example.version)

    assert kept == example


def test_a_rule_asks_only_about_criteria_of_its_own_kind() -> None:
    example = criteria.read_example()

    with pytest.raises(ValueError, match="nights"):
        criteria.check_rules(replace(example, rules=example.rules | {"day": CriterionRule("nights")}))
