"""Whose a line of the provider's books is, and what of it our books take over."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from credits.payments.dispute import ChargedPayment
from credits.payments.provider import BalanceEntry
from credits.payments.reconciliation import AccountSeller, last_day, next_night, rows_by_region

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HERE, THERE = AccountSeller(1, uuid4()), AccountSeller(2, uuid4())


def line(kind: str, cents: int = 1000, intent_id: str | None = None, source_id: str = "po_1") -> BalanceEntry:
    payout_id = source_id if kind == "payout" else None
    return BalanceEntry("txn_1", kind, cents, 40, cents - 40, source_id, NOW, payout_id, intent_id)


def payment(of: AccountSeller, intent_id: str = "pi_1", account: str = "") -> ChargedPayment:
    return ChargedPayment(of.region_id, uuid4(), uuid4(), of.seller_id, account, intent_id)


def seller_of(entry: BalanceEntry, *payments: ChargedPayment) -> tuple[int, UUID, UUID | None]:
    ((region_id, (row,)),) = rows_by_region([entry], [HERE, THERE], payments, "")
    return region_id, row.seller_id, row.booking_id


def test_a_line_is_of_the_seller_whose_payment_it_is_of() -> None:
    known = payment(THERE)

    assert seller_of(line("charge", intent_id="pi_1"), known) == (2, THERE.seller_id, known.booking_id)


def test_what_is_of_no_payment_is_listed_with_the_first() -> None:
    assert seller_of(line("charge", intent_id="pi_9"), payment(THERE)) == (1, HERE.seller_id, None)


def test_a_payment_on_another_account_is_not_meant() -> None:
    elsewhere = payment(THERE, account="acct_1")

    assert seller_of(line("charge", intent_id="pi_1"), elsewhere) == (1, HERE.seller_id, None)


def test_what_is_kept_beside_any_payment_is_all_fee() -> None:
    ((_, (row,)),) = rows_by_region([line("stripe_fee", -200)], [HERE], [], "")

    assert (row.kind, row.amount_cents, row.fee_cents, row.fee_id is None) == ("other", 0, 240, False)


def test_a_payout_is_taken_over_where_the_account_is_of_one_seller() -> None:
    alone = rows_by_region([line("payout", -960)], [HERE], [], "")
    shared = rows_by_region([line("payout", -960)], [HERE, THERE], [], "")

    assert [rows[0].transfer_id is None for _, rows in (*alone, *shared)] == [False, True]


def test_a_day_is_compared_from_three_at_night() -> None:
    before, after = (datetime(2026, 3, 3, hour, 30, tzinfo=UTC) for hour in (1, 2))

    assert [last_day(each).day for each in (before, after)] == [1, 2]
    assert [next_night(each).day for each in (before, after)] == [3, 4]
