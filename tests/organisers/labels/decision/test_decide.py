"""Deciding on day and stay apart, and what the public register then shows."""

from asyncio import gather
from datetime import date, timedelta
from uuid import uuid4

from organisers.labels.decision.decide import DecideRefusal, decide
from organisers.labels.decision.decision import Decision, Verdict
from organisers.labels.dossier.history import Actor
from organisers.labels.errors import (
    AlreadyDecided,
    AssessedByYou,
    DeviationUnexplained,
    KindNotAsked,
    NotAssessed,
    NotifiedTooEarly,
    OwnMunicipality,
    ReasonsMissing,
)
from tests.builders import World
from tests.organisers.labels.dossiers import FOUND, Town, assessed, submitted


async def ask(town: Town, verdict: Verdict, by: Actor | None = None) -> Decision | DecideRefusal:
    async with town.world.services.database.transaction() as tx:
        return await decide(tx, verdict, by or town.by("tourism_officer"))


async def in_register(world: World) -> list[tuple[str, str]]:
    labels = (await world.client.get("/api/v1/labels")).json()["labels"]
    return [(label["municipality"], label["kind"]) for label in labels]


async def test_day_granted_and_stay_refused_leaves_exactly_day_in_the_register(world: World) -> None:
    town = await assessed(world)
    today = world.clock.now().date().isoformat()
    granted = {"day_ruling": "granted", "day_reasons": "Alles is er.", "day_notified_on": today}
    refused = {"stay_ruling": "refused", "stay_reasons": "Te weinig logies.", "stay_notified_on": today}
    day, stay = ({**each, "decision_id": uuid4(), "stap": "ja"} for each in (granted, refused))

    first = await world.post_form(f"{town.address}/beslissen/day", **day)
    second = await world.post_form(f"{town.address}/beslissen/stay", **stay)

    assert (first.status_code, second.status_code) == (303, 303)
    assert await in_register(world) == [("Koksijde", "day")]
    assert "Dagje uit" in (await world.client.get("/labels")).text
    label_page = (await world.client.get(f"/labels/{town.refnis}")).text
    assert "Dagje uit" in label_page
    assert "lapen" not in label_page
    shown = (await world.client.get(town.address)).text
    assert "Te weinig logies." in shown
    assert "besliste: dagtoerisme toegekend" in shown
    assert "besliste: verblijfstoerisme niet toegekend" in shown


async def test_the_municipality_reads_why_and_how_to_appeal(world: World) -> None:
    town = await assessed(world)
    await ask(town, town.verdict("day", "granted"))
    await ask(town, town.verdict("stay", "refused", reasons="Te weinig logies."))
    await world.sign_in_staff("municipality", region_id=0, refnis=town.refnis)

    shown = (await world.client.get(f"/labels/gemeente/{town.refnis}")).text

    assert "Te weinig logies." in shown
    assert "Raad van State" in shown
    assert "Opnieuw een label vragen" in shown


async def test_who_assessed_does_not_decide(world: World) -> None:
    town = await assessed(world)
    also_officer = Actor(town.assessor, "tourism_officer", world.clock.now())

    assert await ask(town, town.verdict("day", "granted"), also_officer) == AssessedByYou()


async def test_nobody_decides_on_their_own_municipality(world: World) -> None:
    town = await assessed(world)
    await world.execute(
        "INSERT INTO identity.role (region_id, id, staff_id, role, refnis, starts_at)"
        " VALUES (0, gen_random_uuid(), $1, 'municipality', $2, $3)",
        town.officer,
        town.refnis,
        world.clock.now(),
    )

    assert await ask(town, town.verdict("day", "granted")) == OwnMunicipality("Koksijde")


async def test_a_repeat_is_the_same_decision_and_another_is_refused(world: World) -> None:
    town = await assessed(world)
    verdict = town.verdict("day", "granted")

    first, repeat = await ask(town, verdict), await ask(town, verdict)
    other = await ask(town, town.verdict("day", "refused", deviation="Toch niet."))

    assert isinstance(first, Decision)
    assert repeat == first
    assert other == AlreadyDecided("day", "granted")
    assert await world.value("SELECT count(*) FROM labels.award") == 1


