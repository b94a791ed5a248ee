"""What a client may do: each operation of the API takes one scope, and says which."""

import re
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from tests.builders import World
from uit.identity.client.scope import EVERY_SCOPE
from uit.identity.visitor import Client


def operations(world: World) -> list[tuple[str, str, str, Any]]:
    """Method, path, scope and described security of every operation for clients."""
    return [
        (str(method), route.path_format, handler.opt["access"].scope, handler.security)
        for route in world.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if Client in getattr(handler.opt.get("access"), "kinds", ())
        for method in handler.http_methods - {"HEAD", "OPTIONS"}
    ]


async def test_every_operation_for_clients_is_described_with_the_scope_that_it_takes(world: World) -> None:
    found = operations(world)

    assert {scope for _, _, scope, _ in found} == set(EVERY_SCOPE)
    assert [path for _, path, scope, security in found if security != [{"client": [scope]}]] == []


@pytest.mark.parametrize("given", EVERY_SCOPE)
async def test_a_client_with_one_scope_gets_in_there_and_nowhere_else(world: World, given: str) -> None:
    headers = await world.api_client(await world.organiser())
    await world.execute("UPDATE identity.client SET scopes = ARRAY[$1]", given)
    refused: dict[str, set[bool]] = {}
    for method, path, scope, _ in operations(world):
        address = re.sub(r"\{\w+(:\w+)?\}", SOME_ID, path)
        answer = await world.client.request(method, address, headers=headers, json=None)
        refused.setdefault(scope, set()).add(is_scope_missing(answer))

    assert refused == {scope: {scope != given} for scope in EVERY_SCOPE}


SOME_ID = "00000000-0000-4000-8000-000000000007"


def is_scope_missing(answer: Any) -> bool:
    return bool(answer.status_code == 403) and bool(answer.json()["code"] == "identity.scope_missing")
