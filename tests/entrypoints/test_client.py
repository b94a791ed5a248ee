"""An operator says where the shop of a client stands, to which a payment page may lead back."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import World
from tests.entrypoints.steps import heard_it, refused, typed
from uit.core.clock import SystemClock
from uit.core.settings import Settings
from uit.entrypoints.client import list_origins, set_origins
from uit.entrypoints.refused import CommandRefused
from uit.identity.client.client import NewClient, create_client

SHOP, OTHER = "https://tickets.example", "https://winkel.example:8443"
Said = pytest.CaptureFixture[str]


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

    with pytest.raises(CommandRefused) as no:
        await change(settings, client_id, added=(OTHER, text), removed=(SHOP,))

    assert no.value.exit_code == 2
    assert str(no.value).startswith(f"{text} is no origin.")
    assert str(no.value).endswith(f"itself.{hint}")
    assert capsys.readouterr().out == ""
    assert await stored(world, client_id) == [SHOP]


async def test_a_client_that_nobody_knows_or_that_ended_is_named(world: World, settings: Settings) -> None:
    ended = await registered(world, SHOP)
    await world.execute("UPDATE identity.client SET ended_at = now() WHERE id = $1", ended)

    for client_id in (ended, "uit_000000000000"):
        for asked in (
            change(settings, client_id, added=(OTHER,)),
            list_origins(settings, client_id, as_json=False),
        ):
            with pytest.raises(CommandRefused, match=f"There is no client {client_id}"):
                await asked
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


# A client from its beginning to its end


async def an_organiser(world: World) -> str:
    """The id of an organiser of the Dender; commands go by the system's clock, and so does this town."""
    world.clock.set(SystemClock().now())
    return str(await world.organiser())


async def added(settings: Settings, capsys: Said, organiser: str, *more: str) -> dict[str, str]:
    """The answer to a program: an id and a secret, and nothing else."""
    capsys.readouterr()
    words = ("client", "add", "--region", "dender", "--organiser", organiser, "--name", "Kassa", *more)
    assert await typed(settings, *words, "--json") == 0
    made: dict[str, str] = json.loads(capsys.readouterr().out)
    assert made.keys() == {"client_id", "client_secret"}
    return made


async def token(world: World, made: dict[str, str]) -> dict[str, str]:
    """The headers of somebody with a new token; without one where none is given."""
    answer = await world.client.post("/oauth/token", data={"grant_type": "client_credentials", **made})
    return {"Authorization": f"Bearer {answer.json().get('access_token', '')}"}


async def status(world: World, headers: dict[str, str]) -> int:
    answer = await world.client.get("/api/v1/sessions", headers=headers)
    return int(answer.status_code)


async def test_a_client_that_is_added_asks_for_a_token_and_works(
    world: World, settings: Settings, capsys: Said
) -> None:
    organiser = await an_organiser(world)

    made = await added(settings, capsys, organiser, "--return-url", SHOP)

    assert await status(world, await token(world, made)) == 200
    assert await stored(world, made["client_id"]) == [SHOP]
    [act] = await acts(world)
    assert act == (
        *(1, "system", "client.add", made["client_id"]),
        {"organisers": 1, "scopes": "read quote book cancel check_in invoice"},
    )
    assert made["client_secret"] not in str(await world.rows("SELECT * FROM uit.audit"))


async def test_a_second_of_the_same_name_is_told_of_the_first_and_both_work(
    world: World, settings: Settings, capsys: Said
) -> None:
    organiser = await an_organiser(world)
    first = await added(settings, capsys, organiser)

    words = ("client", "add", "--region", "dender", "--organiser", organiser, "--name", "Kassa")
    assert await typed(settings, *words) == 0

    said = capsys.readouterr()
    assert f"To know: {first['client_id']} has this name too." in said.err
    assert said.out.split()[::2] == ["client_id", "client_secret"]


