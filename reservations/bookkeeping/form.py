"""What one chooses on the page of the journal: whose books, and which days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.bookkeeping.journal import BookEntity, Period
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_id

MOST_DAYS: Final = 366


class JournalChoice(Struct, frozen=True):
    """What was typed; empty is the first entity, and the last day on which something moved."""

    entity: str = ""
    first: str = ""
    last: str = ""

    def read(
        self, region_id: int, entities: Sequence[BookEntity], day: date, owner_id: UUID | None = None
    ) -> Period | Errors:
        """The period that is meant, or by name of a field what is wrong with it. Nothing typed is `day`."""
        entity = self.known_entity(entities)
        first = read_day(self.first or self.last) if self.first or self.last else day
        last = read_day(self.last) if self.last else first or day
        if entity is None:
            return {"rechtspersoon": _("Kies wiens boeken je wil zien.")}
        if first is None or last is None:
            return only_errors({"van": wrong_day(first), "tot": wrong_day(last)})
        if not first <= last < first + timedelta(days=MOST_DAYS):
            return {"tot": _("Kies een dag die niet voor de eerste ligt, en hoogstens een jaar later.")}
        return Period(region_id, entity, first, last, owner_id)

    def known_entity(self, entities: Sequence[BookEntity]) -> UUID | None:
        """Whose books are meant; None for those that are not among these."""
        known = [each.id for each in entities]
        wanted = read_id(self.entity) if self.entity else next(iter(known), None)
        return wanted if wanted in known else None


def wrong_day(day: date | None) -> str:
    return "" if day else _("Schrijf een datum, zoals 17/05/2026.")


def labels() -> Labels:
    return {"rechtspersoon": _("Wiens boeken?"), "van": _("Van"), "tot": _("Tot en met")}
