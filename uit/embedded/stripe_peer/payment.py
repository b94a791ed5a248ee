"""PaymentIntents and Charges: the money of one payment page."""

from typing import Final, Literal

from uit.embedded.stripe_peer.balance import Movement, book
from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.form import known
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.state import CURRENCY, PeerState
from uit.embedded.stripe_peer.store import Object

Method = Literal["bancontact", "card"]
METHODS: Final[tuple[Method, ...]] = ("bancontact", "card")
# Near enough to what Stripe asks in Belgium: 1.5 % and 25 cents for a card, 39 cents for Bancontact.
FEES: Final = {"card": (15, 25), "bancontact": (0, 39)}


def fee_of(amount: int, method: Method) -> int:
    """What Stripe keeps of an amount, in cents, rounded half up."""
    per_mille, fixed = FEES[method]
    return (amount * per_mille + 500) // 1000 + fixed


def new_intent(state: PeerState, session: Object) -> Object:
    return {
        "id": state.new_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": None,
        "confirmation_method": "automatic",
        "created": state.now(),
        "currency": CURRENCY,
        "customer": None,
        "description": session["_description"],
        "invoice": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": session["_intent_metadata"],
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(state: PeerState, account: str, intent: Object, method: Method) -> Object:
    """Take the money: the charge, its line in the books, and the intent that succeeded with it."""
    made = state.store.add(account, new_charge(state, intent, method), intent["id"])
    amount, kind = intent["amount"], "charge" if method == "card" else "payment"
    line = book(state, account, Movement(kind, amount, made["id"], fee_of(amount, method)))
    made = state.store.save(made | {"balance_transaction": line["id"]})
    paid = {"amount_received": amount, "last_payment_error": None, "latest_charge": made["id"]}
    intent = state.store.save(intent | paid | {"status": "succeeded"})
    state.tell(account, "charge.succeeded", made)
    state.tell(account, "payment_intent.succeeded", intent)
    return intent


def refuse_payment(state: PeerState, account: str, intent: Object, method: Method) -> Object:
    """The bank says no: the intent waits for another way to pay."""
    error = {
        "type": "card_error",
        "code": "card_declined" if method == "card" else "payment_intent_payment_attempt_failed",
        "message": "The payment failed.",
        "payment_method_type": method,
    }
    if method == "card":
        error["decline_code"] = "generic_decline"
    waiting = {"last_payment_error": error, "status": "requires_payment_method"}
    intent = state.store.save(intent | waiting)
    state.tell(account, "payment_intent.payment_failed", intent)
    return intent


def new_charge(state: PeerState, intent: Object, method: Method) -> Object:
    return {
        # A charge that is no card's has the prefix of a payment.
        "id": state.new_id("ch" if method == "card" else "py"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": state.now(),
        "currency": CURRENCY,
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "invoice": None,
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": state.new_id("pm"),
        "payment_method_details": {"type": method, method: details_of(method)},
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def details_of(method: Method) -> Object:
    if method == "card":
        return {"brand": "visa", "country": "BE", "exp_month": 12, "exp_year": 2030, "last4": "4242"}
    return {"bank_code": "VAPE", "bank_name": "VAN DE PUT & CO", "preferred_language": "nl"}


def read_intent(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "payment_intent", call.account, "intent")


def list_intents(state: PeerState, call: Call) -> Object:
    return page_of(state.store.newest(call.account, "payment_intent"), call.params, "/v1/payment_intents")


def read_charge(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "charge", call.account, "charge")


def list_charges(state: PeerState, call: Call) -> Object:
    found = state.store.newest(call.account, "charge", call.params.get("payment_intent"))
    return page_of(found, call.params, "/v1/charges", "payment_intent")
