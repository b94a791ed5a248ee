"""The name and address of a guest go ninety days after their last date; what was booked stays."""

from datetime import datetime, timedelta
from uuid import UUID

from tests.builders import Session, World
from tests.reservations.booking.test_notifications import text_of
from tests.reservations.dates import call_off, deliver, faults, move, postpone, restore
from tests.reservations.guest.guests import claim_in, guest_books, link_in, link_of
from uit.database.retention import erase_due

DAY = timedelta(days=1)


async def last_session(world: World, booking_id: UUID) -> datetime:
    at: datetime = await world.value(
        "SELECT last_session_at FROM reservations.contact WHERE booking_id = $1", booking_id
    )
    return at


async def ends_at(world: World, session: Session) -> datetime:
    at: datetime = await world.value("SELECT ends_at FROM reservations.session WHERE id = $1", session.id)
    return at


async def test_name_and_address_go_after_ninety_days_and_the_figures_stay(world: World, dsn: str) -> None:
    session = await world.session(price_cents=0)
    booking_id = await guest_books(world, session, places=2)
    over = await ends_at(world, session)

    assert await erase_due(dsn, over + 90 * DAY - timedelta(seconds=1)) == {}
    assert await erase_due(dsn, over + 90 * DAY) == {"reservations.contact": 1}

    assert await world.value("SELECT sum(places) FROM reservations.line") == 2
    assert (await world.client.get(link_of(world, booking_id))).status_code == 404
    assert await faults(world) == []


async def test_it_is_the_last_of_their_dates_that_counts(world: World) -> None:
    first = await world.session(price_cents=0)
    second = await world.session(price_cents=0, starts_in=20 * DAY, organiser_id=first.organiser_id)
    booking_id = await guest_books(world, first, second)

    await move(world, first, DAY)
    assert await last_session(world, booking_id) == await ends_at(world, second)
    await move(world, first, 30 * DAY)
    assert await last_session(world, booking_id) == await ends_at(world, first)
    await move(world, first, -30 * DAY)
    assert await last_session(world, booking_id) == await ends_at(world, second)


async def test_while_a_date_has_no_new_time_the_guest_can_still_be_told(world: World, dsn: str) -> None:
    session = await world.session(price_cents=0)
    booking_id = await guest_books(world, session)
    await postpone(world, session)

    assert await erase_due(dsn, world.clock.now() + 300 * DAY) == {}
    await restore(world, session)
    assert await last_session(world, booking_id) == await ends_at(world, session)
    await postpone(world, session)
    await call_off(world, session)
    assert await last_session(world, booking_id) == await ends_at(world, session)


async def test_another_guest_keeps_their_own_term(world: World) -> None:
    session, other = await world.session(price_cents=0), await world.session(price_cents=0)
    await guest_books(world, session)
    booking_id = await guest_books(world, other)
    before = await last_session(world, booking_id)

    await move(world, session, 5 * DAY)

    assert await last_session(world, booking_id) == before


async def test_a_claimed_booking_stays_with_its_member_and_goes_with_the_booking(
    world: World, dsn: str
) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    [mail] = await deliver(world)
    await world.client.get(link_in(text_of(mail)))
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form("/dender/mijn-boekingen/toevoegen", **claim_in(text_of(mail)))
    made = world.clock.now()

    await erase_due(dsn, made + 200 * DAY)
    assert (await world.client.get(f"/dender/boekingen/{booking_id}")).status_code == 200
    await erase_due(dsn, made + (3 * 365 + 1) * DAY)
    assert await world.rows("SELECT booking_id FROM reservations.claimed_booking") == []
