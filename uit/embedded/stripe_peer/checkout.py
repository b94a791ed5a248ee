"""Checkout Sessions: opened and closed by us, paid or refused on their page."""

from http import HTTPStatus
from typing import Any, Final

from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import Params, known, required, whole
from uit.embedded.stripe_peer.listing import page_of
from uit.embedded.stripe_peer.payment import METHODS, Method, charge, new_intent, refuse_payment
from uit.embedded.stripe_peer.state import CURRENCY, PeerState
from uit.embedded.stripe_peer.store import Object

SHORTEST_SECONDS: Final = 30 * 60
LONGEST_SECONDS: Final = 24 * 3600
# Stripe takes no less in euro (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
SMALLEST_CENTS: Final = 50
PARAMETERS: Final = (
    "cancel_url",
    "client_reference_id",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "payment_method_types",
    "success_url",
)


def create(state: PeerState, call: Call) -> Object:
    params = call.params
    known(params, *PARAMETERS)
    required(params, "success_url")
    check_account(state, call.account)
    if params.get("mode") != "payment":
        raise ApiError.invalid("mode", "This peer takes mode=payment only.")
    for method in params.get("payment_method_types", METHODS):
        if method not in METHODS:
            raise ApiError.invalid("payment_method_types", f"The payment method {method} is invalid.")
    session = new_session(state, params, price_of(params))
    return state.store.add(call.account, session)


def check_account(state: PeerState, account: str) -> None:
    found = state.store.find(account) if account else None
    if found is not None and not found["charges_enabled"]:
        message = "Your account cannot currently make charges."
        raise ApiError(HTTPStatus.BAD_REQUEST, message, kept=False)


def price_of(params: Params) -> Object:
    """The one line of a session. Refused when it is not one, or is less than Stripe takes."""
    lines = required(params, "line_items")
    if not isinstance(lines, list) or len(lines) != 1:
        raise ApiError.invalid("line_items", "This peer takes one line item.")
    known(lines[0], "price_data", "quantity")
    price: Object = required(lines[0], "price_data")
    known(price, "currency", "unit_amount", "product_data")
    if price.get("currency") != CURRENCY:
        raise ApiError.invalid("line_items[0][price_data][currency]", "This peer takes euro only.")
    if whole(price, "unit_amount") * whole(lines[0], "quantity") < SMALLEST_CENTS:
        message = "The Checkout Session's total amount must be at least €0.50."
        raise ApiError(HTTPStatus.BAD_REQUEST, message, "amount_too_small", kept=False)
    return {
        "name": required(price.get("product_data", {}), "name"),
        "amount": whole(price, "unit_amount") * whole(lines[0], "quantity"),
    }


def expiry_of(state: PeerState, params: Params) -> int:
    now = state.now()
    if "expires_at" not in params:
        return now + LONGEST_SECONDS
    expires_at = whole(params, "expires_at")
    if not now + SHORTEST_SECONDS <= expires_at <= now + LONGEST_SECONDS:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now."
        raise ApiError.invalid("expires_at", message)
    return expires_at


def new_session(state: PeerState, params: Params, price: Object) -> Object:
    identifier = state.new_id("cs_test")
    of_intent = params.get("payment_intent_data", {})
    known(of_intent, "metadata", "description")
    return {
        "id": identifier,
        "object": "checkout.session",
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": price["amount"],
        "amount_total": price["amount"],
        "automatic_tax": {"enabled": False, "status": None},
        "billing_address_collection": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "consent": None,
        "consent_collection": None,
        "created": state.now(),
        "currency": CURRENCY,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {"shipping_address": None, "submit": None},
        "customer": None,
        "customer_creation": "if_required",
        "customer_details": None,
        "customer_email": None,
        "expires_at": expiry_of(state, params),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always",
        "payment_method_options": {},
        "payment_method_types": params.get("payment_method_types", list(METHODS)),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_details": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "url": f"{state.page_base}/pay/{identifier}",
        "_name": price["name"],
        "_description": of_intent.get("description"),
        "_intent_metadata": of_intent.get("metadata", {}),
    }


def read(state: PeerState, call: Call) -> Object:
    known(call.params)
    return state.get(call.id, "checkout.session", call.account, "session")


def list_sessions(state: PeerState, call: Call) -> Object:
    wanted = call.params.get("payment_intent")
    found = (
        each
        for each in state.store.newest(call.account, "checkout.session")
        if wanted in (None, each["payment_intent"])
    )
    return page_of(found, call.params, "/v1/checkout/sessions", "payment_intent")


def expire(state: PeerState, call: Call) -> Object:
    session = read(state, call)
    if session["status"] != "open":
        message = 'Only Checkout Sessions with a status in ["open"] can be expired.'
        raise ApiError(HTTPStatus.BAD_REQUEST, message)
    return end(state, call.account, session)


def end(state: PeerState, account: str, session: Object) -> Object:
    expired = state.store.save(session | {"status": "expired", "url": None})
    state.tell(account, "checkout.session.expired", expired)
    return expired


def expire_overdue(state: PeerState) -> None:
    for session in state.store.overdue_sessions(state.now()):
        end(state, state.store.account_of(session["id"]), session)


def pay(state: PeerState, session: Object, method: Method) -> Object:
    """The payer pays: the session is complete, with the money."""
    account = state.store.account_of(session["id"])
    intent = charge(state, account, intent_of(state, account, session), method)
    done = complete(state, session, intent, "paid")
    state.tell(account, "checkout.session.completed", done)
    return done


def pay_later(state: PeerState, session: Object) -> Object:
    """The payer is done and the bank is not: the session is complete, without the money."""
    account = state.store.account_of(session["id"])
    intent = intent_of(state, account, session)
    intent = state.store.save(intent | {"status": "processing", "last_payment_error": None})
    done = complete(state, session, intent, "unpaid")
    state.tell(account, "checkout.session.completed", done)
    return done


def finish_later(state: PeerState, session: Object, method: Method, *, succeeds: bool) -> Object:
    """The bank's answer to a payment that was made later."""
    account = state.store.account_of(session["id"])
    intent = intent_of(state, account, session)
    if succeeds:
        charge(state, account, intent, method)
        session = state.store.save(session | {"payment_status": "paid"})
    else:
        refuse_payment(state, account, intent, method)
    ended = "succeeded" if succeeds else "failed"
    state.tell(account, f"checkout.session.async_payment_{ended}", session)
    return session


def refuse(state: PeerState, session: Object, method: Method) -> Object:
    """The bank says no. The session stays open, so that one can try again."""
    account = state.store.account_of(session["id"])
    intent = refuse_payment(state, account, intent_of(state, account, session), method)
    return state.store.save(session | {"payment_intent": intent["id"]})


def intent_of(state: PeerState, account: str, session: Object) -> Object:
    """The intent of a session, which is made with the first attempt to pay."""
    identifier: Any = session["payment_intent"]
    if identifier is not None:
        return state.get(identifier, "payment_intent", account, "payment_intent")
    return state.store.add(account, new_intent(state, session), session["id"])


def complete(state: PeerState, session: Object, intent: Object, payment_status: str) -> Object:
    ended = {
        "status": "complete",
        "payment_status": payment_status,
        "payment_intent": intent["id"],
        "url": None,
    }
    return state.store.save(session | ended)
