"""Integrators' systems get a token for an hour (RFC 6749)."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

import pytest
from httpx import Response

from tests.builders import World
from tests.test_refusals import examples
from uit.identity.client.api import ERRORS, TOKENS_PER_CLIENT
from uit.identity.client.client import NewClient, create_client
from uit.web.problem import words_of

GRANT = {"grant_type": "client_credentials"}
WRONG = "mis"


async def register(world: World) -> tuple[str, str]:
    session = await world.session()
    async with world.services.database.transaction() as tx:
        return await create_client(tx, NewClient(1, "Kassa", [session.organiser_id]), world.clock.now())


async def test_a_client_is_registered_with_the_origins_of_its_shop_and_nothing_vaguer(world: World) -> None:
    organiser_id, now = await world.organiser(), world.clock.now()
    shop = NewClient(1, "Kassa", [organiser_id], ["https://tickets.example"])
    vague = NewClient(1, "Kassa", [organiser_id], ["https://tickets.example/terug"])

    async with world.services.database.transaction() as tx:
        client_id, _ = await create_client(tx, shop, now)
    with pytest.raises(AssertionError):
        async with world.services.database.transaction() as tx:
            await create_client(tx, vague, now)

    known = await world.rows("SELECT id, return_origins FROM identity.client")
    assert [tuple(each) for each in known] == [(client_id, ["https://tickets.example"])]


def basic(client_id: str, secret: str) -> dict[str, str]:
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


async def ask(world: World, headers: Mapping[str, str] | None = None, /, **fields: str) -> Response:
    return await world.client.post("/oauth/token", data=fields, headers=headers)


async def works(world: World, token: str) -> bool:
    answer = await world.client.get("/api/v1/sessions", headers={"Authorization": f"Bearer {token}"})
    return bool(answer.status_code == 200)


async def test_a_secret_in_the_header_gives_a_token_that_works_for_an_hour(world: World) -> None:
    client_id, secret = await register(world)

    answer = await ask(world, basic(client_id, secret), **GRANT)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert (document["token_type"], document["expires_in"]) == ("Bearer", 3600)
    assert await works(world, document["access_token"])
    world.clock.move(timedelta(hours=1))
    assert not await works(world, document["access_token"])


async def test_a_secret_in_the_body_does_the_same(world: World) -> None:
    client_id, secret = await register(world)

    answer = await ask(world, client_id=client_id, client_secret=secret, **GRANT)

    assert await works(world, answer.json()["access_token"])


async def test_a_wrong_secret_and_an_unknown_client_get_the_same_answer(world: World) -> None:
    client_id, secret = await register(world)

    wrong = await ask(world, client_id=client_id, client_secret=WRONG, **GRANT)
    unknown = await ask(world, basic("uit_niemand", secret), **GRANT)

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()
    assert (wrong.json()["error"], wrong.json()["code"]) == ("invalid_client", "identity.client_unknown")
    assert unknown.headers["www-authenticate"] == 'Basic realm="uit"'


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic YWJj", "Basic /w==", "Bearer abc", "Basic é", "Basic AGE6Yg=="]
)
async def test_a_header_that_cannot_be_read_is_an_unknown_client(world: World, header: str) -> None:
    answer = await world.client.post(
        "/oauth/token", data=GRANT, headers=[(b"Authorization", header.encode())]
    )

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("fields", [{}, {"client_id": "a"}, {"client_secret": "b"}])
async def test_half_a_question_is_an_invalid_request(world: World, fields: dict[str, str]) -> None:
    answer = await ask(world, **GRANT, **fields)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_two_ways_of_proving_oneself_at_once_are_refused(world: World) -> None:
    client_id, secret = await register(world)

    answer = await ask(world, basic(client_id, secret), client_id=client_id, client_secret=secret, **GRANT)

    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    "content", ["", "grant_type=", "client_id=a", f"grant_type={'x' * 201}", "grant_type=a&grant_type=b"]
)
async def test_a_parameter_that_is_missing_or_cannot_be_read_is_an_invalid_request(
    world: World, content: str
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await world.client.post("/oauth/token", content=content, headers=form)

    document = answer.json()
    assert (answer.status_code, document["error"]) == (400, "invalid_request")
    assert answer.headers["cache-control"] == "no-store"
    assert document["code"] == "identity.parameter_wrong"
    assert document["error_description"].startswith(("grant_type is missing", "We cannot read grant_type"))


async def test_a_body_that_is_no_form_is_an_invalid_request(world: World) -> None:
    answer = await world.client.post("/oauth/token", json=GRANT)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "there is no form" in answer.json()["error_description"]


async def test_a_scope_is_refused_rather_than_passed_over(world: World) -> None:
    client_id, secret = await register(world)

    asked = await ask(world, client_id=client_id, client_secret=secret, scope="bookings:write", **GRANT)
    empty = await ask(world, client_id=client_id, client_secret=secret, scope="", **GRANT)

    assert (asked.status_code, asked.json()["error"]) == (400, "invalid_scope")
    assert empty.status_code == 200


def test_an_error_is_described_in_the_characters_that_the_rfc_allows() -> None:
    """RFC 6749, 5.2: printable ASCII without the double quote and the backslash."""
    said = [words_of(refusal, "en") for kind in ERRORS for refusal in examples(kind)]

    assert all(re.fullmatch(r"[ !#-\[\]-~]+", f"{words.detail} {words.next}") for words in said)


@pytest.mark.parametrize("grant", ["password", "authorization_code"])
async def test_no_other_grant_is_given(world: World, grant: str) -> None:
    client_id, secret = await register(world)

    answer = await ask(world, grant_type=grant, client_id=client_id, client_secret=secret)

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_client_that_has_ended_gets_no_token(world: World) -> None:
    client_id, secret = await register(world)
    await world.execute("UPDATE identity.client SET ended_at = $1", world.clock.now())

    assert (await ask(world, client_id=client_id, client_secret=secret, **GRANT)).status_code == 401


async def test_asking_too_often_is_refused_with_a_time_to_wait(world: World) -> None:
    client_id, secret = await register(world)
    for _ in range(TOKENS_PER_CLIENT.times):
        await ask(world, client_id=client_id, client_secret=WRONG, **GRANT)

    answer = await ask(world, client_id=client_id, client_secret=secret, **GRANT)

    assert (answer.status_code, answer.json()["code"]) == (429, "ground.too_often")
    assert 0 < int(answer.headers["retry-after"]) <= 60


async def test_neither_secret_nor_token_is_kept(world: World) -> None:
    client_id, secret = await register(world)
    token = (await ask(world, client_id=client_id, client_secret=secret, **GRANT)).json()["access_token"]

    kept = await world.value(
        "SELECT string_agg(t::text, '') FROM (SELECT to_jsonb(c) FROM identity.client AS c"
        " UNION ALL SELECT to_jsonb(a) FROM identity.access_token AS a) AS t"
    )
    assert client_id in kept
    assert secret not in kept
    assert token not in kept


async def test_an_api_without_a_token_says_how_to_prove_oneself(world: World) -> None:
    answer = await world.client.get("/api/v1/sessions")

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "identity.token_needed"
