"""Quotes of places that turns of a card pay for, as an integrator meets them."""

from typing import Any
from uuid import uuid4

from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Resident, World
from tests.reservations.quotes.test_api import Headers, ask, line
from tests.reservations.turn_card.world import buy, card_date, turns_left


def named(card: TurnCardKey) -> dict[str, object]:
    return {"booking_id": str(card.booking_id), "line_no": card.line_no, "ticket_no": card.ticket_no}


async def refusal_of(world: World, headers: Headers, asked: dict[str, object], who: Resident) -> Any:
    """Why a line cannot be had, as its quote says it."""
    answer = await ask(world, headers, asked, who=who)
    [quoted] = answer.json()["lines"]
    return quoted["refusal"]


async def test_a_place_with_a_turn_costs_nothing_and_asks_for_none_of_the_credit(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4500)
    card = await buy(world, anna, await card_date(world, session))
    headers = await world.api_client(session.organiser_id)

    answer = await ask(world, headers, line(session, turn_card=named(card)), who=anna)

    assert answer.status_code == 200
    quoted = answer.json()
    assert [each["price_cents"] for each in quoted["lines"]] == [0]
    assert (quoted["price_cents"], quoted["credit_cents"], quoted["remaining_cents"]) == (0, 0, 0)
    assert await turns_left(world, card) == 10


async def test_more_places_than_turns_are_refused_with_what_is_left(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4500)
    card = await buy(world, anna, await card_date(world, session, turns=2, shared=True))
    headers = await world.api_client(session.organiser_id)

    refusal = await refusal_of(world, headers, line(session, 3, turn_card=named(card)), anna)

    assert refusal["code"] == "reservations.too_few_turns"
    assert refusal["facts"] == {"turns": 3, "left": 2}


async def test_a_card_of_another_is_not_told_from_one_that_is_not_there(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4500)
    bilal = await world.resident(credit_cents=4500)
    card = await buy(world, anna, await card_date(world, session))
    headers = await world.api_client(session.organiser_id)
    unknown = TurnCardKey(uuid4(), 1, 1)

    for asked in (card, unknown):
        refusal = await refusal_of(world, headers, line(session, turn_card=named(asked)), bilal)

        assert refusal["code"] == "reservations.turn_card_unknown"
        assert refusal["facts"] == {"booking_id": str(asked.booking_id)}
