"""A batch that is decided, judged answer by answer."""

from collections.abc import Sequence
from copy import deepcopy

from reservations.booking.answers import Answer
from reservations.booking.commands import Command
from reservations.booking.decide import answer_one, decide
from reservations.booking.effects import Effects, effects_of
from reservations.booking.facts import Facts
from reservations.booking.remaining import Remaining
from tests.reservations.booking.model import Model, in_order
from tests.reservations.booking.strategies import Case
from tests.reservations.booking.strategies_basics import NOW
from uit.core.clock import SetClock
from uit.core.ids import TimeOrderedIds

IDS = TimeOrderedIds(SetClock(NOW))


def judge_one_by_one(case: Case) -> None:
    """Each answer of a batch, and what is left after it of places and credit."""
    facts, commands = case
    model, remaining = Model(facts, NOW), Remaining(deepcopy(facts), NOW)

    for command in commands:
        judge(model, command, answer_one(remaining, command))

    assert {key: pool.taken for key, pool in remaining.pools.by_id.items()} == {
        key: model.taken(key) for key in remaining.pools.by_id
    }
    assert {key: pool.held for key, pool in remaining.pools.by_id.items()} == {
        key: model.held(key) for key in remaining.pools.by_id
    }
    assert {key: pool.capacity for key, pool in remaining.pools.by_id.items()} == model.capacities
    for purse in facts.purses:
        left = remaining.purses[purse.id]
        assert left.available_cents == model.available_cents(purse)
        assert left.lapses_at == model.lapses_at(purse.id, purse.lapses_at)


def judge(model: Model, command: Command, answer: Answer) -> None:
    assert in_order(answer) == in_order(model.expected(command, answer))


def decided(facts: Facts, commands: Sequence[Command]) -> tuple[Model, Effects]:
    """What is written for a batch, and the model after it."""
    model, answers = Model(facts, NOW), decide(facts, commands, NOW)
    for command, answer in zip(commands, answers, strict=True):
        judge(model, command, answer)
    return model, effects_of(answers, IDS)
