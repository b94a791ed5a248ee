"""That lines become the bookings that a quote announces: each can be made, and paid to one seller."""

from collections.abc import Sequence
from copy import deepcopy
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.booking.answers import Booked
from reservations.booking.commands import Book, PayWith
from reservations.booking.decide import decide
from reservations.booking.quote import quote
from reservations.booking.split import QuotedBooking, split
from tests.reservations.booking.strategies import Case, cases, paying_cases
from tests.reservations.booking.strategies_basics import NOW
from tests.reservations.booking.test_quote import books

ANY = st.one_of(cases(), paying_cases())


def as_commands(command: Book, bookings: Sequence[QuotedBooking]) -> list[Book]:
    """What somebody books who does as the quote says: each by the first way, for the amounts that it said."""
    return [
        replace(
            command,
            booking_id=UUID(int=99 << 64 | number),
            lines=tuple(command.lines[no - 1] for no in each.line_nos),
            pay_with=next(iter(each.pay_with), PayWith.CREDIT_THEN_CARD),
            price_seen_cents=each.price_cents,
            remaining_seen_cents=next(iter(each.remaining_by.values()), None),
        )
        for number, each in enumerate(bookings)
    ]


def the_bookings_of_a_split_can_be_made_one_after_the_other(case: Case) -> None:
    for command in books(case):
        bookings = split(case.facts, command, NOW)

        answers = decide(case.facts, as_commands(command, bookings), NOW)

        for booking, answer in zip(bookings, answers, strict=True):
            if booking.refusal:
                assert answer == booking.refusal
                continue
            assert isinstance(answer, Booked)
            sellers = {payment.seller_id for payment in answer.booking.payments}
            assert sellers == ({booking.seller_id} if booking.seller_id else set())


def each_line_that_can_be_had_is_in_one_booking(case: Case) -> None:
    for command in books(case):
        quoted = quote(case.facts, command, NOW)

        bookings = split(case.facts, command, NOW)

        had = [no for no, line in enumerate(quoted.lines, start=1) if line.refusal is None]
        assert sorted(no for each in bookings for no in each.line_nos) == had
        assert sum(each.price_cents for each in bookings) == quoted.price_cents


def it_is_one_booking_wherever_one_can_pay_all(case: Case) -> None:
    for command in books(case):
        quoted, bookings = quote(case.facts, command, NOW), split(case.facts, command, NOW)

        if quoted.pay_with:
            (only,) = bookings
            assert only.remaining_by == quoted.remaining_by
            assert (only.credit_cents, only.refusal) == (quoted.credit_cents, None)
        else:
            assert len(bookings) != 1 or bookings[0].refusal


def a_split_changes_nothing(case: Case) -> None:
    before = deepcopy(case.facts)

    for command in books(case):
        split(case.facts, command, NOW)

    assert case.facts == before


PROMISES = (
    a_split_changes_nothing,
    the_bookings_of_a_split_can_be_made_one_after_the_other,
    each_line_that_can_be_had_is_in_one_booking,
    it_is_one_booking_wherever_one_can_pay_all,
)


@settings(max_examples=500)
@given(ANY)
def test_a_split_keeps_its_promises(case: Case) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    for promise in PROMISES:
        promise(case)
