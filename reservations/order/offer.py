"""What somebody may take of a session: its tariffs, the facts they are sold by, and who sells them."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.entitlement import BASE, is_for_anybody, is_for_guests, is_own
from reservations.booking.facts import Facts, Holder, PersonalPlaces, Session
from reservations.booking.member import Member
from reservations.booking.to_pay import Vendor
from reservations.catalogue.agenda import TariffOnSale, may_have, read_tariffs
from reservations.most_places import most_at_once
from uit.core.age import is_for_minors
from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)

FIELD: Final = "plaatsen-"


class Choice(Struct, frozen=True):
    """A tariff that a visitor may have, for at most `most` tickets, and no fewer than `least`.

    `personal`: the social tariff, for one place. `own`: the tariff is meant for a member themselves, and not
    for companions. `label` says for whom a place is, and never names the reason for a personal price.
    `weight` is how many places a ticket takes. `had`: it is one each, and the member has theirs.
    """

    code: str
    label: str
    price_cents: int
    personal: bool
    most: int
    own: bool = False
    least: int = 1
    weight: int = 1
    had: bool = False

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return FIELD + self.code

    @property
    def limit(self) -> int:
        """How many of it one may ask for at once, whatever is left."""
        return most_at_once(self.least)


class ClosedPrice(Struct, frozen=True):
    """A price that asks an age which nobody showed: `for_children`, or for others of some age."""

    code: str
    label: str
    price_cents: int
    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None
    for_children: bool


read_vendor = SQL.one("read_vendor", Vendor)


class SessionOffer(Struct, frozen=True):
    """The facts and choices for booking one session, read without a lock, and who sells it.

    `closed` are the prices that are for another age than was shown.
    """

    facts: Facts
    choices: list[Choice]
    vendor: Vendor
    closed: list[ClosedPrice] = []

    @property
    def session(self) -> Session:
        return self.facts.sessions[0]

    @property
    def open(self) -> list[Choice]:
        """The choices but for what the member has already and cannot have twice."""
        return [choice for choice in self.choices if not choice.had]

    @property
    def had(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.had]


async def read_offer(  # noqa: PLR0913  who comes, to what, and who asks
    tx: Executor,
    region_id: int,
    member: Member | None,
    session_id: UUID,
    *,
    at_desk: bool = False,
    name: str | None = None,
) -> SessionOffer:
    """What this member, or a guest, may take now of a session that is there.

    `at_desk` somebody sees them; `name` is theirs where another books for them.
    """
    document = await read_facts(tx, region_id, session_id, [member.id] if member else [])
    facts = msgspec.json.decode(document, type=Facts)
    session, tariffs = facts.sessions[0], await read_tariffs(tx, region_id, [session_id])
    vendor = await read_vendor(tx, region_id, session_id)
    if at_desk:
        return SessionOffer(facts, choices_at_desk(tariffs), vendor)
    found = choices(session, tariffs, member, facts.personal, name)
    return SessionOffer(facts, found, vendor, closed(session, tariffs, member))


def choices(
    session: Session,
    tariffs: Sequence[TariffOnSale],
    member: Holder | None,
    personal: Sequence[PersonalPlaces],
    name: str | None = None,
) -> list[Choice]:
    """The tariffs that somebody may have, the personal one first.

    `personal` is what members have of these sessions at prices that are one each. `name`: see `read_offer`.
    """
    day = day_in_flanders(session.starts_at)
    theirs = [tariff for tariff in tariffs if is_theirs(tariff, member, day)]
    has_own_price = any(is_personal(tariff) for tariff in theirs)
    has_theirs = member is not None and any(
        each.session_id == session.id and each.holder_id == member.id and each.places for each in personal
    )
    found = [
        as_choice(
            tariff,
            label_of(tariff, has_own_price=has_own_price, name=name),
            own=member is not None and is_own(tariff, member, day),
            had=has_theirs and is_personal(tariff),
        )
        for tariff in theirs
    ]
    return sorted(found, key=lambda choice: not choice.personal)


def choices_at_desk(tariffs: Sequence[TariffOnSale]) -> list[Choice]:
    """What a seller gives to who has no pass: they see how old somebody is."""
    return [
        as_choice(tariff, label_of(tariff, has_own_price=False), own=False)
        for tariff in tariffs
        if is_for_anybody(tariff)
    ]


def closed(session: Session, tariffs: Sequence[TariffOnSale], member: Holder | None) -> list[ClosedPrice]:
    """The prices for another age, which are for whoever else comes along. A social one is not among them."""
    day = day_in_flanders(session.starts_at)
    return [
        ClosedPrice(
            tariff.code,
            label_of(tariff, has_own_price=False),
            tariff.price_cents,
            tariff.age_from,
            tariff.age_to,
            tariff.born_from,
            tariff.born_to,
            is_for_minors(tariff.age_to, tariff.born_from, day),
        )
        for tariff in tariffs
        if is_for_anybody(tariff) and not is_theirs(tariff, member, day)
    ]


def is_theirs(tariff: TariffOnSale, member: Holder | None, day: date) -> bool:
    return is_for_guests(tariff) if member is None else may_have(tariff, member, day)


def is_personal(tariff: TariffOnSale) -> bool:
    return tariff.eligibility == "social"


def label_of(tariff: TariffOnSale, *, has_own_price: bool, name: str | None = None) -> str:
    if is_personal(tariff):
        return name or _("Jij")
    if tariff.code == BASE:
        if has_own_price and name:
            return _("Wie met %(name)s meekomt", name=name)
        return _("Wie met je meekomt") if has_own_price else _("Gewone plaats")
    return tariff.name


def as_choice(tariff: TariffOnSale, label: str, *, own: bool, had: bool = False) -> Choice:
    personal = is_personal(tariff)
    choice = Choice(tariff.code, label, tariff.price_cents, personal, 0, own, tariff.least, tariff.weight)
    room = choice.limit if tariff.places_left is None else min(choice.limit, tariff.places_left)
    most = 0 if had else min(room, 1) if personal else room
    return replace(choice, most=most, had=had)
