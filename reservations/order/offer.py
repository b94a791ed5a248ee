"""What somebody may take of a session: its tariffs, the facts they are sold by, and who sells them."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.entitlement import BASE, is_for_guests, is_own
from reservations.booking.facts import Facts, Holder, Session
from reservations.booking.member import Member
from reservations.booking.to_pay import Vendor
from reservations.catalogue.agenda import TariffOnSale, may_have, read_tariffs
from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)

MOST_PLACES: Final = 20
FIELD: Final = "plaatsen-"


class Choice(Struct, frozen=True):
    """A tariff that a visitor may have, for at most `most` places.

    `personal`: the social tariff, for one place. `own`: the tariff is meant for a member themselves, and not
    for companions. `label` says for whom a place is, and never names the reason for a personal price.
    """

    code: str
    label: str
    price_cents: int
    personal: bool
    most: int
    own: bool = False

    @property
    def field(self) -> str:
        """The name of its field in the form."""
        return FIELD + self.code


read_vendor = SQL.one("read_vendor", Vendor)


class SessionOffer(Struct, frozen=True):
    """The facts and choices for booking one session, read without a lock, and who sells it."""

    facts: Facts
    choices: list[Choice]
    vendor: Vendor

    @property
    def session(self) -> Session:
        return self.facts.sessions[0]


async def read_offer(tx: Executor, region_id: int, member: Member | None, session_id: UUID) -> SessionOffer:
    """What this member, or a guest, may take now of a session that is there."""
    document = await read_facts(tx, region_id, session_id, [member.id] if member else [])
    facts = msgspec.json.decode(document, type=Facts)
    tariffs = await read_tariffs(tx, region_id, [session_id])
    vendor = await read_vendor(tx, region_id, session_id)
    return SessionOffer(facts, choices(facts.sessions[0], tariffs, member), vendor)


def choices(session: Session, tariffs: Sequence[TariffOnSale], member: Holder | None) -> list[Choice]:
    """The tariffs that somebody may have, the personal one first."""
    day = day_in_flanders(session.starts_at)
    theirs = [tariff for tariff in tariffs if is_theirs(tariff, member, day)]
    has_own_price = any(is_personal(tariff) for tariff in theirs)
    found = [
        as_choice(
            tariff,
            label_of(tariff, has_own_price=has_own_price),
            own=member is not None and is_own(tariff, member, day),
        )
        for tariff in theirs
    ]
    return sorted(found, key=lambda choice: not choice.personal)


def is_theirs(tariff: TariffOnSale, member: Holder | None, day: date) -> bool:
    return is_for_guests(tariff) if member is None else may_have(tariff, member, day)


def is_personal(tariff: TariffOnSale) -> bool:
    return tariff.eligibility == "social"


def label_of(tariff: TariffOnSale, *, has_own_price: bool) -> str:
    if is_personal(tariff):
        return _("Jij")
    if tariff.code == BASE:
        return _("Wie met je meekomt") if has_own_price else _("Gewone plaats")
    return tariff.name


def as_choice(tariff: TariffOnSale, label: str, *, own: bool) -> Choice:
    personal = is_personal(tariff)
    room = MOST_PLACES if tariff.places_left is None else min(MOST_PLACES, tariff.places_left)
    return Choice(tariff.code, label, tariff.price_cents, personal, min(room, 1) if personal else room, own)
