"""What we use of the framework that it keeps for itself: `pyproject.toml` pins the version that has it.

When one of these fails because the pin moved, look what took the place of the name, and measure a booking.
"""

import ast
import inspect
from collections.abc import AsyncIterator, Iterator
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from httpx import AsyncClient
from litestar import Litestar, Request, Response, get, post
from litestar._asgi.utils import wrap_in_exception_handler
from litestar._parsers import parse_cookie_string
from litestar.dto import AbstractDTO
from litestar.params import URLEncodedBody
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from tests.builders import transport_to

ROOT: Final = Path(__file__).parent.parent
PRIVATE: Final = {
    "litestar._asgi.utils": "wrap_in_exception_handler",
    "litestar._openapi.schema_generation": "SchemaCreator",
    "litestar._parsers": "parse_cookie_string",
}
INTERNAL: Final = "litestar.utils.scope.state"
"""Has no underscore, and says of itself that it may change."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ("uit", "reservations", "credits", "organisers", "bench", "attack"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_the_private_modules_that_we_import_are_these() -> None:
    found = {
        node.module: alias.name
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "._" in node.module
        for alias in node.names
    }

    assert found == PRIVATE


@pytest.mark.parametrize(("module", "name"), PRIVATE.items())
def test_a_private_name_is_there(module: str, name: str) -> None:
    assert hasattr(import_module(module), name)


def test_what_a_request_keeps_for_itself_is_written_where_it_is_read_from_the_network_alone() -> None:
    where = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == INTERNAL
    }

    assert where == {"uit/web/sent_body.py", "uit/web/sent_form.py"}


def test_cookies_are_read_by_a_function_that_the_framework_wraps_in_a_cache() -> None:
    assert isinstance(parse_cookie_string, _lru_cache_wrapper)


def put_in_scope(app: ASGIApp) -> ASGIApp:
    """What our middleware does, with what nobody sent."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        state = ScopeState.from_scope(scope)
        state.body, state.form = b"whole", {"name": "value"}
        state.cookies, state.parsed_query = {"cookie": "value"}, (("query", "value"),)
        await app(scope, receive, send)

    return ask


@post("/put", middleware=[put_in_scope], status_code=200)
async def what_was_put(request: Request[Any, Any, Any], data: URLEncodedBody[dict[str, str]]) -> str:
    form = dict(await request.form())
    return f"{await request.body()!r} {data} {form} {request.cookies} {dict(request.query_params)}"


async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise LookupError


def straight_to_failing(app: ASGIApp) -> ASGIApp:
    return wrap_in_exception_handler(fail)


@get("/failing", middleware=[straight_to_failing])
async def failing() -> None: ...


def teapot(_request: Request[Any, Any, Any], _wrong: Exception) -> Response[str]:
    return Response("", status_code=418)


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    """An application of the framework and nothing of ours."""
    app = Litestar([what_was_put, failing], openapi_config=None, exception_handlers={LookupError: teapot})
    async with AsyncClient(transport=transport_to(app), base_url="http://testserver.local") as made:
        yield made


async def test_what_we_put_in_the_scope_is_what_a_request_reads(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "cookie=sent"}

    answer = await client.post("/put?query=sent", content="name=sent", headers=headers)

    form = {"name": "value"}
    assert answer.text == f"b'whole' {form} {form} {{'cookie': 'value'}} {{'query': 'value'}}"


async def test_what_is_raised_on_the_fast_route_is_answered_by_the_handlers_of_the_application(
    client: AsyncClient,
) -> None:
    assert (await client.get("/failing")).status_code == 418


def test_a_dto_describes_its_body_by_the_creator_of_schemas() -> None:
    parameters = inspect.signature(AbstractDTO.create_openapi_schema).parameters

    assert list(parameters) == ["field_definition", "handler_id", "schema_creator"]
