"""An activity is copied: all that it is and how it is sold, and its dates so many weeks later, when asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.activity import as_text, copy_activity
from organisers.event_picture import copy_picture
from organisers.uitdatabank.field import Words
from reservations.activities.dates.pattern import Slot
from reservations.activities.dates.planned import ShownDate, plan_dates, read_dates
from reservations.activities.sale.sale import copy_conditions, copy_sale, copy_tariffs
from reservations.halls.usual import copy_usual
from uit.core.clock import BRUSSELS
from uit.database.statements import Executor
from uit.services.audit import Author

MOST_COPIED: Final = 366


class NewCopy(Struct, frozen=True):
    """A copy to make. `titles` by language, the Dutch first.

    `weeks`: how much later its dates are; 0 for none of them.
    """

    id: UUID
    titles: Words
    weeks: int


async def copy(tx: Executor, author: Author, old_id: UUID, wanted: NewCopy) -> None:
    """Make a draft that is as an activity is."""
    region_id, new_id = author.region_id, wanted.id
    await copy_activity(
        tx, region_id, old_id, new_id, wanted.titles["nl"], author.now, as_text(wanted.titles)
    )
    await copy_picture(tx, region_id, old_id, new_id, author.now)
    await copy_sale(tx, region_id, old_id, new_id, author.now)
    await copy_tariffs(tx, region_id, old_id, new_id)
    await copy_conditions(tx, region_id, old_id, new_id, author.now, UUID(author.actor_id))
    await copy_usual(tx, region_id, old_id, new_id, author.now)
    if wanted.weeks:
        shown = await read_dates(tx, region_id, old_id, author.now, MOST_COPIED)
        await plan_dates(tx, region_id, new_id, later(shown, wanted.weeks))
    await author.note(tx, "activity.copy", "event", new_id, source=str(old_id))


def later(dates: Sequence[ShownDate], weeks: int) -> list[Slot]:
    """These dates so many weeks later, at the same hours in Flanders; what was called off is left out."""
    return [
        Slot(weeks_later(each.starts_at, weeks), weeks_later(each.ends_at, weeks))
        for each in dates
        if each.status != "cancelled"
    ]


def weeks_later(at: datetime, weeks: int) -> datetime:
    return (at.astimezone(BRUSSELS) + timedelta(weeks=weeks)).astimezone(UTC)
