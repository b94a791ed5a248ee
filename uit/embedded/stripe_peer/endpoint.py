"""The endpoints of the API: who is asking, on which account, and the one handler for each method and path."""

import json
import re
from hashlib import sha256
from typing import Final

from msgspec import Struct

from uit.embedded.stripe_peer import account, balance, checkout, dispute, event, payment, refund
from uit.embedded.stripe_peer.call import Call, Handler
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import decode_form
from uit.embedded.stripe_peer.listing import with_expansions
from uit.embedded.stripe_peer.server import Request, Response
from uit.embedded.stripe_peer.state import STRIPE_VERSION, PeerState
from uit.embedded.stripe_peer.store import KeptAnswer, Object

SECONDS_KEPT: Final = 24 * 3600
ENDPOINTS: Final[dict[str, Handler]] = {
    "POST /v1/checkout/sessions": checkout.create,
    "GET /v1/checkout/sessions": checkout.list_sessions,
    "GET /v1/checkout/sessions/{id}": checkout.read,
    "POST /v1/checkout/sessions/{id}/expire": checkout.expire,
    "GET /v1/payment_intents": payment.list_intents,
    "GET /v1/payment_intents/{id}": payment.read_intent,
    "GET /v1/charges": payment.list_charges,
    "GET /v1/charges/{id}": payment.read_charge,
    "POST /v1/refunds": refund.create,
    "GET /v1/refunds": refund.list_refunds,
    "GET /v1/refunds/{id}": refund.read,
    "GET /v1/balance_transactions": balance.list_lines,
    "GET /v1/balance_transactions/{id}": balance.read_line,
    "GET /v1/payouts": balance.list_payouts,
    "GET /v1/payouts/{id}": balance.read_payout,
    "GET /v1/events": event.list_events,
    "GET /v1/events/{id}": event.read,
    "GET /v1/disputes": dispute.list_disputes,
    "GET /v1/disputes/{id}": dispute.read,
    "POST /v1/accounts": account.create,
    "GET /v1/accounts/{id}": account.read,
    "POST /v1/account_links": account.create_link,
}
PATTERNS: Final = [
    (re.compile(name.replace("{id}", "(?P<id>[A-Za-z0-9_]+)")), handler)
    for name, handler in ENDPOINTS.items()
]


class KeyedRequest(Struct, frozen=True):
    """A request under an idempotency key. `fingerprint` is the same for the same parameters only."""

    account: str
    key: str
    fingerprint: str


def authenticate(state: PeerState, request: Request, secret_key: str) -> str:
    """The account that a request acts on, empty for the platform's own. Refused without key or access."""
    if request.headers.get("authorization") != f"Bearer {secret_key}":
        raise ApiError.bad_key()
    version = request.headers.get("stripe-version", STRIPE_VERSION)
    if version != STRIPE_VERSION:
        raise ApiError.wrong_version(version)
    named = request.headers.get("stripe-account", "")
    if named:
        account.accessible(state, named)
    return named


def as_keyed(request: Request, account_id: str) -> KeyedRequest | None:
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None:
        return None
    same = f"{request.method} {request.path} {account_id} ".encode() + request.body
    return KeyedRequest(account_id, key, sha256(same).hexdigest())


def kept_response(state: PeerState, keyed: KeyedRequest) -> Response | None:
    """What was answered under this key before; refused when it was asked something else. Kept for a day."""
    kept = state.store.kept_answer(keyed.account, keyed.key)
    if kept is None or kept.made + SECONDS_KEPT <= state.now():
        return None
    if kept.fingerprint != keyed.fingerprint:
        raise ApiError.other_parameters()
    headers = {"Idempotent-Replayed": "true", "Idempotency-Key": keyed.key}
    return Response(kept.status, kept.body.encode(), headers=headers)


def carry_out(state: PeerState, request: Request, account_id: str, keyed: KeyedRequest | None) -> Response:
    """Do what is asked, in one transaction with its kept answer."""
    with state.store.transaction():
        response, is_kept = respond(state, request, account_id)
        if keyed is not None and is_kept:
            keep(state, keyed, response)
    return response


def respond(state: PeerState, request: Request, account_id: str) -> tuple[Response, bool]:
    """The answer, and whether it stays the answer under the same key."""
    try:
        return json_response(200, handle(state, request, account_id)), True
    except ApiError as error:
        return error_response(error), error.kept


def handle(state: PeerState, request: Request, account_id: str) -> Object:
    params = decode_form(request.body.decode() if request.method == "POST" else request.query)
    for pattern, handler in PATTERNS:
        if found := pattern.fullmatch(f"{request.method} {request.path}"):
            answer = handler(state, Call(account_id, params, found.groupdict().get("id", "")))
            return with_expansions(answer, params, state.store)
    raise ApiError.no_such_path(request.method, request.path)


def keep(state: PeerState, keyed: KeyedRequest, response: Response) -> None:
    kept = KeptAnswer(keyed.fingerprint, response.status, response.body.decode(), state.now())
    state.store.keep_answer(keyed.account, keyed.key, kept)


def error_response(error: ApiError) -> Response:
    return json_response(error.status, error.body)


def json_response(status: int, content: Object) -> Response:
    return Response(status, json.dumps(content, ensure_ascii=False).encode())
