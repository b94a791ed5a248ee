"""Holder tokens: a token for a resident's own program, which reads the data of the resident only."""

import base64
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from uit.core.secret import Secrets, StoredDigest, digest, new_token
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

TOKEN_LIFETIME = timedelta(days=365)


class HolderToken(Struct, frozen=True):
    """A token that works. The page identifies it by its digest, which gives no access."""

    digest: bytes
    created_at: datetime
    expires_at: datetime


add_token = SQL.command("add_token")
read_tokens = SQL.many("read_tokens", HolderToken)
revoke_token = SQL.command("revoke_token")
revoke_tokens = SQL.many("revoke_tokens", StoredDigest)


def token_of_form(secrets: Secrets, person_id: UUID, form_id: UUID) -> str:
    """The token of a form, derived from its id, so that a form that is sent twice shows the same token."""
    made = hmac.digest(secrets.session, b"holder\0" + person_id.bytes + form_id.bytes, "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


async def create_holder_token(tx: Executor, person_id: UUID, now: datetime, token: str | None = None) -> str:
    """Give a person a token for a year; `token` is one from `token_of_form`, else a new one is made."""
    token = token or new_token()
    await add_token(tx, digest("bearer", token), person_id, now, now + TOKEN_LIFETIME)
    return token


async def holder_tokens(tx: Executor, person_id: UUID, now: datetime) -> list[HolderToken]:
    return await read_tokens(tx, person_id, now)


async def revoke_all(tx: Executor, person_id: UUID, now: datetime) -> list[bytes]:
    """Revoke every token of somebody; the digests, which the authenticator must forget."""
    return [each.digest for each in await revoke_tokens(tx, person_id, now)]


async def revoke(tx: Executor, person_id: UUID, token_digest: bytes, now: datetime) -> bool:
    """End a token of a person; False when they have no such token. The authenticator must then forget it."""
    return bool(await revoke_token(tx, person_id, token_digest, now))
