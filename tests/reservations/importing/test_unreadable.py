"""What becomes of dates, prices and places that came in before, when their source writes them badly."""

from typing import Any

import pytest

from reservations.booking.answers import Booked
from reservations.errors import NotOnSale
from tests.builders import World
from tests.reservations.dates import call_off, restore, status_of
from tests.reservations.importing.events import (
    Import,
    a_concert,
    concerts,
    guest,
    places,
    session_of,
    sessions_of,
    sketch,
)

FRIDAY, SATURDAY = "2026-03-13 20:00", "2026-03-14 20:00"


def backwards(event: dict[str, Any], number: int) -> dict[str, Any]:
    """The event with one date that ends before it starts."""
    sub = event["subEvent"][number]
    sub["startDate"], sub["endDate"] = sub["endDate"], sub["startDate"]
    return event


@pytest.mark.parametrize("guests", [0, 3])
async def test_a_date_that_cannot_be_read_this_time_did_not_leave_the_calendar(
    town: World, take_in: Import, guests: int
) -> None:
    await take_in(concerts(FRIDAY, SATURDAY))
    friday, saturday = await sessions_of(town)
    if guests:
        await guest(town, saturday, guests)

    report = await take_in(backwards(concerts(FRIDAY, SATURDAY, capacity=30), 1))

    assert (report.done.moved, report.done.withdrawn, report.done.notes) == (0, 0, [])
    assert [await status_of(town, each) for each in (friday, saturday)] == ["scheduled", "scheduled"]
    assert [await town.places_left(each) for each in (friday, saturday)] == [30, 20 - guests]


async def test_a_date_that_left_is_gone_again_as_soon_as_all_can_be_read(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(FRIDAY, SATURDAY))
    _, saturday = await sessions_of(town)
    await take_in(backwards(concerts(FRIDAY, SATURDAY), 1))

    report = await take_in(concerts(FRIDAY))

    assert report.done.withdrawn == 1
    assert await status_of(town, saturday) == "cancelled"


async def test_of_a_date_whose_status_cannot_be_read_the_sale_stops(town: World, take_in: Import) -> None:
    await take_in(a_concert())
    session = await session_of(town)
    await guest(town, session, 2)

    await take_in(a_concert(status={"type": "Misschien"}))

    assert await status_of(town, session) == "sold_elsewhere"
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)
    await take_in(a_concert())
    assert await status_of(town, session) == "scheduled"


async def test_a_status_that_cannot_be_read_brings_back_nothing_that_was_called_off(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert())
    await take_in(a_concert(status={"type": "Unavailable"}))

    await take_in(a_concert(status={"type": "Misschien"}))

    assert await status_of(town, await session_of(town)) == "cancelled"


async def test_with_a_price_that_cannot_be_read_nothing_is_sold_until_it_can(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert())
    session = await session_of(town)
    await guest(town, session, 2)

    report = await take_in(a_concert() | {"priceInfo": [{"category": "base", "price": "een euro"}]})

    assert [line.partition(" ")[2] for line in report.dropped] == [
        "line 1: priceInfo[0].price is not an amount: 'een euro'"
    ]
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)
    assert await town.value("SELECT price_cents FROM reservations.line") == 200
    await take_in(a_concert())
    assert await status_of(town, session) == "scheduled"
    assert await town.value("SELECT active FROM reservations.tariff WHERE code = 'base'")


async def test_places_that_cannot_be_read_stay_what_they_were(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20, left=12)))

    await take_in(a_concert(bookingAvailability={"capacity": "twintig"}))

    assert await town.places_left(await session_of(town)) == 12


async def test_without_a_place_that_can_be_read_it_comes_in_where_its_organiser_is(
    town: World, take_in: Import
) -> None:
    host = a_concert()
    nowhere = sketch("De grote dorpsquiz", organizer=host["organizer"], location={"name": 7})

    report = await take_in(nowhere, host)

    assert report.done.added == 2
    assert await town.value("SELECT count(*) FROM organisers.event WHERE venue_id IS NULL") == 1


async def test_what_does_not_belong_here_is_not_reported_on(town: World, take_in: Import) -> None:
    elsewhere = a_concert() | {"typicalAgeRange": "4/10"}
    elsewhere["location"]["address"]["nl"] |= {"postalCode": "8400", "addressLocality": "Oostende"}

    report = await take_in(elsewhere)

    assert len(report.left_out) == 1
    assert report.dropped == []


# Limits


async def test_an_event_whose_audience_cannot_be_read_is_shown_and_sold_to_nobody(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert() | {"audience": {"audienceType": ["members"]}})
    session = await session_of(town)
    await town._admit(session.region_id, session.organiser_id)

    assert await town.value("SELECT published FROM organisers.event") is False
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)
    await take_in(a_concert())
    assert isinstance(await town.book(await town.resident(500), session), Booked)


@pytest.mark.parametrize(
    "limit",
    [
        {"availableFrom": "na de persconferentie"},
        {"availableTo": "ooit"},
        {"birthdateRange": "2018"},
        {"birthdateRange": {"from": "2018", "to": "2018-12-31"}},
        {"birthdateRange": {"from": "2019-01-01", "to": "2018-12-31"}},
    ],
)
async def test_an_event_with_a_limit_that_cannot_be_read_is_sold_by_its_organiser(
    town: World, take_in: Import, limit: dict[str, Any]
) -> None:
    await take_in(a_concert() | limit)
    session = await session_of(town)
    await town._admit(session.region_id, session.organiser_id)

    assert await status_of(town, session) == "sold_elsewhere"
    assert isinstance(await town.book(await town.resident(500), session), NotOnSale)
    await take_in(a_concert())
    assert isinstance(await town.book(await town.resident(500), session), Booked)


async def test_what_its_desk_restores_of_it_is_not_sold_here_either(town: World, take_in: Import) -> None:
    await take_in(a_concert() | {"availableFrom": "na de persconferentie"})
    session = await session_of(town)
    await call_off(town, session)

    await restore(town, session)

    assert await status_of(town, session) == "sold_elsewhere"


async def test_an_event_keeps_its_organiser_for_as_long_as_another_cannot_be_read(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert())
    session = await session_of(town)

    report = await take_in(a_concert() | {"organizer": {"contactPoint": {"email": ["info@example.be"]}}})

    assert [line.endswith("organizer has neither an id nor a name") for line in report.dropped] == [True]
    assert await session_of(town) == session
    assert await town.value("SELECT organiser_id FROM organisers.event") == session.organiser_id
    assert await town.value("SELECT count(*) FROM organisers.organiser") == 1
    nobody = a_concert()
    del nobody["organizer"]
    await take_in(nobody)
    assert (await session_of(town)).organiser_id != session.organiser_id
