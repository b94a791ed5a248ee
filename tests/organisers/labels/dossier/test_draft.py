"""Each field is kept when it is left, and nothing that was typed is lost."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

from organisers.labels.criteria.criteria import Kind
from organisers.labels.dossier.draft import DraftAnswer, TypedAnswer, compare
from tests.builders import World
from tests.organisers.labels.dossiers import CLAIMED, KOKSIJDE, Town, adopt_example, start
from tests.web.test_kept_form import send

HOME = f"/labels/gemeente/{KOKSIJDE}"
LODGINGS = ("licensed_lodgings", "accessible_lodgings", "all_season")
ASKED_OF_STAYS = ("nights", "nights_per_thousand", *LODGINGS, "tax_earmarked")


async def a_draft(world: World, kind: Kind = "stay") -> tuple[Town, str]:
    """A dossier about one label, the municipality signed in last, and the address of the dossier."""
    town = await start(world, kinds=(kind,))
    await world.sign_in_staff("municipality", region_id=0, refnis=KOKSIJDE)
    return town, f"{HOME}/dossiers/{town.dossier_id}"


async def leave(world: World, address: str, field: str, text: str, version: int = 0) -> Any:
    answer = await world.post_form(f"{address}/veld", **{field: text, f"{field}-versie": version})
    assert answer.status_code == 200, answer.text
    return answer.json()


def value(page: str, name: str) -> str:
    """What stands in a field of a page."""
    found = re.search(rf'id="{name}"[^>]*?(?:value="([^"]*)"|rows="2"[^>]*>([^<]*))', page)
    return (found[1] or found[2]) if found else ""


async def test_a_field_that_is_left_is_there_when_one_comes_back(world: World) -> None:
    _, address = await a_draft(world)

    kept = await leave(world, address, "licensed_lodgings", "85")
    page = (await world.client.get(f"{address}/antwoorden/2")).text

    assert kept == {"is_kept": True, "version": 1, "message": "Bewaard."}
    assert value(page, "licensed_lodgings") == "85"
    assert 'name="licensed_lodgings-versie" value="1"' in page


async def test_what_cannot_be_read_is_kept_as_typed_and_says_so_at_once(world: World) -> None:
    _, address = await a_draft(world)

    kept = await leave(world, address, "nights", "zestig")
    page = (await world.client.get(f"{address}/antwoorden/1")).text

    assert (kept["is_kept"], kept["message"]) == (True, "Vul een getal in, zoals 12 of 7,5.")
    assert value(page, "nights") == "zestig"


async def test_an_error_in_one_part_loses_nothing_that_was_typed_in_another(world: World) -> None:
    _, address = await a_draft(world)
    await leave(world, address, "tax_earmarked_proof", "Raad van 12 mei")

    wrong = await world.post_form(
        f"{address}/antwoorden/2", licensed_lodgings="veel", accessible_lodgings="4", all_season="70,5"
    )

    assert wrong.status_code == 422
    assert [
        value(wrong.text, each) for each in ("licensed_lodgings", "accessible_lodgings", "all_season")
    ] == [
        "veel",
        "4",
        "70,5",
    ]
    third = (await world.client.get(f"{address}/antwoorden/3")).text
    second = (await world.client.get(f"{address}/antwoorden/2")).text
    assert value(third, "tax_earmarked_proof") == "Raad van 12 mei"
    assert value(second, "licensed_lodgings") == "veel"


async def test_a_page_of_parts_that_changed_since_loses_nothing(world: World) -> None:
    town, address = await a_draft(world)
    await world.execute("UPDATE labels.dossier SET kinds = '{day}' WHERE id = $1", town.dossier_id)

    await world.post_form(f"{address}/antwoorden/2", licensed_lodgings="85")
    await world.post_form(f"{address}/soort", kinds="stay")

    page = (await world.client.get(f"{address}/antwoorden/2")).text
    assert value(page, "licensed_lodgings") == "85"


async def test_two_people_in_one_dossier_are_told_and_nobody_is_overwritten(world: World) -> None:
    _, address = await a_draft(world)
    await leave(world, address, "nights", "60000")

    late = await leave(world, address, "nights", "52000")
    same = await leave(world, address, "nights", "60000")
    sent = await world.post_form(f"{address}/antwoorden/1", nights="52000", **{"nights-versie": 0})
    again = await world.post_form(f"{address}/antwoorden/1", nights="52000", **{"nights-versie": 1})

    assert (late["is_kept"], late["version"]) == (False, 1)
    assert "Iemand anders vulde hier intussen “60000” in." in late["message"]
    assert same["is_kept"]
    assert sent.status_code == 422
    assert value(sent.text, "nights") == "52000"
    assert again.status_code == 303


async def test_a_field_that_was_not_touched_keeps_what_a_colleague_typed_meanwhile(world: World) -> None:
    _, address = await a_draft(world)
    await leave(world, address, "nights", "60000")

    sent = await world.post_form(
        f"{address}/antwoorden/1",
        **{"nights": "", "nights-versie": 0, "nights_per_thousand": "2700", "nights_per_thousand-versie": 0},
    )

    assert sent.status_code == 303
    page = (await world.client.get(f"{address}/antwoorden/1")).text
    assert (value(page, "nights"), value(page, "nights_per_thousand")) == ("60000", "2700")


async def test_nor_is_it_a_conflict_when_the_part_was_sent_meanwhile_and_its_claim_is_another(
    world: World,
) -> None:
    _, address = await a_draft(world)
    await world.post_form(f"{address}/antwoorden/1", nights="52000", nights_per_thousand="2600")
    await world.execute("DELETE FROM labels.draft_answer")  # As after a question about what was submitted.
    await world.post_form(
        f"{address}/antwoorden/1",
        **{
            "nights": "60000",
            "nights-versie": 0,
            "nights_per_thousand": "2700",
            "nights_per_thousand-versie": 0,
        },
    )

    stale = await world.post_form(
        f"{address}/antwoorden/1",
        **{
            "nights": "52000",
            "nights-versie": 0,
            "nights_per_thousand": "2800",
            "nights_per_thousand-versie": 1,
        },
    )

    page = (await world.client.get(f"{address}/antwoorden/1")).text
    assert (stale.status_code, value(page, "nights")) == (303, "60000")
    assert value(page, "nights_per_thousand") == "2800"


async def test_a_form_that_comes_back_overwrites_no_colleague(world: World) -> None:
    _, address = await a_draft(world)
    page = f"{address}/antwoorden/1"
    await send(world, page, page, nights="52000", **{"nights-versie": 0})
    await leave(world, address, "nights", "60000")

    again = (await world.client.get(page)).text
    version = re.search(r'name="nights-versie" value="(\d+)"', again)
    sent = await world.post_form(
        page, nights=value(again, "nights"), **{"nights-versie": version and version[1]}
    )

    assert value(again, "nights") == "52000"
    assert sent.status_code == 422
    assert "Iemand anders vulde hier intussen “60000” in." in sent.text


async def test_the_tasks_say_how_far_each_part_is(world: World) -> None:
    _, address = await a_draft(world)
    await leave(world, address, "nights", "60000")
    for code in LODGINGS:
        await leave(world, address, code, str(CLAIMED[code]))

    page = (await world.client.get(HOME)).text

    assert re.findall(r"</svg>\s+(bezig|klaar|nog te doen)\b", page) == ["bezig", "klaar", "nog te doen"]


async def test_what_was_only_typed_counts_when_the_dossier_is_submitted_and_goes_then(world: World) -> None:
    _, address = await a_draft(world)
    for code in ASKED_OF_STAYS:
        await leave(world, address, code, str(CLAIMED[code]))
    await leave(world, address, "all_season", "70,5", version=1)

    asks = (await world.client.get(f"{address}/indienen")).text
    sent = await world.post_form(f"{address}/indienen")

    assert "Dossier indienen?" in asks
    assert sent.status_code == 303
    exact = await world.value("SELECT exact FROM labels.claim WHERE code = 'all_season'")
    assert exact == Decimal("70.5")
    assert await world.value("SELECT count(*) FROM labels.draft_answer") == 0
    assert "70,5 %" in (await world.client.get(HOME)).text
    late = await world.client.get(f"{address}/indienen", follow_redirects=False)
    assert (late.status_code, late.headers["location"]) == (303, HOME)


async def test_before_it_is_submitted_the_page_names_what_is_missing_and_leads_there(world: World) -> None:
    _, address = await a_draft(world)
    for code in ASKED_OF_STAYS[1:]:
        await leave(world, address, code, str(CLAIMED[code]))
    await leave(world, address, "all_season", "veel", version=1)

    asks = (await world.client.get(f"{address}/indienen")).text

    assert 'method="post" action="/labels' not in asks
    assert re.findall(r"antwoorden/(\d#\w+)", asks) == ["1#nights", "2#all_season"]
    assert (await world.post_form(f"{address}/indienen")).status_code == 422


async def test_a_proof_of_nothing_is_asked_about_and_not_dropped(world: World) -> None:
    _, address = await a_draft(world, "day")
    for code in list(CLAIMED)[:8]:
        await leave(world, address, code, str(CLAIMED[code]))
    await leave(world, address, "calendar_online_proof", "op onze website")

    refused = await world.post_form(f"{address}/indienen")
    written = await world.value("SELECT count(*) FROM labels.history WHERE act = 'claim'")
    await leave(world, address, "calendar_online_proof", "", version=1)
    sent = await world.post_form(f"{address}/indienen")

    assert (refused.status_code, written, sent.status_code) == (422, 0, 303)
    assert "maak ook leeg waar we dat kunnen nakijken" in refused.text


async def test_an_answer_that_is_made_empty_is_taken_back(world: World) -> None:
    _, address = await a_draft(world)
    await world.post_form(f"{address}/antwoorden/1", nights="60000")

    await world.post_form(f"{address}/antwoorden/1", nights="")

    assert await world.value("SELECT count(*) FROM labels.claim") == 0
    assert await world.value("SELECT count(*) FROM labels.history WHERE act = 'claim'") == 2


async def test_nobody_reads_or_types_in_the_dossier_of_another_municipality(world: World) -> None:
    town, _ = await a_draft(world)
    await adopt_example(world)
    await world.municipality("35029", "De Haan")
    await world.sign_in_staff("municipality", region_id=0, refnis="35029")
    other = f"/labels/gemeente/35029/dossiers/{town.dossier_id}"

    seen = [
        (await world.client.get(f"{other}/{page}")).status_code
        for page in ("antwoorden/1", "soort", "indienen")
    ]
    typed = await world.post_form(f"{other}/veld", nights="1")
    unknown = await world.post_form(f"/labels/gemeente/35029/dossiers/{uuid4()}/veld", nights="1")

    assert seen == [404, 404, 404]
    assert (typed.status_code, unknown.status_code) == (404, 404)
    assert await world.value("SELECT count(*) FROM labels.draft_answer") == 0


def test_a_version_is_added_only_where_a_text_changed() -> None:
    versions = {"nights": ["1", "2"], "events": ["5"], "sights": [""]}
    typed = [TypedAnswer("nights", "3", 1), TypedAnswer("events", "5", 0), TypedAnswer("sights", "8")]

    assert compare(versions, typed) == ([DraftAnswer("nights", 2, "3"), DraftAnswer("sights", 1, "8")], {})
