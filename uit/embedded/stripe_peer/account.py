"""Connected accounts, and the links by which their owners fill in the rest."""

from typing import Final

from uit.embedded.stripe_peer.call import Call
from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import known, required
from uit.embedded.stripe_peer.state import CURRENCY, PeerState
from uit.embedded.stripe_peer.store import Object

SECONDS_OF_A_LINK: Final = 300
MISSING: Final = ("business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip")
PARAMETERS: Final = (
    "type",
    "country",
    "default_currency",
    "business_profile",
    "email",
    "metadata",
)


def create(state: PeerState, call: Call) -> Object:
    params = call.params
    known(params, *PARAMETERS)
    if params.get("type") != "standard":
        raise ApiError.invalid("type", "This peer opens standard accounts only.")
    account: Object = {
        "id": state.new_id("acct"),
        "object": "account",
        "business_profile": profile(params.get("business_profile", {})),
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {"type": "application", "is_controller": True},
        "country": params.get("country", "BE"),
        "created": state.now(),
        "default_currency": params.get("default_currency", CURRENCY),
        "details_submitted": False,
        "email": params.get("email"),
        "metadata": params.get("metadata", {}),
        "payouts_enabled": False,
        "requirements": requirements(MISSING, "requirements.past_due"),
        "type": "standard",
        "_revoked": False,
    }
    return state.store.add("", account)


def profile(given: Object) -> Object:
    known(given, "name", "url", "mcc")
    empty = dict.fromkeys(("mcc", "name", "support_address", "support_email", "support_phone", "url"))
    return {**empty, **given}


def requirements(missing: tuple[str, ...], disabled_reason: str | None) -> Object:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(missing),
        "disabled_reason": disabled_reason,
        "errors": [],
        "eventually_due": list(missing),
        "past_due": list(missing),
        "pending_verification": [],
    }


def read(state: PeerState, call: Call) -> Object:
    known(call.params)
    return accessible(state, call.id)


def accessible(state: PeerState, identifier: str) -> Object:
    """An account that we may act on. Refused when there is none, and when its owner took it away."""
    found = state.store.find(identifier, "")
    if found is None or found["object"] != "account" or found["_revoked"]:
        raise ApiError.no_access(identifier)
    return found


def enable(state: PeerState, account: Object) -> Object:
    """The owner filled in what was missing: it may take cards and is paid out."""
    open_now = {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
    active = {"card_payments": "active", "bancontact_payments": "active", "transfers": "active"}
    account = state.store.save(
        account | open_now | {"capabilities": active, "requirements": requirements((), None)}
    )
    state.tell(account["id"], "account.updated", account)
    return account


def disable(state: PeerState, account: Object, reason: str, missing: tuple[str, ...]) -> Object:
    """Stripe has questions, and until they are answered the account takes nothing."""
    closed = {"charges_enabled": False, "payouts_enabled": False}
    account = state.store.save(account | closed | {"requirements": requirements(missing, reason)})
    state.tell(account["id"], "account.updated", account)
    return account


def revoke(state: PeerState, account: Object) -> Object:
    """The owner takes our access away; from then on the account is not there for us."""
    account = state.store.save(account | {"_revoked": True})
    ours: Object = {"id": "ca_example", "object": "application", "name": "uit"}
    state.tell(account["id"], "account.application.deauthorized", ours)
    return account


def create_link(state: PeerState, call: Call) -> Object:
    params = call.params
    known(params, "account", "type", "return_url", "refresh_url", "collect")
    account = state.get(required(params, "account"), "account", "", "account")
    accessible(state, account["id"])
    if params.get("type") != "account_onboarding":
        raise ApiError.invalid("type", "This peer knows account_onboarding only.")
    identifier, now = state.new_id("link"), state.now()
    link: Object = {
        "object": "account_link",
        "created": now,
        "expires_at": now + SECONDS_OF_A_LINK,
        "url": f"{state.page_base}/connect/{identifier}",
        "_account": account["id"],
        "_return_url": required(params, "return_url"),
        "_refresh_url": required(params, "refresh_url"),
        "_used": False,
    }
    # Stripe gives a link no id; the store needs one to find it again.
    state.store.add("", {"id": identifier, **link})
    return link