@pytest.mark.parametrize(
    ("more", "exit_code", "why"),
    [
        (("--organiser", "00000000-0000-0000-0000-000000000007"), 1, "is no organiser of this region"),
        (("--region", "kust"), 1, "is no organiser of this region"),
        (("--region", "polder"), 1, "There is no region polder"),
        (("--return-url", "https://tickets.example/terug"), 2, "is no origin"),
        (("--name", ""), 2, "Give the client a name"),
    ],
)
async def test_a_client_that_cannot_be_is_refused(
    world: World, settings: Settings, more: tuple[str, ...], exit_code: int, why: str
) -> None:
    organiser = await an_organiser(world)
    words = ("client", "add", "--region", "dender", "--organiser", organiser, "--name", "Kassa", *more)

    assert why in await refused(settings, exit_code, *words)

    assert await world.value("SELECT count(*) FROM identity.client") == 0


async def test_a_revoked_client_is_out_at_once_in_every_process(
    world: World, settings: Settings, capsys: Said
) -> None:
    made = await added(settings, capsys, await an_organiser(world))
    headers = await token(world, made)
    assert await status(world, headers) == 200

    assert await typed(settings, "client", "revoke", made["client_id"]) == 0

    await heard_it(world)
    assert await status(world, headers) == 401
    assert await token(world, made) == {"Authorization": "Bearer "}
    assert "1 token of it works no more" in capsys.readouterr().out
    assert await typed(settings, "client", "revoke", made["client_id"]) == 0
    assert [act[2] for act in await acts(world)] == ["client.add", "client.revoke"]


async def test_a_new_secret_ends_the_old_one_and_its_tokens(
    world: World, settings: Settings, capsys: Said
) -> None:
    made = await added(settings, capsys, await an_organiser(world))
    headers = await token(world, made)
    assert await status(world, headers) == 200

    assert await typed(settings, "client", "rotate", made["client_id"], "--json") == 0

    anew = json.loads(capsys.readouterr().out)
    await heard_it(world)
    assert await status(world, headers) == 401
    assert await token(world, made) == {"Authorization": "Bearer "}
    assert await status(world, await token(world, anew)) == 200
    assert (await acts(world))[-1][4] == {"tokens": 1}


async def test_who_never_was_is_named_and_who_ended_gets_no_secret(
    world: World, settings: Settings, capsys: Said
) -> None:
    made = await added(settings, capsys, await an_organiser(world))
    await typed(settings, "client", "revoke", made["client_id"])

    for verb in ("rotate", "revoke"):
        assert "There is no client" in await refused(settings, 1, "client", verb, "uit_000000000000")
    assert "was ended" in await refused(settings, 1, "client", "rotate", made["client_id"])


async def test_clients_are_listed_without_their_secrets(
    world: World, settings: Settings, capsys: Said
) -> None:
    made = await added(settings, capsys, await an_organiser(world), "--scope", "check_in")

    await typed(settings, "client", "list", "--region", "dender")
    await typed(settings, "client", "list", "--region", "kust")
    await typed(settings, "client", "list")

    heads, line, nobody, *everywhere = capsys.readouterr().out.splitlines()
    assert everywhere == [heads, line]
    assert line.split("  ")[:3] == [made["client_id"], "Kassa", "dender"]
    assert line.split()[-2:] == ["check_in", "-"]
    assert nobody == "Kust has no client yet. Add one with `client add`."


async def test_a_client_does_what_it_was_given_and_no_more(
    world: World, settings: Settings, capsys: Said
) -> None:
    made = await added(settings, capsys, await an_organiser(world), "--scope", "quote", "--scope", "read")
    granted = await world.client.post("/oauth/token", data={"grant_type": "client_credentials", **made})
    headers = {"Authorization": f"Bearer {granted.json()['access_token']}", "Accept-Language": "en"}

    read = await world.client.get("/api/v1/sessions", headers=headers)
    booked = await world.client.put(f"/api/v1/bookings/{uuid4()}", headers=headers, json={})

    assert granted.json()["scope"] == "read quote"
    assert read.status_code == 200
    assert (booked.status_code, booked.json()["code"]) == (403, "identity.scope_missing")
    assert booked.json()["scope"] == "book"
