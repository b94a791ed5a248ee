"""What permits a clerk to act for a member: asked once per visit, for a short time and for that clerk.

By telephone it permits booking and cancelling, and nothing else. The trail keeps each with its kind.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.passes.card.card import recognise_pass
from uit.passes.errors import PassNotActive, PassUnknown
from uit.services.audit import Author

SQL = Statements(__name__)

LASTS: Final = timedelta(minutes=30)


class PermissionKind(StrEnum):
    """By what a clerk knows that a member wants it."""

    PASS = "pass"  # noqa: S105  the kind of a permission
    CODE = "code"
    DOCUMENT = "document"
    KNOWN = "known"
    CALLBACK = "callback"
    WORD = "word"


BY_TELEPHONE: Final = frozenset({PermissionKind.CALLBACK, PermissionKind.WORD})


class Permission(Struct, frozen=True):
    """What a member permits who is there now, or on the telephone, until `ends_at`."""

    id: UUID
    membership_id: UUID
    kind: str
    ends_at: datetime

    @property
    def by_telephone(self) -> bool:
        return self.kind in BY_TELEPHONE


class NewPermission(Struct, frozen=True):
    """A permission to write down, under the id of its form. `organiser_id`: at whose box office."""

    id: UUID
    membership_id: UUID
    kind: PermissionKind
    document_kind: str | None = None
    organiser_id: UUID | None = None


read_permission = SQL.maybe("read_permission", Permission)
read_box_office_permission = SQL.maybe("read_box_office_permission", Permission)
insert_permission = SQL.command("insert_permission")


async def give(tx: Executor, author: Author, staff_id: UUID, given: NewPermission) -> None:
    """Write down what permits this member of staff to act for a member from now on, once for its id."""
    written = await insert_permission(
        tx, author.region_id, given.id, given.membership_id, staff_id, given.organiser_id, given.kind,
        given.document_kind, author.now, author.now + LASTS,
    )  # fmt: skip
    if written:
        shown = {"document": given.document_kind} if given.document_kind else {}
        await author.note(
            tx, "permission.give", "membership", given.membership_id, by=given.kind.value, **shown
        )


async def holder_of_shown(
    tx: Executor, key: bytes, author: Author, token: str
) -> UUID | PassUnknown | PassNotActive:
    """The member whose pass was scanned, as long as that pass works."""
    holder = await recognise_pass(tx, key, token)
    if holder is None or holder.region_id != author.region_id:
        return PassUnknown()
    return holder.membership_id if holder.works_on(author.today) else PassNotActive()
