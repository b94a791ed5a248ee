"""Nobody hoards places by holding them again and again."""

from uuid import uuid4

from reservations.order.hold_limit import HOLDS_OF_SESSION
from tests.builders import World


async def statuses(world: World, times: int, way: str) -> list[int]:
    """What a member is answered who books one place of a date so often."""
    session = await world.session(50, price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    await world.sign_in(await world.resident(credit_cents=0 if way == "desk" else 10_000))
    rest = 500 if way == "desk" else 0
    form = {"plaatsen-base": "1", "stap": "boek", "gezien": f"500 {rest} {rest} base:1", "betaal": way}
    page = f"/dender/sessies/{session.id}/boeken"
    return [(await world.post_form(f"{page}/{uuid4()}", **form)).status_code for _ in range(times)]


async def test_who_holds_a_date_again_and_again_has_to_wait(world: World) -> None:
    times = HOLDS_OF_SESSION.times

    assert await statuses(world, times + 1, "desk") == [*[303] * times, 429]
    assert await world.value("SELECT sum(taken) FROM reservations.pool") == times


async def test_who_pays_at_once_is_not_counted(world: World) -> None:
    assert set(await statuses(world, HOLDS_OF_SESSION.times + 2, "credit")) == {303}


async def test_a_form_that_is_sent_again_is_answered_also_above_the_limit(world: World) -> None:
    session = await world.session(50, price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    await world.sign_in(await world.resident())
    form = {"plaatsen-base": "1", "stap": "boek", "gezien": "500 500 500 base:1", "betaal": "desk"}
    page = f"/dender/sessies/{session.id}/boeken/{uuid4()}"

    again = [(await world.post_form(page, **form)).status_code for _ in range(HOLDS_OF_SESSION.times + 3)]

    assert set(again) == {303}
    assert await world.value("SELECT sum(taken) FROM reservations.pool") == 1
