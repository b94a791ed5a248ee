"""A social tariff that a service gives before there is a proof: for 60 days, and final with one.

What was booked meanwhile stands. Nobody but the service can tell it from another: a membership has a last day
of its tariff, and nothing says where that comes from.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.errors import NotFound
from uit.database.statements import Executor, Statements
from uit.passes.decisions.decision import ServedBy
from uit.passes.errors import HasTariff, ProvisionalBefore
from uit.passes.membership.membership import lock_membership
from uit.passes.membership.social_tariff import set_social_until
from uit.services.audit import Author

SQL = Statements(__name__)

LASTS: Final = timedelta(days=60)
AGAIN_AFTER: Final = timedelta(days=365)
"""Who got one and never brought a proof gets no other for so long."""


class Provisional(Struct, frozen=True):
    """Given until a last day; `is_proven`: it became final."""

    id: UUID
    given_on: date
    ends_on: date
    is_proven: bool

    def is_open_on(self, day: date) -> bool:
        return not self.is_proven and day <= self.ends_on


read_provisional = SQL.many("read_provisional", Provisional)
insert_provisional = SQL.command("insert_provisional")


def refuse_provisional(
    today: date, social_until: date | None, before: Sequence[Provisional]
) -> HasTariff | ProvisionalBefore | None:
    """Why a service gives none now: there is a tariff already, or there was one without a proof."""
    if social_until is not None and social_until >= today:
        return HasTariff(social_until)
    unproven = [each for each in before if not each.is_proven and today < each.given_on + AGAIN_AFTER]
    return ProvisionalBefore(max(each.given_on + AGAIN_AFTER for each in unproven)) if unproven else None


async def give_provisionally(
    tx: Executor, author: Author, served: ServedBy, given_id: UUID
) -> NotFound | HasTariff | ProvisionalBefore | None:
    """Give the tariff for 60 days, once under the id of the form. Under the lock of the membership.

    Refused: NotFound, HasTariff, ProvisionalBefore.
    """
    membership = await lock_membership(tx, author.region_id, served.membership_id)
    if membership is None:
        return NotFound()
    before = await read_provisional(tx, author.region_id, served.membership_id)
    if any(each.id == given_id for each in before):
        return None
    refusal = refuse_provisional(author.today, membership.social_until, before)
    if refusal:
        return refusal
    ends_on = author.today + LASTS
    row = given_id, membership.id, served.partner_id, ends_on
    await insert_provisional(tx, author.region_id, *row, author.now)
    await set_social_until(tx, author.region_id, membership.id, ends_on)
    await author.note(tx, "provisional.give", "dossier", served.dossier, partner=str(served.partner_id))
    return None
