"""The batcher alone, with work that waits until it is told to go on, however fast the machine is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

import pytest

from reservations.booking.batcher import MOST_IN_A_BATCH, Batcher, BatchFailedError
from uit.core.errors import Busy, DatabaseAway

POISON, FATAL = "poison", "fatal"


@dataclass
class Bench:
    """A batcher whose work notes each batch, waits for `go`, and answers in capitals."""

    batches: list[list[str]] = field(default_factory=list)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    batcher: Batcher[str, str] = field(init=False)
    asked: list["asyncio.Task[str | Busy | DatabaseAway]"] = field(default_factory=list)
    rests: int = 0

    async def work(self, commands: Sequence[str]) -> Sequence[str]:
        self.batches.append(list(commands))
        self.began.set()
        await self.go.wait()
        if POISON in commands:
            raise BatchFailedError from ValueError(POISON)
        if FATAL in commands:
            raise ConnectionError(FATAL)
        return [command.upper() for command in commands]

    async def rest(self) -> None:
        self.rests += 1

    async def put(self, *commands: str) -> list["asyncio.Task[str | Busy | DatabaseAway]"]:
        """Ask each in turn, and let each get as far as waiting."""
        made = [asyncio.create_task(self.batcher.submit(command)) for command in commands]
        self.asked += made
        await asyncio.sleep(0)
        return made

    async def put_while_working(self, *commands: str) -> list["asyncio.Task[str | Busy | DatabaseAway]"]:
        """Ask while a first batch is being worked on, so that these wait together."""
        await self.put("first")
        await self.began.wait()
        return await self.put(*commands)

    async def answers(self) -> list[str | Busy | DatabaseAway | BaseException]:
        self.go.set()
        return await asyncio.gather(*self.asked, return_exceptions=True)


@asynccontextmanager
async def bench(
    depth: int = 10_000, key: Callable[[str], str] = str, group: Callable[[str], str] = lambda _: ""
) -> AsyncIterator[Bench]:
    made = Bench()
    made.batcher = Batcher(made.work, group, key, depth, made.rest)
    running = asyncio.create_task(made.batcher.run())
    yield made
    running.cancel()
    await asyncio.wait([running])


def first_letter(command: str) -> str:
    return command[0]


def numbered(numbers: Iterable[int]) -> list[str]:
    return [f"ask {number}" for number in numbers]


async def test_one_ask_is_a_batch_of_one() -> None:
    async with bench() as it:
        await it.put("a")

        assert await it.answers() == ["A"]
        assert it.batches == [["a"]]


async def test_what_arrives_during_a_batch_makes_up_the_next_in_order_of_arrival() -> None:
    async with bench() as it:
        await it.put_while_working("c", "a", "b")

        assert await it.answers() == ["FIRST", "C", "A", "B"]
        assert it.batches == [["first"], ["c", "a", "b"]]


async def test_it_rests_when_nobody_waits_any_more_also_when_they_went_away() -> None:
    async with bench() as it:
        (second,) = await it.put_while_working("second")
        assert it.batcher.has_waiting()
        assert it.rests == 0

        second.cancel()
        await it.answers()
        await asyncio.sleep(0)

        assert it.batches == [["first"]]
        assert it.rests == 1


async def test_a_batch_is_never_larger_than_its_most() -> None:
    async with bench() as it:
        await it.put_while_working(*numbered(range(MOST_IN_A_BATCH + 44)))
        await it.answers()

        assert [len(each) for each in it.batches] == [1, MOST_IN_A_BATCH, 44]


async def test_two_with_one_key_never_share_a_batch_and_the_later_goes_first_next_time() -> None:
    async with bench(key=first_letter) as it:
        await it.put_while_working("a1", "b1", "a2", "c1", "a3", "b2", *numbered([]))
        await it.put("d1")

        assert await it.answers() == ["FIRST", "A1", "B1", "A2", "C1", "A3", "B2", "D1"]
        assert it.batches == [["first"], ["a1", "b1", "c1", "d1"], ["a2", "b2"], ["a3"]]


async def test_who_was_deferred_goes_before_who_came_while_they_waited() -> None:
    async with bench(key=first_letter) as it:
        _, second = await it.put_while_working("a1", "a2")
        await it.put(*(f"b{n}" for n in range(3)))
        await it.answers()

        assert second.result() == "A2"
        assert it.batches[2][0] == "a2"


async def test_who_went_away_in_time_is_not_worked_on() -> None:
    async with bench() as it:
        gone, stays = await it.put_while_working("gone", "stays")
        gone.cancel()
        await it.answers()

        assert stays.result() == "STAYS"
        assert it.batches == [["first"], ["stays"]]


async def test_who_goes_away_later_is_finished_without_them() -> None:
    async with bench() as it:
        gone, stays = await it.put("gone", "stays")
        await it.began.wait()
        gone.cancel()
        await it.answers()

        assert gone.cancelled()
        assert stays.result() == "STAYS"
        assert it.batches == [["gone", "stays"]]


async def test_who_comes_when_it_is_full_hears_when_to_come_back() -> None:
    async with bench(depth=2) as it:
        _, _, third = await it.put_while_working("a", "b", "c")

        answer = await third

        assert isinstance(answer, Busy)
        assert answer.retry_after_seconds >= 1
        assert (await it.answers())[1:3] == ["A", "B"]


async def test_a_poisonous_ask_fails_alone() -> None:
    async with bench() as it:
        _, poisonous, _ = await it.put_while_working("a", POISON, "b")
        answers = await it.answers()

        assert answers[1] == "A"
        assert answers[3] == "B"
        assert isinstance(poisonous.exception(), ValueError)
        assert it.batches[2:] == [["a"], [POISON], ["b"]]


async def test_a_failure_is_that_of_its_own_batch_only() -> None:
    async with bench(key=first_letter) as it:
        await it.put_while_working("a1", FATAL, "a2")
        answers = await it.answers()

        assert [type(answer) for answer in answers] == [str, ConnectionError, ConnectionError, str]


async def test_work_that_forgets_an_answer_does_not_stop_the_lane() -> None:
    async with bench() as it:
        good = it.batcher._answer_batch

        async def forgetful(commands: Sequence[str]) -> Sequence[str]:
            return [] if "lost" in commands else await good(commands)

        it.batcher._answer_batch = forgetful
        (lost,) = await it.put("lost")
        with pytest.raises(ValueError, match="shorter"):
            await lost
        await it.put("found")

        assert (await it.answers())[-1] == "FOUND"


async def test_who_still_waits_when_the_lane_ends_is_told_to_come_back() -> None:
    async with bench() as it:
        working, waiting = [*await it.put("a"), *await it.put("b")][:2]
        await it.began.wait()

    assert isinstance(await working, Busy)
    assert isinstance(await waiting, Busy)


async def test_many_asks_of_one_key_do_not_hold_up_the_others() -> None:
    """A batch of 256 is found behind 3,000 that have to wait; looking for it costs one pass."""
    async with bench(key=first_letter) as it:
        await it.put_while_working(*(f"a{n}" for n in range(3000)), *(f"{chr(200 + n)}" for n in range(300)))
        it.go.set()
        began = perf_counter()
        batch = it.batcher._gather()
        took = perf_counter() - began
        for command, waiting in batch:
            waiting.set_result(command)

        assert [command for command, _ in batch][:2] == ["a0", chr(200)]
        assert len(batch) == MOST_IN_A_BATCH
        assert took < 0.1
        for each in it.asked:
            each.cancel()


async def test_who_comes_after_the_batcher_ended_is_told_to_come_back_and_does_not_wait() -> None:
    async with bench() as it:
        await it.put("in time")
        await it.answers()

    assert isinstance(await it.batcher.submit("late"), Busy)


async def test_a_batch_is_of_one_group_and_groups_take_turns() -> None:
    async with bench(group=first_letter) as it:
        await it.put_while_working("d1", "k1", "d2", "k2", "d3")
        await it.put("k3")

        assert await it.answers() == ["FIRST", "D1", "K1", "D2", "K2", "D3", "K3"]
        assert it.batches == [["first"], ["d1", "d2", "d3"], ["k1", "k2", "k3"]]


async def test_a_busy_group_does_not_keep_another_waiting() -> None:
    async with bench(group=first_letter) as it:
        await it.put_while_working(*(f"d{n}" for n in range(MOST_IN_A_BATCH + 10)), "k1")
        await it.answers()

        assert [batch[0][0] for batch in it.batches] == ["f", "d", "k", "d"]
        assert [len(batch) for batch in it.batches] == [1, MOST_IN_A_BATCH, 1, 10]


async def test_what_spoils_a_batch_is_refused_alone_also_among_groups() -> None:
    async with bench(group=lambda command: "p" if command == POISON else command[0]) as it:
        await it.put_while_working("p1", POISON, "p2", "k1")

        assert [type(each) for each in await it.answers()] == [str, str, ValueError, str, str]
