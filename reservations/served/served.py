"""For whom a partner acts: who gave it a mandate, and at a social service whom that helps."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import ServedGivenFor, read_served
from reservations.booking.actor import ByPartner
from reservations.booking.facts import PARTNER
from reservations.booking.tickets import Outing, outings_seen
from reservations.cursor import Cursor
from reservations.groups.partner_desk import PartnerDesk
from reservations.helping.helping import bookings_coming
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor, Statements
from uit.identity.person.powers import Powers, powers_on

SQL = Statements(__name__)
MOST_SHOWN: Final = 50


class ServedMember(Struct, frozen=True):
    """A member for whom a partner may do something, by what that was given first.

    `dossier`: by which number its service helps them; None for a mandate.
    """

    membership_id: UUID
    person_id: UUID
    given_name: str
    family_name: str
    given: ServedGivenFor
    powers: Powers

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def dossier(self) -> str | None:
        return self.given.dossier

    def by(self, staff_id: UUID) -> ByPartner:
        return ByPartner(self.given.id, self.given.representative_id, self.membership_id, staff_id)


made_for_member = SQL.many("made_for_member", Cursor)


async def served_members(tx: Executor, desk: PartnerDesk) -> list[ServedMember]:
    """All of them whom who works at this desk may see, by their names."""
    if not desk.sees_people:
        return []
    day = desk.author.today
    found = await read_served(tx, desk.region.id, desk.partner.id, desk.helps)
    members = [
        as_served(list(given), day) for _, given in groupby(found, key=lambda each: each.membership_id)
    ]
    return [each for each in members if each.powers]


def as_served(given: Sequence[ServedGivenFor], day: date) -> ServedMember:
    """By what a service was given, before a mandate: nothing that one lets it do is more than the other."""
    first = min(given, key=lambda each: (each.dossier is None, not powers_on(day, [each], each.born_on)))
    powers = powers_on(day, [first], first.born_on)
    who = first.membership_id, first.person_id, first.given_name, first.family_name
    return ServedMember(*who, first, powers)


async def served_member(tx: Executor, desk: PartnerDesk, membership_id: UUID) -> ServedMember:
    """Raises NotFound, also for somebody who is there and whom this partner may do nothing for."""
    found = await served_members(tx, desk)
    member = next((each for each in found if each.membership_id == membership_id), None)
    if member is None:
        raise RefusalError(NotFound())
    return member


async def outings_coming(tx: Executor, region_id: int, served: ServedMember, now: datetime) -> list[Outing]:
    """Where a member goes who lets the partner see that; never what another booked for them."""
    if not served.powers.outings:
        return []
    found = await bookings_coming(tx, region_id, served.membership_id, now, MOST_SHOWN)
    return await outings_seen(tx, region_id, [each.id for each in found], None)


async def outings_made(tx: Executor, region_id: int, served: ServedMember) -> list[Outing]:
    """What was booked for a member by what the partner was given, the latest date first."""
    made_by = f"{PARTNER}{served.given.id}"
    found = await made_for_member(tx, region_id, served.membership_id, made_by, MOST_SHOWN)
    return (await outings_seen(tx, region_id, [each.id for each in found], None))[::-1]
