"""What organisations and services booked for somebody, as that person alone sees it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.visit import Visit
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOST_SHOWN: Final = 50


class PartnerDeed(Struct, frozen=True):
    """What a partner booked of one date at one tariff. `people` still come, or came.

    `credit_cents` is what it costs of the credit: what came back is not in it.
    """

    booking_id: UUID
    partner: str
    activity: str
    starts_at: datetime
    people: int
    credit_cents: int


read_partner_deeds = SQL.many("read_partner_deeds", PartnerDeed)


async def deeds_for(tx: Executor, here: Visit) -> list[PartnerDeed]:
    """For who is signed in, and nobody else: that a service helps somebody is a secret."""
    if here.member is None or here.person_id is None:
        return []
    return await read_partner_deeds(tx, here.region.id, here.person_id, here.member.id, MOST_SHOWN)
