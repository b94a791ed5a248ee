"""What who waits asks, and what the worker does for them, by the roll of small numbers."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.actor import ByGuest
from reservations.booking.commands import (
    AcceptOffer,
    Command,
    DeclineOffer,
    GuestContact,
    JoinWaitingList,
    LeaveWaitingList,
    PayWith,
    ServeWaitingList,
)
from reservations.waiting_line.entry import WantedPlaces
from tests.builders import Resident
from tests.reservations.all_verbs.paper_line import left_to_pay
from tests.reservations.all_verbs.play import Numbers, Play
from tests.reservations.all_verbs.records import Entry

CHOICES: list[tuple[Sequence[int], str]] = [
    ([0], "base"), ([1], "base"), ([0, 1, 2], "base"), ([2, 0], "base"), ([3], "base"), ([1], "balcony"),
    ([0], "duo"), ([1, 0], "base"), ([2], "base"), ([0], "free"),
]  # fmt: skip
"""For which dates somebody waits together, by their numbers, at a price that all of them have."""


async def join(play: Play, dice: Numbers) -> Command:
    """Mostly for what is full."""
    who = dice.one_of([*play.town.people, "lies@example.org", "jef@example.org"])
    places = dice.one_of([2, 1, 3, 4, 2, 6])
    full = [each for each in CHOICES if is_full(play, *each, places)]
    numbers, tariff = dice.one_of(dice.one_of([full or CHOICES] * 5 + [CHOICES]))
    dates = [play.town.dates[no] for no in numbers]
    return JoinWaitingList(
        play.region_id,
        play.new_id(),
        dates[0].session.event_id,
        tuple(each.session.id for each in dates),
        (WantedPlaces(tariff, places),),
        who.membership_id if isinstance(who, Resident) else None,
        GuestContact("Lies", who) if isinstance(who, str) else None,
        "page",
        keeps=play.paper.keeps[dates[0].session.event_id],
    )


def is_full(play: Play, numbers: Sequence[int], tariff: str, places: int) -> bool:
    """Whether somebody has to wait who wants one of these dates."""
    free = play.paper.all_free()
    drawn = [play.town.dates[no].tariffs[tariff] for no in numbers]
    return all(min(free[key] for key in each.pool_ids) < places * each.weight for each in drawn)


def entry(play: Play, dice: Numbers, state: str) -> Entry | None:
    """One of who stands so in a line, or of all where nobody does."""
    found = [each for each in play.paper.line if each.state == state] or play.paper.line
    return dice.one_of(found) if found else None


async def leave(play: Play, dice: Numbers) -> Command | None:
    found = entry(play, dice, "waiting")
    return LeaveWaitingList(play.region_id, found.id, found.event_id) if found else None


async def serve(play: Play, dice: Numbers) -> Command | None:
    found = entry(play, dice, "waiting")
    return ServeWaitingList(play.region_id, found.event_id) if found else None


async def accept(play: Play, dice: Numbers) -> Command | None:
    """At what is left to pay, and now and then at what was seen before."""
    found = entry(play, dice, "offered")
    if found is None or found.offer_id is None:
        return None
    booking = play.paper.bookings[found.offer_id]
    ways = [PayWith.CARD] if isinstance(booking.by, ByGuest) else [PayWith.CREDIT_THEN_CARD, PayWith.CREDIT]
    wallets = (found.who,) if isinstance(found.who, UUID) else ()
    command = AcceptOffer(
        play.region_id, booking.id, booking.by, dice.one_of(ways), play.new_id(), 0, wallets
    )
    cents = left_to_pay(play.paper, command, booking) + dice.one_of([0] * 9 + [1])
    return replace(command, remaining_seen_cents=cents)


async def decline(play: Play, dice: Numbers) -> Command | None:
    found = entry(play, dice, "offered")
    if found is None or found.offer_id is None:
        return None
    booking = play.paper.bookings[found.offer_id]
    return DeclineOffer(play.region_id, booking.id, booking.by)
