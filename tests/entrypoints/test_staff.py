"""An operator invites members of staff, and ends what they may do."""

import json
from datetime import timedelta

import pytest

from tests.builders import World
from tests.entrypoints.steps import heard_it, refused, typed
from tests.identity.steps import PASSWORD, code_now, hire, is_inside, secret_behind
from tests.test_access import AALST, NINOVE
from uit.core.clock import SystemClock
from uit.core.settings import Settings
from uit.identity.authentication import SESSION_COOKIE
from uit.identity.visitor import Role

EMAIL = "an.claes@example.org"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
async def _towns(world: World) -> None:
    """Commands go by the system's clock, and so does this town."""
    world.clock.set(SystemClock().now())
    for refnis in (AALST, NINOVE):
        await world.municipality(refnis)
    await world.execute("INSERT INTO uit.region_municipality VALUES (1, $1), (2, $2)", AALST, NINOVE)


def invite(role: str, *more: str, verb: tuple[str, ...] = ("staff", "invite")) -> list[str]:
    return [*verb, EMAIL, "--name", "An Claes", "--role", role, *more]


async def roles(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT region_id, role::text, organiser_id, refnis FROM identity.role"
        " WHERE ends_at IS NULL ORDER BY region_id, role::text",
    )
    return [tuple(row) for row in rows]


async def come_in(world: World, role: str, region_id: int = 1) -> str:
    """The secret of a session of somebody with this role who works now."""
    hired = await hire(world, Role(role, region_id, None, None), email=EMAIL)
    await world.post_form("/team/aanmelden", email=EMAIL, password=PASSWORD, next="/team")
    await world.post_form("/team/code", code=code_now(world, hired.secret), next="/team")
    assert await is_inside(world, "/team")
    return world.client.cookies[SESSION_COOKIE]


async def test_a_clerk_of_one_municipality_is_invited_and_works_there(
    world: World, settings: Settings, capsys: Said
) -> None:
    assert await typed(settings, *invite("clerk", "--region", "dender", "--municipality", AALST)) == 0

    world.clock.move(timedelta(minutes=1))
    path = capsys.readouterr().out.strip().removeprefix(settings.address)
    await world.post_form(path, password=PASSWORD)
    await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))
    assert await roles(world) == [(1, "clerk", None, AALST)]
    assert (await world.client.get("/dender/balie")).status_code == 200
    [act] = await world.rows("SELECT region_id, actor_id, act FROM uit.audit WHERE act = 'staff.invite'")
    assert tuple(act) == (1, "operator", "staff.invite")


async def test_a_role_for_an_organiser_finds_its_region(world: World, settings: Settings) -> None:
    organiser_id = await world.organiser(2)
    await world.execute("INSERT INTO uit.directory VALUES ('organiser', $1, 2, NULL)", organiser_id)

    await typed(settings, *invite("organiser", "--organiser", str(organiser_id)))
    await typed(settings, *invite("box_office", "--scope", str(organiser_id), verb=("invite",)))

    assert await roles(world) == [(2, "box_office", organiser_id, None), (2, "organiser", organiser_id, None)]


async def test_the_earlier_name_still_invites(world: World, settings: Settings, capsys: Said) -> None:
    await typed(settings, *invite("tourism_officer", verb=("invite",)))
    await typed(settings, *invite("municipality", "--scope", AALST, verb=("invite",)))
    await typed(settings, *invite("programme_officer", "--region", "dender", verb=("invite",)))

    assert await roles(world) == [
        (0, "municipality", None, AALST), (0, "tourism_officer", None, None),
        (1, "programme_officer", None, None),
    ]  # fmt: skip
    assert all("/team/uitnodiging/" in line for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (invite("clerk", "--region", "polder"), "There is no region polder"),
        (invite("organiser", "--organiser", "00000000-0000-0000-0000-000000000007"), "There is no organiser"),
        (["staff", "list", "--region", "polder"], "There is no region polder"),
    ],
)
async def test_a_region_or_an_organiser_that_is_not_there_is_refused(
    settings: Settings, words: list[str], why: str
) -> None:
    assert why in await refused(settings, 1, *words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (invite("clerk"), "The role clerk holds in a region"),
        (invite("clerk", "--region", "dender", "--municipality", NINOVE), f"{NINOVE} is no REFNIS code of"),
        (invite("auditor", "--region", "dender", "--municipality", AALST), "auditor is of no municipality"),
        (invite("municipality"), "Nothing is no REFNIS code"),
        (invite("organiser", "--region", "dender"), "add --organiser with its id"),
        (invite("clerk", "--region", "dender", "--organiser", "x"), "clerk is of no organiser"),
        (["staff", "invite", "a b@x", "--name", "An", "--role", "assessor"], "is no e-mail address"),
        (["staff", "invite", EMAIL, "--name", " ", "--role", "assessor"], "Say how colleagues know them"),
    ],
)
async def test_what_does_not_fit_is_said_and_nobody_is_invited(
    world: World, settings: Settings, words: list[str], why: str
) -> None:
    assert why in await refused(settings, 2, *words)
    assert await world.value("SELECT count(*) FROM identity.staff") == 0


