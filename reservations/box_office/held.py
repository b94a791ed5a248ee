"""A booking that waits for money, as who takes it at a till sees it: what it is, and what is due."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import Payment, PaymentMeans
from credits.till.books.receipt import booking_of_receipt
from credits.till.facts import read_till_facts
from credits.till.sale import SaleLine, SaleOrigin
from reservations.booking.due import due_cents
from reservations.booking.facts import Booking, Line, TicketStatus
from reservations.booking.giving_up import read_facts
from reservations.booking.paying import DueAtDesk, due_at_desk
from reservations.booking.remaining import Remaining
from reservations.booking.tickets import number_of
from reservations.errors import AlreadyPaid, NothingDue
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.core.seal import open_ticket
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
LONGEST_NUMBER: Final = 8
USABLE: Final = {TicketStatus.CONFIRMED, TicketStatus.ATTENDED, TicketStatus.NO_SHOW}
NUMBER_KNOWN: Final = timedelta(days=60)
"""How long after its date a booking is found by its number; later by the number of its receipt alone."""
TICKET_NUMBER: Final = re.compile(r"[^0-9a-z]+\d{1,3}\.\d{1,4}\s*\Z", re.ASCII)
"""What stands after the number of the booking under the code of a ticket: 83EF-8152 · 1.1."""
RECEIPT_NUMBER: Final = re.compile(r"(\d{4})-(\d{1,9})", re.ASCII)


class HeldOffer(Struct, frozen=True):
    """What a line of a booking is for. `label`: the name of its tariff, where that tells nothing."""

    line_no: int
    event: str
    is_turn_card: bool
    starts_at: datetime
    ends_at: datetime
    label: str


class DueBooking(Struct, frozen=True):
    """`due_cents` is to be paid now; `credit_cents` of the same places is put aside already.

    `good_until`: the last day of what is a card of turns; None for what takes place. `refusal`: why the till
    may not take it; None when it may.
    """

    booking: Booking
    payment_id: UUID
    by_card: bool
    lines: tuple[SaleLine, ...]
    starts_at: datetime
    ends_at: datetime
    due_cents: int
    credit_cents: int
    refusal: Refusal | None
    good_until: date | None = None


find_held = SQL.value("find_held", UUID)
find_sold = SQL.value("find_sold", UUID)
read_offers = SQL.many("read_offers", HeldOffer)


async def held_booking(
    tx: Executor, region_id: int, organiser_id: UUID, origin: SaleOrigin, now: datetime
) -> DueBooking | None:
    """The booking of `origin`, where it is of this organiser and waits for money; None when it is not so.

    Whether that till may take it, the decision itself says.
    """
    assert origin.booking_id is not None
    facts = await read_facts(tx, region_id, origin.booking_id)
    facts = replace(facts, tills=await read_till_facts(tx, region_id, origin.till_session_id))
    booking = next(iter(facts.bookings), None)
    payment = booking.open_payment if booking else None
    if booking is None or payment is None or not is_paid_to(booking, payment, organiser_id):
        return None
    own = [line for line in booking.lines if line.seller_id == organiser_id]
    offers = {each.line_no: each for each in await read_offers(tx, region_id, booking.id)}
    lines = sale_lines(own, offers)
    first = min((offers[line.no] for line in own), key=lambda offer: offer.starts_at)
    due = sum(due_cents(booking, payment))
    answer = due_at_desk(Remaining(facts, now), booking, origin)
    return DueBooking(
        booking,
        payment.id,
        payment.account is not None,
        lines,
        first.starts_at,
        first.ends_at,
        due,
        sum(line.amount_cents for line in lines) - due,
        None if isinstance(answer, DueAtDesk) else answer,
        day_in_flanders(first.ends_at) if first.is_turn_card else None,
    )


def is_sold_by(booking: Booking, organiser_id: UUID) -> bool:
    """Whether all of a booking is of this organiser, so that its tills may touch it."""
    return all(line.seller_id == organiser_id for line in booking.lines)


def is_paid_to(booking: Booking, payment: Payment, organiser_id: UUID) -> bool:
    """Whether all the money that is due is for dates of this organiser, and some place waits there.

    What credit pays at another organiser is confirmed with it; neither this till nor its receipt shows that.
    """
    due = zip(booking.lines, due_cents(booking, payment), strict=True)
    is_theirs = all(line.seller_id == organiser_id for line, cents in due if cents)
    return is_theirs and any(line.seller_id == organiser_id for line in booking.lines)


def sale_lines(lines: Sequence[Line], offers: Mapping[int, HeldOffer]) -> tuple[SaleLine, ...]:
    """What is sold, as a receipt names it: the places of each line that wait, at their full price."""
    return tuple(
        sale_line(line, offers[line.no])
        for line in lines
        if any(ticket.status is TicketStatus.HELD for ticket in line.tickets)
    )


def sale_line(line: Line, offer: HeldOffer) -> SaleLine:
    held = [ticket for ticket in line.tickets if ticket.status is TicketStatus.HELD]
    shares = line.shares(line.price_cents)
    return SaleLine(
        no=line.no,
        words=" · ".join(filter(None, [offer.event, offer.label])),
        vat_code=line.vat_code,
        amount_cents=sum(shares[ticket.no] for ticket in held),
        places=len(held),
        booking_line_no=line.no,
    )


async def booking_of_receipt_number(tx: Executor, region_id: int, seller_id: UUID, typed: str) -> UUID | None:
    """The booking that a receipt is of, by its number: 2026-000123."""
    number = RECEIPT_NUMBER.fullmatch(typed.strip())
    if number is None:
        return None
    found: UUID | None = await booking_of_receipt(tx, region_id, seller_id, *map(int, number.groups()))
    return found


def why_not_due(booking: Booking) -> AlreadyPaid | NothingDue:
    """Why no money is taken for a booking that waits for none. What is on an invoice is not paid yet."""
    owed = any(each.means is PaymentMeans.INVOICE and each.stands for each in booking.payments)
    if booking.status not in USABLE or not booking.price_cents or owed:
        return NothingDue(booking.id)
    return AlreadyPaid(number_of(booking.id))


async def booking_of_number(
    tx: Executor, key: bytes, organiser: tuple[int, UUID], typed: str, now: datetime
) -> UUID | None:
    """The booking that somebody names, at a till of an organiser of a region.

    By its number, by what stands under the code of a ticket of it, or by that code, scanned.
    """
    seal = open_ticket(key, typed.strip())
    if seal is not None:
        return seal.booking_id if seal.region_id == organiser[0] else None
    number = "".join(each for each in TICKET_NUMBER.sub("", typed.lower()) if each.isalnum())
    if len(number) != LONGEST_NUMBER:
        return None
    found: UUID | None = await find_held(tx, *organiser, number)
    return found or await find_sold(tx, *organiser, number, now - NUMBER_KNOWN)
