"""Places that are counted: what is set apart for a channel, and what measures leave. Pure."""

from uuid import UUID

from reservations.booking.due import TicketsByLine
from reservations.booking.facts import Line, Ticket, TicketStatus
from reservations.booking.places import whole
from reservations.booking.pool import Allotment, Pool
from reservations.booking.pools import Pools, held_moves
from reservations.errors import SoldOut

ROOM, PART, BOX_OFFICE, SESSION, ORGANISER = (UUID(int=no) for no in range(1, 6))


def room(capacity: int = 10, taken: int = 0, held: int = 0, cap: int | None = None) -> Pool:
    return Pool(ROOM, 20, capacity, taken, held, cap=cap)


def set_apart(places: int, taken: int = 0) -> Pool:
    allotment = Allotment(ROOM, "box_office", None)
    return Pool(BOX_OFFICE, 99, places, taken, 0, "allotment", None, allotment)


def tickets(places: int, *pool_ids: UUID) -> TicketsByLine:
    line = Line(
        1, SESSION, "base", 0, None, None, None, ORGANISER, places, 0, 0, "exempt", pool_ids,
        [Ticket(no, TicketStatus.CONFIRMED) for no in range(1, places + 1)],
    )  # fmt: skip
    return whole([line])


def left(pools: Pools, *pool_ids: UUID, asked: int = 99) -> int:
    return min(pools.left(dict.fromkeys(pool_ids, asked)).values())


def test_a_ticket_draws_on_its_part_and_on_the_room() -> None:
    pools = Pools([room(10), Pool(PART, 20, 4, 0, 0, "part")])

    pools.take(tickets(3, PART, ROOM))

    assert left(pools, PART, ROOM) == 1
    assert left(pools, ROOM) == 7
    assert pools.lacking(tickets(2, PART, ROOM)) == SoldOut(SESSION, 2, 1, "base")
    assert pools.lacking(tickets(8, PART, ROOM)) == SoldOut(SESSION, 8, 1)


def test_what_is_set_apart_is_for_its_channel_first_and_the_rest_is_for_all() -> None:
    pools = Pools([room(10, held=4), set_apart(4)])

    pools.take(tickets(3, ROOM, BOX_OFFICE))

    assert pools.by_id[ROOM].held == 1
    assert left(pools, ROOM) == 6
    assert left(pools, ROOM, BOX_OFFICE) == 7


def test_a_channel_that_took_all_of_its_own_goes_on_with_those_of_all() -> None:
    pools = Pools([room(10, held=4), set_apart(4)])

    pools.take(tickets(6, ROOM, BOX_OFFICE))

    assert pools.by_id[ROOM].held == 0
    assert left(pools, ROOM) == left(pools, ROOM, BOX_OFFICE) == 4


def test_what_a_channel_gives_back_is_set_apart_again_as_far_as_it_was() -> None:
    pools = Pools([room(10, taken=6), set_apart(4, taken=6)])

    pools.give_back(tickets(3, ROOM, BOX_OFFICE))

    assert (pools.by_id[ROOM].taken, pools.by_id[ROOM].held) == (3, 1)


def test_who_books_beside_a_channel_gets_none_of_its_places() -> None:
    pools = Pools([room(10, taken=6, held=4), set_apart(4)])
    [(mine, mine_too)], [(theirs, theirs_too)] = tickets(1, ROOM, BOX_OFFICE), tickets(2, ROOM)

    assert pools.lacking([(mine, mine_too), (theirs, theirs_too)]) == SoldOut(SESSION, 3, 1)


def test_a_measure_lowers_what_can_be_had_and_an_excess_is_no_negative_number() -> None:
    assert left(Pools([room(10, taken=3, cap=5)]), ROOM) == 2
    assert left(Pools([room(10, taken=8, cap=5)]), ROOM) == 0


def test_under_a_measure_a_channel_has_what_is_left_beside_the_others() -> None:
    pools = Pools([room(20, taken=8, held=5, cap=10), set_apart(5)])

    assert left(pools, ROOM) == 0
    assert left(pools, ROOM, BOX_OFFICE) == 2
    assert pools.lacking(tickets(2, ROOM, BOX_OFFICE)) is None


def test_what_a_room_holds_back_moves_by_what_its_allotments_lost() -> None:
    assert held_moves([room(10, held=4), set_apart(4)], {ROOM: 3, BOX_OFFICE: 3}) == {ROOM: -3}
    assert held_moves([room(10), set_apart(4, taken=5)], {ROOM: -3, BOX_OFFICE: -3}) == {ROOM: 2}
    assert held_moves([room(10), set_apart(4, taken=9)], {BOX_OFFICE: 3}) == {}


def test_an_allotment_that_was_released_bounds_nothing() -> None:
    released = Pool(BOX_OFFICE, 99, 0, 3, 0, "allotment")
    pools = Pools([room(10, taken=3), released])

    assert pools.lacking(tickets(7, ROOM, BOX_OFFICE)) is None
    assert pools.counted([ROOM, BOX_OFFICE]) == (ROOM,)
    pools.take(tickets(7, ROOM, BOX_OFFICE))
    assert (pools.by_id[ROOM].taken, pools.by_id[ROOM].held) == (10, 0)
