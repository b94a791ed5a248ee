"""An operator lets one municipality go into another, as happens on 1 January of a year."""

import asyncio
import json
from uuid import uuid4

import pytest

from tests.builders import World
from tests.entrypoints.steps import refused, typed
from tests.organisers.labels.register.test_register import labelled
from tests.passes.counter import open_counter
from tests.passes.membership.test_ending import page_of
from uit.core.settings import Settings
from uit.services.municipality import load_municipalities, read_gazetteer

AALST, NINOVE, OOSTENDE, LEDE = "41002", "41048", "35013", "41034"
MERGE = ("municipality", "merge", "--from", LEDE, "--into", AALST, "--on", "2026-01-01")
FOLLOWED = f"from {LEDE} into {AALST}: 2 persons, 2 members, 1 roles, 1 programmes, 0 tills, 1 venues.\n"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
async def _flanders(world: World) -> None:
    async with world.services.database.transaction() as tx:
        await load_municipalities(tx)
    for refnis in (AALST, LEDE, NINOVE):
        await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1)", refnis)
    await world.execute("INSERT INTO uit.region_municipality VALUES (2, $1)", OOSTENDE)


async def inhabited(world: World) -> None:
    """Two members of Lede, with all that a municipality has."""
    for _ in range(2):
        await world.resident(credit_cents=500)
    await world.execute("UPDATE identity.person SET refnis = $1", LEDE)
    await world.execute("UPDATE passes.membership SET refnis = $1", LEDE)
    await world.execute("UPDATE credits.programme_version SET refnis = ARRAY[$1, $2]", LEDE, NINOVE)
    await world.execute(
        "INSERT INTO organisers.venue (region_id, id, name, refnis) VALUES (1, $1, 'De Volkskring', $2)",
        uuid4(), LEDE,
    )  # fmt: skip
    await world.sign_in_staff("clerk", refnis=LEDE)


async def places(world: World) -> dict[str, set[str]]:
    """Where everything is, by table."""
    queries = {
        "person": "SELECT refnis FROM identity.person WHERE refnis IS NOT NULL",
        "member": "SELECT refnis FROM passes.membership WHERE refnis IS NOT NULL",
        "role": "SELECT refnis FROM identity.role WHERE refnis IS NOT NULL",
        "venue": "SELECT refnis FROM organisers.venue WHERE refnis IS NOT NULL",
        "region": "SELECT refnis FROM uit.region_municipality WHERE region_id = 1",
    }
    return {name: {row["refnis"] for row in await world.rows(query)} for name, query in queries.items()}


async def test_people_staff_programmes_and_venues_follow_into_the_new_one(
    world: World, settings: Settings, capsys: Said
) -> None:
    await inhabited(world)

    assert await typed(settings, *MERGE) == 0

    said = capsys.readouterr().out
    assert said == f"Went {FOLLOWED}"
    everywhere = {name: {AALST} for name in ("person", "member", "role", "venue")}
    assert await places(world) == everywhere | {"region": {AALST, NINOVE}}
    versions = await world.rows("SELECT version, refnis FROM credits.programme_version ORDER BY version")
    assert [tuple(row) for row in versions] == [(1, [LEDE, NINOVE]), (2, [AALST, NINOVE])]
    [act] = await world.rows("SELECT region_id, actor_id, act, subject_id, facts FROM uit.audit")
    assert [*act[:4], json.loads(act[4])] == [
        1, "operator", "municipality.merge", LEDE, {"into": AALST, "persons": 2, "members": 2},
    ]  # fmt: skip


async def test_a_clerk_of_the_old_one_helps_its_people_and_cannot_choose_it_any_more(
    world: World, settings: Settings
) -> None:
    await inhabited(world)
    await typed(settings, *MERGE)
    member = await world.resident()
    await world.execute("UPDATE passes.membership SET refnis = $1 WHERE id = $2", AALST, member.membership_id)
    await world.sign_in_staff("clerk", refnis=AALST)

    form = (await world.client.get("/dender/balie/nieuw")).text

    assert (await world.client.get(page_of(member.membership_id))).status_code == 200
    assert f'value="{AALST}"' in form
    assert f'value="{LEDE}"' not in form


