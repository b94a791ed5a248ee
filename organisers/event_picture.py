"""The picture of an activity that its organiser sent from the desk."""

from uuid import UUID

from msgspec import Struct

from organisers.activity import as_text
from organisers.uitdatabank.field import Words
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class Picture(Struct, frozen=True):
    """`version` tells one picture from a later one; `alt` says what it shows, `credit` who made it.

    `alts` says what it shows in other languages than Dutch.
    """

    media_type: str
    width: int
    height: int
    content: bytes
    version: str
    alt: str
    credit: str
    alts: Words


class Caption(Struct, frozen=True):
    """The words of a picture; see `Picture`."""

    alt: str
    credit: str
    alts: Words


class PictureFile(Struct, frozen=True):
    media_type: str
    content: bytes


class PictureWords(Struct, frozen=True):
    """What a page needs of a picture to show it; `alt` is in `language`."""

    version: str
    width: int
    height: int
    alt: str
    credit: str
    language: str


find_shown = SQL.maybe("find_shown", PictureFile)
"""That version of the picture of an event, where everybody may see it now."""

find_own = SQL.maybe("find_own", PictureFile)
"""That version of the picture of an event of this organiser, of a draft too."""

read_words = SQL.maybe("read_words", PictureWords)
"""By the language of who reads, else in Dutch."""

write_picture = SQL.command("write_picture")
write_words = SQL.command("write_words")
delete_picture = SQL.command("delete_picture")
copy_picture = SQL.command("copy_picture")


async def set_picture(tx: Executor, author: Author, event_id: UUID, picture: Picture) -> None:
    values = (
        picture.media_type, picture.width, picture.height, picture.content, picture.version, picture.alt,
        picture.credit, as_text(picture.alts),
    )  # fmt: skip
    await write_picture(tx, author.region_id, event_id, *values, author.now)
    await author.note(tx, "activity.picture", "event", event_id, version=picture.version)


async def set_words(tx: Executor, author: Author, event_id: UUID, said: Caption) -> None:
    """What a picture that is there already shows, and who made it."""
    values = said.alt, said.credit, author.now, as_text(said.alts)
    if await write_words(tx, author.region_id, event_id, *values):
        await author.note(tx, "activity.picture", "event", event_id)


async def remove_picture(tx: Executor, author: Author, event_id: UUID) -> None:
    if await delete_picture(tx, author.region_id, event_id):
        await author.note(tx, "activity.picture_remove", "event", event_id)
