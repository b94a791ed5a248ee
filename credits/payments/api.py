"""Where the payment provider reports what happened."""

from typing import Any, Final

from litestar import Request, Response, post
from litestar.di import NamedDependency

from credits.errors import NotFromProvider
from credits.payments.event import store_event
from credits.payments.provider import BadSignature
from credits.payments.services import PaymentServices
from uit.identity.authentication import ANYBODY
from uit.web.json_response import problem_response

EVENT_BYTES: Final = 262_144


@post("/stripe/webhook", opt={**ANYBODY, "most_bytes": EVENT_BYTES}, include_in_schema=False, status_code=200)
async def webhook(
    request: Request[Any, Any, Any], services: NamedDependency[PaymentServices]
) -> Response[Any]:
    """Store the id of what happened, and answer at once. What it is, a worker reads back from the provider.

    Who calls is known by the signature over the raw body.
    """
    body, signature, now = (
        await request.body(),
        request.headers.get("Stripe-Signature", ""),
        services.clock.now(),
    )
    if services.provider is None:
        return problem_response(request, NotFromProvider())
    try:
        event = services.provider.open_event(body, signature, now)
    except BadSignature:
        return problem_response(request, NotFromProvider())
    async with services.database.reading() as connection:  # one statement, which commits by itself
        await store_event(connection, event.id, event.type, event.account, event.object_id, now)
    return Response(None)


ROUTES = [webhook]
