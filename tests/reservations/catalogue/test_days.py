"""Days of activities: one card a day, what already runs, and a listing that follows whoever writes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from reservations.catalogue.days import search
from reservations.catalogue.search import Search
from tests.builders import Session, World
from tests.reservations.catalogue.test_agenda import found, links, name, text_of, venue
from tests.rows import counting_rows
from uit.core.clock import day_in_flanders

MOST_READ = 6_000


async def last_until(world: World, session: Session, starts_at: str, ends_at: str) -> None:
    times = (datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
    await world.execute(
        "UPDATE reservations.session SET starts_at = $2, ends_at = $3, sale_closes_at = $3 WHERE id = $1",
        session.id, *times,
    )  # fmt: skip


async def test_many_times_on_a_day_are_one_card_and_others_are_beside_it(world: World) -> None:
    swim, concert = await world.session(starts_in=timedelta(days=1)), await world.session()
    await world.more_sessions(swim, 11)
    await name(world, swim, "Zwemmen")
    await name(world, concert, "Concert")
    await last_until(world, concert, "2026-03-03T20:00+01", "2026-03-03T22:00+01")

    page = text_of(await found(world))

    assert page.count("Zwemmen") == page.count("Concert") == 1
    assert "Zwemmen di 3 mrt, 12 tijdstippen vanaf 10 u" in page


async def test_the_card_of_a_day_is_of_the_first_time_with_a_place_and_all_full_says_so(world: World) -> None:
    full = await world.session(seats=0, price_cents=900, starts_in=timedelta(days=1))
    later = await world.session(seats=3, price_cents=700, starts_in=timedelta(days=1, hours=2))
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", full.event_id, later.id
    )

    page = text_of(await found(world))
    await world.execute("UPDATE reservations.pool SET capacity = 0")
    all_full = text_of(await found(world))

    assert "2 tijdstippen vanaf 12 u" in page
    assert "Laatste 3 plaatsen" in page
    assert "€ 7,00" in page
    assert "2 tijdstippen vanaf 10 u" in all_full
    assert "Alle plaatsen zijn weg" in all_full


async def test_times_that_are_over_are_not_counted(world: World) -> None:
    await world.more_sessions(await world.session(starts_in=timedelta(hours=1)), 2, every=timedelta(hours=3))
    world.clock.move(timedelta(hours=3, minutes=1))

    assert "ma 2 mrt, 2 tijdstippen vanaf 14 u" in text_of(await found(world))


async def test_what_runs_is_found_on_a_day_of_it_in_a_section_of_its_own(world: World) -> None:
    fair, concert = await world.session(), await world.session(starts_in=timedelta(days=3))
    await name(world, fair, "Kerstmarkt")
    await name(world, concert, "Concert")
    await last_until(world, fair, "2026-02-26T10:00+01", "2026-03-18T20:00+01")

    for typed in ({}, {"waar": "kerst"}, {"waar": "markt"}, {"soort": "culture"}):
        assert "Kerstmarkt" in text_of(await found(world, **typed)).partition("Loopt nu")[2]
    on_a_day = text_of(await found(world, van="2026-03-18", tot="2026-03-18"))
    assert "Loopt al op wo 18 mrt" in on_a_day
    assert "Kerstmarkt" in on_a_day
    assert "Kerstmarkt" not in await found(world, van="2026-03-19")
    assert "Kerstmarkt" not in await found(world, waar="concert")


async def test_what_runs_does_not_bury_what_begins_and_all_of_it_is_a_page_further(world: World) -> None:
    for number in range(30):
        session = await world.session()
        await name(world, session, f"Expo {number:02}")
        await last_until(world, session, "2026-02-01T10:00+01", f"2026-03-{10 + number % 15}T18:00+01")
    concert = await world.session(starts_in=timedelta(days=3))
    await name(world, concert, "Concert")

    page = await found(world)
    [every] = links(page, "Alles wat loopt")
    first = (await world.client.get(every)).text
    [further] = links(first, "Toon meer")
    second = (await world.client.get(further)).text

    assert "Concert" in page
    assert text_of(page).count("Expo") == 3
    assert [text_of(each).count("Expo") for each in (first, second)] == [24, 6]
    assert "Concert" not in first
    assert links(second, "Toon meer") == []


async def test_what_runs_on_a_day_shows_a_time_that_is_not_over_by_then(world: World) -> None:
    opening, fair = await world.session(), await world.session()
    await world.execute("UPDATE reservations.session SET event_id = $1", fair.event_id)
    await last_until(world, opening, "2026-03-10T09:00+01", "2026-03-10T11:00+01")
    await last_until(world, fair, "2026-03-10T10:00+01", "2026-03-20T18:00+01")

    on_a_day = text_of(await found(world, van="2026-03-15"))

    assert "di 10 mrt, 10 u tot vr 20 mrt" in on_a_day
    assert "tijdstippen" not in on_a_day
    assert "2 tijdstippen vanaf 9 u" in text_of(await found(world, van="2026-03-10"))


async def test_an_activity_of_which_two_days_run_stands_once_where_the_last_ends(world: World) -> None:
    expo, again, other = await world.session(), await world.session(), await world.session()
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", expo.event_id, again.id
    )
    await last_until(world, expo, "2026-02-01T10:00+01", "2026-03-07T18:00+01")
    await last_until(world, other, "2026-02-01T10:00+01", "2026-03-08T18:00+01")
    await last_until(world, again, "2026-02-02T10:00+01", "2026-03-09T18:00+01")
    wanted, seen = Search(day_in_flanders(world.clock.now()), None, is_running=True), list[UUID]()

    async with world.services.database.reading() as tx:
        for _ in range(2):
            page = await search(tx, 1, wanted, world.clock.now(), most=1)
            seen += [each.event_id for each in page.running]
            wanted = replace(wanted, after=page.next)

    assert (seen, wanted.after) == ([other.event_id, expo.event_id], None)


async def test_what_begins_before_midnight_is_found_on_both_days(world: World) -> None:
    await last_until(world, await world.session(), "2026-03-06T23:30+01", "2026-03-07T04:00+01")

    for day in ("2026-03-06", "2026-03-07"):
        assert "De kleine prins" in await found(world, van=day, tot=day)
    assert "De kleine prins" not in await found(world, van="2026-03-08", tot="2026-03-08")


async def test_a_day_ends_at_midnight_and_not_on_the_next(world: World) -> None:
    await last_until(world, await world.session(), "2026-03-06T20:00+01", "2026-03-07T00:00+01")

    assert "De kleine prins" in await found(world, van="2026-03-06", tot="2026-03-06")
    assert "De kleine prins" not in await found(world, van="2026-03-07", tot="2026-03-07")


async def test_an_event_is_shown_from_one_moment_to_another_by_itself(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=5))
    now = world.clock.now()
    await world.execute(
        "UPDATE organisers.event SET visible_from = $1, visible_to = $2",
        now + timedelta(days=1), now + timedelta(days=2),
    )  # fmt: skip
    page = f"/dender/evenementen/{session.event_id}"

    seen = []
    for _ in range(3):
        listed = [
            await found(world),
            await found(world, waar="prins"),
            (await world.client.get("/dender")).text,
        ]
        seen.append(["De kleine prins" in each for each in listed])
        seen[-1].append((await world.client.get(page)).status_code == 200)
        world.clock.move(timedelta(days=1))

    assert seen == [[False] * 4, [True] * 4, [False] * 4]


async def test_the_listing_follows_a_session_that_moves_and_one_that_goes(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 1)
    await last_until(world, session, "2026-03-09T10:00+01", "2026-03-09T12:00+01")

    rows = "SELECT day::text, starts_at, last_day::text FROM reservations.listing ORDER BY day"
    assert [tuple(row) for row in await world.rows(rows)] == [
        ("2026-03-03", world.clock.now() + timedelta(days=1, hours=1), "2026-03-03"),
        ("2026-03-09", datetime(2026, 3, 9, 9, tzinfo=UTC), "2026-03-09"),
    ]
    await world.execute("DELETE FROM reservations.tariff")
    await world.execute("DELETE FROM reservations.session")
    assert await world.rows(rows) == []


async def test_a_word_is_found_when_event_organiser_venue_or_town_gets_another_name(world: World) -> None:
    session = await world.session()
    await venue(world, session, "De Werf", "Aalst", "9300")
    await world.execute(
        "INSERT INTO uit.municipality VALUES ('41002', 'Aalst', 'Alost', 'Oost-Vlaanderen', '{9300}')"
    )
    await world.execute("UPDATE organisers.venue SET refnis = '41002'")
    renamed = {
        "UPDATE organisers.event SET name = 'Reynaert'": "reynaert",
        'UPDATE organisers.event SET name_translations = \'{"fr": "Goupil"}\'': "goupil",
        "UPDATE organisers.event SET type_label = 'Musical'": "musical",
        "UPDATE organisers.organiser SET name = 'Kopergietery'": "kopergietery",
        "UPDATE organisers.venue SET name = 'Palazzo'": "palazzo",
        "UPDATE uit.municipality SET name_fr = 'Alost-Ville'": "alost ville",
    }

    for statement, words in renamed.items():
        assert "/evenementen/" not in await found(world, waar=words)
        await world.execute(statement)
        assert "/evenementen/" in await found(world, waar=words), words


async def test_a_town_that_gets_another_name_is_found_in_every_region(world: World) -> None:
    await world.execute(
        "INSERT INTO uit.municipality VALUES ('41002', 'Aalst', 'Alost', 'Oost-Vlaanderen', '{9300}')"
    )
    for region_id in (1, 2):
        session = await world.session(region_id=region_id)
        await world.execute(
            "INSERT INTO organisers.venue (region_id, id, name, refnis) VALUES ($1, $2, 'De Werf', '41002')",
            region_id, session.id,
        )  # fmt: skip
        await world.execute(
            "UPDATE organisers.event SET venue_id = $1 WHERE id = $2", session.id, session.event_id
        )

    await world.execute("UPDATE uit.municipality SET name = 'Oilsjt'")

    named = "SELECT region_id FROM reservations.search_text WHERE words @@ 'oilsjt' ORDER BY region_id"
    assert [row[0] for row in await world.rows(named)] == [1, 2]


MANY = """
INSERT INTO organisers.event (region_id, id, organiser_id, name, domain, changed_at)
SELECT 1, gen_random_uuid(), $1, (ARRAY['Zwemmen', 'Theater', 'Wandeling', 'Expo'])[n % 4 + 1] || ' ' || n,
    (ARRAY['sport', 'culture', 'tourism', 'culture'])[n % 4 + 1]::organisers.domain, now()
