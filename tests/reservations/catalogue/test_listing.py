"""What a client may sell: found, in order, a page at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from reservations.catalogue.api import read_moment
from reservations.catalogue.listing import ListingQuery, sessions
from tests.builders import Session, World
from tests.rows import counting_rows

MOST_READ = 250

FOR_ANYBODY = {
    "weight": 1,
    "least": 1,
    "age_from": None,
    "age_to": None,
    "born_from": None,
    "born_to": None,
    "for_members": False,
    "for_companion": False,
    "most_per_person": None,
    "most_per_household": None,
    "asks_code": False,
    "shows": "",
}


async def find(world: World, organisers: list[UUID], **asked: object) -> dict[str, Any]:
    answer = await world.client.get(
        f"/api/v1/sessions?{urlencode(asked)}", headers=await world.api_client(*organisers)
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(page: dict[str, Any]) -> list[str]:
    return [each["session_id"] for each in page["sessions"]]


async def test_a_session_says_what_a_client_needs_to_sell_it(world: World) -> None:
    session = await world.session(seats=10, price_cents=500)
    await world.execute("UPDATE reservations.pool SET taken = 3, held = 2")

    found = await find(world, [session.organiser_id])

    starts_at = world.clock.now() + timedelta(days=10)
    shown = found["sessions"][0]
    assert datetime.fromisoformat(shown.pop("starts_at")) == starts_at
    assert datetime.fromisoformat(shown.pop("ends_at")) == starts_at + timedelta(hours=2)
    assert shown == {
        "session_id": str(session.id),
        "event": {"id": str(session.event_id), "name": "De kleine prins", "names": {"nl": "De kleine prins"}},
        "organiser_id": str(session.organiser_id),
        "venue": None,
        "status": "scheduled",
        "places_left": 5,
        "capacity": 10,
        "only_in_course": None,
        "tariffs": [
            {"code": "base", "name": "base", "price_cents": 500, **FOR_ANYBODY},
            {"code": "kansentarief", "name": "kansentarief", "price_cents": 100, **FOR_ANYBODY},
        ],
    }
    assert found["next"] is None


async def test_a_venue_is_told_with_its_address(world: World) -> None:
    session, venue_id = await world.session(), uuid4()
    await world.execute(
        "INSERT INTO organisers.venue (region_id, id, name, street, postal_code, locality)"
        " VALUES (1, $1, 'De Werf', 'Molenstraat 51', '9300', 'Aalst')", venue_id,
    )  # fmt: skip
    await world.execute("UPDATE organisers.event SET venue_id = $1", venue_id)

    found = await find(world, [session.organiser_id])

    assert found["sessions"][0]["venue"] == {
        "name": "De Werf", "street": "Molenstraat 51", "postal_code": "9300", "locality": "Aalst",
    }  # fmt: skip


async def test_the_places_of_a_tariff_end_with_the_fullest_of_its_pools(world: World) -> None:
    session, quota = await world.session(seats=100), uuid4()
    await world.execute(
        "INSERT INTO reservations.pool VALUES (1, $1, $2, 'Kansentarief', 8, 8, 8)", quota, session.pool_id
    )
    await world.execute(
        "UPDATE reservations.tariff SET pool_ids = $1 WHERE code = 'kansentarief'", [session.pool_id, quota]
    )

    assert (await find(world, [session.organiser_id]))["sessions"][0]["places_left"] == 100
    await world.execute("UPDATE reservations.tariff SET active = (code = 'kansentarief')")
    assert (await find(world, [session.organiser_id]))["sessions"][0]["places_left"] == 0


async def test_what_is_not_counted_has_no_places(world: World) -> None:
    session = await world.session()
    await world.execute("UPDATE reservations.tariff SET pool_ids = '{}'")

    shown = (await find(world, [session.organiser_id]))["sessions"][0]

    assert (shown["places_left"], shown["capacity"]) == (None, None)


async def spread_out(world: World) -> list[Session]:
    """Five sessions of one organiser, a day apart."""
    organiser_id = await world.organiser()
    return [
        await world.session(organiser_id=organiser_id, starts_in=timedelta(days=day))
        for day in (1, 2, 3, 4, 5)
    ]


async def test_pages_follow_each_other_without_a_gap_or_a_double(world: World) -> None:
    sessions = await spread_out(world)
    await world.execute("UPDATE reservations.session SET starts_at = $1, ends_at = $1", world.clock.now())
    organisers = [sessions[0].organiser_id]

    first = await find(world, organisers, limit=2)
    second = await find(world, organisers, limit=2, after=first["next"])
    third = await find(world, organisers, limit=2, after=second["next"])

    assert ids(first) + ids(second) + ids(third) == sorted(str(each.id) for each in sessions)
    assert third["next"] is None


async def test_sessions_are_found_that_are_not_over_at_a_moment_and_begin_before_another(
    world: World,
) -> None:
    sessions = await spread_out(world)
    organiser_id, now = sessions[0].organiser_id, world.clock.now()

    between = await find(
        world, [organiser_id], **{"from": (now + timedelta(days=2)).isoformat(), "to": "2026-03-06T09:00:00Z"}
    )
    by_day = await find(world, [organiser_id], **{"from": "2026-03-05", "to": "2026-03-06"})
    world.clock.move(timedelta(days=4, minutes=1))
    from_now_on = await find(world, [organiser_id])

    assert ids(between) == [str(each.id) for each in sessions[1:3]]
    assert ids(by_day) == [str(sessions[2].id)]
    assert ids(from_now_on) == [str(each.id) for each in sessions[3:]]


async def test_sessions_are_found_by_words_in_any_spelling_and_the_next_page_reads_them_so(
    world: World,
) -> None:
    session = await world.session()
    await world.more_sessions(session, 2)
    await world.execute("UPDATE organisers.event SET name = '100% Élan_vital: zwembad'")

    for words in ("élan", "ELAN  V", "100%", "zwem", "bad", "vitel", ""):
        first = await find(world, [session.organiser_id], q=words, limit=2)
        second = await find(world, [session.organiser_id], q=words, limit=2, after=first["next"])
        assert [len(first["sessions"]), len(second["sessions"]), second["next"]] == [2, 1, None], words
    for words in ("kleine", "200", "%", "é%n", "zwem kleine"):
        assert ids(await find(world, [session.organiser_id], q=words)) == []


async def test_what_runs_is_found_on_every_day_of_it(world: World) -> None:
    fair, night = await world.session(starts_in=-timedelta(days=2)), await world.session()
    await world.execute(
        "UPDATE reservations.session SET ends_at = starts_at + interval '22 days' WHERE id = $1", fair.id
    )
    await world.execute(
        "UPDATE reservations.session SET starts_at = '2026-03-06T23:30+01', ends_at = '2026-03-07T04:00+01'"
        " WHERE id = $1",
        night.id,
    )
    organisers = [fair.organiser_id, night.organiser_id]

    for words in ("", "prins"):
        assert ids(await find(world, organisers, q=words)) == [str(fair.id), str(night.id)]
        for day, after in (("2026-03-06", "2026-03-07"), ("2026-03-07", "2026-03-08")):
            found = await find(world, organisers, q=words, **{"from": day, "to": after})
            assert ids(found) == [str(fair.id), str(night.id)]
        assert ids(await find(world, organisers, q=words, **{"from": "2026-03-08"})) == [str(fair.id)]
        assert ids(await find(world, organisers, q=words, **{"from": "2026-03-23"})) == []


async def test_what_is_not_shown_yet_or_any_more_is_not_for_sale(world: World) -> None:
    session = await world.session()
    set_shown = "UPDATE organisers.event SET visible_from = $1, visible_to = $2"

    for begin, end, is_found in ((None, -1, False), (1, None, False), (-1, 1, True)):
        days = [each and world.clock.now() + timedelta(days=each) for each in (begin, end)]
        await world.execute(set_shown, *days)
        for words in ("", "prins"):
            assert bool(ids(await find(world, [session.organiser_id], q=words))) is is_found


async def test_a_client_finds_its_own_organisers_and_no_drafts(world: World) -> None:
    mine, also_mine, other = await world.session(), await world.session(), await world.session()
    organisers = [mine.organiser_id, also_mine.organiser_id]

    assert set(ids(await find(world, organisers))) == {str(mine.id), str(also_mine.id)}
    assert ids(await find(world, organisers, organiser_id=mine.organiser_id)) == [str(mine.id)]
    await world.execute("UPDATE organisers.event SET published = false WHERE id = $1", mine.event_id)
    assert ids(await find(world, organisers)) == [str(also_mine.id)]
    assert other.organiser_id not in organisers


async def test_another_organiser_is_refused(world: World) -> None:
    mine, other = await world.organiser(), await world.organiser()

    answer = await world.client.get(
        f"/api/v1/sessions?organiser_id={other}", headers=await world.api_client(mine)
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "ground.not_allowed")


WRONG_MOMENTS = ("from=gisteren", "to=0000-01-01T00:00:00Z", "from=2026-13-01", "from=")
WRONG_LIMITS = ("limit=0", "limit=201", "limit=-5", "limit=x")
WRONG_WORDS = ("q=%00", "q=" + "a" * 101, "organiser_id=1", "organiser_id=' OR 1=1")
WRONG_CURSORS = ("after=x", "after=99999999999999999999-00000000000000000000000000000000")


@pytest.mark.parametrize("query", [*WRONG_MOMENTS, *WRONG_LIMITS, *WRONG_WORDS, *WRONG_CURSORS])
async def test_a_wrong_question_is_a_clear_no(world: World, query: str) -> None:
    headers = await world.api_client(await world.organiser())

    answer = await world.client.get(f"/api/v1/sessions?{query}", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "ground.not_understood")


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01"])
async def test_the_ends_of_the_calendar_are_fine(world: World, edge: str) -> None:
    assert await find(world, [await world.organiser()], **{"from": edge, "to": edge}) == {
        "sessions": [],
        "next": None,
    }


async def test_without_a_token_nothing_is_told(world: World) -> None:
    answer = await world.client.get("/api/v1/sessions")

    assert (answer.status_code, answer.json()["code"]) == (401, "identity.token_needed")


MANY = """
INSERT INTO reservations.session (region_id, id, event_id, organiser_id, domain, attendance, starts_at,
    ends_at, sale_closes_at, cancel_until, pool_ids, changed_at)
