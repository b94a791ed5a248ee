"""What `check-ledger` finds of bookings: each fault that is planted, and nothing in a house that is well."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import TONIGHT, Resident, Session, World
from tests.reservations.dates import (
    LATER,
    booked,
    call_off,
    come,
    earning,
    faults,
    move,
    payable_cents,
    postpone,
    restore,
    settle,
)
from uit.database.retention import erase_due

FOUR_YEARS = timedelta(days=4 * 365)
CONFIRMED_AGAIN = "UPDATE reservations.ticket SET status = 'confirmed', attended_at = NULL, checkin_id = NULL"
NEVER_ENDED = ", ending = NULL, ended_at = NULL, returned_cents = 0"


async def with_guest(
    world: World, places: int = 2, session: Session | None = None
) -> tuple[Session, Resident, UUID]:
    session, anna = session or await world.session(**TONIGHT), await world.resident(credit_cents=2000)
    return session, anna, await booked(world, anna, session, places=places)


async def test_a_house_in_which_everything_happened_is_well(world: World) -> None:
    """Visited, missed, called off, postponed, moved, on again, given up: none of it is a fault."""
    organiser = await world.organiser()
    visited, off, later, moved, again = [await world.session(organiser_id=organiser) for _ in range(5)]
    for session in (visited, off, later, moved, again):
        await with_guest(world, session=session)
    _, _, cancelled = await with_guest(world, session=visited)
    await world.cancel(cancelled)
    await call_off(world, off)
    await postpone(world, later)
    await move(world, moved, timedelta(days=2))
    await postpone(world, again)
    assert await faults(world) == []

    await restore(world, again)
    first = await world.value(
        "SELECT booking_id FROM reservations.line WHERE session_id = $1 LIMIT 1", visited.id
    )
    await come(world, visited, first)
    for _ in range(4):
        await settle(world, timedelta(days=1))
        assert await faults(world) == []
    await call_off(world, visited)
    assert await faults(world) == []


async def test_a_hold_whose_booking_is_gone_is_found(world: World) -> None:
    _, _, booking_id = await with_guest(world)
    hold = await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'")

    for table in ("ticket", "line"):
        await world.execute(f"DELETE FROM reservations.{table} WHERE booking_id = $1", booking_id)
    await world.execute("DELETE FROM reservations.booking WHERE id = $1", booking_id)

    assert f"Hold {hold} of region 1 is open, and nothing will ever resolve it." in await faults(world)


async def test_a_hold_of_a_line_whose_tickets_all_ended_is_found(world: World) -> None:
    session, _, _ = await with_guest(world)
    await world.execute(
        "UPDATE reservations.ticket SET status = 'cancelled', ending = 'given_up', ended_at = now()"
    )
    await world.execute("UPDATE reservations.pool SET taken = 0")
    hold = await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'")

    assert await faults(world) == [f"Hold {hold} of region 1 is open, and nothing will ever resolve it."]
    assert await world.places_left(session) == 10


async def test_a_hold_of_a_date_for_which_nothing_is_due_is_found(world: World) -> None:
    await with_guest(world)
    hold = await world.value("SELECT id FROM credits.transfer WHERE kind = 'hold'")

    await world.execute("UPDATE reservations.session SET due_at = NULL")

    assert f"Hold {hold} of region 1 is open, and nothing will ever resolve it." in await faults(world)


async def test_a_hold_of_a_date_that_waits_for_a_decision_is_no_fault(world: World) -> None:
    session, _, _ = await with_guest(world)
    await postpone(world, session)

    await settle(world, timedelta(days=100))

    assert await world.value("SELECT due_at FROM reservations.session") is None
    assert await faults(world) == []


async def test_a_live_ticket_for_a_date_that_is_over_is_found(world: World) -> None:
    _, _, booking_id = await with_guest(world)
    await settle(world, timedelta(hours=4) + LATER)
    assert await faults(world) == []

    await world.execute(CONFIRMED_AGAIN)

    assert f"Booking {booking_id} of region 1 has a live ticket for a date that is over." in await faults(
        world
    )


async def test_a_live_ticket_for_a_date_that_was_called_off_is_found(world: World) -> None:
    session, _, booking_id = await with_guest(world)
    await call_off(world, session)
    assert await faults(world) == []

    await world.execute(CONFIRMED_AGAIN + NEVER_ENDED)

    found = await faults(world)
    assert f"Booking {booking_id} of region 1 has a live ticket for a date that is over." in found


async def test_a_date_called_off_that_the_worker_still_has_to_go_through_is_no_fault(world: World) -> None:
    await with_guest(world)
    await world.execute("UPDATE reservations.session SET status = 'cancelled', due_at = now()")

    assert await faults(world) == []


async def test_a_pool_that_counts_wrong_is_found(world: World) -> None:
    session, _, _ = await with_guest(world)

    await world.execute("UPDATE reservations.pool SET taken = 3")

    assert await faults(world) == [f"Pool {session.pool_id} of region 1 counts 3 and has 2 live tickets."]


@pytest.mark.parametrize("fault", ["returned_cents = 400", "returned_cents = 501"])
async def test_a_ticket_that_says_another_amount_than_came_back_is_found(world: World, fault: str) -> None:
    _, _, booking_id = await with_guest(world, places=1)
    await world.cancel(booking_id)
    assert await faults(world) == []

    await world.execute(f"UPDATE reservations.ticket SET {fault}")

    assert await faults(world) == [
        f"Booking {booking_id} of region 1 has a line whose credit is not accounted for."
    ]


async def test_a_payable_in_whose_books_is_credit_of_another_entity_is_found(world: World) -> None:
    session, _, _ = await with_guest(world)
    await earning(world, "session_end")
    await settle(world, timedelta(hours=6))
    assert (await payable_cents(world, session), await faults(world)) == (1000, [])

    await world.execute(
        "WITH other AS (INSERT INTO credits.legal_entity VALUES (1, gen_random_uuid(), 'OCMW', '0212189151')"
        " RETURNING id)"
        " UPDATE credits.account SET legal_entity_id = other.id FROM other WHERE kind = 'payable'"
    )

    assert [each.endswith("between accounts that do not fit its kind.") for each in await faults(world)] == [
        True
    ]


# What was erased


async def test_bookings_that_were_erased_when_their_term_had_passed_are_no_fault(
    world: World, dsn: str
) -> None:
    session, _, booking_id = await with_guest(world, places=3)
    _, _, cancelled = await with_guest(world, session=session)
    await world.cancel(cancelled)
    await come(world, session, booking_id)
    await settle(world, LATER)

    world.clock.move(FOUR_YEARS)
    assert (await erase_due(dsn, world.clock.now()))["reservations.booking"] == 2

    assert await world.value("SELECT count(*) FROM reservations.ticket") == 0
    assert await world.value("SELECT places FROM reservations.erased_places") == 3
    assert await faults(world) == []


async def test_an_open_hold_is_never_erased_and_a_settled_one_with_its_booking(
    world: World, dsn: str
) -> None:
    session, _, booking_id = await with_guest(world)
    much_later = world.clock.now() + FOUR_YEARS

    assert "reservations.booking" not in await erase_due(dsn, much_later)
    assert await faults(world) == []

    await come(world, session, booking_id)
    await settle(world, LATER)
    assert (await erase_due(dsn, much_later + LATER))["reservations.booking"] == 1
    assert await faults(world) == []


@pytest.mark.parametrize(
    ("table", "status"), [("payment", "pending"), ("payment", "paid"), ("refund", "due"), ("refund", "done")]
)
async def test_what_is_still_to_be_paid_or_paid_back_is_not_erased(
    world: World, dsn: str, table: str, status: str
) -> None:
    session = await world.session(price_cents=0)
    await world.seller(session.organiser_id)
    _, _, booking_id = await with_guest(world, session=session)
    await plant(world, booking_id, table, status)

    erased = await erase_due(dsn, world.clock.now() + FOUR_YEARS)

    assert erased.get("reservations.booking", 0) == (status in {"paid", "done"})


async def plant(world: World, booking_id: UUID, table: str, status: str) -> None:
    """A payment of a booking, and for `refund` also what goes back of it."""
    now, paid = world.clock.now(), status if table == "payment" else "paid"
    await world.execute(
        "INSERT INTO credits.payment (region_id, id, booking_id, seller_id, means, status, amount_cents,"
        " line_cents, made_at, paid_at) SELECT 1, $1, $1, organiser_id, 'desk', $2, 100, '{100}', $3, $4"
        " FROM credits.seller",
        booking_id, paid, now, now if paid == "paid" else None,
    )  # fmt: skip
    if table == "refund":
        await world.execute(
            "INSERT INTO credits.refund (region_id, id, payment_id, booking_id, line_no, amount_cents, way,"
            " status, reason, decided_at, done_at)"
            " VALUES (1, $1, $1, $1, 1, 100, 'cash', $2, 'given_up', $3, $4)",
            booking_id, status, now, now if status == "done" else None,
        )  # fmt: skip


async def test_what_is_booked_anew_in_a_pool_with_erased_places_is_counted_beside_them(
    world: World, dsn: str
) -> None:
    session, _, _ = await with_guest(world, places=3)
    await settle(world, timedelta(hours=4) + LATER)
    world.clock.move(FOUR_YEARS)
    await erase_due(dsn, world.clock.now())
    await world.execute(
        "UPDATE reservations.session SET starts_at = $1, ends_at = $1, sale_closes_at = $1,"
        " cancel_until = $1, due_at = $1",
        world.clock.now() + timedelta(days=3),
    )

    await with_guest(world, places=2, session=session)

    assert await world.value("SELECT taken FROM reservations.pool") == 5
    assert await faults(world) == []
    await world.execute("UPDATE reservations.erased_places SET places = 2")
    assert await faults(world) == [f"Pool {session.pool_id} of region 1 counts 5 and has 4 live tickets."]
