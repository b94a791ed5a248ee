"""The number of the national register is used only where a region has entered its authorisation."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.builders import World
from tests.passes.counter import AALST, acts, authorise_insz, insz, open_counter, person_fields, register
from tests.passes.household.test_desk import household
from tests.reservations.sessions.test_desk import text_of

HOME = "/dender/beheer/rijksregister"
FILLED = {
    "number": "18/2024",
    "purposes": "Dubbels vinden",
    "categories": "Inwoners die een UiTPAS vragen",
    "starts_on": "2026-03-01",
    "ends_on": "2026-03-31",
}


async def enter(world: World, **fields: str) -> Any:
    await world.sign_in_staff("region_officer")
    return await world.post_form(HOME, **{"authorisation_id": str(uuid4())} | FILLED | fields)


async def counter_without(world: World) -> None:
    """A counter of a region that has no authorisation."""
    await open_counter(world)
    await world.execute("DELETE FROM identity.insz_authorisation")


async def fields_of_counter(world: World) -> list[bool]:
    """Whether the forms of the counter ask the number: of one person, and of a household."""
    pages = [
        await world.client.get("/dender/balie/nieuw"),
        await world.client.get("/dender/balie/gezin?volwassenen=1&kinderen=1"),
    ]
    return ["Rijksregisternummer" in text_of(each) for each in pages]


async def found(world: World, typed: str) -> bool:
    return "D&#39;Hondt" in (await world.post_form("/dender/balie", wie=typed)).text


async def keys(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM uit.directory WHERE kind = 'insz'"))


async def test_without_one_no_form_asks_it_and_nothing_that_is_sent_is_kept_or_found(world: World) -> None:
    await counter_without(world)

    await register(world, insz=insz())
    asked = await fields_of_counter(world)
    likely = await world.post_form("/dender/balie/nieuw/gelijkenis", **person_fields() | {"insz": insz()})
    family = household(("Noor", "2018-03-05")) | {"insz-0": insz(2)}
    registered = await world.post_form("/dender/balie/gezin", **family)

    assert (asked, await keys(world), await found(world, insz())) == ([False, False], 0, False)
    assert "Zelfde rijksregisternummer" not in likely.text
    assert "rijksregisternummer" not in (await world.client.get("/dender/balie")).text
    assert registered.status_code == 303


async def test_while_it_holds_it_is_asked_and_finds_and_after_its_end_nothing_new_is(world: World) -> None:
    await counter_without(world)
    await authorise_insz(world, ends_on=(world.clock.now() + timedelta(days=1)).date())
    await register(world, insz=insz())
    before = await fields_of_counter(world), await keys(world), await found(world, insz())

    world.clock.move(timedelta(days=2))
    await world.sign_in_staff("clerk")
    after = await fields_of_counter(world), await keys(world), await found(world, insz())

    assert before == ([True, True], 1, True)
    assert after == ([False, False], 1, False)


async def test_of_another_region_it_says_nothing(world: World) -> None:
    await counter_without(world)
    await authorise_insz(world, region_id=2)

    assert await fields_of_counter(world) == [False, False]


async def test_who_runs_a_region_enters_it_once_and_stops_it_at_once(world: World) -> None:
    await world.municipality(AALST)
    made = str(uuid4())
    done, _ = [await enter(world, authorisation_id=made) for _ in range(2)]
    shown = text_of(await world.client.get(HOME))

    for _ in range(2):
        await world.post_form(f"{HOME}/{made}/stoppen")
    stopped = text_of(await world.client.get(HOME))

    assert done.headers["location"] == f"{HOME}?gedaan=bewaard"
    for word in ("18/2024", "Dubbels vinden", "Inwoners die een UiTPAS vragen", "31 maart 2026"):
        assert word in shown
    assert "Geldt niet" not in shown
    assert "Geldt niet" in stopped
    assert await acts(world) == ["authorisation.enter", "authorisation.stop"]
    await world.sign_in_staff("clerk")
    assert await fields_of_counter(world) == [False, False]


async def test_what_is_wrong_is_said_and_nothing_is_written(world: World) -> None:
    wrong = [
        {"number": ""},
        {"purposes": ""},
        {"starts_on": "ooit"},
        {"ends_on": "2026-02-01"},
        {"ends_on": "x"},
    ]

    answers = [await enter(world, **each) for each in wrong]

    assert [each.status_code for each in answers] == [422] * len(wrong)
    assert await world.value("SELECT count(*) FROM identity.insz_authorisation") == 0


async def test_without_an_end_it_holds_on(world: World) -> None:
    await enter(world, ends_on="")
    await world.municipality(AALST)
    world.clock.move(timedelta(days=3650))

    await world.sign_in_staff("clerk")

    assert await fields_of_counter(world) == [True, True]
