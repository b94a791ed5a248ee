"""The rows that a batch writes: what its answers mean for every table, for one write."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct, field

from credits.ledger.ledger import ExtensionRow, HoldRow, ResolutionRow, ReversalRow
from credits.payments.payment import Payment, PaymentMeans, RefundWay
from credits.payments.rows import CaptureRow, EndedPaymentRow, PaymentRow, RefundRow
from credits.till.giving_back import TillRefund
from credits.till.sale import Sale
from reservations.booking.answers import (
    Answer,
    Booked,
    Ended,
    Lengthened,
    Paid,
    PaymentRefund,
    Resized,
    Swapped,
)
from reservations.booking.facts import Booking, Line, TicketStatus
from reservations.booking.remaining import drawn_back, drawn_by, drawn_for
from reservations.booking.rows import (
    BookingRow,
    CancellationRow,
    CapacityRow,
    ContactRow,
    LineRow,
    OutboxRow,
    PoolRow,
    TermRow,
    TicketChangeRow,
    TicketRow,
    act_row,
    acting_row,
    booking_row,
    confirmed_row,
    ended_row,
    hold_row,
    line_row,
    payment_row,
    refund_row,
    term_of,
)
from uit.core.ids import Ids
from uit.services.audit import ActRow


class Effects(Struct):
    """What a batch of answers changes; the order of the fields is the order of `reservations.write`."""

    bookings: list[BookingRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    changes: list[TicketChangeRow] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    pools: list[PoolRow] = field(default_factory=list)
    capacities: list[CapacityRow] = field(default_factory=list)
    cancellations: list[CancellationRow] = field(default_factory=list)
    reversals: list[ReversalRow] = field(default_factory=list)
    resolutions: list[ResolutionRow] = field(default_factory=list)
    extensions: list[ExtensionRow] = field(default_factory=list)
    holds: list[HoldRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)
    captures: list[CaptureRow] = field(default_factory=list)
    ended_payments: list[EndedPaymentRow] = field(default_factory=list)
    refunds: list[RefundRow] = field(default_factory=list)
    receipts: list[Sale] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    acts: list[ActRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__)

    def as_json(self) -> Iterator[str | None]:
        """Each list as JSON text, None where it is empty: the writer skips what is not there."""
        for name in self.__struct_fields__:
            rows = getattr(self, name)
            yield msgspec.json.encode(rows).decode() if rows else None


def effects_of(answers: Sequence[Answer], ids: Ids) -> Effects:
    """The rows that make the answers true. Places are summed per pool: one row a pool."""
    rows = Effects()
    places: dict[UUID, int] = {}
    for answer in answers:
        match answer:
            case Booked(new=True):
                insert_booking(rows, answer, ids)
                move(places, drawn_by(answer.booking.lines), 1)
            case Ended():
                end_tickets(rows, answer, ids)
                move(places, drawn_back(answer), -1)
            case Swapped():
                swap_tickets(rows, answer, ids)
                move(places, drawn_back(answer.ended), -1)
                move(places, drawn_by(answer.booked.booking.lines), 1)
            case Paid(new=True):
                confirm_tickets(rows, answer, ids)
                move(places, drawn_anew(answer), 1)
                move(places, drawn_back(answer.ended) if answer.ended else {}, -1)
            case Lengthened(new=True):
                rows.terms.append(term_of(answer.booking))
            case Resized(changed=True):
                resize_pool(rows, answer, ids)
            case _:
                continue
    rows.pools = [PoolRow(pool_id, moved) for pool_id, moved in places.items() if moved]
    return rows


def move(places: dict[UUID, int], drawn: dict[UUID, int], sign: int) -> None:
    for pool_id, count in drawn.items():
        places[pool_id] = places.get(pool_id, 0) + sign * count


def insert_booking(rows: Effects, answer: Booked, ids: Ids) -> None:
    booking = answer.booking
    rows.bookings.append(booking_row(booking))
    for line in booking.lines:
        insert_line(rows, booking, line, line.holder_id if line.no in answer.personal else None)
    rows.holds += [hold_row(booking, hold, ids) for hold in answer.holds]
    if answer.guest and answer.last_session_at:
        rows.contacts.append(
            ContactRow(booking.id, answer.guest.name, answer.guest.email, answer.last_session_at)
        )
    if booking.by.representative_id:
        rows.acts.append(acting_row(booking, "booking.make_for", booking.by.representative_id, ids))
    rows.payments += [payment_row(booking.id, each, answer.invoice, ids) for each in booking.payments]
    if answer.invoice:
        rows.outbox.append(OutboxRow("invoice.request", booking.payments[0].id))
    if answer.sale:
        take_at_desk(rows, booking, answer.sale, ids)
    if not booking.open_payment:
        rows.outbox.append(OutboxRow("booking.made", booking.id))
    elif booking.open_payment.means is PaymentMeans.DESK:
        rows.outbox.append(OutboxRow("booking.held", booking.id))


def take_at_desk(rows: Effects, booking: Booking, sale: Sale, ids: Ids) -> None:
    """The money of a booking that was paid at a till when it was made, and who took it."""
    rows.captures += [
        CaptureRow(each.id, each.amount_cents, each.line_cents, str(sale.id), ids.new())
        for each in booking.payments
    ]
    write_receipt(rows, booking, sale, ids)


def write_receipt(rows: Effects, booking: Booking, sale: Sale, ids: Ids) -> None:
    rows.receipts.append(sale)
    rows.acts.append(act_row(booking, "till.sale", sale.sold_by, ids, cents=sale.taken_cents))


def insert_line(rows: Effects, booking: Booking, line: Line, personal_to: UUID | None) -> None:
    rows.lines.append(line_row(booking.id, line))
    rows.tickets += [
        TicketRow(booking.id, line.no, ticket.no, line.session_id, ticket.status, ticket.weight, personal_to)
        for ticket in line.tickets
    ]


def end_tickets(rows: Effects, answer: Ended, ids: Ids) -> None:
    """Tickets end, the credit of their lines goes back, and what stays is put aside anew."""
    booking_id = answer.booking.id
    if answer.cancellation:
        rows.cancellations.append(
            CancellationRow(answer.cancellation.id, booking_id, answer.cancellation.digest)
        )
    if not answer.tickets:
        return
    if answer.cancellation and answer.cancellation.staff_id:
        staff_id, tickets = answer.cancellation.staff_id, len(answer.tickets)
        why = {"waiver": answer.cancellation.waiver} if answer.cancellation.waiver else {}
        rows.acts.append(act_row(answer.booking, "booking.take_back", staff_id, ids, tickets=tickets, **why))
    if answer.cancellation and answer.cancellation.representative_id:
        who = answer.cancellation.representative_id
        rows.acts.append(acting_row(answer.booking, "booking.give_up_for", who, ids))
    rows.changes += [ended_row(booking_id, each) for each in answer.tickets]
    rows.changes += [confirmed_row(booking_id, each) for each in answer.confirmed]
    if answer.booking.held_until is None and any(each.was == TicketStatus.HELD for each in answer.tickets):
        rows.terms.append(term_of(answer.booking))
    stop_payments(rows, booking_id, answer.stopped)
    write_refunds(rows, booking_id, answer.refunds, ids)
    undo_credit(rows, answer, ids)
    rows.outbox.append(OutboxRow("booking.ended", booking_id, payload_of(answer)))
    if answer.confirmed:
        rows.outbox.append(OutboxRow("booking.made", booking_id))


def swap_tickets(rows: Effects, answer: Swapped, ids: Ids) -> None:
    """Tickets end and others are booked; what was paid and what went back stay amounts of their own."""
    end_tickets(rows, answer.ended, ids)
    insert_booking(rows, answer.booked, ids)
    booking, into = answer.ended.booking, str(answer.booked.booking.id)
    rows.acts.append(
        act_row(booking, "booking.swap", answer.staff_id, ids, into=into, due_cents=answer.due_cents)
    )


def payouts_of(answers: Sequence[Answer], ids: Ids) -> list[TillRefund]:
    """What swaps give from drawers, for `credits.write_till_refunds`: written after the rows of the batch."""
    return [
        payout for answer in answers if isinstance(answer, Swapped) for payout in payouts_of_swap(answer, ids)
    ]


def payouts_of_swap(answer: Swapped, ids: Ids) -> Iterator[TillRefund]:
    """The rounding goes with the first; `receipt_id` is what was sold for it."""
    sale, rounding_cents = answer.booked.sale, answer.rounding_cents
    for each in answer.given:
        yield TillRefund(
            id=ids.new(),
            refund_id=each.refund.id,
            till_session_id=answer.till_session_id,
            made_by=answer.staff_id,
            rounding_cents=rounding_cents,
            rounding_id=ids.new() if rounding_cents else None,
            receipt_id=sale.id if sale else None,
        )
        rounding_cents = 0


def stop_payments(rows: Effects, booking_id: UUID, stopped: Sequence[Payment]) -> None:
    """A payment page that is still open is closed after the commit."""
    rows.ended_payments += [EndedPaymentRow(each.id, each.status) for each in stopped]
    rows.outbox += [
        OutboxRow("payment.stopped", booking_id, {"payment_id": each.id})
        for each in stopped
        if each.means is PaymentMeans.CARD
    ]


def write_refunds(rows: Effects, booking_id: UUID, refunds: Sequence[PaymentRefund], ids: Ids) -> None:
    """What goes back by card is asked for after the commit; a till pays cash against a code."""
    for each in refunds:
        rows.refunds.append(refund_row(booking_id, each, ids))
        if each.refund.way is RefundWay.CARD:
            rows.outbox.append(OutboxRow("payment.refund", each.refund.id, {"booking_id": booking_id}))


def confirm_tickets(rows: Effects, answer: Paid, ids: Ids) -> None:
    """A payment came in: what it confirms, and what of it goes back."""
    booking, payment = answer.booking, answer.payment
    if answer.opened:
        rows.payments.append(payment_row(booking.id, answer.opened, None, ids))
    if answer.sale:
        write_receipt(rows, booking, answer.sale, ids)
    stop_payments(rows, booking.id, answer.stopped)
    if answer.ended:
        end_tickets(rows, answer.ended, ids)
    rows.captures.append(
        CaptureRow(payment.id, payment.amount_cents, payment.line_cents, answer.reference, ids.new())
    )
    rows.changes += [confirmed_row(booking.id, each) for each in answer.tickets]
    rows.changes += [ended_row(booking.id, each) for each in answer.late]
    if any(each.was is TicketStatus.HELD for each in answer.tickets):
        rows.terms.append(term_of(booking))
    if answer.tickets:
        rows.outbox.append(OutboxRow("booking.made", booking.id))
    rows.holds += [hold_row(booking, hold, ids) for hold in answer.holds]
    write_refunds(rows, booking.id, answer.refunds, ids)
    if answer.refunds:
        rows.outbox.append(OutboxRow("payment.back", booking.id, about_refunds(answer)))


def drawn_anew(answer: Paid) -> dict[UUID, int]:
    """The places of tickets that had lapsed; those that were held are counted."""
    lapsed = {(each.line_no, each.ticket_no) for each in answer.tickets if each.was is TicketStatus.LAPSED}
    return drawn_for(answer.booking, lapsed)


def undo_credit(rows: Effects, answer: Ended, ids: Ids) -> None:
    end_by_line = {each.line_no: each.end for each in answer.tickets}
    for part in answer.undone:
        if part.settle_id is None:
            rows.resolutions.append(ResolutionRow.release(part.hold_id, part.cents, ids.new()))
        else:
            reason = end_by_line[part.line_no].value
            rows.reversals.append(ReversalRow(part.settle_id, ids.new(), ids.new(), reason))
    rows.extensions += [ExtensionRow(purse_id, at) for purse_id, at in answer.extensions.items()]
    rows.holds += [
        HoldRow(
            ids.new(),
            hold.purse_id,
            hold.held_account_id,
            hold.cents,
            answer.booking.id,
            hold.line_no,
            hold.payee_id,
        )
        for hold in answer.holds
    ]


def payload_of(answer: Ended) -> dict[str, object]:
    """What the message about it says: which tickets ended, of which date, how, and what came back by each.

    `refunds` are the ids of what goes back of it as money.
    """
    session_by_line = {line.no: line.session_id for line in answer.booking.lines}
    return {
        "tickets": [
            {
                "session_id": session_by_line[each.line_no],
                "line_no": each.line_no,
                "no": each.ticket_no,
                "end": each.end,
                "returned_cents": each.returned_cents,
            }
            for each in answer.tickets
        ],
        **about_refunds(answer),
    }


def about_refunds(answer: Ended | Paid) -> dict[str, object]:
    return {"refunds": [each.refund.id for each in answer.refunds]}


def resize_pool(rows: Effects, answer: Resized, ids: Ids) -> None:
    pool = answer.pool
    rows.capacities.append(CapacityRow(pool.id, pool.capacity))
    rows.acts.append(
        ActRow(
            id=ids.new(),
            region_id=answer.region_id,
            actor_kind="staff",
            actor_id=str(answer.staff_id),
            act="pool.resize",
            subject_kind="pool",
            subject_id=str(pool.id),
            facts={"capacity": pool.capacity},
        )
    )
