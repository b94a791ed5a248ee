"""That what is decided of payments is what is written of them; see `model_paying.py` and `strategies.py`."""

from collections import Counter
from uuid import UUID

from hypothesis import given, settings

from credits.payments.payment import Refund
from reservations.booking.effects import Effects
from reservations.booking.facts import Booking, Facts
from tests.reservations.booking.judging import decided, judge_one_by_one
from tests.reservations.booking.model import Model
from tests.reservations.booking.strategies import Case, paying_cases


@settings(max_examples=1500)
@given(paying_cases())
def test_what_is_paid_and_goes_back_is_answered_as_if_each_command_came_alone(case: Case) -> None:
    judge_one_by_one(case)


def the_payments_that_are_asked_for_are_written(facts: Facts, model: Model, rows: Effects) -> None:
    asked = {
        each.id: (booked.booking.id, each) for booked in model.booked for each in booked.booking.payments
    }
    asked |= {paid.opened.id: (paid.booking.id, paid.opened) for paid in model.paid if paid.opened}
    assert {row.id for row in rows.payments} == asked.keys()
    for row in rows.payments:
        booking_id, payment = asked[row.id]
        assert row.booking_id == booking_id
        assert (row.transfer_id is not None) == (payment.means == "invoice")
        shared = set(row.__struct_fields__) & set(payment.__struct_fields__)
        assert {name: getattr(row, name) for name in shared} == {
            name: getattr(payment, name) for name in shared
        }


def what_came_in_and_what_nothing_comes_of_is_written(facts: Facts, model: Model, rows: Effects) -> None:
    came_in = [(paid.payment, paid.reference) for paid in model.paid]
    came_in += [
        (each, str(booked.sale.id))
        for booked in model.booked
        if booked.sale
        for each in booked.booking.payments
    ]
    assert Counter((row.id, row.amount_cents, row.line_cents, row.reference) for row in rows.captures) == (
        Counter((each.id, each.amount_cents, each.line_cents, reference) for each, reference in came_in)
    )
    assert {row.id: row.status for row in rows.ended_payments} == ended_payments(facts, model)


def what_a_till_takes_is_written_with_who_took_it(facts: Facts, model: Model, rows: Effects) -> None:
    sold = [(each.booking.id, each.sale) for each in model.booked if each.sale]
    sold += [(each.booking.id, each.sale) for each in model.paid if each.sale]
    assert Counter(row.id for row in rows.receipts) == Counter(sale.id for _, sale in sold)
    assert Counter(
        (row.act, row.actor_id, row.subject_id) for row in rows.acts if row.act == "till.sale"
    ) == Counter(("till.sale", str(sale.sold_by), str(booking_id)) for booking_id, sale in sold)


def what_is_owed_on_an_invoice_never_fails_and_never_expires(
    facts: Facts, model: Model, rows: Effects
) -> None:
    invoices = {
        payment.id
        for booking in [*facts.bookings, *model.bookings.values()]
        for payment in booking.payments
        if payment.means == "invoice"
    }
    assert invoices.isdisjoint(row.id for row in rows.ended_payments)
    assert all(
        payment.status not in {"failed", "expired"}
        for booking in model.bookings.values()
        for payment in booking.payments
        if payment.id in invoices
    )


def what_goes_back_is_written_with_a_code_where_it_is_cash(facts: Facts, model: Model, rows: Effects) -> None:
    written = Counter(
        (row.booking_id, row.payment_id, row.line_no, row.amount_cents, row.way, row.reason)
        for row in rows.refunds
    )
    assert written == Counter(
        (answer.booking.id, each.payment_id, each.refund.line_no, each.refund.amount_cents, each.refund.way,
         each.refund.reason)
        for answer in model.gave_back()
        for each in answer.refunds
    )  # fmt: skip
    assert all((row.way == "cash") == (row.code is not None) for row in rows.refunds)
    known = [each.id for booking in facts.bookings for pay in booking.payments for each in pay.refunds]
    ids = [*known, *(row.id for row in rows.refunds)]
    assert len(set(ids)) == len(ids)


def no_more_goes_back_than_came_in(facts: Facts, model: Model, rows: Effects) -> None:
    for booking in model.bookings.values():
        for payment in booking.payments:
            before = sum(each.amount_cents for each in refunds_before(facts, payment.id))
            back = before + sum(row.amount_cents for row in rows.refunds if row.payment_id == payment.id)
            assert back <= (0 if payment.status in {"failed", "expired"} else payment.amount_cents)


def until_when_a_booking_is_held_is_written_and_who_booked_as_a_guest(
    facts: Facts, model: Model, rows: Effects
) -> None:
    before = {each.id: term(each) for each in facts.bookings}
    after = {booking_id: term(model.bookings[booking_id]) for booking_id in before}
    assert {row.id: (row.held_until, row.lengthened) for row in rows.terms} == {
        booking_id: now for booking_id, now in after.items() if now != before[booking_id]
    }
    guests = {booked.booking.id: booked for booked in model.booked if booked.guest}
    assert {row.booking_id for row in rows.contacts} == guests.keys()
    for row in rows.contacts:
        guest = guests[row.booking_id].guest
        assert guest is not None
        assert (row.name, row.email, row.last_session_at) == (
            guest.name, guest.email, guests[row.booking_id].last_session_at
        )  # fmt: skip


def term(booking: Booking) -> object:
    return booking.held_until, booking.lengthened


def refunds_before(facts: Facts, payment_id: UUID) -> list[Refund]:
    return [
        each
        for booking in facts.bookings
        for pay in booking.payments
        if pay.id == payment_id
        for each in pay.refunds
    ]


def ended_payments(facts: Facts, model: Model) -> dict[UUID, str]:
    return {
        now.id: now.status
        for before in facts.bookings
        for was, now in zip(before.payments, model.bookings[before.id].payments, strict=False)
        if was.status != now.status and now.status in {"failed", "expired"}
    }


PROMISES = (
    the_payments_that_are_asked_for_are_written,
    what_came_in_and_what_nothing_comes_of_is_written,
    what_a_till_takes_is_written_with_who_took_it,
    what_is_owed_on_an_invoice_never_fails_and_never_expires,
    what_goes_back_is_written_with_a_code_where_it_is_cash,
    no_more_goes_back_than_came_in,
    until_when_a_booking_is_held_is_written_and_who_booked_as_a_guest,
)


@settings(max_examples=300)
@given(paying_cases())
def test_what_was_decided_of_payments_is_written(case: Case) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    facts, _ = case
    model, rows = decided(*case)
    for promise in PROMISES:
        promise(facts, model, rows)
