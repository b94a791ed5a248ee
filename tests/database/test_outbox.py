"""Messages are delivered at least once, in order per key, over several workers, kills and lost leases."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.builders import World
from uit.core.clock import SetClock
from uit.core.duty_result import DutyResult
from uit.core.ids import TimeOrderedIds
from uit.database.outbox import (
    AT_ONCE,
    LENT,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Deliverer,
    GiveUp,
    Handler,
    Message,
    Topic,
    TryLater,
    in_turn,
    wait_after,
)
from uit.database.pool import Database

StartWorker = Callable[[], Coroutine[Any, Any, asyncio.subprocess.Process]]

WORKERS = 3
TOPIC = "test.told"
WRITE = """
INSERT INTO uit.outbox (region_id, id, topic, key, payload, created_at, due_at)
SELECT $1, uuidv7(), $2, key, to_json(no)::jsonb, $4, $4
FROM unnest($3::uuid[]) WITH ORDINALITY AS m (key, no)
"""


@pytest.fixture
async def outbox(world: World) -> AsyncIterator[Database]:
    made = await Database.open(world.services.settings.database_url, connections=4)
    yield made
    await made.close()


async def write(world: World, *keys: UUID, region_id: int = 1, topic: str = TOPIC) -> None:
    """A message for each key, in this order: their payloads are 1, 2, 3 and so on."""
    await world.execute(WRITE, region_id, topic, list(keys), world.clock.now())


class Receiver:
    """Takes messages in as a handler, and knows what it got in which order."""

    def __init__(self, *answers: TryLater | GiveUp | Exception | None) -> None:
        self.answers, self.got = list(answers), list[Message]()

    async def take(self, message: Message) -> TryLater | GiveUp | None:
        self.got.append(message)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def payloads(self) -> list[str]:
        return [message.payload for message in self.got]


def worker(world: World, outbox: Database, handler: Handler, *, blocks: bool = True) -> Deliverer:
    return Deliverer(outbox, world.clock, TimeOrderedIds(world.clock), {TOPIC: Topic(handler, blocks)})


async def until_nothing_is_due(deliverer: Deliverer) -> int:
    """How many were delivered."""
    delivered, result = 0, DutyResult(0, more=True)
    while result.more:
        result = await deliverer.deliver_due()
        delivered += result.count
    return delivered


async def state(world: World) -> list[tuple[object, ...]]:
    """Of each message in order: is it delivered, has it failed, and why."""
    rows = await world.rows(
        "SELECT delivered_at IS NOT NULL, failed_at IS NOT NULL, failure FROM uit.outbox ORDER BY id"
    )
    return [tuple(row) for row in rows]


DELIVERED = (True, False, None)

# One worker


async def test_what_is_due_is_delivered_once_in_order_per_key(world: World, outbox: Database) -> None:
    one, other, to = uuid4(), uuid4(), Receiver()
    await write(world, one, one, other, one)

    assert await until_nothing_is_due(worker(world, outbox, to.take)) == 4
    assert await until_nothing_is_due(worker(world, outbox, to.take)) == 0
    assert [message.payload for message in to.got if message.key == one] == ["1", "2", "4"]
    assert await state(world) == [DELIVERED] * 4


async def test_a_round_says_how_much_it_did_and_since_when_the_oldest_was_due(
    world: World, outbox: Database
) -> None:
    since = world.clock.now()
    await write(world, uuid4())
    world.clock.move(timedelta(minutes=5))
    deliverer = worker(world, outbox, Receiver().take)

    assert await deliverer.deliver_due() == DutyResult(1, since, more=True)
    assert await deliverer.deliver_due() == DutyResult(0)


async def test_what_cannot_be_delivered_now_waits_longer_each_time_and_what_is_behind_it_waits_too(
    world: World, outbox: Database
) -> None:
    key, to = uuid4(), Receiver(TryLater("away"), OSError())
    await write(world, key, key)
    deliverer = worker(world, outbox, to.take)

    await until_nothing_is_due(deliverer)
    assert await state(world) == [(False, False, "away"), (False, False, None)]
    world.clock.move(wait_after(1))
    await until_nothing_is_due(deliverer)
    assert (await state(world))[0] == (False, False, "OSError")
    world.clock.move(wait_after(2) - timedelta(seconds=1))
    assert await until_nothing_is_due(deliverer) == 0
    world.clock.move(timedelta(seconds=1))

    assert await until_nothing_is_due(deliverer) == 2
    assert to.payloads == ["1", "1", "1", "2"]
    assert [message.attempts for message in to.got] == [1, 2, 3, 1]


def test_waiting_doubles_up_to_the_longest() -> None:
    waits = [wait_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=3)


async def test_what_will_never_be_delivered_has_failed_at_once(world: World, outbox: Database) -> None:
    await write(world, uuid4())
    to = Receiver(GiveUp("no_such_address"))

    await until_nothing_is_due(worker(world, outbox, to.take))
    world.clock.move(timedelta(days=30))
    await until_nothing_is_due(worker(world, outbox, to.take))

    assert to.payloads == ["1"]
    assert await state(world) == [(False, True, "no_such_address")]


async def test_after_the_most_tries_it_has_failed(world: World, outbox: Database) -> None:
    await write(world, uuid4())
    to = Receiver(*[TryLater("away")] * MOST_ATTEMPTS)
    deliverer = worker(world, outbox, to.take)

    for _ in range(MOST_ATTEMPTS + 5):
        await until_nothing_is_due(deliverer)
        world.clock.move(LONGEST_WAIT)

    assert len(to.got) == MOST_ATTEMPTS
    assert await state(world) == [(False, True, "away")]


async def test_one_that_takes_its_worker_with_it_each_time_is_given_up_too(
    world: World, outbox: Database
) -> None:
    await write(world, uuid4())
    await world.execute("UPDATE uit.outbox SET attempts = $1", MOST_ATTEMPTS)
    to = Receiver()

    await until_nothing_is_due(worker(world, outbox, to.take))

    assert to.got == []
    assert await state(world) == [(False, True, "lease_lost_each_time")]


@pytest.mark.parametrize(("blocks", "delivered"), [(True, 0), (False, 1)])
async def test_a_failed_one_holds_up_its_key_where_the_topic_says_so(
    world: World,
    outbox: Database,
    blocks: bool,  # noqa: FBT001  pytest gives it by name
    delivered: int,
) -> None:
    key, to = uuid4(), Receiver(GiveUp("declined"))
    await write(world, key, key)

    assert await until_nothing_is_due(worker(world, outbox, to.take, blocks=blocks)) == delivered


async def test_a_topic_that_this_worker_does_not_know_waits_for_one_that_does(
    world: World, outbox: Database
) -> None:
    key, to = uuid4(), Receiver()
    await write(world, key, topic="test.invented_later")
    await write(world, key, uuid4())

    assert await until_nothing_is_due(worker(world, outbox, to.take)) == 1
    newer = {name: Topic(to.take) for name in (TOPIC, "test.invented_later")}
    deliverer = Deliverer(outbox, world.clock, TimeOrderedIds(world.clock), newer)

    assert await until_nothing_is_due(deliverer) == 2
    assert [message.topic for message in to.got] == [TOPIC, "test.invented_later", TOPIC]


# Regions


async def test_a_region_with_much_does_not_starve_one_with_little(world: World, outbox: Database) -> None:
    await write(world, *(uuid4() for _ in range(500)))
    await write(world, uuid4(), region_id=2)
    to = Receiver()

    await worker(world, outbox, to.take).deliver_due()

    assert 1 < len(to.got) <= AT_ONCE
    assert {message.region_id for message in to.got} == {1, 2}


async def test_more_regions_than_fit_in_a_round_take_turns(world: World, outbox: Database) -> None:
    regions = range(10, 10 + AT_ONCE + 5)
    for region_id in regions:
        name = f"gebied-{region_id}"
        await world.execute("INSERT INTO uit.region (id, slug, name) VALUES ($1, $2, $2)", region_id, name)
        await write(world, uuid4(), uuid4(), region_id=region_id)
    to = Receiver()
    deliverer = worker(world, outbox, to.take)

    await deliverer.deliver_due()
    await deliverer.deliver_due()

    assert {message.region_id for message in to.got} == set(regions)


READ = """
SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relid = 'uit.outbox'::regclass
"""


@pytest.mark.own_database
async def test_a_round_among_many_reads_only_a_few_rows(world: World) -> None:
    """Also before the server has counted them anew: a town that sells out waits for nobody to do so.

    The one connection says to the server what it read, before and after.
    """
    await write(world, *(uuid4() for _ in range(20_000)))
    outbox = await Database.open(world.services.settings.database_url, connections=1)
    deliverer = worker(world, outbox, Receiver().take)
    before = await rows_read(outbox)

    await deliverer._claim_round(world.clock.now())

    assert AT_ONCE <= await rows_read(outbox) - before <= AT_ONCE * 10
    await outbox.close()


async def rows_read(outbox: Database) -> int:
    async with outbox.reading() as connection:
        await connection.execute("SELECT pg_stat_force_next_flush()")
        return int(await connection.fetchval(READ))


def test_turns_go_round() -> None:
    assert in_turn([1, 2, 3], -1) == [1, 2, 3]
    assert in_turn([1, 2, 3], 2) == [3, 1, 2]
    assert in_turn([1, 2, 3], 3) == [1, 2, 3]


# Several workers


def first_times(payloads: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(payloads))


async def test_three_workers_keep_the_order_of_each_key(world: World) -> None:
    """Each worker has connections of its own; deliveries take turns with everything else."""
    keys = [uuid4() for _ in range(7)]
    await write(world, *keys * 30)
    got: dict[UUID, list[str]] = {key: [] for key in keys}
    busy: set[UUID] = set()

    async def take(message: Message) -> None:
        assert message.key not in busy
        busy.add(message.key)
        await asyncio.sleep(0)
        got[message.key].append(message.payload)
        busy.remove(message.key)

    async with AsyncExitStack() as stack:
        workers = []
        for _ in range(WORKERS):
            database = await Database.open(world.services.settings.database_url, connections=3)
            stack.push_async_callback(database.close)
            workers.append(worker(world, database, take))
        while await world.value("SELECT count(*) FROM uit.outbox WHERE delivered_at IS NULL"):
            await asyncio.gather(*map(until_nothing_is_due, workers))

    assert [len(payloads) for payloads in got.values()] == [30] * 7
    assert all(payloads == sorted(payloads, key=int) for payloads in got.values())


class Held:
    """A handler that holds each message until it is let go."""

    def __init__(self) -> None:
        self.has_one, self.go = asyncio.Event(), asyncio.Event()
        self.got: list[str] = []

    async def take(self, message: Message) -> None:
        self.got.append(message.payload)
        self.has_one.set()
        await self.go.wait()


async def test_a_lease_that_runs_out_goes_to_another_and_the_first_changes_nothing_more(
    world: World, outbox: Database
) -> None:
    key, slow, quick = uuid4(), Held(), Receiver()
    await write(world, key, key)
    late = asyncio.create_task(worker(world, outbox, slow.take).deliver_due())
    await slow.has_one.wait()

    assert await until_nothing_is_due(worker(world, outbox, quick.take)) == 0
    world.clock.move(LENT)
    held_again = Held()
    second = asyncio.create_task(worker(world, outbox, held_again.take).deliver_due())
    await held_again.has_one.wait()
    slow.go.set()
    refused = await late
    halfway = await state(world)
    held_again.go.set()
    await second

    assert (refused.count, halfway) == (0, [(False, False, None)] * 2)
    assert await until_nothing_is_due(worker(world, outbox, quick.take)) == 1
    assert (slow.got, held_again.got, quick.payloads) == (["1"], ["1"], ["2"])


@pytest.mark.parametrize("answer", [TryLater("away"), GiveUp("gone")])
async def test_a_late_no_takes_nothing_back_of_what_another_delivered(
    world: World, outbox: Database, answer: TryLater | GiveUp
) -> None:
    await write(world, uuid4())
    began, go = asyncio.Event(), asyncio.Event()

    async def say_no_late(_message: Message) -> TryLater | GiveUp:
        began.set()
        await go.wait()
        return answer

    late = asyncio.create_task(worker(world, outbox, say_no_late).deliver_due())
    await began.wait()
    world.clock.move(LENT)
    await until_nothing_is_due(worker(world, outbox, Receiver().take))
    go.set()
    await late

    assert await state(world) == [DELIVERED]


async def test_a_worker_that_is_killed_in_mid_delivery_gives_back_what_it_had(
    world: World, start_worker: StartWorker, outbox: Database
) -> None:
    """A real process. It says what it got and hangs; it is killed as the system does."""
    key, to = uuid4(), Receiver()
    await write(world, key, key, key)
    process = await start_worker()
    assert process.stdout
    assert await process.stdout.readline() == b"got 1\n"

    process.kill()
    await process.wait()
    before = await until_nothing_is_due(worker(world, outbox, to.take))
    world.clock.move(LENT)

    assert before == 0
    assert await until_nothing_is_due(worker(world, outbox, to.take)) == 3
    assert to.payloads == ["1", "2", "3"]
    assert to.got[0].attempts == 2


HANG = """
import asyncio, sys
from datetime import datetime
from uit.core.clock import SetClock
from uit.core.ids import TimeOrderedIds
from uit.database.outbox import Deliverer, Topic
from uit.database.pool import Database

