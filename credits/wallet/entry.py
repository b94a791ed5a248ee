"""What happened to the credit of a resident, told once: all that was moved for a booking is one entry."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from credits.ledger.ledger import TransferKind
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
ENTRIES = 50

Place = tuple[datetime, UUID]
"""Where an entry stands among others: when it last changed, and its id."""


class Entry(Struct, frozen=True):
    """What was moved for a line of a booking, together, or one movement that is for none.

    `change_cents`: what is more available by it. Of what went, `held_cents` is put aside still, and the
    rest was paid. `what`: the programme, or for a booking the organiser. `at`: when it last changed.
    """

    id: UUID
    booking_id: UUID | None
    line_no: int | None
    kind: TransferKind
    change_cents: int
    held_cents: int
    at: datetime
    what: str


read_entries = SQL.many("read_entries", Entry)


async def entries_of(
    tx: Executor, region_id: int, person_id: UUID, before: Place | None
) -> tuple[list[Entry], Place | None]:
    """The entries of a person in a region, newest first, and where the next page begins.

    A booking is whole on one page; `before`: only what stands after this place.
    """
    at, before_id = before or (None, None)
    found = await read_entries(tx, region_id, person_id, at, before_id, ENTRIES + 1)
    places = list(dict.fromkeys((entry.at, entry.id) for entry in found))
    shown = places[:ENTRIES]
    more = shown[-1] if len(places) > ENTRIES else None
    return [entry for entry in found if (entry.at, entry.id) in shown], more
