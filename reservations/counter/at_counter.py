"""A member at the counter whom a clerk may act for: by what permits it, and for whom else they may book."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import HelpedMember, helped_members
from reservations.booking.member import Member, read_member
from reservations.booking.visit import Visit, with_fields
from reservations.order.who_comes import WHO
from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.errors import PassNotActive, PermissionNeeded
from uit.passes.permission.permission import Permission, read_permission
from uit.passes.registration.counter_desk import CounterDesk, OpenMember, counter_desk_here, open_member
from uit.web.view import Page, page


class AtCounter(Struct, frozen=True):
    """Who is at the counter of which clerk. `holder` is the same member as bookings know them."""

    desk: CounterDesk
    staff_id: UUID
    open: OpenMember
    holder: Member
    permission: Permission

    @property
    def id(self) -> UUID:
        return self.holder.id

    @property
    def visit(self) -> Visit:
        """What they would see themselves, signed in."""
        return Visit(self.desk.region, self.open.person.id, self.holder, language=self.holder.language)

    def address(self, *parts: object) -> str:
        return self.desk.address("personen", self.id, *parts)

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        shared: dict[str, Any] = {
            "region": self.desk.region,
            "may_issue": self.desk.may_issue,
            "member": self.open,
            "permission": self.permission,
            "home": self.address(),
            "refusal": None,
            "errors": {},
        }
        folder = "reservations" if template.startswith("waiting/") else "reservations/counter"
        return page(f"{folder}/{template}.html", status, **shared | facts)


async def at_counter(request: StaffRequest, tx: Executor, membership_id: UUID) -> AtCounter:
    """Whom a clerk acts for.

    Raises NotFound for somebody of another municipality, and PermissionNeeded, which leads a browser to where
    it is asked.
    """
    desk, staff_id = await counter_desk_here(request), request.user.staff_id
    member = await open_member(tx, desk, membership_id)
    if not member.membership.is_active(desk.counter.today):
        raise RefusalError(PassNotActive())
    where = desk.region.id, membership_id, staff_id
    permission = await read_permission(tx, *where, desk.counter.now)
    if permission is None:
        asked = desk.address("personen", membership_id, "toestemming")
        then = {"verder": page_within(request, membership_id)}
        raise RefusalError(PermissionNeeded(), redirect_to=with_fields(asked, then))
    holder = await read_member(tx, desk.region.id, member.person.id)
    assert holder is not None
    return AtCounter(desk, staff_id, member, holder, permission)


def page_within(request: StaffRequest, membership_id: UUID) -> str:
    """Which page of theirs was asked for, and for whom it was."""
    path = request.url.path.partition(f"/{membership_id}/")[2]
    return with_fields(path, {WHO: request.query_params.get(WHO, "")})


async def others_of(tx: Executor, here: AtCounter) -> Sequence[HelpedMember]:
    """All for whom they may book besides themselves."""
    region, day = here.desk.region, here.desk.counter.today
    found = await helped_members(tx, region.id, here.open.person.id, day, region.own_outings_from)
    return [each for each in found if each.powers.book]