FROM generate_series(1, 4000) AS n
"""
SESSIONS = """
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at,
    ends_at, sale_closes_at, cancel_until, pool_ids, changed_at)
SELECT 1, gen_random_uuid(), event_id, $2, domain, 'offline',
    start, start + how_long, start, start, '{}', start
FROM (
    SELECT e.id AS event_id, e.domain, $1::timestamptz + (random() * 300 - 30) * interval '1 day' AS start,
        CASE WHEN e.name LIKE 'Expo%' THEN interval '20 days' ELSE interval '2 hours' END AS how_long
    FROM organisers.event AS e, generate_series(1, 5) AS n WHERE e.organiser_id = $2
) AS made
"""


@pytest.mark.own_database
@pytest.mark.parametrize("plan", ["force_generic_plan", "force_custom_plan"])
async def test_a_search_among_many_reads_few_rows(world: World, plan: str) -> None:
    organiser_id, now = await world.organiser(name="Stad"), world.clock.now()
    await world.session(organiser_id=organiser_id)
    await world.execute(MANY, organiser_id)
    await world.execute(SESSIONS, now, organiser_id)
    await world.execute("ANALYZE")
    today = day_in_flanders(now)

    for words in ("", "prins", "theater", "stad", "wandel zwemmen", "prinz", "andel", f"{uuid4()}"):
        for domain, is_running in (("", False), ("tourism", False), ("culture", True)):
            wanted = Search(today, None, words, domain, is_running=is_running)
            async with counting_rows(world, plan) as (tx, read):
                page = await search(tx, 1, wanted, now)
            tables = ("reservations.listing", "organisers.event", "reservations.search_text")
            assert sum(read[table] for table in tables) < MOST_READ, (words, domain, read)
            assert read["organisers.event"] or not page.days
