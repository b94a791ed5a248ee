"""Which ticket is meant by what was scanned or typed."""

import re
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.checkin.checkin import Scope
from reservations.errors import TicketUnknown
from uit.core.seal import TicketSeal, open_ticket
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
NUMBER: Final = re.compile(r"([0-9a-f]{4})[\s-]*([0-9a-f]{4})(?:[^0-9a-z]+([0-9]{1,4})\.([0-9]{1,4}))?")
"""As in `ticket.Pass.number`: the end of the booking's id, then line and ticket."""


class TicketKey(Struct, frozen=True):
    booking_id: UUID
    line_no: int
    ticket_no: int

    def seal(self, region_id: int) -> TicketSeal:
        return TicketSeal(region_id, self.booking_id, self.line_no, self.ticket_no)


ticket_of_number = SQL.maybe("ticket_of_number", TicketKey)
tickets_of_barcode = SQL.many("tickets_of_barcode", TicketKey)


async def find_ticket(
    tx: Executor, typed: str, scope: Scope, checkin_id: UUID, signing_key: bytes
) -> TicketSeal | TicketUnknown:
    """The ticket behind what was scanned or typed.

    By its seal, at a door also by the number printed under it, or by a barcode that another system gave it.
    A number and a barcode prove nothing, so they find only what is in the asker's scope.
    """
    given = typed.strip()
    return (
        open_ticket(signing_key, given)
        or await find_by_number(tx, given, scope, checkin_id)
        or await find_by_barcode(tx, given, scope)
        or TicketUnknown()
    )


async def find_by_number(tx: Executor, given: str, scope: Scope, checkin_id: UUID) -> TicketSeal | None:
    """Half a number means the first ticket of the booking not used yet; in a repeat, the one used then."""
    number = NUMBER.fullmatch(given.lower())
    if number is None or scope.session_id is None:
        return None
    line_no, no = (int(part) if part else None for part in number.groups()[2:])
    tail = number[1] + number[2]
    key = await ticket_of_number(tx, *keys_of(scope), tail, line_no, no, checkin_id)
    return key.seal(scope.region_id) if key else None


async def find_by_barcode(tx: Executor, given: str, scope: Scope) -> TicketSeal | None:
    """None as well when two tickets in scope have the same barcode: nobody can tell which is meant."""
    if not given.isprintable():
        return None
    keys = await tickets_of_barcode(tx, *keys_of(scope), given)
    return keys[0].seal(scope.region_id) if len(keys) == 1 else None


def keys_of(scope: Scope) -> tuple[int, list[UUID], UUID | None]:
    return scope.region_id, list(scope.organiser_ids), scope.session_id
