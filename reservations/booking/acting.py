"""Who acts for another in a region: for whom, with which powers, and what of it a batch looks up."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.actor import ByPartner, ByRepresentative
from reservations.booking.commands import (
    AcceptOffer,
    Book,
    ChangeBooking,
    Command,
    DeclineOffer,
    GiveUp,
    JoinWaitingList,
    Lengthen,
)
from reservations.booking.facts import REPRESENTATIVE, Facts, GivenFor
from reservations.booking.viewer import Viewer
from reservations.booking.waits_as import waits_as
from uit.database.statements import Executor, Statements
from uit.identity.person.powers import OWN_OUTINGS_FROM, Powers, powers_on
from uit.services.region import Region

SQL = Statements(__name__)
AskedBySomebody = Book | ChangeBooking | GiveUp | Lengthen | JoinWaitingList | AcceptOffer | DeclineOffer
"""What is asked by somebody, who may act for another."""


class NamedGivenFor(GivenFor, frozen=True):
    """The same, with what the member is called."""

    given_name: str


class ServedGivenFor(NamedGivenFor, frozen=True):
    """What a partner was given for a member, with their name, and the dossier where a service helps them."""

    family_name: str
    dossier: str | None


class HelpedMember(Struct, frozen=True):
    """A member for whom somebody may do something, what, and by what it was given."""

    membership_id: UUID
    person_id: UUID
    given_name: str
    powers: Powers
    given: Sequence[GivenFor]


class MadeFor(Struct, frozen=True):
    """Somebody who comes by a booking that another made, and who made it."""

    membership_id: UUID
    given_name: str
    made_by: str


lock_given = SQL.many("lock_given", GivenFor)
lock_mandates = SQL.many("lock_mandates", GivenFor)
lock_served = SQL.many("lock_served", GivenFor)
read_served = SQL.many("read_served", ServedGivenFor)
find_given_to_partner = SQL.maybe("find_given_to_partner", NamedGivenFor)
read_given = SQL.many("read_given", NamedGivenFor)
read_made_for = SQL.many("read_made_for", MadeFor)


async def with_given(tx: Executor, facts: Facts, commands: Sequence[Command]) -> Facts:
    """The facts of a batch with what those were given who act for others; where nobody does, as they are.

    It is locked, so that what is revoked meanwhile waits, or is seen to be revoked.
    """
    acting = [*acting_in(commands), *acting_in_line(facts)]
    if not acting:
        return facts
    region_id, given = commands[0].region_id, list[GivenFor]()
    people = [
        (by.person_id, whom)
        for by in acting
        if isinstance(by, ByRepresentative)
        for whom in by.membership_ids
    ]
    if people:
        who, whom = zip(*dict.fromkeys(people), strict=True)
        given += await lock_given(tx, region_id, who, whom)
    partners = list({by.given_id for by in acting if isinstance(by, ByPartner)})
    if partners:
        given += await lock_mandates(tx, region_id, partners)
        given += await lock_served(tx, region_id, partners)
    return replace(facts, given=given)


def acting_in(commands: Iterable[Command]) -> list[ByRepresentative | ByPartner]:
    """Those by whom a batch is asked something for another."""
    asked = (each.by for each in commands if isinstance(each, AskedBySomebody))
    return [by for by in asked if isinstance(by, ByRepresentative | ByPartner)]


def acting_in_line(facts: Facts) -> list[ByRepresentative]:
    """Those who wait for others, and may be offered what a batch frees."""
    asked = (each for each in facts.waiting if each.person_id and not each.client_id)
    return [by for each in asked if isinstance(by := waits_as(each, each.id), ByRepresentative)]


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


def as_helped(
    given: Sequence[NamedGivenFor], day: date, own_outings_from: int = OWN_OUTINGS_FROM
) -> HelpedMember:
    """One member, by all that somebody was given for them."""
    first = given[0]
    powers = powers_on(day, given, first.born_on, own_outings_from)
    return HelpedMember(first.membership_id, first.person_id, first.given_name, powers, given)


async def viewer_of(tx: Executor, region: Region, person_id: UUID, own_id: UUID | None, day: date) -> Viewer:
    """Who looks, with those for whom they may book."""
    helped = await helped_members(tx, region.id, person_id, day, region.own_outings_from)
    return Viewer(person_id, own_id, tuple(each.membership_id for each in helped if each.powers.book))


def stored_as(person_id: UUID) -> str:
    """The id by which a booking knows who made it for another."""
    return f"{REPRESENTATIVE}{person_id}"