async def test_a_repeat_changes_nothing_and_a_dry_run_neither(
    world: World, settings: Settings, capsys: Said
) -> None:
    await inhabited(world)
    before = await places(world)

    await typed(settings, *MERGE, "--dry-run")
    dry = capsys.readouterr().out, await places(world)
    for _ in range(2):
        await typed(settings, *MERGE, "--json")

    first, again = [json.loads(part + "}") for part in capsys.readouterr().out.split("}\n")[:-1]]
    assert dry == (f"Would go {FOLLOWED}", before)
    assert (first["merged"], first["persons"], again["merged"], again["persons"]) == (True, 2, False, 0)
    assert await world.value("SELECT count(*) FROM uit.audit") == 1
    assert await world.value("SELECT max(version) FROM credits.programme_version") == 2


async def test_two_at_once_do_it_once(world: World, settings: Settings, capsys: Said) -> None:
    await inhabited(world)

    await asyncio.gather(*(typed(settings, *MERGE) for _ in range(2)))

    assert sorted(line.split()[0] for line in capsys.readouterr().out.splitlines()) == ["Known", "Went"]


@pytest.mark.parametrize(
    ("words", "exit_code", "why"),
    [
        ((LEDE, LEDE, "2026-01-01"), 2, "does not go into itself"),
        ((LEDE, "99999", "2026-01-01"), 2, "99999 is no REFNIS code"),
        ((LEDE, OOSTENDE, "2026-01-01"), 1, "in two regions"),
        ((LEDE, AALST, "2999-01-01"), 2, "still to come"),
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_with_why(
    settings: Settings, words: tuple[str, str, str], exit_code: int, why: str
) -> None:
    old, new, day = words

    said = await refused(
        settings, exit_code, "municipality", "merge", "--from", old, "--into", new, "--on", day
    )

    assert why in said


async def test_one_that_ended_goes_into_no_other_and_is_listed(
    world: World, settings: Settings, capsys: Said
) -> None:
    await typed(settings, "municipality", "list")
    await typed(settings, *MERGE)
    elsewhere = [NINOVE if word == AALST else word for word in MERGE]
    assert "Lede went into Aalst on 2026-01-01" in await refused(settings, 1, *elsewhere)
    back = ("municipality", "merge", "--from", AALST, "--into", LEDE, "--on", "2026-01-01")
    assert f"{LEDE} is no REFNIS code" in await refused(settings, 2, *back)

    await typed(settings, "municipality", "list")

    said = capsys.readouterr().out
    assert "No municipality went into another." in said
    assert [line.split() for line in said.splitlines()][-1] == ["Lede", "Aalst", "2026-01-01"]
    assert await world.value("SELECT count(*) FROM uit.municipality_merger") == 1


async def test_an_address_of_the_old_one_is_one_of_the_new(world: World, settings: Settings) -> None:
    await typed(settings, *MERGE)

    async with world.services.database.reading() as connection:
        gazetteer = await read_gazetteer(connection)

    assert [gazetteer.refnis("9340", name) for name in ("Lede", "Oordegem", "Aalst")] == [AALST] * 3


async def test_the_label_of_the_old_one_stands_with_the_new_and_its_dossier_is_read_still(
    world: World, settings: Settings
) -> None:
    town = await labelled(world, LEDE, "Lede")
    await typed(settings, *MERGE)
    await world.execute("UPDATE identity.role SET starts_at = $1", world.clock.now())
    await world._session("staff_id", town.clerk)

    old = await world.client.get(f"/labels/{LEDE}", follow_redirects=False)
    register = (await world.client.get("/labels")).text
    kept = await world.client.get(f"/labels/gemeente/{LEDE}")
    new = await world.client.get(f"/labels/gemeente/{AALST}")
    started = await world.post_form(f"/labels/gemeente/{LEDE}", dossier_id=uuid4(), kinds="day")

    assert (old.status_code, old.headers["location"]) == (308, f"/labels/{AALST}")
    assert "geldig tot" in (await world.client.get(f"/labels/{AALST}")).text
    assert (f"/labels/{AALST}" in register, f"/labels/{LEDE}" in register) == (True, False)
    assert (kept.status_code, new.status_code, started.status_code) == (200, 200, 404)


async def test_who_lives_in_the_new_one_has_not_moved(world: World, settings: Settings) -> None:
    await inhabited(world)
    await world.execute("UPDATE credits.programme_version SET on_moving = 'return'")
    await typed(settings, *MERGE)
    await open_counter(world)

    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic LIKE 'membership.%'") == 0
    assert await world.value("SELECT count(*) FROM passes.membership WHERE moved_on IS NOT NULL") == 0
