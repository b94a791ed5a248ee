"""What the tests of cards of turns share: a card on sale for an activity, and who has one."""

from datetime import timedelta
from uuid import UUID, uuid4

from msgspec.structs import replace

from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import Book
from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Resident, Session, World
from uit.core.errors import Busy

YEAR = timedelta(days=400)


async def card_date(
    world: World,
    *dates: Session,
    turns: int = 10,
    months: int = 12,
    shared: bool = False,
    price_cents: int = 4000,
    give_back_days: int = 14,
) -> Session:
    """A date that is sold as cards, for the activities of these dates, by whoever organises the first."""
    made = await world.session(1000, price_cents, organiser_id=dates[0].organiser_id)
    now = world.clock.now()
    await world.execute(
        "UPDATE reservations.session SET starts_at = $2, cancel_until = $2, due_at = $2, ends_at = $3,"
        " sale_closes_at = $3 WHERE id = $1",
        made.id, now, now + YEAR,
    )  # fmt: skip
    await world.execute(
        "UPDATE reservations.tariff SET eligibility = 'member' WHERE session_id = $1 AND code = 'base'",
        made.id,
    )
    await world.execute(
        "INSERT INTO reservations.turn_card VALUES (1, $1, $2, $3, $4, $5, $6)",
        made.id, turns, months, shared, give_back_days, now,
    )  # fmt: skip
    await world.execute(
        "INSERT INTO reservations.turn_card_event"
        " SELECT DISTINCT 1, e, $1::uuid FROM unnest($2::uuid[]) AS e",
        made.id, [each.event_id for each in dates],
    )  # fmt: skip
    return made


async def buy(world: World, who: Resident, card: Session, tariff: str = "base") -> TurnCardKey:
    """The card that somebody buys."""
    answer = await world.book(who, card, tariff=tariff)
    assert isinstance(answer, Booked), answer
    return TurnCardKey(answer.booking.id, 1, 1)


def with_turn(  # noqa: PLR0917  who books what with which card
    world: World,
    who: Resident,
    session: Session,
    card: TurnCardKey,
    places: int = 1,
    booking_id: UUID | None = None,
) -> Book:
    command = world.command(who, [(session, "base", places)], booking_id or uuid4())
    return replace(command, lines=tuple(replace(line, turn_card=card) for line in command.lines))


async def take(
    world: World, who: Resident, session: Session, card: TurnCardKey, places: int = 1
) -> Answer | Busy:
    return await world.services.turnstile.answer(with_turn(world, who, session, card, places))


async def turns_left(world: World, card: TurnCardKey) -> int:
    """What is left of a card, as the database counts it."""
    taken = await world.value(
        "SELECT count(*) FROM reservations.turn_use AS u JOIN reservations.ticket AS t"
        " ON t.booking_id = u.booking_id AND t.line_no = u.line_no"
        " AND t.status IN ('held', 'confirmed', 'attended', 'no_show') WHERE u.card_booking_id = $1",
        card.booking_id,
    )
    turns = await world.value(
        "SELECT c.turns FROM reservations.turn_card AS c"
        " JOIN reservations.line AS l ON l.session_id = c.session_id"
        " WHERE l.booking_id = $1",
        card.booking_id,
    )
    return int(turns - taken)
