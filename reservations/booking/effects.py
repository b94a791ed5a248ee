"""The rows that a batch writes: what its answers mean for every table, for one write."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from credits.ledger.ledger import ExtensionRow, HoldRow, ResolutionRow, ReversalRow
from credits.payments.payment import Payment, PaymentMeans, RefundWay
from credits.payments.rows import CaptureRow, EndedPaymentRow, PaymentRow, RefundRow
from credits.till.sale import Sale
from reservations.booking.actor import ByGroup, ByPartner, ByRepresentative, ByStaff
from reservations.booking.answers import (
    Accepted,
    Answer,
    Booked,
    Changed,
    Ended,
    Lengthened,
    Paid,
    PaymentRefund,
    Resized,
    Swapped,
)
from reservations.booking.due import TicketsByLine
from reservations.booking.facts import Booking, Line, TicketStatus
from reservations.booking.places import among, ended_in, whole
from reservations.booking.pools import drawn
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
    credit_hold_row,
    ended_row,
    hold_row,
    line_row,
    partner_row,
    payment_row,
    refund_row,
    term_of,
    ticket_rows,
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
                move(places, whole(answer.booking.lines), 1)
            case Ended():
                end_tickets(rows, answer, ids)
                move(places, ended_in(answer), -1)
            case Changed(new=True):
                change_tickets(rows, answer, ids)
                move(places, ended_in(answer.ended) if answer.ended else [], -1)
                move(places, whole(answer.lines), 1)
            case Swapped():
                swap_tickets(rows, answer, ids)
                move(places, ended_in(answer.ended), -1)
                move(places, whole(answer.booked.booking.lines), 1)
            case Paid(new=True):
                confirm_tickets(rows, answer, ids)
                move(places, taken_anew(answer), 1)
                move(places, ended_in(answer.ended) if answer.ended else [], -1)
            case Accepted(new=True):
                accept_offer(rows, answer, ids)
            case Lengthened(new=True):
                rows.terms.append(term_of(answer.booking))
            case Resized(changed=True):
                resize_pool(rows, answer, ids)
            case _:
                continue
    rows.pools = [PoolRow(pool_id, moved) for pool_id, moved in places.items() if moved]
    return rows


def move(places: dict[UUID, int], tickets: TicketsByLine, sign: int) -> None:
    for pool_id, count in drawn(tickets).items():
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
    write_who_made_it(rows, answer, ids)
    rows.payments += [payment_row(booking.id, each, answer.invoice, ids) for each in booking.payments]
    if answer.invoice:
        rows.outbox.append(OutboxRow("invoice.request", booking.payments[0].id))
    if answer.sale:
        take_at_desk(rows, booking, booking.payments, answer.sale, ids)
    if answer.entry_id is None:
        tell_of(rows, booking)
    elif booking.by.kind != "worker":
        rows.outbox.append(OutboxRow("waiting.offered", answer.entry_id))


def tell_of(rows: Effects, booking: Booking) -> None:
    """What somebody who made a booking is told: that it is, or that its places wait for them at a desk."""
    if not booking.open_payment:
        rows.outbox.append(OutboxRow("booking.made", booking.id))
    elif booking.open_payment.means is PaymentMeans.DESK:
        rows.outbox.append(OutboxRow("booking.held", booking.id))


def accept_offer(rows: Effects, answer: Accepted, ids: Ids) -> None:
    """An offer is confirmed, or from now on waits for money; what credit pays is put aside."""
    booking = answer.booking
    rows.changes += [confirmed_row(booking.id, each) for each in answer.confirmed]
    rows.terms.append(term_of(booking))
    rows.holds += [hold_row(booking, hold, ids) for hold in answer.holds]
    rows.payments += [payment_row(booking.id, each, None, ids) for each in booking.payments]
    tell_of(rows, booking)


def write_who_made_it(rows: Effects, answer: Booked, ids: Ids) -> None:
    """An act for each who made it for who comes, and for the clerk who wrote it down."""
    booking = answer.booking
    if booking.by.representative_id:
        rows.acts.append(acting_row(booking, "booking.make_for", booking.by.representative_id, ids))
    if answer.partner:
        rows.acts.append(partner_row(booking, "booking.make_for", answer.partner, ids))
    if booking.by.worker_id:
        group = str(booking.by.group_id)
        rows.acts.append(act_row(booking, "booking.make_for_group", booking.by.worker_id, ids, group=group))
    if answer.clerk_id:
        rows.acts.append(act_row(booking, "booking.make_at_counter", answer.clerk_id, ids))


def take_at_desk(rows: Effects, booking: Booking, payments: Sequence[Payment], sale: Sale, ids: Ids) -> None:
    """The money of a booking that is paid at a till when it is made or changes, and who took it."""
    rows.captures += [
        CaptureRow(each.id, each.amount_cents, each.line_cents, str(sale.id), ids.new()) for each in payments
    ]
    write_receipt(rows, booking, sale, ids)


def write_receipt(rows: Effects, booking: Booking, sale: Sale, ids: Ids) -> None:
    rows.receipts.append(sale)
    rows.acts.append(act_row(booking, "till.sale", sale.sold_by, ids, cents=sale.taken_cents))


def insert_line(rows: Effects, booking: Booking, line: Line, personal_to: UUID | None) -> None:
    rows.lines.append(line_row(booking.id, line))
    rows.tickets += ticket_rows(booking.id, line, personal_to)


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
    if answer.cancellation and answer.cancellation.partner:
        rows.acts.append(partner_row(answer.booking, "booking.give_up_for", answer.cancellation.partner, ids))
    rows.changes += [ended_row(booking_id, each) for each in answer.tickets]
    rows.changes += [confirmed_row(booking_id, each) for each in answer.confirmed]
    if answer.booking.held_until is None and any(each.was == TicketStatus.HELD for each in answer.tickets):
        rows.terms.append(term_of(answer.booking))
    stop_payments(rows, booking_id, answer.stopped)
    write_refunds(rows, booking_id, answer.refunds, ids)
    undo_credit(rows, answer, ids)
    if answer.changed is None and not answer.declined:
        rows.outbox.append(OutboxRow("booking.ended", booking_id, payload_of(answer)))
    if answer.confirmed:
        rows.outbox.append(OutboxRow("booking.made", booking_id))


def change_tickets(rows: Effects, answer: Changed, ids: Ids) -> None:
    """What makes place ends, and what is paid for the new places; their own rows are written after these."""
    booking = answer.booking
    if answer.ended and answer.ended.tickets:
        end_tickets(rows, answer.ended, ids)
    elif answer.ended:
        undo_credit(rows, answer.ended, ids)
    rows.holds += [credit_hold_row(booking.id, each, ids) for each in answer.extra]
    if answer.payment:
        rows.payments.append(payment_row(booking.id, answer.payment, None, ids))
        if answer.at_till and answer.at_till.sale:
            take_at_desk(rows, booking, [answer.payment], answer.at_till.sale, ids)
    if answer.payment and answer.payment.is_open:
        rows.terms.append(term_of(booking))
    elif answer.lines or (answer.ended and answer.ended.tickets):
        row = changed_row(booking, answer.ended, {line.no for line in answer.lines})
        rows.outbox.append(told_by_staff(row) if isinstance(answer.by, ByStaff) else row)
    rows.acts += change_acts(answer, ids)


def swap_tickets(rows: Effects, answer: Swapped, ids: Ids) -> None:
    """Tickets end and others are booked; what was paid and what went back stay amounts of their own."""
    end_tickets(rows, answer.ended, ids)
    insert_booking(rows, answer.booked, ids)
    booking, into = answer.ended.booking, str(answer.booked.booking.id)
    rows.acts.append(
        act_row(booking, "booking.swap", answer.staff_id, ids, into=into, due_cents=answer.due_cents)
    )


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
    if answer.ended and answer.ended.changed:
        rows.outbox.append(changed_row(booking, answer.ended, {each.line_no for each in answer.tickets}))
    elif answer.tickets:
        rows.outbox.append(OutboxRow("booking.made", booking.id))
    rows.holds += [hold_row(booking, hold, ids) for hold in answer.holds]
    write_refunds(rows, booking.id, answer.refunds, ids)
    if answer.refunds:
        rows.outbox.append(OutboxRow("payment.back", booking.id, about_refunds(answer)))


def taken_anew(answer: Paid) -> TicketsByLine:
    """The tickets that had lapsed; the places of those that were held are counted."""
    lapsed = {(each.line_no, each.ticket_no) for each in answer.tickets if each.was is TicketStatus.LAPSED}
    return among(answer.booking, lapsed)


def undo_credit(rows: Effects, answer: Ended, ids: Ids) -> None:
    end_by_line = {each.line_no: each.end for each in answer.tickets}
    for part in answer.undone:
        if part.settle_id is None:
            rows.resolutions.append(ResolutionRow.release(part.hold_id, part.cents, ids.new()))
        else:
            reason = end_by_line[part.line_no].value
            rows.reversals.append(ReversalRow(part.settle_id, ids.new(), ids.new(), reason))
    rows.extensions += [ExtensionRow(purse_id, at) for purse_id, at in answer.extensions.items()]
    rows.holds += [credit_hold_row(answer.booking.id, hold, ids) for hold in answer.holds]


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
        **({"by_staff": True} if answer.by_staff else {}),
        **({"given_on": True} if answer.given_on else {}),
        **({"was_offer": True} if answer.was_offer else {}),
    }


def changed_row(booking: Booking, ended: Ended | None, line_nos: set[int]) -> OutboxRow:
    """That a booking has other content: what ended by it, what went back, and the lines that are new."""
    payload = payload_of(ended) if ended else {}
    return OutboxRow("booking.changed", booking.id, {**payload, "lines": sorted(line_nos)})


def told_by_staff(row: OutboxRow) -> OutboxRow:
    """The same message, of what somebody did at a desk who did not book."""
    return replace(row, payload={**row.payload, "by_staff": True})


def change_acts(answer: Changed, ids: Ids) -> Iterator[ActRow]:
    """An act for who changed it for who comes, and for the clerk who did so at their word."""
    booking, by = answer.booking, answer.by
    if isinstance(by, ByRepresentative):
        yield acting_row(booking, "booking.change_for", by.person_id, ids)
    if isinstance(by, ByPartner):
        yield partner_row(booking, "booking.change_for", by, ids)
    staff_id = by.staff_id if isinstance(by, ByGroup | ByStaff) else answer.staff_id
    if staff_id:
        due = {"due_cents": answer.at_till.due_seen_cents} if answer.at_till else {}
        why = {"waiver": answer.waiver} if answer.waiver else {}
        yield act_row(booking, "booking.change", staff_id, ids, **due, **why)


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
