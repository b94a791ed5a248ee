"""Whether a region may use the number of the national register: by what it entered of its authorisation.

Every verb that would look one up asks here first, so that without an authorisation nothing is, whatever a
form sends.
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class Authorisation(Struct, frozen=True):
    """`number` is of the decision; `ends_on` is its last day, None for one without an end."""

    id: UUID
    number: str
    purposes: str
    categories: str
    starts_on: date
    ends_on: date | None


class EnteredAuthorisation(Authorisation, frozen=True):
    stopped_at: datetime | None

    def holds_on(self, day: date) -> bool:
        ended = self.ends_on is not None and self.ends_on < day
        return self.stopped_at is None and self.starts_on <= day and not ended


holds_here = SQL.value("holds_here", bool)
read_authorisations = SQL.many("read_authorisations", EnteredAuthorisation)
insert_authorisation = SQL.command("insert_authorisation")
stop_authorisation = SQL.command("stop_authorisation")


async def may_use_insz(tx: Executor, region_id: int, day: date) -> bool:
    return bool(await holds_here(tx, region_id, day))


async def enter(tx: Executor, author: Author, wanted: Authorisation) -> None:
    """Write down an authorisation, once for the id of the form."""
    row = wanted.number, wanted.purposes, wanted.categories, wanted.starts_on, wanted.ends_on
    if await insert_authorisation(tx, author.region_id, wanted.id, *row, author.now):
        await author.note(tx, "authorisation.enter", "region", author.region_id, id=str(wanted.id))


async def stop(tx: Executor, author: Author, authorisation_id: UUID) -> None:
    """End it at once. A repeat changes nothing."""
    if await stop_authorisation(tx, author.region_id, authorisation_id, author.now):
        await author.note(tx, "authorisation.stop", "region", author.region_id, id=str(authorisation_id))
