"""Another e-mail address of somebody, asked by themselves: it counts once the link in its mail is used.

Until then all goes to the old one. Whether somebody else has the address is told to nobody who only asks.
"""

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct, structs

from uit.core.errors import NotFound
from uit.core.ids import Ids
from uit.core.secret import Secrets, digest
from uit.database.statements import Executor, Statements
from uit.identity.errors import ConsentNeeded, EmailTaken, LinkUsed
from uit.identity.person.change import PersonDetails, change, read_details
from uit.identity.person.consent import needs_consent
from uit.identity.person.person import has_email, lock_person
from uit.services.audit import Author
from uit.services.limit import Limit

SQL = Statements(__name__)
LIFETIME: Final = timedelta(hours=24)
ASKED: Final = Limit("e-mail addresses asked by person", 5, 86_400)


class NewEmail(Struct, frozen=True):
    """An address that waits to be confirmed, and the region whose pages it was asked on."""

    region_id: int
    person_id: UUID
    email: str


end_waiting = SQL.command("end_waiting")
insert_new_email = SQL.command("insert_new_email")
was_asked = SQL.value("was_asked", bool)
read_new_email = SQL.maybe("read_new_email", NewEmail)
use_new_email = SQL.maybe("use_new_email", NewEmail)
read_waiting_email = SQL.value("read_waiting_email", str)


def token_of_form(secrets: Secrets, person_id: UUID, change_id: UUID) -> str:
    """The token of a form, derived from its id, so that a form that is sent twice asks once."""
    made = hmac.digest(secrets.session, b"new_email\0" + person_id.bytes + change_id.bytes, "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


async def ask_new_email(
    tx: Executor, author: Author, known: PersonDetails, email: str, token: str
) -> str | ConsentNeeded | None:
    """The token for the link to mail; None where nothing is mailed.

    That is where the address is somebody else's, and for the same form again, whatever its address.
    One asked before by another form stops. Refused: ConsentNeeded.
    """
    await lock_person(tx, known.id)
    if needs_consent(known.born_on, author.today):
        return ConsentNeeded()
    hashed = digest("new_email", token)
    if await was_asked(tx, hashed):
        return None
    await end_waiting(tx, known.id, author.now)
    await author.note(tx, "email.ask", "person", known.id)
    if await has_email(tx, email, known.id):
        return None
    row = hashed, author.region_id, known.id, email, author.now, author.now + LIFETIME
    await insert_new_email(tx, *row)
    return token


async def read_asked(tx: Executor, token: str, now: datetime) -> NewEmail | None:
    """What a link would confirm, without using it up."""
    return await read_new_email(tx, digest("new_email", token), now)


async def confirm_new_email(
    tx: Executor, token: str, now: datetime, ids: Ids
) -> PersonDetails | LinkUsed | ConsentNeeded | EmailTaken | NotFound:
    """Make the address theirs, with its history. Refused: LinkUsed, and as `change` does."""
    hashed = digest("new_email", token)
    asked = await use_new_email(tx, hashed, now)
    known = await read_details(tx, asked.person_id) if asked else None
    if asked is None or known is None:
        return LinkUsed()
    author = Author(asked.region_id, "person", str(asked.person_id), now, ids)
    wanted = structs.replace(known, email=asked.email)
    return await change(tx, author, uuid5(asked.person_id, hashed.hex()), wanted)
