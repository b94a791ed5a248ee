"""Opening a till: one person, a counted drawer, and a signature under what the last closing left."""

from asyncio import gather
from typing import Any
from uuid import UUID, uuid4

import pytest

from credits.errors import (
    CountAgain,
    FloatDiffers,
    NotYourTill,
    SignEarlier,
    TillInUse,
    TillNameTaken,
    TillUnknown,
)
from credits.till.opening import TillOpened
from credits.till.till import make_till
from tests.builders import World
from tests.credits.till.drawers import (
    Drawer,
    a_clerk,
    a_drawer,
    a_seller,
    a_till,
    account_cents,
    faults,
    try_to_open,
    worker_of,
)


async def signature_of(world: World, session_id: UUID) -> tuple[Any, ...]:
    [row] = await world.rows(
        "SELECT signature::text, signature_reason, signed_by FROM credits.till_session WHERE id = $1",
        session_id,
    )
    return tuple(row)


async def closed_with(world: World, cents: int) -> Drawer:
    """A till that somebody closed and in which this much is left."""
    drawer = await a_drawer(world, float_cents=cents)
    closed = await drawer.end(cents)
    assert closed.left_cents == cents
    return drawer


async def open_again(drawer: Drawer, staff_id: UUID, found_cents: int, **more: Any) -> Any:
    seller = drawer.worker.organiser_id
    return await try_to_open(drawer.world, seller, drawer.till_id, staff_id, found_cents=found_cents, **more)


async def test_a_till_opens_with_change_from_the_safe(world: World) -> None:
    drawer = await a_drawer(world, float_cents=10_000)

    assert await account_cents(world, drawer.worker.organiser_id, "till") == 10_000
    assert await account_cents(world, drawer.worker.organiser_id, "safe") == -10_000
    assert await faults(world) == []


async def test_two_people_on_one_till_is_refused_and_says_which(world: World) -> None:
    drawer, bilal = await a_drawer(world), await a_clerk(world, "Bilal")

    answer = await open_again(drawer, bilal, 0)

    assert answer == TillInUse("Kassa inkom", world.clock.now())


async def test_of_two_who_open_one_till_at_once_one_is_refused(world: World) -> None:
    seller = await a_seller(world)
    till, people = await a_till(world, seller), [await a_clerk(world) for _ in range(4)]

    answers = await gather(*(try_to_open(world, seller, till, each) for each in people))

    assert sorted(type(each).__name__ for each in answers) == ["TillInUse"] * 3 + ["TillOpened"]


async def test_two_tills_are_open_at_once(world: World) -> None:
    seller = await a_seller(world)

    drawers = [await a_drawer(world, seller_id=seller, name=name) for name in ("Inkom", "Foyer")]

    assert await world.value("SELECT count(*) FROM credits.till_session WHERE closed_at IS NULL") == len(
        drawers
    )


async def test_who_opens_their_own_till_again_is_led_to_where_they_were(world: World) -> None:
    drawer = await a_drawer(world)

    answer = await open_again(drawer, drawer.worker.staff_id, 0)

    assert answer == TillOpened(drawer.session_id, new=False)


async def test_a_form_that_is_sent_twice_opens_one_session_with_one_float(world: World) -> None:
    seller, clerk, session_id = await a_seller(world), await a_clerk(world), uuid4()
    till = await a_till(world, seller)

    for _ in range(2):
        await try_to_open(world, seller, till, clerk, float_cents=5000, session_id=session_id)

    assert await account_cents(world, seller, "till") == 5000


async def test_who_opens_next_confirms_what_the_last_closing_left(world: World) -> None:
    drawer, bilal = await closed_with(world, 10_000), await a_clerk(world)

    await open_again(drawer, bilal, 10_000)

    assert await signature_of(world, drawer.session_id) == ("confirmed", None, bilal)
    assert await faults(world) == []


async def test_something_else_in_the_drawer_is_counted_again_and_then_asks_for_a_reason(world: World) -> None:
    drawer, bilal = await closed_with(world, 10_000), await a_clerk(world)

    first = await open_again(drawer, bilal, 9500)
    again = await open_again(drawer, bilal, 9500, counted_before=True)

    assert first == CountAgain(9500)
    assert again == FloatDiffers(10_000, 9500)
    assert await signature_of(world, drawer.session_id) == (None, None, None)


async def test_which_count_it_is_is_known_here_and_not_from_a_form(world: World) -> None:
    drawer, bilal, carla = await closed_with(world, 10_000), await a_clerk(world), await a_clerk(world)
    first, other = uuid4(), uuid4()

    asked = [await open_again(drawer, bilal, 9500, session_id=first) for _ in range(2)]
    others = await open_again(drawer, carla, 9000, session_id=other)
    own_again = await open_again(drawer, bilal, 9500, session_id=uuid4())

    assert asked == [CountAgain(9500)] * 2
    assert others == CountAgain(9000)
    assert own_again == CountAgain(9500)


async def test_who_finds_something_else_disputes_it_and_the_books_follow_the_drawer(world: World) -> None:
    drawer, bilal = await closed_with(world, 10_000), await a_clerk(world)

    await open_again(drawer, bilal, 9500, reason="Twee keer geteld: € 95", counted_before=True)

    assert await signature_of(world, drawer.session_id) == ("disputed", "Twee keer geteld: € 95", bilal)
    assert await account_cents(world, drawer.worker.organiser_id, "till") == 9500
    assert await account_cents(world, drawer.worker.organiser_id, "difference") == 500
    assert await faults(world) == []


async def test_nobody_signs_for_their_own_closing(world: World) -> None:
    drawer = await closed_with(world, 10_000)

    await open_again(drawer, drawer.worker.staff_id, 10_000)

    assert await signature_of(world, drawer.session_id) == (None, None, None)


