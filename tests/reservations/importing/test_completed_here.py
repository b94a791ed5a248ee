"""Prices, places and dates of an imported activity are completed here, and go before its source."""

from typing import Any
from uuid import UUID

from tests.builders import World
from tests.reservations.activities.making import EVENING, FORTY, TWO_PRICES
from tests.reservations.importing.events import Import, concerts, guest, places, sessions_of, sketch
from tests.reservations.importing.test_here import come_in
from tests.reservations.sessions.test_desk import text_of

EVERYTHING = """
    SELECT s::text, p::text, (SELECT string_agg(t::text, ' ' ORDER BY t.code) FROM reservations.tariff AS t
        WHERE t.session_id = s.id)
    FROM reservations.session AS s JOIN reservations.pool AS p ON p.id = s.id ORDER BY s.starts_at
"""
POOLS = """
    SELECT p.licensed_capacity, p.capacity, p.taken, p.held
    FROM reservations.session AS s JOIN reservations.pool AS p ON p.id = s.id ORDER BY s.starts_at
"""
PRICES = "SELECT code, price_cents FROM reservations.tariff WHERE active ORDER BY session_id, rank"
TWO_DATES = "2026-03-13 20:00", "2026-03-14 20:00"
SAID_PRICES = TWO_PRICES | {"code_0": "base"}


async def two_concerts(town: World, take_in: Import, **changes: Any) -> str:
    """The page of an imported activity of two evenings, with its organiser signed in."""
    await take_in(concerts(*TWO_DATES, **changes))
    [row] = await town.rows("SELECT id, organiser_id FROM organisers.event")
    await town.sign_in_staff("organiser", organiser_id=row["organiser_id"])
    return f"/dender/organisaties/{row['organiser_id']}/activiteiten/{row['id']}"


async def found(town: World, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await town.rows(statement)]


async def test_places_that_are_said_here_are_sold_and_not_those_of_its_source(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=20)

    answer = await town.post_form(f"{this}/plaatsen", **FORTY)
    await take_in(concerts(*TWO_DATES, capacity=30))

    assert answer.headers["location"] == f"{this}?gedaan=bewaard"
    assert await found(town, POOLS) == [(40, 40, 0, 0)] * 2
    page = text_of(await town.client.get(f"{this}/plaatsen"))
    assert "In UiTdatabank staat: 30 plaatsen" in page


async def test_a_date_without_places_at_its_source_is_sold_once_they_are_said_here(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=None)
    before = await found(town, "SELECT DISTINCT status::text FROM reservations.session")

    await town.post_form(f"{this}/plaatsen", **FORTY)

    assert before == [("sold_elsewhere",)]
    assert await found(town, "SELECT DISTINCT status::text FROM reservations.session") == [("scheduled",)]


async def test_prices_that_are_said_here_go_before_its_source_with_a_social_tariff_of_their_own(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in)

    await town.post_form(f"{this}/prijzen", **SAID_PRICES)
    await take_in(concerts(*TWO_DATES, priceInfo=[]))

    one = [("base", 800), ("tot-12-jaar", 450), ("kansentarief", 160)]
    assert await found(town, PRICES) == one * 2


async def test_what_is_sold_keeps_its_price_and_its_place(town: World, take_in: Import) -> None:
    this = await two_concerts(town, take_in)
    [first, _] = await sessions_of(town)
    await guest(town, first, 3)

    await town.post_form(f"{this}/prijzen", **SAID_PRICES)
    await town.post_form(f"{this}/plaatsen", **FORTY | {"places": "2"})

    assert await town.value("SELECT price_cents FROM reservations.line") == 3 * 100
    assert await found(town, POOLS) == [(3, 3, 3, 0), (2, 2, 0, 0)]


async def test_importing_twice_changes_nothing_of_what_is_said_here(town: World, take_in: Import) -> None:
    this = await two_concerts(town, take_in)
    await town.post_form(f"{this}/prijzen", **SAID_PRICES)
    await town.post_form(f"{this}/plaatsen", **FORTY)
    await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    await take_in(concerts(*TWO_DATES, capacity=25))
    before = await found(town, EVERYTHING)

    again = await take_in(concerts(*TWO_DATES, capacity=25))

    assert again.done.unchanged == 1
    assert await found(town, EVERYTHING) == before


async def test_places_and_prices_that_are_let_go_are_those_of_its_source_at_once(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=20)
    before = await found(town, POOLS), await found(town, PRICES)
    await town.post_form(f"{this}/prijzen", **SAID_PRICES)
    await town.post_form(f"{this}/plaatsen", **FORTY)

    for part in ("prijzen", "plaatsen"):
        await town.post_form(f"{this}/{part}/terug")

    assert (await found(town, POOLS), await found(town, PRICES)) == before
    assert await town.value("SELECT count(*) FROM reservations.event_sale") == 0
    assert "Komt uit UiTdatabank. Je kan het hier aanvullen." in text_of(await town.client.get(this))


