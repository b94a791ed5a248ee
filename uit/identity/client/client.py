"""Clients: systems of integrators, with OAuth 2.0 client credentials (RFC 6749, 4.4).

A client is scoped to organisers of one region. Its secret is 256 random bits, so a fast digest is safe; the
slow hash that a password needs would add 50 ms to each token.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.origin import is_origin
from uit.core.secret import digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.errors import ClientUnknown
from uit.services.audit import Author

SQL = Statements(__name__)

TOKEN_LIFETIME = timedelta(hours=1)
ID_CHARACTERS = 12


class NewClient(Struct, frozen=True):
    """`return_origins`: where its shop stands, to which a payment page may lead back (`origin.is_origin`)."""

    region_id: int
    name: str
    organiser_ids: Sequence[UUID]
    return_origins: Sequence[str] = ()


class Token(Struct, frozen=True):
    secret: str
    seconds: int


class ClientRow(Struct, frozen=True):
    """A client as an operator sees it: `return_origins` in the order of the alphabet."""

    region_id: int
    id: str
    name: str
    return_origins: list[str]


read_client = SQL.maybe("read_client", ClientRow)
lock_client = SQL.command("lock_client")
write_origins = SQL.command("write_origins")
add_client = SQL.command("add_client")
give_token = SQL.command("give_token")


async def create_client(tx: Executor, client: NewClient, now: datetime) -> tuple[str, str]:
    """Make a client and return its id and secret. Only the digest of the secret is stored."""
    assert all(map(is_origin, client.return_origins)), "not an origin"
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


async def change_origins(
    tx: Executor, author: Author, client_id: str, added: Collection[str], removed: Collection[str]
) -> ClientRow | None:
    """The client of the author's region after it, or None for one that is not there.

    Each origin that came or went is an act. What is both added and removed is removed. What a client may do
    is remembered for a minute.
    """
    assert all(map(is_origin, added)), "not an origin"
    await lock_client(tx, author.region_id, client_id)
    client = await read_client(tx, client_id)
    if client is None:
        return None
    before = set(client.return_origins)
    after = sorted((before | set(added)) - set(removed))
    if before == set(after):
        return client
    await write_origins(tx, author.region_id, client_id, after)
    for origin in sorted(before ^ set(after)):
        act = "client.origin_remove" if origin in before else "client.origin_add"
        await author.note(tx, act, "client", client_id, origin=origin)
    return await read_client(tx, client_id)


async def issue_token(tx: Executor, client_id: str, secret: str, now: datetime) -> Token | ClientUnknown:
    """A bearer token for an hour. ClientUnknown when the id or the secret is wrong, whichever it is."""
    if "\0" in client_id:  # a text in PostgreSQL cannot hold NUL
        return ClientUnknown()
    token = new_token()
    given = await give_token(
        tx, client_id, digest("client", client_id, secret), digest("bearer", token), now, now + TOKEN_LIFETIME
    )
    return Token(token, int(TOKEN_LIFETIME.total_seconds())) if given else ClientUnknown()
