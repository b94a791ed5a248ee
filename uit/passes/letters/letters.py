"""Letters of a counter: to print in one go, to post, and those that came back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.identity.message import letter as letters
from uit.passes.counter import Counter

SQL = Statements(__name__)
MOST_IN_A_BATCH: Final = 200


class ListedLetter(Struct, frozen=True):
    """A letter as the list of a counter says it: never with an address, nor what it says."""

    id: UUID
    person_id: UUID
    membership_id: UUID | None
    name: str
    is_protected: bool
    subject: str
    written_at: datetime
    batch_id: UUID | None
    posted_at: datetime | None
    has_address: bool


class SeenLetter(Struct, frozen=True):
    id: UUID
    person_id: UUID
    membership_id: UUID | None


class PrintedLetter(Struct, frozen=True):
    """All that stands on a letter. `has_address`: it can be posted; else it stays in its batch."""

    id: UUID
    person_id: UUID
    name: str
    street: str | None
    house_number: str | None
    postcode: str | None
    place: str | None
    subject: str
    body: str
    written_at: datetime
    has_address: bool


find_letters = SQL.many("find_letters", ListedLetter)
read_letter = SQL.maybe("read_letter", SeenLetter)
read_batch = SQL.many("read_batch", PrintedLetter)


class LetterList(Struct, frozen=True):
    """What waits at a counter. `printed` is by batch."""

    to_print: list[ListedLetter]
    printed: dict[UUID, list[ListedLetter]]
    posted: list[ListedLetter]


async def list_letters(tx: Executor, counter: Counter, most: int) -> LetterList:
    to_print, printed, posted = [
        await find_letters(tx, counter.region_id, counter.towns, is_printed, is_posted, most)
        for is_printed, is_posted in ((False, False), (True, False), (True, True))
    ]
    batches: dict[UUID, list[ListedLetter]] = {}
    for each in printed:
        assert each.batch_id
        batches.setdefault(each.batch_id, []).append(each)
    return LetterList(to_print, batches, posted)


async def start_batch(tx: Executor, counter: Counter, batch_id: UUID) -> int:
    """Put what waits in a batch, under the id of the form; how many: 0 for a repeat, or for none."""
    if await read_batch(tx, counter.region_id, batch_id, counter.towns):
        return 0
    waiting = await find_letters(tx, counter.region_id, counter.towns, False, False, MOST_IN_A_BATCH)  # noqa: FBT003  as the statement takes them
    ids = [each.id for each in waiting if each.has_address]
    count = int(await letters.print_letters(tx, counter.region_id, ids, batch_id, counter.now))
    if count:
        await counter.note(tx, "letter.print", "letter_batch", batch_id, letters=str(count))
    return count


async def post_batch(tx: Executor, counter: Counter, batch_id: UUID) -> int | NotFound:
    """Write down that a batch was posted; how many of it were not yet. What has no address stays."""
    batch = await read_batch(tx, counter.region_id, batch_id, counter.towns)
    if not batch:
        return NotFound()
    ids = [each.id for each in batch if each.has_address]
    count = int(await letters.post_letters(tx, counter.region_id, ids, counter.now))
    if count:
        await counter.note(tx, "letter.post", "letter_batch", batch_id, letters=str(count))
    return count


async def drop(tx: Executor, counter: Counter, letter_id: UUID) -> SeenLetter | NotFound:
    """Leave a letter that was not posted unsent."""
    found = await read_letter(tx, counter.region_id, letter_id, counter.towns)
    if found is None:
        return NotFound()
    if await letters.drop_letter(tx, counter.region_id, letter_id, counter.now):
        await counter.note(tx, "letter.drop", "person", found.person_id)
    return found


async def take_returned(tx: Executor, counter: Counter, letter_id: UUID) -> SeenLetter | NotFound:
    """Write down that a letter came back: its address is doubted from now on."""
    found = await read_letter(tx, counter.region_id, letter_id, counter.towns)
    if found is None:
        return NotFound()
    if await letters.came_back(tx, counter.region_id, letter_id, counter.now):
        await counter.note(tx, "letter.return", "person", found.person_id)
    return found