async def hang(message):
    print("got", message.payload, flush=True)
    await asyncio.Event().wait()

async def main():
    clock = SetClock(datetime.fromisoformat(sys.argv[2]))
    database = await Database.open(sys.argv[1])
    await Deliverer(database, clock, TimeOrderedIds(clock), {"test.told": Topic(hang)}).deliver_due()

asyncio.run(main())
"""


@pytest.fixture
def start_worker(world: World) -> StartWorker:
    """A worker process whose deliveries never end."""
    given = world.services.settings.database_url, world.clock.now().isoformat()
    return partial(
        asyncio.create_subprocess_exec, sys.executable, "-c", HANG, *given, stdout=asyncio.subprocess.PIPE
    )


async def test_three_workers_of_which_some_die_deliver_everything_in_order(
    world: World, outbox: Database, clock: SetClock
) -> None:
    """One in five deliveries is the last of its worker: it is broken off before or after the effect."""
    keys = [uuid4() for _ in range(5)]
    await write(world, *keys * 12)
    got: dict[UUID, list[str]] = {key: [] for key in keys}
    count = 0

    async def take(message: Message) -> None:
        nonlocal count
        count += 1
        dies = count % 5 == 0
        if dies and count % 2:
            raise asyncio.CancelledError
        got[message.key].append(message.payload)
        await asyncio.sleep(0)
        if dies:
            raise asyncio.CancelledError

    while await world.value("SELECT count(*) FROM uit.outbox WHERE delivered_at IS NULL"):
        workers = [worker(world, outbox, take) for _ in range(WORKERS)]
        await asyncio.gather(*map(until_nothing_is_due, workers), return_exceptions=True)
        clock.move(LENT)

    for payloads in got.values():
        assert len(payloads) >= 12
        assert first_times(payloads) == sorted(set(payloads), key=int)
        assert payloads == sorted(payloads, key=int)
