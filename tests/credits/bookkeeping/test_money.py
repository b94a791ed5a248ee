"""A year with card money, a dispute and an invoice is closed, archived and erased like any other."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from credits.ledger.rollup import roll_up
from credits.remittance.remittance import read_debts
from reservations.payment.sold_for import book_sold_for
from tests.builders import World
from tests.credits.bookkeeping.years import archive, close, entities, erase
from tests.credits.books import check
from tests.credits.invoice.test_reading_back import NUMBER, bank, say
from tests.reservations.invoices.customers import an_invoice, booked
from tests.reservations.payment.card_sale import CardSale
from tests.reservations.payment.conftest import peer, sale
from tests.reservations.payment.under_mandate import a_sale
from uit.database.retention import erase_due
from uit.embedded.stripe_peer.peer import StripePeer

__all__ = ["peer", "sale"]
LEFT = """
SELECT (SELECT count(*) FROM credits.payment), (SELECT count(*) FROM credits.refund),
    (SELECT count(*) FROM credits.dispute), (SELECT count(*) FROM credits.provider_entry),
    (SELECT count(*) FROM credits.invoice), (SELECT count(*) FROM credits.invoice_line),
    (SELECT count(*) FROM credits.invoice_payment)
"""


async def erase_all(world: World, folder: Path) -> int:
    """Close and archive the year of every legal entity, and erase it ten years later."""
    await roll_up(world.services)
    world.clock.set(datetime(2027, 2, 2, 9, 0, tzinfo=UTC))
    for entity in await entities(world):
        await close(world, entity, 2026)
        assert isinstance(await archive(world, entity, folder / str(entity), 2026), bytes)
    world.clock.set(datetime(2037, 2, 2, 9, 0, tzinfo=UTC))
    await erase_due(world.services.settings.owner_url, world.clock.now())
    return await erase(world)


async def left(world: World) -> tuple[int, ...]:
    (row,) = await world.rows(LEFT)
    return tuple(row)


async def test_card_money_goes_with_its_dispute_and_what_the_provider_kept(
    sale: CardSale, tmp_path: Path
) -> None:
    await sale.night()
    await sale.close_dispute(await sale.dispute(), won=False)
    await sale.night()
    before = await sale.cents("card", "fee", "bank", "disputed", "sale")

    assert await erase_all(sale.world, tmp_path) > 0

    assert await left(sale.world) == (0,) * 7
    assert await sale.cents("card", "fee", "bank", "disputed", "sale") == before
    assert await sale.faults() == []


async def test_a_payment_that_is_still_disputed_stays_whole(sale: CardSale, tmp_path: Path) -> None:
    await sale.dispute()

    await erase_all(sale.world, tmp_path)

    assert (await left(sale.world))[:3] == (1, 0, 1)
    assert await sale.faults() == []


async def test_an_invoice_goes_when_it_was_paid(world: World, tmp_path: Path) -> None:
    session, school, paid = await an_invoice(world)
    owed = UUID((await booked(world, session, school)).json()["payment"]["id"])
    await say(world, session, paid, NUMBER)
    await say(world, session, paid, bank(1000))

    await erase_all(world, tmp_path)

    assert await world.rows("SELECT id FROM credits.invoice") == [(owed,)]
    assert await world.value("SELECT count(*) FROM credits.invoice_payment") == 0
    assert await check(world) == []


async def test_what_is_owed_of_erased_years_is_owed_still(
    world: World, peer: StripePeer, tmp_path: Path
) -> None:
    sale = await a_sale(world, peer)
    await book_sold_for(world.services)
    await world.sign_in_staff("financial_director")
    paid = {"remittance_id": uuid4(), "amount": "4", "paid_on": "2026-03-01", "reference": "UIT 1"}
    [(debt_id, entity_id)] = await world.rows(
        "SELECT id, legal_entity_id FROM credits.account WHERE kind = 'owed'"
    )
    await world.post_form(f"/dender/afdrachten/{debt_id}", **paid)

    await erase_all(world, tmp_path)

    assert ",1000," in (tmp_path / str(entity_id) / "sold_for.csv").read_text()
    assert await world.value("SELECT count(*) FROM credits.sold_for") == 0
    async with world.services.database.reading() as connection:
        (debt,) = await read_debts(connection, 1, None, None)
    assert (debt.owed_cents, debt.earlier_cents, debt.remitted_cents) == (600, 600, 0)
    assert await sale.faults() == []
