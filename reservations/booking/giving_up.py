"""What a holder can give up of a booking now: each ticket, what comes back, and which they chose."""

from collections.abc import Mapping, Sequence
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

FIELD: Final = "ticket-"
WHICH: Final = "welke"
ALL: Final = "alle"


class GivableTicket(Struct, frozen=True):
    """A live ticket that may end now, how it would, and the credit that comes back by it."""

    line_no: int
    no: int
    session_id: UUID
    end: TicketEnd
    returned_cents: int

    @property
    def field(self) -> str:
        """The name of its box."""
        return f"{FIELD}{self.line_no}.{self.no}"


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
                GivableTicket(line.no, each.no, line.session_id, end, line.credit_shares[each.no])
                for each in line.tickets
                if each.status in LIVE
            ]
    return found


def chosen_in(typed: Mapping[str, str], offered: Sequence[GivableTicket]) -> list[GivableTicket]:
    """The tickets whose boxes are ticked, or all; of a single one nothing needs to be chosen."""
    takes_all = len(offered) == 1 or typed.get(WHICH) == ALL
    return list(offered) if takes_all else [each for each in offered if typed.get(each.field)]


def as_command(
    region_id: int,
    booking_id: UUID,
    membership_id: UUID,
    cancellation_id: UUID,
    chosen: Sequence[GivableTicket],
) -> GiveUp:
    """Give up these tickets, all or none: a form that is sent twice has one effect."""
    by_line: dict[int, list[int]] = {}
    for each in chosen:
        by_line.setdefault(each.line_no, []).append(each.no)
    tickets = tuple(ChosenTickets(line_no, tuple(nos)) for line_no, nos in by_line.items())
    digest = bound_to("POST", "page", region_id, booking_id, membership_id, tickets)
    return GiveUp(
        region_id, booking_id, ByHolder(membership_id), tickets, CancellationKey(cancellation_id, digest)
    )