async def test_who_is_ended_is_out_at_once_and_their_invitations_with_them(
    world: World, settings: Settings, capsys: Said
) -> None:
    await come_in(world, "clerk")
    await typed(settings, *invite("auditor", "--region", "dender"))
    path = capsys.readouterr().out.strip().removeprefix(settings.address)

    assert await typed(settings, "staff", "end", EMAIL) == 0

    await heard_it(world)
    assert not await is_inside(world, "/team")
    said = capsys.readouterr().out
    assert said.startswith("Ended 2 roles and ")
    assert said.endswith(" sessions. No role is left: they are gone.\n")
    assert await roles(world) == []
    await typed(settings, *invite("auditor", "--region", "dender"))
    assert (await world.client.get(path)).status_code == 410
    [act] = await world.rows("SELECT actor_id, facts FROM uit.audit WHERE act = 'staff.end'")
    assert (act[0], json.loads(act[1])) == ("operator", {"roles": 2, "gone": True})


async def test_one_role_in_one_region_ends_and_the_others_stay(world: World, settings: Settings) -> None:
    await come_in(world, "clerk")
    for region in ("dender", "kust"):
        await typed(settings, *invite("auditor", "--region", region))

    await typed(settings, "staff", "end", EMAIL, "--role", "auditor", "--region", "dender", "--dry-run")
    assert await is_inside(world, "/team")
    await typed(settings, "staff", "end", EMAIL, "--role", "auditor", "--region", "dender")

    await heard_it(world)
    assert await roles(world) == [(1, "clerk", None, None), (2, "auditor", None, None)]
    assert not await is_inside(world, "/team")
    assert await world.value("SELECT ended_at IS NULL FROM identity.staff")


async def test_the_last_who_runs_a_region_stays_until_there_is_another(
    world: World, settings: Settings
) -> None:
    await come_in(world, "region_officer")
    other = ("staff", "invite", "bo@example.org", "--name", "Bo", "--role", "region_officer")
    await typed(settings, *other, "--region", "dender")

    said = await refused(settings, 1, "staff", "end", EMAIL)
    assert await is_inside(world, "/team")
    assert said.startswith("Somebody has to run the region.")
    await hire(world, Role("region_officer", 1, None, None), email="bo@example.org")
    await typed(settings, "staff", "end", EMAIL)

    assert await roles(world) == [(1, "region_officer", None, None)]


async def test_what_ended_already_is_said_and_nothing_is_changed(
    world: World, settings: Settings, capsys: Said
) -> None:
    await typed(settings, *invite("clerk", "--region", "dender"))
    await typed(settings, *invite("auditor", "--region", "dender"))
    await typed(settings, "staff", "end", EMAIL, "--role", "auditor")
    capsys.readouterr()

    assert await typed(settings, "staff", "end", EMAIL, "--role", "auditor") == 0
    await typed(settings, "staff", "end", EMAIL)
    await typed(settings, "staff", "end", EMAIL)

    first, _, last = capsys.readouterr().out.splitlines()
    assert first == "Ended already, nothing was changed. Other roles are left."
    assert last == "Ended already, nothing was changed. No role is left: they are gone."
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'staff.end'") == 2


async def test_another_invitation_says_that_the_one_before_works_no_more(
    world: World, settings: Settings, capsys: Said
) -> None:
    await typed(settings, *invite("clerk", "--region", "dender"))
    earlier = capsys.readouterr().out.strip().removeprefix(settings.address)

    await typed(settings, *invite("clerk", "--region", "dender"))

    assert "An earlier link of theirs works no more." in capsys.readouterr().err
    assert (await world.client.get(earlier)).status_code == 410


async def test_who_is_not_there_is_said(world: World, settings: Settings) -> None:
    await come_in(world, "clerk")

    for words in (("niemand@example.org",), (EMAIL, "--role", "auditor"), (EMAIL, "--region", "kust")):
        said = await refused(settings, 1, "staff", "end", *words)
        assert said.startswith("This colleague is not in the list.")


async def test_staff_are_listed_with_where_they_work(world: World, settings: Settings, capsys: Said) -> None:
    await typed(settings, *invite("clerk", "--region", "dender", "--municipality", AALST))
    capsys.readouterr()

    await typed(settings, "staff", "list", "--region", "dender")
    [_, line] = capsys.readouterr().out.splitlines()
    await typed(settings, "staff", "list", "--json")
    [member] = json.loads(capsys.readouterr().out)
    await typed(settings, "staff", "list", "--region", "kust")

    assert line.split() == [EMAIL, "An", "Claes", "invited", "clerk", "dender", AALST]
    assert [each["role"] for each in member["roles"]] == ["clerk"]
    assert capsys.readouterr().out == ""
