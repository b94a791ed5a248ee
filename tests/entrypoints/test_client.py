"""An operator says where the shop of a client stands, to which a payment page may lead back."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import World
from uit.core.settings import Settings
from uit.entrypoints.client import list_origins, set_origins
from uit.identity.client.client import NewClient, create_client

SHOP, OTHER = "https://tickets.example", "https://winkel.example:8443"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def settings(world: World) -> Settings:
    return world.services.settings


async def registered(world: World, *origins: str, region_id: int = 1) -> str:
    """The id of a client with these origins."""
    new = NewClient(region_id, "Kassa", [uuid4()], origins)
    async with world.services.database.transaction() as tx:
        return (await create_client(tx, new, world.clock.now()))[0]


async def change(
    settings: Settings, client_id: str, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()
) -> int:
    return await set_origins(settings, client_id, added=added, removed=removed, as_json=False)


async def stored(world: World, client_id: str) -> Any:
    return await world.value("SELECT return_origins FROM identity.client WHERE id = $1", client_id)


async def acts(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows(
        "SELECT region_id, actor_kind, act, subject_id, facts FROM uit.audit ORDER BY act"
    )
    return [(*row[:4], json.loads(row[4])) for row in rows]


async def test_origins_are_added_and_removed_with_a_row_in_the_audit_trail(
    world: World, settings: Settings, capsys: Said
) -> None:
    client_id = await registered(world, SHOP, region_id=2)
    capsys.readouterr()

    assert await change(settings, client_id, added=(OTHER,), removed=(SHOP,)) == 0

    assert capsys.readouterr().out == f"{OTHER}\n"
    assert await stored(world, client_id) == [OTHER]
    assert await acts(world) == [
        (2, "system", "client.origin_add", client_id, {"origin": OTHER}),
        (2, "system", "client.origin_remove", client_id, {"origin": SHOP}),
    ]


async def test_a_repeat_changes_nothing(world: World, settings: Settings) -> None:
    client_id = await registered(world)

    for _ in range(2):
        assert await change(settings, client_id, added=(SHOP,), removed=(OTHER,)) == 0

    assert await stored(world, client_id) == [SHOP]
    assert len(await acts(world)) == 1


async def test_origins_are_listed_also_for_a_program(world: World, settings: Settings, capsys: Said) -> None:
    client_id = await registered(world, OTHER, SHOP)
    capsys.readouterr()

    assert await list_origins(settings, client_id, as_json=False) == 0
    listed = capsys.readouterr().out
    assert await list_origins(settings, client_id, as_json=True) == 0

    assert listed.splitlines() == [OTHER, SHOP]
    assert json.loads(capsys.readouterr().out) == {
        "region_id": 1, "id": client_id, "name": "Kassa", "return_origins": [OTHER, SHOP],
    }  # fmt: skip


async def test_a_client_without_origins_says_what_that_means(
    world: World, settings: Settings, capsys: Said
) -> None:
    client_id = await registered(world)
    capsys.readouterr()

    await list_origins(settings, client_id, as_json=False)

    assert capsys.readouterr().out == "Kassa has no origin: no payment page leads back to it.\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("https://tickets.example/terug", " Did you mean https://tickets.example?"),
        ("https://Tickets.example", " Did you mean https://tickets.example?"),
        ("http://tickets.example", ""),
        ("*", ""),
    ],
)
async def test_what_is_no_origin_is_named_and_nothing_is_written(
    world: World, settings: Settings, capsys: Said, text: str, hint: str
) -> None:
    client_id = await registered(world, SHOP)
    capsys.readouterr()

    assert await change(settings, client_id, added=(OTHER, text), removed=(SHOP,)) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"{text} is no origin.")
    assert said.err.endswith(f"itself.{hint}\n")
    assert await stored(world, client_id) == [SHOP]


async def test_a_client_that_nobody_knows_or_that_ended_is_named(
    world: World, settings: Settings, capsys: Said
) -> None:
    ended = await registered(world, SHOP)
    await world.execute("UPDATE identity.client SET ended_at = now() WHERE id = $1", ended)
    capsys.readouterr()

    for client_id in (ended, "uit_000000000000"):
        assert await change(settings, client_id, added=(OTHER,)) == 1
        assert await list_origins(settings, client_id, as_json=False) == 1
        assert set(capsys.readouterr().err.splitlines()) == {f"There is no client {client_id}."}
    assert await stored(world, ended) == [SHOP]
    assert await acts(world) == []


async def test_where_an_origin_was_added_a_payment_page_may_lead_back_and_nowhere_else(
    world: World, settings: Settings
) -> None:
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=48)
    headers = await world.api_client(session.organiser_id)
    client_id = await world.value("SELECT id FROM identity.client")

    await change(settings, client_id, added=(SHOP,))

    answers = [await book(world, session.id, headers, f"{each}/terug") for each in (SHOP, OTHER)]
    assert [each.status_code for each in answers] == [201, 403]
    assert answers[1].json()["code"] == "reservations.return_url_foreign"
    assert await world.places_left(session) == 9


async def book(world: World, session_id: Any, headers: dict[str, str], return_url: str) -> Any:
    wanted = {
        "guest": {"name": "Lotte", "email": "lotte@example.org"},
        "lines": [{"session_id": str(session_id), "tariff": "base", "places": 1}],
        "pay_with": "desk",
        "return_url": return_url,
    }
    return await world.client.put(f"/api/v1/bookings/{uuid4()}", json=wanted, headers=headers)
