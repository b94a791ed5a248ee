"""An organiser that takes money: books of its own, and the ways that it chose."""

from uuid import UUID

from credits.check import check_ledger
from credits.payments.seller import KINDS, Ways, open_books, read_seller, set_ways
from tests.builders import World

NUMBER = "0417497106"


async def open_for(world: World, organiser_id: UUID, region_id: int = 1) -> None:
    async with world.services.database.transaction() as tx:
        await open_books(tx, region_id, organiser_id, world.services.ids)


async def numbered(world: World, name: str) -> UUID:
    made = await world.organiser(name=name)
    await world.execute("UPDATE organisers.organiser SET enterprise_number = $2 WHERE id = $1", made, NUMBER)
    return made


async def test_books_are_opened_once_with_every_account(world: World) -> None:
    organiser_id = await world.organiser()

    for _ in range(2):
        await open_for(world, organiser_id)

    rows = await world.rows("SELECT kind::text FROM credits.account WHERE owner_id = $1", organiser_id)
    assert sorted(row["kind"] for row in rows) == sorted(KINDS)
    async with world.services.database.reading() as connection:
        assert await check_ledger(connection) == []


async def test_organisers_of_one_enterprise_number_keep_books_together(world: World) -> None:
    for name in ("De Werf", "Bar De Werf"):
        await open_for(world, await numbered(world, name))

    assert await world.value("SELECT count(DISTINCT legal_entity_id) FROM credits.seller") == 1
    assert await world.value("SELECT count(*) FROM credits.seller") == 2


async def test_an_association_without_a_number_has_books_of_its_own(world: World) -> None:
    for name in ("De Fanfare", "De Toneelkring"):
        await open_for(world, await world.organiser(name=name))

    assert await world.value("SELECT count(DISTINCT legal_entity_id) FROM credits.seller") == 2


async def test_a_seller_takes_no_money_by_any_way_until_it_says_so(world: World) -> None:
    organiser_id = await world.organiser()
    await open_for(world, organiser_id)

    async with world.services.database.reading() as connection:
        seller = await read_seller(connection, 1, organiser_id)

    assert seller is not None
    assert (seller.card_open, seller.card_account, seller.desk_hours, seller.invoices) == (
        False, None, None, False
    )  # fmt: skip
    assert seller.cancel_fee_cents == 0


async def test_what_a_seller_chose_is_kept_in_its_own_region_alone(world: World) -> None:
    organiser_id = await world.organiser()
    await open_for(world, organiser_id)
    chosen = Ways(desk_hours=24, desk_before_minutes=45, invoices=True, cancel_fee_cents=50)

    async with world.services.database.transaction() as tx:
        await set_ways(tx, 1, organiser_id, chosen)
        seller = await read_seller(tx, 1, organiser_id)
        elsewhere = await read_seller(tx, 2, organiser_id)

    assert seller is not None
    assert (seller.desk_hours, seller.desk_before_minutes, seller.invoices, seller.cancel_fee_cents) == (
        24, 45, True, 50
    )  # fmt: skip
    assert elsewhere is None
