"""The draw: whoever has the seed finds the same order, and nobody is favoured."""

from collections import Counter
from hashlib import sha256
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reservations.booking.batcher import Load
from reservations.waiting_room.draw import draw, promise_of, seed_of
from reservations.waiting_room.letting_in import (
    COUNTER,
    CREDIT,
    OPEN,
    Queued,
    Shares,
    how_many,
    is_over,
    next_in,
)

IDS = st.lists(st.uuids(), unique=True, max_size=60)
SEEDS = st.binary(min_size=32, max_size=32)
SHARES = st.tuples(st.integers(0, 10), st.integers(0, 10)).filter(lambda each: sum(each) <= 10)
QUICK = Load(0, 10_000)


def waiting(*shares: str) -> list[Queued]:
    return [Queued(UUID(int=n), n, share) for n, share in enumerate(shares, 1)]


@given(seed=SEEDS, ids=IDS, random=st.randoms())
def test_anybody_finds_the_same_order_from_the_seed_and_the_list(
    seed: bytes, ids: list[UUID], random: Random
) -> None:
    shuffled = random.sample(ids, len(ids))

    assert draw(seed, ids) == draw(seed, shuffled)
    keys = [sha256(seed + each.bytes).hexdigest() for each in draw(seed, ids)]
    assert keys == sorted(keys)


def test_the_promise_is_the_digest_of_a_seed_that_needs_the_key() -> None:
    session, nonce = UUID(int=1), UUID(int=2)
    seed = seed_of(b"k" * 32, 1, session, nonce)

    assert promise_of(seed) == sha256(seed).digest()
    others = {seed_of(b"l" * 32, 1, session, nonce), seed_of(b"k" * 32, 2, session, nonce)}
    assert seed not in others
    assert len(seed) == 32


def test_who_enters_first_is_not_drawn_first_more_often() -> None:
    ids = [UUID(int=n) for n in range(10)]
    first = Counter(draw(n.to_bytes(32, "big"), ids)[0] for n in range(5_000))

    assert all(400 < first[each] < 600 for each in ids)


@given(shares=SHARES, let_in=st.integers(0, 40), kinds=st.lists(st.sampled_from([OPEN, CREDIT, COUNTER])))
def test_each_comes_once_and_in_order_within_their_share(
    shares: tuple[int, int], let_in: int, kinds: list[str]
) -> None:
    queue = waiting(*kinds)

    chosen = next_in(reversed(queue), let_in, Shares(*shares), len(queue))

    assert sorted(each.place for each in chosen) == [each.place for each in queue]
    for kind in (OPEN, CREDIT, COUNTER):
        places = [each.place for each in chosen if each.share == kind]
        assert places == sorted(places)


def test_without_shares_it_is_the_order_of_the_draw() -> None:
    queue = waiting(CREDIT, OPEN, COUNTER, OPEN)

    assert next_in(queue, 0, Shares(0, 0), 3) == queue[:3]


@given(shares=SHARES)
def test_of_each_ten_the_shares_get_theirs_while_they_wait(shares: tuple[int, int]) -> None:
    queue = waiting(*[OPEN] * 30, *[CREDIT] * 30, *[COUNTER] * 30)

    chosen = Counter(each.share for each in next_in(queue, 0, Shares(*shares), 20))

    assert chosen == Counter({CREDIT: 2 * shares[0], COUNTER: 2 * shares[1], OPEN: 20 - 2 * sum(shares)})


def test_a_share_that_nobody_wants_goes_to_the_next_in_order() -> None:
    queue = waiting(OPEN, OPEN, OPEN)

    assert next_in(queue, 0, Shares(5, 5), 3) == queue


@given(left=st.integers(0, 600), inside=st.integers(0, 900), load=st.integers(0, 500))
def test_no_more_are_let_in_than_may_find_a_place_and_are_answered(left: int, inside: int, load: int) -> None:
    number = how_many(left, inside, 15, Load(load, 1_000))

    assert 0 <= number <= max(0, 250 - load)
    assert number == 0 or inside + number <= left * 1.5 + 1


def test_for_one_place_two_may_try() -> None:
    assert how_many(1, 0, 15, QUICK) == 2
    assert how_many(1, 2, 15, QUICK) == 0


def test_where_places_are_not_counted_the_turnstile_alone_is_the_measure() -> None:
    assert how_many(None, 5_000, 15, Load(0, 400)) == 100
    assert how_many(None, 0, 15, Load(100, 400)) == 0


def test_it_is_over_when_no_place_is_left_and_none_can_come_back() -> None:
    assert is_over(0, 0)
    assert not is_over(0, 1)
    assert not is_over(1, 0)
    assert not is_over(None, 0)
