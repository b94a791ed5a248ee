"""A swap: tickets given up and places taken instead, both or neither."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from credits.till.facts import till_refusal
from reservations.booking.answers import Answer, Booked, Ended, Swapped
from reservations.booking.commands import Command, Swap
from reservations.booking.decide import decide
from reservations.booking.facts import Facts
from reservations.booking.refunding import given_at_once
from reservations.booking.turnstile import batch_key
from reservations.errors import IdTaken, NothingToSwap, SwapChanged
from tests.reservations.booking.strategies import cases, paying_cases
from tests.reservations.booking.strategies_basics import NEW, NOW, ORGANISERS, STAFF, STORED, TILLS, Draw
from tests.reservations.booking.strategies_commands import book, give_up
from uit.core.errors import Refusal

ANY = st.one_of(cases(), paying_cases())
OFF_BY = st.sampled_from([0, 0, 0, 0, 1])


@st.composite
def swaps(draw: Draw) -> tuple[Facts, Swap, list[Command]]:
    """Facts, a swap of a booking that is stored for a new one, and commands about others."""
    facts, commands = draw(ANY)
    old_id = draw(st.sampled_from([each.id for each in facts.bookings] or STORED))
    ending, made = give_up(draw, facts, old_id), book(draw, facts, NEW[0])
    due_cents = due(*decide(facts, [ending, made], NOW)) + draw(OFF_BY)
    till_id = draw(st.sampled_from(list(TILLS.values())))
    swap = Swap(1, old_id, ending, made, STAFF, till_id, ORGANISERS[0], due_cents)
    return facts, swap, [each for each in commands if batch_key(each) not in {old_id, NEW[0]}]


def due(ended: Answer, booked: Answer) -> int:
    if not isinstance(ended, Ended) or not isinstance(booked, Booked):
        return 0
    return booked.booking.price_cents - sum(
        each.refund.amount_cents for each in given_at_once(ended, ORGANISERS[0])
    )


def right_answer(facts: Facts, swap: Swap) -> Answer:
    """What one after the other would be, where neither is refused and the difference is what was seen."""
    ended, booked = decide(facts, [swap.give_up, swap.book], NOW)
    [without] = decide(facts, [swap.book], NOW)
    if isinstance(without, IdTaken):
        return without
    if isinstance(ended, Refusal):
        return ended
    assert isinstance(ended, Ended)
    if not ended.tickets:
        return NothingToSwap(swap.booking_id)
    till = next((each for each in facts.tills if each.id == swap.till_session_id), None)
    unsold = till_refusal(till, swap.origin(NOW.date()))
    if unsold or isinstance(booked, Refusal):
        return unsold or booked
    assert isinstance(booked, Booked)
    due_cents, seen = due(ended, booked), swap.due_seen_cents
    if due_cents != seen:
        return SwapChanged(seen, due_cents)
    return Swapped(
        ended, booked, given_at_once(ended, ORGANISERS[0]), due_cents, 0, swap.till_session_id, STAFF
    )


def a_swap_is_giving_up_and_then_booking_or_a_refusal(case: tuple[Facts, Swap, list[Command]]) -> None:
    facts, swap, _ = case

    assert decide(facts, [swap], NOW) == [right_answer(facts, swap)]


def what_is_refused_leaves_nothing_for_who_comes_after(case: tuple[Facts, Swap, list[Command]]) -> None:
    facts, swap, others = case
    refused = replace(swap, due_seen_cents=swap.due_seen_cents + 1_000_000)

    answer, *after = decide(facts, [refused, *others], NOW)

    assert isinstance(answer, Refusal)
    assert after == decide(facts, others, NOW)


PROMISES = (
    a_swap_is_giving_up_and_then_booking_or_a_refusal,
    what_is_refused_leaves_nothing_for_who_comes_after,
)


@settings(max_examples=400)
@given(swaps())
def test_a_swap_keeps_its_promises(case: tuple[Facts, Swap, list[Command]]) -> None:
    """A case is made once for all promises: making it takes most of the time."""
    for promise in PROMISES:
        promise(case)
