"""As who somebody in a line books what they are offered, answers it and leaves. Pure."""

from uuid import UUID

from reservations.booking.actor import ByClient, ByGuest, ByHolder, ByRepresentative
from reservations.waiting_line.entry import WaitingEntry

InLineAs = ByHolder | ByRepresentative | ByClient | ByGuest


def waits_as(entry: WaitingEntry, booking_id: UUID, organiser_id: UUID | None = None) -> InLineAs:
    """Whoever asked to wait. `organiser_id`: of the date that a client is offered."""
    if entry.client_id:
        return ByClient(entry.client_id, frozenset({organiser_id} if organiser_id else ()))
    if entry.person_id:
        return acts_for(entry.person_id, entry.holder_ids, entry.own_id)
    return ByHolder(entry.membership_id) if entry.membership_id else ByGuest(str(booking_id))


def acts_for(person_id: UUID, holder_ids: tuple[UUID, ...], own_id: UUID | None) -> ByRepresentative:
    return ByRepresentative(person_id, tuple(each for each in holder_ids if each != own_id), own_id)
