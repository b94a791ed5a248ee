"""Who counts what was booked here: a source that says how many places are left, or only we do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisers.source import COUNTINGS, Counting, set_counting
from reservations.importing.counting import SourceFigure, had_to_choose, read_figure
from tests.builders import World
from tests.reservations.importing.events import Import, a_concert, guest, places, session_of
from uit.services.audit import Author

CAPACITY = 50
COUNTS = st.integers(0, CAPACITY)


@st.composite
def figures(draw: st.DrawFn) -> SourceFigure:
    """What a source can have said, and what was made of it."""
    unavailable, taken = draw(COUNTS), draw(COUNTS)
    return read_figure(draw(st.sampled_from(COUNTINGS)), unavailable, taken, None)


@given(figures(), COUNTS, COUNTS)
def test_what_is_left_here_is_never_more_than_what_is_left_there(
    before: SourceFigure, unavailable: int, taken: int
) -> None:
    now = read_figure("unknown", unavailable, taken, before)

    if unavailable != before.unavailable:
        assert CAPACITY - taken - now.elsewhere <= CAPACITY - unavailable
    assert 0 <= now.elsewhere <= unavailable


@given(figures(), COUNTS, st.sampled_from(COUNTINGS))
def test_the_same_figure_says_nothing_of_what_was_booked_since(
    before: SourceFigure, taken: int, counting: Counting
) -> None:
    again = read_figure(before.counting, before.unavailable, taken, before)

    assert again is before
    assert read_figure(counting, before.unavailable, taken, before).taken == before.taken


@given(figures(), COUNTS, COUNTS)
def test_a_guess_lies_between_what_is_so_when_ours_are_counted_and_when_they_are_not(
    before: SourceFigure, unavailable: int, taken: int
) -> None:
    least = read_figure("ours_included", unavailable, taken, before).elsewhere
    most = read_figure("ours_excluded", unavailable, taken, before).elsewhere

    if unavailable != before.unavailable:
        assert least <= read_figure("unknown", unavailable, taken, before).elsewhere <= most


@pytest.mark.parametrize(
    ("unavailable", "taken", "elsewhere"),
    [
        (0, 5, 0),  # nothing changed there
        (5, 5, 0),  # as many as were booked here
        (8, 5, 3),  # three more than were booked here
        (3, 5, 3),  # fewer than were booked here, so none of those
        (4, 0, 4),  # nothing was booked here
    ],
)
def test_what_changed_there_and_here_says_how_much_was_sold_elsewhere(
    unavailable: int, taken: int, elsewhere: int
) -> None:
    before = SourceFigure(unavailable=0, taken=0, elsewhere=0, counting="unknown")

    assert read_figure("unknown", unavailable, taken, before).elsewhere == elsewhere


@pytest.mark.parametrize(
    ("unavailable", "taken", "elsewhere"),
    [
        (6, 5, 1),  # four came back there, and none here
        (8, 3, 5),  # two came back there, and the same two here
        (7, 2, 5),  # three came back there, and the same three here
        (6, 3, 3),  # four came back there, of which two here
        (8, 6, 3),  # two came back there, while one more was booked here
        (0, 5, 0),  # all came back
    ],
)
def test_what_comes_back_there_beyond_what_comes_back_here_came_back_elsewhere(
    unavailable: int, taken: int, elsewhere: int
) -> None:
    before = SourceFigure(unavailable=10, taken=5, elsewhere=5, counting="unknown")

    assert read_figure("unknown", unavailable, taken, before).elsewhere == elsewhere


@pytest.mark.parametrize("counting", COUNTINGS)
def test_a_figure_that_is_left_out_says_nothing(counting: Counting) -> None:
    before = SourceFigure(unavailable=10, taken=5, elsewhere=5, counting="ours_included")

    assert read_figure("ours_included", None, 9, before) is before
    assert read_figure(counting, None, 9, before) == read_figure(counting, 10, 9, before)
    assert read_figure(counting, None, 9, None).elsewhere == 0


def test_it_is_a_guess_only_where_both_sides_sold_since() -> None:
    before = SourceFigure(unavailable=2, taken=1, elsewhere=1, counting="unknown")

    assert had_to_choose(read_figure("unknown", 4, 3, before), before)
    assert not had_to_choose(read_figure("unknown", 4, 1, before), before)
    assert not had_to_choose(read_figure("unknown", 2, 3, before), before)
    assert not had_to_choose(read_figure("ours_included", 4, 3, before), before)


@pytest.mark.parametrize(("said", "left"), [(20, 15), (15, 15), (12, 12), (17, 12)])
async def test_without_a_word_about_who_counts_nothing_is_oversold_nor_counted_twice(
    town: World, take_in: Import, said: int, left: int
) -> None:
    await take_in(a_concert(**places(20, left=20)))
    session = await session_of(town)
    await guest(town, session, 5)

    report = await take_in(a_concert(**places(20, left=said)))

    assert await town.places_left(session) == left
    assert len(report.done.notes) == (said != 20)


@pytest.mark.parametrize(
    ("counting", "said", "left"),
    [
        ("ours_included", 15, 15),
        ("ours_included", 12, 12),
        ("ours_included", 20, 15),
        ("ours_excluded", 15, 10),
        ("ours_excluded", 20, 15),
    ],
)
async def test_a_region_that_says_who_counts_is_taken_at_its_word(
    town: World, take_in: Import, counting: Counting, said: int, left: int
) -> None:
    await say(town, counting)
    await take_in(a_concert(**places(20, left=20)))
    session = await session_of(town)
    await guest(town, session, 5)

    report = await take_in(a_concert(**places(20, left=said)))

    assert await town.places_left(session) == left
    assert report.done.notes == []


async def test_one_figure_after_another_is_read_against_the_one_before(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20, left=20)))
    session = await session_of(town)
    await guest(town, session, 5)

    lefts = []
    for said in (20, 15, 12, 17, 0, 14):
        await take_in(a_concert(**places(20, left=said)))
        lefts.append(await town.places_left(session))

    assert lefts == [15, 15, 12, 15, 0, 12]


async def test_what_was_sold_elsewhere_stays_so_when_its_source_leaves_its_number_out(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert(**places(20, left=12)))
    session = await session_of(town)

    lefts = []
    for said in (places(20), places(30), places(30, left=22)):
        await take_in(a_concert(**said))
        lefts.append(await town.places_left(session))

    assert lefts == [12, 22, 22]


async def test_after_it_was_sold_out_there_is_what_there_was_before(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20, left=12)))
    session = await session_of(town)
    await guest(town, session, 2)

    lefts = []
    for said in (places(20, kind="Unavailable"), places(20), places(20, left=3)):
        await take_in(a_concert(**said))
        lefts.append(await town.places_left(session))

    assert lefts == [0, 10, 3]


async def test_another_change_of_an_event_does_not_forget_what_was_said(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20, left=20)))
    session = await session_of(town)
    await guest(town, session, 5)
    await take_in(a_concert(**places(20, left=20)) | {"name": {"nl": "Een andere naam"}})

    await take_in(a_concert(**places(20, left=15)))

    assert await town.places_left(session) == 15


async def test_a_word_about_who_counts_holds_for_what_came_in_before(town: World, take_in: Import) -> None:
    await take_in(a_concert(**places(20, left=20)))
    session = await session_of(town)
    await guest(town, session, 5)
    record = a_concert(**places(20, left=17))
    await take_in(record)
    assert await town.places_left(session) == 12

    await say(town, "ours_included")
    report = await take_in(record)

    assert report.done.changed == 1
    assert await town.places_left(session) == 15
    assert (await take_in(record)).done.unchanged == 1


async def test_of_what_came_in_before_figures_were_kept_the_pool_still_tells(
    town: World, take_in: Import
) -> None:
    await take_in(a_concert(**places(20, left=18)))
    session = await session_of(town)
    await guest(town, session, 5)
    await town.execute("DELETE FROM reservations.source_figure")

    lefts = []
    for said in (18, 16):
        await take_in(a_concert(**places(20, left=said)) | {"mainLanguage": f"n{said % 2}"})
        lefts.append(await town.places_left(session))

    assert lefts == [13, 11]


async def say(world: World, counting: Counting) -> None:
    author = Author(1, "staff", "x", world.services.clock.now(), world.services.ids)
    async with world.services.database.transaction() as tx:
        await set_counting(tx, author, "uitdatabank", counting)
