"""Events that come in: once, again, changed, and wrong; and what happens to the bookings meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from organisers.example import example_events
from reservations.importing.sessions import ImportCounts
from tests.builders import Session, World
from tests.organisers.uitdatabank.feed import record
from tests.reservations.importing.events import (
    DENDER,
    TODAY,
    Import,
    a_concert,
    guest,
    places,
    session_of,
    sketch,
)


async def everything(world: World) -> list[Any]:
    tables = [
        "organisers.organiser",
        "organisers.venue",
        "organisers.event",
        "uit.directory",
        "uit.foreign_id",
    ]
    tables += ["reservations.session", "reservations.pool", "reservations.tariff"]
    return [
        await world.rows(f"SELECT t.*, t.xmin::text FROM {table} AS t ORDER BY t::text") for table in tables
    ]


async def test_all_events_of_the_example_come_in(town: World, take_in: Import) -> None:
    report = await take_in(*example_events("dender", TODAY))

    assert (report.done.added, report.refused, report.left_out, report.done.notes) == (25, [], [], [])
    assert await town.value("SELECT count(*) FROM reservations.session") == report.done.sessions > 150
    assert await town.value("SELECT count(DISTINCT refnis) FROM organisers.venue") == len(DENDER)


async def test_importing_twice_changes_nothing(town: World, take_in: Import) -> None:
    await take_in(*example_events("dender", TODAY))
    before = await everything(town)

    again = await take_in(*example_events("dender", TODAY))

    assert again.done == ImportCounts(unchanged=25)
    assert await everything(town) == before


async def test_what_came_in_can_be_booked_with_credit(town: World, take_in: Import) -> None:
    await take_in(a_concert())

    anna = await guest(town, await session_of(town), 2)

    assert await town.available_cents(anna) == 4800
    assert await town.places_left(await session_of(town)) == 48


async def test_a_changed_event_keeps_its_bookings_and_what_they_cost(town: World, take_in: Import) -> None:
    await take_in(a_concert())
    session = await session_of(town)
    await guest(town, session, 2)
    dearer = a_concert(**places(80)) | {
        "name": {"nl": "Twee euro voor een lied"},
        "priceInfo": [{"category": "base", "name": {"nl": "Basistarief"}, "price": 2}],
    }

    report = await take_in(dearer)

    assert (report.done.added, report.done.changed, report.done.sessions) == (0, 1, 1)
    assert await session_of(town) == session
    assert await town.value("SELECT price_cents FROM reservations.line") == 200
    assert await town.value("SELECT price_cents FROM reservations.tariff WHERE code = 'base'") == 200
    assert await town.places_left(session) == 78


async def test_a_capacity_below_what_is_taken_sells_no_more_and_is_noted(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert())
    session = await session_of(town)
    await guest(town, session, 5)

    report = await take_in(a_concert(**places(3)))

    assert [note.endswith("capacity is now 3, but 5 places are taken.") for note in report.done.notes] == [
        True
    ]
    assert await town.places_left(session) == 0
    assert await town.value("SELECT taken FROM reservations.pool") == 5


async def test_a_capacity_that_was_lowered_by_hand_stays(town: World, take_in: Import) -> None:
    await take_in(a_concert())
    await town.execute("UPDATE reservations.pool SET capacity = 20")

    await take_in(a_concert(**places(60)))

    assert await town.places_left(await session_of(town)) == 20


@pytest.mark.parametrize(
    ("said", "left"), [(places(50, left=12), 12), (places(50, kind="Unavailable"), 0), (places(50), 50)]
)
async def test_places_that_went_elsewhere_are_not_sold_again(
    town: World, take_in: Import, said: dict[str, Any], left: int
) -> None:
    await take_in(a_concert(**said))

    assert await town.places_left(await session_of(town)) == left


async def test_without_a_capacity_or_a_price_the_organiser_sells_it(town: World, take_in: Import) -> None:
    nameless = sketch("De grote dorpsquiz", priceInfo=[])
    unlimited = a_concert(bookingAvailability={"type": "Available"})

    await take_in(nameless, unlimited)

    statuses = await town.rows("SELECT DISTINCT status::text FROM reservations.session")
    assert [row["status"] for row in statuses] == ["sold_elsewhere"]


async def test_what_is_only_said_to_be_sold_out_is_full_until_it_is_not(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20)))
    session = await session_of(town)
    await guest(town, session, 5)

    lefts = []
    for said in (places(None, kind="Unavailable"), places(None)):
        await take_in(a_concert(**said))
        lefts.append(await town.places_left(session))

    assert lefts == [0, 15]


async def test_what_was_never_said_to_have_places_and_is_sold_out_is_full(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert(**places(None, kind="Unavailable")))
    [status] = await town.rows("SELECT status::text FROM reservations.session")
    assert status["status"] == "scheduled"

    await take_in(a_concert(**places(None)))

    [status] = await town.rows("SELECT status::text FROM reservations.session")
    assert status["status"] == "sold_elsewhere"


async def test_a_date_that_is_called_off_says_why_and_reports_who_booked(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert())
    await guest(town, await session_of(town), 2)

    report = await take_in(a_concert(status={"type": "Unavailable", "reason": {"nl": "De zanger is ziek."}}))

    [row] = await town.rows("SELECT status::text, status_reason FROM reservations.session")
    assert tuple(row) == ("cancelled", "De zanger is ziek.")
    assert [note.endswith("cancelled, with 2 places taken.") for note in report.done.notes] == [True]
    assert await town.value("SELECT count(*) FROM reservations.ticket WHERE status = 'confirmed'") == 2


async def test_a_date_that_vanished_goes_unless_somebody_booked_it(town: World, take_in: Import) -> None:
    workshop = sketch("Graffiti op groot formaat")
    await take_in(workshop)
    rows = await town.rows("SELECT * FROM reservations.session ORDER BY starts_at")
    booked, empty, stays = (
        Session(row["region_id"], row["id"], row["organiser_id"], row["event_id"], row["id"]) for row in rows
    )
    await guest(town, booked, 1)

    report = await take_in(workshop | {"subEvent": workshop["subEvent"][2:]})

    status = {
        row["id"]: row["status"]
        for row in await town.rows("SELECT id, status::text FROM reservations.session")
    }
    assert status == {booked.id: "suspended", empty.id: "cancelled", stays.id: "scheduled"}
    assert report.done.withdrawn == 1
    assert [note.endswith("1 places taken; its organiser decides.") for note in report.done.notes] == [True]


async def test_what_is_over_stays_as_it_was(town: World, take_in: Import) -> None:
    workshop = sketch("Graffiti op groot formaat")
    await take_in(workshop)
    town.clock.move(timedelta(weeks=1))

    report = await take_in(workshop | {"subEvent": workshop["subEvent"][1:]})

    assert (report.done.sessions, report.done.withdrawn) == (2, 0)
    statuses = await town.rows("SELECT DISTINCT status::text FROM reservations.session")
    assert [row["status"] for row in statuses] == ["scheduled"]


async def test_a_tariff_that_vanished_is_not_sold_any_more(town: World, take_in: Import) -> None:
    concert = sketch("Blaasmuziek op de kaai")
    await take_in(concert)
    concert["priceInfo"] = [price for price in concert["priceInfo"] if price["name"] != {"nl": "65+"}]

    await take_in(concert)

    rows = await town.rows("SELECT code, active FROM reservations.tariff ORDER BY rank, code")
    assert {row["code"]: row["active"] for row in rows} == {
        "base": True, "min-26-jaar": True, "65-plus": False, "kansentarief": True,
    }  # fmt: skip


async def test_the_social_tariff_is_the_share_that_the_region_leaves_to_the_holder(
    town: World, take_in: Import
) -> None:
    await town.execute(
        "INSERT INTO credits.share_version VALUES (1, 1, 2500, 2500, 2500, 2500, '2026-01-01')"
    )

    await take_in(sketch("Het gewicht van water"))

    rows = await town.rows(
        "SELECT DISTINCT price_cents, eligibility::text FROM reservations.tariff WHERE code = 'kansentarief'"
    )
    assert [tuple(row) for row in rows] == [(363, "social")]


async def test_a_draft_is_shown_to_nobody_and_booked_by_nobody(town: World, take_in: Import) -> None:
    await take_in(a_concert() | {"workflowStatus": "DRAFT"})

    assert await town.value("SELECT published FROM organisers.event") is False
    assert await town.value("SELECT status::text FROM reservations.session") == "sold_elsewhere"


async def test_a_wrong_record_is_reported_where_it_stands_and_the_rest_goes_in(take_in: Import) -> None:
    report = await take_in(a_concert(), '{"@id": 7', a_concert(startDate="ooit"), sketch("Soep en film"))

    assert report.done.added == 2
    assert report.exit_code == 1
    assert [line.partition(":")[0] for line in report.refused] == [
        "events.ndjson, line 2",
        "events.ndjson, line 3",
    ]
    assert "subEvent[0].startDate" in report.refused[1]


@pytest.mark.own_database
async def test_what_the_database_refuses_does_not_keep_the_rest_out(town: World, take_in: Import) -> None:
    await town.execute("ALTER TABLE organisers.event ADD CHECK (name <> 'Soep en film')")

    report = await take_in(a_concert(), sketch("Soep en film"), sketch("De grote dorpsquiz"))

    assert report.done.added == 2
    assert [line.startswith("events.ndjson, line 2: does not fit") for line in report.refused] == [True]


@pytest.mark.parametrize("kind", ["organiser", "session"])
async def test_what_the_directory_has_in_another_region_is_reported_and_the_rest_goes_in(
    town: World, take_in: Import, kind: str
) -> None:
    await take_in(a_concert())
    await town.execute("UPDATE uit.directory SET region_id = 2 WHERE kind::text = $1", kind)
    key = await town.value("SELECT key FROM uit.directory WHERE region_id = 2")
    before = await everything(town)

    alone = await take_in(a_concert(**places(80)))
    assert await everything(town) == before
    among = await take_in(sketch("Soep en film"), a_concert(**places(80)))

    why = f"does not fit: the {kind} {key} lives in another region already (2)"
    assert alone.refused == [f"events.ndjson, line 1: {why}"]
    assert among.refused == [f"events.ndjson, line 2: {why}"]
    assert (among.done.added, among.exit_code) == (1, 1)


async def test_an_event_elsewhere_is_left_out_unless_a_region_is_chosen(town: World, take_in: Import) -> None:
    ghent = sketch("De grote dorpsquiz")
    ghent["location"]["address"]["nl"] |= {"postalCode": "9000", "addressLocality": "Gent"}

    left_out = await take_in(ghent)
    chosen = await take_in(ghent, region="kust")

    assert (left_out.done.added, left_out.exit_code) == (0, 0)
    assert [line.endswith("lies in no region of ours (Gent)") for line in left_out.left_out] == [True]
    assert chosen.done.added == 1
    assert await town.value("SELECT region_id FROM organisers.event") == 2


async def test_an_event_never_is_in_two_regions(town: World, take_in: Import) -> None:
    await take_in(a_concert())

    report = await take_in(a_concert(), region="kust")

    assert [line.endswith("came in before, in another region") for line in report.left_out] == [True]
    assert await town.value("SELECT count(*) FROM organisers.event") == 1


async def test_what_is_only_online_goes_where_its_organiser_is(town: World, take_in: Import) -> None:
    report = await take_in(sketch("Boekenclub vanuit je zetel"), sketch("Schrijver op bezoek"))

    assert report.done.added == 2
    assert await town.value("SELECT count(*) FROM organisers.organiser") == 1


async def test_without_an_organiser_the_venue_sells(town: World, take_in: Import) -> None:
    concert = a_concert()
    del concert["organizer"]

    await take_in(concert)

    assert await town.value("SELECT name FROM organisers.organiser") == "De Hopzolder"


@pytest.mark.parametrize(
    "name", ["single", "multiple", "older", "online", "periodic", "permanent", "tariffs"]
)
async def test_records_as_publiq_writes_them_come_in(town: World, take_in: Import, name: str) -> None:
    report = await take_in(record(name), region="dender")

    assert (report.done.added, report.refused, report.left_out) == (1, [], [])
    assert (await take_in(record(name), region="dender")).done == ImportCounts(unchanged=1)
