"""What two members who are one booked: lines, bookings that they made or claimed, and where they wait."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import REPRESENTATIVE
from uit.database.statements import Executor, Statements
from uit.identity.person.merging import Moved, details_of, ids_of, moved
from uit.passes.merging.members import Pair

SQL = Statements(__name__)


class LineKey(Struct, frozen=True):
    id: UUID
    no: int


move_lines = SQL.many("move_lines", LineKey)
move_lines_back = SQL.command("move_lines_back")
may_have_made = SQL.value("may_have_made", list[UUID])
move_made = SQL.value("move_made", list[UUID])
move_claims = SQL.value("move_claims", list[UUID])
move_waiting = SQL.value("move_waiting", list[UUID])


async def move_bookings(tx: Executor, pair: Pair, gone: UUID, kept: UUID) -> list[Moved]:
    """`gone` and `kept` are the persons, as who they booked for others; whom they act for has moved."""
    key = pair.region_id, pair.gone_id, pair.kept_id
    lines = await move_lines(tx, *key)
    likely = await may_have_made(tx, pair.region_id, pair.kept_id, kept)
    made = await move_made(tx, pair.region_id, likely, actors(pair.gone_id, gone), actors(pair.kept_id, kept))
    return [
        *(Moved("line", each.id, str(each.no)) for each in lines),
        *moved("booking", made),
        *moved("claim", await move_claims(tx, *key, None)),
        *moved("waiting", await move_waiting(tx, *key, None, gone, kept)),
    ]


async def move_bookings_back(
    tx: Executor, pair: Pair, things: Sequence[Moved], kept: UUID, gone: UUID
) -> None:
    key = pair.region_id, pair.kept_id, pair.gone_id
    await move_lines_back(tx, *key, ids_of("line", things), details_of("line", things))
    made = ids_of("booking", things)
    await move_made(tx, pair.region_id, made, actors(pair.kept_id, kept), actors(pair.gone_id, gone))
    await move_claims(tx, *key, ids_of("claim", things))
    await move_waiting(tx, *key, ids_of("waiting", things), kept, gone)


def actors(membership_id: UUID, person_id: UUID) -> list[str]:
    """As who somebody makes a booking: for themselves, and for another."""
    return [str(membership_id), f"{REPRESENTATIVE}{person_id}"]
