"""Who books, for whom, and by what proof: what a command says of people."""

from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import GROUP, PARTNER, REPRESENTATIVE, BookingActor
from uit.identity.visitor import Client


class CardProof(Struct, frozen=True):
    """The holder shows what their card's QR carries; its signature was checked already."""

    card_id: UUID
    token_version: int


class MembershipProof(Struct, frozen=True):
    """The holder is signed in, or a clerk acts for them."""

    membership_id: UUID


class GroupProof(Struct, frozen=True):
    """The holder is a group of a partner; that who books works for the partner, their desk has checked."""

    group_id: UUID


class LineProof(Struct, frozen=True):
    """Nothing is shown: it is whoever has a line of the booking and keeps it. They get nothing new."""

    holder_id: UUID


HolderProof = CardProof | MembershipProof | GroupProof | LineProof


class ByHolder(Struct, frozen=True):
    """A resident, on their own pages or with their own program."""

    membership_id: UUID

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", str(self.membership_id))


class ByRepresentative(Struct, frozen=True):
    """Somebody who acts for members: a parent, an administrator, a trusted person.

    What they may do for each is looked up under the locks. With `own_id` they come along, by their own pass;
    without it they need none of the region, so they are stored as a person.
    """

    person_id: UUID
    membership_ids: tuple[UUID, ...]
    own_id: UUID | None = None

    def is_for(self, membership_id: UUID | None) -> bool:
        """Whether a line of this holder is theirs to book or to give up."""
        return membership_id is not None and membership_id in {*self.membership_ids, self.own_id}

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", f"{REPRESENTATIVE}{self.person_id}")


class ByGroup(Struct, frozen=True):
    """A worker of a partner, for a group of it. What one made, each of them may give up."""

    group_id: UUID
    staff_id: UUID

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", f"{GROUP}{self.group_id}/{self.staff_id}")


class ByPartner(Struct, frozen=True):
    """A worker of a partner, for a member who gave it a mandate or whom their service helps.

    What they may do by `given_id` is looked up under the locks. Nothing else stands in the booking, so that
    it tells nobody which partner it was.
    """

    given_id: UUID
    partner_id: UUID
    membership_id: UUID
    staff_id: UUID

    def is_for(self, membership_id: UUID | None) -> bool:
        """Whether a line of this holder is theirs to book or to give up."""
        return membership_id == self.membership_id

    def as_stored(self) -> BookingActor:
        return BookingActor("holder", f"{PARTNER}{self.given_id}")


class ByClient(Struct, frozen=True):
    """An integrator's system, for the sessions of these organisers and its own bookings."""

    client_id: str
    organiser_ids: frozenset[UUID]

    def as_stored(self) -> BookingActor:
        return BookingActor("client", self.client_id)


def client_actor(client: Client) -> ByClient:
    """The system that is signed in, for the sessions of its organisers."""
    return ByClient(client.client_id, client.organiser_ids)


class ByGuest(Struct, frozen=True):
    """Somebody without a pass, who has the link of a booking; `link_id` is the id of that booking."""

    link_id: str

    def as_stored(self) -> BookingActor:
        return BookingActor("guest", self.link_id)


class ByStaff(Struct, frozen=True):
    """A clerk or an organiser's own staff; who may act on what, the desk has checked.

    `by_rules`: tickets end as if their holder gave them up, by the term and the fee of their organiser.
    """

    staff_id: UUID
    by_rules: bool = False

    def as_stored(self) -> BookingActor:
        return BookingActor("staff", str(self.staff_id))


class ByWorker(Struct, frozen=True):
    """The worker, by a rule and at nobody's request."""

    def as_stored(self) -> BookingActor:
        return BookingActor("worker", "")


Actor = ByHolder | ByRepresentative | ByGroup | ByPartner | ByClient | ByGuest | ByStaff | ByWorker
