"""Integrators' systems: OAuth 2.0 client credentials (RFC 6749, 4.4), scoped to organisers of one region.

The secret is 256 random bits that we make and nobody chooses, so a plain digest of it cannot be guessed back:
the slow hash that a password needs would only make each token cost 50 ms.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.errors import ClientUnknown

SQL = Statements(__name__)

TOKEN_LIVES = timedelta(hours=1)
ID_CHARACTERS = 12


class NewClient(Struct, frozen=True):
    region_id: int
    name: str
    organiser_ids: Sequence[UUID]


class Token(Struct, frozen=True):
    secret: str
    seconds: int


add_client = SQL.command("add_client")
give_token = SQL.command("give_token")


async def create_client(tx: Executor, client: NewClient, now: datetime) -> tuple[str, str]:
    """The client's id and secret. The secret is shown this once: only its digest is kept."""
    client_id, secret = f"uit_{digest(new_token()).hex()[:ID_CHARACTERS]}", new_token()
    await add_client(
        tx,
        client.region_id,
        client_id,
        client.name,
        digest("client", client_id, secret),
        list(client.organiser_ids),
        now,
    )
    return client_id, secret


async def issue_token(tx: Executor, client_id: str, secret: str, now: datetime) -> Token | ClientUnknown:
    """A bearer token for an hour; refused when id or secret is wrong, never which of the two."""
    if "\0" in client_id:  # which a text in PostgreSQL cannot hold
        return ClientUnknown()
    token = new_token()
    given = await give_token(
        tx, client_id, digest("client", client_id, secret), digest("bearer", token), now, now + TOKEN_LIVES
    )
    return Token(token, int(TOKEN_LIVES.total_seconds())) if given else ClientUnknown()
