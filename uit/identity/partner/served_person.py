"""Whom a social service helps: a secret that its own pages read, and nothing else.

What is done about it is in the trail by the number of a dossier and its partner, never by a person.
"""

from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class NewServed(Struct, frozen=True):
    """Somebody whom a service helps from now on; `dossier` is the number that the service gives them."""

    id: UUID
    partner_id: UUID
    person_id: UUID
    dossier: str


class EndedClient(Struct, frozen=True):
    dossier: str


insert_client = SQL.command("insert_client")
stop_client = SQL.maybe("stop_client", EndedClient)


async def start_helping(tx: Executor, author: Author, wanted: NewServed) -> None:
    """Once: whom the service helps already, it helps by the number of before."""
    row = wanted.id, wanted.partner_id, wanted.person_id, wanted.dossier
    if await insert_client(tx, author.region_id, *row, author.now):
        await author.note(tx, "client.start", "dossier", wanted.dossier, partner=str(wanted.partner_id))


async def stop_helping(tx: Executor, author: Author, partner_id: UUID, client_id: UUID) -> None:
    """The service sees and does nothing for them from now on. A repeat changes nothing."""
    ended = await stop_client(tx, author.region_id, partner_id, client_id, author.now)
    if ended:
        await author.note(tx, "client.stop", "dossier", ended.dossier, partner=str(partner_id))
