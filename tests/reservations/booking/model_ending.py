"""How tickets end, said slowly: who may end which, what the end is called, and where every cent goes.

It shares with `reservations.booking` what goes in and what comes out, and nothing of what lies between.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from credits.payments.payment import PaymentStatus
from reservations import errors
from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGroup,
    ByGuest,
    ByHolder,
    ByPartner,
    ByRepresentative,
    ByStaff,
    ByWorker,
)
from reservations.booking.answers import Ended, EndedTicket
from reservations.booking.commands import CancellationKey, ChosenTickets
from reservations.booking.facts import Booking, Line, LineCredit, Session, Ticket, TicketEnd, TicketStatus
from reservations.booking.planned import CreditHold
from tests.reservations.booking.model_paying import (
    HAS_A_PLACE,
    came_back,
    confirm,
    give_back,
    in_whole_cents,
    is_open,
    nothing_is_due,
    stop,
    that_counts,
)
from uit.core.errors import Refusal

MAY_END = ("held", "confirmed")
USED = ("attended", "no_show")
NO_DOING_OF_THE_HOLDER = ("called_off", "withdrawn", "moved_away")
STATUS_AFTER = {"lapsed": TicketStatus.LAPSED, "refused": TicketStatus.REFUSED}

Ends = Mapping[tuple[int, int], TicketEnd]
"""How tickets end, by the numbers of their line and their own."""


# Who may end which


def made_by(by: Actor, booking: Booking) -> bool:
    match by:
        case ByHolder(membership_id):
            return (booking.by.kind, booking.by.id) == ("holder", str(membership_id))
        case ByRepresentative(person_id):
            return (booking.by.kind, booking.by.id) == ("holder", f"person/{person_id}")
        case ByPartner():
            return (booking.by.kind, booking.by.id) == ("holder", f"partner/{by.given_id}")
        case ByGroup(group_id):
            return booking.by.group_id == group_id
        case ByClient(client_id, _):
            return (booking.by.kind, booking.by.id) == ("client", client_id)
        case ByGuest(booking_id):
            return booking_id == str(booking.id)
        case ByStaff() | ByWorker():
            return False


def may_give_up(by: Actor, booking: Booking, line: Line) -> bool:
    """Staff, whoever made the booking, and each holder their own line; who acts, of their booking theirs."""
    own = isinstance(by, ByHolder) and line.holder_id == by.membership_id
    if isinstance(by, ByRepresentative):
        theirs = [*by.membership_ids, by.own_id] if by.own_id else by.membership_ids
        return made_by(by, booking) and line.holder_id in theirs
    return isinstance(by, ByStaff | ByWorker) or made_by(by, booking) or own


def is_meant(chosen: Sequence[ChosenTickets], line: Line, ticket: Ticket) -> bool:
    return not chosen or any(
        each.line_no == line.no and (not each.ticket_nos or ticket.no in each.ticket_nos) for each in chosen
    )


def meant(lines: Sequence[Line], chosen: Sequence[ChosenTickets]) -> list[tuple[Line, Ticket]]:
    """What a command would end, in the order in which the lines were named."""
    order = list(dict.fromkeys(each.line_no for each in chosen)) or [line.no for line in lines]
    return [
        (line, ticket)
        for line in sorted(lines, key=lambda line: order.index(line.no) if line.no in order else -1)
        for ticket in line.tickets
        if ticket.status in MAY_END and is_meant(chosen, line, ticket)
    ]


def unknown(booking: Booking, lines: Sequence[Line], chosen: Sequence[ChosenTickets]) -> Refusal | None:
    for each in chosen:
        numbers = {line.no: [ticket.no for ticket in line.tickets] for line in lines}
        if each.line_no not in numbers:
            return errors.LineUnknown(booking.id, each.line_no)
        for no in each.ticket_nos:
            if no not in numbers[each.line_no]:
                return errors.LineUnknown(booking.id, each.line_no, no)
    return None


def used(booking: Booking, lines: Sequence[Line], chosen: Sequence[ChosenTickets]) -> Refusal | None:
    """A ticket that was used is in the way where it is named, or where there is no other.

    Of a whole booking, none that ended counts as another, except when somebody gave it up: that is a repeat.
    """
    if not chosen:
        every = [(line.no, ticket) for line in lines for ticket in line.tickets]
        nothing_to_do = not any(ticket.status in MAY_END for _, ticket in every)
        before = any(ticket.end in {"given_up", "moved_away"} for _, ticket in every)
        in_the_way = [no for no, ticket in every if ticket.status in USED]
        if nothing_to_do and not before and in_the_way:
            return errors.AlreadyUsed(booking.id, in_the_way[0])
    for each in chosen:
        statuses = {
            ticket.no: ticket.status for line in lines if line.no == each.line_no for ticket in line.tickets
        }
        named = [statuses[no] in USED for no in each.ticket_nos]
        if any(named) or (not named and all(status in USED for status in statuses.values())):
            return errors.AlreadyUsed(booking.id, each.line_no)
    return None


def name_of_end(by: Actor, booking: Booking, session: Session, now: datetime) -> TicketEnd | None:
    """What it is called when somebody gives a ticket up; None when it is too late for that."""
    moved_since = session.moved_at is not None and session.moved_at > booking.made_at
    if session.status == "cancelled":
        return TicketEnd.CALLED_OFF
    if isinstance(by, ByWorker) or (isinstance(by, ByStaff) and not by.by_rules):
        return TicketEnd.WITHDRAWN
    if session.status in ("postponed", "suspended") or (moved_since and session.starts_at > now):
        return TicketEnd.MOVED_AWAY
    return TicketEnd.GIVEN_UP if session.cancel_until >= now else None


def splits_what_waits(booking: Booking, ends: Ends) -> bool:
    """Whether only a part would end of what is being paid by card, for all of it."""
    if not any(is_open(payment) and payment.means == "card" for payment in booking.payments):
        return False
    waiting = {
        (line.no, ticket.no) for line in booking.lines for ticket in line.tickets if ticket.status == "held"
    }
    return bool(waiting & ends.keys()) and bool(waiting - ends.keys())


# Where every cent goes


def costs(line: Line) -> dict[int, int]:
    """What each ticket of a line had cost in credit, by its number."""
    shares = in_whole_cents(line.credit_cents, [ticket.weight for ticket in line.tickets])
    return {ticket.no: cents for ticket, cents in zip(line.tickets, shares, strict=True)}


def total(parts: Sequence[LineCredit], purse_id: UUID | None = None) -> int:
    return sum(part.cents for part in parts if purse_id in (None, part.purse_id))


def keep(parts: Sequence[LineCredit], cents: int) -> Counter[UUID]:
    """Cent by cent from the purse that lapses soonest and has not given all that it held."""
    kept: Counter[UUID] = Counter()
    for _ in range(cents):
        able = [part for part in parts if kept[part.purse_id] < total(parts, part.purse_id)]
        kept[min(able, key=lambda part: (part.lapses_at, part.purse_id)).purse_id] += 1
    return kept


def end_all(
    booking: Booking,
    ends: Ends,
    now: datetime,
    key: CancellationKey | None = None,
    stopped: PaymentStatus = PaymentStatus.EXPIRED,
    *,
    confirms: bool = True,
) -> Ended:
    """The booking after these tickets ended, one line after the other, and what that means for the others."""
    answer = Ended(deepcopy(booking), cancellation=key)
    for line in answer.booking.lines:
        tickets = [ticket for ticket in line.tickets if (line.no, ticket.no) in ends]
        if tickets:
            answer = end_of_line(answer, line, tickets, ends[line.no, tickets[0].no], now)
    confirmed = confirm(nothing_is_due(answer.booking)) if ends and confirms else ()
    if not any(ticket.status == "held" for line in answer.booking.lines for ticket in line.tickets):
        answer.booking.held_until = None
    return replace(answer, confirmed=confirmed, stopped=stop(answer.booking, stopped))


def end_of_line(answer: Ended, line: Line, tickets: Sequence[Ticket], end: TicketEnd, now: datetime) -> Ended:
    parts = [part for part in answer.booking.credit if part.line_no == line.no]
    cost, was = costs(line), [ticket.status for ticket in tickets]
    stay = sum(cost[each.no] for each in line.tickets if each.status in HAS_A_PLACE and each not in tickets)
    back = max(0, total(parts) - stay)
    credit = in_whole_cents(back, [cost[ticket.no] for ticket in tickets])
    for ticket in tickets:
        end_ticket(ticket, end, now)
    payment = that_counts(answer.booking)
    money = came_back(line, payment, tickets)
    for ticket, cents in zip(tickets, map(sum, zip(credit, money, strict=True)), strict=True):
        ticket.returned_cents = cents
    gone = [
        EndedTicket(line.no, ticket.no, status, end, ticket.returned_cents)
        for ticket, status in zip(tickets, was, strict=True)
    ]
    refunds = give_back(payment, line, sum(money), end.value, now) if payment else []
    answer = replace(answer, tickets=(*answer.tickets, *gone), refunds=(*answer.refunds, *refunds))
    if back == 0:
        return answer
    kept = keep(parts, total(parts) - back)
    return move_credit(answer, parts, kept, longer(parts, kept, end, now))


def end_ticket(ticket: Ticket, end: TicketEnd, now: datetime) -> None:
    ticket.status, ticket.attended_at = STATUS_AFTER.get(end, TicketStatus.CANCELLED), None
    ticket.end, ticket.ended_at = end, now


def longer(
    parts: Sequence[LineCredit], kept: Counter[UUID], end: TicketEnd, now: datetime
) -> dict[UUID, datetime]:
    """Until when a purse can be spent now that gets something back, through no doing of its holder."""
    return {
        part.purse_id: now + timedelta(days=part.extension_days)
        for part in parts
        if end in NO_DOING_OF_THE_HOLDER
        and kept[part.purse_id] < total(parts, part.purse_id)
        and part.lapses_at < now + timedelta(days=part.extension_days)
    }


def move_credit(
    answer: Ended, parts: Sequence[LineCredit], kept: Counter[UUID], extensions: dict[UUID, datetime]
) -> Ended:
    """All of it goes back, and what is kept is put aside anew."""
    accounts = {part.purse_id: (part.held_account_id, part.payee_id) for part in parts}
    holds = [
        CreditHold(parts[0].line_no, purse_id, *accounts[purse_id], cents) for purse_id, cents in kept.items()
    ]
    answer.booking.credit = [part for part in answer.booking.credit if part not in parts]
    return replace(
        answer,
        undone=(*answer.undone, *parts),
        holds=(*answer.holds, *holds),
        extensions={**answer.extensions, **extensions},
    )