SELECT region_id, gen_random_uuid(), event_id, organiser_id, domain, attendance,
    starts_at + n * interval '1 minute', ends_at + n * interval '1 minute',
    sale_closes_at, cancel_until, pool_ids, changed_at
FROM reservations.session, generate_series(1, 20000) AS n WHERE organiser_id = $1
"""


@pytest.mark.own_database
@pytest.mark.parametrize("plan", ["force_generic_plan", "force_custom_plan"])
async def test_a_page_reads_few_rows_for_a_large_organiser_and_for_three_small_ones(
    world: World, plan: str
) -> None:
    large, *small = [await world.session() for _ in range(4)]
    await world.execute(MANY, large.organiser_id)
    await world.execute("ANALYZE")

    for organisers in ([large.organiser_id], [each.organiser_id for each in small]):
        for words in ("", "prins"):
            wanted = ListingQuery(1, tuple(organisers), world.clock.now(), world.clock.now(), words=words)
            async with counting_rows(world, plan) as (tx, read):
                page = await sessions(tx, wanted)
            assert 0 < len(page.sessions) <= read["reservations.session"] < MOST_READ, (
                organisers,
                words,
                large,
                read,
            )


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12T20:00:00+01:00",
        "2026-03-12T20:00:00 01:00",
        "2026-03-12T20:00:00",
        "2026-03-12 20:00",
        "2026-03-12T19:00:00Z",
    ],
)
def test_a_moment_is_read_as_it_arrives_in_an_address(text: str) -> None:
    assert read_moment("from", text) == datetime(2026, 3, 12, 19, tzinfo=UTC)
