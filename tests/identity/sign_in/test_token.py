"""A resident gives their own program access, and takes it back."""

import asyncio
import re

from httpx import Response

from tests.builders import World
from uit.identity.sign_in.token import create_holder_token
from uit.identity.visitor import Authenticator, Holder


def token_on(answer: Response) -> str:
    found = re.search(r'id="token">([\w-]+)<', answer.text)
    assert found
    return found[1]


def form_id_on(text: str) -> str:
    found = re.search(r'name="form_id" value="([0-9a-f-]+)"', text)
    assert found
    return found[1]


async def who_is(world: World, token: str) -> object:
    authenticator: Authenticator = world.app.state.authenticator
    return await authenticator.by_bearer(token)


async def test_a_token_is_made_shown_once_and_reads_as_its_owner(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    form_id = form_id_on((await world.client.get("/mijn/toegang")).text)

    token = token_on(await world.post_form("/mijn/toegang", form_id=form_id))

    assert await who_is(world, token) == Holder(anna.person_id)
    assert token not in (await world.client.get("/mijn/toegang")).text


async def test_many_who_come_with_one_token_at_once_are_looked_up_once(world: World) -> None:
    await world.sign_in(await world.resident())
    form_id = form_id_on((await world.client.get("/mijn/toegang")).text)
    token = token_on(await world.post_form("/mijn/toegang", form_id=form_id))
    authenticator: Authenticator = world.app.state.authenticator

    many = [asyncio.create_task(who_is(world, token)) for _ in range(20)]
    await asyncio.sleep(0)

    assert len(authenticator._lookups) == 1
    assert len(set(await asyncio.gather(*many))) == 1
    assert not authenticator._lookups


async def test_a_form_that_is_sent_twice_makes_one_token(world: World) -> None:
    await world.sign_in(await world.resident())
    form_id = form_id_on((await world.client.get("/mijn/toegang")).text)

    first, again = [token_on(await world.post_form("/mijn/toegang", form_id=form_id)) for _ in range(2)]

    assert first == again
    assert await world.value("SELECT count(*) FROM identity.access_token") == 1


async def test_the_same_form_makes_another_token_for_somebody_else(world: World) -> None:
    form_id = "0195f0a0-0000-7000-8000-000000000000"
    tokens = set()
    for _ in range(2):
        await world.sign_in(await world.resident())
        tokens.add(token_on(await world.post_form("/mijn/toegang", form_id=form_id)))

    assert len(tokens) == 2


async def test_a_token_that_is_taken_back_works_no_more(world: World) -> None:
    anna = await world.resident()
    await world.sign_in(anna)
    async with world.services.database.transaction() as tx:
        token = await create_holder_token(tx, anna.person_id, world.clock.now())
    assert await who_is(world, token)
    named = await world.value("SELECT encode(digest, 'hex') FROM identity.access_token")

    answer = await world.post_form("/mijn/toegang/intrekken", token=named)

    assert answer.status_code == 303
    assert await who_is(world, token) is None


async def test_nobody_takes_back_the_token_of_another(world: World) -> None:
    anna = await world.resident()
    async with world.services.database.transaction() as tx:
        token = await create_holder_token(tx, anna.person_id, world.clock.now())
    named = await world.value("SELECT encode(digest, 'hex') FROM identity.access_token")
    await world.sign_in(await world.resident())

    answers = [
        await world.post_form("/mijn/toegang/intrekken", token=each) for each in (named, "", "geen hex")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert await who_is(world, token) == Holder(anna.person_id)
