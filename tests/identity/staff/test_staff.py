"""Staff come in by invitation, and from then on with a password and a code from their phone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.builders import World
from tests.identity.steps import (
    ANOTHER,
    CLERK,
    PASSWORD,
    code_now,
    cookie_of,
    give_password,
    hire,
    invitation,
    is_inside,
    secret_behind,
)
from uit.identity.authentication import SESSION_COOKIE
from uit.identity.staff.attempts import CODES_PER_ACCOUNT_AND_ADDRESS, PASSWORDS_PER_ACCOUNT_AND_ADDRESS
from uit.identity.visitor import Role


async def test_an_invitation_leads_by_password_and_phone_to_ones_own_work(world: World) -> None:
    path = await invitation(world)

    chosen = await world.post_form(path, password=PASSWORD)
    key = await world.client.get(f"{path}/code")
    linked = await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))

    assert (chosen.status_code, chosen.headers["location"]) == (303, f"{path}/code")
    assert "<svg" in key.text
    assert (linked.status_code, linked.headers["location"]) == (303, "/team")
    assert "/dender/balie" in (await world.client.get("/team")).text


async def test_an_invitation_works_once(world: World) -> None:
    path = await invitation(world)
    await world.post_form(path, password=PASSWORD)
    await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))
    world.clock.move(timedelta(minutes=1))

    for again in (
        await world.client.get(path),
        await world.client.get(f"{path}/code"),
        await world.post_form(path, password=ANOTHER),
        await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path))),
    ):
        assert again.status_code == 410


async def test_an_invitation_works_for_three_days(world: World) -> None:
    path = await invitation(world)

    world.clock.move(timedelta(hours=71, minutes=59))
    assert (await world.client.get(path)).status_code == 200
    world.clock.move(timedelta(minutes=1))
    assert (await world.client.get(path)).status_code == 410


async def test_the_phone_comes_after_the_password(world: World) -> None:
    path = await invitation(world)

    skipped = await world.client.get(f"{path}/code", follow_redirects=False)
    forced = await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))

    assert (skipped.status_code, skipped.headers["location"]) == (303, path)
    assert forced.status_code == 410


async def test_a_wrong_code_leaves_the_invitation_as_it_was(world: World) -> None:
    path = await invitation(world)
    await world.post_form(path, password=PASSWORD)

    wrong = await world.post_form(f"{path}/code", code="000000")

    assert wrong.status_code == 403
    assert "<svg" in wrong.text
    assert (
        await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))
    ).status_code == 303


@pytest.mark.parametrize(
    "password", ["", "kort", "wachtwoord123", "aaaaaaaaaaaaaaaa", "an.claes2026!", "x" * 201]
)
async def test_an_obvious_password_is_not_taken(world: World, password: str) -> None:
    path = await invitation(world)

    answer = await world.post_form(path, password=password)

    assert answer.status_code == 422
    assert await world.value("SELECT password_hash FROM identity.staff") is None


async def test_inviting_again_replaces_the_phone_and_ends_older_sessions(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))
    old = world.client.cookies[SESSION_COOKIE]
    assert await is_inside(world, "/team")

    path = await invitation(world)
    await world.post_form(path, password=PASSWORD)
    world.client.cookies.clear()
    await world.post_form(f"{path}/code", code=code_now(world, secret_behind(world, path)))

    world.client.cookies.clear()
    world.client.cookies.set(SESSION_COOKIE, old)
    assert not await is_inside(world, "/team")
    assert await world.value("SELECT count(*) FROM identity.staff") == 1


async def test_inviting_again_gives_only_the_roles_that_are_new(world: World) -> None:
    officer = Role("programme_officer", 1, None, None)
    await invitation(world, "an@example.org", CLERK)

    await invitation(world, "An@example.org", CLERK, officer)

    roles = await world.rows("SELECT role::text FROM identity.role ORDER BY role")
    assert [role["role"] for role in roles] == ["clerk", "programme_officer"]


async def test_who_left_and_comes_back_has_the_roles_of_the_invitation_and_no_others(world: World) -> None:
    hired = await hire(world, CLERK, Role("programme_officer", 1, None, None))
    left_at = world.clock.now()
    await world.execute("UPDATE identity.staff SET ended_at = $1", left_at)
    world.clock.move(timedelta(days=100))

    await invitation(world, hired.email, Role("auditor", 1, None, None), Role("clerk", 2, None, None))

    roles = await world.rows("SELECT role::text, region_id, ends_at FROM identity.role ORDER BY 1, 2")
    assert [tuple(role) for role in roles] == [
        ("auditor", 1, None), ("clerk", 1, left_at), ("clerk", 2, None), ("programme_officer", 1, left_at),
    ]  # fmt: skip


async def test_who_comes_back_gets_in_by_the_invitation_and_not_with_an_old_password_or_session(
    world: World,
) -> None:
    hired = await hire(world)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))
    await world.execute("UPDATE identity.staff SET ended_at = $1", world.clock.now())
    world.clock.move(timedelta(minutes=2))

    path = await invitation(world, hired.email)

    assert not await is_inside(world, "/team")
    assert (await give_password(world, hired)).status_code == 403
    assert (await world.client.get(path)).status_code == 200


async def test_an_invitation_leaves_a_trace(world: World) -> None:
    await invitation(world)

    acts = await world.rows("SELECT region_id, actor_kind, act, subject_kind FROM uit.audit")
    assert [tuple(act) for act in acts] == [(1, "system", "staff.invite", "staff")]


async def test_password_and_code_let_staff_in_where_they_were_going(world: World) -> None:
    hired = await hire(world)

    first = await give_password(world, hired, wanted="/dender/balie")
    second = await world.post_form("/team/code", code=code_now(world, hired.secret), next="/dender/balie")

    assert first.headers["location"] == "/team/code?next=%2Fdender%2Fbalie"
    assert second.headers["location"] == "/dender/balie"
    assert await is_inside(world, "/team")


async def test_a_password_alone_opens_nothing_but_the_page_that_asks_for_the_code(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)

    answer = await world.client.get("/team", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/team/code?next=%2Fteam")
    assert await is_inside(world, "/team/code")
    assert not await is_inside(world, "/mijn/toegang")


async def test_the_second_factor_must_follow_within_ten_minutes(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)

    world.clock.move(timedelta(minutes=10))
    answer = await world.post_form("/team/code", code=code_now(world, hired.secret))

    assert answer.headers["location"].startswith("/team/aanmelden")


async def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(world: World) -> None:
    hired = await hire(world)

    wrong = await world.post_form("/team/aanmelden", email=hired.email, password=ANOTHER)
    unknown = await world.post_form("/team/aanmelden", email="niemand@example.org", password=PASSWORD)

    assert (wrong.status_code, unknown.status_code) == (403, 403)
    assert wrong.text.replace(hired.email, "x") == unknown.text.replace("niemand@example.org", "x")


async def test_half_an_invitation_is_no_account_yet(world: World) -> None:
    path = await invitation(world)
    await world.post_form(path, password=PASSWORD)

    answer = await world.post_form("/team/aanmelden", email="an.claes@example.org", password=PASSWORD)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "code", ["", "000000", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16"]
)
async def test_a_wrong_code_lets_nobody_in(world: World, code: str) -> None:
    hired = await hire(world)
    await give_password(world, hired)

    answer = await world.post_form("/team/code", code=code)

    assert answer.status_code == 403
    assert not await is_inside(world, "/team")


async def test_a_code_works_once(world: World) -> None:
    hired = await hire(world)
    code = code_now(world, hired.secret)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code)
    await give_password(world, hired)

    replayed = await world.post_form("/team/code", code=code)

    assert replayed.status_code == 403
    assert not await is_inside(world, "/team")


async def test_the_session_that_proves_itself_gets_a_new_secret(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)
    half = world.client.cookies[SESSION_COOKIE]

    answer = await world.post_form("/team/code", code=code_now(world, hired.secret))

    assert "Max-Age=43200" in cookie_of(answer)
    assert world.client.cookies[SESSION_COOKIE] != half
    live = await world.value(
        "SELECT count(*) FROM identity.session WHERE revoked_at IS NULL AND staff_id = $1", hired.staff_id
    )
    assert live == 2  # this one, and the one in which the invitation was accepted


async def test_a_working_day_is_twelve_hours(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))

    world.clock.move(timedelta(hours=11, minutes=59))
    assert await is_inside(world, "/team")
    world.clock.move(timedelta(minutes=1))
    assert not await is_inside(world, "/team")


async def test_guessing_a_password_is_stopped_and_the_account_is_not_locked(world: World) -> None:
    hired = await hire(world)
    for _ in range(PASSWORDS_PER_ACCOUNT_AND_ADDRESS.times):
        assert (await give_password(world, hired, ANOTHER)).status_code == 403

    stopped = await give_password(world, hired)

    assert stopped.status_code == 429
    assert int(stopped.headers["retry-after"]) <= PASSWORDS_PER_ACCOUNT_AND_ADDRESS.seconds
    world.clock.move(timedelta(seconds=PASSWORDS_PER_ACCOUNT_AND_ADDRESS.seconds))
    assert (await give_password(world, hired)).status_code == 303


async def test_guessing_a_code_is_stopped_even_with_the_right_one(world: World) -> None:
    hired = await hire(world)
    await give_password(world, hired)
    for _ in range(CODES_PER_ACCOUNT_AND_ADDRESS.times):
        await world.post_form("/team/code", code="000000")

    assert (await world.post_form("/team/code", code=code_now(world, hired.secret))).status_code == 429


async def test_a_page_of_staff_sends_a_stranger_to_their_own_sign_in(world: World) -> None:
    answer = await world.client.get("/team?a=b", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/team/aanmelden?next=%2Fteam%3Fa%3Db")


async def test_the_secret_of_the_phone_is_sealed_in_the_database(world: World) -> None:
    hired = await hire(world)

    kept = await world.value("SELECT totp_secret FROM identity.staff WHERE id = $1", hired.staff_id)

    assert hired.secret.encode() not in kept


async def test_the_team_page_names_every_role_and_where_its_desk_is(world: World) -> None:
    organiser_id = uuid4()
    await world.municipality("41002", "Aalst")
    await hire(
        world,
        Role("organiser", 2, organiser_id, None),
        Role("programme_officer", 1, None, None),
        Role("tourism_officer", 0, None, None),
        Role("municipality", 0, None, "41002"),
        Role("jury_member", 0, None, None),
    )
    hired = await hire(world)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))

    text = (await world.client.get("/team")).text

    for address in (
        f"/kust/organisaties/{organiser_id}/vandaag",
        "/dender/programmas",
        "/labels/werklijst",
        "/labels/gemeente/41002",
        "/dender/balie",
    ):
        assert f'href="{address}"' in text
    assert "Jury" in text
