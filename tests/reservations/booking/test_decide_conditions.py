"""The decision over what organisers ask for their prices, against the model."""

from collections.abc import Iterator
from uuid import UUID

from hypothesis import given, settings

from reservations.booking.condition import Condition
from reservations.booking.facts import Facts
from tests.reservations.booking.judging import decided, judge_one_by_one
from tests.reservations.booking.model import Model
from tests.reservations.booking.model_conditions import Who, had, households
from tests.reservations.booking.strategies import Case
from tests.reservations.booking.strategies_basics import MEMBERS, NOW
from tests.reservations.booking.strategies_conditions import cases_with_conditions


@settings(max_examples=200)
@given(cases_with_conditions())
def test_every_answer_is_what_the_model_says(case: Case) -> None:
    judge_one_by_one(case)
    nobody_and_no_household_has_more_than_the_most_or_than_they_had(case)


def nobody_and_no_household_has_more_than_the_most_or_than_they_had(case: Case) -> None:
    facts, commands = case
    before, (model, _) = Model(facts, NOW), decided(facts, commands)

    for session_id, code, condition in limited(facts):
        for member in MEMBERS:
            wholes: list[tuple[list[Who], int | None]] = [([member], condition.most_per_person)]
            wholes += [(whole, condition.most_per_household) for whole in households(model, member)]
            for people, most in wholes:
                has, was = (
                    sum(had(each, session_id, code, who) for who in people) for each in (model, before)
                )
                assert most is None or has <= max(most, was)


def limited(facts: Facts) -> Iterator[tuple[UUID, str, Condition]]:
    for session in facts.sessions:
        for tariff in session.tariffs or ():
            if tariff.condition:
                yield session.id, tariff.code, tariff.condition
