"""Which ticket is meant by what was scanned or typed."""

import re
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.checkin.checkin import Scope
from reservations.checkin.errors import TicketUnknown
from uit.core.seal import PartySeal, TicketSeal, open_party, open_ticket
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
NUMBER: Final = re.compile(r"([0-9a-f]{4})[\s-]*([0-9a-f]{4})(?:[^0-9a-z]+([0-9]{1,4})\.([0-9]{1,4}))?")
"""As in `ticket.Pass.number`: the end of the booking's id, then line and ticket."""
WHOLE: Final = re.compile(r"([0-9a-f]{4})[\s-]*([0-9a-f]{4})(?:[^0-9a-z]+0)?")
"""As in `ticket.TogetherCode.number`: the end of the booking's id, and nought behind it or nothing."""


class TicketKey(Struct, frozen=True):
    booking_id: UUID
    line_no: int
    ticket_no: int

    def seal(self, region_id: int) -> TicketSeal:
        return TicketSeal(region_id, self.booking_id, self.line_no, self.ticket_no)


ticket_of_number = SQL.maybe("ticket_of_number", TicketKey)
line_of_enrolment = SQL.value("line_of_enrolment", int)
tickets_of_barcode = SQL.many("tickets_of_barcode", TicketKey)


async def find_ticket(
    tx: Executor, typed: str, scope: Scope, checkin_id: UUID, signing_key: bytes
) -> TicketSeal | TicketUnknown:
    """The ticket behind what was scanned or typed.

    By its seal, at a door also by the number printed under it, or by a barcode that another system gave it.
    A number and a barcode prove nothing, so they find only what is in the asker's scope.
    """
    given = typed.strip()
    sealed = open_ticket(signing_key, given)
    if sealed:
        return replace(sealed, line_no=await line_at_door(tx, sealed, scope))
    return (
        await find_by_number(tx, given, scope, checkin_id)
        or await find_by_barcode(tx, given, scope)
        or TicketUnknown()
    )


async def line_at_door(tx: Executor, seal: TicketSeal | PartySeal, scope: Scope) -> int:
    """The line of what is shown; of an enrolment that of the date at whose door it is shown."""
    if scope.session_id is None or seal.region_id != scope.region_id:
        return seal.line_no
    found = await line_of_enrolment(tx, seal.region_id, seal.booking_id, seal.line_no, scope.session_id)
    return found or seal.line_no


async def find_by_number(tx: Executor, given: str, scope: Scope, checkin_id: UUID) -> TicketSeal | None:
    """Half a number means the first ticket of the booking not used yet; in a repeat, the one used then.

    At a door it is for all that a booking brings, which `find_party` looks up before.
    """
    number = NUMBER.fullmatch(given.lower())
    if number is None or scope.session_id is None:
        return None
    line_no, no = (int(part) if part else None for part in number.groups()[2:])
    tail = number[1] + number[2]
    key = await ticket_of_number(tx, *keys_of(scope), tail, line_no, no, checkin_id)
    return key.seal(scope.region_id) if key else None


async def find_party(
    tx: Executor, typed: str, scope: Scope, checkin_id: UUID, signing_key: bytes
) -> PartySeal | None:
    """The booking behind the code for all its tickets, or at its door behind the number under that."""
    given = typed.strip()
    number = WHOLE.fullmatch(given.lower())
    if number is None or scope.session_id is None:
        sealed = open_party(signing_key, given)
        return replace(sealed, line_no=await line_at_door(tx, sealed, scope)) if sealed else None
    tail = number[1] + number[2]
    key = await ticket_of_number(tx, *keys_of(scope), tail, None, None, checkin_id)
    return PartySeal(scope.region_id, key.booking_id, key.line_no) if key else None


async def find_by_barcode(tx: Executor, given: str, scope: Scope) -> TicketSeal | None:
    """None as well when two tickets in scope have the same barcode: nobody can tell which is meant."""
    if not given.isprintable():
        return None
    keys = await tickets_of_barcode(tx, *keys_of(scope), given)
    return keys[0].seal(scope.region_id) if len(keys) == 1 else None


def keys_of(scope: Scope) -> tuple[int, list[UUID], UUID | None]:
    return scope.region_id, list(scope.organiser_ids), scope.session_id
