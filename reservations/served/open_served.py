"""Somebody for whom a partner acts, whose page is open at its desk."""

from msgspec import Struct

from reservations.booking.actor import ByPartner
from reservations.booking.facts import BookingActor
from reservations.groups.partner_desk import PartnerDesk, desk_here
from reservations.served.served import ServedMember, served_member
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.identity.partner.partner import SOCIAL_SERVICE
from uit.passes.decisions.decision import ServedBy
from uit.passes.membership.membership import Membership, read_membership
from uit.services.look import Look, ServiceKind, write_looks


class OpenServed(Struct, frozen=True):
    """The desk of a partner with somebody for whom it acts."""

    desk: PartnerDesk
    served: ServedMember

    @property
    def called(self) -> str:
        return self.served.given_name

    @property
    def by(self) -> ByPartner:
        return self.served.by(self.desk.staff_id)

    def made(self, by: BookingActor) -> bool:
        return by == self.by.as_stored()

    def address(self, *parts: object) -> str:
        return self.desk.address("mensen", self.served.membership_id, *parts)

    @property
    def of_service(self) -> ServedBy:
        """For a service alone. Raises NotFound for who gave a mandate and is not helped by it."""
        if not self.desk.helps or self.served.dossier is None:
            raise RefusalError(NotFound())
        return ServedBy(self.desk.partner.id, self.served.membership_id, self.served.dossier)

    async def membership(self, tx: Executor) -> Membership:
        """Raises NotFound once they are erased."""
        found = await read_membership(tx, self.desk.region.id, self.served.membership_id)
        if found is None:
            raise RefusalError(NotFound())
        return found

    async def note_read(self, tx: Executor) -> None:
        """That somebody looked: in the trail by dossier or mandate, and for the person by the partner."""
        author, partner = self.desk.author, self.desk.partner
        if self.served.dossier is None:
            await author.note(tx, "mandate.read", "mandate", self.served.given.id, partner=str(partner.id))
        else:
            await author.note(tx, "service.read", "dossier", self.served.dossier, partner=str(partner.id))
        service: ServiceKind = "social_service" if partner.kind == SOCIAL_SERVICE else "partner"
        seen = Look(author.ids.new(), self.served.person_id, author.now, service, str(partner.id), "service")
        await write_looks(tx, self.desk.region.id, [seen])


async def open_served(request: StaffRequest, tx: Executor) -> OpenServed:
    desk, membership_id = await desk_here(request, tx), request.path_params["membership_id"]
    return OpenServed(desk, await served_member(tx, desk, membership_id))
