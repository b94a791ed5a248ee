"""Disputes: a payer contests a charge at the bank, which takes the money until it is decided."""

from typing import Final

from uit.embedded.stripe_peer.balance import Movement, book
from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.form import known
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.state import CURRENCY, PeerState, public
from uit.embedded.stripe_peer.store import Object

FEE_CENTS: Final = 2000
SECONDS_TO_ANSWER: Final = 7 * 24 * 3600
EVIDENCE: Final = (
    "access_activity_log",
    "billing_address",
    "customer_communication",
    "product_description",
    "receipt",
    "refund_policy",
    "service_date",
    "uncategorized_text",
)


def raise_dispute(state: PeerState, paid: Object, reason: str) -> Object:
    account = state.store.account_of(paid["id"])
    dispute = new_dispute(state, paid, reason)
    line = book(state, account, Movement("adjustment", -paid["amount"], dispute["id"], FEE_CENTS))
    dispute["balance_transactions"] = [public(line)]
    state.store.add(account, dispute, paid["payment_intent"])
    state.store.save(paid | {"disputed": True})
    state.tell(account, "charge.dispute.created", dispute)
    state.tell(account, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def new_dispute(state: PeerState, paid: Object, reason: str) -> Object:
    now = state.now()
    return {
        "id": state.new_id("dp"),
        "object": "dispute",
        "amount": paid["amount"],
        "balance_transactions": [],
        "charge": paid["id"],
        "created": now,
        "currency": CURRENCY,
        "evidence": dict.fromkeys(EVIDENCE),
        "evidence_details": {
            "due_by": now + SECONDS_TO_ANSWER,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": paid["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }


def close(state: PeerState, dispute: Object, *, won: bool) -> Object:
    """The bank decided. What is won comes back without the fee."""
    account = state.store.account_of(dispute["id"])
    if won:
        line = book(state, account, Movement("adjustment", dispute["amount"], dispute["id"]))
        dispute["balance_transactions"].append(public(line))
    dispute = state.store.save(dispute | {"status": "won" if won else "lost"})
    if won:
        state.tell(account, "charge.dispute.funds_reinstated", dispute)
    state.tell(account, "charge.dispute.closed", dispute)
    return dispute


def read(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "dispute", call.account, "dispute")


def list_disputes(state: PeerState, call: Call) -> Object:
    found = state.store.newest(call.account, "dispute", call.params.get("payment_intent"))
    return page_of(found, call.params, "/v1/disputes", "payment_intent")
