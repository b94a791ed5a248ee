"""The mails to a member of staff about their own access: a new device, a passkey, a new invitation."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.core.secret import Secrets
from uit.core.signature import is_signed, sign
from uit.identity.sign_in.session import read_staff_session
from uit.identity.staff.staff import ACCESS_RESTORED, PASSKEY_ADDED, PASSKEY_REMOVED, read_staff
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SIGNED_FOR: Final = b"not me\0"
ID_BYTES: Final = 16
DIGEST_BYTES: Final = 32
CHANGES: Final[Mapping[str, str]] = {
    PASSKEY_ADDED: "identity/access/mail_passkey_added",
    PASSKEY_REMOVED: "identity/access/mail_passkey_removed",
    ACCESS_RESTORED: "identity/access/mail_access_restored",
}
"""The mail of each topic that says that somebody can sign in by something else from now on."""


class AboutSession(Struct, frozen=True):
    """`session`: its digest as hexadecimal figures, which gives no access."""

    session: str


class AboutChange(Struct, frozen=True):
    at: datetime


class NamedSession(Struct, frozen=True):
    staff_id: UUID
    digest: bytes


async def notify_sign_in(services: Services, staff_id: UUID, payload: str) -> MailAway | MailRefused | None:
    """Tell a member of staff of a session, also when it was ended at once; nothing when they left."""
    named = bytes.fromhex(msgspec.json.decode(payload, type=AboutSession).session)
    async with services.database.reading() as connection:
        found = await read_staff_session(connection, staff_id, named)
        member = await read_staff(connection, staff_id)
    if found is None or member is None:
        return None
    CLOCK.set(services.clock)
    link = f"{services.settings.address}{end_path(services.secrets, NamedSession(staff_id, named))}"
    return await services.mailer.send(
        written_mail(
            member.email,
            "identity/access/mail_new_sign_in",
            name=member.name,
            at=found.created_at,
            browser=found.browser,
            link=link,
        )
    )


async def notify_change(
    services: Services, staff_id: UUID, topic: str, payload: str
) -> MailAway | MailRefused | None:
    """Tell a member of staff what changed of their access, and where they see it; nothing when they left."""
    async with services.database.reading() as connection:
        member = await read_staff(connection, staff_id)
    if member is None:
        return None
    CLOCK.set(services.clock)
    changed_at = msgspec.json.decode(payload, type=AboutChange).at
    link = f"{services.settings.address}/team/toegang"
    return await services.mailer.send(
        written_mail(member.email, CHANGES[topic], name=member.name, at=changed_at, link=link)
    )


def end_path(secrets: Secrets, named: NamedSession) -> str:
    """The path of the page that ends this session, for who reads the mail about it."""
    packed = named.staff_id.bytes + named.digest
    sealed = base64.urlsafe_b64encode(packed + sign(secrets.session, SIGNED_FOR, packed)).decode()
    return f"/team/niet-ik/{sealed.rstrip('=')}"


def open_seal(secrets: Secrets, token: str) -> NamedSession | None:
    """The session that a link ends; None when we did not make it."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    packed, signature = raw[: ID_BYTES + DIGEST_BYTES], raw[ID_BYTES + DIGEST_BYTES :]
    if not is_signed(secrets.session, SIGNED_FOR, packed, signature):
        return None
    return NamedSession(UUID(bytes=packed[:ID_BYTES]), packed[ID_BYTES:])
