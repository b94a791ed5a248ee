"""Machines: a client's id and secret for an hour's token (RFC 6749, 4.4)."""

from base64 import b64decode
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote_plus

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from msgspec import Meta, Struct

from uit.ground.errors import Refusal, Refused
from uit.ground.house import House
from uit.ground.limit import Limit
from uit.ground.web.address import client_address
from uit.ground.web.documented import problems, response
from uit.ground.web.problem import words_of
from uit.identity.client import issue_token
from uit.identity.entry import ANYBODY
from uit.identity.errors import ClientUnknown, GrantNotSupported, RequestIncomplete

TOKENS_OF_CLIENT: Final = Limit("tokens of client", 60, 60)
TOKENS_FROM_PLACE: Final = Limit("tokens from place", 120, 60)
MOST_CHARACTERS: Final = 200

Short = Annotated[str, Meta(max_length=MOST_CHARACTERS)]
# Described as the one that works; another is refused in the words of the RFC, not as a wrong shape.
Grant = Annotated[Short, Meta(extra_json_schema={"extra": {"enum": ["client_credentials"]}})]


class TokenRequest(Struct, frozen=True):
    """`client_id` and `client_secret` here, or in an Authorization header of the scheme Basic; not both."""

    grant_type: Grant
    client_id: Short = ""
    client_secret: Short = ""
    scope: Short = ""


class TokenAnswer(Struct, frozen=True):
    """Send `access_token` as `Authorization: Bearer …`; ask for another after `expires_in` seconds."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class TokenError(Struct, frozen=True):
    """RFC 6749, 5.2, with our own stable `code`."""

    error: Literal["invalid_request", "invalid_client", "unsupported_grant_type"]
    error_description: str
    code: str


ERRORS: Final[dict[type[Refusal], Literal["invalid_request", "invalid_client", "unsupported_grant_type"]]] = {
    RequestIncomplete: "invalid_request",
    ClientUnknown: "invalid_client",
    GrantNotSupported: "unsupported_grant_type",
}


@post(
    "/oauth/token",
    opt=ANYBODY,
    operation_id="giveToken",
    tags=["access"],
    status_code=200,
    summary="Get a token",
    responses={
        400: response(TokenError, "invalid_request, unsupported_grant_type"),
        401: response(TokenError, "invalid_client"),
        **problems(413, 422, 429, 503),
    },
)
async def give_token(
    request: Request[Any, Any, Any], data: URLEncodedBody[TokenRequest], house: NamedDependency[House]
) -> Response[TokenAnswer]:
    """A bearer token for an hour, for a client's id and secret."""
    answer = await answer_to(request, data, house)
    if isinstance(answer, Refusal):
        return refused(answer)
    return Response(answer, headers={"Pragma": "no-cache"})


async def answer_to(
    request: Request[Any, Any, Any], data: TokenRequest, house: House
) -> TokenAnswer | RequestIncomplete | GrantNotSupported | ClientUnknown:
    if data.grant_type != "client_credentials":
        return GrantNotSupported()
    credentials = credentials_of(request.headers.get("authorization"), data)
    if isinstance(credentials, Refusal):
        return credentials
    client_id, secret = credentials
    await keep_pace(request, house, client_id)
    async with house.database.transaction() as tx:
        token = await issue_token(tx, client_id, secret, house.clock.now())
    return token if isinstance(token, Refusal) else TokenAnswer(token.secret, "Bearer", token.seconds)


async def keep_pace(request: Request[Any, Any, Any], house: House, client_id: str) -> None:
    place, count = client_address(request), house.limiter.count
    refusal = await count(TOKENS_FROM_PLACE, place) or await count(TOKENS_OF_CLIENT, client_id, place)
    if refusal:
        raise Refused(refusal)


def credentials_of(
    header: str | None, data: TokenRequest
) -> tuple[str, str] | RequestIncomplete | ClientUnknown:
    """Id and secret from the header (RFC 6749, 2.3.1: each form-encoded first) or from the body."""
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


def refused(refusal: Refusal) -> Response[Any]:
    """In English, because the RFC allows plain ASCII only."""
    words = words_of(refusal, "en")
    error = TokenError(ERRORS[type(refusal)], f"{words.detail} {words.next}", refusal.code)
    challenge = {"WWW-Authenticate": 'Basic realm="uit"'} if isinstance(refusal, ClientUnknown) else {}
    return Response(error, status_code=refusal.status, headers=challenge)


ROUTES: list[ControllerRouterHandler] = [give_token]
