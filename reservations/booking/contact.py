"""Who booked without a pass: their name and address, the link of their booking, and who is told of it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.tickets import number_of, read_booker
from uit.core.seal import GuestSeal, claim_code, seal_guest
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class BookingContact(Struct, frozen=True):
    """`proven_at`: when the link of a mail was first opened, so that the address is theirs."""

    booking_id: UUID
    name: str
    email: str
    link_version: int
    proven_at: datetime | None


class ClaimKey(Struct, frozen=True):
    """By what a guest's booking is claimed: its number, and a code that stands in its mail alone."""

    number: str
    code: str


class Recipient(Struct, frozen=True):
    """Who is told about a booking. `own` is the address of its page for them, below that of the region.

    `claim` is how a guest claims it; None for who holds it.
    """

    name: str
    email: str | None
    own: str
    claim: ClaimKey | None = None


read_contact = SQL.maybe("read_contact", BookingContact)
prove_contact = SQL.command("prove_contact")


def guest_path(
    key: bytes, region_id: int, booking_id: UUID, version: int = 1, *, mailed: bool = False
) -> str:
    """The address of a guest's booking, below that of its region. `mailed`: the one for a mail."""
    return f"gast/{seal_guest(key, GuestSeal(region_id, booking_id, version, mailed))}"


async def read_recipient(tx: Executor, key: bytes, region_id: int, booking_id: UUID) -> Recipient | None:
    """The holder of a booking, or the guest who made it; None when there is neither, or not any more."""
    booker = await read_booker(tx, region_id, booking_id)
    if booker:
        return Recipient(booker.given_name, booker.email, f"boekingen/{booking_id}")
    contact = await read_contact(tx, region_id, booking_id)
    if contact is None:
        return None
    version = contact.link_version
    code = claim_code(key, region_id, booking_id, version)
    own = guest_path(key, region_id, booking_id, version, mailed=True)
    return Recipient(contact.name, contact.email, own, ClaimKey(number_of(booking_id), code))
