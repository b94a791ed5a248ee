"""What came back of a line or a booking, by which way, and when it arrives. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import PAID_TWICE, TOO_LATE, Refund, RefundStatus, RefundWay
from credits.payments.refund import arrival
from reservations.booking.facts import LIVE, Booking, Line, TicketEnd
from reservations.booking.refunding import ticket_fee_cents
from reservations.booking.tickets import TicketPosition


class ReturnWay(StrEnum):
    """Credit goes back to the same purses, money the way that it came."""

    CREDIT = "credit"
    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    CREDIT_NOTE = "credit_note"


class Return(Struct, frozen=True):
    """What was decided to go back, and how far it came. `code`: what is shown at a till to get cash.

    `reason`: why money comes back that was not to be paid; None where tickets that ended give it back.
    """

    way: ReturnWay
    cents: int
    status: RefundStatus
    reason: str | None = None
    arrives_by: date | None = None
    code: str | None = None


class EndedTicketNote(Struct, frozen=True):
    """A ticket that ended, as the message about it says."""

    session_id: UUID
    line_no: int
    no: int
    end: TicketEnd
    returned_cents: int


def any_live(booking: Booking, tickets: Iterable[EndedTicketNote]) -> bool:
    """Whether one of them stands again, as it was paid after all."""
    live = {
        (line.no, ticket.no) for line in booking.lines for ticket in line.tickets if ticket.status in LIVE
    }
    return any((each.line_no, each.no) in live for each in tickets)


def returns_of(booking: Booking, line: Line) -> list[Return]:
    """What goes back of a line: the credit together, then each refund in the order of its decision."""
    return as_returns(line.returned_cents, refunds_of(booking, line))


def returns_of_booking(booking: Booking) -> list[Return]:
    """What goes back of a booking: one amount for each way, state and code."""
    return added_up(each for line in booking.lines for each in returns_of(booking, line))


def returns_of_end(
    booking: Booking, tickets: Sequence[EndedTicketNote], refund_ids: Iterable[UUID]
) -> list[Return]:
    """What goes back by the end of these tickets, with the refunds that were decided with it."""
    returned_cents = sum(each.returned_cents for each in tickets)
    return added_up(as_returns(returned_cents, refunds_named(booking, refund_ids)))


def as_returns(returned_cents: int, refunds: Iterable[Refund]) -> list[Return]:
    """What came back by tickets that ended, `returned_cents`, and the refunds, of which those are a part.

    What is no refund of money is credit, which is there at once. What was paid twice came back by no ticket.
    """
    money = [as_return(each) for each in refunds]
    credit_cents = returned_cents - sum(each.cents for each in money if each.reason != PAID_TWICE)
    credit = [Return(ReturnWay.CREDIT, credit_cents, RefundStatus.DONE)] if credit_cents > 0 else []
    return credit + money


def as_return(refund: Refund) -> Return:
    reason = refund.reason if refund.reason in {TOO_LATE, PAID_TWICE} else None
    return Return(
        ReturnWay(refund.way), refund.amount_cents, refund.status, reason, arrives_by(refund), refund.code
    )


def added_up(returns: Iterable[Return]) -> list[Return]:
    """Credit first, and what goes the same way, and came as far, together."""
    sums: dict[Return, int] = {}
    for each in sorted(returns, key=lambda one: one.way is not ReturnWay.CREDIT):
        key = replace(each, cents=0)
        sums[key] = sums.get(key, 0) + each.cents
    return [replace(each, cents=cents) for each, cents in sums.items()]


def credit_in(returns: Iterable[Return]) -> int:
    """What of it is credit that is back in its purses."""
    return sum(each.cents for each in returns if each.way is ReturnWay.CREDIT)


def less_credit(returns: Iterable[Return], cents: int) -> list[Return]:
    """The same without so much of the credit; there is one of that at the most."""
    found = [
        replace(each, cents=each.cents - cents) if each.way is ReturnWay.CREDIT else each for each in returns
    ]
    return [each for each in found if each.cents > 0]


def refunds_of(booking: Booking, line: Line) -> Iterator[Refund]:
    return (refund for refund in booking.refunds if refund.line_no == line.no)


def refunds_named(booking: Booking, refund_ids: Iterable[UUID]) -> list[Refund]:
    wanted = set(refund_ids)
    return [refund for refund in booking.refunds if refund.id in wanted]


def arrives_by(refund: Refund) -> date | None:
    """The day on which it is there at the latest, where that is known."""
    if refund.arrives_on or refund.way is not RefundWay.CARD or refund.done_at is None:
        return refund.arrives_on
    return arrival(refund.done_at)


def numbers_of(
    tickets: Sequence[EndedTicketNote], session_id: UUID, positions: Sequence[TicketPosition]
) -> str:
    """Which tickets of a date these are, as their page counts them: `2, 4-6`. Empty of an only one."""
    if len(positions) == 1:
        return ""
    position = {(each.line_no, each.no): each.position for each in positions}
    found = sorted(position[each.line_no, each.no] for each in tickets if each.session_id == session_id)
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def kept_of(booking: Booking, tickets: Sequence[EndedTicketNote]) -> int:
    """What the organiser keeps of the money of these tickets."""
    ended_now = {(each.line_no, each.no) for each in tickets}
    return sum(
        ticket_fee_cents(booking, line, ticket)
        for line in booking.lines
        for ticket in line.tickets
        if (line.no, ticket.no) in ended_now
    )
