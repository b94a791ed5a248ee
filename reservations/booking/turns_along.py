"""Turns of a card that go along where a booking changes: what a turn paid for, it pays for again. Pure."""

from msgspec.structs import replace

from reservations.booking.changed_content import Content, Tickets
from reservations.booking.commands import RequestedLine
from reservations.booking.facts import Booking, TicketEnd
from reservations.booking.lines import holder_of
from reservations.booking.remaining import Remaining
from reservations.booking.turn_cards import is_for_another, pays_for
from reservations.turn_card.turn_card import TurnCardKey
from uit.core.clock import day_in_flanders


def with_turns_along(freed: Remaining, booking: Booking, content: Content) -> tuple[RequestedLine, ...]:
    """The new lines of a change: who gives up a date that a turn paid for, takes the turn along.

    So does who chooses another date once theirs was called off, whose turn came back by itself. Where the
    card is not good for what is new, that is paid as any.
    """
    free = freed.turn_cards.taken_by(booking, content.ending or called_off(booking, content))
    moved: list[RequestedLine] = []
    for asked in content.new:
        found = asked.turn_card or next(
            (key for key in free if pays_again(freed, key, free[key], asked)), None
        )
        if found in free:
            free[found] -= asked.places
        moved.append(replace(asked, turn_card=found))
    return tuple(moved)


def called_off(booking: Booking, content: Content) -> Tickets:
    """The tickets of dates that were called off, where nothing stands any more of what was booked."""
    if content.kept:
        return ()
    return tuple(
        (line, tuple(each for each in line.tickets if each.end is TicketEnd.CALLED_OFF))
        for line in booking.lines
    )


def pays_again(freed: Remaining, key: TurnCardKey, turns: int, asked: RequestedLine) -> bool:
    """Whether so many turns of a card pay for a new line."""
    card, session = freed.turn_cards.card(key), freed.sessions.get(asked.session_id)
    tariff = session.tariff(asked.tariff) if session else None
    if card is None or session is None or tariff is None:
        return False
    is_good = session.id in card.covers and day_in_flanders(session.starts_at) <= card.good_until
    holder = holder_of(freed, asked)
    is_theirs = holder is not None and holder.id == card.holder_id
    is_own = asked.places == 1 and is_theirs and not is_for_another(holder, asked, session)
    is_enough = 0 < asked.places <= min(turns, card.turns_left)
    return is_good and is_enough and pays_for(card, tariff, is_own=is_own)
