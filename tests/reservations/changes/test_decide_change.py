"""A change, over everything that a booking can be: what stays stays, and no place and no cent is lost."""

from collections import Counter
from copy import deepcopy
from datetime import timedelta
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.booking.actor import ByStaff, MembershipProof
from reservations.booking.answers import Changed, Ended, Paid
from reservations.booking.change_errors import ChangeIdTaken
from reservations.booking.change_rows import change_rows_of
from reservations.booking.commands import ChangeBooking, Command, Expire, Pay, PayWith, RequestedLine
from reservations.booking.decide import decide
from reservations.booking.effects import effects_of
from reservations.booking.facts import LIVE, STANDING, Booking, Facts, Line, TicketEnd, TicketStatus
from reservations.booking.pool import Pool
from reservations.booking.turnstile import batch_key
from tests.reservations.booking.model_paying import fee, own
from tests.reservations.booking.model_state import drawn
from tests.reservations.booking.strategies import cases, paying_cases
from tests.reservations.booking.strategies_basics import NOW, STAFF, Draw, choice, pick
from tests.reservations.booking.strategies_commands import actors_of, requested_line
from uit.core.clock import SetClock
from uit.core.errors import Refusal
from uit.core.ids import TimeOrderedIds

ANY = st.one_of(cases(), paying_cases(), paying_cases())
CHANGE = UUID(int=77)
PAYMENT = UUID(int=78)
IDS = TimeOrderedIds(SetClock(NOW))


@st.composite
def changes(draw: Draw) -> tuple[Facts, ChangeBooking, list[Command]]:
    """Facts, a change of a booking that is stored, and commands about others.

    Mostly of one that may change: nothing of it waits, and its dates are to come.
    """
    facts, commands = draw(ANY)
    if draw(choice(True, True, True, False)):  # noqa: FBT003
        facts = changeable(draw, facts)
    assume(facts.bookings)
    booking = max(facts.bookings, key=is_live)
    kept = [as_requested(line) for line in booking.lines if draw(st.booleans())]
    kept = [replace(each, places=max(1, each.places + draw(choice(0, 0, 1, -1)))) for each in kept]
    new = [wanted_line(draw, facts, booking) for _ in draw(choice("", "1", "1", "12"))]
    assume(kept or new)
    ways = PayWith.CREDIT, PayWith.CREDIT_THEN_CARD, PayWith.CREDIT_THEN_CARD, PayWith.CARD
    wanted = ChangeBooking(
        region_id=1,
        booking_id=booking.id,
        change_id=CHANGE,
        digest="ab",
        by=pick(draw, [*actors_of(booking), *[ByStaff(STAFF, by_rules=True)] * 9]),
        lines=(*kept, *new),
        pay_with=draw(choice(*ways)),
        payment_id=PAYMENT,
    )
    return facts, wanted, [each for each in commands if batch_key(each) != booking.id]


def changeable(draw: Draw, facts: Facts) -> Facts:
    """The same, with dates that are on sale and that may be left, and bookings that wait for nothing."""
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=3)
    sessions = [
        replace(
            each,
            status="scheduled",
            sale_opens_at=None,
            sale_closes_at=later,
            cancel_until=draw(choice(soon, soon, soon, NOW - timedelta(days=1))),
            starts_at=later,
            ends_at=later + timedelta(hours=2),
            terms=each.terms and replace(each.terms, card=True),
        )
        for each in facts.sessions
    ]
    bookings = deepcopy(facts.bookings)
    for booking in bookings:
        booking.held_until = None
        booking.payments = [each for each in booking.payments if not each.is_open]
        for ticket in [each for line in booking.lines for each in line.tickets if each.status == "held"]:
            ticket.status = TicketStatus.CONFIRMED
    pools = [replace(each, capacity=each.capacity + 5) for each in facts.pools]
    return replace(facts, sessions=sessions, bookings=bookings, pools=pools)


def is_live(booking: Booking) -> bool:
    return any(ticket.status in LIVE for line in booking.lines for ticket in line.tickets)


def wanted_line(draw: Draw, facts: Facts, booking: Booking) -> RequestedLine:
    """Other places, mostly at a common price for somebody who is in the booking, or a guest."""
    holder_id = pick(draw, booking.lines).holder_id
    proof = MembershipProof(holder_id) if holder_id else None
    usual = RequestedLine(pick(draw, facts.sessions).id, "base", draw(choice(1, 2, 3)), proof)
    return pick(draw, [usual, usual, usual, requested_line(draw, facts)])


def as_requested(line: Line) -> RequestedLine:
    proof = MembershipProof(line.holder_id) if line.holder_id else None
    return RequestedLine(line.session_id, line.tariff_code, len(line.tickets), proof)


def before_of(facts: Facts, wanted: ChangeBooking) -> Booking:
    return next(each for each in facts.bookings if each.id == wanted.booking_id)


