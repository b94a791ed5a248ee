"""Cases in which organisers ask something for their prices, and members live together."""

from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from reservations.booking.commands import Book, Command
from reservations.booking.condition import CodeUse, Condition, CountedForConditions, CountedLine, InHousehold
from reservations.booking.facts import Booking, Facts, Session
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_conditions import condition_of, standing
from tests.reservations.booking.strategies import Case, cases, shown
from tests.reservations.booking.strategies_basics import (
    DAYS,
    EITHER,
    MEMBERS,
    STRANGER,
    UNKNOWN,
    Draw,
    choice,
    mostly,
    number,
    rarely,
)
from tests.reservations.booking.strategies_commands import GUEST

CODE, OTHER_CODE = "ab" * 16, "cd" * 16
EVENT, HOUSEHOLDS = UUID(int=30), (UUID(int=31), UUID(int=32))


@st.composite
def cases_with_conditions(draw: Draw) -> Case:
    facts, commands = draw(cases())
    sessions = [replace(each, tariffs=asking(draw, each)) for each in facts.sessions]
    facts = replace(facts, sessions=sessions)
    facts = replace(facts, conditions=counted(draw, facts))
    return shown(Case(facts, [with_codes(draw, each) for each in commands]))


def asking(draw: Draw, session: Session) -> tuple[Tariff, ...] | None:
    found = [
        replace(each, condition=condition(draw, each)) if draw(EITHER) else each
        for each in session.tariffs or ()
    ]
    return tuple(found) or None


def condition(draw: Draw, tariff: Tariff) -> Condition:
    code = draw(choice(None, None, CODE))
    return Condition(
        least=tariff.least,
        for_members=draw(rarely(False, True)),  # noqa: FBT003
        for_companion=code is None and draw(choice(False, False, True)),  # noqa: FBT003
        most_per_person=draw(choice(None, 1, 2, 3)),
        most_per_household=draw(choice(None, 2, 3, 4)),
        code_digest=code,
        code_until=draw(mostly(None, *DAYS)) if code else None,
        code_uses=draw(choice(None, 1, 2, 4)) if code else None,
    )


def counted(draw: Draw, facts: Facts) -> CountedForConditions:
    """What is known of these prices: by the bookings of the case, and by one that no command is about."""
    lines = [each for booking in facts.bookings for each in counted_lines(facts, booking)]
    prices = [(each.id, of.code) for each in facts.sessions for of in each.tariffs or () if is_counted(of)]
    for no, price in enumerate(prices, start=1):
        holder_id, address = draw(choice((MEMBERS[0], None), (None, GUEST.email)))
        if draw(EITHER):
            lines.append(CountedLine(*price, UNKNOWN, no, holder_id, address, 1))
    together = draw(choice((), (0, 0), (0, 0, 1), (1,)))
    pairs = zip(together, (*MEMBERS, STRANGER), strict=False)
    households = tuple(InHousehold(HOUSEHOLDS[no], member) for no, member in pairs)
    return CountedForConditions(tuple(lines), households, code_uses(draw, facts))


def is_counted(tariff: Tariff) -> bool:
    return tariff.condition is not None and tariff.condition.is_counted


def counted_lines(facts: Facts, booking: Booking) -> list[CountedLine]:
    sessions = {each.id: each for each in facts.sessions}
    found = []
    for line in booking.lines:
        condition = condition_of(sessions.get(line.session_id), line.tariff_code)
        if condition and condition.is_counted:
            key = line.session_id, line.tariff_code, booking.id, line.no
            address = None if line.holder_id else GUEST.email
            found.append(CountedLine(*key, line.holder_id, address, standing(line)))
    return found


def code_uses(draw: Draw, facts: Facts) -> tuple[CodeUse, ...]:
    """All dates are of one event. At least as many were sold as stand in the bookings of the case."""
    codes = {
        of.code
        for each in facts.sessions
        for of in each.tariffs or ()
        if of.condition and of.condition.code_uses is not None
    }
    found = []
    for code in sorted(codes):
        dates = [each.id for each in facts.sessions if code in {of.code for of in each.tariffs or ()}]
        lines = [line for booking in facts.bookings for line in booking.lines]
        here = sum(standing(line) for line in lines if line.tariff_code == code and line.session_id in dates)
        tickets = here + draw(number(0, 1))
        found += [CodeUse(session_id, code, EVENT, tickets) for session_id in dates]
    return tuple(found)


def with_codes(draw: Draw, command: Command) -> Command:
    """The command with what was typed as a code."""
    if not isinstance(command, Book):
        return command
    typed = draw(mostly(CODE, None, OTHER_CODE))
    return replace(command, lines=tuple(replace(each, code_digest=typed) for each in command.lines))
