"""The form by which a clerk says that two members are one, and which parts of each are right."""

from uuid import UUID

from msgspec import Struct

from reservations.merging.merging import PARTS, WantedMerge
from uit.core.translation import gettext as _
from uit.web.form import Errors, read_id


class MergeForm(Struct, frozen=True):
    """`keep` and each part name a membership of the two."""

    merge_id: UUID
    keep: str = ""
    name: str = ""
    born_on: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    address: str = ""
    reached_by: str = ""

    def read(self, left: UUID, right: UUID) -> WantedMerge | Errors:
        """A part of which nothing is said is the one of who stays."""
        kept = read_id(self.keep)
        if kept not in {left, right} or kept is None:
            return {"keep": _("Kies wie blijft.")}
        gone = right if kept == left else left
        taken = frozenset(part for part in PARTS if read_id(getattr(self, part)) == gone)
        return WantedMerge(self.merge_id, kept, gone, taken)


class UnmergeForm(Struct, frozen=True):
    undo_id: UUID


class FindDoubleForm(Struct, frozen=True):
    typed: str = ""
