"""The books of an account at Stripe: one line for whatever moves its balance, and payouts to its bank."""

from typing import Final

from msgspec import Struct

from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import known
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.state import CURRENCY, PeerState
from uit.embedded.stripe_peer.store import Object

SECONDS_UNTIL_AVAILABLE: Final = 3 * 24 * 3600
CATEGORIES: Final = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "refund_failure",
    "adjustment": "dispute",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


class Movement(Struct, frozen=True):
    """What moves a balance, in cents; what leaves it is below zero. `source` is the object behind it."""

    kind: str
    amount: int
    source: str
    fee: int = 0


def book(state: PeerState, account: str, moved: Movement) -> Object:
    """Write a line in the books of an account."""
    now, fee = state.now(), moved.fee
    fees = [{"amount": fee, "application": None, "currency": CURRENCY, "type": "stripe_fee"}] if fee else []
    line: Object = {
        "id": state.new_id("txn"),
        "object": "balance_transaction",
        "amount": moved.amount,
        "available_on": now + SECONDS_UNTIL_AVAILABLE,
        "created": now,
        "currency": CURRENCY,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [{**each, "description": "Stripe processing fees"} for each in fees],
        "net": moved.amount - fee,
        "reporting_category": CATEGORIES[moved.kind],
        "source": moved.source,
        "status": "pending",
        "type": moved.kind,
        "_payout": None,
    }
    return state.store.add(account, line, moved.source)


def list_lines(state: PeerState, call: Call) -> Object:
    params = call.params
    wanted = (
        line
        for line in state.store.newest(call.account, "balance_transaction", params.get("source"))
        if params.get("payout") in (None, line["_payout"]) and params.get("type") in (None, line["type"])
    )
    return page_of(wanted, params, "/v1/balance_transactions", "payout", "source", "type")


def read_line(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "balance_transaction", call.account, "id")


def pay_out(state: PeerState, account: str) -> Object:
    """Send all that no payout took yet to the bank. Refused when nothing is left."""
    lines = [line for line in state.store.newest(account, "balance_transaction") if line["_payout"] is None]
    amount = sum(line["net"] for line in lines)
    if amount <= 0:
        raise ApiError(400, "You have insufficient funds for a payout.", "balance_insufficient")
    payout = state.store.add(account, new_payout(state, amount))
    own = book(state, account, Movement("payout", -amount, payout["id"]))
    for line in [*lines, own]:
        state.store.save({**line, "_payout": payout["id"], "status": "available"})
    state.store.save(payout | {"balance_transaction": own["id"]})
    state.tell(account, "payout.created", payout)
    paid = state.store.save(payout | {"balance_transaction": own["id"], "status": "paid"})
    state.tell(account, "payout.paid", paid)
    return paid


def new_payout(state: PeerState, amount: int) -> Object:
    now = state.now()
    return {
        "id": state.new_id("po"),
        "object": "payout",
        "amount": amount,
        "arrival_date": now,
        "automatic": True,
        "balance_transaction": None,
        "created": now,
        "currency": CURRENCY,
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "type": "bank_account",
    }


def list_payouts(state: PeerState, call: Call) -> Object:
    return page_of(state.store.newest(call.account, "payout"), call.params, "/v1/payouts")


def read_payout(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "payout", call.account, "payout")
