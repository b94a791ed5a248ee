"""The source names other moments: dates that moved keep their bookings, and of the others a person says."""

from datetime import timedelta

from reservations.booking.actor import ByHolder
from reservations.booking.answers import Booked, Ended
from reservations.booking.commands import GiveUp
from reservations.errors import NotOnSale, SoldOut
from tests.builders import World
from tests.reservations.dates import (
    call_off,
    deliver,
    earning,
    faults,
    move,
    payable_cents,
    plain,
    postpone,
    restore,
    settle,
    start_of,
    status_of,
)
from tests.reservations.guest.guests import guest_books
from tests.reservations.importing.events import Import, concerts, guest, places, session_of, sessions_of

EVENING = "2026-03-13 20:00"
LATER = "2026-03-13 20:30"


async def booking_of(world: World) -> object:
    return await world.value("SELECT id FROM reservations.booking")


async def test_a_date_half_an_hour_later_is_the_same_date_with_its_bookings(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    before = await start_of(town, session)

    report = await take_in(concerts(LATER))

    assert await session_of(town) == session
    assert await start_of(town, session) == before + timedelta(minutes=30)
    assert await town.places_left(session) == 17
    assert (report.done.moved, report.done.withdrawn) == (1, 0)
    assert await faults(town) == []


async def test_of_a_date_that_moved_no_more_is_sold_than_there_is(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING))
    await guest(town, await session_of(town), 3)
    await take_in(concerts(LATER))

    bilal = await town.resident(credit_cents=5000)
    too_many = await town.book(bilal, await session_of(town), 18)

    assert isinstance(too_many, SoldOut)
    assert too_many.places_left == 17
    assert isinstance(await town.book(bilal, await session_of(town), 17), Booked)


async def test_who_booked_a_date_that_moved_is_told_both_moments_once(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING))
    await guest(town, await session_of(town), 3)
    await deliver(town)

    for _ in range(2):
        await take_in(concerts(LATER))

    [mail] = await deliver(town)
    assert mail["Subject"].replace("\N{NO-BREAK SPACE}", " ") == (
        "Ander uur: Een euro voor een lied, vr 13 mrt, 20.30 u"
    )
    assert "Nu: vr 13 mrt, 20.30 u" in plain(mail)
    assert "Eerst: vr 13 mrt, 20 u" in plain(mail)


