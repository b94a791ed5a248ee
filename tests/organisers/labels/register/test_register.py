"""The public register: who has which label today."""

from organisers.labels.decision.decide import decide
from tests.builders import World
from tests.organisers.labels.dossiers import CLAIMED, Town, assessed


async def labelled(world: World, refnis: str, name: str) -> Town:
    """A town with both labels."""
    town = await assessed(world, CLAIMED, refnis=refnis, name=name)
    async with world.services.database.transaction() as tx:
        await decide(tx, town.verdict("day", "granted"), town.by("tourism_officer"))
        await decide(tx, town.verdict("stay", "granted"), town.by("tourism_officer"))
    return town


async def test_the_register_is_read_page_by_page_without_gap_or_repeat(world: World) -> None:
    for refnis, name in (("38014", "Koksijde"), ("35029", "De Haan")):
        await labelled(world, refnis, name)

    seen, after = [], "00000.day"
    while after:
        part = (await world.client.get("/api/v1/labels", params={"limit": 1, "after": after})).json()
        seen += [(label["refnis"], label["kind"]) for label in part["labels"]]
        after = part["next"]

    assert seen == [("35029", "day"), ("35029", "stay"), ("38014", "day"), ("38014", "stay")]


async def test_the_api_filters_by_kind_and_refuses_what_it_does_not_know(world: World) -> None:
    await labelled(world, "38014", "Koksijde")

    stay = await world.client.get("/api/v1/labels", params={"kind": "stay"})
    wrong = [
        (await world.client.get("/api/v1/labels", params=params)).status_code
        for params in ({"kind": "x"}, {"after": "38014"}, {"limit": 0}, {"limit": 201})
    ]

    assert [label["kind"] for label in stay.json()["labels"]] == ["stay"]
    assert wrong == [422, 422, 422, 422]


async def test_a_label_page_shows_what_was_found_and_until_when_it_holds(world: World) -> None:
    await labelled(world, "38014", "Koksijde")

    shown = (await world.client.get("/labels/38014")).text

    assert "Dagje uit én blijven slapen" in shown
    assert "geldig tot 1\N{NO-BREAK SPACE}maart 2031" in shown
    assert "60.000" in shown


async def test_the_register_is_searched_by_name_and_by_kind(world: World) -> None:
    await labelled(world, "38014", "Koksijde")

    found = [
        "/labels/38014" in (await world.client.get("/labels", params=params)).text
        for params in ({"naam": "koks"}, {"naam": "aalst"}, {"soort": "stay"}, {"naam": "%"})
    ]

    assert found == [True, False, True, False]


async def test_a_town_without_a_label_says_so_and_an_unknown_one_is_not_found(world: World) -> None:
    await world.municipality("41002", "Aalst")

    assert "heeft nu geen label" in (await world.client.get("/labels/41002")).text
    assert [(await world.client.get(f"/labels/{text}")).status_code for text in ("99999", "x", "%00")] == [
        404
    ] * 3
