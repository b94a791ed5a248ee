"""Somebody asks to be erased themselves: signed in a moment ago, with a week to take it back."""

from datetime import date, timedelta

from reservations.own_data.asked_erasing import erase_who_asked, notify_asked
from tests.builders import Resident, World
from tests.identity.steps import is_inside
from tests.passes.counter import acts
from tests.passes.membership.test_ending import rows_of
from tests.passes.membership.test_membership import all_that_is_kept
from tests.reservations.dates import faults
from tests.reservations.sessions.test_desk import text_of
from uit.database.retention import erase_due
from uit.identity.visitor import Authenticator

PAGE = "/dender/mijn-gegevens/wissen"
WEEK = timedelta(days=7)


async def ask(world: World, who: Resident) -> int:
    await world.sign_in(who)
    return int((await world.post_form(PAGE)).status_code)


async def asked_for(world: World, who: Resident) -> date | None:
    return await world.value("SELECT erase_asked_for FROM passes.membership WHERE id = $1", who.membership_id)  # type: ignore[no-any-return]


async def run(world: World, dsn: str) -> None:
    """What the worker does on a day."""
    services = world.services
    authenticator = Authenticator(services.database, services.cache, services.clock)
    await erase_who_asked(services.database, authenticator, services.clock, services.ids)
    await erase_due(dsn, world.clock.now())


async def test_who_asks_is_erased_a_week_later_and_the_books_stay_right(world: World, dsn: str) -> None:
    anna, session = await world.resident(credit_cents=500), await world.session()
    made = await world.book(anna, session)
    await world.cancel(made.booking.id)  # type: ignore[union-attr]

    done = await ask(world, anna)
    world.clock.move(WEEK - timedelta(days=1))
    await run(world, dsn)
    await world.sign_in(anna)
    inside, too_early = await is_inside(world), await rows_of(world, anna)
    world.clock.move(timedelta(days=1))
    await run(world, dsn)

    assert (done, inside, await is_inside(world)) == (303, True, False)
    assert too_early[0] == 1
    assert await rows_of(world, anna) == (0, 0, 0, 1)
    everything = await all_that_is_kept(world)
    assert [each in everything for each in ("Yasmine", str(anna.email))] == [False, False]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1
    assert await faults(world) == []


async def test_it_is_told_and_can_be_taken_back_until_that_day(world: World, dsn: str) -> None:
    anna = await world.resident()
    await ask(world, anna)
    message = (await world.rows("SELECT id, key FROM uit.outbox WHERE topic = 'erasing.asked'"))[0]

    await notify_asked(world.services, 1, message["key"], message["id"])
    page = text_of(await world.client.get(PAGE))
    world.clock.move(WEEK - timedelta(days=1))
    await world.sign_in(anna)
    for _ in range(2):
        await world.post_form(f"{PAGE}/intrekken")
    world.clock.move(WEEK)
    await run(world, dsn)

    body = world.mails[-1].get_body(("plain",))
    assert body
    assert "9\N{NO-BREAK SPACE}maart 2026" in body.get_content()
    assert "/aanmelden?next=/dender/mijn-gegevens/wissen" in body.get_content()
    assert "Dat gebeurt op 9 maart 2026" in page
    assert await asked_for(world, anna) is None
    assert (await rows_of(world, anna))[0] == 1
    assert await acts(world) == ["erasing.ask", "erasing.take_back"]


async def test_who_signed_in_long_ago_signs_in_again_first(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    world.clock.move(timedelta(minutes=16))
    page = await world.client.get(PAGE)

    refused = await world.post_form(PAGE)
    away = await world.post_form("/afmelden", next=PAGE)

    assert "Ja, wis mijn gegevens" not in page.text
    assert (refused.status_code, await asked_for(world, anna)) == (403, None)
    assert "Meld je eerst opnieuw aan" in refused.text
    assert away.headers["location"] == "/aanmelden?next=%2Fdender%2Fmijn-gegevens%2Fwissen"


async def test_what_is_open_is_said_and_nothing_is_asked(world: World) -> None:
    anna = await world.resident(credit_cents=500)
    await world.book(anna, await world.session())
    await world.sign_in(anna)

    before = (await world.client.get(PAGE)).text
    refused = await world.post_form(PAGE)

    assert refused.status_code == 409
    assert "één boeking die komt" in refused.text
    assert "Er staat nog 1 boeking open." in before
    assert 'href="/dender/mijn-boekingen">Mijn boekingen</a>\n        </p>' in before
    assert await asked_for(world, anna) is None


async def test_what_was_booked_meanwhile_takes_place_first(world: World, dsn: str) -> None:
    anna = await world.resident(credit_cents=500)
    await ask(world, anna)
    await world.book(anna, await world.session(starts_in=timedelta(days=8)))
    world.clock.move(WEEK)

    await run(world, dsn)

    assert await asked_for(world, anna) == date(2026, 3, 10)
    assert (await rows_of(world, anna))[0] == 1


async def test_a_repeat_keeps_the_first_day(world: World) -> None:
    anna = await world.resident()
    await ask(world, anna)
    world.clock.move(timedelta(days=2))

    await ask(world, anna)

    assert await asked_for(world, anna) == date(2026, 3, 9)
    assert await world.value("SELECT count(*) FROM uit.outbox") == 1


async def test_below_sixteen_a_parent_asks_it_at_the_counter(world: World) -> None:
    lotte = await world.resident(born_on=date(2011, 5, 1))

    refused = await ask(world, lotte)
    page = (await world.client.get(PAGE)).text

    assert (refused, await asked_for(world, lotte)) == (403, None)
    assert "vraagt een ouder dit voor jou, aan de balie" in page
    assert "Ja, wis mijn gegevens" not in page


async def test_that_it_was_asked_stands_at_the_head_of_their_data(world: World) -> None:
    anna = await world.resident()
    await ask(world, anna)

    page = (await world.client.get("/dender/mijn-gegevens")).text

    assert "We wissen je gegevens op 9\N{NO-BREAK SPACE}maart 2026" in page
    assert 'href="/dender/mijn-gegevens/wissen"' in page
