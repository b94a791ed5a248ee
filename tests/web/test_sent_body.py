"""How many slow senders are waited for, and how much a route lets in."""

from collections.abc import Mapping
from typing import Any

from litestar.routes import HTTPRoute

from organisers.labels.dossier.answer import LONGEST
from tests.builders import World
from uit.core.errors import Busy, TooOften
from uit.web.sent_body import API_BYTES, FORM_BYTES, LONG_FORM, SlowSenders, most_bytes

LARGER = {
    "/labels/gemeente/{refnis}/dossiers/{dossier_id}/antwoorden/{part}": 1_000_000,
    "/labels/gemeente/{refnis}/dossiers/{dossier_id}/veld": 1_000_000,
    "/labels/dossiers/{dossier_id}/nakijken": 1_000_000,
    "/labels/dossiers/{dossier_id}/beslissen/{kind}": 1_000_000,
    "/stripe/webhook": 262_144,
    "/{region}/organisaties/{organiser_id}/activiteiten/{event_id}/foto": 3_200_000,
}


def test_one_address_has_its_share_and_leaves_room_for_others() -> None:
    senders = SlowSenders(most=3, most_of_address=2)

    entered = [senders.enter(address) for address in ("a", "a", "a", "b", "c")]
    senders.leave("a")

    assert [type(each) for each in entered] == [type(None), type(None), TooOften, type(None), Busy]
    assert senders.enter("c") is None


def scopes(world: World) -> Mapping[str, Any]:
    """By path, what the server knows of a request with a body."""
    return {
        route.path_format: {"route_handler": handler, "path": route.path_format}
        for route in world.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.http_methods & {"POST", "PUT"}
    }


async def test_a_route_lets_in_as_much_as_a_form_unless_it_says_why_not(world: World) -> None:
    let_in = {path: most_bytes(scope) for path, scope in scopes(world).items()}

    more = {path: most for path, most in let_in.items() if most > FORM_BYTES}
    assert {path: most for path, most in more.items() if not path.startswith("/api/")} == LARGER
    assert {most for path, most in more.items() if path.startswith("/api/")} == {API_BYTES}


def test_a_long_form_has_room_for_thirty_of_the_longest_answers() -> None:
    bytes_of_letter = 3  # a letter with an accent takes six, and few have one

    assert LONG_FORM["most_bytes"] >= 30 * LONGEST * bytes_of_letter
