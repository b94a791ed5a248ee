"""The desk of a partner: who works there, and what its pages share."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.actor import ByGroup
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here
from uit.identity.partner.partner import SOCIAL_SERVICE, Partner, read_partner
from uit.services.audit import Author
from uit.services.region import Region
from uit.web.view import Page, page

GROUP_WORKER: Final = "group_worker"
SOCIAL_WORKER: Final = "social_worker"


class PartnerDesk(Struct, frozen=True):
    """The desk of a partner: who works there, and now."""

    region: Region
    partner: Partner
    author: Author
    staff_id: UUID
    roles: frozenset[str]

    @property
    def helps(self) -> bool:
        """Whether it is a social service, and who works here sees whom it helps."""
        return self.partner.kind == SOCIAL_SERVICE and SOCIAL_WORKER in self.roles

    @property
    def sees_people(self) -> bool:
        """Whom a social service helps, and who gave it a mandate, its social workers see alone."""
        return self.helps or self.partner.kind != SOCIAL_SERVICE

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, "partners", str(self.partner.id), *map(str, parts)])

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        """A page of a slice of this package: `groups/group`, say."""
        shared = {"region": self.region, "partner": self.partner, "own": self.address()}
        menu = {
            "has_groups": GROUP_WORKER in self.roles,
            "helps": self.helps,
            "sees_people": self.sees_people,
        }
        return page(f"reservations/{template}.html", status, **shared, **menu, **facts)

    def by(self, group_id: UUID) -> ByGroup:
        return ByGroup(group_id, self.staff_id)


async def desk_here(request: StaffRequest, tx: Executor) -> PartnerDesk:
    """Raises NotFound where the region has no such partner."""
    region, author = await region_here(request), await author_here(request)
    partner = await read_partner(tx, region.id, request.path_params["partner_id"])
    if partner is None:
        raise RefusalError(NotFound())
    roles = frozenset(
        role.role
        for role in request.user.roles
        if (role.region_id, role.partner_id) == (region.id, partner.id)
    )
    return PartnerDesk(region, partner, author, request.user.staff_id, roles)
