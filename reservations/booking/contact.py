"""Who booked without a pass: their name and address, the link of their booking, and who is told of it."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import helped_members
from reservations.booking.tickets import Booker, BookingHolder, number_of, read_holders
from reservations.booking.viewer import Viewer
from uit.core.formats import joined
from uit.core.seal import GuestSeal, claim_code, seal_guest
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.person.consent import needs_consent

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

    `person_id`: None for a guest, of whom we have a name and an address alone.
    `claim` is how a guest claims it; None for others, and once somebody did. `made_for`: the given names of
    who comes, for who made it for them. `made_by`: who did, for who comes. `viewer`: what of it they see;
    all where there is none. `link_version`: of the link of a guest.
    """

    kind: RecipientKind
    name: str
    email: str | None
    own: str
    person_id: UUID | None = None
    claim: ClaimKey | None = None
    made_for: str | None = None
    made_by: str | None = None
    viewer: Viewer | None = None
    link_version: int = 0


read_contact = SQL.maybe("read_contact", BookingContact)
read_maker = SQL.maybe("read_maker", Booker)
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
    """Who come by a booking that was made for them, and who made it and may still do so on this day.

    Of another booking its first holder. Or the guest who made it, until they are forgotten, and who claimed
    it. Nobody who died, and a child without an address is told by who booked for them.
    """
    own = f"boekingen/{booking_id}"
    holders = await read_holders(tx, region_id, booking_id)
    if holders:
        living = [each for each in holders if not each.has_died]
        maker = await read_maker(tx, region_id, booking_id)
        if maker is None:
            return [as_holder(each, own) for each in holders[:1] if not each.has_died]
        makers = await maker_told(tx, region_id, maker, living, own, day)
        told = [each for each in living if each.email or not (makers and needs_consent(each.born_on, day))]
        return [*(as_holder(each, own, maker) for each in told), *makers]
    contact = await read_contact(tx, region_id, booking_id)
    claimant = await read_claimant(tx, region_id, booking_id)
    if claimant and claimant.has_died:
        return []
    found = [as_recipient(key, region_id, contact, is_claimed=claimant is not None)] if contact else []
    if claimant:
        kind = RecipientKind.CLAIMANT
        found.append(Recipient(kind, claimant.given_name, claimant.email, own, claimant.person_id))
    return found


def as_holder(holder: BookingHolder, own: str, maker: Booker | None = None) -> Recipient:
    viewer = Viewer(holder.person_id, holder.membership_id)
    is_another = maker is not None and maker.person_id != holder.person_id
    return Recipient(
        RecipientKind.HOLDER,
        holder.given_name,
        holder.email,
        own,
        holder.person_id,
        made_by=maker.given_name if maker and is_another else None,
        viewer=viewer,
    )


async def maker_told(  # noqa: PLR0913, PLR0917  who made it for whom, where, and when they are told
    tx: Executor, region_id: int, maker: Booker, holders: Sequence[BookingHolder], own: str, day: date
) -> list[Recipient]:
    """Who made a booking for others, as long as they may book for one of them."""
    helped = await helped_members(tx, region_id, maker.person_id, day)
    may = {each.membership_id for each in helped if each.powers.book}
    theirs = [each for each in holders if each.membership_id in may]
    if not theirs or maker.has_died:
        return []
    along = next((each.membership_id for each in holders if each.person_id == maker.person_id), None)
    viewer = Viewer(maker.person_id, along, tuple(each.membership_id for each in theirs))
    names = joined([*([_("jezelf")] if along else []), *(each.given_name for each in theirs)])
    kind = RecipientKind.REPRESENTATIVE
    return [
        Recipient(kind, maker.given_name, maker.email, own, maker.person_id, made_for=names, viewer=viewer)
    ]


def as_recipient(key: bytes, region_id: int, contact: BookingContact, *, is_claimed: bool) -> Recipient:
    booking_id, version = contact.booking_id, contact.link_version
    claim = ClaimKey(number_of(booking_id), claim_code(key, region_id, booking_id, version))
    own = guest_path(key, region_id, booking_id, version, mailed=True)
    unclaimed = None if is_claimed else claim
    return Recipient(
        RecipientKind.GUEST, contact.name, contact.email, own, claim=unclaimed, link_version=version
    )


def addressed(
    found: Sequence[Recipient], to: RecipientKind | None, who: UUID | None = None
) -> list[Recipient]:
    """Those who are told, all or only one, each mailbox once.

    A guest who claimed the booking themselves is told once, and who booked for others what they all have.
    """
    told = [each for each in found if to in {None, each.kind} and who in {None, each.person_id}]
    return list({each.email.lower() if each.email else each.person_id: each for each in told}.values())
