"""What was said of a day outside the database, and what is found when somebody rewrites it inside."""

import os
from asyncio import gather
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from msgspec import UNSET
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from credits.anchors.anchor import NOTHING_BEFORE, Anchor, digest_of, encode, reckon, signed
from credits.anchors.anchoring import EVER, AnchorDifference, Anchoring, LateDay, Verified
from credits.anchors.store import AnchorFolder
from tests.builders import World
from uit.services.region import Region

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)
ALL_RIGHT = Verified(4, [], [])


async def anchored(world: World, folder: Path) -> AnchorFolder:
    """Three days on which somebody books and a clerk acts, and the day after; all of it anchored."""
    store = AnchorFolder(folder)
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    for _ in range(3):
        await world.book(anna, session)
        await act(world, world.clock.now())
        world.clock.move(timedelta(days=1))
        assert await write(world, store) == 1
    world.clock.move(timedelta(days=1))
    assert await write(world, store) == 1
    return store


async def act(world: World, at: datetime) -> None:
    await world.execute(
        "INSERT INTO uit.audit"
        " (region_id, id, at, actor_kind, actor_id, act, subject_kind, subject_id, facts)"
        " VALUES (1, $1, $2, 'staff', 's', 'person.read', 'person', 'p', '{\"cents\": 5}')",
        uuid4(), at,
    )  # fmt: skip


def anchoring(world: World, store: AnchorFolder, key: bytes | None = None) -> Anchoring:
    return Anchoring(world.services.database, store, key or world.services.secrets.signing)


async def regions(world: World) -> list[Region]:
    return [each for each in await world.services.regions.every() if each.id == 1]


async def write(world: World, store: AnchorFolder) -> int:
    return await anchoring(world, store).write_missing(await regions(world), world.clock.now())


async def compared(
    world: World, store: AnchorFolder, between: tuple[date, date] = EVER, key: bytes | None = None
) -> Verified:
    return await anchoring(world, store, key).verify(await regions(world), world.clock.now(), between)


