"""What of an imported activity is said here and not as its source has it, and how that is kept."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from organisers.activity import lock_activity
from organisers.event_here import GROUPS, Columns, groups_of, say_here
from organisers.source import one_import_at_a_time
from organisers.uitdatabank.field import Words
from reservations.activities.activity import Activity, read_activity
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.services.audit import Author

AS_READ: Final = {"name_translations": "words", "description_translations": "descriptions"}
"""The columns that an activity carries as JSON under another name."""


def names_of_groups() -> dict[str, str]:
    return {
        "title": _("Titel"),
        "text": _("Tekst"),
        "kind": _("Soort"),
        "ages": _("Leeftijd"),
        "facilities": _("Toegankelijkheid"),
        "place": _("Plaats"),
    }


def columns_said(activity: Activity) -> Columns:
    """The columns that are said here, with their values."""
    return msgspec.json.decode(activity.said, type=Columns)


def said_groups(activity: Activity) -> Sequence[str]:
    """What of it is said here, as GROUPS calls it."""
    return groups_of(columns_said(activity))


def at_source(activity: Activity) -> Activity:
    """The activity as its source has it; the name and address of its venue stay those of here."""
    columns = msgspec.json.decode(activity.at_source, type=Columns)
    changed: dict[str, Any] = {}
    for name, value in columns.items():
        if name in AS_READ:
            changed[AS_READ[name]] = msgspec.json.encode(value).decode()
        elif name == "venue_id":
            changed[name] = UUID(value) if value else None
        else:
            changed[name] = value
    return replace(activity, **changed)


def columns_of(activity: Activity) -> Columns:
    """The columns of GROUPS as an activity has them."""
    return {
        "name": activity.name,
        "name_translations": msgspec.json.decode(activity.words, type=Words),
        "description": activity.description,
        "description_translations": msgspec.json.decode(activity.descriptions, type=Words),
        "type_label": activity.type_label,
        "facilities": activity.facilities,
        "age_from": activity.age_from,
        "age_to": activity.age_to,
        "attendance": activity.attendance,
        "venue_id": str(activity.venue_id) if activity.venue_id else None,
        "online_url": activity.online_url,
    }


def only(columns: Columns, groups: Iterable[str]) -> Columns:
    """The columns of these groups alone."""
    wanted = {name for group in groups for name in GROUPS[group]}
    return {name: value for name, value in columns.items() if name in wanted}


def without(columns: Columns, group: str) -> Columns:
    """The columns, but for those of one group."""
    return {name: value for name, value in columns.items() if name not in GROUPS.get(group, ())}


async def lock_to_complete(tx: Executor, region_id: int, organiser_id: UUID, event_id: UUID) -> Activity:
    """An activity of this organiser, locked; no import that would write over what is said runs meanwhile."""
    await one_import_at_a_time(tx, region_id)
    if await lock_activity(tx, region_id, organiser_id, event_id) is None:
        raise RefusalError(NotFound())
    return await read_activity(tx, region_id, organiser_id, event_id)


async def set_here(tx: Executor, author: Author, activity: Activity, said: Columns) -> None:
    """Let this go before the source of an imported activity. What is so already is not written again."""
    if activity.made_here or said == columns_said(activity):
        return
    await say_here(tx, author, activity.id, said, columns_of(at_source(activity)))
