"""Refunds: a part of a charge or all of it, never more than came in."""

from http import HTTPStatus

from uit.embedded.stripe_peer.balance import Movement, book
from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import known, required, whole
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.state import CURRENCY, PeerState
from uit.embedded.stripe_peer.store import Object


def create(state: PeerState, call: Call) -> Object:
    params = call.params
    known(params, "payment_intent", "amount", "metadata", "reason")
    intent = state.get(required(params, "payment_intent"), "payment_intent", call.account, "payment_intent")
    paid = refundable(state, call.account, intent)
    remaining = paid["amount"] - paid["amount_refunded"]
    amount = whole(params, "amount") if "amount" in params else remaining
    check_amount(paid, amount, remaining)
    refund = new_refund(state, paid, amount)
    refund |= {"metadata": params.get("metadata", {}), "reason": params.get("reason")}
    refund["status"] = "pending" if state.refunds_take_time else "succeeded"
    line = book(state, call.account, Movement(kind_of(paid), -amount, refund["id"]))
    refund |= {"balance_transaction": line["id"]}
    state.store.add(call.account, refund, intent["id"])
    count_refund(state, call.account, paid, amount)
    return refund


def refundable(state: PeerState, account: str, intent: Object) -> Object:
    """The charge of an intent. Refused when there is none, or its payer contests it and did not lose."""
    if intent["latest_charge"] is None:
        message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        raise ApiError(HTTPStatus.BAD_REQUEST, message, param="payment_intent")
    paid = state.get(intent["latest_charge"], "charge", account, "charge")
    disputes = state.store.newest(account, "dispute", intent["id"])
    if any(dispute["status"] != "won" for dispute in disputes):
        message = f"Charge {paid['id']} has been charged back; cannot issue a refund."
        raise ApiError(HTTPStatus.BAD_REQUEST, message, "charge_disputed")
    return paid


def check_amount(paid: Object, amount: int, remaining: int) -> None:
    if remaining == 0:
        message = f"Charge {paid['id']} has already been refunded."
        raise ApiError(HTTPStatus.BAD_REQUEST, message, "charge_already_refunded")
    if amount < 1:
        raise ApiError.invalid("amount", "Invalid positive integer", "parameter_invalid_integer")
    if amount > remaining:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({remaining})"
        raise ApiError(HTTPStatus.BAD_REQUEST, message, param="amount")


def kind_of(paid: Object) -> str:
    return "refund" if paid["payment_method_details"]["type"] == "card" else "payment_refund"


def count_refund(state: PeerState, account: str, paid: Object, amount: int) -> None:
    refunded = paid["amount_refunded"] + amount
    paid = state.store.save(paid | {"amount_refunded": refunded, "refunded": refunded == paid["amount"]})
    state.tell(account, "charge.refunded", paid)


def new_refund(state: PeerState, paid: Object, amount: int) -> Object:
    return {
        "id": state.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": paid["id"],
        "created": state.now(),
        "currency": CURRENCY,
        "metadata": {},
        "payment_intent": paid["payment_intent"],
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending",
        "transfer_reversal": None,
    }


def finish(state: PeerState, refund: Object) -> Object:
    """A refund that took time arrives."""
    done = state.store.save(refund | {"status": "succeeded"})
    state.tell(state.store.account_of(refund["id"]), "charge.refund.updated", done)
    return done


def fail(state: PeerState, refund: Object, reason: str) -> Object:
    """The bank sends a refund back: the money is on the account's balance again."""
    account = state.store.account_of(refund["id"])
    paid = state.get(refund["charge"], "charge", account, "charge")
    kind = "refund_failure" if kind_of(paid) == "refund" else "payment_failure_refund"
    line = book(state, account, Movement(kind, refund["amount"], refund["id"]))
    failed = {"status": "failed", "failure_reason": reason, "failure_balance_transaction": line["id"]}
    refund = state.store.save(refund | failed)
    left = paid["amount_refunded"] - refund["amount"]
    state.store.save(paid | {"amount_refunded": left, "refunded": False})
    state.tell(account, "charge.refund.updated", refund)
    return refund


def read(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "refund", call.account, "refund")


def list_refunds(state: PeerState, call: Call) -> Object:
    found = state.store.newest(call.account, "refund", call.params.get("payment_intent"))
    return page_of(found, call.params, "/v1/refunds", "payment_intent")
