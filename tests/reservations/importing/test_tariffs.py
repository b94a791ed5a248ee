"""For whom and for how many a tariff is, from its name to what a booking takes."""

from datetime import date, timedelta
from typing import Any

import pytest
from asyncpg import CheckViolationError

from reservations.booking.answers import Booked
from reservations.errors import NotForYou, TariffUnknown, TooFewPlaces
from tests.builders import World
from tests.reservations.importing.events import Import, concerts, session_for_credit, session_of

RULES = """
    SELECT code, weight, least, age_from, age_to, active, waits FROM reservations.tariff
    WHERE code NOT IN ('base', 'kansentarief')
"""


def concert(
    *tariffs: str, capacity: int = 20, base: str = "Basistarief", **changes: object
) -> dict[str, Any]:
    """An evening at 10 euro with these tariffs beside, at 5 euro."""
    named = [("base", base, 10), *(("tariff", name, 5) for name in tariffs)]
    prices = [
        {"category": kind, "name": {"nl": name}, "price": price, "priceCurrency": "EUR"}
        for kind, name, price in named
    ]
    return concerts("2026-03-13 20:00", capacity=capacity, priceInfo=prices, **changes)


async def test_one_family_takes_four_places(town: World, take_in: Import) -> None:
    await take_in(concert("Gezin (2 volwassenen + 2 kinderen)"))
    session, anna = await session_for_credit(town), await town.resident(credit_cents=2000)

    booked = await town.book(anna, session, tariff="gezin-2-volwassenen-plus-2-kinderen")

    assert isinstance(booked, Booked)
    assert (booked.booking.price_cents, await town.places_left(session)) == (500, 16)


async def test_a_group_is_sold_from_ten_on(town: World, take_in: Import) -> None:
    await take_in(concert("Groep vanaf 10 personen"))
    session, anna = await session_for_credit(town), await town.resident(credit_cents=2000)

    answer = await town.book(anna, session, places=9, tariff="groep-vanaf-10-personen")

    assert answer == TooFewPlaces(session.id, "groep-vanaf-10-personen", 9, 10)


@pytest.mark.parametrize(("born_on", "kind"), [(date(2008, 3, 14), Booked), (date(2008, 3, 13), NotForYou)])
async def test_under_eighteen_is_until_the_eighteenth_birthday(
    town: World, take_in: Import, born_on: date, kind: type
) -> None:
    await take_in(concert("Jongeren (<18j)"))
    session, youth = await session_for_credit(town), await town.resident(credit_cents=2000, born_on=born_on)

    assert type(await town.book(youth, session, tariff="jongeren-onder-18j")) is kind


@pytest.mark.parametrize(
    ("born_on", "kind"),
    [
        (date(2017, 12, 31), NotForYou),
        (date(2018, 1, 1), Booked),
        (date(2018, 12, 31), Booked),
        (date(2019, 1, 1), NotForYou),
    ],
)
async def test_an_event_for_a_year_of_birth_is_only_for_who_was_born_in_it(
    town: World, take_in: Import, born_on: date, kind: type
) -> None:
    await take_in(concert(birthdateRange={"from": "2018-01-01", "to": "2018-12-31"}))
    session, child = await session_for_credit(town), await town.resident(credit_cents=2000, born_on=born_on)

    assert type(await town.book(child, session)) is kind


async def test_a_family_of_nobody_knows_how_many_waits_and_is_not_sold(town: World, take_in: Import) -> None:
    await take_in(concert("Gezin"))
    session, anna = await session_for_credit(town), await town.resident(credit_cents=2000)

    assert await town.book(anna, session, tariff="gezin") == TariffUnknown(session.id, "gezin")
    assert [tuple(row) for row in await town.rows(RULES)] == [("gezin", 1, 1, None, None, False, True)]


async def test_what_waits_waits_no_more_once_it_is_no_price_any_more(town: World, take_in: Import) -> None:
    await take_in(concert("Gezin"))

    await take_in(concert("Jongeren (<18j)"))

    assert [tuple(row) for row in await town.rows(f"{RULES} ORDER BY code")] == [
        ("gezin", 1, 1, None, None, False, False),
        ("jongeren-onder-18j", 1, 1, None, 17, True, False),
    ]


async def test_what_waits_is_not_sold_by_an_application_of_before_that_imports_it(
    town: World, take_in: Import
) -> None:
    """While a deployment runs: it knows of nothing that waits, and puts each price on sale."""
    await take_in(concert("Gezin"))

    await town.execute("UPDATE reservations.tariff SET price_cents = 600, active = true")

    assert [tuple(row) for row in await town.rows(RULES)] == [("gezin", 1, 1, None, None, False, True)]


@pytest.mark.parametrize(
    "band", ["age_from = 12, age_to = 6", "born_from = '2018-01-01', born_to = '2017-12-31'"]
)
async def test_no_tariff_is_for_ages_or_births_that_end_before_they_begin(
    town: World, take_in: Import, band: str
) -> None:
    await take_in(concert())

    with pytest.raises(CheckViolationError):
        await town.execute(f"UPDATE reservations.tariff SET {band}")


async def test_what_the_organiser_said_of_a_tariff_stays_when_it_is_imported_again(
    town: World, take_in: Import
) -> None:
    await take_in(concert("Gezin", "Groepstarief"))
    event_id = (await session_of(town)).event_id
    await town.execute(
        "INSERT INTO reservations.tariff_rule VALUES"
        " (1, $1, 'gezin', true, 5, 1, NULL, NULL, $2, $1),"
        " (1, $1, 'groepstarief', false, NULL, NULL, NULL, NULL, $2, $1)",
        event_id, town.clock.now(),
    )  # fmt: skip

    await take_in(concert("Gezin", "Groepstarief", capacity=30))

    assert [tuple(row) for row in await town.rows(f"{RULES} ORDER BY code")] == [
        ("gezin", 5, 1, None, None, True, False),
        ("groepstarief", 1, 1, None, None, False, True),
    ]


async def test_imported_twice_nothing_changes(town: World, take_in: Import) -> None:
    record = concert("Gezin", "Gezin (2 volwassenen + 2 kinderen)", "-26 jaar", "Groep vanaf 10 personen")
    await take_in(record)
    before = [tuple(row) for row in await town.rows(f"{RULES} ORDER BY code")]

    town.clock.move(timedelta(minutes=1))
    report = await take_in(record)

    assert report.done.unchanged == 1
    assert [tuple(row) for row in await town.rows(f"{RULES} ORDER BY code")] == before


@pytest.mark.parametrize("base", ["Gezin (2 volwassenen + 2 kinderen)", "Gezin"])
async def test_a_base_price_for_a_family_has_no_social_tariff_beside(
    town: World, take_in: Import, base: str
) -> None:
    await take_in(concert(base=base))

    assert await town.value("SELECT count(*) FROM reservations.tariff WHERE eligibility = 'social'") == 0