async def test_places_that_its_source_never_said_are_gone_when_they_are_let_go(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=None)
    await town.post_form(f"{this}/plaatsen", **FORTY)

    await town.post_form(f"{this}/plaatsen/terug")

    assert await found(town, POOLS) == [(0, 0, 0, 0)] * 2
    assert await found(town, "SELECT DISTINCT status::text FROM reservations.session") == [
        ("sold_elsewhere",)
    ]


async def test_a_form_that_is_sent_as_it_was_shown_says_nothing(town: World, take_in: Import) -> None:
    this = await two_concerts(town, take_in, capacity=20)

    await town.post_form(f"{this}/plaatsen", places="20", licensed="20", closes="0", cancel="24")

    assert await town.value("SELECT count(*) FROM reservations.event_sale") == 0


async def test_a_date_that_its_source_has_not_is_sold_as_the_others_and_stays(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=20)

    await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    await take_in(concerts(*TWO_DATES, capacity=25))

    assert await found(town, POOLS) == [(25, 25, 0, 0), (25, 25, 0, 0), (20, 20, 0, 0)]
    assert len(await found(town, PRICES)) == 3 * 2
    assert text_of(await town.client.get(f"{this}/wanneer")).count("Hier toegevoegd") == 1


async def test_a_date_that_was_added_here_is_known_again_when_its_source_names_it(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=20)
    await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    [*_, added] = await sessions_of(town)
    await guest(town, added, 2)

    await take_in(concerts(*TWO_DATES, "2026-03-20 20:00", capacity=20))

    assert [each.id for each in await sessions_of(town)][2:] == [added.id]
    assert (await found(town, POOLS))[2] == (20, 20, 2, 0)


async def test_an_organiser_is_asked_about_a_date_of_its_own_when_its_source_takes_all_back(
    town: World, take_in: Import
) -> None:
    this = await two_concerts(town, take_in, capacity=20)
    await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    [*_, added] = await sessions_of(town)
    await guest(town, added, 2)

    await take_in(concerts(*TWO_DATES, workflowStatus="DELETED"))

    assert await found(town, "SELECT status::text FROM reservations.session ORDER BY starts_at") == [
        ("sold_elsewhere",), ("sold_elsewhere",), ("suspended",),
    ]  # fmt: skip


async def test_a_date_is_added_once_its_places_and_prices_are_known(town: World, take_in: Import) -> None:
    this = await two_concerts(town, take_in, capacity=None)

    refused = await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")
    await town.post_form(f"{this}/plaatsen", **FORTY)
    added = await town.post_form(f"{this}/wanneer/eenmalig", **EVENING, stap="maak")

    assert (refused.status_code, added.status_code) == (409, 303)
    assert "Vul eerst de plaatsen en de prijzen van de activiteit in." in text_of(refused)


async def test_what_came_in_before_its_record_was_kept_waits_for_an_import(
    town: World, take_in: Import
) -> None:
    this = await come_in(town, take_in)
    await town.execute("UPDATE organisers.event SET source_record = NULL, content_digest = ''")

    refused = await town.post_form(f"{this}/plaatsen", **FORTY)
    page = text_of(await town.client.get(this))
    await take_in(sketch("Een euro voor een lied"))
    sold = await town.post_form(f"{this}/plaatsen", **FORTY)

    assert (refused.status_code, sold.status_code) == (409, 303)
    assert "De prijzen en de plaatsen kan je hier aanvullen na de volgende import." in page


async def test_an_organiser_completes_none_of_another(town: World, take_in: Import) -> None:
    this = await two_concerts(town, take_in)
    other = await town.organiser(name="Chiro")
    await town.sign_in_staff("organiser", organiser_id=other)
    event_id = UUID(this.rpartition("/")[2])
    elsewhere = f"/dender/organisaties/{other}/activiteiten/{event_id}"

    sent = [
        await town.post_form(f"{elsewhere}/plaatsen", **FORTY),
        await town.post_form(f"{elsewhere}/prijzen", **TWO_PRICES),
        await town.post_form(f"{elsewhere}/wanneer/eenmalig", **EVENING, stap="maak"),
    ]

    assert [each.status_code for each in sent] == [404] * 3


async def test_places_sold_elsewhere_count_again_once_places_are_let_go(town: World, take_in: Import) -> None:
    record = concerts(TWO_DATES[0])
    record["subEvent"] = [record["subEvent"][0] | places(20, 15)]
    await take_in(record)
    [row] = await town.rows("SELECT id, organiser_id FROM organisers.event")
    await town.sign_in_staff("organiser", organiser_id=row["organiser_id"])
    this = f"/dender/organisaties/{row['organiser_id']}/activiteiten/{row['id']}"

    before = await found(town, POOLS)
    await town.post_form(f"{this}/plaatsen", **FORTY)
    said = await found(town, POOLS)
    await town.post_form(f"{this}/plaatsen/terug")

    assert (before, said) == ([(20, 20, 0, 5)], [(40, 40, 0, 0)])
    assert await found(town, POOLS) == before
