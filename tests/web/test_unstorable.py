"""A text that the database cannot hold is refused in words, wherever it comes in."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from tests.builders import World
from tests.test_access import address
from tests.test_audit import DESKS
from uit.web.form import read_id

NUL: Final = "a\x00b"
SEPARATOR: Final = "a\N{LINE SEPARATOR}b"
SURROGATE: Final = b'{"guest": {"name": "\\ud800", "email": "a@b.be"}}'


def spoiled(fields: dict[str, object], text: str) -> dict[str, object]:
    """The fields of a form with this typed in each that the page did not fill in itself."""
    return {name: value if read_id(str(value)) else text for name, value in fields.items()}


async def test_no_form_of_a_desk_fails_on_a_character_that_cannot_be_kept(world: World) -> None:
    failed = {}
    for desk in DESKS:
        async for deed in desk(world):
            staff_id = await world.sign_in_staff(
                deed.role,
                region_id=deed.region_id,
                organiser_id=deed.organiser_id,
                refnis=deed.refnis,
                partner_id=deed.partner_id,
            )
            await world.execute(
                "UPDATE credits.till_session SET opened_by = $2 WHERE id = $1", deed.till_session_id, staff_id
            )
            for text in (NUL, SEPARATOR):
                answer = await world.post_form(deed.address, **spoiled(deed.fields, text))
                if answer.status_code >= 500:
                    failed[f"{deed.address} {text!r}"] = answer.status_code
                for name in deed.fields:
                    one = {**deed.fields, name: text}
                    answer = await world.post_form(deed.address, **one)
                    if answer.status_code >= 500:
                        failed[f"{deed.address} {name} {text!r}"] = answer.status_code
            await world.post_form(deed.address, **deed.fields)

    assert failed == {}


async def test_no_page_fails_on_one_in_its_address(world: World) -> None:
    resident, failed = await world.resident(), {}
    for come_in in (world.sign_in(resident), world.sign_in_staff("clerk")):
        await come_in
        for path, names in pages(world):
            query = urlencode(dict.fromkeys(names, NUL))
            for asked in (f"{address(path)}?{query}", address(path).replace("dender", "den%00der")):
                answer = await world.client.get(asked, follow_redirects=False)
                if answer.status_code >= 500:
                    failed[asked] = answer.status_code

    assert failed == {}


def pages(world: World) -> list[tuple[str, list[str]]]:
    """Every address that can be asked for, with the parameters of its query."""
    return [
        (route.path_format, [*queries(handler), "waar", "plaats", "q"])
        for route in world.app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(("/schema", "/metrics"))
        for handler in route.route_handlers
        if "GET" in handler.http_methods
    ]


def queries(handler: HTTPRouteHandler) -> list[str]:
    fields: dict[str, Any] = dict(handler.parsed_fn_signature.parameters)
    return [name for name in fields if name not in {"request", "services"}]


async def test_the_forms_of_signing_in_say_so(world: World) -> None:
    for path, fields in (
        ("/aanmelden", {"email": "a\x00@b.be"}),
        ("/aanmelden", {"email": "a\N{LINE SEPARATOR}@b.be"}),
        ("/team/aanmelden", {"email": "a\x00@b.be", "password": "x"}),
        ("/team/aanmelden", {"email": "a@b.be", "password": "\x00"}),
        ("/dender/gast/nieuwe-link", {"number": "\x00", "email": "a@b.be"}),
    ):
        assert (await world.post_form(path, **fields)).status_code in {200, 403, 422}, fields


async def test_who_books_without_a_pass_is_told_which_field_it_is(world: World) -> None:
    session = await world.session(price_cents=0)
    page = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    booking = {"plaatsen-base": "1", "stap": "boek", "gezien": "0 0 0 base:1"}

    for wrong, field in (
        ({"naam": NUL, "email": "an@example.org"}, "naam"),
        ({"naam": "An", "email": "a\x00@example.org"}, "email"),
        ({"naam": "An", "email": "a\N{LINE SEPARATOR}@example.org"}, "email"),
        ({"naam": "An", "email": "a:b@x"}, "email"),
    ):
        answer = await world.post_form(page, **booking, **wrong)
        assert (answer.status_code, f'href="#{field}"' in answer.text) == (422, True), wrong
    assert await world.value("SELECT count(*) FROM reservations.booking") == 0


async def test_what_a_program_asks_in_an_address_is_refused_in_words(world: World) -> None:
    session, failed = await world.session(), {}
    headers = await world.api_client(session.organiser_id)
    for path, names in pages(world):
        query = urlencode(dict.fromkeys(names, NUL))
        answer = await world.client.get(f"{address(path)}?{query}", headers=headers, follow_redirects=False)
        if answer.status_code >= 500:
            failed[path] = answer.status_code

    assert failed == {}


async def test_json_with_half_a_character_or_nul_is_refused(world: World) -> None:
    session = await world.session(price_cents=0)
    headers = await world.api_client(session.organiser_id)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}
    where = f"/api/v1/bookings/{uuid4()}"

    half = await world.client.put(
        where, content=SURROGATE, headers={**headers, "content-type": "application/json"}
    )
    answers = [
        await world.client.put(
            where, json={"lines": [{**line, "tariff": tariff}], "guest": guest}, headers=headers
        )
        for tariff, guest in (
            (NUL, {"name": "An", "email": "a@b.be"}),
            ("base", {"name": NUL, "email": "a@b.be"}),
            ("base", {"name": "An", "email": "a\x00@b.be"}),
            ("base", {"name": "An", "email": "a:b@x"}),
            ("base", {"name": "An", "email": f"{'é' * 40}@b.be"}),
        )
    ]

    assert [each.status_code for each in (half, *answers)] == [422] * 6, [each.text for each in answers]
