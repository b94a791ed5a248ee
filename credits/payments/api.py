"""Where the payment provider reports what happened."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency

from credits.errors import NotFromProvider
from credits.payments.event import store_event
from credits.payments.provider import BadSignature, PaymentProvider
from uit.identity.authentication import ANYBODY
from uit.services.services import Services
from uit.web.json_response import problem_response


@post("/stripe/webhook", opt=ANYBODY, include_in_schema=False, status_code=200)
async def webhook(request: Request[Any, Any, Any], services: NamedDependency[Services]) -> Response[Any]:
    """Store the id of what happened, and answer at once. What it is, a worker reads back from the provider.

    Who calls is known by the signature over the raw body.
    """
    provider: PaymentProvider | None = getattr(services, "provider", None)
    body, signature, now = (
        await request.body(),
        request.headers.get("Stripe-Signature", ""),
        services.clock.now(),
    )
    if provider is None:
        return problem_response(request, NotFromProvider())
    try:
        event = provider.open_event(body, signature, now)
    except BadSignature:
        return problem_response(request, NotFromProvider())
    async with services.database.reading() as connection:  # one statement, which commits by itself
        await store_event(connection, event.id, event.type, event.account, event.object_id, now)
    return Response(None)


ROUTES = [webhook]