async def test_who_booked_a_date_that_moved_may_leave_until_its_new_start_also_when_it_was_settled(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    anna = await guest(town, session, 3)
    await earning(town, "cancellation_limit")
    town.clock.set(await start_of(town, session) - timedelta(hours=20))
    await settle(town)
    assert await payable_cents(town, session) == 300
    await take_in(concerts(LATER))
    town.clock.set(await start_of(town, session) - timedelta(seconds=1))

    await town.sign_in(anna)
    boxes = {f"ticket-1.{no}": "true" for no in (1, 2, 3)}
    left = await town.post_form(f"/dender/boekingen/{await booking_of(town)}/annuleren", **boxes)

    assert left.status_code == 303
    assert await town.value("SELECT array_agg(DISTINCT ending::text) FROM reservations.ticket") == [
        "moved_away"
    ]
    assert (await town.available_cents(anna), await payable_cents(town, session)) == (5000, 0)
    assert await faults(town) == []


async def test_once_it_has_begun_at_its_new_time_nobody_may_leave(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    anna = await guest(town, session, 1)
    await take_in(concerts(LATER))
    town.clock.set(await start_of(town, session))

    await town.sign_in(anna)
    late = await town.post_form(f"/dender/boekingen/{await booking_of(town)}/annuleren")

    assert late.status_code == 409


async def test_dates_that_all_shift_alike_are_the_same_dates(town: World, take_in: Import) -> None:
    await take_in(concerts("2026-03-13 20:00", "2026-03-14 20:00", "2026-03-15 20:00"))
    before = await sessions_of(town)
    for session in before:
        await guest(town, session, 2)

    report = await take_in(concerts("2026-03-17 19:00", "2026-03-18 19:00", "2026-03-19 19:00"))

    assert await sessions_of(town) == before
    assert (report.done.moved, report.done.withdrawn) == (3, 0)
    assert [await town.places_left(each) for each in before] == [18, 18, 18]
    assert await faults(town) == []


async def test_another_end_moves_nothing_and_tells_nobody_and_a_guest_is_known_until_it_is_over(
    town: World, take_in: Import
) -> None:
    free = concerts(EVENING, priceInfo=[{"category": "base", "name": {"nl": "Gratis"}, "price": 0}])
    await take_in(free)
    await guest_books(town, await session_of(town))
    await deliver(town)
    free["subEvent"][0]["endDate"] = "2026-03-13T23:30:00+01:00"

    report = await take_in(free)

    [date] = await town.rows("SELECT starts_at, ends_at, moved_at FROM reservations.session")
    assert (date["ends_at"] - date["starts_at"], date["moved_at"]) == (timedelta(hours=3, minutes=30), None)
    assert await town.value("SELECT last_session_at FROM reservations.contact") == date["ends_at"]
    assert report.done.moved == 0
    assert await deliver(town) == []


# Where it cannot be told


async def one_became_two(town: World, take_in: Import, taken: int = 3) -> None:
    """A date on Friday with some booked is gone; there are two others, on Saturday and on Sunday."""
    await take_in(concerts(EVENING))
    await guest(town, await session_of(town), taken)
    await take_in(concerts("2026-03-14 20:00", "2026-03-15 20:00"))


async def test_a_date_that_became_two_stops_selling_and_both_keep_its_places_back(
    town: World, take_in: Import
) -> None:
    await one_became_two(town, take_in)

    vanished, *new = await sessions_of(town)

    assert await status_of(town, vanished) == "suspended"
    assert isinstance(await town.book(await town.resident(5000), vanished), NotOnSale)
    assert [await town.places_left(each) for each in new] == [17, 17]
    assert await town.value("SELECT array_agg(held) FROM reservations.pool WHERE taken = 0") == [3, 3]
    assert await faults(town) == []


async def test_its_organiser_is_asked_and_until_then_nothing_is_earned(town: World, take_in: Import) -> None:
    await one_became_two(town, take_in)
    vanished, *_ = await sessions_of(town)

    await settle(town, timedelta(days=20))

    [task] = await town.rows("SELECT session_id, kind::text, organiser_id FROM reservations.task")
    assert tuple(task) == (vanished.id, "vanished_at_source", vanished.organiser_id)
    assert await payable_cents(town, vanished) == 0
    assert await town.value("SELECT array_agg(DISTINCT status::text) FROM reservations.ticket") == [
        "confirmed"
    ]


async def test_importing_again_neither_asks_again_nor_keeps_more_back(town: World, take_in: Import) -> None:
    await one_became_two(town, take_in)

    for capacity in (21, 20):
        await take_in(concerts("2026-03-14 20:00", "2026-03-15 20:00", capacity=capacity))

    _, *new = await sessions_of(town)
    assert [await town.places_left(each) for each in new] == [17, 17]
    assert await town.value("SELECT count(*) FROM reservations.task") == 1


async def test_places_that_were_sold_elsewhere_come_on_top_of_those_that_are_kept_back(
    town: World, take_in: Import
) -> None:
    await one_became_two(town, take_in, taken=3)
    event = concerts("2026-03-14 20:00", "2026-03-15 20:00")
    event["subEvent"] = [date | places(20, left=17) for date in event["subEvent"]]

    for _ in range(2):
        await take_in(event)

    _, *new = await sessions_of(town)
    assert [await town.places_left(each) for each in new] == [14, 14]


async def test_when_it_is_called_off_its_places_are_on_sale_again(town: World, take_in: Import) -> None:
    await one_became_two(town, take_in)
    vanished, *new = await sessions_of(town)

    await call_off(town, vanished)

    assert [await town.places_left(each) for each in new] == [20, 20]
    assert await town.value("SELECT decision::text FROM reservations.task") == "called_off"
    assert await faults(town) == []


async def test_when_it_goes_on_its_places_are_on_sale_again_and_it_sells(
    town: World, take_in: Import
) -> None:
    await one_became_two(town, take_in)
    vanished, *new = await sessions_of(town)

    await restore(town, vanished)
    await take_in(concerts("2026-03-14 20:00", "2026-03-15 20:00", capacity=20, typicalAgeRange="6-12"))

    assert await status_of(town, vanished) == "scheduled"
    assert [await town.places_left(each) for each in new] == [20, 20]
    assert await town.value("SELECT decision::text FROM reservations.task") == "goes_on"


async def test_when_its_people_come_to_the_hour_of_another_date_that_alone_keeps_their_places(
    town: World, take_in: Import
) -> None:
    await one_became_two(town, take_in)
    vanished, *new = await sessions_of(town)

    await move(town, vanished, timedelta(days=1))

    assert await status_of(town, vanished) == "scheduled"
    assert [await town.places_left(each) for each in new] == [17, 20]
    assert isinstance(await town.book(await town.resident(5000), vanished), NotOnSale)
    assert await town.value("SELECT decision::text FROM reservations.task") == "moved"


async def test_who_waits_for_a_decision_may_leave_and_is_paid_back(town: World, take_in: Import) -> None:
    await one_became_two(town, take_in)
    town.clock.move(timedelta(days=20))
    who = await town.value("SELECT holder_id FROM reservations.line")

    left = await town.services.turnstile.answer(
        GiveUp(1, await booking_of(town), ByHolder(who))  # type: ignore[arg-type]
    )

    assert isinstance(left, Ended)
    assert await town.value("SELECT available_cents FROM credits.purse WHERE wallet_id = $1", who) == 5000
    assert await faults(town) == []


async def test_an_empty_date_that_vanished_is_called_off_and_nobody_is_asked(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))

    report = await take_in(concerts("2026-03-14 20:00", "2026-03-15 20:00"))

    vanished, *new = await sessions_of(town)
    assert (await status_of(town, vanished), report.done.withdrawn) == ("cancelled", 1)
    assert [await town.places_left(each) for each in new] == [20, 20]
    assert await town.value("SELECT count(*) FROM reservations.task") == 0


# A desk and the source


async def test_a_date_that_its_desk_moved_first_is_the_one_that_its_source_then_names(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await move(town, session, timedelta(minutes=30))
    await deliver(town)

    await take_in(concerts(LATER))

    assert await session_of(town) == session
    assert await town.places_left(session) == 17
    assert await deliver(town) == []
    assert await status_of(town, session) == "scheduled"


async def test_a_date_that_its_desk_postponed_moves_to_the_day_that_its_source_then_names(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await postpone(town, session)

    await take_in(concerts("2026-03-18 20:00"))

    assert await session_of(town) == session
    assert await status_of(town, session) == "scheduled"
    assert await town.places_left(session) == 17


async def test_a_postponed_date_whose_old_end_passed_is_asked_about_when_its_source_names_a_new_one(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await postpone(town, session)
    town.clock.move(timedelta(days=20))

    await take_in(concerts("2026-05-15 20:00"))

    before, new = await sessions_of(town)
    assert before == session
    assert await status_of(town, before) == "postponed"
    assert await town.places_left(new) == 17
    assert await town.value("SELECT count(*) FROM reservations.task WHERE decision IS NULL") == 1
    await take_in(concerts("2026-05-15 20:00", "2026-05-16 20:00"))
    assert await town.places_left(new) == 17
    await call_off(town, before)
    assert [await town.places_left(each) for each in (await sessions_of(town))[1:]] == [20, 20]


async def test_a_postponed_date_that_its_source_still_names_stays_postponed_after_its_old_end(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING, "2026-05-15 20:00"))
    session, other = await sessions_of(town)
    await guest(town, session, 3)
    await postpone(town, session)
    town.clock.move(timedelta(days=20))

    await take_in(concerts(EVENING, "2026-05-15 20:00", "2026-05-16 20:00"))

    assert await status_of(town, session) == "postponed"
    assert await town.value("SELECT count(*) FROM reservations.task") == 0
    assert await town.places_left(other) == 20


async def test_a_date_that_its_desk_postponed_stays_so_when_its_source_names_it_no_more(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING, "2026-05-15 20:00"))
    session, _ = await sessions_of(town)
    await guest(town, session, 3)
    await postpone(town, session)

    await take_in(concerts("2026-05-15 20:00"))

    assert await status_of(town, session) == "postponed"
    assert await town.value("SELECT count(*) FROM reservations.task") == 0


async def test_what_its_desk_moved_and_called_off_is_not_on_sale_when_its_source_names_that_moment(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await move(town, session, timedelta(minutes=30))
    await call_off(town, session)

    await take_in(concerts(LATER))

    assert await session_of(town) == session
    assert await status_of(town, session) == "cancelled"


async def test_what_its_desk_moved_elsewhere_stays_there_beside_what_its_source_names(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 3)
    await move(town, session, timedelta(days=7))
    before = await start_of(town, session)

    await take_in(concerts("2026-04-30 20:00"))

    assert await start_of(town, session) == before
    assert await status_of(town, session) == "scheduled"
    assert len(await sessions_of(town)) == 2
