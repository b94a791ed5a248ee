"""The way back of a guest who paid: their own browser remembers the link, and nobody else is led to it.

The address to which a payment page leads back is known to the provider and to the seller's own account there,
so it opens nothing by itself.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from credits.payments.payment import Payment
from reservations.booking.own_booking import OwnBooking
from reservations.booking.services import BookingServices
from uit.core.seal import open_guest
from uit.web.cookie import Cookie, make_cookie

WAY_BACK: Final = "uit_way_back"
SECONDS_TO_PAY: Final = 3600


def way_back(region_slug: str, own: str, *, secure: bool) -> Cookie:
    """How a browser finds the booking of its guest, at `own`, after paying; nobody else is led there."""
    link = own.rpartition("/")[2]
    return make_cookie(WAY_BACK, link, SECONDS_TO_PAY, f"/{region_slug}/betalingen", secure=secure)


def ways_back(services: BookingServices, mine: OwnBooking) -> list[Cookie]:
    """The same for who manages a booking by its link; nothing for who is known by signing in."""
    if not mine.is_guest:
        return []
    return [way_back(mine.here.region.slug, mine.own, secure=services.settings.secure)]


def link_for(signing_key: bytes, remembered: str | None, booking_id: UUID) -> str | None:
    """The link that a browser remembers, where it is of this booking."""
    seal = open_guest(signing_key, remembered) if remembered else None
    return remembered if seal and seal.booking_id == booking_id else None


class PaymentOutcome(StrEnum):
    """How a payment ended, as far as who comes back from its page is told."""

    PAID = "paid"
    RETURNED = "returned"
    AWAITED = "awaited"
    UNPAID = "unpaid"


def outcome_of(payment: Payment) -> PaymentOutcome:
    """What was read back of a payment; `RETURNED` where all that came in goes back."""
    if any(payment.standing_cents(no) for no in range(1, len(payment.line_cents) + 1)):
        return PaymentOutcome.PAID
    if payment.refunds:
        return PaymentOutcome.RETURNED
    return PaymentOutcome.AWAITED if payment.is_open else PaymentOutcome.UNPAID
