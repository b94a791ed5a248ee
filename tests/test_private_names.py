"""What we use of the framework that it keeps for itself: `pyproject.toml` pins the version that has it.

When one of these fails because the pin moved, look what took the place of the name, and measure a booking.
"""

import ast
import inspect
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from httpx import AsyncClient
from litestar import Litestar, Request, Response, get
from litestar._asgi.utils import wrap_in_exception_handler
from litestar.dto import AbstractDTO
from litestar.types import ASGIApp, Receive, Scope, Send

from tests.builders import transport_to

ROOT: Final = Path(__file__).parent.parent
PRIVATE: Final = {
    "litestar._asgi.utils": "wrap_in_exception_handler",
    "litestar._openapi.schema_generation": "SchemaCreator",
}
ATTRIBUTES: Final = {"_body", "_connection_state"}
"""Of a request; what other classes call so is their own."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ("uit", "reservations", "credits", "organisers", "bench"):
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


def test_only_the_whole_request_touches_what_a_request_keeps_for_itself() -> None:
    where = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES
    }

    assert where == {"uit/web/fast_route.py"}


@get("/body")
async def body_of_later_requests(request: Request[Any, Any, Any]) -> str:
    request._body = request._connection_state.body = b"whole"
    later = Request[Any, Any, Any](request.scope)
    return f"{await request.body()!r} {await later.body()!r}"


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
    app = Litestar(
        [body_of_later_requests, failing], openapi_config=None, exception_handlers={LookupError: teapot}
    )
    async with AsyncClient(transport=transport_to(app), base_url="http://testserver.local") as made:
        yield made


async def test_a_body_that_we_put_in_a_request_is_read_from_it_and_from_one_made_later(
    client: AsyncClient,
) -> None:
    """What `WholeRequest` writes is what `body()` of the framework reads."""
    assert (await client.get("/body")).text == "b'whole' b'whole'"


async def test_what_is_raised_on_the_fast_route_is_answered_by_the_handlers_of_the_application(
    client: AsyncClient,
) -> None:
    assert (await client.get("/failing")).status_code == 418


def test_a_dto_describes_its_body_by_the_creator_of_schemas() -> None:
    parameters = inspect.signature(AbstractDTO.create_openapi_schema).parameters

    assert list(parameters) == ["field_definition", "handler_id", "schema_creator"]
