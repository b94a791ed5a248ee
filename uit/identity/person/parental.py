"""Parental authority: given at the counter with the proof that a clerk saw, until the child is of age."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.identity.person.person import is_protected, lock_person
from uit.identity.person.powers import of_age_on
from uit.identity.person.protection import protect
from uit.services.audit import Author

SQL = Statements(__name__)

has_been_parental = SQL.value("has_been_parental", bool)
insert_parental = SQL.command("insert_parental")


class Parental(Struct, frozen=True):
    """A parent of a child, under an id of the form. `proof` is what the clerk saw."""

    id: UUID
    child_id: UUID
    parent_id: UUID
    child_born_on: date
    proof: str


async def give_parental(tx: Executor, author: Author, wanted: Parental) -> bool:
    """Let a parent act for a child; False when nothing is given.

    That is for who is of age, for a parent who acts for the child already, and for one who did once: what was
    ended is not given again beside a household. The child of a protected parent is protected.
    """
    if author.today >= of_age_on(wanted.child_born_on):
        return False
    await lock_person(tx, wanted.child_id)
    if await has_been_parental(tx, wanted.child_id, wanted.parent_id):
        return False
    row = wanted.id, wanted.child_id, wanted.parent_id, wanted.proof
    await insert_parental(tx, *row, author.today, of_age_on(wanted.child_born_on), author.now)
    await author.note(tx, "representation.give", "person", wanted.child_id, kind="parental")
    if await is_protected(tx, wanted.parent_id):
        await protect(tx, author, wanted.parent_id, protected=True)
    return True
