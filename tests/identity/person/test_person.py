"""Persons at the counter: found, registered once, corrected."""

from asyncio import gather
from datetime import date
from uuid import UUID, uuid4

from msgspec.structs import replace

from tests.builders import World
from uit.identity.errors import EmailTaken, InszTaken
from uit.identity.person.insz import Insz
from uit.identity.person.person import Person, create, find, find_by_key, read_person, update

INSZ = Insz("85073003328")


def somebody(given: str = "Yasmine", family: str = "Peeters", **more: object) -> Person:
    return replace(Person(uuid4(), given, family, date(1990, 5, 17)), **more)


async def register(world: World, person: Person, key: UUID | None = None) -> Person | EmailTaken | InszTaken:
    async with world.services.database.transaction() as tx:
        return await create(tx, person, world.clock.now(), insz_key=key)


async def search(world: World, term: str) -> list[str]:
    async with world.services.database.reading() as connection:
        return [f"{person.given_name} {person.family_name}" for person in await find(connection, term)]


async def test_a_person_is_found_by_the_start_of_their_names_in_any_order(world: World) -> None:
    for given, family in (
        ("Yasmine", "Peeters"),
        ("Yann", "Peeters"),
        ("An", "Van den Broeck"),
        ("Pé_r", "100%"),
    ):
        await register(world, somebody(given, family))

    assert await search(world, "peet") == ["Yann Peeters", "Yasmine Peeters"]
    assert await search(world, "Peeters Yas") == ["Yasmine Peeters"]
    assert await search(world, "  yasmine   PEETERS ") == ["Yasmine Peeters"]
    assert await search(world, "van den broeck, a") == ["An Van den Broeck"]
    assert await search(world, "an van den broeck") == ["An Van den Broeck"]
    assert await search(world, "100%, pé_") == ["Pé_r 100%"]
    assert await search(world, "p%, y") == []


async def test_nothing_and_nonsense_find_nobody(world: World) -> None:
    await register(world, somebody())

    assert [await search(world, term) for term in ("", " ", ",", ", an", "@", "a " * 300)] == [[]] * 6


async def test_a_person_is_found_by_address_and_by_number(world: World) -> None:
    anna, key = somebody(email="anna@example.org"), INSZ.key(world.services.secrets)
    await register(world, anna, key)

    assert await search(world, "Anna@Example.org") == ["Yasmine Peeters"]
    async with world.services.database.reading() as connection:
        assert await find_by_key(connection, key) == anna


async def test_who_left_or_was_merged_is_not_found_by_name(world: World) -> None:
    anna = somebody()
    await register(world, anna)
    await world.execute("UPDATE identity.person SET ended_at = $1", world.clock.now())

    assert await search(world, "peeters") == []


async def test_a_form_that_is_sent_twice_registers_once(world: World) -> None:
    anna, key = somebody(email="anna@example.org"), INSZ.key(world.services.secrets)

    answers = [await register(world, anna, key) for _ in range(2)]

    assert answers == [anna, anna]
    assert await world.value("SELECT count(*) FROM identity.person") == 1


async def test_one_number_is_one_person_and_a_refusal_writes_nothing(world: World) -> None:
    anna, key = somebody(), INSZ.key(world.services.secrets)
    await register(world, anna, key)

    answer = await register(world, somebody("Anna"), key)

    assert answer == InszTaken(anna.id)
    assert await world.value("SELECT count(*) FROM identity.person") == 1


async def test_two_counters_at_once_register_a_number_once(world: World) -> None:
    key = INSZ.key(world.services.secrets)

    answers = await gather(*(register(world, somebody(), key) for _ in range(4)))

    assert sorted(type(answer).__name__ for answer in answers) == ["InszTaken"] * 3 + ["Person"]
    assert await world.value("SELECT count(*) FROM identity.person") == 1
    assert await world.value("SELECT count(*) FROM uit.directory WHERE kind = 'insz'") == 1


async def test_one_address_is_one_person_and_a_refusal_leaves_the_number_free(world: World) -> None:
    key = INSZ.key(world.services.secrets)
    await register(world, somebody(email="anna@example.org"))

    assert await register(world, somebody(email="anna@example.org"), key) == EmailTaken()
    async with world.services.database.reading() as connection:
        assert await find_by_key(connection, key) is None


async def test_a_correction_is_kept_and_takes_nobodys_address(world: World) -> None:
    anna, bilal = somebody(email="anna@example.org"), somebody("Bilal")
    await register(world, anna)
    await register(world, bilal)

    async with world.services.database.transaction() as tx:
        better = replace(anna, given_name="Anna", phone="0470 12 34 56")
        assert await update(tx, better) == better
        assert await update(tx, replace(bilal, email="anna@example.org")) == EmailTaken()
        assert await read_person(tx, anna.id) == better
        assert await read_person(tx, bilal.id) == bilal


async def test_the_number_itself_is_kept_nowhere(world: World) -> None:
    await register(world, somebody(), INSZ.key(world.services.secrets))

    kept = await world.value(
        "SELECT string_agg(t::text, '') FROM (SELECT to_jsonb(p) FROM identity.person AS p"
        " UNION ALL SELECT to_jsonb(d) FROM uit.directory AS d) AS t"
    )
    assert INSZ.digits not in kept
