"""A passkey lets its owner in, once for each challenge, and nobody by what only looks like one."""

import json
from datetime import timedelta
from typing import Final

import pytest

from tests.builders import World
from tests.identity.staff.authenticator import PRESENT, VERIFIED, Authenticator, ceremony_on
from tests.identity.steps import Hired, code_now, give_password, hire, invitation, is_inside, secret_behind
from uit.identity.staff.passkey import LIFETIME, relying_party

HOME: Final = "/team/toegang"
SIGN_IN: Final = "/team/aanmelden"
MINUTE: Final = timedelta(minutes=1)


@pytest.fixture
async def hired(world: World) -> Hired:
    """A member of staff who is signed in with both factors, a minute ago."""
    hired = await hire(world)
    await give_password(world, hired)
    await world.post_form("/team/code", code=code_now(world, hired.secret))
    world.clock.move(MINUTE)
    return hired


async def register(world: World, hired: Hired, device: Authenticator, **changed: str) -> int:
    options, state = ceremony_on((await world.client.get(HOME)).text)
    fields = {"name": "Laptop", "code": code_now(world, hired.secret), "state": state}
    answer = await world.post_form(f"{HOME}/passkey", credential=device.make(options), **fields | changed)
    world.clock.move(MINUTE)
    return int(answer.status_code)


@pytest.fixture
async def device(world: World, hired: Hired) -> Authenticator:
    """Their passkey, in a browser that signed out."""
    made = Authenticator()
    assert await register(world, hired, made) == 303
    await world.post_form("/afmelden")
    return made


async def enter(world: World, credential: str, state: str) -> int:
    answer = await world.post_form(f"{SIGN_IN}/passkey", credential=credential, state=state)
    return int(answer.status_code)


async def asked(world: World) -> tuple[dict[str, object], str]:
    return ceremony_on((await world.client.get(SIGN_IN)).text)


async def test_a_passkey_signs_in_alone(world: World, device: Authenticator) -> None:
    options, state = await asked(world)

    assert await enter(world, device.sign(options), state) == 303
    assert await is_inside(world, "/team")
    assert "Laptop" in (await world.client.get(HOME)).text
    acts = await world.rows("SELECT act FROM uit.audit WHERE act LIKE 'staff.passkey%'")
    assert [row["act"] for row in acts] == ["staff.passkey.add"]


async def test_an_answer_works_once(world: World, device: Authenticator) -> None:
    options, state = await asked(world)
    credential = device.sign(options)
    await enter(world, credential, state)
    await world.post_form("/afmelden")

    assert await enter(world, credential, state) == 403
    assert not await is_inside(world, "/team")


async def test_an_answer_works_once_across_the_hour(world: World, device: Authenticator) -> None:
    world.clock.move(timedelta(minutes=59 - world.clock.now().minute))
    options, state = await asked(world)
    credential = device.sign(options)
    first = await enter(world, credential, state)
    await world.post_form("/afmelden")
    world.clock.move(MINUTE)

    assert (world.clock.now().minute, first) == (0, 303)
    assert await enter(world, credential, state) == 403


async def test_a_challenge_lapses(world: World, device: Authenticator) -> None:
    options, state = await asked(world)
    world.clock.move(LIFETIME + timedelta(seconds=1))

    assert await enter(world, device.sign(options), state) == 403


async def test_a_challenge_that_we_did_not_make_is_refused(world: World, device: Authenticator) -> None:
    options, state = await asked(world)
    other, _ = await asked(world)

    assert await enter(world, device.sign(other), state) == 403
    assert await enter(world, device.sign(options), state[:-1] + "g") == 403
    assert await enter(world, device.sign(options), "") == 403


async def test_a_challenge_to_make_a_passkey_is_none_to_sign_in(world: World, hired: Hired) -> None:
    made = Authenticator()
    await register(world, hired, made)
    options, state = ceremony_on((await world.client.get(HOME)).text)

    assert await enter(world, made.sign({"rpId": "testserver.local", **options}), state) == 403


@pytest.mark.parametrize("origin", ["https://kwaad.example", "http://testserver.local:81", "null"])
async def test_what_was_signed_for_another_site_is_refused(
    world: World, device: Authenticator, origin: str
) -> None:
    options, state = await asked(world)

    assert await enter(world, device.sign(options, origin), state) == 403


@pytest.mark.parametrize("flags", [0, PRESENT, VERIFIED])
async def test_a_device_that_did_not_ask_who_holds_it_is_refused(
    world: World, device: Authenticator, flags: int
) -> None:
    options, state = await asked(world)
    device.flags = flags

    assert await enter(world, device.sign(options), state) == 403


