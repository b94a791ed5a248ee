"""Who acts for another in a region: for whom, with which powers, and what of it a batch looks up."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import Book, ByRepresentative, Command, GiveUp, Lengthen
from reservations.booking.facts import REPRESENTATIVE, Facts, GivenFor
from uit.database.statements import Executor, Statements
from uit.identity.person.powers import OWN_OUTINGS_FROM, Powers, powers_on

SQL = Statements(__name__)


class NamedGivenFor(GivenFor, frozen=True):
    """The same, with what the member is called."""

    given_name: str


class HelpedMember(Struct, frozen=True):
    """A member for whom somebody may do something, what, and by what it was given."""

    membership_id: UUID
    person_id: UUID
    given_name: str
    powers: Powers
    given: Sequence[GivenFor]


class MadeFor(Struct, frozen=True):
    """Who made a booking for the member who holds it."""

    made_by: str
    made_for: str
    membership_id: UUID


lock_given = SQL.many("lock_given", GivenFor)
read_given = SQL.many("read_given", NamedGivenFor)
read_made_for = SQL.maybe("read_made_for", MadeFor)
find_made_for = SQL.value("find_made_for", UUID)


async def with_given(tx: Executor, facts: Facts, commands: Sequence[Command]) -> Facts:
    """The facts of a batch with what those were given who act for others; where nobody does, as they are.

    It is locked, so that what is revoked meanwhile waits, or is seen to be revoked.
    """
    acting = list(dict.fromkeys(acting_in(commands)))
    if not acting:
        return facts
    region_id = commands[0].region_id
    given = await lock_given(
        tx, region_id, [by.person_id for by in acting], [by.membership_id for by in acting]
    )
    return replace(facts, given=given)


def acting_in(commands: Iterable[Command]) -> Iterator[ByRepresentative]:
    for command in commands:
        if isinstance(command, Book | GiveUp | Lengthen) and isinstance(command.by, ByRepresentative):
            yield command.by


async def helped_members(
    tx: Executor, region_id: int, person_id: UUID, day: date, own_outings_from: int = OWN_OUTINGS_FROM
) -> list[HelpedMember]:
    """For whom somebody may do something in a region on a day, by their names."""
    found = await read_given(tx, region_id, person_id)
    return [
        helped
        for _, given in groupby(found, key=lambda each: each.membership_id)
        if (helped := as_helped(list(given), day, own_outings_from)).powers
    ]


def as_helped(given: Sequence[NamedGivenFor], day: date, own_outings_from: int) -> HelpedMember:
    """One member, by all that somebody was given for them."""
    first = given[0]
    powers = powers_on(day, given, first.born_on, own_outings_from)
    return HelpedMember(first.membership_id, first.person_id, first.given_name, powers, given)


def stored_as(person_id: UUID) -> str:
    """The id by which a booking knows who made it for another."""
    return f"{REPRESENTATIVE}{person_id}"
