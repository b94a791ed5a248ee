"""The 13 digits on a pass."""

from asyncio import gather

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import World
from uit.passes.card.number import grouped, is_valid, make_number, take_number, without_separators

regions = st.integers(1, 999)
runnings = st.integers(1, 999_999)
digits = st.integers(0, 9)


@given(regions, runnings)
def test_a_number_that_we_give_adds_up_and_never_shows_a_status(region_id: int, running: int) -> None:
    number = make_number(region_id, running)

    assert is_valid(number)
    assert len(number) == 13
    assert number[11] == "0"


@given(regions, runnings, st.integers(0, 12), digits)
def test_one_wrong_digit_is_noticed(region_id: int, running: int, place: int, other: int) -> None:
    number = make_number(region_id, running)
    wrong = number[:place] + str(other) + number[place + 1 :]

    assert is_valid(wrong) == (wrong == number)


@given(regions, runnings, st.integers(0, 11))
def test_two_neighbours_that_changed_places_are_noticed(region_id: int, running: int, place: int) -> None:
    """Luhn sees every exchange of neighbours but that of 0 and 9."""
    number = make_number(region_id, running)
    first, second = number[place], number[place + 1]
    swapped = number[:place] + second + first + number[place + 2 :]

    assert is_valid(swapped) == (first == second or {first, second} == {"0", "9"})


def test_the_check_digit_is_that_of_the_standard() -> None:
    """79927398713 is the example that goes round; zeros in front change nothing."""
    assert is_valid("0079927398713")
    assert not is_valid("0079927398710")


@given(st.text(max_size=20))
def test_nothing_but_thirteen_digits_is_a_number(text: str) -> None:
    assert not is_valid(text) or (len(text) == 13 and text.isascii() and text.isdigit())


@given(regions, runnings)
def test_a_number_is_read_back_from_how_it_is_shown(region_id: int, running: int) -> None:
    number = make_number(region_id, running)

    assert without_separators(grouped(number)) == number


async def test_no_number_is_given_twice(world: World) -> None:
    async def take() -> str:
        async with world.services.database.transaction() as tx:
            return await take_number(tx, 1)

    numbers = await gather(*(take() for _ in range(8)))

    assert sorted(numbers) == [make_number(1, running) for running in range(1, 9)]
