"""Activities that an organiser makes at its desk: events that no source has."""

from uuid import UUID

import msgspec
from msgspec import Struct

from organisers.uitdatabank.event import Attendance
from organisers.uitdatabank.field import Words
from uit.database.statements import Executor, Statements
from uit.services.audit import Author
from uit.services.municipality import read_gazetteer

SQL = Statements(__name__)


class NewActivity(Struct, frozen=True):
    id: UUID
    organiser_id: UUID
    name: str
    domain: str


class AboutActivity(Struct, frozen=True):
    """What an activity is. Words are by language, the Dutch ones first."""

    name: Words
    description: Words
    domain: str
    type_label: str
    facilities: tuple[str, ...]
    age_from: int | None
    age_to: int | None


class Whereabouts(Struct, frozen=True):
    """Where it is: at a venue, online at an address, or both."""

    attendance: Attendance
    venue_id: UUID | None
    online_url: str | None


class LockedActivity(Struct, frozen=True):
    id: UUID
    made_here: bool
    published: bool


class NewVenue(Struct, frozen=True):
    name: str
    street: str
    postal_code: str
    locality: str


class FoundVenue(Struct, frozen=True):
    id: UUID
    name: str
    street: str
    postal_code: str
    locality: str


insert_activity = SQL.command("insert_activity")
lock_activity = SQL.maybe("lock_activity", LockedActivity)
"""The activity of this organiser, under its lock; None for one of others."""

write_about = SQL.command("write_about")
write_whereabouts = SQL.command("write_whereabouts")
mark_published = SQL.command("mark_published")
mark_hidden = SQL.command("mark_hidden")
find_venues = SQL.many("find_venues", FoundVenue)
own_venues = SQL.many("own_venues", FoundVenue)
"""Where the activities of an organiser were that changed last."""

read_venue = SQL.maybe("read_venue", FoundVenue)
insert_venue = SQL.command("insert_venue")
copy_activity = SQL.command("copy_activity")


async def add_activity(tx: Executor, author: Author, new: NewActivity) -> None:
    """Begin a draft. Again with the same id, it is there already and stays as it is."""
    words = as_text({"nl": new.name})
    if await insert_activity(
        tx, author.region_id, new.id, new.organiser_id, new.name, words, new.domain, author.now
    ):
        await author.note(tx, "activity.make", "event", new.id)


async def set_about(tx: Executor, author: Author, event_id: UUID, about: AboutActivity) -> None:
    changed = await write_about(
        tx,
        author.region_id,
        event_id,
        about.name["nl"],
        as_text(about.name),
        about.description.get("nl", ""),
        as_text(about.description),
        about.domain,
        about.type_label,
        list(about.facilities),
        about.age_from,
        about.age_to,
        author.now,
    )
    if changed:
        await author.note(tx, "activity.describe", "event", event_id)


async def set_whereabouts(tx: Executor, author: Author, event_id: UUID, where: Whereabouts) -> None:
    changed = await write_whereabouts(
        tx, author.region_id, event_id, where.attendance, where.venue_id, where.online_url, author.now
    )
    if changed:
        await author.note(tx, "activity.place", "event", event_id, attendance=where.attendance)


def as_text(words: Words) -> str:
    return msgspec.json.encode(words).decode()


async def add_venue(tx: Executor, author: Author, venue_id: UUID, new: NewVenue) -> None:
    """Add a venue, in the town that its postal code and locality tell. Again with the same id, it stays."""
    refnis = (await read_gazetteer(tx)).refnis(new.postal_code, new.locality)
    values = new.name, new.street, new.postal_code, new.locality, refnis
    if await insert_venue(tx, author.region_id, venue_id, *values):
        await author.note(tx, "venue.add", "venue", venue_id)