async def test_two_officers_at_the_same_moment_take_one_decision(world: World) -> None:
    town = await assessed(world)

    answers = await gather(*(ask(town, town.verdict("day", "granted")) for _ in range(4)))

    assert sum(isinstance(answer, Decision) for answer in answers) == 1
    assert await world.value("SELECT count(*) FROM labels.award") == 1


async def test_differing_from_the_outcome_needs_a_reason_of_its_own(world: World) -> None:
    town = await assessed(world)

    silent = await ask(town, town.verdict("stay", "granted"))
    explained = await ask(town, town.verdict("stay", "granted", deviation="Vier logies openen in juni."))

    assert silent == DeviationUnexplained("granted", "not_met")
    assert isinstance(explained, Decision)
    assert (explained.computed, explained.deviation) == ("not_met", "Vier logies openen in juni.")


async def test_what_was_not_established_decides_nothing_by_itself(world: World) -> None:
    found = {code: figure for code, figure in FOUND.items() if code != "licensed_lodgings"}
    town = await assessed(world, found)

    assert await ask(town, town.verdict("stay", "refused")) == DeviationUnexplained(
        "refused", "cannot_decide"
    )


async def test_a_decision_has_reasons_a_day_to_come_and_a_dossier_that_was_assessed(world: World) -> None:
    town = await submitted(world)
    early = await ask(town, town.verdict("day", "granted"))
    await world.execute("UPDATE labels.dossier SET state = 'assessed', kinds = '{stay}'")
    wordless = await ask(town, town.verdict("stay", "refused", reasons=" "))
    told = Verdict(uuid4(), town.dossier_id, "stay", "refused", "Daarom.", date(2026, 3, 1))

    assert early == NotAssessed("submitted")
    assert wordless == ReasonsMissing()
    assert await ask(town, told) == NotifiedTooEarly(date(2026, 3, 1))
    assert await ask(town, town.verdict("day", "granted")) == KindNotAsked("day")


async def test_before_a_decision_is_taken_its_page_says_what_it_does_and_to_whom(world: World) -> None:
    town = await assessed(world)
    today = world.clock.now().date().isoformat()
    wanted = {"day_ruling": "granted", "day_reasons": "Alles is er.", "day_notified_on": today}
    address, decision_id = f"{town.address}/beslissen/day", uuid4()

    asks = await world.post_form(address, decision_id=decision_id, **wanted)
    back = await world.post_form(address, decision_id=decision_id, stap="terug", **wanted)

    assert (asks.status_code, back.status_code) == (200, 200)
    assert "Het label voor dagtoerisme toekennen aan Koksijde?" in asks.text
    assert f'name="decision_id" value="{decision_id}"' in asks.text
    assert ">Alles is er.</textarea>" in back.text
    assert await world.value("SELECT count(*) FROM labels.decision") == 0


async def test_what_is_in_the_way_of_a_decision_is_said_before_it_is_asked(world: World) -> None:
    town = await assessed(world)
    today = world.clock.now().date().isoformat()
    deviating = {"stay_ruling": "granted", "stay_reasons": "Toch.", "stay_notified_on": today}

    refused = await world.post_form(f"{town.address}/beslissen/stay", decision_id=uuid4(), **deviating)

    assert refused.status_code == 422
    assert "Schrijf hier waarom je afwijkt." in refused.text


async def test_a_form_with_a_mistake_comes_back_with_what_was_typed(world: World) -> None:
    town = await assessed(world)

    again = await world.post_form(
        f"{town.address}/beslissen/stay", decision_id=uuid4(), stay_reasons="Te weinig logies."
    )

    assert again.status_code == 422
    assert "Kies wat je beslist." in again.text
    assert "Te weinig logies." in again.text


async def test_an_award_ends_by_itself_and_a_renewal_begins_the_day_after(world: World) -> None:
    town = await assessed(world)
    await ask(town, town.verdict("day", "granted"))
    await ask(town, town.verdict("stay", "refused"))
    ends_on = await world.value("SELECT ends_on FROM labels.award")
    again = await assessed(world)
    await ask(again, again.verdict("day", "granted"))

    starts = [row["starts_on"] for row in await world.rows("SELECT starts_on FROM labels.award ORDER BY 1")]
    world.clock.move(timedelta(days=365 * 11))

    assert (starts, ends_on) == ([date(2026, 3, 2), ends_on + timedelta(days=1)], date(2031, 3, 1))
    assert await in_register(world) == []