def late_days() -> float:
    return REGISTRY.get_sample_value("uit_anchors_late_total") or 0


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_every_day_that_is_over_is_said_once_and_is_as_it_was(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    before = files(tmp_path / "anchors")

    assert await write(world, store) == 0
    assert sorted(before) == [f"2026-03-0{day}.json" for day in (2, 3, 4, 5)]
    assert files(tmp_path / "anchors") == before
    assert await compared(world, store) == ALL_RIGHT


async def test_it_says_what_moved_by_kind_and_programme_and_names_nobody(
    world: World, tmp_path: Path
) -> None:
    store = await anchored(world, tmp_path / "anchors")

    said = msgspec.json.decode(await store.read("dender", FIRST), type=Anchor)

    programme_id, _ = world.programmes[1]
    moved = {(each.kind, each.programme_id): (each.debit_cents, each.credit_cents) for each in said.totals}
    assert moved["held", programme_id] == (0, 500)
    assert moved["purse", programme_id] == (500, 5000)
    assert sum(each.debit_cents - each.credit_cents for each in said.totals) == 0
    assert (said.trail.rows, said.transfers.rows) == (1, 3)
    assert b"person" not in await store.read("dender", FIRST)


@pytest.mark.parametrize(
    ("statement", "day", "why"),
    [
        ("UPDATE uit.audit SET actor_id = 'other' WHERE at::date = '2026-03-03'", 3, "trail"),
        ("UPDATE uit.audit SET facts = '{}' WHERE at::date = '2026-03-04'", 4, "trail"),
        ("DELETE FROM uit.audit WHERE at::date = '2026-03-02'", 2, "trail"),
        ("UPDATE uit.audit SET at = at + interval '1 day' WHERE at::date = '2026-03-04'", 4, "trail"),
        (
            "UPDATE credits.transfer SET amount_cents = 499 WHERE kind = 'hold' AND at::date = '2026-03-03'",
            3,
            "ledger",
        ),
        ("DELETE FROM credits.transfer WHERE kind = 'hold' AND at::date = '2026-03-02'", 2, "ledger"),
        (
            "UPDATE credits.account SET kind = 'claim' WHERE kind = 'held'",
            2,
            "ledger",
        ),
    ],
)
async def test_the_first_day_that_was_rewritten_is_said(
    world: World, tmp_path: Path, statement: str, day: int, why: str
) -> None:
    store = await anchored(world, tmp_path / "anchors")

    await world.execute(statement)

    assert (await compared(world, store)).differences == [AnchorDifference("dender", date(2026, 3, day), why)]  # type: ignore[arg-type]


async def test_only_the_days_that_are_asked_for_are_compared(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    await world.execute("DELETE FROM uit.audit WHERE at::date = '2026-03-02'")

    assert await compared(world, store, (date(2026, 3, 3), LAST)) == Verified(2, [], [])
    assert (await compared(world, store, (FIRST, FIRST))).differences == [
        AnchorDifference("dender", FIRST, "trail")
    ]


async def test_files_that_were_touched_are_found_out(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    path = tmp_path / "anchors" / "dender" / "2026-03-03.json"
    whole = path.read_bytes()

    said = {}
    for name, content in {
        "changed": whole.replace(b'"rows": 1', b'"rows": 2'),
        "of another day": (tmp_path / "anchors" / "dender" / "2026-03-04.json").read_bytes(),
        "no hex": whole.replace(b'"signature": "', b'"signature": "z'),
        "cut": whole[:50],
    }.items():
        path.write_bytes(content)
        said[name] = (await compared(world, store)).differences[0].why
    path.unlink()
    said["removed"] = (await compared(world, store)).differences[0].why

    assert said == {
        "changed": "signature",
        "of another day": "signature",
        "no hex": "signature",
        "cut": "unreadable",
        "removed": "missing",
    }


async def test_a_day_that_is_anchored_anew_does_not_fit_the_next(world: World, tmp_path: Path) -> None:
    """Who has the key, the folder and the database still has to write every later day anew."""
    store = await anchored(world, tmp_path / "anchors")
    await world.execute("UPDATE uit.audit SET actor_id = 'other' WHERE at::date = '2026-03-03'")
    kept = {day: await store.read("dender", day) for day in await store.days("dender")}
    for day in list(kept)[1:]:
        (tmp_path / "anchors" / "dender" / f"{day}.json").unlink()
    await write(world, store)
    for day in list(kept)[2:]:
        (tmp_path / "anchors" / "dender" / f"{day}.json").write_bytes(kept[day])

    assert (await compared(world, store)).differences == [AnchorDifference("dender", LAST, "chain")]


async def test_the_first_days_cannot_be_left_out(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    (tmp_path / "anchors" / "dender" / "2026-03-02.json").unlink()

    with_its_rows = await compared(world, store)
    for table in ("uit.audit", "credits.transfer"):
        await world.execute(f"UPDATE {table} SET at = at + interval '1 day' WHERE at::date = '2026-03-02'")
    without = await compared(world, store)

    assert with_its_rows.differences == [AnchorDifference("dender", FIRST, "missing")]
    assert without.differences == [AnchorDifference("dender", date(2026, 3, 3), "chain")]


async def test_files_of_days_that_are_no_longer_kept_may_go(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("credits.anchors.anchor.KEPT_YEARS", 1)
    await act(world, datetime(2025, 12, 30, 12, tzinfo=UTC))
    store = AnchorFolder(tmp_path / "anchors")
    while await write(world, store):
        pass
    for path in (tmp_path / "anchors" / "dender").glob("2025-*"):
        path.unlink()
    await world.execute("DELETE FROM uit.audit WHERE at < '2026-01-01'")

    found = await compared(world, store)
    assert (found.days, found.differences) == ((FIRST - date(2026, 1, 1)).days, [])


async def test_days_that_are_signed_anew_are_late(world: World, tmp_path: Path) -> None:
    """Who deletes the last anchors gets others of what they changed: that these were late is signed too."""
    store = await anchored(world, tmp_path / "anchors")
    for day in (3, 4, 5):
        (tmp_path / "anchors" / "dender" / f"2026-03-0{day}.json").unlink()
    await world.execute("UPDATE uit.audit SET actor_id = 'other' WHERE at::date = '2026-03-03'")
    counted = late_days()
    with capture_logs() as logs:
        await write(world, store)

    assert await compared(world, store) == Verified(
        4, [], [LateDay("dender", date(2026, 3, 3)), LateDay("dender", LAST)]
    )
    assert late_days() == counted + 2
    assert [each for each in logs if each["event"] == "anchors_written_late"] == [
        {
            "event": "anchors_written_late",
            "log_level": "warning",
            "region": "dender",
            "days": 2,
            "first": "2026-03-03",
        }
    ]


async def test_late_days_are_counted_also_when_a_later_one_cannot_be_written(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await anchored(world, tmp_path / "anchors")
    for day in (3, 4, 5):
        (tmp_path / "anchors" / "dender" / f"2026-03-0{day}.json").unlink()
    counted, write_day = late_days(), store.write

    async def write_but_the_last(region: str, day: date, content: bytes) -> None:
        if day > LAST:
            raise OSError("The folder is full.")
        await write_day(region, day, content)

    monkeypatch.setattr(store, "write", write_but_the_last)
    with pytest.raises(OSError, match="full"):
        await write(world, store)

    assert late_days() == counted + 2


async def test_anchors_that_do_not_say_when_they_were_written_still_hold(
    world: World, tmp_path: Path
) -> None:
    store = await anchored(world, tmp_path / "anchors")
    key, (region,) = world.services.secrets.signing, await regions(world)
    previous = NOTHING_BEFORE
    for day in await store.days("dender"):
        async with world.services.database.reading() as connection:
            content = encode(signed(key, await reckon(connection, region, day, previous, UNSET)))
        (tmp_path / "anchors" / "dender" / f"{day}.json").write_bytes(content)
        previous = digest_of(content)

    assert b"written_at" not in await store.read("dender", LAST)
    assert await compared(world, store) == ALL_RIGHT


async def test_a_worker_that_stands_still_is_noticed(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    world.clock.move(timedelta(days=3))

    assert (await compared(world, store)).differences == [
        AnchorDifference("dender", date(2026, 3, 6), "missing")
    ]


async def test_another_installation_signs_otherwise(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")

    assert (await compared(world, store, key=os.urandom(32))).differences == [
        AnchorDifference("dender", FIRST, "signature")
    ]


async def test_two_workers_at_once_write_a_day_once(world: World, tmp_path: Path) -> None:
    store = await anchored(world, tmp_path / "anchors")
    world.clock.move(timedelta(days=40))

    await gather(*(write(world, store) for _ in range(3)))
    await write(world, store)

    assert (await compared(world, store)).differences == []
    assert all(name.endswith(".json") for name in files(tmp_path / "anchors"))
