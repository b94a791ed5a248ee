"""What `check-ledger` finds of real money: each fault that is planted, and nothing where all is well."""

import pytest

from tests.builders import World
from tests.reservations.payment.card_sale import CardSale
from tests.reservations.payment.conftest import peer, sale

__all__ = ["peer", "sale"]
FAULTS = {
    "payments_unlike_transfers": "UPDATE credits.payment SET amount_cents = 999",
    "refunds_above_payment": "UPDATE credits.refund SET amount_cents = 1001",
    "money_without_reference": "UPDATE credits.transfer SET reference = NULL WHERE kind = 'fee'",
    "money_between_wrong_accounts": "UPDATE credits.transfer AS t SET credit_id = s.bank_account_id"
    " FROM credits.seller AS s WHERE t.kind = 'capture'",
    "money_unlike_transfers": "DELETE FROM credits.entry",
    "cards_unexplained": "UPDATE credits.transfer SET amount_cents = 900 WHERE kind = 'capture'",
    "disputes_unlike_transfers": "UPDATE credits.transfer SET amount_cents = 900 WHERE kind = 'dispute'",
    "sold_for_unlike_payment": """
        INSERT INTO credits.sold_for (region_id, payment_id, organiser_id, line_nos, sold_cents)
        SELECT region_id, id, seller_id, ARRAY[1::smallint], 999 FROM credits.payment
    """,
}


@pytest.mark.parametrize("invariant", FAULTS)
async def test_each_fault_of_money_is_found_by_name(sale: CardSale, invariant: str) -> None:
    await sale.dispute()
    await sale.refund()
    assert await sale.faults() == []

    await sale.world.execute(FAULTS[invariant])

    assert invariant in await sale.broken_invariants()


async def test_a_difference_that_nobody_closed_is_said_and_breaks_nothing(sale: CardSale) -> None:
    await sale.world.execute("UPDATE credits.transfer SET reference = 'pi_x' WHERE kind = 'capture'")
    await sale.night()

    (debt,) = await sale.debts()

    assert "is open: 0 cents in our books, 1000 in the provider's." in debt
    assert await sale.faults() == []


async def test_a_place_that_nobody_paid_is_found(sale: CardSale, world: World) -> None:
    await world.execute("UPDATE credits.payment SET status = 'failed', paid_at = NULL, ended_at = made_at")

    found = [fault for fault in await sale.faults() if "nobody paid" in fault]

    assert found == [f"Booking {sale.booking_id} of region 1 has a place that costs money, and nobody paid."]
