"""Who is protected: found by nobody who has no pass or number of theirs. Why is kept nowhere.

Their children go with them: whoever finds a child finds the parent.
"""

from uuid import UUID

from uit.database.statements import Executor, Statements
from uit.identity.person.person import lock_person
from uit.services.audit import Author

SQL = Statements(__name__)

write_protected = SQL.value("write_protected", list[UUID])


async def protect(tx: Executor, author: Author, person_id: UUID, *, protected: bool) -> None:
    """Protect a person and their children, or end that; a child of another protected parent stays so."""
    await lock_person(tx, person_id)
    for changed in await write_protected(tx, person_id, protected, author.today):
        await author.note(tx, "person.protect", "person", changed, protected=protected)
