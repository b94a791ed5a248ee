"""What is read for prices of which only some is left for a person, a household or a code."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.commands import Book, Command, Swap
from reservations.booking.condition import CodeUse, CountedForConditions, CountedLine, InHousehold
from reservations.booking.facts import Facts
from reservations.booking.limits import address_of
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

lock_conditions = SQL.command("lock_conditions")
read_households = SQL.many("read_households", InHousehold)
read_counted_lines = SQL.many("read_counted_lines", CountedLine)
read_code_uses = SQL.many("read_code_uses", CodeUse)


async def with_limits(tx: Executor, facts: Facts, commands: Sequence[Command], today: date) -> Facts:
    """The facts of a batch with what counts for its prices; where none has a limit, as they are."""
    if not any(limited_prices(facts)):
        return facts
    region_id = commands[0].region_id
    await lock_conditions(tx, region_id, [each.id for each in facts.sessions])
    return await with_counted(tx, facts, region_id, commands, today)


async def with_counted(
    tx: Executor, facts: Facts, region_id: int, commands: Sequence[Command], today: date
) -> Facts:
    """The same without a lock: good for showing."""
    prices = list(limited_prices(facts))
    if not prices:
        return facts
    sessions, codes = ({each[0] for each in prices}, {each[1] for each in prices})
    holders = {each.id for each in facts.holders}
    households = await read_households(tx, region_id, holders, today)
    holders |= {each.membership_id for each in households}
    asked = [address for each in books_in(commands) if (address := address_of(each))]
    addresses = [*asked, *(each.email.strip().lower() for each in facts.waiting if each.email)]
    bookings = [each.id for each in facts.bookings]
    lines = await read_counted_lines(tx, region_id, sessions, codes, holders, addresses, bookings)
    uses = await read_code_uses(tx, region_id, sessions)
    return replace(facts, conditions=CountedForConditions(tuple(lines), tuple(households), tuple(uses)))


def limited_prices(facts: Facts) -> Iterator[tuple[UUID, str]]:
    """The dates and prices of which only some is left for each."""
    for session in facts.sessions:
        for tariff in session.tariffs or ():
            if tariff.condition and tariff.condition.is_counted:
                yield session.id, tariff.code


def books_in(commands: Iterable[Command]) -> Iterator[Book]:
    for command in commands:
        if isinstance(command, Book | Swap):
            yield command if isinstance(command, Book) else command.book
