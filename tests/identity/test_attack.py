"""A crowd that tries to keep somebody out of their account does not, nor gets in, nor fills their mailbox."""

from asyncio import gather
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final

import pytest
from httpx import AsyncClient

from tests.builders import World
from tests.identity.conftest import Opens, town
from tests.identity.steps import (
    ANOTHER,
    PASSWORD,
    Hired,
    ask_link,
    browser_from,
    code_now,
    give_password,
    hire,
    is_inside,
    link_in_mail,
    proof_on,
    send,
)
from uit.identity.staff.attempts import (
    CODES_PER_ACCOUNT,
    CODES_PER_ACCOUNT_AND_ADDRESS,
    PASSWORDS_PER_ACCOUNT,
    PROVED_PER_ACCOUNT,
)
from uit.services.limit import Limit
from uit.web.cookie import DEVICE_COOKIE

__all__ = ["town"]

SIGN_IN: Final = "/team/aanmelden"
MINUTE: Final = timedelta(minutes=1)
ADDRESSES: Final = [f"198.51.100.{number}" for number in range(50)]


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each password takes long to compare, so the crowd is above its limit sooner."""
    limit = Limit(PASSWORDS_PER_ACCOUNT.name, 10, PASSWORDS_PER_ACCOUNT.seconds)
    monkeypatch.setattr("uit.identity.staff.attempts.PASSWORDS_PER_ACCOUNT", limit)


@pytest.fixture
async def crowd(world: World) -> AsyncIterator[list[AsyncClient]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(browser_from(world, address)) for address in ADDRESSES]


async def guess(crowd: list[AsyncClient], hired: Hired) -> set[int]:
    """Each of the crowd tries once; how they were answered."""
    wrong = {"email": hired.email, "password": ANOTHER}
    answers = await gather(*(send(each, SIGN_IN, SIGN_IN, **wrong) for each in crowd))
    return {answer.status_code for answer in answers}


async def enter(world: World, hired: Hired, **proof: str) -> int:
    """Sign in from the browser of the world; the status of the first answer, 303 when inside after both."""
    first = await world.post_form(SIGN_IN, email=hired.email, password=PASSWORD, **proof)
    if first.status_code != 303:
        return int(first.status_code)
    second = await world.post_form("/team/code", code=code_now(world, hired.secret))
    return int(second.status_code) if await is_inside(world, "/team") else 0


async def test_the_owner_comes_in_from_a_new_device_while_fifty_addresses_guess(
    world: World, crowd: list[AsyncClient]
) -> None:
    hired = await hire(world)
    assert 429 in await guess(crowd, hired)

    stopped = await give_password(world, hired)
    proof = proof_on(stopped.text)
    _, entered = await gather(guess(crowd[:10], hired), enter(world, hired, proof=proof))

    assert stopped.status_code == 429
    assert entered == 303


async def test_the_owner_comes_in_from_a_known_device_without_proving_anything(
    world: World, crowd: list[AsyncClient]
) -> None:
    hired = await hire(world)
    assert await enter(world, hired) == 303
    known = world.client.cookies[DEVICE_COOKIE]
    await world.post_form("/afmelden")
    world.clock.move(MINUTE)
    await guess(crowd, hired)

    _, entered = await gather(guess(crowd[:10], hired), enter(world, hired))

    assert entered == 303
    assert world.client.cookies[DEVICE_COOKIE] == known


async def test_the_owner_comes_in_by_a_mailed_link_when_even_proofs_are_used_up(
    world: World, crowd: list[AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit(PROVED_PER_ACCOUNT.name, 1, PROVED_PER_ACCOUNT.seconds)
    monkeypatch.setattr("uit.identity.staff.attempts.PROVED_PER_ACCOUNT", few)
    hired = await hire(world)
    await guess(crowd, hired)
    wrong = {"email": hired.email, "password": ANOTHER}
    for _ in range(2):
        page = await world.post_form(SIGN_IN, **wrong)
        await world.post_form(SIGN_IN, **wrong, proof=proof_on(page.text))
    page = await world.post_form(SIGN_IN, **wrong)
    answer = await world.post_form(SIGN_IN, **wrong, proof=proof_on(page.text))
    assert "Mail mij een link" in answer.text
    world.mails.clear()

    await world.post_form("/team/aanmelden/link", email=hired.email)
    link = link_in_mail(world, "/team/toestel/")
    known = await world.post_form(link)

    assert answer.status_code == 429
    assert (known.status_code, await is_inside(world, "/team")) == (303, False)
    assert await enter(world, hired) == 303


async def test_who_has_the_password_does_not_get_through_the_codes_and_keeps_nobody_out(
    world: World, crowd: list[AsyncClient]
) -> None:
    hired = await hire(world)
    tried = 0
    for each in crowd[:8]:
        await send(each, SIGN_IN, SIGN_IN, email=hired.email, password=PASSWORD)
        for _ in range(CODES_PER_ACCOUNT_AND_ADDRESS.times + 1):
            answer = await send(each, "/team/code", "/team/code", code="000000")
            tried += answer.status_code == 403

    await give_password(world, hired)
    stopped = await world.post_form("/team/code", code=code_now(world, hired.secret))
    await world.post_form("/team/code/link")
    await world.post_form(link_in_mail(world, "/team/toestel/"))

    assert tried == CODES_PER_ACCOUNT.times
    assert stopped.status_code == 429
    assert (await world.post_form("/team/code", code=code_now(world, hired.secret))).status_code == 303


async def test_a_resident_comes_in_while_fifty_addresses_ask_for_their_link(
    world: World, crowd: list[AsyncClient]
) -> None:
    anna = await world.resident()

    asked = [
        await gather(*(send(each, "/aanmelden", "/aanmelden", email=anna.email) for each in crowd))
        for _ in range(3)
    ]
    own = await ask_link(world, anna.email)
    entered = await world.post_form(link_in_mail(world))

    assert {answer.status_code for round_ in asked for answer in round_} == {200}
    assert (own.status_code, entered.status_code) == (200, 303)
    assert len(world.mails) == 1
    assert await is_inside(world)


async def test_a_proof_is_for_one_account_one_place_and_one_time(
    world: World, crowd: list[AsyncClient]
) -> None:
    hired = await hire(world)
    await guess(crowd, hired)
    proof = proof_on((await give_password(world, hired)).text)

    elsewhere = await send(crowd[0], SIGN_IN, SIGN_IN, email=hired.email, password=PASSWORD, proof=proof)
    used = [
        (await world.post_form(SIGN_IN, email=hired.email, password=ANOTHER, proof=proof)).status_code
        for _ in range(2)
    ]
    lazy = proof.rpartition(":")[0] + ":0"
    answer = await world.post_form(SIGN_IN, email=hired.email, password=PASSWORD, proof=lazy)

    assert elsewhere.status_code == 429
    assert used == [403, 429]
    assert answer.status_code == 429


async def test_a_proof_works_once_across_the_hour(world: World, crowd: list[AsyncClient]) -> None:
    hired = await hire(world)
    world.clock.move(timedelta(minutes=59 - world.clock.now().minute))
    await guess(crowd, hired)
    proof = proof_on((await give_password(world, hired)).text)
    first = await world.post_form(SIGN_IN, email=hired.email, password=ANOTHER, proof=proof)
    world.clock.move(MINUTE)
    await guess(crowd, hired)

    assert (world.clock.now().minute, first.status_code) == (0, 403)
    assert await enter(world, hired, proof=proof) == 429


async def test_a_proof_lapses(world: World, crowd: list[AsyncClient]) -> None:
    hired = await hire(world)
    await guess(crowd, hired)
    proof = proof_on((await give_password(world, hired)).text)
    world.clock.move(11 * MINUTE)
    await guess(crowd, hired)

    assert await enter(world, hired, proof=proof) == 429


async def test_limits_hold_in_each_process_when_valkey_is_away(town: Opens) -> None:
    async with town(redis_url="redis://127.0.0.1:1") as world, AsyncExitStack() as stack:
        hired = await hire(world)
        crowd = [await stack.enter_async_context(browser_from(world, each)) for each in ADDRESSES]
        assert 429 in await guess(crowd, hired)

        stopped = await give_password(world, hired)

        assert stopped.status_code == 429
        assert await enter(world, hired, proof=proof_on(stopped.text)) == 303


async def test_an_account_that_is_not_there_is_answered_the_same(
    world: World, crowd: list[AsyncClient]
) -> None:
    known, unknown = await hire(world), "niemand@example.org"
    for email in (known.email, unknown):
        await gather(*(send(each, SIGN_IN, SIGN_IN, email=email, password=ANOTHER) for each in crowd))

    pages = [
        (await world.post_form(SIGN_IN, email=email, password=ANOTHER)) for email in (known.email, unknown)
    ]
    links = [(await world.post_form("/team/aanmelden/link", email=email)) for email in (known.email, unknown)]

    assert [page.status_code for page in pages] == [429, 429]
    assert links[0].text == links[1].text
    assert [mail["To"] for mail in world.mails] == [known.email]


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43 + "." + "0" * 32])
async def test_a_device_that_was_made_up_is_not_known(
    world: World, crowd: list[AsyncClient], cookie: str
) -> None:
    hired = await hire(world)
    await guess(crowd, hired)
    world.client.cookies.set(DEVICE_COOKIE, cookie)

    assert (await give_password(world, hired)).status_code == 429


async def test_a_device_that_is_known_to_another_is_not_known(world: World, crowd: list[AsyncClient]) -> None:
    other = await hire(world, email="bob@example.org")
    assert await enter(world, other) == 303
    await world.post_form("/afmelden")
    kept = world.client.cookies[DEVICE_COOKIE]
    world.client.cookies.clear()
    hired = await hire(world)
    world.client.cookies.set(DEVICE_COOKIE, kept)
    await guess(crowd, hired)

    assert (await give_password(world, hired)).status_code == 429


async def test_what_is_kept_of_a_device_says_nothing_of_who_has_it(world: World) -> None:
    hired = await hire(world)
    await enter(world, hired)

    cookie = world.client.cookies[DEVICE_COOKIE]
    kept = await world.value("SELECT string_agg(to_jsonb(d)::text, '') FROM identity.device AS d")

    assert hired.email not in cookie
    assert str(hired.staff_id).replace("-", "") not in cookie
    assert cookie.partition(".")[0] not in kept


async def test_signing_out_everywhere_knows_no_device_any_more(world: World) -> None:
    await enter(world, await hire(world))

    await world.post_form("/afmelden/overal")

    assert await world.value("SELECT count(*) FROM identity.device") == 0
