"""How the lines of a basket become bookings: money goes to one seller at a time. Pure."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Facts, Line
from reservations.booking.funding import Funding, fund, most_credit, write_credit
from reservations.booking.quote import enrolled, lines_or_refusals, ways
from reservations.booking.remaining import Remaining
from uit.core.errors import Refusal


class QuotedBooking(Struct, frozen=True):
    """A booking as it would be made of the lines with these numbers, once the ones before it are made.

    `seller_id`: to whom goes what credit does not pay; None where credit pays all. `refusal`: why no way is
    open to pay these lines, though each of them can be had.
    """

    line_nos: tuple[int, ...]
    seller_id: UUID | None
    price_cents: int
    credit_cents: int
    remaining_by: dict[PayWith, int]
    refusal: Refusal | None = None

    @property
    def remaining_cents(self) -> int:
        return self.price_cents - self.credit_cents

    @property
    def pay_with(self) -> tuple[PayWith, ...]:
        """The ways that are open."""
        return tuple(self.remaining_by)


def split(facts: Facts, command: Book, now: datetime) -> list[QuotedBooking]:
    """The bookings that are to be made, one after the other, of the lines of a command that can be had.

    One booking where credit pays all of it or one seller gets all the money. Else each takes the lines of
    a seller, and of every other seller that can be paid along with them. The credit that one uses is gone for
    the next. Who takes no money comes first, for only credit can pay there.
    """
    remaining = Remaining(facts, now)
    answers = enrolled(remaining, command, lines_or_refusals(remaining, command))
    lines = [each for each in answers if isinstance(each, Line)]
    waiting = by_seller(remaining, command, lines)
    found = []
    while waiting:
        chosen, waiting = choose_first(remaining, command, waiting)
        found.append(as_booking(remaining, command, chosen))
    return found


def by_seller(remaining: Remaining, command: Book, lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each seller together; first of those where nothing but credit pays."""
    groups: dict[UUID, list[Line]] = {}
    for line in lines:
        terms = remaining.sessions[line.session_id].terms
        groups.setdefault(terms.seller_id if terms else line.seller_id, []).append(line)
    return sorted(
        groups.values(), key=lambda group: is_payable(remaining, command, group, without_credit=True)
    )


def choose_first(
    remaining: Remaining, command: Book, groups: Sequence[list[Line]]
) -> tuple[list[Line], list[list[Line]]]:
    """The lines of the first booking, in order of their numbers, and the groups that are left for others."""
    everything = in_order([line for group in groups for line in group])
    if is_payable(remaining, command, everything):
        return everything, []
    chosen, later = groups[0], []
    for group in groups[1:]:
        together = in_order([*chosen, *group])
        if is_payable(remaining, command, together):
            chosen = together
        else:
            later.append(group)
    return chosen, later


def in_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.no)


def is_payable(
    remaining: Remaining, command: Book, lines: Sequence[Line], *, without_credit: bool = False
) -> bool:
    """Whether some way is open to pay these lines together."""
    tried = [copy(line) for line in lines]
    write_credit(
        tried, [] if without_credit else remaining.spread(tried, most_credit(command, tried, remaining))
    )
    return bool(ways(remaining, command, tried))


def as_booking(remaining: Remaining, command: Book, lines: Sequence[Line]) -> QuotedBooking:
    """A booking of these lines, paid by the first way that is open: that uses the credit it needs."""
    write_credit(lines, remaining.spread(lines, most_credit(command, lines, remaining)))
    remaining_by = ways(remaining, command, lines)
    way = next(iter(remaining_by), PayWith.CREDIT_THEN_CARD)
    funding = fund(replace(command, pay_with=way), [copy(line) for line in lines], remaining)
    if isinstance(funding, Funding):
        remaining.take([], funding.holds)
    payment = funding.payment if isinstance(funding, Funding) else None
    return QuotedBooking(
        tuple(line.no for line in lines),
        payment.seller_id if payment else None,
        sum(line.price_cents for line in lines),
        sum(line.credit_cents for line in lines),
        remaining_by,
        None if isinstance(funding, Funding) else funding,
    )
