"""Pages that anybody may read: their budget, and what a cache may keep of them."""

import gzip
from collections.abc import Mapping

import pytest
from httpx import AsyncClient

from tests.builders import World, transport_to
from uit.services.limit import Limit
from uit.web.public import READS_OF_ADDRESS, READS_OF_CLIENT, has_it, reads_gzip

PLAIN = {"Accept-Encoding": "identity"}
PAGES = (
    "/",
    "/dender",
    "/dender/agenda",
    "/dender/agenda?waar=prins",
    "/hulp",
    "/labels",
    "/privacy",
    "/problems",
    "/toegankelijkheid",
)


@pytest.fixture
async def fresh(world: World) -> World:
    world.client.cookies.clear()
    return world


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_for_a_stranger_is_cacheable_and_sets_no_cookie(fresh: World, path: str) -> None:
    answer = await fresh.client.get(path)

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public")
    assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
    again = await fresh.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize(("path", "seconds"), [("/dender", 2), ("/dender/agenda", 2), ("/labels", 30)])
async def test_what_says_how_many_places_are_left_is_kept_two_seconds(
    fresh: World, path: str, seconds: int
) -> None:
    answer = await fresh.client.get(path)

    assert f"s-maxage={seconds}," in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
async def test_head_says_what_get_says_without_the_body(fresh: World, path: str) -> None:
    got = await fresh.client.get(path, headers=PLAIN)

    asked = await fresh.client.head(path, headers=PLAIN)

    assert (asked.status_code, asked.content) == (200, b"")
    assert without_date(asked.headers) == without_date(got.headers)


def without_date(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}


async def test_a_page_is_compressed_for_who_reads_that(fresh: World) -> None:
    plain = await fresh.client.get("/privacy", headers=PLAIN)

    async with (
        AsyncClient(transport=transport_to(fresh.app), base_url="http://testserver.local") as reader,
        reader.stream("GET", "/privacy", headers={"Accept-Encoding": "br, gzip"}) as answer,
    ):
        small = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) == len(small) < len(plain.content) / 2
    assert gzip.decompress(small) == plain.content
    assert "Content-Encoding" not in plain.headers


async def test_a_page_with_own_things_is_neither_kept_nor_compressed(fresh: World) -> None:
    answer = await fresh.client.get("/hulp", headers={"Cookie": "uit_session=somebody"})

    assert answer.headers["Cache-Control"] == "no-store"
    assert {"ETag", "Content-Encoding"}.isdisjoint(answer.headers)


async def test_a_page_of_an_activity_is_the_same_for_every_stranger(fresh: World) -> None:
    session = await fresh.session()
    path = f"/dender/evenementen/{session.event_id}"

    first, second = await fresh.client.get(path), await fresh.client.get(path)

    assert "In mandje" in first.text
    assert first.headers["ETag"] == second.headers["ETag"]
    assert not fresh.client.cookies


async def test_who_chose_something_reads_a_page_of_their_own(fresh: World) -> None:
    session = await fresh.session()
    await fresh.client.post(f"/dender/mandje/{session.id}", data={})

    answer = await fresh.client.get("/dender/agenda")

    assert "Mandje (1)" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


async def test_what_is_not_there_is_not_kept(fresh: World) -> None:
    answer = await fresh.client.get("/labels/00000")

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


async def test_an_address_that_reads_everything_is_asked_to_wait(fresh: World) -> None:
    for _ in range(READS_OF_ADDRESS.times):
        assert (await fresh.client.head("/privacy")).status_code == 200

    answer = await fresh.client.get("/privacy")

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= READS_OF_ADDRESS.seconds


async def test_a_program_that_searches_without_end_is_asked_to_wait(
    fresh: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uit.web.public.READS_OF_CLIENT", Limit(READS_OF_CLIENT.name, 2, 60))
    session = await fresh.session()
    headers = await fresh.api_client(session.organiser_id)

    spelled = [headers, {"Authorization": headers["Authorization"].replace("Bearer", "bearer")}, headers]
    codes = [(await fresh.client.get("/api/v1/sessions", headers=each)).status_code for each in spelled]

    assert codes == [200, 200, 429]


async def test_forms_that_every_page_leads_to_have_a_budget_and_no_cache(
    fresh: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uit.web.public.READS_OF_ADDRESS", Limit(READS_OF_ADDRESS.name, 2, 60))
    session = await fresh.session()
    begun = await fresh.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True)

    assert begun.headers["Cache-Control"] == "no-store"
    assert "uit_csrf" in fresh.client.cookies
    assert (await fresh.client.get(f"/dender/sessies/{session.id}/boeken")).status_code == 429


async def test_programs_that_ask_are_told_what_not_to_walk(fresh: World) -> None:
    answer = await fresh.client.get("/robots.txt")

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /*/sessies/\n" in answer.text


@pytest.mark.parametrize(
    ("asked", "same"),
    [('W/"a"', True), ('"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_a_tag_is_compared_weakly(asked: str, *, same: bool) -> None:
    assert has_it(asked, 'W/"a"') is same


@pytest.mark.parametrize(
    ("asked", "reads"),
    [
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("*", True),
        ("GZIP", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("identity", False),
    ],
)
def test_gzip_is_for_who_takes_it(asked: str, *, reads: bool) -> None:
    assert reads_gzip(asked) is reads
