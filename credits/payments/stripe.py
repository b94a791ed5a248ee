"""Stripe, as a `PaymentProvider`: the one module that knows its package.

The organiser is the seller. A charge is made directly on its own connected account, named in the header
`Stripe-Account`, and we take no fee of it (https://docs.stripe.com/connect/direct-charges).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NoReturn, TypeVar, cast
from uuid import UUID

import httpx
import msgspec
import stripe
from stripe.params import AccountCreateParams, BalanceTransactionListParams, RefundListParams
from stripe.params.checkout import SessionCreateParams

from credits.payments import stripe_objects
from credits.payments.provider import (
    BadSignature,
    BalanceEntry,
    Checkout,
    CheckoutOrder,
    ProviderAway,
    ProviderDispute,
    ProviderEvent,
    ProviderRefund,
    ProviderRefused,
    RefundOrder,
    SellerAccount,
)
from credits.payments.signature import check_signature

# The version of the OpenAPI document that the tests hold us to. Its own mark is lost: each version in it is
# 2025-10-15, the day on which it was packed. But it lists 98 versions for a webhook endpoint, and the 98th of
# Stripe since 2011-01-01 is 2022-11-15; and its PaymentIntent has no `charges`, which that version took away.
STRIPE_VERSION: Final = "2022-11-15"

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 15.0
WHOLE_SECONDS: Final = 20.0
# None by the SDK itself: who calls knows how long the money can wait, and comes back under the same key.
RETRIES: Final = 0

PAGE_SIZE: Final = 100
PAYMENT_METHODS: Final = ("bancontact", "card")
# The whole way to what Stripe kept of a payment, so that one request reads it.
TO_THE_FEE: Final = "payment_intent.latest_charge.balance_transaction"

TRY_LATER: Final = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
# Stripe gives these no code of their own.
CODES: Final[dict[int, str]] = {HTTPStatus.UNAUTHORIZED: "authentication", HTTPStatus.FORBIDDEN: "permission"}

T = TypeVar("T")

# It would tell Stripe of our platform and timings, and its log has the addresses and the texts of errors.
stripe.enable_telemetry = False
logging.getLogger("stripe").setLevel(logging.ERROR)


class StripeProvider:
    """Speaks to `api_base` with `secret_key`; webhooks are signed with any of `webhook_secrets`."""

    def __init__(self, secret_key: str, webhook_secrets: Sequence[str], api_base: str) -> None:
        self._secrets = tuple(webhook_secrets)
        self._http = stripe.HTTPXClient(timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS))
        client = stripe.StripeClient(
            secret_key,
            stripe_version=STRIPE_VERSION,
            base_addresses={"api": api_base.rstrip("/")},
            max_network_retries=RETRIES,
            http_client=self._http,
        )
        self._api = client.v1

    async def open_checkout(self, order: CheckoutOrder) -> Checkout:
        params = cast("SessionCreateParams", checkout_params(order))
        options = options_for(order.account, f"checkout-{order.payment_id}")
        async with provider_errors():
            response = await self._api.checkout.sessions.create_async(params, options)
        return stripe_objects.as_checkout(parse(response, stripe_objects.Session), order.account)

    async def read_checkout(self, checkout_id: str, account: str | None) -> Checkout:
        async with provider_errors():
            response = await self._api.checkout.sessions.retrieve_async(
                checkout_id, {"expand": [TO_THE_FEE]}, options_for(account)
            )
        return stripe_objects.as_checkout(parse(response, stripe_objects.Session), account)

    async def expire_checkout(self, checkout_id: str, account: str | None) -> Checkout:
        """Look when it fails: Stripe refuses to close what is closed, and repeats a failure under its key."""
        options = options_for(account, f"expire-{checkout_id}")
        try:
            async with provider_errors():
                response = await self._api.checkout.sessions.expire_async(checkout_id, {}, options)
            return stripe_objects.as_checkout(parse(response, stripe_objects.Session), account)
        except (ProviderRefused, ProviderAway):
            found = await self.read_checkout(checkout_id, account)
            if found.status == "open":
                raise
            return found

    async def refund(self, order: RefundOrder) -> ProviderRefund:
        """Look first: Stripe forgets a key after a day, and then the same order would pay back twice."""
        made = await self._find_refund(order)
        if made is not None:
            return made
        options = options_for(order.account, f"refund-{order.refund_id}")
        async with provider_errors():
            response = await self._api.refunds.create_async(
                {
                    "payment_intent": order.intent_id,
                    "amount": order.amount_cents,
                    "metadata": {"refund_id": str(order.refund_id)},
                },
                options,
            )
        return stripe_objects.as_refund(parse(response, stripe_objects.RefundObject))

    async def _find_refund(self, order: RefundOrder) -> ProviderRefund | None:
        params: RefundListParams = {"payment_intent": order.intent_id, "limit": PAGE_SIZE}
        while True:
            async with provider_errors():
                response = await self._api.refunds.list_async(params, options_for(order.account))
            page = parse(response, stripe_objects.RefundList)
            for refund in map(stripe_objects.as_refund, page.data):
                if refund.refund_id == order.refund_id:
                    return refund
            if not page.has_more or not page.data:
                return None
            params["starting_after"] = page.data[-1].id

    async def read_refund(self, refund_id: str, account: str | None) -> ProviderRefund:
        async with provider_errors():
            response = await self._api.refunds.retrieve_async(refund_id, {}, options_for(account))
        return stripe_objects.as_refund(parse(response, stripe_objects.RefundObject))

    async def open_account(
        self, seller_id: UUID, name: str, email: str | None, *, after: str | None = None
    ) -> SellerAccount:
        """A standard account: fees and losses are the seller's own, with Stripe's dashboard and questions.

        In later versions `controller` says so (losses.payments=stripe, fees.payer=account,
        stripe_dashboard.type=full, requirement_collection=stripe); this version knows the type alone.
        """
        params: AccountCreateParams = {
            "type": "standard",
            "country": "BE",
            "default_currency": "eur",
            "business_profile": {"name": name},
            "metadata": {"seller_id": str(seller_id)},
        }
        if email is not None:
            params["email"] = email
        async with provider_errors():
            key = "-".join(filter(None, ("account", str(seller_id), after)))
            response = await self._api.accounts.create_async(params, options_for(None, key))
        return stripe_objects.as_seller_account(parse(response, stripe_objects.Account))

    async def account_link(self, account: str, return_url: str, refresh_url: str) -> str:
        """Each call needs a page of its own, as one is good once: the SDK's random key serves here."""
        async with provider_errors():
            response = await self._api.account_links.create_async(
                {
                    "account": account,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                }
            )
        return parse(response, stripe_objects.AccountLink).url

    async def read_account(self, account: str) -> SellerAccount:
        async with provider_errors():
            response = await self._api.accounts.retrieve_async(account)
        return stripe_objects.as_seller_account(parse(response, stripe_objects.Account))

    async def read_dispute(self, dispute_id: str, account: str | None) -> ProviderDispute:
        async with provider_errors():
            response = await self._api.disputes.retrieve_async(dispute_id, {}, options_for(account))
        return stripe_objects.as_dispute(parse(response, stripe_objects.Dispute))

    async def balance_entries(
        self, account: str | None, since: datetime, until: datetime
    ) -> list[BalanceEntry]:
        params: BalanceTransactionListParams = {
            "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
            "expand": ["data.source"],
            "limit": PAGE_SIZE,
        }
        entries: list[BalanceEntry] = []
        while True:
            async with provider_errors():
                response = await self._api.balance_transactions.list_async(params, options_for(account))
            page = parse(response, stripe_objects.BalanceTransactionList)
            entries += map(stripe_objects.as_balance_entry, page.data)
            if not page.has_more or not page.data:
                return entries
            params["starting_after"] = page.data[-1].id

    async def read_event(self, event_id: str, account: str | None) -> ProviderEvent:
        async with provider_errors():
            response = await self._api.events.retrieve_async(event_id, {}, options_for(account))
        return stripe_objects.as_event(parse(response, stripe_objects.Event))

    def open_event(self, body: bytes, signature: str, now: datetime) -> ProviderEvent:
        check_signature(body, signature, self._secrets, now)
        try:
            return stripe_objects.as_event(msgspec.json.decode(body, type=stripe_objects.Event))
        except msgspec.DecodeError as error:
            raise BadSignature("What was signed is no event.") from error

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


