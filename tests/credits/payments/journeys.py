"""What any payment provider has to do: walked against the peer, and against Stripe itself with a key."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from credits.payments.provider import PaymentProvider, ProviderRefused
from tests.credits.payments.orders import a_refund, an_order


async def opens_a_page_once(provider: PaymentProvider, now: datetime) -> None:
    order = an_order(now)

    opened, again = await provider.open_checkout(order), await provider.open_checkout(order)

    assert opened == again
    assert (opened.status, opened.paid, opened.amount_cents, opened.currency) == ("open", False, 500, "eur")
    assert opened.payment_id == order.payment_id
    assert opened.url is not None
    assert await provider.read_checkout(opened.id, None) == opened


async def refuses_other_facts_under_the_same_id(provider: PaymentProvider, now: datetime) -> None:
    order = an_order(now)
    await provider.open_checkout(order)

    with pytest.raises(ProviderRefused) as refused:
        await provider.open_checkout(an_order(now, payment_id=order.payment_id, amount_cents=700))

    assert refused.value.code == "idempotency_error"


async def closes_a_page_and_says_so_again(provider: PaymentProvider, now: datetime) -> None:
    opened = await provider.open_checkout(an_order(now))

    closed = await provider.expire_checkout(opened.id, None)
    again = await provider.expire_checkout(opened.id, None)

    assert (closed.status, closed.paid, closed.url) == ("expired", False, None)
    assert again.status == "expired"


async def refuses_what_is_too_little_for_a_card(provider: PaymentProvider, now: datetime) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await provider.open_checkout(an_order(now, amount_cents=49))

    assert refused.value.code == "amount_too_small"


async def knows_nothing_of_a_foreign_page(provider: PaymentProvider, _now: datetime) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await provider.read_checkout("cs_test_a1b2c3", None)

    assert refused.value.code == "resource_missing"


async def opens_an_account_that_still_misses_things(provider: PaymentProvider, _now: datetime) -> None:
    account = await provider.open_account(uuid4(), "De Werf vzw", None)

    link = await provider.account_link(account.id, "https://example.org/klaar", "https://example.org/opnieuw")

    assert (account.charges_enabled, account.payouts_enabled) == (False, False)
    assert "external_account" in account.missing
    assert link != await provider.account_link(
        account.id, "https://example.org/klaar", "https://example.org/opnieuw"
    )
    assert (await provider.read_account(account.id)).id == account.id


async def pays_back_in_parts_and_each_once(
    provider: PaymentProvider, now: datetime, intent_id: str | None
) -> None:
    """`intent_id` is of five euro that were paid."""
    first = a_refund(intent_id, 200)

    made, again = await provider.refund(first), await provider.refund(first)
    rest = await provider.refund(a_refund(intent_id, 300))
    with pytest.raises(ProviderRefused) as refused:
        await provider.refund(a_refund(intent_id, 1))

    assert made == again
    assert (made.refund_id, made.amount_cents, rest.amount_cents) == (first.refund_id, 200, 300)
    assert refused.value.code == "charge_already_refunded"
    assert await provider.read_refund(made.id, None) == made
    entries = await provider.balance_entries(None, now - timedelta(days=1), now + timedelta(days=1))
    assert [entry.net_cents for entry in entries[:2]] == [-300, -200]


WITHOUT_A_PAYER = [
    opens_a_page_once,
    refuses_other_facts_under_the_same_id,
    closes_a_page_and_says_so_again,
    refuses_what_is_too_little_for_a_card,
    knows_nothing_of_a_foreign_page,
    opens_an_account_that_still_misses_things,
]
