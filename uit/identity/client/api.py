"""API: a token of an hour for the id and secret of a client (RFC 6749, 4.4)."""

from base64 import b64decode
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote_plus

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import URLEncodedBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from uit.core.errors import NotUnderstood, Refusal, RefusalError
from uit.identity.authentication import ANYBODY
from uit.identity.client.client import issue_token
from uit.identity.errors import (
    ClientUnknown,
    GrantNotSupported,
    ParameterWrong,
    RequestIncomplete,
    ScopeUnknown,
)
from uit.services.limit import Limit
from uit.services.services import Services
from uit.web.address import client_address
from uit.web.documented import problems, response
from uit.web.problem import words_of
from uit.web.shell import as_refusal, with_safe_headers

TOKENS_PER_CLIENT: Final = Limit("tokens of client", 60, 60)
TOKENS_PER_ADDRESS: Final = Limit("tokens from place", 120, 60)
MOST_CHARACTERS: Final = 200

Short = Annotated[str, Meta(max_length=MOST_CHARACTERS)]
# The description has the only value that works. Another value is refused with the error code of the RFC, so
# the type admits every text.
Grant = Annotated[Short, Meta(extra_json_schema={"extra": {"enum": ["client_credentials"]}})]
Scope = Annotated[Short, Meta(extra_json_schema={"extra": {"enum": [""]}})]


class TokenRequest(Struct, frozen=True):
    """`client_id` and `client_secret` here, or in an Authorization header of the scheme Basic; not both.

    A token has all the scopes of its client; a part of them cannot be asked for. A parameter without a value
    counts as left out.
    """

    grant_type: Grant
    client_id: Short = ""
    client_secret: Short = ""
    scope: Scope = ""


class TokenAnswer(Struct, frozen=True):
    """Send `access_token` as `Authorization: Bearer …`; ask for another after `expires_in` seconds.

    `scope`: what it opens, with a space between (RFC 6749, 3.3).
    """

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


ErrorName = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]


class TokenError(Struct, frozen=True):
    """RFC 6749, 5.2, with our own stable `code`."""

    error: ErrorName
    error_description: str
    code: str


ERRORS: Final[dict[type[Refusal], ErrorName]] = {
    ParameterWrong: "invalid_request",
    RequestIncomplete: "invalid_request",
    ClientUnknown: "invalid_client",
    GrantNotSupported: "unsupported_grant_type",
    ScopeUnknown: "invalid_scope",
}


def invalid_parameter_response(_request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """A parameter that cannot be read is answered as an error of RFC 6749, not as a problem document."""
    misread = as_refusal(error)
    assert isinstance(misread, NotUnderstood)
    return with_safe_headers(
        token_error_response(ParameterWrong(misread.where, missing=misread.why == "missing"))
    )


@post(
    "/oauth/token",
    opt=ANYBODY,
    operation_id="giveToken",
    tags=["access"],
    status_code=200,
    summary="Get a token",
    responses={
        400: response(TokenError, "invalid_request, unsupported_grant_type, invalid_scope"),
        401: response(TokenError, "invalid_client"),
        **problems(413, 429, 503),
    },
    exception_handlers={ValidationException: invalid_parameter_response},
)
async def give_token(
    request: Request[Any, Any, Any], data: URLEncodedBody[TokenRequest], services: NamedDependency[Services]
) -> Response[TokenAnswer]:
    """A bearer token for an hour, for a client's id and secret."""
    answer = await answer_token_request(request, data, services)
    if isinstance(answer, Refusal):
        return token_error_response(answer)
    return Response(answer, headers={"Pragma": "no-cache"})


async def answer_token_request(
    request: Request[Any, Any, Any], data: TokenRequest, services: Services
) -> TokenAnswer | Refusal:
    if not data.grant_type:
        return ParameterWrong("grant_type", missing=True)
    if data.grant_type != "client_credentials":
        return GrantNotSupported()
    if data.scope:
        return ScopeUnknown()
    credentials = credentials_of(request.headers.get("authorization"), data)
    if isinstance(credentials, Refusal):
        return credentials
    client_id, secret = credentials
    await check_rate_limits(request, services, client_id)
    async with services.database.transaction() as tx:
        token = await issue_token(tx, client_id, secret, services.clock.now())
    return (
        token
        if isinstance(token, Refusal)
        else TokenAnswer(token.secret, "Bearer", token.seconds, " ".join(token.scopes))
    )


async def check_rate_limits(request: Request[Any, Any, Any], services: Services, client_id: str) -> None:
    address, count = client_address(request), services.limiter.count
    refusal = await count(TOKENS_PER_ADDRESS, address) or await count(TOKENS_PER_CLIENT, client_id, address)
    if refusal:
        raise RefusalError(refusal)


def credentials_of(
    header: str | None, data: TokenRequest
) -> tuple[str, str] | RequestIncomplete | ClientUnknown:
    """The client id and secret from the header (RFC 6749, 2.3.1: both form-encoded) or from the body.

    Refused: RequestIncomplete without both or with both ways, ClientUnknown for a header that cannot be read.
    """
    if header is None:
        complete = data.client_id and data.client_secret
        return (data.client_id, data.client_secret) if complete else RequestIncomplete()
    if data.client_secret:
        return RequestIncomplete()
    scheme, _, encoded = header.partition(" ")
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # not base64, or not UTF-8 under it
        return ClientUnknown()
    if scheme.lower() != "basic" or not colon:
        return ClientUnknown()
    client_id = unquote_plus(client_id)
    return (client_id, unquote_plus(secret)) if data.client_id in {"", client_id} else ClientUnknown()


def token_error_response(refusal: Refusal) -> Response[Any]:
    """The error of RFC 6749, 5.2, in English, because the RFC allows ASCII only."""
    words = words_of(refusal, "en")
    error = TokenError(ERRORS[type(refusal)], f"{words.detail} {words.next}", refusal.code)
    challenge = {"WWW-Authenticate": 'Basic realm="uit"'} if isinstance(refusal, ClientUnknown) else {}
    return Response(error, status_code=refusal.status, headers=challenge)


ROUTES: list[ControllerRouterHandler] = [give_token]