def what_is_refused_leaves_nothing_for_who_comes_after(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, others = case
    refused = replace(wanted, price_seen_cents=1_000_000)

    answer, *after = decide(facts, [refused, *others], NOW)

    assert isinstance(answer, Refusal)
    assert after == decide(facts, others, NOW)


def a_change_keeps_what_is_the_same_and_counts_every_place(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, _ = case
    was = deepcopy(facts)
    [answer] = decide(facts, [wanted], NOW)
    assert facts == was
    if not isinstance(answer, Changed):
        return
    before, after = before_of(facts, wanted), answer.booking

    assert [line.no for line in after.lines] == list(range(1, len(after.lines) + 1))
    assert all(
        ticket == now or now.end in {TicketEnd.MOVED_AWAY, TicketEnd.GIVEN_UP}
        for line, same in zip(before.lines, after.lines, strict=False)
        for ticket, now in zip(line.tickets, same.tickets, strict=True)
    )
    rows = effects_of([answer], IDS)
    assert {row.id: row.places for row in rows.pools} == {
        pool.id: places
        for pool in facts.pools
        if (places := drawn(pool.id, [after]) - drawn(pool.id, [before]))
    }
    for pool in facts.pools:
        more = drawn(pool.id, [after]) - drawn(pool.id, [before])
        assert more <= 0 or pool.taken + pool.held + more <= pool.capacity
    check_money(after)
    check_credit(before, answer)


def a_change_that_is_paid_ends_the_old_and_one_that_lapses_does_not(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, _ = case
    [answer] = decide(facts, [wanted], NOW)
    if not isinstance(answer, Changed) or answer.payment is None:
        return
    assert answer.change
    assert change_rows_of([answer]).changes[0].state == "pending"
    before, held = before_of(facts, wanted), answer.booking
    assert held.lines[: len(before.lines)] == before.lines
    waiting = replace(
        facts, bookings=[stored(answer)], changes=[answer.change], pools=taken_by(facts, answer)
    )

    [paid] = decide(waiting, [Pay(1, held.id, PAYMENT, answer.payment.amount_cents, "pi")], NOW)
    [lapsed] = decide(waiting, [Expire(1, held.id)], NOW + timedelta(hours=1))

    assert isinstance(paid, Paid)
    assert isinstance(lapsed, Ended)
    assert lapsed.stopped_change == CHANGE
    assert [line.tickets for line in lapsed.booking.lines[: len(before.lines)]] == [
        line.tickets for line in before.lines
    ]
    assert lapsed.booking.held_until is None
    check_money(paid.booking)
    check_money(lapsed.booking)
    assert paid.booking.change is None
    for pool in waiting.pools:
        assert pool.taken >= drawn(pool.id, [paid.booking])


def a_repeat_is_answered_as_it_stands_and_another_content_is_a_conflict(
    case: tuple[Facts, ChangeBooking, list[Command]],
) -> None:
    facts, wanted, _ = case
    [answer] = decide(facts, [wanted], NOW)
    if not isinstance(answer, Changed):
        return
    assert answer.change
    later = replace(facts, bookings=[stored(answer)], changes=[answer.change])

    [again] = decide(later, [wanted], NOW)
    [other] = decide(later, [replace(wanted, digest="cd")], NOW)

    assert isinstance(again, Changed)
    assert (again.new, again.booking) == (False, stored(answer))
    assert other == ChangeIdTaken(CHANGE)


def stored(answer: Changed) -> Booking:
    """As it would be read again: what is put aside now stands for it, but for the ids of holds."""
    return deepcopy(answer.booking)


def taken_by(facts: Facts, answer: Changed) -> list[Pool]:
    rows = {row.id: row.places for row in effects_of([answer], IDS).pools}
    return [replace(pool, taken=pool.taken + rows.get(pool.id, 0)) for pool in facts.pools]


def check_money(booking: Booking) -> None:
    """What came in for each line is what its tickets keep and what goes back, over all its payments."""
    for payment in booking.payments:
        assert sum(payment.line_cents) == payment.amount_cents
        assert all(cents >= 0 for cents in payment.line_cents)
        for line in booking.lines:
            back = sum(each.amount_cents for each in payment.refunds if each.line_no == line.no)
            assert back <= payment.of_line(line.no)
    for line in booking.lines:
        standing = sum(payment.standing_cents(line.no) for payment in booking.payments)
        paid = [each for each in booking.payments if each.standing_cents(line.no)]
        since = min((each.stands_since for each in paid if each.stands_since), default=None)
        kept = sum(own(line)[each.no] for each in line.tickets if each.status in STANDING)
        left = [each for each in line.tickets if since and each.ended_at and each.ended_at > since]
        if standing:
            assert standing == kept + sum(fee(line, each) for each in left)


def check_credit(before: Booking, answer: Changed) -> None:
    """What is put aside for each new line is what credit pays of it, and no purse gives what it has not."""
    ended = answer.ended
    holds = [*(ended.holds if ended else ()), *answer.extra]
    cents = Counter[int]()
    for hold in holds:
        assert hold.cents > 0
        cents[hold.line_no] += hold.cents
    for line in answer.lines:
        assert cents[line.no] == line.credit_cents
        assert 0 <= line.credit_cents <= line.price_cents
    for part in ended.undone if ended else ():
        assert part in before.credit


PROMISES = (
    what_is_refused_leaves_nothing_for_who_comes_after,
    a_change_keeps_what_is_the_same_and_counts_every_place,
    a_change_that_is_paid_ends_the_old_and_one_that_lapses_does_not,
    a_repeat_is_answered_as_it_stands_and_another_content_is_a_conflict,
)


@settings(max_examples=200)
@given(changes())
def test_a_change_keeps_its_promises(case: tuple[Facts, ChangeBooking, list[Command]]) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    for promise in PROMISES:
        promise(case)
