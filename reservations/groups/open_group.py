"""A group of a partner, whose page is open at its desk."""

from msgspec import Struct

from reservations.booking.actor import ByGroup
from reservations.booking.facts import BookingActor
from reservations.groups.partner_desk import PartnerDesk, desk_here
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.passes.group.group import GroupPass, read_group


class OpenGroup(Struct, frozen=True):
    """The desk of a partner with one of its groups."""

    desk: PartnerDesk
    group: GroupPass

    @property
    def called(self) -> str:
        return self.group.name

    @property
    def by(self) -> ByGroup:
        return self.desk.by(self.group.id)

    def made(self, by: BookingActor) -> bool:
        return by.group_id == self.group.id

    def address(self, *parts: object) -> str:
        return self.desk.address("groepen", self.group.id, *parts)


async def open_group(request: StaffRequest, tx: Executor) -> OpenGroup:
    """Raises NotFound, also for a group of another partner."""
    desk = await desk_here(request, tx)
    group = await read_group(tx, desk.region.id, request.path_params["group_id"])
    if group is None or group.partner_id != desk.partner.id:
        raise RefusalError(NotFound())
    return OpenGroup(desk, group)
