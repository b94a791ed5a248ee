"""Who asks to be erased: once nothing is open, in two weeks, and nothing says who they were afterwards."""

import asyncio
from datetime import date, timedelta

from tests.builders import Resident, World
from tests.identity.steps import is_inside
from tests.passes.counter import acts, insz, open_counter, register
from tests.passes.membership.test_ending import page_of, person_of, rows_of
from tests.passes.membership.test_membership import all_that_is_kept
from tests.reservations.dates import faults
from tests.reservations.guest.guests import guest_books
from tests.reservations.guest.test_claim import ADD, mailed
from tests.reservations.own_data.test_unused import signs_in
from tests.reservations.sessions.test_desk import text_of
from uit.database.retention import erase_due
from uit.passes.counter import Counter
from uit.passes.membership.ending import resume

WEEKS = timedelta(days=14)


async def ask(world: World, who: Resident) -> int:
    return int((await world.post_form(f"{page_of(who.membership_id)}/wissen")).status_code)


async def erase_day(world: World, who: Resident) -> date | None:
    return await world.value("SELECT erase_on FROM passes.membership WHERE id = $1", who.membership_id)  # type: ignore[no-any-return]


async def test_who_asks_is_erased_in_two_weeks_with_their_name_and_the_books_stay_right(
    world: World, dsn: str
) -> None:
    """What was booked and spent stays, by ids that name nobody."""
    anna, session = await world.resident(credit_cents=500), await world.session()
    made = await world.book(anna, session)
    await world.cancel(made.booking.id)  # type: ignore[union-attr]
    await signs_in(world, anna)
    await open_counter(world)

    done = await ask(world, anna)
    world.clock.move(WEEKS - timedelta(days=1))
    await erase_due(dsn, world.clock.now())
    too_early = await rows_of(world, anna)
    world.clock.move(timedelta(days=1))
    await erase_due(dsn, world.clock.now())

    assert (done, too_early, await rows_of(world, anna)) == (303, (1, 1, 1, 1), (0, 0, 0, 1))
    everything = await all_that_is_kept(world)
    assert [each in everything for each in ("Yasmine", str(anna.email))] == [False, False]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1
    assert await faults(world) == []


