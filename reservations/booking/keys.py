"""What a batch locks and reads, as the columns that its SQL takes."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from reservations.booking.commands import Book, ByCard, Command, Resize
from reservations.booking.facts import Key


class Keys(NamedTuple):
    """The columns that name what to lock and read. Of the `bookings`, only those to be closed are locked."""

    session_regions: list[int]
    sessions: list[UUID]
    bookings: list[UUID]
    closing: list[UUID]
    card_regions: list[int]
    cards: list[UUID]
    member_regions: list[int]
    members: list[UUID]


def keys_of(commands: Sequence[Command]) -> Keys:
    sessions: dict[Key, None] = {}
    cards: dict[Key, None] = {}
    members: dict[Key, None] = {}
    bookings: list[UUID] = []
    closing: list[UUID] = []
    for command in commands:
        if isinstance(command, Resize):
            sessions[command.region_id, command.session_id] = None
            continue
        bookings.append(command.booking_id)
        if isinstance(command, Book):
            sessions.update(((command.region_id, each.session_id), None) for each in command.wanted)
            if isinstance(command.holder, ByCard):
                cards[command.holder.region_id, command.holder.card_id] = None
            else:
                members[command.holder.region_id, command.holder.membership_id] = None
        else:
            closing.append(command.booking_id)
    return Keys(*columns(sessions), bookings, closing, *columns(cards), *columns(members))


def columns(wanted: dict[Key, None]) -> tuple[list[int], list[UUID]]:
    return [region_id for region_id, _ in wanted], [key for _, key in wanted]
