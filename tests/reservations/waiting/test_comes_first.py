"""A place that came free by other means than a command goes to who waits, and never to whoever asks first."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from reservations.booking.answers import Booked
from reservations.errors import SoldOut
from reservations.measures.measure import end
from reservations.places.apart.set_apart import release
from reservations.seats.errors import NoSeats
from reservations.seats.plan import PlanLine
from reservations.waiting_line.errors import PlacesFree
from tests.builders import Session, World
from tests.reservations.changes.town import booked, change, line
from tests.reservations.dates import faults
from tests.reservations.measures.test_measure import author_in, cap, sold
from tests.reservations.places.apart.test_set_apart import keep
from tests.reservations.seats.world import block, seated
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting.lines import LIES, join, joining, state

DAY = timedelta(days=1)


async def by_a_measure_that_stops(world: World, session: Session) -> Callable[[], Awaitable[object]]:
    measure_id = await cap(world, places=2)

    async def stops() -> None:
        async with world.services.database.transaction() as tx:
            await end(tx, author_in(world), measure_id, None)

    return stops


async def by_a_measure_that_is_looser(world: World, session: Session) -> Callable[[], Awaitable[object]]:
    stops = await by_a_measure_that_stops(world, session)

    async def is_replaced() -> None:
        await cap(world, places=3)
        await stops()

    return is_replaced


async def by_a_date_that_moves_out_of_a_measure(
    world: World, session: Session
) -> Callable[[], Awaitable[object]]:
    await cap(world, places=2, to_on=world.clock.now().date() + 15 * DAY)
    moves = "UPDATE reservations.session SET starts_at = starts_at + interval '20 days',"
    moves += " ends_at = ends_at + interval '20 days', sale_closes_at = sale_closes_at + interval '20 days'"
    return lambda: world.execute(f"{moves} WHERE id = $1", session.id)


async def by_more_on_sale(world: World, session: Session) -> Callable[[], Awaitable[object]]:
    await world.execute("UPDATE reservations.pool SET capacity = 2 WHERE id = $1", session.pool_id)
    return lambda: world.execute("UPDATE reservations.pool SET capacity = 4 WHERE id = $1", session.pool_id)


async def by_what_was_set_apart(world: World, session: Session) -> Callable[[], Awaitable[object]]:
    pool_id = await keep(world, session, 2)

    async def is_released() -> None:
        async with world.services.database.transaction() as tx:
            assert await release(tx, author_in(world), session.id, pool_id)  # type: ignore[arg-type]

    return is_released


WAYS = [
    by_a_measure_that_stops,
    by_a_measure_that_is_looser,
    by_a_date_that_moves_out_of_a_measure,
    by_more_on_sale,
    by_what_was_set_apart,
]


@pytest.mark.parametrize("way", WAYS)
async def test_a_newcomer_does_not_get_what_came_free_while_somebody_waits(
    world: World, way: Callable[[World, Session], Awaitable[Callable[[], Awaitable[object]]]]
) -> None:
    session = await world.session(seats=4)
    await sold(world, session, 2)
    comes_free = await way(world, session)
    entry = await join(world, await world.resident(), session, places=1)
    places = await join(world, await world.resident(), session, places=1)
    newcomer = await world.resident(credit_cents=100_00)
    await comes_free()

    answers = [await world.book(newcomer, session), await world.book(newcomer, session)]

    looser = way is by_a_measure_that_is_looser
    assert [type(each) for each in answers] == [SoldOut, SoldOut]
    assert await state(world, entry) == "offered"
    assert await state(world, places) == ("waiting" if looser else "offered")
    assert await faults(world) == []


async def test_what_is_left_after_who_waits_is_for_newcomers(world: World) -> None:
    session = await world.session(seats=6)
    await sold(world, session, 2)
    comes_free = await by_a_measure_that_stops(world, session)
    entry = await join(world, await world.resident(), session, places=3)
    await comes_free()

    answers = [
        await world.book(await world.resident(credit_cents=100_00), session, places) for places in (2, 1)
    ]

    assert [type(each) for each in answers] == [SoldOut, Booked]
    assert await state(world, entry) == "offered"


async def test_what_is_too_few_for_who_waits_is_for_newcomers(world: World) -> None:
    session = await world.session(seats=3)
    await sold(world, session, 2)
    comes_free = await by_a_measure_that_stops(world, session)
    entry = await join(world, await world.resident(), session, places=3)
    await comes_free()

    assert isinstance(await world.book(await world.resident(credit_cents=100_00), session), Booked)
    assert await state(world, entry) == "waiting"


async def test_who_changes_a_booking_comes_after_who_waits(world: World) -> None:
    session, anna = await world.session(seats=3, price_cents=0), await world.resident()
    headers = await world.api_client(session.organiser_id)
    before = await booked(world, headers, line(session, 2, anna))
    comes_free = await by_a_measure_that_stops(world, session)
    entry = await join(world, await world.resident(), session)
    await comes_free()

    answer = await change(world, headers, before, line(session, 3, anna))

    assert answer.json()["code"] == "reservations.sold_out"
    assert await state(world, entry) == "offered"


async def test_a_seat_that_is_sold_again_goes_to_who_waits(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 3), price_cents=0)
    await block(world, session, "A-3")
    await world.book(await world.resident(), session, 2)
    newcomer = await world.resident()
    assert isinstance(await world.book(newcomer, session), NoSeats)
    entry = await join(world, await world.resident(), session)
    await world.execute("DELETE FROM reservations.blocked_seat")

    assert isinstance(await world.book(newcomer, session), SoldOut)
    assert await state(world, entry) == "offered"
    assert await faults(world) == []


async def test_nobody_waits_for_a_seat_that_is_free(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 3), price_cents=0)
    await block(world, session, "A-3")

    answer = await world.services.turnstile.answer(joining(await world.resident(), session, places=2))

    assert answer == PlacesFree(session.id, 2)


async def test_a_measure_that_stops_at_the_desk_is_an_offer_at_once(world: World) -> None:
    session = await world.session(seats=3)
    await sold(world, session, 2)
    measure_id = await cap(world, places=2)
    entry = await join(world, await world.resident(), session)
    await world.sign_in_staff("programme_officer")

    await world.post_form(f"/dender/maatregelen/{measure_id}/stoppen")

    assert await state(world, entry) == "offered"


async def test_what_is_set_apart_is_offered_once_its_desk_lets_it_go(world: World) -> None:
    session = await world.session(seats=3)
    await sold(world, session, 2)
    pool_id = await keep(world, session, 1)
    entry = await join(world, await world.resident(), session)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    await world.post_form(
        f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/apart/{pool_id}/vrijgeven"
    )

    assert await state(world, entry) == "offered"


async def test_a_hall_says_no_more_places_than_it_has_seats_and_one_can_wait(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 3), price_cents=0)
    await block(world, session, "A-2", "A-3")
    address = f"/dender/evenementen/{session.event_id}?sessie={session.id}"
    before = text_of(await world.client.get(address))
    await world.book(await world.resident(), session)

    page = await world.client.get(address)

    assert "Laatste plaats" in before
    assert f'href="/dender/sessies/{session.id}/wachtlijst"' in page.text
    await join(world, LIES, session)
    assert [each["state"] for each in await world.rows("SELECT state FROM reservations.waiting_entry")] == [
        "waiting"
    ]