async def closed_by_one_twice(world: World) -> tuple[Drawer, Drawer]:
    """A till that its clerk closed € 0,55 short, opened again alone and closed again: two closings."""
    first = await a_drawer(world, float_cents=3055)
    await first.end(3000, reason="Verkeerd teruggegeven")
    clerk = first.worker.staff_id
    second = await a_drawer(
        world, 0, seller_id=first.worker.organiser_id, till_id=first.till_id, staff_id=clerk, found_cents=3000
    )
    await second.end(3000)
    return first, second


async def test_the_next_other_person_signs_for_every_closing_whose_sums_they_read(world: World) -> None:
    first, second = await closed_by_one_twice(world)
    wout = await a_clerk(world, "Wout")

    asked = await open_again(second, wout, 3000)
    unsigned = await signature_of(world, first.session_id)
    opened = await open_again(second, wout, 3000, signs_to_no=2)

    assert (asked, unsigned) == (SignEarlier(2), (None, None, None))
    assert isinstance(opened, TillOpened)
    for each in (first, second):
        assert await signature_of(world, each.session_id) == ("confirmed", None, wout)
    assert await faults(world) == []


async def test_an_empty_closing_after_it_does_not_let_one_closing_go_unsigned(world: World) -> None:
    first = await a_drawer(world, float_cents=3055)
    await first.end(3000, reason="Verkeerd teruggegeven")
    seller, sam = first.worker.organiser_id, first.worker.staff_id
    second = await a_drawer(world, 0, seller_id=seller, till_id=first.till_id, staff_id=sam, found_cents=3000)
    await second.end(3000, to_safe_cents=3000)
    wout = await a_clerk(world, "Wout")

    asked = await open_again(second, wout, 0)
    await open_again(second, wout, 0, signs_to_no=2)

    assert asked == SignEarlier(1)
    assert (await signature_of(world, first.session_id))[0] == "confirmed"
    assert (await signature_of(world, second.session_id))[0] is None


async def test_what_was_closed_since_somebody_read_the_sums_is_read_first(world: World) -> None:
    _, second = await closed_by_one_twice(world)
    third = await a_drawer(
        world,
        0,
        seller_id=second.worker.organiser_id,
        till_id=second.till_id,
        staff_id=second.worker.staff_id,
        found_cents=3000,
    )
    await third.end(3000)

    answer = await open_again(third, await a_clerk(world), 3000, signs_to_no=2)

    assert answer == SignEarlier(3)


async def test_who_disputes_disputes_every_closing_of_others(world: World) -> None:
    first, second = await closed_by_one_twice(world)
    wout, reason = await a_clerk(world), "Twee keer geteld: € 20"

    await open_again(second, wout, 2000, reason=reason, counted_before=True, signs_to_no=2)

    for each in (first, second):
        assert await signature_of(world, each.session_id) == ("disputed", reason, wout)


async def test_closings_that_need_none_stay_without_a_signature_when_a_later_one_is_disputed(
    world: World,
) -> None:
    await world.execute("INSERT INTO credits.till_rule VALUES (1, 50000)")
    first, second = await closed_by_one_twice(world)
    wout = await a_clerk(world)

    await open_again(second, wout, 2000, reason="Twee keer geteld", counted_before=True)

    assert (await signature_of(world, first.session_id))[0] is None
    assert (await signature_of(world, second.session_id))[0] == "disputed"


@pytest.mark.parametrize(("left_cents", "needed"), [(1999, False), (2000, True), (10_000, True)])
async def test_under_the_amount_of_the_region_no_signature_is_needed(
    world: World, left_cents: int, *, needed: bool
) -> None:
    await world.execute("INSERT INTO credits.till_rule VALUES (1, 2000)")
    drawer, bilal = await closed_with(world, left_cents), await a_clerk(world)

    await open_again(drawer, bilal, left_cents)

    signed = await world.value("SELECT signed_by FROM credits.till_session WHERE id = $1", drawer.session_id)
    assert signed == (bilal if needed else None)


async def test_an_empty_drawer_needs_no_signature(world: World) -> None:
    drawer = await closed_with(world, 0)

    needed = await world.value(
        "SELECT needs_signature FROM credits.till_session WHERE id = $1", drawer.session_id
    )
    assert needed is False


async def test_a_till_of_another_seller_is_not_there(world: World) -> None:
    drawer, other = await a_drawer(world), await a_seller(world)

    answer = await try_to_open(world, other, drawer.till_id, await a_clerk(world))

    assert answer == TillUnknown()


async def test_a_name_is_of_one_till_and_the_same_form_makes_one(world: World) -> None:
    seller, till_id = await a_seller(world), uuid4()
    worker = worker_of(world, seller, uuid4())

    async with world.services.database.transaction() as tx:
        answers = [await make_till(tx, worker, each, "Inkom") for each in (till_id, till_id, uuid4())]

    assert answers == [till_id, till_id, TillNameTaken("Inkom")]


async def test_a_colleague_cannot_use_an_open_till(world: World) -> None:
    drawer, bilal = await a_drawer(world), await a_clerk(world)
    theirs = Drawer(
        world, worker_of(world, drawer.worker.organiser_id, bilal), drawer.till_id, drawer.session_id
    )

    assert await theirs.drop(500) == NotYourTill("Kassa inkom")
    assert await theirs.count(10_000) == NotYourTill("Kassa inkom")


async def test_who_leads_closes_a_till_that_a_colleague_left_open(world: World) -> None:
    drawer, lead = await a_drawer(world), await a_clerk(world)
    worker = worker_of(world, drawer.worker.organiser_id, lead, leads=True)

    closed = await Drawer(world, worker, drawer.till_id, drawer.session_id).end(10_000)

    assert closed.closed_by == lead
