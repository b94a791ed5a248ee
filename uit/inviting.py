"""`python -m uit invite`: how the first people get in, and every next one until their desk invites them."""

import sys
from uuid import UUID

from uit.ground.clock import SystemClock
from uit.ground.database import Database
from uit.ground.ids import TimeOrderedIds
from uit.ground.region import Regions
from uit.ground.settings import Settings
from uit.identity.staff import Colleague, invite
from uit.identity.visitor import Role

PLATFORM = "platform"
FOR_AN_ORGANISER = frozenset({"organiser", "box_office"})


async def invite_staff(settings: Settings, colleague: str, email: str, role: str, region: str, scope: str) -> int:
    """Print a link that works once; 2 when the region or the scope is not one. Inviting again adds the role."""
    clock = SystemClock()
    database = await Database.open(settings.database_url, connections=2)
    try:
        found = 0 if region == PLATFORM else await region_id(database, clock, region)
        if found is None:
            print(f"There is no region {region!r}.", file=sys.stderr)
            return 2
        given = as_role(role, found, scope)
        if given is None:
            print(f"{scope!r} does not fit the role {role!r}.", file=sys.stderr)
            return 2
        async with database.transaction() as tx:
            token = await invite(tx, Colleague(colleague, email, [given]), TimeOrderedIds(clock), clock.now())
        print(f"{settings.address}/team/uitnodiging/{token}")
        return 0
    finally:
        await database.close()


async def region_id(database: Database, clock: SystemClock, slug: str) -> int | None:
    region = await Regions(database, clock).by_slug(slug)
    return region.id if region else None


def as_role(role: str, region: int, scope: str) -> Role | None:
    """A role with its scope: an organiser's id, a REFNIS code, or nothing; None when they do not fit."""
    if role in FOR_AN_ORGANISER:
        try:
            return Role(role, region, UUID(scope), None)
        except ValueError:
            return None
    if role == "municipality":
        return Role(role, region, None, scope) if scope.isdigit() else None
    return None if scope else Role(role, region, None, None)