def checkout_params(order: CheckoutOrder) -> dict[str, Any]:
    """The parameters as the pinned version has them: the SDK's own types are those of a later one."""
    ours = {
        "region_id": str(order.region_id),
        "booking_id": str(order.booking_id),
        "payment_id": str(order.payment_id),
    }
    price = {
        "currency": "eur",
        "unit_amount": order.amount_cents,
        "product_data": {"name": order.description},
    }
    return {
        "mode": "payment",
        "payment_method_types": list(PAYMENT_METHODS),
        "line_items": [{"price_data": price, "quantity": 1}],
        "client_reference_id": str(order.payment_id),
        "metadata": ours,
        "payment_intent_data": {"metadata": ours, "description": order.description},
        "expires_at": int(order.expires_at.timestamp()),
        "locale": order.locale,
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
    }


def options_for(account: str | None, key: str | None = None) -> stripe.RequestOptions:
    """On whose account, and under which idempotency key; what only reads needs none."""
    options: stripe.RequestOptions = {}
    if account is not None:
        options["stripe_account"] = account
    if key is not None:
        options["idempotency_key"] = key
    return options


@asynccontextmanager
async def provider_errors() -> AsyncIterator[None]:
    """One request, of at most WHOLE_SECONDS, whose errors are those of `provider.py`.

    They are not chained: the SDK's hold the whole answer, in which somebody may be named.
    """
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            yield
    except TimeoutError:
        raise ProviderAway("no answer in time") from None
    except stripe.StripeError as error:
        failure = error
    else:
        return
    raise_provider_error(failure)


def raise_provider_error(error: stripe.StripeError) -> NoReturn:
    status, found = error.http_status or 0, error.error
    if not status:
        raise ProviderAway("no answer")
    if status in TRY_LATER or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ProviderAway(f"answered {status}", _retry_after(error))
    code = (found.code or CODES.get(status) or found.type) if found else CODES.get(status)
    raise ProviderRefused(stripe_objects.plain_code(code) or "other", found.param if found else None)


def _retry_after(error: stripe.StripeError) -> int | None:
    seconds = (error.headers or {}).get("retry-after", "")
    return int(seconds) if seconds.isdecimal() else None


def parse(response: stripe.StripeObject, shape: type[T]) -> T:
    """What Stripe answered, in the shape that we use. Raises ProviderAway when it has another."""
    raw = response.last_response
    try:
        return msgspec.convert(raw.data if raw else None, shape)
    except msgspec.ValidationError:
        raise ProviderAway("an answer of another shape than documented") from None
