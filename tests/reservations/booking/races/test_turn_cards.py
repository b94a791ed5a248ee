"""Many who take turns of the same cards at the same moment, over real connections to four apps."""

from asyncio import gather
from itertools import cycle
from uuid import uuid4

import msgspec

from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Resident, Session
from tests.reservations.booking.fleet import Fleet
from tests.reservations.turn_card.world import buy, card_date, turns_left


def asked(who: Resident, session: Session, card: TurnCardKey) -> bytes:
    line = {"session_id": str(session.id), "tariff": "base", "places": 1, "turn_card": card}
    return msgspec.json.encode({"lines": [line], "pass_token": who.token})


async def test_no_card_gives_more_turns_than_it_has_however_many_take_them(fleet: Fleet) -> None:
    world = fleet.world
    sessions = [await world.session(40, organiser_id=None)]
    sessions += [await world.session(40, organiser_id=sessions[0].organiser_id) for _ in range(3)]
    sold = await card_date(world, *sessions, turns=5, shared=True)
    people = [await world.resident(credit_cents=4000) for _ in range(3)]
    cards = [await buy(world, who, sold) for who in people]
    await fleet.admit(sessions[0].organiser_id)
    bodies = [asked(people[no % 3], sessions[no % 4], cards[no % 3]) for no in range(48)]

    answers = await gather(
        *(
            app.wire.send(fleet.written("PUT", uuid4(), body))
            for app, body in zip(cycle(fleet.apps), bodies, strict=False)
        )
    )

    assert [each.status_code for each in answers].count(201) == 15
    assert {each.json()["code"] for each in answers if each.status_code != 201} == {
        "reservations.too_few_turns"
    }
    assert [await turns_left(world, card) for card in cards] == [0, 0, 0]
    assert sum([40 - await world.places_left(each) for each in sessions]) == 15
    assert await fleet.broken() == []
