"""What a holder can give up of a booking now: each ticket, what comes back, and which they chose."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.commands import (
    ByHolder,
    CancellationKey,
    ChosenTickets,
    GiveUp,
    bound_to,
)
from reservations.booking.ending import end_of, lines_of
from reservations.booking.facts import LIVE, Facts, TicketEnd
from reservations.booking.turnstile import read_without_locks
from uit.database.statements import Executor

NUMBERS: Final = re.compile(r"([1-9]\d?)\.([1-9]\d{0,3})", re.ASCII)
FIELD: Final = "ticket-"
WHICH, ALL, OFFERED = "welke", "alle", "aanbod"


class GivableTicket(Struct, frozen=True):
    """A live ticket that may end now, how it would, and the credit that comes back by it."""

    line_no: int
    no: int
    session_id: UUID
    end: TicketEnd
    returned_cents: int

    @property
    def number(self) -> str:
        """As people read it out: the number of its line and its own."""
        return f"{self.line_no}.{self.no}"

    @property
    def field(self) -> str:
        """The name of its box."""
        return f"{FIELD}{self.number}"


async def read_givable(
    tx: Executor, region_id: int, booking_id: UUID, membership_id: UUID, now: datetime
) -> list[GivableTicket]:
    """The tickets of a booking that this holder may give up, without a lock: good for showing."""
    document = await read_without_locks(tx, region_id, [], [booking_id])
    facts = msgspec.json.decode(document, type=Facts)
    return givable(facts, membership_id, now) if facts.bookings else []


def givable(facts: Facts, membership_id: UUID, now: datetime) -> list[GivableTicket]:
    booking, by = facts.bookings[0], ByHolder(membership_id)
    sessions = {each.id: each for each in facts.sessions}
    found = []
    for line in lines_of(by, booking):
        end = end_of(by, booking, line, sessions[line.session_id], now)
        if isinstance(end, TicketEnd):
            found += [
                GivableTicket(line.no, each.no, line.session_id, end, line.shares(line.credit_cents)[each.no])
                for each in line.tickets
                if each.status in LIVE
            ]
    return found


def chosen_in(typed: Mapping[str, str]) -> tuple[ChosenTickets, ...]:
    """The tickets whose boxes are ticked, or all that were offered, whatever became of them since."""
    takes_all = typed.get(WHICH) == ALL
    ticked = (name.removeprefix(FIELD) for name, text in typed.items() if name.startswith(FIELD) and text)
    by_line: dict[int, list[int]] = {}
    for name in typed.get(OFFERED, "").split() if takes_all else ticked:
        match = NUMBERS.fullmatch(name)
        if match:
            by_line.setdefault(int(match[1]), []).append(int(match[2]))
    return tuple(ChosenTickets(line_no, tuple(nos)) for line_no, nos in by_line.items())


def as_command(
    region_id: int,
    booking_id: UUID,
    membership_id: UUID,
    cancellation_id: UUID,
    chosen: tuple[ChosenTickets, ...],
) -> GiveUp:
    """Give up these tickets, all or none: a form that is sent twice has one effect."""
    digest = bound_to("POST", "page", region_id, booking_id, membership_id, chosen)
    return GiveUp(
        region_id, booking_id, ByHolder(membership_id), chosen, CancellationKey(cancellation_id, digest)
    )
