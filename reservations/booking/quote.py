"""What a booking would come to now: the decision's own steps, of which nothing is written. Pure."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Facts, Holder, Line
from reservations.booking.funding import MEANS, Funding, fund, most_credit, write_credit
from reservations.booking.limits import address_of
from reservations.booking.lines import line_for, paid_with_turns, refuse_acting
from reservations.booking.places import whole
from reservations.booking.remaining import Remaining
from uit.core.errors import Refusal


class QuotedLine(Struct, frozen=True):
    """What the places of a line cost and what credit pays of it, or why they cannot be had.

    `cancel_fee_cents`: what each ticket keeps of its money when its holder gives it up. `seats`: those that
    it would get now, where seats are numbered.
    """

    price_cents: int
    credit_cents: int
    cancel_fee_cents: int = 0
    refusal: Refusal | None = None
    seats: tuple[str, ...] = ()


class Quote(Struct, frozen=True):
    """A price, said without holding anything. The amounts are over the lines that are not refused.

    `remaining_by`: the ways that are open to a booking of those, and what each leaves to pay, which is more
    than `remaining_cents` by a card that takes no small amounts. `cancel_until`: until when all can be given
    up.
    """

    lines: list[QuotedLine]
    price_cents: int
    credit_cents: int
    remaining_cents: int
    cancel_until: datetime | None
    remaining_by: dict[PayWith, int]

    @property
    def pay_with(self) -> tuple[PayWith, ...]:
        """The ways that are open."""
        return tuple(self.remaining_by)

    @property
    def refusal(self) -> Refusal | None:
        """The first reason why a line cannot be had."""
        return next((line.refusal for line in self.lines if line.refusal), None)


def quote(facts: Facts, command: Book, now: datetime) -> Quote:
    """What a command would come to. Credit is said only of places that are free."""
    remaining = Remaining(facts, now)
    found = lines_or_refusals(remaining, command)
    answers = seated(remaining, command, enrolled(remaining, command, found))
    lines = [each for each in answers if isinstance(each, Line)]
    holds = remaining.spread(lines, most_credit(command, lines, remaining))
    write_credit(lines, holds)
    limits = [remaining.sessions[line.session_id].cancel_until for line in lines]
    return Quote(
        [as_quoted(each) for each in answers],
        sum(line.price_cents for line in lines),
        sum(line.credit_cents for line in lines),
        sum(line.remaining_cents for line in lines),
        min(limits, default=None),
        ways(remaining, command, lines) if lines else {},
    )


def lines_or_refusals(remaining: Remaining, command: Book) -> list[Line | Refusal]:
    """Each line by itself; places that an earlier line would take are gone for a later one."""
    proved = [remaining.holder(each.holder) if each.holder else None for each in command.lines]
    holders = [each if isinstance(each, Holder) else None for each in proved]
    answers: list[Line | Refusal] = []
    taken: list[Line] = []
    for no, (requested, holder) in enumerate(zip(command.lines, proved, strict=True), start=1):
        refused = refuse_acting(remaining, command.by, [requested]) or holder
        if isinstance(refused, Refusal):
            answers.append(refused)
            continue
        line = line_for(remaining, command, requested, no, holders)
        if isinstance(line, Line):
            line = too_many(remaining, command, [line, *taken]) or line
        taken += [line] if isinstance(line, Line) else []
        answers.append(line)
    return answers


def too_many(remaining: Remaining, command: Book, lines: Sequence[Line]) -> Refusal | None:
    """Why there is no room for the first of these lines beside the others."""
    return remaining.lacking(whole(lines)) or remaining.limits.refusal(
        lines, remaining.sessions, remaining.groups, address_of(command)
    )


def enrolled(remaining: Remaining, command: Book, answers: list[Line | Refusal]) -> list[Line | Refusal]:
    """The lines at the prices of their courses, and free where turns of a card pay them, all together."""
    answers = remaining.courses.quoted(command.lines, answers, remaining.sessions, remaining.now)
    lines = [each for each in answers if isinstance(each, Line)]
    if len(lines) < len(answers):
        return answers
    paid = paid_with_turns(remaining, command, lines)
    return [paid for _ in answers] if isinstance(paid, Refusal) else [*paid]


def seated(remaining: Remaining, command: Book, answers: list[Line | Refusal]) -> list[Line | Refusal]:
    """The lines with the seats that they would get now, all together; where there are none, none of them."""
    asked = [
        (line, each) for line, each in zip(answers, command.lines, strict=True) if isinstance(line, Line)
    ]
    refusal = remaining.seats.seat([line for line, _ in asked], [each for _, each in asked])
    if refusal is None:
        return answers
    session_id = getattr(refusal, "session_id", None)
    return [refusal if isinstance(each, Line) and each.session_id == session_id else each for each in answers]


def as_quoted(answer: Line | Refusal) -> QuotedLine:
    if isinstance(answer, Refusal):
        return QuotedLine(0, 0, refusal=answer)
    seats = tuple(seat for ticket in answer.tickets for seat in ticket.seats)
    return QuotedLine(answer.price_cents, answer.credit_cents, answer.cancel_fee_cents, seats=seats)


def ways(remaining: Remaining, command: Book, lines: Sequence[Line]) -> dict[PayWith, int]:
    """The ways to pay these lines, each tried as the booking would, and what each leaves to pay."""
    missing = sum(line.remaining_cents for line in lines)
    has_credit = any(line.credit_cents for line in lines)
    if not missing:
        ways = [PayWith.CREDIT, PayWith.CARD] if has_credit else [PayWith.CREDIT]
    else:
        ways = [way for way in MEANS if has_credit or way is not PayWith.CREDIT_THEN_CARD]
    remaining_by = {
        way: remaining_cents_with(remaining, replace(command, pay_with=way), lines) for way in ways
    }
    return {way: cents for way, cents in remaining_by.items() if cents is not None}


def remaining_cents_with(remaining: Remaining, command: Book, lines: Sequence[Line]) -> int | None:
    """What is to be paid besides credit when it is paid so; None when it cannot be."""
    tried = [copy(line) for line in lines]
    funding = fund(command, tried, remaining)
    return sum(line.remaining_cents for line in tried) if isinstance(funding, Funding) else None