async def test_a_copy_whose_count_stays_behind_is_refused(world: World, device: Authenticator) -> None:
    for count, status in ((5, 303), (5, 403), (4, 403), (6, 303)):
        options, state = await asked(world)
        device.count = count
        assert await enter(world, device.sign(options), state) == status
        await world.post_form("/afmelden")


async def test_a_stranger_s_passkey_under_the_id_of_another_is_refused(
    world: World, device: Authenticator
) -> None:
    options, state = await asked(world)
    stranger = Authenticator()
    stranger.id = device.id

    assert await enter(world, stranger.sign(options), state) == 403


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "{}",
        "[]",
        "null",
        '{"id": 1}',
        '{"id": "é"}',
        '{"id": "AA"}',
        "[" * 10_000,
        '{"id": "\\ud800"}',
    ],
)
async def test_what_no_authenticator_made_is_refused_in_words(
    world: World, device: Authenticator, credential: str
) -> None:
    _, state = await asked(world)

    assert await enter(world, credential, state) == 403


@pytest.mark.parametrize("name", ["authenticatorData", "clientDataJSON", "signature"])
@pytest.mark.parametrize("value", ["", "AA", "é", None, 7, "A" * 5_000])
async def test_a_part_that_is_broken_is_refused_in_words(
    world: World, device: Authenticator, name: str, value: object
) -> None:
    options, state = await asked(world)
    credential = json.loads(device.sign(options))
    credential["response"][name] = value

    assert await enter(world, json.dumps(credential), state) == 403


async def test_to_make_one_asks_for_a_code_of_the_app_and_a_name(world: World, hired: Hired) -> None:
    made = Authenticator()

    assert await register(world, hired, made, code="000000") == 403
    assert await register(world, hired, made, name=" ") == 422
    assert await register(world, hired, made, state="") == 403
    assert await world.value("SELECT count(*) FROM identity.passkey") == 0


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"id": "AA"}'])
async def test_a_passkey_that_no_device_made_is_not_kept(world: World, hired: Hired, broken: str) -> None:
    _, state = ceremony_on((await world.client.get(HOME)).text)
    fields = {"name": "Laptop", "code": code_now(world, hired.secret), "state": state}

    answer = await world.post_form(f"{HOME}/passkey", credential=broken, **fields)

    assert answer.status_code == 403
    assert await world.value("SELECT count(*) FROM identity.passkey") == 0


@pytest.mark.parametrize("name", ["attestationObject", "clientDataJSON"])
@pytest.mark.parametrize(
    "value", ["", "AA", "é", None, "v" * 2_000, "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUEA"]
)
async def test_a_part_of_a_new_one_that_is_broken_is_refused_in_words(
    world: World, hired: Hired, name: str, value: object
) -> None:
    options, state = ceremony_on((await world.client.get(HOME)).text)
    credential = json.loads(Authenticator().make(options))
    credential["response"][name] = value
    fields = {"name": "Laptop", "code": code_now(world, hired.secret), "state": state}

    answer = await world.post_form(f"{HOME}/passkey", credential=json.dumps(credential), **fields)

    assert answer.status_code == 403


async def test_a_passkey_that_was_removed_opens_nothing_and_the_app_still_does(
    world: World, hired: Hired, device: Authenticator
) -> None:
    options, state = await asked(world)
    await enter(world, device.sign(options), state)
    answer = await world.post_form(f"{HOME}/passkey/verwijderen", passkey=device.id.hex())
    again = await world.post_form(f"{HOME}/passkey/verwijderen", passkey=device.id.hex())
    await world.post_form("/afmelden")
    options, state = await asked(world)

    assert (answer.status_code, again.status_code) == (303, 404)
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'staff.passkey.remove'") == 1
    assert await enter(world, device.sign(options), state) == 403
    await give_password(world, hired)
    assert (await world.post_form("/team/code", code=code_now(world, hired.secret))).status_code == 303


async def test_a_colleague_removes_nobody_else_s(world: World, device: Authenticator) -> None:
    await world.sign_in_staff("clerk")

    answer = await world.post_form(f"{HOME}/passkey/verwijderen", passkey=device.id.hex())

    assert answer.status_code == 404


async def test_who_left_or_is_invited_again_has_no_passkey_any_more(
    world: World, hired: Hired, device: Authenticator
) -> None:
    await world.execute("UPDATE identity.staff SET ended_at = $1", world.clock.now())
    options, state = await asked(world)
    left = await enter(world, device.sign(options), state)
    path = await invitation(world, hired.email)

    assert left == 403
    assert await world.value("SELECT count(*) FROM identity.passkey") == 0
    assert secret_behind(world, path)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://uit.example", ("uit.example", "https://uit.example")),
        ("http://localhost:8000", ("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
    ],
)
def test_passkeys_are_for_a_name_and_never_for_a_number(address: str, site: tuple[str, str] | None) -> None:
    party = relying_party(address)

    assert (party and (party.id, party.origin)) == site
