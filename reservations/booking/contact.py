"""Who booked without a pass: their name and address, the link of their booking, and who is told of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import helped_members
from reservations.booking.tickets import Booker, number_of, read_booker
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

    @property
    def hinted_email(self) -> str:
        """The address as a page may show it to whoever has the link: enough to know one's own by."""
        box, _, host = self.email.partition("@")
        return f"{box[:1]}•••@{host}"


class ClaimKey(Struct, frozen=True):
    """By what a guest's booking is claimed: its number, and a code that stands in its mail alone."""

    number: str
    code: str


class RecipientKind(StrEnum):
    """Who holds the booking, made it for who holds it, made it without a pass, or claimed it since."""

    HOLDER = "holder"
    GUEST = "guest"
    CLAIMANT = "claimant"
    REPRESENTATIVE = "representative"


class Recipient(Struct, frozen=True):
    """Who is told about a booking. `own` is the address of its page for them, below that of the region.

    `claim` is how a guest claims it; None for others, and once somebody did. `made_for`: the given name of
    who comes, for who made it for them.
    """

    kind: RecipientKind
    name: str
    email: str | None
    own: str
    claim: ClaimKey | None = None
    made_for: str | None = None


class Maker(Struct, frozen=True):
    """Who made a booking for the member who holds it, and that member."""

    person_id: UUID
    given_name: str
    email: str | None
    holder_id: UUID
    made_for: str


read_contact = SQL.maybe("read_contact", BookingContact)
read_maker = SQL.maybe("read_maker", Maker)
read_claimant = SQL.maybe("read_claimant", Booker)
prove_contact = SQL.command("prove_contact")


def guest_path(
    key: bytes, region_id: int, booking_id: UUID, version: int = 1, *, mailed: bool = False
) -> str:
    """The address of a guest's booking, below that of its region. `mailed`: the one for a mail."""
    return f"gast/{seal_guest(key, GuestSeal(region_id, booking_id, version, mailed))}"


async def read_recipients(
    tx: Executor, key: bytes, region_id: int, booking_id: UUID, day: date
) -> list[Recipient]:
    """The holder of a booking, and who made it for them and may still do so on this day.

    Or the guest who made it, until they are forgotten, and who claimed it.
    """
    own = f"boekingen/{booking_id}"
    booker = await read_booker(tx, region_id, booking_id)
    if booker:
        holder = Recipient(RecipientKind.HOLDER, booker.given_name, booker.email, own)
        maker = await read_maker(tx, region_id, booking_id)
        return [holder, *(await maker_told(tx, region_id, maker, own, day) if maker else [])]
    contact = await read_contact(tx, region_id, booking_id)
    claimant = await read_claimant(tx, region_id, booking_id)
    found = [as_recipient(key, region_id, contact, is_claimed=claimant is not None)] if contact else []
    if claimant:
        found.append(Recipient(RecipientKind.CLAIMANT, claimant.given_name, claimant.email, own))
    return found


async def maker_told(tx: Executor, region_id: int, maker: Maker, own: str, day: date) -> list[Recipient]:
    """Who made a booking for another, as long as they may book for them."""
    helped = await helped_members(tx, region_id, maker.person_id, day)
    if not any(each.membership_id == maker.holder_id and each.powers.book for each in helped):
        return []
    kind = RecipientKind.REPRESENTATIVE
    return [Recipient(kind, maker.given_name, maker.email, own, made_for=maker.made_for)]


def as_recipient(key: bytes, region_id: int, contact: BookingContact, *, is_claimed: bool) -> Recipient:
    booking_id, version = contact.booking_id, contact.link_version
    claim = ClaimKey(number_of(booking_id), claim_code(key, region_id, booking_id, version))
    own = guest_path(key, region_id, booking_id, version, mailed=True)
    return Recipient(RecipientKind.GUEST, contact.name, contact.email, own, None if is_claimed else claim)


def addressed(found: Sequence[Recipient], to: RecipientKind | None) -> list[Recipient]:
    """Those who have an address, all or only one; a guest who claimed the booking themselves is told once."""
    reached = [each for each in found if each.email and to in {None, each.kind}]
    mailboxes = {each.email.lower(): each for each in reached if each.email}
    return list(mailboxes.values())
