"""A change as far as it is decided, and what of it must be so as it was shown. Pure."""

from uuid import UUID

from msgspec import Struct

from credits.errors import TillIdTaken
from reservations.booking.answers import Ended
from reservations.booking.change_errors import DifferenceChanged
from reservations.booking.change_funding import ChangeFunding
from reservations.booking.changed_content import Content
from reservations.booking.commands import ChangeBooking
from reservations.booking.counted import GroupUse
from reservations.booking.facts import Booking, Line
from reservations.booking.planned import PlannedEnd
from reservations.booking.refunding import given_at_once
from reservations.booking.remaining import Remaining
from reservations.errors import PriceChanged, RemainingChanged
from uit.core.errors import Refusal


class Changing(Struct, frozen=True):
    """A change as far as it is decided: what ends, what comes, and what pays for it."""

    booking: Booking
    content: Content
    ends: tuple[PlannedEnd, ...]
    lines: tuple[Line, ...]
    uses: tuple[GroupUse, ...]
    funding: ChangeFunding
    ended: Ended

    @property
    def price_cents(self) -> int:
        """What all of the new content costs."""
        return self.content.kept_cents + sum(line.price_cents for line in self.lines)

    @property
    def remaining_cents(self) -> int:
        """What is still to be paid of it."""
        return self.funding.payment.amount_cents if self.funding.payment else 0

    @property
    def credit_back_cents(self) -> int:
        """The credit of what ends that nothing new needs; below nought, what is needed besides."""
        ended = self.ended
        back = sum(each.cents for each in ended.undone) - sum(each.cents for each in ended.holds)
        return back - sum(each.cents for each in self.funding.holds)

    @property
    def money_back_cents(self) -> int:
        """The money of what ends that nothing new needs."""
        back = sum(each.refund.amount_cents for each in self.ended.refunds)
        return back - sum(each.cents for each in self.funding.moves)

    def given_cents(self, seller_id: UUID) -> int:
        """What of that a till of this seller gives in cash."""
        given = given_at_once(self.ended, seller_id)
        lines = {(each.payment_id, each.refund.line_no) for each in given}
        stays = sum(each.cents for each in self.funding.moves if (each.payment_id, each.from_line) in lines)
        return sum(each.refund.amount_cents for each in given) - stays

    def due_cents(self, seller_id: UUID) -> int:
        """What changes hands at a till of this seller; below zero it goes to the customer."""
        return self.remaining_cents - self.given_cents(seller_id)

    @property
    def waits(self) -> bool:
        """Whether what is new is held until it is paid."""
        return self.funding.payment is not None and self.funding.payment.is_open


def refuse_till(remaining: Remaining, command: ChangeBooking) -> Refusal | None:
    """Why a till may not take or give the difference now, or not under these ids."""
    if command.at_till is None:
        return None
    sale = command.sale
    is_new = sale is None or (sale.id not in remaining.receipts and sale.payment_id not in remaining.payments)
    refusal = remaining.till_refusal(command.at_till.origin)
    return refusal or (None if is_new or sale is None else TillIdTaken(sale.id))


def refuse_unseen(command: ChangeBooking, planned: Changing) -> Refusal | None:
    """Whether it costs something else than was seen."""
    price, seen = planned.price_cents, command.price_seen_cents
    if seen is not None and seen != price:
        return PriceChanged(seen, price)
    left = planned.remaining_cents
    taken = (command.sale.taken_cents if command.sale else 0) if command.at_till else None
    for seen in (command.remaining_seen_cents, taken):
        if seen is not None and seen != left:
            return RemainingChanged(seen, left)
    return refuse_unseen_difference(command, planned)


def refuse_unseen_difference(command: ChangeBooking, planned: Changing) -> DifferenceChanged | None:
    """Whether a till would take or give something else than it showed."""
    if command.at_till is None:
        return None
    due, seen = planned.due_cents(command.at_till.origin.seller_id), command.at_till.due_seen_cents
    return DifferenceChanged(seen, due) if seen != due else None
