"""What is offered to who waits: the booking that they would make themselves. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from reservations.booking.actor import MembershipProof
from reservations.booking.commands import Book, GuestContact, RequestedLine, bound_to
from reservations.booking.facts import Session
from reservations.booking.waits_as import waits_as
from reservations.waiting_line.entry import WaitingEntry, WantedPlaces


def offer_to(
    region_id: int, entry: WaitingEntry, sessions: Sequence[Session], until: datetime | None
) -> Book:
    """The booking that is offered, in the name of who waits. Somebody gets one offer, so its id follows."""
    booking_id = uuid5(entry.id, "offer")
    guest = GuestContact(entry.name or "", entry.email) if entry.email else None
    return Book(
        region_id=region_id,
        booking_id=booking_id,
        digest=bound_to("offer", entry.id),
        by=waits_as(entry, booking_id, sessions[0].organiser_id),
        lines=tuple(
            RequestedLine(
                session.id,
                each.tariff,
                each.places,
                proof_of(entry, each),
                has_code=each.has_code,
                course_id=entry.course_id,
            )
            for each in entry.lines
            for session in sessions
        ),
        channel=entry.channel,
        held_until=until,
        guest=guest,
        entry_id=entry.id,
    )


def proof_of(entry: WaitingEntry, wanted: WantedPlaces) -> MembershipProof | None:
    """By whose pass these places are; None for a guest."""
    holder_id = wanted.membership_id or entry.membership_id
    return MembershipProof(holder_id) if holder_id else None
