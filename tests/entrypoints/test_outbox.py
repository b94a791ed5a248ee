"""An operator sees what could not be delivered, and decides."""

import json
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from uit.core.ids import TimeOrderedIds
from uit.core.settings import Settings
from uit.database.outbox import Deliverer, GiveUp, Message, Topic
from uit.entrypoints.outbox import Verb, decide_on, list_failed
from uit.entrypoints.refused import CommandRefused

VERBS: tuple[Verb, ...] = ("retry", "drop")
WRITE = """
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at)
VALUES ($1, uuidv7(), 'x', $2, '{}', $3, $3) RETURNING id
"""


async def refuse(_message: Message) -> GiveUp:
    return GiveUp("ground.mail_refused 550")


def deliverer(world: World, *, blocks: bool = True) -> Deliverer:
    ids = TimeOrderedIds(world.clock)
    return Deliverer(world.services.database, world.clock, ids, {"x": Topic(refuse, blocks)})


async def write(world: World, key: UUID, *, region_id: int = 1) -> UUID:
    """The id of a message that waits; later ones have a higher id."""
    message_id: UUID = await world.value(WRITE, region_id, key, world.clock.now())
    return message_id


async def failed(world: World, key: UUID, *, region_id: int = 1) -> UUID:
    """The id of a message that was refused for good."""
    message_id = await write(world, key, region_id=region_id)
    await deliverer(world).deliver_due()
    return message_id


async def acts(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows("SELECT region_id, actor_kind, actor_id, act, subject_id, facts FROM uit.audit")
    return [(*row[:5], json.loads(row[5])) for row in rows]


async def test_the_list_says_where_what_about_what_how_often_since_when_and_why(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    message_id = await failed(world, key, region_id=2)
    await write(world, key, region_id=2)
    capsys.readouterr()

    assert await list_failed(settings, as_json=False) == 0

    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "region", "topic", "key", "tries", "since", "waiting", "reason"]
    assert row.split() == [
        *(str(message_id), "kust", "x", str(key), "1", "2026-03-02", "09:00", "1"),
        *("ground.mail_refused", "550"),
    ]


async def test_a_program_reads_the_same(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    key = uuid4()
    message_id = await failed(world, key)
    capsys.readouterr()

    await list_failed(settings, as_json=True)

    (read,) = json.loads(capsys.readouterr().out)
    assert read == {
        "region_id": 1, "region": "dender", "id": str(message_id), "topic": "x", "key": str(key),
        "attempts": 1, "failed_at": "2026-03-02T09:00:00Z", "reason": "ground.mail_refused 550", "waiting": 0,
    }  # fmt: skip


async def test_when_nothing_failed_the_list_says_so(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await list_failed(settings, as_json=False)
    await list_failed(settings, as_json=True)

    assert capsys.readouterr().out == "Nothing failed.\n[]\n"


async def test_one_that_is_retried_is_delivered_anew_and_the_audit_trail_knows(
    world: World, settings: Settings
) -> None:
    key = uuid4()
    retried, stays = await failed(world, key), await failed(world, uuid4())

    assert await decide_on(settings, "retry", str(retried)) == 0

    rows = await world.rows("SELECT id, attempts FROM uit.outbox WHERE failed_at IS NULL")
    assert [tuple(row) for row in rows] == [(retried, 0)]
    facts = {"topic": "x", "key": str(key), "attempts": 1, "reason": "ground.mail_refused 550"}
    assert await acts(world) == [(1, "system", "operator", "message.retry", str(retried), facts)]
    assert await world.value("SELECT failed_at IS NOT NULL FROM uit.outbox WHERE id = $1", stays)


async def test_all_can_be_retried(world: World, settings: Settings) -> None:
    for region_id in (1, 2, 1):
        await failed(world, uuid4(), region_id=region_id)

    assert await decide_on(settings, "retry", "all") == 0

    assert await world.value("SELECT count(*) FROM uit.outbox WHERE failed_at IS NOT NULL") == 0
    assert sorted(act[0] for act in await acts(world)) == [1, 1, 2]  # type: ignore[type-var]


async def test_one_that_is_dropped_is_gone_and_what_waited_behind_it_goes_on(
    world: World, settings: Settings
) -> None:
    key = uuid4()
    dropped, behind = await failed(world, key), await write(world, key)
    before = await deliverer(world).deliver_due()

    assert await decide_on(settings, "drop", str(dropped)) == 0

    assert not before.more
    assert (await deliverer(world).deliver_due()).more
    assert [row[0] for row in await world.rows("SELECT id FROM uit.outbox")] == [behind]
    assert [act[3:5] for act in await acts(world)] == [("message.drop", str(dropped))]


@pytest.mark.parametrize("wanted", ["all", "00000000-0000-0000-0000-000000000007", "x"])
async def test_what_is_dropped_is_named_and_has_failed(world: World, settings: Settings, wanted: str) -> None:
    await failed(world, uuid4())

    with pytest.raises(CommandRefused, match="Nothing that failed has the id"):
        await decide_on(settings, "drop", wanted)

    assert await world.value("SELECT count(*) FROM uit.outbox") == 1
    assert await acts(world) == []


async def test_what_waits_or_was_delivered_is_no_operators_business(world: World, settings: Settings) -> None:
    message_id = await write(world, uuid4())

    for verb in VERBS:
        with pytest.raises(CommandRefused, match="Nothing that failed has the id"):
            await decide_on(settings, verb, str(message_id))


async def test_one_region_is_listed_and_tried_again_without_the_others(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = await failed(world, uuid4()), await failed(world, uuid4(), region_id=2)
    capsys.readouterr()

    assert await list_failed(settings, "kust", as_json=True) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == [str(there)]
    assert await decide_on(settings, "retry", "all", "kust") == 0

    assert await world.value("SELECT id FROM uit.outbox WHERE failed_at IS NOT NULL") == here
    assert [act[0] for act in await acts(world)] == [2]
    with pytest.raises(CommandRefused, match="There is no region polder"):
        await decide_on(settings, "retry", "all", "polder")


async def test_a_dry_run_names_what_would_be_tried_again_and_changes_nothing(
    world: World, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    message_id = await failed(world, uuid4())
    capsys.readouterr()

    assert await decide_on(settings, "retry", "all", dry_run=True) == 0

    assert str(message_id) in capsys.readouterr().out
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE failed_at IS NOT NULL") == 1
    assert await acts(world) == []
