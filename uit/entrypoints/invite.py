"""`python -m uit invite`: invites a member of staff. There is no desk for this yet."""

import sys
from uuid import UUID

from msgspec import Struct

from uit.core.clock import SystemClock
from uit.core.email_address import is_email
from uit.core.ids import TimeOrderedIds
from uit.core.one_line import one_line
from uit.core.settings import Settings
from uit.database.pool import Database
from uit.identity.staff.staff import Colleague, invite
from uit.identity.visitor import FLANDERS, Role
from uit.services.region import Regions

PLATFORM = "platform"
AN_ORGANISER = "the id of an organiser"
SCOPES = {
    "organiser": AN_ORGANISER,
    "box_office": AN_ORGANISER,
    "municipality": "the REFNIS code of a municipality",
}


class Guest(Struct, frozen=True):
    """A person to invite, with a role. `scope`: the id of an organiser or a REFNIS code, if needed."""

    name: str
    email: str
    role: str
    region: str = PLATFORM
    scope: str = ""


async def invite_staff(settings: Settings, guest: Guest) -> int:
    """Print a link that works once, and return 0; 2 when address, name, region or scope is wrong.

    A repeat adds the role.
    """
    if not is_email(guest.email.strip()):
        print("The address is no e-mail address, such as name@example.org.", file=sys.stderr)
        return 2
    if one_line(guest.name) != guest.name.strip() or not guest.name.strip():
        print("The name is empty, or holds a character that cannot be kept.", file=sys.stderr)
        return 2
    clock = SystemClock()
    database = await Database.open(settings.database_url, connections=2)
    try:
        region = await region_id(database, clock, guest.region)
        if region is None:
            print(f"There is no region {guest.region}.", file=sys.stderr)
            return 2
        role = as_role(guest, region)
        if role is None:
            print(f"For {guest.role}, --scope is {SCOPES.get(guest.role, 'left out')}.", file=sys.stderr)
            return 2
        async with database.transaction() as tx:
            colleague = Colleague(guest.name.strip(), guest.email.strip().lower(), [role])
            path = await invite(tx, colleague, TimeOrderedIds(clock), clock.now())
        print(f"{settings.address}{path}")
        return 0
    finally:
        await database.close()


async def region_id(database: Database, clock: SystemClock, slug: str) -> int | None:
    """The id of the region with this slug; FLANDERS for `platform`; None when there is no such region."""
    if slug == PLATFORM:
        return FLANDERS
    region = await Regions(database, clock).by_slug(slug)
    return region.id if region else None


def as_role(guest: Guest, region: int) -> Role | None:
    """The role with its scope; None when the scope does not fit the role."""
    if SCOPES.get(guest.role) == AN_ORGANISER:
        try:
            return Role(guest.role, region, UUID(guest.scope), None)
        except ValueError:
            return None
    if guest.role == "municipality":
        return Role(guest.role, region, None, guest.scope) if guest.scope.isdigit() else None
    return None if guest.scope else Role(guest.role, region, None, None)
