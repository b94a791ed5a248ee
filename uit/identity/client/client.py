"""Clients: systems of integrators, with OAuth 2.0 client credentials (RFC 6749, 4.4).

A client is for organisers of one region. Its secret is 256 random bits, so a fast digest is safe; the
slow hash that a password needs would add 50 ms to each token.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.origin import is_origin
from uit.core.secret import StoredDigest, digest, new_token
from uit.database.statements import Executor, Statements
from uit.identity.client.scope import EVERY_SCOPE, SCOPES
from uit.identity.errors import ClientUnknown
from uit.services.audit import Author

SQL = Statements(__name__)

TOKEN_LIFETIME = timedelta(hours=1)
ID_CHARACTERS = 12


class NewClient(Struct, frozen=True):
    """`return_origins`: where its shop stands, to which a payment page may lead back (`origin.is_origin`).

    `scopes`: what it may do, of SCOPES.
    """

    region_id: int
    name: str
    organiser_ids: Sequence[UUID]
    return_origins: Sequence[str] = ()
    scopes: Sequence[str] = EVERY_SCOPE


class Token(Struct, frozen=True):
    """`scopes`: what it opens."""

    secret: str
    seconds: int
    scopes: list[str]


class ClientRow(Struct, frozen=True):
    """A client as an operator sees it: `return_origins` in the order of the alphabet."""

    region_id: int
    id: str
    name: str
    return_origins: list[str]


class ClientLine(Struct, frozen=True):
    """A client as a list shows it."""

    id: str
    name: str
    organiser_ids: list[UUID]
    scopes: list[str]
    return_origins: list[str]
    created_at: datetime


class GivenScopes(Struct, frozen=True):
    scopes: list[str]


class RotatedClient(Struct, frozen=True):
    """The new secret, shown once. `ended` are digests of tokens, which the authenticator must forget."""

    secret: str
    ended: list[bytes]


read_client = SQL.maybe("read_client", ClientRow)
read_clients = SQL.many("read_clients", ClientLine)
find_region = SQL.value("find_region", int)
"""The region of a client, also of one that ended; None for one that never was."""
lock_client = SQL.command("lock_client")
write_origins = SQL.command("write_origins")
write_secret = SQL.command("write_secret")
end_client = SQL.command("end_client")
end_tokens = SQL.many("end_tokens", StoredDigest)
add_client = SQL.command("add_client")
give_token = SQL.maybe("give_token", GivenScopes)


async def create_client(tx: Executor, client: NewClient, now: datetime) -> tuple[str, str]:
    """Make a client and return its id and secret. Only the digest of the secret is stored."""
    assert all(map(is_origin, client.return_origins)), "not an origin"
    assert client.scopes, "a client without a scope"
    assert SCOPES.keys() >= set(client.scopes), "not a scope"
    client_id, secret = f"uit_{digest(new_token()).hex()[:ID_CHARACTERS]}", new_token()
    await add_client(
        tx,
        client.region_id,
        client_id,
        client.name,
        digest("client", client_id, secret),
        list(client.organiser_ids),
        list(client.return_origins),
        list(client.scopes),
        now,
    )
    return client_id, secret


async def register_client(tx: Executor, author: Author, client: NewClient) -> tuple[str, str]:
    """`create_client`, with a row in the audit trail."""
    client_id, secret = await create_client(tx, client, author.now)
    organisers, scopes = len(client.organiser_ids), " ".join(client.scopes)
    await author.note(tx, "client.add", "client", client_id, organisers=organisers, scopes=scopes)
    return client_id, secret


async def rotate_secret(tx: Executor, author: Author, client_id: str) -> RotatedClient | None:
    """Give a client of the author's region another secret; None when there is none.

    The old secret gives no more tokens, and those that it gave end.
    """
    secret = new_token()
    if not await write_secret(tx, author.region_id, client_id, digest("client", client_id, secret)):
        return None
    ended = await end_tokens(tx, client_id, author.now)
    await author.note(tx, "client.rotate", "client", client_id, tokens=len(ended))
    return RotatedClient(secret, [token.digest for token in ended])


async def revoke_client(tx: Executor, author: Author, client_id: str) -> list[bytes] | None:
    """End a client of the author's region with its tokens, whose digests the authenticator must forget.

    None when the region never had it. A repeat ends nothing more, and is no act.
    """
    if await find_region(tx, client_id) != author.region_id:
        return None
    is_new = await end_client(tx, author.region_id, client_id, author.now)
    ended = await end_tokens(tx, client_id, author.now)
    if is_new:
        await author.note(tx, "client.revoke", "client", client_id, tokens=len(ended))
    return [token.digest for token in ended]


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
    return Token(token, int(TOKEN_LIFETIME.total_seconds()), given.scopes) if given else ClientUnknown()
