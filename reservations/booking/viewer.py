"""Who looks at a booking that is for several, and what of it they see. Pure.

Each who comes sees their own lines, and who booked it those of whom they may still book for: who else is in
it may be nobody's business. A booking that was made otherwise is seen whole by who may open it.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import Payment
from reservations.booking.facts import REPRESENTATIVE, Booking


class SeenBy(NamedTuple):
    """The arguments of a statement: without `maker` all is seen."""

    own_id: UUID | None
    maker: str | None
    helped_ids: list[UUID]


EVERYTHING = SeenBy(None, None, [])


class Viewer(Struct, frozen=True):
    """By which pass somebody looks, if by any, who they are, and for whom they may book."""

    person_id: UUID
    own_id: UUID | None
    helped_ids: tuple[UUID, ...] = ()

    @property
    def as_arguments(self) -> SeenBy:
        return SeenBy(self.own_id, f"{REPRESENTATIVE}{self.person_id}", list(self.helped_ids))

    def holders_seen(self, booking: Booking) -> Sequence[UUID | None]:
        """Whose lines they see."""
        if booking.by.representative_id is None:
            return [line.holder_id for line in booking.lines]
        made = booking.by.representative_id == self.person_id
        return [self.own_id, *self.helped_ids] if made else [self.own_id]

    def part_of(self, booking: Booking) -> Booking:
        """The booking as they see it, and of its payments what was paid for that."""
        seen = self.holders_seen(booking)
        lines = [line for line in booking.lines if line.holder_id in seen]
        if len(lines) == len(booking.lines):
            return booking
        numbers = {line.no for line in lines}
        credit = [each for each in booking.credit if each.line_no in numbers]
        payments = [part for each in booking.payments if (part := payment_for(each, numbers)).amount_cents]
        return replace(booking, lines=lines, credit=credit, payments=payments)


def payment_for(payment: Payment, numbers: Container[int]) -> Payment:
    """What a payment pays of the lines with these numbers, and what of that went back."""
    cents = tuple(each if no in numbers else 0 for no, each in enumerate(payment.line_cents, start=1))
    refunds = tuple(each for each in payment.refunds if each.line_no in numbers)
    return replace(payment, amount_cents=sum(cents), line_cents=cents, refunds=refunds)


def seen_by(viewer: Viewer | None) -> SeenBy:
    """Without a viewer it is staff, or a guest with their own link, who see all."""
    return viewer.as_arguments if viewer else EVERYTHING
