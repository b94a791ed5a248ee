"""Ten years after a year was over, what of it was archived goes, and everything ties before and after."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from credits.errors import ArchiveDiffers, YearNotClosed
from credits.ledger.rollup import roll_up
from reservations.check import check_bookings
from tests.builders import World
from tests.credits.bookkeeping.years import (
    TWELVE_YEARS_ON,
    a_card_payment,
    a_full_year,
    archive,
    close,
    entities,
    erase,
    seller_entity,
    town,
)
from tests.credits.books import check
from tests.credits.till.drawers import a_drawer, account_cents
from uit.database.retention import erase_due

LEFT = """
SELECT (SELECT count(*) FROM credits.purse), (SELECT count(*) FROM credits.payment),
    (SELECT count(*) FROM credits.refund), (SELECT count(*) FROM credits.receipt),
    (SELECT count(*) FROM credits.tender), (SELECT count(*) FROM credits.resolution),
    (SELECT count(*) FROM credits.till_movement), (SELECT count(*) FROM credits.receipt_series)
"""
TRANSFERS = "SELECT kind::text FROM credits.transfer WHERE kind NOT IN ('carried', 'pledge')"
ACCOUNTS = ("sale", "card", "till", "safe", "rounding")


async def close_all(world: World, folder: Path, *, archived: bool = True) -> None:
    for entity in await entities(world):
        await close(world, entity)
        if archived:
            assert isinstance(await archive(world, entity, folder / str(entity)), bytes)


async def faults(world: World) -> list[str]:
    found = [str(each) for each in await check(world)]
    async with world.services.database.reading() as connection:
        return found + await check_bookings(connection)


async def test_a_year_of_twelve_years_ago_goes_and_its_balances_stay(world: World, tmp_path: Path) -> None:
    session = await a_full_year(world)
    before = {name: await account_cents(world, session.organiser_id, name) for name in ACCOUNTS}
    await close_all(world, tmp_path)
    world.clock.set(TWELVE_YEARS_ON)
    await erase_due(world.services.settings.owner_url, world.clock.now())

    assert await erase(world) == 10

    assert {name: await account_cents(world, session.organiser_id, name) for name in ACCOUNTS} == before
    assert await world.rows(TRANSFERS) == []
    assert [tuple(row) for row in await world.rows(LEFT)] == [(0,) * 8]
    assert await world.value("SELECT available_cents FROM credits.fund") == 100_000_000 - 300
    assert await faults(world) == []


async def test_nothing_goes_before_ten_years_are_over(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    await close_all(world, tmp_path)
    world.clock.set(datetime(2024, 12, 31, 22, 59, tzinfo=UTC))

    assert await erase(world) == 0
    world.clock.move(timedelta(minutes=1))
    assert await erase(world) > 0


async def test_what_was_not_archived_stays(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    await close_all(world, tmp_path, archived=False)
    world.clock.set(TWELVE_YEARS_ON)

    assert await erase(world) == 0
    assert len(await world.rows(TRANSFERS)) == 10


async def test_a_second_time_nothing_is_left_to_do(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    await close_all(world, tmp_path)
    world.clock.set(TWELVE_YEARS_ON)
    await erase(world)

    assert await erase(world) == 0
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'year.erase'") == 2


async def test_money_that_is_still_owed_stays_whole(world: World, tmp_path: Path) -> None:
    session = await a_full_year(world, back_cents=0)
    await world.execute(
        "INSERT INTO credits.refund (region_id, id, payment_id, booking_id, line_no, amount_cents, way,"
        " reason, decided_at)"
        " SELECT 1, gen_random_uuid(), id, booking_id, 1, 200, 'transfer', 'given_up', paid_at"
        " FROM credits.payment"
    )
    await close_all(world, tmp_path)
    world.clock.set(TWELVE_YEARS_ON)

    await erase(world)

    assert [kind for (kind,) in await world.rows(TRANSFERS)] == ["capture"]
    assert await world.value("SELECT count(*) FROM credits.refund WHERE status = 'due'") == 1
    assert await account_cents(world, session.organiser_id, "card") == 800
    assert await check(world) == []


async def test_credit_that_can_still_be_spent_stays_whole(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    world.clock.set(datetime(2014, 6, 1, tzinfo=UTC))
    bilal = await world.resident()
    purse = await world.purse(1, bilal.membership_id, 500, lapses_in_days=5000)
    world.clock.set(datetime(2015, 2, 2, tzinfo=UTC))
    await close_all(world, tmp_path)
    world.clock.set(TWELVE_YEARS_ON)

    await erase(world)

    assert await world.rows("SELECT id FROM credits.purse") == [(purse,)]
    assert [kind for (kind,) in await world.rows(TRANSFERS)] == ["grant"]
    assert await check(world) == []


async def test_a_till_goes_on_with_what_its_last_session_left(world: World, tmp_path: Path) -> None:
    session = await a_full_year(world)
    await close_all(world, tmp_path)
    world.clock.set(TWELVE_YEARS_ON)
    await erase(world)
    till_id = await world.value("SELECT id FROM credits.till")

    drawer = await a_drawer(world, 0, seller_id=session.organiser_id, till_id=till_id, found_cents=6_505)
    await drawer.sell(500)
    await drawer.end(7_005)

    assert await world.value("SELECT count(*) FROM credits.till_session") == 2
    assert await check(world) == []


async def test_years_go_one_after_the_other_and_the_carried_balance_with_them(
    world: World, tmp_path: Path
) -> None:
    session = await a_full_year(world)
    entity = await seller_entity(world, session.organiser_id)
    await close(world, entity)
    await archive(world, entity, tmp_path / "2014")
    await a_card_payment(world, session.organiser_id, back_cents=100)
    world.clock.set(datetime(2016, 2, 2, tzinfo=UTC))
    await roll_up(world.services)
    await close(world, entity, 2015)
    await archive(world, entity, tmp_path / "2015", 2015)
    for year in (2025, 2026):
        world.clock.set(datetime(year, 2, 2, tzinfo=UTC))
        assert await erase(world) > 0
        assert await account_cents(world, session.organiser_id, "card") == 600 + 700
        assert await check(world) == []


async def test_the_application_itself_cannot_erase_a_year(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    await close_all(world, tmp_path)
    entity = await town(world)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.services.database.transaction() as tx:
            await tx.execute("SELECT credits.erase_year(1, $1, 2014, now())", entity)


# The archive


async def test_only_a_closed_year_is_archived(world: World, tmp_path: Path) -> None:
    await a_full_year(world)

    assert await archive(world, await town(world), tmp_path / "archief") == YearNotClosed(2014)
    assert not (tmp_path / "archief").exists()


async def test_a_year_that_is_not_as_it_was_signed_is_not_archived(world: World, tmp_path: Path) -> None:
    await a_full_year(world)
    entity = await town(world)
    await close(world, entity)
    await world.execute("UPDATE credits.transfer SET amount_cents = amount_cents + 1 WHERE kind = 'pledge'")

    assert await archive(world, entity, tmp_path) == ArchiveDiffers(2014)


async def test_the_list_of_an_archive_verifies_its_files(world: World, tmp_path: Path) -> None:
    session = await a_full_year(world)
    entity, folder = await seller_entity(world, session.organiser_id), tmp_path / "archief"
    await close(world, entity)

    digest = await archive(world, entity, folder)

    listed = files_in(folder).pop("SHA256SUMS")
    assert hashlib.sha256(listed).digest() == digest
    assert listed.decode() == "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files_in(folder).items())
        if name != "SHA256SUMS"
    )


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_an_archive_holds_the_rows_that_are_erased(world: World, tmp_path: Path) -> None:
    session = await a_full_year(world)
    entity, folder = await seller_entity(world, session.organiser_id), tmp_path / "archief"
    await close(world, entity)

    await archive(world, entity, folder)

    rows = {name: content.count(b"\n") - 1 for name, content in files_in(folder).items()}
    assert rows["transfer.csv"] == rows["dagboek.csv"] == 6
    names = ("receipt.csv", "tender.csv", "payment.csv", "refund.csv", "closing_balance.csv")
    assert [rows[name] for name in names] == [1, 1, 1, 1, 5]
