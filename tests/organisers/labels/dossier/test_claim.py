"""A municipality fills in its dossier and submits it."""

from uuid import uuid4

from organisers.labels.dossier import claim
from organisers.labels.errors import DossierUnknown, Incomplete
from tests.builders import World
from tests.organisers.labels.dossiers import CLAIMED, KOKSIJDE, adopt_example, start, submitted

HOME = f"/labels/gemeente/{KOKSIJDE}"


async def as_municipality(world: World, refnis: str = KOKSIJDE, name: str = "Koksijde") -> None:
    await adopt_example(world)
    await world.municipality(refnis, name)
    await world.sign_in_staff("municipality", region_id=0, refnis=refnis)


async def test_a_municipality_opens_fills_in_and_submits_a_dossier(world: World) -> None:
    await as_municipality(world)
    dossier_id = uuid4()
    await world.post_form(HOME, dossier_id=dossier_id, kinds="stay")
    parts = [
        ("nights", "nights_per_thousand"),
        ("licensed_lodgings", "accessible_lodgings", "all_season"),
        ("tax_earmarked",),
    ]
    for part, codes in enumerate(parts, 1):
        answers = {code: f"{CLAIMED[code]:,}".replace(",", ".") for code in codes}
        saved = await world.post_form(f"{HOME}/dossiers/{dossier_id}/antwoorden/{part}", **answers)
        assert saved.status_code == 303, saved.text

    sent = await world.post_form(f"{HOME}/dossiers/{dossier_id}/indienen")

    assert sent.status_code == 303
    assert "We hebben je dossier" in (await world.client.get(HOME)).text
    assert await world.value("SELECT figure FROM labels.claim WHERE code = 'nights'") == 60_000
    assert await world.value("SELECT region_id FROM uit.directory WHERE key = $1", dossier_id) == 0


async def test_a_dossier_with_something_missing_says_in_plain_words_what(world: World) -> None:
    town = await start(world, kinds=("stay",))

    async with world.services.database.transaction() as tx:
        answer = await claim.submit(tx, town.dossier_id, town.refnis, town.by("municipality"))

    assert isinstance(answer, Incomplete)
    assert "Hoeveel overnachtingen telde je gemeente vorig jaar?" in answer.missing


async def test_an_incomplete_dossier_stays_a_draft_and_its_page_says_what_to_do(world: World) -> None:
    await as_municipality(world)
    dossier_id = uuid4()
    await world.post_form(HOME, dossier_id=dossier_id, kinds="day")

    refused = await world.post_form(f"{HOME}/dossiers/{dossier_id}/indienen")

    assert refused.status_code == 422
    assert "Op 8 vragen is er nog geen antwoord" in refused.text


async def test_a_wrong_number_comes_back_as_typed_and_the_rest_is_kept(world: World) -> None:
    await as_municipality(world)
    dossier_id = uuid4()
    await world.post_form(HOME, dossier_id=dossier_id, kinds="stay")

    again = await world.post_form(
        f"{HOME}/dossiers/{dossier_id}/antwoorden/1", nights="zestig", nights_per_thousand="2 700"
    )

    assert again.status_code == 422
    assert 'value="zestig"' in again.text
    assert await world.value("SELECT figure FROM labels.claim WHERE code = 'nights_per_thousand'") == 2_700


async def test_more_than_can_be_true_is_refused_with_what_can(world: World) -> None:
    await as_municipality(world)
    dossier_id = uuid4()
    await world.post_form(HOME, dossier_id=dossier_id, kinds="day")

    again = await world.post_form(f"{HOME}/dossiers/{dossier_id}/antwoorden/1", info_open_days="367")
    kept = await world.post_form(f"{HOME}/dossiers/{dossier_id}/antwoorden/1", info_open_days="366")

    assert again.status_code == 422
    assert "Vul een getal in van 0 tot 366, zoals 12 of 7,5." in again.text
    assert kept.status_code == 303


async def test_opening_twice_has_one_effect_and_a_second_dossier_waits(world: World) -> None:
    await as_municipality(world)
    first = uuid4()

    codes = [
        (await world.post_form(HOME, dossier_id=dossier_id, kinds="day")).status_code
        for dossier_id in (first, first, uuid4())
    ]

    assert codes == [303, 303, 409]
    assert await world.value("SELECT count(*) FROM labels.dossier") == 1


async def test_after_the_submission_answers_do_not_change(world: World) -> None:
    town = await submitted(world)
    await world.sign_in_staff("municipality", region_id=0, refnis=town.refnis)

    refused = await world.post_form(f"{HOME}/dossiers/{town.dossier_id}/antwoorden/1", info_points="99")

    assert refused.status_code == 409
    assert (
        await world.value("SELECT figure FROM labels.claim WHERE code = 'info_points'")
        == CLAIMED["info_points"]
    )


async def test_another_municipality_sees_nothing_of_a_dossier(world: World) -> None:
    town = await submitted(world)
    await as_municipality(world, "35029", "De Haan")

    seen = [
        (await world.client.get(address)).status_code
        for address in (HOME, town.address, f"{town.address}/nakijken", "/labels/werklijst")
    ]
    sent = await world.post_form(
        f"/labels/gemeente/35029/dossiers/{town.dossier_id}/antwoorden/1", info_points="9"
    )
    async with world.services.database.transaction() as tx:
        submitted_by_them = await claim.submit(tx, town.dossier_id, "35029", town.by("municipality"))

    assert (seen, sent.status_code) == ([403, 403, 403, 403], 404)
    assert isinstance(submitted_by_them, DossierUnknown)