async def test_it_is_over_at_once_and_leaves_a_trace(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    cookies = dict(world.client.cookies)
    await open_counter(world)

    await ask(world, anna)
    told = text_of(await world.client.get(page_of(anna.membership_id)))
    world.client.cookies.update(cookies)

    assert (await person_of(world, anna.membership_id))["ended_why"] == "asked"
    assert "Op vraag van deze persoon wissen we de gegevens op 16 maart" in told
    assert "Twee jaar" not in told
    assert await acts(world) == ["membership.end", "person.erase", "person.read"]
    assert await is_inside(world) is False


async def test_what_is_open_is_said_with_the_next_step_and_nothing_ends(world: World) -> None:
    anna, session = await world.resident(credit_cents=500), await world.session()
    await world.book(anna, session)
    await open_counter(world)

    answer = await world.post_form(f"{page_of(anna.membership_id)}/wissen")

    assert answer.status_code == 409
    assert "één boeking die komt" in answer.text
    assert "Annuleer eerst wat nog komt" in answer.text
    assert (await person_of(world, anna.membership_id))["status"] == "active"
    assert await erase_day(world, anna) is None


async def test_a_booking_that_they_made_as_a_guest_and_claimed_is_open_too(world: World) -> None:
    _, typed = await mailed(world)
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form(ADD, **typed)
    await open_counter(world)

    answer = await world.post_form(f"{page_of(anna.membership_id)}/wissen")

    assert (answer.status_code, "één boeking die komt" in answer.text) == (409, True)


async def test_credit_that_is_still_put_aside_after_the_date_is_waited_for(world: World) -> None:
    session = await world.session(starts_in=timedelta(hours=1))
    anna = await world.resident(credit_cents=500)
    await world.book(anna, session)
    world.clock.move(timedelta(days=1))
    await open_counter(world)

    answer = await world.post_form(f"{page_of(anna.membership_id)}/wissen")

    assert (answer.status_code, "krediet opzij" in answer.text) == (409, True)


async def test_credit_that_is_put_aside_keeps_a_membership_whatever_asks_for_its_end(
    world: World, dsn: str
) -> None:
    """A booking that was under way when its holder was erased."""
    anna, bilal = await world.resident(credit_cents=500), await world.resident()
    await world.book(anna, await world.session())
    await world.execute("UPDATE passes.membership SET erase_on = '2026-03-02', status = 'ended'")

    await erase_due(dsn, world.clock.now())

    assert (await rows_of(world, anna))[1] == 1
    assert (await rows_of(world, bilal))[1] == 0


async def test_it_is_taken_back_until_then(world: World, dsn: str) -> None:
    anna = await world.resident()
    await open_counter(world)
    await ask(world, anna)

    await world.post_form(f"{page_of(anna.membership_id)}/einde/hervatten")
    world.clock.move(WEEKS)
    await erase_due(dsn, world.clock.now())

    assert await erase_day(world, anna) is None
    assert (await rows_of(world, anna))[:2] == (1, 1)


async def test_what_is_taken_back_while_it_is_being_erased_stays(world: World, dsn: str) -> None:
    anna = await world.resident()
    await open_counter(world)
    await ask(world, anna)
    world.clock.move(WEEKS)

    async with world.services.database.transaction() as tx:
        author = Counter(1, "staff", "s", world.clock.now(), world.services.ids)
        await resume(tx, author, anna.membership_id)
        erasing = asyncio.create_task(erase_due(dsn, world.clock.now()))
        await asyncio.wait([erasing], timeout=2)
    await erasing

    assert (await person_of(world, anna.membership_id))["status"] == "active"


async def test_who_had_ended_before_can_still_ask(world: World, dsn: str) -> None:
    anna = await world.resident()
    await open_counter(world)
    await world.post_form(f"{page_of(anna.membership_id)}/einde", why="moved")

    await ask(world, anna)
    world.clock.move(WEEKS)
    await erase_due(dsn, world.clock.now())

    assert await rows_of(world, anna) == (0, 0, 0, 0)


async def test_who_is_a_member_elsewhere_goes_here_and_lives_on_there(world: World, dsn: str) -> None:
    await open_counter(world, region_id=2)
    there = await register(world, "kust", insz=insz())
    await open_counter(world)
    here = await register(world, insz=insz())

    await world.post_form(f"{page_of(here)}/wissen")
    world.clock.move(WEEKS)
    await erase_due(dsn, world.clock.now())

    assert await world.rows("SELECT id FROM passes.membership") == [(there,)]
    assert await world.value("SELECT count(*) FROM identity.person WHERE ended_at IS NULL") == 1


async def test_a_page_says_what_goes_and_when_before_it_is_asked(world: World) -> None:
    anna = await world.resident()
    await open_counter(world)

    page = text_of(await world.client.get(f"{page_of(anna.membership_id)}/gegevens"))

    assert "Op 16 maart 2026 wissen we de gegevens" in page
    assert await erase_day(world, anna) is None


async def test_name_and_address_of_what_they_claimed_go_with_them_once_it_is_over(
    world: World, dsn: str
) -> None:
    session = await world.session(price_cents=0, starts_in=timedelta(hours=1))
    _, typed = await mailed(world, session)
    other = await guest_books(world, session, email="ander@example.org")
    anna = await world.resident()
    await world.sign_in(anna)
    await world.post_form(ADD, **typed)
    world.clock.move(timedelta(days=1))
    await open_counter(world)

    await ask(world, anna)
    world.clock.move(WEEKS - timedelta(days=1))
    await erase_due(dsn, world.clock.now())
    too_early = await world.value("SELECT count(*) FROM reservations.contact")
    world.clock.move(timedelta(days=1))
    await erase_due(dsn, world.clock.now())

    assert too_early == 2
    assert await world.rows("SELECT booking_id FROM reservations.contact") == [(other,)]
    assert (await rows_of(world, anna))[:2] == (0, 0)


async def test_what_is_to_come_keeps_who_booked_it_while_they_asked_until_it_is_over(
    world: World, dsn: str
) -> None:
    """A booking, and one that was claimed, that came in while a clerk had it ended."""
    session = await world.session(price_cents=0, starts_in=timedelta(days=30))
    _, typed = await mailed(world, session)
    anna, bilal = await world.resident(), await world.resident()
    await world.book(anna, session)
    await world.sign_in(bilal)
    await world.post_form(ADD, **typed)
    await world.execute("UPDATE passes.membership SET erase_on = '2026-03-02', status = 'ended'")

    await erase_due(dsn, world.clock.now())
    before = [(await rows_of(world, who))[:2] for who in (anna, bilal)]
    contacts = await world.value("SELECT count(*) FROM reservations.contact")
    world.clock.move(timedelta(days=32))
    await erase_due(dsn, world.clock.now())

    assert (before, contacts) == ([(1, 1), (1, 1)], 1)
    assert [(await rows_of(world, who))[1] for who in (anna, bilal)] == [0, 0]
    assert await world.value("SELECT count(*) FROM reservations.contact") == 0
