"""Handlers that are called straight: counted like any, and none that needs what the short way leaves out."""

import inspect

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response
from litestar.routes import HTTPRoute
from prometheus_client import REGISTRY

from tests.builders import World
from tests.reservations.booking.test_api import body, put, stage
from uit.web.body import Strict
from uit.web.fast_route import fast_route

ROUTE = "/api/v1/bookings/{booking_id}"


def counted(status: int) -> float:
    labels = {"method": "PUT", "route": ROUTE, "status": str(status)}
    return REGISTRY.get_sample_value("uit_requests_total", labels) or 0


async def test_a_refused_request_is_counted(world: World) -> None:
    session, anna, headers = await stage(world)
    expected = {404: 1, 413: 1, 422: 2}
    before = {status: counted(status) for status in expected}

    for sealed in ("P", "x" * 1_100_000):
        await put(world, headers, body(session, anna, pass_token=sealed))
    await put(world, headers, {})
    await put(world, headers, None)

    assert {status: counted(status) - before[status] for status in expected} == expected


@pytest.mark.own_database
async def test_a_bug_is_counted_and_told_under_a_reference(world: World) -> None:
    session, anna, headers = await stage(world)
    await world.execute(
        "DROP FUNCTION reservations.lock_and_read"
        "(integer, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], boolean)"
    )
    before = counted(500)

    answer = await put(world, headers, body(session, anna))

    assert (answer.status_code, counted(500) - before) == (500, 1)
    assert answer.json()["code"] == "ground.unexpected"


async def test_who_is_called_straight_needs_nothing_that_the_short_way_leaves_out(world: World) -> None:
    handlers = [
        (route, handler)
        for route in world.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if fast_route in handler.resolve_middleware()
    ]

    assert [route.path_format for route, _ in handlers] == [ROUTE, f"{ROUTE}/changes"]
    assert [needs(route, handler) for route, handler in handlers] == [set(), set()]


def needs(route: HTTPRoute, handler: HTTPRouteHandler) -> set[str]:
    """What of a handler the short way would pass over, by name."""
    takes = set(inspect.signature(handler.fn).parameters)
    needed = {
        "csrf": not route.path.startswith("/api/"),
        "guards": handler.resolve_guards(),
        "before_request": handler.resolve_before_request(),
        "after_request": [layer for layer in handler.ownership_layers if layer.after_request],
        "after_response": handler.resolve_after_response(),
        "cache": handler.cache,
        "cookies": handler.resolve_response_cookies(),
        "parameters": takes - {*route.path_parameters, "data", "request"},
        "content": not issubclass(handler.resolve_data_dto() or object, Strict),
        "answer": not issubclass(handler.parsed_return_field.type_, Response),
    }
    return {name for name, present in needed.items() if present}
