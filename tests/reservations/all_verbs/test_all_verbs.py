"""All verbs over pools, seats and lists, through the real turnstile, against a town that is kept on paper.

Hypothesis says what is done, in one region after another, and shrinks what fails to the steps that it takes.
"""

import os
from collections.abc import AsyncIterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.builders import World
from tests.reservations.all_verbs import verbs_of_bookings as bookings
from tests.reservations.all_verbs import verbs_of_dates as dates
from tests.reservations.all_verbs import verbs_of_lines as lines
from tests.reservations.all_verbs.play import Numbers, Play, Verb
from tests.reservations.all_verbs.town import Town
from tests.reservations.dates import faults

TOWNS = int(os.environ.get("TOWNS", "60"))
"""In how many regions something happens. More of them find what is rarer."""


async def rest(_play: Play, _dice: Numbers) -> None:
    """Nothing happens: what a failure can do without shrinks to this."""


VERBS: list[Verb] = [
    rest,
    *[bookings.book] * 7, *[bookings.change] * 4, *[bookings.give_up] * 3, *[bookings.pay] * 3,
    bookings.stop_payment, bookings.expire, bookings.resize, bookings.open_page, bookings.lengthen,
    *[lines.join] * 4, *[lines.accept] * 4, lines.decline, lines.leave, lines.serve,
    dates.wait, dates.cap, *[dates.call_off] * 2, *[dates.end_called_off] * 2, dates.move, dates.release,
    dates.sit_elsewhere, dates.block,
]  # fmt: skip
WHAT_HAPPENS = {
    "Book: Booked", "Book: reservations.sold_out", "Book: reservations.seats_taken",
    "ChangeBooking: Changed", "GiveUp: Ended", "Expire: Ended", "Pay: Paid", "Resize: Resized",
    "JoinWaitingList: InWaitingList",
}  # fmt: skip
IN_MANY_TOWNS, RARER = 200, {
    "CallOff: Ended", "Lengthen: Lengthened", "AcceptOffer: Accepted", "DeclineOffer: Ended",
}  # fmt: skip
"""What asks for several steps to come right, and so happens for certain only in so many towns."""


class Step(Struct, frozen=True):
    """What is done and how; with `waits`, in one batch with what comes next."""

    verb: Verb
    numbers: tuple[int, ...]
    waits: bool


STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(VERBS),
        st.tuples(*[st.integers(0, 59)] * 14),
        st.sampled_from([False, False, True]),
    ),
    min_size=20,
    max_size=60,
)


@pytest.fixture
async def town(world: World, dsn: str) -> AsyncIterator[Town]:
    """Afterwards enough happened, and all the books are right."""
    owner = await asyncpg.connect(dsn, server_settings={"session_replication_role": "replica"})
    made = await Town.found(world, owner)
    yield made
    await owner.close()
    expected = WHAT_HAPPENS | RARER if TOWNS >= IN_MANY_TOWNS else WHAT_HAPPENS
    assert {each for each in expected if each not in made.happened} == set()
    assert await faults(world) == []


@settings(
    max_examples=TOWNS,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_whatever_comes_in_whatever_order_the_town_on_paper_agrees(
    town: Town, steps: list[Step]
) -> None:
    play = await Play.begin(town)
    try:
        for each in steps:
            await play.do(each.verb, each.numbers, waits=each.waits)
        await play.tell_all()
    finally:
        note("\n".join(play.told))
