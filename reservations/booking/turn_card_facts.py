"""Cards of turns in a batch: what of them is looked up under its locks, and what it writes of turns taken."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.answers import Answer, Booked, Changed, Swapped
from reservations.booking.commands import Book, ChangeBooking, Command, GiveUp, RequestedLine, Swap
from reservations.booking.facts import Facts
from reservations.booking.turn_cards import uses_of_turns
from reservations.turn_card.turn_card import TurnCard, TurnCardFacts, TurnUse
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class FoundTurnCards(Struct, frozen=True):
    """As JSON; `known` is None where nothing is sold as cards, and no turn was taken."""

    known: str | None
    cards: str


lock_cards = SQL.command("lock_cards")
read_cards = SQL.value("read_cards", str)
find_cards = SQL.one("find_cards", FoundTurnCards)
write_turn_use = SQL.command("write_turn_use")
lines_with_turns = SQL.value("lines_with_turns", list[int])


async def with_turn_cards(
    tx: Executor, facts: Facts, commands: Sequence[Command], found: str | None
) -> Facts:
    """The facts of a batch with the cards that it takes turns of or gives back; without any, as they are.

    `found`: what is sold as cards and was taken, as it was read with the locks. The cards are locked last, so
    that no two take the last turn, and none is taken of a card that is given back. Who gives up a date only
    frees turns, and needs no lock.
    """
    known = msgspec.json.decode(found, type=TurnCardFacts) if found else TurnCardFacts()
    booking_ids = list(dict.fromkeys(cards_in(commands, known)))
    if not booking_ids:
        return with_known(facts, known) if found else facts
    region_id, sessions = commands[0].region_id, [each.id for each in facts.sessions]
    await lock_cards(tx, region_id, booking_ids)
    cards = msgspec.json.decode(
        await read_cards(tx, region_id, booking_ids, sessions), type=tuple[TurnCard, ...]
    )
    return with_known(facts, replace(known, cards=cards))


async def with_cards_of(tx: Executor, facts: Facts, region_id: int, holders: Sequence[UUID]) -> Facts:
    """The facts of a page with the cards of these holders, and what of its dates is sold as cards."""
    sessions, bookings = [each.id for each in facts.sessions], [each.id for each in facts.bookings]
    found = await find_cards(tx, region_id, sessions, bookings, holders)
    known = msgspec.json.decode(found.known, type=TurnCardFacts) if found.known else TurnCardFacts()
    cards = msgspec.json.decode(found.cards, type=tuple[TurnCard, ...])
    return with_known(facts, replace(known, cards=cards)) if found.known or cards else facts


def with_known(facts: Facts, known: TurnCardFacts) -> Facts:
    """The facts with what is known of cards. Of a card there may be a next one, at whatever price."""
    sold = {each.session_id for each in known.dates}
    personal = [each for each in facts.personal if each.session_id not in sold]
    sessions = [replace(each, is_turn_card=each.id in sold) for each in facts.sessions]
    return replace(facts, turn_cards=known, personal=personal, sessions=sessions)


def cards_in(commands: Iterable[Command], known: TurnCardFacts) -> Iterator[UUID]:
    """The bookings by which the cards were sold that a batch is about."""
    for command in commands:
        for line in lines_of(command):
            if line.turn_card:
                yield line.turn_card.booking_id
        if isinstance(command, ChangeBooking):
            yield from (each.card.booking_id for each in known.uses if each.booking_id == command.booking_id)
        if known.dates and isinstance(command, GiveUp | ChangeBooking | Swap):
            yield command.booking_id


def lines_of(command: Command) -> Sequence[RequestedLine]:
    match command:
        case Book() | ChangeBooking():
            return command.lines
        case Swap():
            return command.book.lines
        case _:
            return ()


def turn_uses_of(answers: Iterable[Answer]) -> list[TurnUse]:
    """The turns that the new lines of a batch take."""
    uses: list[TurnUse] = []
    for answer in answers:
        match answer:
            case Booked(new=True):
                uses += uses_of_turns(answer.booking.id, answer.booking.lines)
            case Swapped():
                uses += uses_of_turns(answer.booked.booking.id, answer.booked.booking.lines)
            case Changed(new=True):
                uses += uses_of_turns(answer.booking.id, answer.lines)
            case _:
                continue
    return uses
