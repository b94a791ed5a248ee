"""What a clerk reads of somebody, or gives them on paper, only while that member is there."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.errors import PermissionNeeded
from uit.passes.permission.permission import read_permission
from uit.passes.registration.counter_desk import CounterDesk

PERSON: Final = "persoon"
"""Where one goes on to after the permission, instead of to a page within: the page of the person itself."""


async def is_permitted_in_person(
    request: StaffRequest, tx: Executor, desk: CounterDesk, membership_id: UUID
) -> bool:
    """Whether this member permits something to this clerk now, and not by telephone."""
    where = desk.region.id, membership_id, request.user.staff_id
    found = await read_permission(tx, *where, desk.counter.now)
    return found is not None and not found.by_telephone


async def need_in_person(
    request: StaffRequest, tx: Executor, desk: CounterDesk, membership_id: UUID, then: str
) -> None:
    """Raises PermissionNeeded, which leads a browser to where it is asked, and from there to `then`."""
    if not await is_permitted_in_person(request, tx, desk, membership_id):
        asked = desk.address("personen", membership_id, f"toestemming?{urlencode({'verder': then})}")
        raise RefusalError(PermissionNeeded(), redirect_to=asked)
