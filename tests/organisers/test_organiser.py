"""Organisers and venues that come in from elsewhere."""

from uuid import UUID

from organisers.organiser import ImportContext, organiser_of, write_organisers, write_venues
from organisers.uitdatabank.host import Address, Contact, Organiser, Venue
from tests.builders import World
from tests.organisers.uitdatabank.feed import read, record

HOST = "https://uitdatabank.example/organizer/1"
HALL = Venue(
    "https://uitdatabank.example/place/1",
    {"nl": "De Zaal"},
    {"fr": Address("Rue 1", "9300", "Alost", "BE"), "nl": Address("Straat 1", "9300", "Aalst", "BE")},
    50.9,
    4.0,
)


def host(name: str, *emails: str) -> dict[str, Organiser]:
    return {HOST: Organiser(HOST, {"nl": name}, Contact(emails=emails))}


async def take_in(world: World, organisers: dict[str, Organiser], region_id: int = 1) -> UUID:
    context = ImportContext(region_id, world.services.ids, world.clock.now())
    async with world.services.database.transaction() as tx:
        return (await write_organisers(tx, context, organisers))[HOST]


async def test_an_organiser_that_comes_in_again_is_the_same_one_under_its_new_name(world: World) -> None:
    first, again = await take_in(world, host("De Werf")), await take_in(world, host("De Werf vzw"))

    assert first == again
    rows = await world.rows("SELECT id, name FROM organisers.organiser")
    assert [tuple(row) for row in rows] == [(first, "De Werf vzw")]


async def test_what_the_source_leaves_out_stays_as_it_was_here(world: World) -> None:
    await take_in(world, host("De Werf", "balie@dewerf.example"))
    await take_in(world, host("De Werf"))

    assert await world.value("SELECT email FROM organisers.organiser") == "balie@dewerf.example"


async def test_an_organiser_of_two_regions_is_one_in_each_and_the_directory_says_where(world: World) -> None:
    dender, kust = await take_in(world, host("De Werf")), await take_in(world, host("De Werf"), region_id=2)

    rows = await world.rows("SELECT key, region_id FROM uit.directory WHERE kind = 'organiser'")
    assert {row["key"]: row["region_id"] for row in rows} == {dender: 1, kust: 2}


async def test_a_venue_has_its_dutch_address(world: World) -> None:
    context = ImportContext(1, world.services.ids, world.clock.now())
    async with world.services.database.transaction() as tx:
        await write_venues(tx, context, {HALL.foreign_id: HALL}, {})

    [row] = await world.rows("SELECT street, locality, refnis FROM organisers.venue")
    assert tuple(row) == ("Straat 1", "Aalst", None)


def test_who_organises_is_the_venue_when_nobody_is_named() -> None:
    event = read({name: value for name, value in record("single").items() if name != "organizer"})

    organiser = organiser_of(event)

    assert event.venue
    assert organiser
    assert (organiser.foreign_id, organiser.name) == (event.venue.foreign_id, event.venue.name)
