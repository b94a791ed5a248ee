"""Records that once went wrong, each for its kind: imported, read back over the API and on pages."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.errors import NotOnSale
from reservations.importing.importer import Report
from tests.builders import World
from tests.reservations.importing.events import Import, session_of
from uit.core.clock import BRUSSELS, start_of_day

CASES: Final[dict[str, dict[str, Any]]] = {
    each["case"]: each["record"]
    for each in json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
}
TODAY: Final = date(2026, 11, 29)
# Opening hours become dates sixty days ahead, so that night is looked at from close by.
SEEN_FROM: Final = {"the night without two o'clock": date(2027, 3, 20)}
HIDDEN: Final = {"embargo", "no longer available"}

ONE_EVENING: Final = [("2027-02-10 20:00", "2027-02-10 22:00", "scheduled", 20, 20)]
TWO_EVENINGS: Final = [*ONE_EVENING, ("2027-02-14 20:00", "2027-02-14 22:00", "scheduled", 20, 20)]
# When each takes place on the clock in Brussels, its status, how many places are left, and of how many.
DATES: Final = dict.fromkeys(CASES, ONE_EVENING) | {
    "periodic without hours": [("2027-02-01 00:00", "2027-03-31 23:59", "sold_elsewhere", 0, 0)],
    "permanent without hours": [("2026-11-29 00:00", "2027-11-29 23:59", "sold_elsewhere", 0, 0)],
    "nothing free at all": [("2027-02-10 20:00", "2027-02-10 22:00", "scheduled", 0, 0)],
    "one date ends before it starts": TWO_EVENINGS,
    "dates as an object with a gap": TWO_EVENINGS,
    "no zone": [("2026-12-12 20:00", "2026-12-12 22:00", "scheduled", 20, 20)],
    "remaining wins": [("2027-02-10 20:00", "2027-02-10 22:00", "scheduled", 12, 20)],
    "the night without two o'clock": [("2027-04-04 02:00", "2027-04-04 02:30", "sold_elsewhere", 0, 0)],
    "all day": [("2027-02-13 00:00", "2027-02-13 23:59", "scheduled", 20, 20)],
    "a span": [("2026-11-26 18:00", "2026-12-18 21:00", "scheduled", 20, 20)],
    "past midnight": [("2027-02-12 23:30", "2027-02-13 04:00", "scheduled", 20, 20)],
}
NOTHING: Final[list[str]] = []
# What the report says was left out; the rest comes in whole.
LEFT_OUT: Final = dict.fromkeys(CASES, NOTHING) | {
    "periodic without hours": ["has no opening hours: its organiser has to be asked"],
    "permanent without hours": ["has no opening hours: its organiser has to be asked"],
    "old contact form": ["contactPoint is not an object", "bookingInfo is not an object"],
    "empty term": ["terms[1].id is missing"],
    "age range with a slash": ["typicalAgeRange is not a range of ages such as 6-12"],
    "one date ends before it starts": ["subEvent[1].endDate is before the start"],
    "one moment twice": ["subEvent[1] is a date that was there before, with other places or another status"],
    "window that ends before it begins": [
        "bookingInfo.availabilityEnds is before availabilityStarts: places are sold without either"
    ],
    "the night without two o'clock": [
        "openingHours does not take place on 2027-03-28: summer time begins in that hour"
    ],
}
# All that an import writes.
WRITTEN: Final = (
    "organisers.organiser", "organisers.venue", "organisers.event", "reservations.session",
    "reservations.pool", "reservations.tariff", "reservations.source_figure", "reservations.task",
    "uit.foreign_id",
)  # fmt: skip


async def come_in(world: World, take_in: Import, case: str) -> Report:
    """Import the record of a case in the morning of the day that it is seen from."""
    world.clock.set(start_of_day(SEEN_FROM.get(case, TODAY)) + timedelta(hours=10))
    return await take_in(CASES[case])


async def listed(world: World, first: str = "2026-11-01", before: str = "2028-01-01") -> list[dict[str, Any]]:
    """What a client of the only organiser may read."""
    organiser_id = await world.value("SELECT id FROM organisers.organiser")
    asked = urlencode({"from": first, "to": before})
    answer = await world.client.get(f"/api/v1/sessions?{asked}", headers=await world.api_client(organiser_id))
    assert answer.status_code == 200, answer.text
    sessions: list[dict[str, Any]] = answer.json()["sessions"]
    return sessions


def on_the_clock(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(BRUSSELS):%Y-%m-%d %H:%M}"


async def look(world: World, address: str) -> str:
    """A page as text, with the spaces that a reader sees."""
    answer = await world.client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


async def event_page(world: World) -> str:
    return await look(world, f"/dender/evenementen/{await world.value('SELECT id FROM organisers.event')}")


async def written(world: World) -> dict[str, Any]:
    return {
        table: await world.value(f"SELECT json_agg(x ORDER BY x::text)::text FROM {table} AS x")
        for table in WRITTEN
    }


@pytest.mark.parametrize("case", sorted(CASES.keys() - HIDDEN))
async def test_every_case_comes_in_and_is_read_back_over_the_api(
    town: World, take_in: Import, case: str
) -> None:
    report = await come_in(town, take_in, case)

    assert report.refused == []
    assert report.dropped == [f"events.ndjson, line 1: {why}" for why in LEFT_OUT[case]]
    found = [
        (on_the_clock(each["starts_at"]), on_the_clock(each["ends_at"]),
         each["status"], each["places_left"], each["capacity"])
        for each in await listed(town)
    ]  # fmt: skip
    assert found == DATES[case]


@pytest.mark.parametrize("case", CASES)
async def test_every_case_imported_twice_changes_nothing(town: World, take_in: Import, case: str) -> None:
    first = await come_in(town, take_in, case)
    before = await written(town)
    town.clock.move(timedelta(hours=3))

    again = await take_in(CASES[case])

    assert (again.done.added, again.done.changed, again.done.unchanged) == (0, 0, 1)
    assert again.done.sessions == 0
    assert again.dropped == first.dropped
    assert await written(town) == before


@pytest.mark.parametrize("case", sorted(CASES.keys() - HIDDEN))
async def test_every_case_has_its_page_and_stands_in_the_agenda(
    town: World, take_in: Import, case: str
) -> None:
    await come_in(town, take_in, case)
    name = CASES[case]["name"]["nl"]

    assert name in await event_page(town)
    day = DATES[case][0][0][:10]
    assert name in await look(town, f"/dender/agenda?van={day}&tot={day}")


@pytest.mark.parametrize("case", sorted(HIDDEN))
async def test_what_is_not_visible_is_on_no_page_in_no_search_and_not_in_the_api(
    town: World, take_in: Import, case: str
) -> None:
    await come_in(town, take_in, case)
    session, name = await session_of(town), CASES[case]["name"]["nl"]

    assert await listed(town) == []
    for address in (f"evenementen/{session.event_id}", f"sessies/{session.id}/boeken/{uuid4()}"):
        assert (await town.client.get(f"/dender/{address}")).status_code == 404
    for asked in ("van=2027-02-10&tot=2027-02-10", f"waar={name}"):
        assert f">{name}<" not in await look(town, f"/dender/agenda?{asked}")


async def test_after_its_embargo_an_event_is_there_by_itself(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "embargo")

    town.clock.set(datetime(2027, 2, 1, 10, tzinfo=BRUSSELS))

    assert len(await listed(town)) == 1
    assert "Proef embargo" in await event_page(town)
    assert "Proef embargo" in await look(town, "/dender/agenda?van=2027-02-10&tot=2027-02-10")


@pytest.mark.parametrize(
    ("case", "found", "not_found"),
    [
        ("periodic without hours", ["2027-02-01", "2027-02-15", "2027-03-31"], ["2027-01-31", "2027-04-01"]),
        ("permanent without hours", ["2026-11-29", "2027-06-15", "2027-11-29"], ["2027-11-30"]),
        ("a span", ["2026-11-29", "2026-12-05", "2026-12-18"], ["2026-12-19"]),
        ("past midnight", ["2027-02-12", "2027-02-13"], ["2027-02-11", "2027-02-14"]),
        ("all day", ["2027-02-13"], ["2027-02-12", "2027-02-14"]),
    ],
)
async def test_what_runs_is_found_on_every_day_of_its_time(
    town: World, take_in: Import, case: str, found: list[str], not_found: list[str]
) -> None:
    await come_in(town, take_in, case)
    name = CASES[case]["name"]["nl"]

    for day in found + not_found:
        in_agenda = name in await look(town, f"/dender/agenda?van={day}&tot={day}")
        in_api = await listed(town, day, f"{date.fromisoformat(day) + timedelta(days=1)}")
        assert (day, in_agenda, len(in_api)) == (day, day in found, day in found)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("periodic without hours", "1 feb 2027 tot en met 31 mrt 2027"),
        ("permanent without hours", "doorlopend"),
        ("all day", "za 13 feb 2027"),
        ("a span", "do 26 nov, 18 u tot vr 18 dec, 21 u"),
        ("past midnight", "vr 12 feb 2027, 23.30 u tot 4 u"),
        ("birth years", "geboren in 2018"),
        ("age in a tariff name", "tot en met 17 jaar"),
    ],
)
async def test_its_page_says_when_it_is_and_for_whom(
    town: World, take_in: Import, case: str, said: str
) -> None:
    await come_in(town, take_in, case)

    page = await event_page(town)

    assert said in page
    assert ", 0 u" not in page


async def test_a_family_takes_four_places_and_the_young_are_seventeen_at_most(
    town: World, take_in: Import
) -> None:
    read = "SELECT weight, age_from, age_to FROM reservations.tariff WHERE name = $1"
    await come_in(town, take_in, "family tariff")
    await come_in(town, take_in, "age in a tariff name")

    [family] = await town.rows(read, "Gezin (2 volwassenen + 2 kinderen)")
    [young] = await town.rows(read, "Jongeren (<18j)")
    assert (tuple(family), tuple(young)) == ((4, None, None), (1, None, 17))


async def test_for_birth_dates_every_tariff_asks_them(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "birth years")

    born = await town.rows("SELECT DISTINCT born_from, born_to FROM reservations.tariff WHERE active")
    assert [tuple(each) for each in born] == [(date(2018, 1, 1), date(2018, 12, 31))]


@pytest.mark.parametrize("case", ["periodic without hours", "permanent without hours"])
async def test_of_what_has_no_hours_its_organiser_is_asked(town: World, take_in: Import, case: str) -> None:
    await come_in(town, take_in, case)

    page = await event_page(town)

    assert "Er zijn geen dagen meer" not in page
    assert "Vraag de organisator" in page


async def test_what_is_always_open_stays_one_date_whose_end_moves_along(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "permanent without hours")
    session = await session_of(town)
    town.clock.move(timedelta(days=30))

    report = await take_in(CASES["permanent without hours"])

    assert (report.done.changed, report.done.moved, report.done.withdrawn) == (1, 0, 0)
    assert report.done.notes == []
    assert await session_of(town) == session
    [(starts_at, ends_at)] = await town.rows("SELECT starts_at, ends_at FROM reservations.session")
    assert starts_at == start_of_day(TODAY)
    assert ends_at == start_of_day(TODAY + timedelta(days=396)) - timedelta(seconds=1)


async def test_a_period_that_begins_on_another_day_stays_the_same_date(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "periodic without hours")
    session = await session_of(town)

    later = CASES["periodic without hours"] | {"startDate": "2027-02-08T00:00:00+01:00"}
    report = await take_in(later)

    assert (report.done.moved, report.done.withdrawn) == (0, 0)
    assert await session_of(town) == session
    assert await town.value("SELECT starts_at FROM reservations.session") == start_of_day(date(2027, 2, 8))
    assert await town.value("SELECT moved_at FROM reservations.session") is None


async def test_a_period_that_begins_on_another_day_keeps_the_limits_of_its_organiser(
    town: World, take_in: Import
) -> None:
    await come_in(town, take_in, "periodic without hours")

    limits = {"bookingInfo": {"availabilityEnds": "2027-02-20T12:00:00+01:00"}}
    await take_in(CASES["periodic without hours"] | {"startDate": "2027-02-08T00:00:00+01:00"} | limits)

    [row] = await town.rows("SELECT sale_closes_at, cancel_until, due_at FROM reservations.session")
    assert [on_the_clock(each.isoformat()) for each in row] == [
        "2027-02-20 12:00", "2027-02-07 00:00", "2027-02-07 00:00",
    ]  # fmt: skip


async def test_a_period_makes_way_for_its_hours_and_comes_back_without_them(
    town: World, take_in: Import
) -> None:
    record = CASES["permanent without hours"]
    await come_in(town, take_in, "permanent without hours")
    hours = [{"dayOfWeek": ["sunday"], "opens": "10:00", "closes": "12:00"}]

    with_hours = await take_in(record | {"openingHours": hours})
    assert (with_hours.done.moved, with_hours.done.withdrawn) == (0, 0)
    starts = {on_the_clock(each["starts_at"])[11:] for each in await coming(town)}
    assert starts == {"10:00"}

    without = await take_in(record)
    assert without.done.moved == 0
    assert [each["status"] for each in await coming(town) if each["status"] != "cancelled"] == [
        "sold_elsewhere"
    ]


async def test_under_embargo_nothing_is_sold_until_that_moment(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "embargo")
    session, resident = await session_of(town), await town.resident(credit_cents=2000)
    await town._admit(session.region_id, session.organiser_id)
    opens_at = datetime(2027, 2, 1, 10, tzinfo=BRUSSELS)

    town.clock.set(opens_at - timedelta(seconds=1))
    assert isinstance(await town.book(resident, session, 1), NotOnSale)
    town.clock.set(opens_at)
    assert isinstance(await town.book(resident, session, 1), Booked)


async def test_what_is_no_longer_available_is_not_sold(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "no longer available")
    session, resident = await session_of(town), await town.resident(credit_cents=2000)
    await town._admit(session.region_id, session.organiser_id)

    assert isinstance(await town.book(resident, session, 1), NotOnSale)


async def test_when_an_event_is_visible_is_kept(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "embargo")
    assert await town.value("SELECT visible_from FROM organisers.event") == datetime(
        2027, 2, 1, 10, tzinfo=BRUSSELS
    )

    await take_in(CASES["no longer available"] | {"@id": CASES["embargo"]["@id"]})

    [(visible_from, visible_to)] = await town.rows("SELECT visible_from, visible_to FROM organisers.event")
    assert visible_from is None
    assert visible_to == datetime(2020, 1, 1, tzinfo=BRUSSELS)


async def test_the_desk_of_an_organiser_sees_what_is_not_visible_yet_and_says_so(
    town: World, take_in: Import
) -> None:
    await come_in(town, take_in, "embargo")
    session = await session_of(town)
    await town.sign_in_staff("organiser", organiser_id=session.organiser_id)
    desk = f"/dender/organisaties/{session.organiser_id}"

    for address in (desk, f"{desk}/sessies/{session.id}"):
        assert "Nog niet zichtbaar tot ma 1 feb 2027, 10 u" in await look(town, address)
    town.clock.set(datetime(2027, 2, 1, 10, tzinfo=BRUSSELS))
    await town.sign_in_staff("organiser", organiser_id=session.organiser_id)
    assert "zichtbaar" not in await look(town, desk)


async def test_nothing_free_at_all_is_full_and_not_sold_elsewhere(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "nothing free at all")

    page = await event_page(town)

    assert "Alle plaatsen zijn weg" in page
    assert "bij de organisator" not in page


async def test_places_that_were_none_and_are_some_by_now_are_sold(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "nothing free at all")

    await take_in(CASES["children only"] | {"@id": CASES["nothing free at all"]["@id"]})

    assert await town.places_left(await session_of(town)) == 20


async def test_an_event_for_children_only_is_youth_work(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "children only")

    assert await town.value("SELECT domain::text FROM organisers.event") == "youth"
    assert await town.value("SELECT domain::text FROM reservations.session") == "youth"


async def test_the_birth_dates_that_an_event_is_meant_for_are_kept(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "birth years")

    [born] = await town.rows("SELECT born_from, born_to FROM organisers.event")
    assert tuple(born) == (date(2018, 1, 1), date(2018, 12, 31))


async def test_six_plus_is_from_six(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "age range with a plus")

    [ages] = await town.rows("SELECT age_from, age_to FROM organisers.event")
    assert tuple(ages) == (6, None)


async def test_a_sale_that_opens_on_a_day_opens_at_its_start(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "booking window without a time")

    opens_at = await town.value("SELECT sale_opens_at FROM reservations.session")
    assert opens_at == start_of_day(date(2026, 12, 1))


async def test_with_a_window_that_ends_before_it_begins_places_are_sold(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "window that ends before it begins")
    session, resident = await session_of(town), await town.resident(credit_cents=2000)
    await town._admit(session.region_id, session.organiser_id)

    assert isinstance(await town.book(resident, session, 1), Booked)


async def test_a_name_with_an_entity_is_escaped_once_on_its_page(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "an entity in the name")

    assert await town.value("SELECT name FROM organisers.event") == "Rock & Roll"
    page = await event_page(town)
    assert "Rock &amp; Roll" in page
    assert "&amp;amp;" not in page


@pytest.mark.parametrize(
    ("case", "last_moment"),
    [
        ("all day", datetime(2027, 2, 13, 23, 59, 58, tzinfo=BRUSSELS)),
        ("a span", datetime(2026, 12, 18, 20, 59, 59, tzinfo=BRUSSELS)),
    ],
)
async def test_what_can_be_joined_while_it_runs_is_sold_until_it_ends(
    town: World, take_in: Import, case: str, last_moment: datetime
) -> None:
    await come_in(town, take_in, case)
    session = await session_of(town)
    await town._admit(session.region_id, session.organiser_id)
    town.clock.set(last_moment)
    early, late = await town.resident(credit_cents=2000), await town.resident(credit_cents=2000)

    assert isinstance(await town.book(early, session, 1), Booked)
    town.clock.move(timedelta(seconds=1))
    assert isinstance(await town.book(late, session, 1), NotOnSale)


async def test_what_begins_at_night_is_sold_until_it_begins(town: World, take_in: Import) -> None:
    await come_in(town, take_in, "past midnight")
    session, resident = await session_of(town), await town.resident(credit_cents=2000)
    await town._admit(session.region_id, session.organiser_id)

    town.clock.set(datetime(2027, 2, 12, 23, 30, tzinfo=BRUSSELS))

    assert isinstance(await town.book(resident, session, 1), NotOnSale)


async def coming(world: World) -> list[dict[str, Any]]:
    now = world.clock.now()
    return [each for each in await listed(world) if datetime.fromisoformat(each["ends_at"]) > now]
