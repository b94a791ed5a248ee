"""That a quote is what a booking then gets; what that should be is judged in `test_decide.py`."""

from collections.abc import Iterator
from copy import deepcopy
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.booking.answers import Booked
from reservations.booking.commands import Book, PayWith
from reservations.booking.decide import decide
from reservations.booking.quote import Quote, quote
from tests.reservations.booking.strategies import Case, cases, paying_cases
from tests.reservations.booking.strategies_basics import NOW
from uit.core.errors import Refusal

ANY = st.one_of(cases(), paying_cases())
FRESH = UUID(int=99)


def the_amounts_and_ways_of_a_quote_are_what_a_booking_of_it_gets(case: Case) -> None:
    for command, quoted in quotes(case):
        for way, rest_cents in quoted.remaining_by.items():
            seen = replace(command, price_seen_cents=quoted.price_cents, remaining_seen_cents=rest_cents)
            (answer,) = decide(case.facts, [replace(seen, pay_with=way)], NOW)

            assert isinstance(answer, Booked)
            assert answer.booking.price_cents == quoted.price_cents
            assert sum(each.amount_cents for each in answer.booking.payments) == rest_cents


def a_way_that_a_quote_leaves_out_is_closed_or_has_nothing_to_add(case: Case) -> None:
    for command, quoted in quotes(case):
        for way in set(PayWith) - quoted.remaining_by.keys():
            (answer,) = decide(case.facts, [replace(command, pay_with=way)], NOW)

            same_as_card = way is PayWith.CREDIT_THEN_CARD and not quoted.credit_cents
            assert isinstance(answer, Refusal) or same_as_card or not quoted.remaining_cents


def what_a_quote_refuses_of_one_line_a_booking_of_it_alone_is_refused_too(case: Case) -> None:
    for command in books(case):
        if len(command.lines) == 1 and (refusal := quote(case.facts, command, NOW).refusal):
            assert decide(case.facts, [command], NOW) == [refusal]


def a_quote_changes_nothing(case: Case) -> None:
    before = deepcopy(case.facts)

    first = [quote(case.facts, command, NOW) for command in books(case)]

    assert case.facts == before
    assert [quote(case.facts, command, NOW) for command in books(case)] == first


def quotes(case: Case) -> Iterator[tuple[Book, Quote]]:
    """Each booking of what is not refused of its lines, with the quote of all of them."""
    for command in books(case):
        quoted = quote(case.facts, command, NOW)
        had = zip(command.lines, quoted.lines, strict=True)
        lines = tuple(line for line, answer in had if answer.refusal is None)
        if lines:
            yield replace(command, lines=lines), quoted


def books(case: Case) -> Iterator[Book]:
    """The bookings of a case, as nobody asked for them before."""
    for command in case.commands:
        if isinstance(command, Book):
            yield replace(
                command,
                booking_id=FRESH,
                price_seen_cents=None,
                remaining_seen_cents=None,
                held_until=None,
                sale=None,
            )


PROMISES = (
    a_quote_changes_nothing,
    the_amounts_and_ways_of_a_quote_are_what_a_booking_of_it_gets,
    a_way_that_a_quote_leaves_out_is_closed_or_has_nothing_to_add,
    what_a_quote_refuses_of_one_line_a_booking_of_it_alone_is_refused_too,
)


@settings(max_examples=500)
@given(ANY)
def test_a_quote_keeps_its_promises(case: Case) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    for promise in PROMISES:
        promise(case)
