"""A change at a till, over everything that a booking can be: one difference changes hands, the right one."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.payments.payment import PaymentMeans
from credits.till.facts import TillFacts
from credits.till.sale import Paid, Sale, SaleLine, SaleOrigin, compose_sale
from reservations.booking.answers import Changed
from reservations.booking.change import plan_change
from reservations.booking.change_errors import DifferenceChanged
from reservations.booking.changing import Changing
from reservations.booking.commands import AtTill, ChangeBooking, Command, PayWith
from reservations.booking.decide import decide
from reservations.booking.effects import effects_of
from reservations.booking.facts import Booking, Facts
from reservations.booking.payout import payouts_of
from reservations.booking.remaining import Remaining
from tests.reservations.booking.strategies_basics import NOW, ORGANISERS, STAFF, TILLS, Draw
from tests.reservations.changes.test_decide_change import (
    IDS,
    PAYMENT,
    before_of,
    changes,
    check_credit,
    check_money,
)
from uit.core.errors import Refusal

RECEIPT = UUID(int=79)
SELLER = ORGANISERS[0]
AT_WORK = TillFacts(TILLS[SELLER], "Inkom", SELLER, STAFF)


@st.composite
def changes_at_till(draw: Draw) -> tuple[Facts, ChangeBooking, list[Command]]:
    """The same, at a till of the first organiser, by the difference that its page would show."""
    facts, wanted, commands = draw(changes())
    facts = replace(facts, tills=[AT_WORK], receipts=frozenset(), payments=frozenset())
    wanted = replace(wanted, pay_with=PayWith.DESK, at_till=AtTill(origin_of(wanted), 0))
    planned = plan_change(Remaining(facts, NOW), wanted)
    return facts, replace(wanted, at_till=as_shown(wanted, planned)), commands


def origin_of(wanted: ChangeBooking) -> SaleOrigin:
    return SaleOrigin(SELLER, TILLS[SELLER], STAFF, NOW.date(), wanted.booking_id, PAYMENT)


def as_shown(wanted: ChangeBooking, planned: Changing | Refusal) -> AtTill:
    if isinstance(planned, Refusal):
        return AtTill(origin_of(wanted), 0)
    sale = sale_of(wanted, planned) if planned.remaining_cents else None
    return AtTill(origin_of(wanted), planned.due_cents(SELLER), sale)


def sale_of(wanted: ChangeBooking, planned: Changing) -> Sale:
    paid = Paid(set_against_cents=planned.given_cents(SELLER))
    lines = [SaleLine(1, "x", "exempt", planned.remaining_cents)]
    return compose_sale(RECEIPT, origin_of(wanted), lines, paid, IDS)


def standing_cents(booking: Booking) -> int:
    """The money that came in for a booking and was not decided to go back."""
    return sum(each.standing_cents(line.no) for each in booking.payments for line in booking.lines)


def what_changes_hands_is_the_difference_of_what_stands(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, _ = case
    [answer] = decide(facts, [wanted], NOW)
    if not isinstance(answer, Changed):
        return
    before, after = before_of(facts, wanted), answer.booking
    assert answer.at_till
    assert answer.ended

    given_cents = sum(each.refund.amount_cents for each in answer.given)
    taken_cents = answer.payment.amount_cents if answer.payment else 0
    elsewhere = sum(each.refund.amount_cents for each in answer.ended.refunds) - given_cents
    assert taken_cents - given_cents == answer.at_till.due_seen_cents
    assert standing_cents(after) == standing_cents(before) + taken_cents - given_cents - elsewhere
    assert after.held_until is None
    assert {each.means for each in after.payments[len(before.payments) :]} <= {PaymentMeans.DESK}
    check_money(after)
    check_credit(before, answer)


def what_is_paid_has_its_receipt_and_what_is_given_comes_from_the_drawer(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, _ = case
    [answer] = decide(facts, [wanted], NOW)
    if not isinstance(answer, Changed):
        return

    rows, payouts = effects_of([answer], IDS), payouts_of([answer], IDS)

    assert rows.receipts == ([wanted.sale] if wanted.sale else [])
    assert [each.id for each in rows.captures] == ([PAYMENT] if wanted.sale else [])
    assert [each.refund_id for each in payouts] == [each.refund.id for each in answer.given]
    assert {each.till_session_id for each in payouts} <= {TILLS[SELLER]}
    assert not rows.terms


def another_difference_than_was_seen_leaves_nothing_behind(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, others = case
    assert wanted.at_till
    seen = replace(wanted.at_till, due_seen_cents=wanted.at_till.due_seen_cents + 1)

    [right] = decide(facts, [wanted], NOW)
    answer, *after = decide(facts, [replace(wanted, at_till=seen), *others], NOW)

    if isinstance(right, Changed):
        assert answer == DifferenceChanged(seen.due_seen_cents, wanted.at_till.due_seen_cents)
    assert isinstance(answer, Refusal)
    assert after == decide(facts, others, NOW)


PROMISES = (
    what_changes_hands_is_the_difference_of_what_stands,
    what_is_paid_has_its_receipt_and_what_is_given_comes_from_the_drawer,
    another_difference_than_was_seen_leaves_nothing_behind,
)


@settings(max_examples=300)
@given(changes_at_till())
def test_a_change_at_a_till_keeps_its_promises(case: tuple[Facts, ChangeBooking, list[Command]]) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    for promise in PROMISES:
        promise(case)
