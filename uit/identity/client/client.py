"""Clients: systems of integrators, with OAuth 2.0 client credentials (RFC 6749, 4.4).

A client is scoped to organisers of one region. Its secret is 256 random bits, so a fast digest is safe; the
slow hash that a password needs would add 50 ms to each token.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.origin import origin_of
from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.errors import ClientUnknown

SQL = Statements(__name__)

TOKEN_LIFETIME = timedelta(hours=1)
ID_CHARACTERS = 12


class NewClient(Struct, frozen=True):
    """`return_origins`: where its shop stands, to which a payment page may lead back (`origin.origin_of`)."""

    region_id: int
    name: str
    organiser_ids: Sequence[UUID]
    return_origins: Sequence[str] = ()


class Token(Struct, frozen=True):
    secret: str
    seconds: int


add_client = SQL.command("add_client")
give_token = SQL.command("give_token")


async def create_client(tx: Executor, client: NewClient, now: datetime) -> tuple[str, str]:
    """Make a client and return its id and secret. Only the digest of the secret is stored."""
    assert all(origin_of(each) == each for each in client.return_origins), "not an origin"
    client_id, secret = f"uit_{digest(new_token()).hex()[:ID_CHARACTERS]}", new_token()
    await add_client(
        tx,
        client.region_id,
        client_id,
        client.name,
        digest("client", client_id, secret),
        list(client.organiser_ids),
        list(client.return_origins),
        now,
    )
    return client_id, secret


async def issue_token(tx: Executor, client_id: str, secret: str, now: datetime) -> Token | ClientUnknown:
    """A bearer token for an hour. ClientUnknown when the id or the secret is wrong, whichever it is."""
    if "\0" in client_id:  # a text in PostgreSQL cannot hold NUL
        return ClientUnknown()
    token = new_token()
    given = await give_token(
        tx, client_id, digest("client", client_id, secret), digest("bearer", token), now, now + TOKEN_LIFETIME
    )
    return Token(token, int(TOKEN_LIFETIME.total_seconds())) if given else ClientUnknown()
