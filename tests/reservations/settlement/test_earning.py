"""When credit is earned, how much of it, and by whom."""

from asyncio import gather
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from reservations.booking.answers import Booked
from reservations.booking.expiry import expire_due
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.sessions.due import next_settling
from reservations.settlement.earning import DueHold, settle_earned, shares
from tests.builders import TONIGHT, Resident, Session, World
from tests.conftest import A_MONDAY
from uit.core.seal import TicketSeal


async def booked(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    answer = await world.book(who, session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


async def come(world: World, session: Session, booking_id: UUID, no: int = 1) -> None:
    """Be let in as the session starts."""
    world.clock.set(await world.value("SELECT starts_at FROM reservations.session WHERE id = $1", session.id))
    scope = Scope(1, frozenset({session.organiser_id}))
    async with world.services.database.transaction() as tx:
        scan = Scan(TicketSeal(1, booking_id, 1, no), scope, CheckinActor("staff", "an"), uuid4())
        assert isinstance(await check_in(tx, scan, world.clock, world.services.ids), CheckedIn)


async def settle(world: World, after: timedelta = timedelta()) -> None:
    world.clock.move(after)
    await settle_earned(world.services, world.clock.now())


async def earned_cents(world: World, session: Session) -> int:
    """What the ledger says that the organiser earned."""
    found = await world.value(
        "SELECT sum(amount_cents) FROM credits.entry AS e JOIN credits.account AS a"
        " ON a.region_id = e.region_id AND a.id = e.account_id WHERE a.kind = 'payable' AND a.owner_id = $1",
        session.organiser_id,
    )
    return int(found or 0)


async def rules(world: World, earning: str, no_show_percent: int = 100) -> None:
    await world.execute(
        "UPDATE credits.programme_version SET earning = $1::credits.earning_rule, no_show_percent = $2",
        earning, no_show_percent,
    )  # fmt: skip


async def statuses(world: World) -> list[str]:
    return [
        row[0]
        for row in await world.rows("SELECT status::text FROM reservations.ticket ORDER BY line_no, no")
    ]


async def test_who_came_has_earned_it_for_the_organiser(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=2000)
    booking_id = await booked(world, anna, session)
    await settle(world)
    assert await earned_cents(world, session) == 0

    await come(world, session, booking_id)
    await settle(world)

    assert await earned_cents(world, session) == 500
    purse = await world.rows("SELECT available_cents, held_cents, spent_cents FROM credits.purse")
    assert tuple(purse[0]) == (1500, 0, 500)


async def test_a_booking_that_cannot_be_settled_holds_up_none_of_its_session(world: World) -> None:
    """Its purse holds less than its booking put aside: a fault of ours, found by a named constraint."""
    session = await world.session(price_cents=500)
    people = [await world.resident(credit_cents=500) for _ in range(3)]
    for each in people:
        await booked(world, each, session)
    await rules(world, "session_end")
    await world.execute(
        "UPDATE credits.purse SET available_cents = 500, held_cents = 0 WHERE wallet_id = $1",
        people[0].membership_id,
    )

    await settle(world, timedelta(days=10, hours=3))

    assert await earned_cents(world, session) == 1000
    due_at = await world.value("SELECT due_at FROM reservations.session")
    assert due_at == world.clock.now() + timedelta(hours=1)


async def test_who_is_in_before_the_start_has_earned_nothing_yet(world: World) -> None:
    session, anna = await world.session(**TONIGHT), await world.resident(credit_cents=500)
    booking_id = await booked(world, anna, session)
    await come(world, session, booking_id)

    await settle(world, -timedelta(seconds=1))
    assert await earned_cents(world, session) == 0
    await settle(world, timedelta(seconds=1))

    assert await earned_cents(world, session) == 500


async def test_part_of_a_group_waits_for_the_others_until_the_doors_close(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=2000)
    await rules(world, "attendance", no_show_percent=0)
    booking_id = await booked(world, anna, session, places=3)
    await come(world, session, booking_id)
    await settle(world, timedelta(hours=5))
    assert await earned_cents(world, session) == 0

    await settle(world, timedelta(hours=1))

    assert await earned_cents(world, session) == 500
    assert await world.available_cents(anna) == 1500
    assert await statuses(world) == ["attended", "no_show", "no_show"]


async def test_a_no_show_costs_what_the_programme_says(world: World) -> None:
    session, anna = await world.session(price_cents=333), await world.resident(credit_cents=1000)
    await rules(world, "attendance", no_show_percent=50)
    await booked(world, anna, session)

    await settle(world, timedelta(days=10, hours=6))

    assert await earned_cents(world, session) == 167
    assert await world.available_cents(anna) == 1000 - 167


async def test_at_the_cancellation_limit_it_is_earned_whoever_comes(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=500)
    await rules(world, "cancellation_limit")
    await booked(world, anna, session)
    await settle(world, timedelta(days=9) - timedelta(seconds=1))
    assert await earned_cents(world, session) == 0

    await settle(world, timedelta(seconds=1))

    assert await earned_cents(world, session) == 500
    assert await statuses(world) == ["confirmed"]


async def test_when_the_session_has_ended_it_is_earned(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=500)
    await rules(world, "session_end")
    await booked(world, anna, session)
    await settle(world, timedelta(days=10, hours=1, minutes=59))
    assert await earned_cents(world, session) == 0

    await settle(world, timedelta(minutes=1))

    assert await earned_cents(world, session) == 500


async def test_settling_twice_or_by_two_workers_pays_once(world: World) -> None:
    session = await world.session(seats=20, price_cents=500)
    made = [await booked(world, await world.resident(credit_cents=500), session) for _ in range(6)]
    for booking_id in made:
        await come(world, session, booking_id)

    await gather(*(settle(world) for _ in range(3)))
    await settle(world)

    assert await earned_cents(world, session) == 3000


async def test_a_session_that_another_worker_has_is_left_to_it(world: World) -> None:
    first, second = await world.session(price_cents=500), await world.session(price_cents=500, region_id=2)
    now = world.clock.now()
    await world.execute(
        "UPDATE reservations.session SET due_at = $1::timestamptz - region_id * interval '1 minute'", now
    )

    async with world.owner.acquire() as other, other.transaction():
        await other.execute("SELECT FROM reservations.session WHERE id = $1 FOR NO KEY UPDATE", second.id)
        claimed = await next_settling(world.services.database, now)
        assert await next_settling(world.services.database, now) is None

    assert claimed is not None
    assert (claimed.region_id, claimed.id) == (1, first.id)
    later = await next_settling(world.services.database, now)
    assert later is not None
    assert (later.region_id, later.id) == (2, second.id)


async def test_a_cancelled_session_earns_nothing(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=500)
    await booked(world, anna, session)
    await world.execute("UPDATE reservations.session SET status = 'cancelled'")

    await settle(world, timedelta(days=11))

    assert await earned_cents(world, session) == 0
    assert await statuses(world) == ["confirmed"]


async def test_a_cancelled_booking_earns_nothing(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident(credit_cents=500)
    await world.cancel(await booked(world, anna, session))

    await settle(world, timedelta(days=11))

    assert await earned_cents(world, session) == 0
    assert await world.available_cents(anna) == 500


async def test_a_session_is_settled_when_the_doors_are_closed_and_nothing_waits(world: World) -> None:
    session, free = await world.session(), await world.session(price_cents=0)
    await booked(world, await world.resident(credit_cents=500), session)
    await booked(world, await world.resident(), free)
    await settle(world, timedelta(days=10, hours=5))
    assert await world.value("SELECT count(due_at) FROM reservations.session") == 2

    await settle(world, timedelta(hours=1))

    assert await world.value("SELECT count(due_at) FROM reservations.session") == 0
    assert await statuses(world) == ["no_show", "no_show"]


async def test_two_purses_together_are_rounded_once(world: World) -> None:
    session, anna = await world.session(price_cents=333), await world.resident(credit_cents=100)
    later = await world.purse(1, anna.membership_id, 900, lapses_in_days=400)
    await rules(world, "attendance", no_show_percent=50)
    await booked(world, anna, session)

    await settle(world, timedelta(days=10, hours=6))

    assert await earned_cents(world, session) == 167
    assert await world.value("SELECT spent_cents FROM credits.purse WHERE id = $1", later) == 67


async def test_more_bookings_than_fit_in_a_batch_are_all_settled(world: World) -> None:
    session = await world.session(seats=20, price_cents=500)
    for _ in range(5):
        await booked(world, await world.resident(credit_cents=500), session)

    await settle_earned(world.services, world.clock.now() + timedelta(days=11), at_once=2)

    assert await earned_cents(world, session) == 2500


async def test_places_that_were_held_too_long_are_let_go(world: World) -> None:
    session, anna = await world.session(seats=3), await world.resident(credit_cents=1000)
    until = world.clock.now() + timedelta(minutes=15)
    await world.services.turnstile.answer(world.command(anna, [(session, "base", 2)], held_until=until))
    assert await expire_due(world.services) == 0
    assert await world.places_left(session) == 1

    world.clock.move(timedelta(minutes=15))

    assert await expire_due(world.services) == 1
    assert await expire_due(world.services) == 0
    assert await world.places_left(session) == 3
    assert await world.available_cents(anna) == 1000


CENTS = st.integers(1, 1_000_000)
PEOPLE = st.integers(0, 30)


def hold(cents: int, attended: int, missed: int, percent: int) -> DueHold:
    return DueHold(
        uuid4(), UUID(int=7), 1, cents, "attendance", percent, A_MONDAY, attended, missed, A_MONDAY
    )


@given(st.lists(CENTS, min_size=1, max_size=4), PEOPLE, PEOPLE, st.integers(0, 100))
def test_shares_are_within_their_holds_and_round_half_up_once(
    cents: list[int], attended: int, missed: int, percent: int
) -> None:
    holds = [hold(each, attended, missed, percent) for each in cents]

    earned = list(shares(holds))

    total, people = sum(cents), max(1, attended + missed)
    exact = total * (attended * 100 + missed * percent) / (people * 100)
    assert all(0 <= each.settled_cents <= held.amount_cents for each, held in zip(earned, holds, strict=True))
    assert -0.5 < sum(each.settled_cents for each in earned) - exact <= 0.5 + 1e-6
