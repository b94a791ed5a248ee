"""Two members side by side: what differs of them, and what each has."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from credits.wallet.merging import DoubleGrant, find_double_grants
from reservations.merging.merging import PARTS
from uit.core import formats
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.person.change import PersonDetails
from uit.identity.person.merging import read_state
from uit.passes.registration.counter_desk import CounterDesk, OpenMember
from uit.passes.registration.form import address_kinds, languages, ways

SQL = Statements(__name__)


class Belongings(Struct, frozen=True):
    """What one of the two has."""

    passes: int
    credit_cents: int
    bookings: int
    households: int


class Difference(Struct, frozen=True):
    """One part of two persons, as a clerk reads it of each."""

    part: str
    label: str
    left: str
    right: str
    is_left_empty: bool

    @property
    def is_same(self) -> bool:
        return self.left == self.right


class Comparison(Struct, frozen=True):
    """`has_two_numbers`: a different national number finds each, as when a BIS number was replaced."""

    left: OpenMember
    right: OpenMember
    parts: Sequence[Difference]
    has: tuple[Belongings, Belongings]
    doubles: Sequence[DoubleGrant]
    has_two_numbers: bool


read_belongings = SQL.one("read_belongings", Belongings)


def part_labels() -> dict[str, str]:
    return {
        "keep": _("Wie blijft?"),
        "name": _("Naam"),
        "born_on": _("Geboortedatum"),
        "email": _("E-mailadres"),
        "phone": _("Telefoon"),
        "language": _("Taal"),
        "address": _("Adres"),
        "reached_by": _("Bereikbaar"),
    }


async def compare(tx: Executor, desk: CounterDesk, left: OpenMember, right: OpenMember) -> Comparison:
    ids = left.membership.id, right.membership.id
    states = [await read_state(tx, each.person.id) for each in (left, right)]
    return Comparison(
        left,
        right,
        differences(left, right),
        (await belongings(tx, desk, ids[0]), await belongings(tx, desk, ids[1])),
        await find_double_grants(tx, desk.region.id, *ids),
        all(each.numbers for each in states),
    )


async def belongings(tx: Executor, desk: CounterDesk, membership_id: UUID) -> Belongings:
    return await read_belongings(tx, desk.region.id, membership_id, desk.counter.today)


def differences(left: OpenMember, right: OpenMember) -> list[Difference]:
    labels, sides = part_labels(), (parts_of(left), parts_of(right))
    empty = [part for part, fields in PARTS.items() if getattr(left.details, fields[0]) is None]
    return [Difference(part, labels[part], sides[0][part], sides[1][part], part in empty) for part in PARTS]


def parts_of(member: OpenMember) -> dict[str, str]:
    """Each part in words. A reference address is told as one, and never which."""
    details, nothing = member.details, _("niets")
    return {
        "name": details.full_name,
        "born_on": formats.full_day(details.born_on) if details.born_on else nothing,
        "email": details.email or nothing,
        "phone": details.phone or nothing,
        "language": languages().get(details.language, details.language),
        "address": address_of(details, member.town),
        "reached_by": ways().get(details.reached_by or "", nothing),
    }


def address_of(details: PersonDetails, town: str | None) -> str:
    known = details.address or address_kinds().get(details.address_kind or "")
    return ", ".join(each for each in (known, town) if each) or _("niets")
