"""The assessor looks at what a municipality says, and records what is so."""

from decimal import Decimal

from organisers.labels.dossier import assess, claim
from organisers.labels.dossier.assess import Finding
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import FindingsMissing, GroundMissing, NotUnderReview, OwnMunicipality
from tests.builders import World
from tests.organisers.labels.dossiers import CLAIMED, submitted


async def test_a_finding_stands_next_to_the_claim_and_replaces_nothing(world: World) -> None:
    town = await submitted(world)

    await world.post_form(f"{town.address}/nakijken", nights="52.000", nights_ground="Cijfers van Statbel.")

    assert await world.value("SELECT figure FROM labels.claim WHERE code = 'nights'") == 60_000
    assert await world.value("SELECT figure FROM labels.finding WHERE code = 'nights'") == 52_000
    shown = (await world.client.get(town.address)).text
    assert "60.000 overnachtingen" in shown
    assert "52.000 overnachtingen" in shown


async def test_a_finding_without_a_ground_is_refused_and_what_was_typed_stays(world: World) -> None:
    town = await submitted(world)

    again = await world.post_form(f"{town.address}/nakijken", nights="51999")

    assert again.status_code == GroundMissing.status
    assert 'value="51999"' in again.text


async def test_a_finding_above_what_can_be_true_is_refused(world: World) -> None:
    town = await submitted(world)

    again = await world.post_form(
        f"{town.address}/nakijken", all_season="101", all_season_ground="De lijst van de logies."
    )

    assert again.status_code == 422
    assert "maanden per jaar open? Je stelt vast: Vul een getal in van 0 tot 100" in again.text
    assert await world.value("SELECT count(*) FROM labels.finding") == 0


async def test_what_could_not_be_established_is_no_no(world: World) -> None:
    town = await submitted(world)

    await world.post_form(f"{town.address}/nakijken", nights_ground="De cijfers zijn er nog niet.")

    assert await world.value("SELECT figure IS NULL FROM labels.finding WHERE code = 'nights'")
    assert "niet vast te stellen" in (await world.client.get(town.address)).text


async def test_a_dossier_is_handed_over_when_all_was_looked_at(world: World) -> None:
    town = await submitted(world)
    grounds = {f"{code}_ground": "ter plaatse" for code in CLAIMED}

    async with world.services.database.transaction() as tx:
        early = await assess.hand_over(tx, town.dossier_id, town.by("assessor"))
    asked = await world.post_form(f"{town.address}/nakijken", doe="doorgeven", **CLAIMED, **grounds)
    not_yet = await world.value("SELECT state::text FROM labels.dossier")
    handed = await world.post_form(f"{town.address}/nakijken", doe="ja")

    assert isinstance(early, FindingsMissing)
    assert "Het dossier van Koksijde doorgeven?" in asked.text
    assert (not_yet, handed.status_code) == ("submitted", 303)
    assert await world.value("SELECT state::text FROM labels.dossier") == "assessed"


async def test_nobody_assesses_their_own_municipality(world: World) -> None:
    town = await submitted(world)
    await world.execute(
        "INSERT INTO identity.role (region_id, id, staff_id, role, refnis, starts_at)"
        " VALUES (0, gen_random_uuid(), $1, 'municipality', $2, $3)",
        town.assessor,
        town.refnis,
        world.clock.now(),
    )

    async with world.services.database.transaction() as tx:
        seen = [Finding("nights", Decimal(1), "gezien")]
        own = await assess.record(tx, town.dossier_id, seen, town.by("assessor"))
        clerk = Actor(town.clerk, "assessor", world.clock.now())
        filled_it_in = await assess.record(tx, town.dossier_id, seen, clerk)

    assert own == filled_it_in == OwnMunicipality("Koksijde")


async def test_a_question_stops_the_clock_and_opens_the_answers_again(world: World) -> None:
    town = await submitted(world)

    asked = await world.post_form(f"{town.address}/vraag", question="Tel je de camping mee?")
    async with world.services.database.transaction() as tx:
        closed = await assess.record(tx, town.dossier_id, [], town.by("assessor"))
        worklist = (await world.client.get("/labels/werklijst")).text
        again = await claim.submit(tx, town.dossier_id, town.refnis, town.by("municipality"))

    assert asked.status_code == 303
    assert isinstance(closed, NotUnderReview)
    assert "klok staat stil" in worklist
    assert again is None


async def test_an_officer_of_one_region_only_does_not_judge_for_flanders(world: World) -> None:
    town = await submitted(world)
    await world.sign_in_staff("tourism_officer", region_id=1)

    assert (await world.client.get(town.address)).status_code == 403
