"""Many who want the same seats at the same moment, over real connections to four app processes."""

from asyncio import gather
from collections import Counter
from itertools import cycle
from uuid import uuid4

import msgspec

from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session
from tests.reservations.booking.fleet import App, Fleet
from tests.reservations.seats.world import line, seated, seats_taken

ROWS = tuple(PlanLine(name, 1, 12, aisles=(6,)) for name in "ABCDEFGH")


async def ask(fleet: Fleet, app: App, who: Resident, session: Session, places: int, *seats: str) -> int:
    chosen = {"seats": list(seats)} if seats else {}
    body = msgspec.json.encode(line(session, who, places, **chosen))
    return (await app.wire.send(fleet.written("PUT", uuid4(), body))).status_code


async def test_eight_writers_sell_a_hall_and_no_seat_twice(fleet: Fleet) -> None:
    session = await seated(fleet.world, *ROWS, price_cents=100)
    people = [await fleet.world.resident(credit_cents=5000) for _ in range(8)]
    await fleet.admit(session.organiser_id)
    wanted = [(app, people[n % 8], 1 + n % 4) for n, app in zip(range(60), cycle(fleet.apps), strict=False)]

    statuses = await gather(*(ask(fleet, app, who, session, places) for app, who, places in wanted))

    taken = await seats_taken(fleet.world, session)
    assert set(statuses) == {201, 409}
    assert len(taken) == len({*taken}) == 96 - await fleet.world.places_left(session)
    assert await fleet.broken() == []


async def test_one_seat_that_all_want_goes_to_one(fleet: Fleet) -> None:
    session = await seated(fleet.world, *ROWS, price_cents=100)
    people = [await fleet.world.resident(credit_cents=500) for _ in range(16)]
    await fleet.admit(session.organiser_id)

    statuses = await gather(
        *(
            ask(fleet, app, who, session, 1, "D-6")
            for app, who in zip(cycle(fleet.apps), people, strict=False)
        )
    )

    assert Counter(statuses) == {201: 1, 409: 15}
    assert await seats_taken(fleet.world, session) == ["D-6"]
    assert await fleet.broken() == []


async def test_who_chooses_and_who_gets_the_best_never_share_a_seat(fleet: Fleet) -> None:
    session = await seated(fleet.world, *ROWS, best_row="A", price_cents=100)
    people = [await fleet.world.resident(credit_cents=5000) for _ in range(8)]
    await fleet.admit(session.organiser_id)
    turns = zip(range(48), cycle(fleet.apps), strict=False)

    statuses = await gather(
        *(
            ask(
                fleet,
                app,
                people[n % 8],
                session,
                2,
                *([f"A-{1 + n % 11}", f"A-{2 + n % 11}"] if n % 2 else []),
            )
            for n, app in turns
        )
    )

    taken = await seats_taken(fleet.world, session)
    assert len(taken) == len({*taken}) == 2 * Counter(statuses)[201]
    assert await fleet.broken() == []
