"""What those who come may have of the date to which a booking changes: by their passes, or a group's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.acting import as_helped, find_given_to_partner
from reservations.booking.actor import (
    Actor,
    ByGroup,
    ByGuest,
    ByPartner,
    ByRepresentative,
    GroupProof,
    MembershipProof,
)
from reservations.booking.facts import Facts
from reservations.booking.group import with_group
from reservations.booking.own_booking import OwnBooking
from reservations.booking.visit import read_others
from reservations.catalogue.agenda import read_tariffs
from reservations.changes.change_form import Row
from reservations.groups.order import PartnerChoice, choices
from reservations.most_places import MOST_OF_GROUP
from reservations.order.choice import Choice
from reservations.order.offer import read_offer
from reservations.order.who_comes import Comer, all_who_may_come
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor


async def who_comes(tx: Executor, mine: OwnBooking, now: datetime) -> tuple[OwnBooking, list[Comer]]:
    """Who may come, and as whom one acts for all of them; nobody by a pass where it is a guest or a group.

    Who booked for others may come themselves too, by their own pass.
    """
    if isinstance(mine.by, ByPartner):
        return mine, await whom_a_partner_helps(tx, mine.here.region.id, mine.by, now)
    if isinstance(mine.by, ByGuest) or mine.viewer is None:
        return mine, []
    if not isinstance(mine.by, ByRepresentative):
        return mine, all_who_may_come(mine.viewer.own_id, [])
    others = await read_others(tx, mine.here, now)
    own_id = mine.here.member.id if mine.here.member else mine.viewer.own_id
    by = replace(mine.by, membership_ids=tuple(each.membership_id for each in others), own_id=own_id)
    return replace(mine, by=by), all_who_may_come(own_id, others)


async def whom_a_partner_helps(tx: Executor, region_id: int, by: ByPartner, now: datetime) -> list[Comer]:
    """The member for whom a partner acts, with what it was given; nobody once that ended."""
    given = await find_given_to_partner(tx, region_id, by.partner_id, by.given_id)
    return [Comer(by.membership_id, as_helped([given], day_in_flanders(now)))] if given else []


def wallets_of(by: Actor, comers: Sequence[Comer]) -> list[UUID]:
    """Whose credit may pay: that of those who come, or of the group."""
    return [by.group_id] if isinstance(by, ByGroup) else [each.membership_id for each in comers]


async def with_group_of(tx: Executor, facts: Facts, by: Actor) -> Facts:
    """The facts of a page with the group whose booking it is; else as they are."""
    if not isinstance(by, ByGroup):
        return facts
    return await with_group(tx, facts, facts.bookings[0].region_id, by.group_id)


async def offered_to(
    tx: Executor, facts: Facts, by: Actor, comers: Sequence[Comer], session_id: UUID
) -> Sequence[Choice]:
    """The prices of a date for those who come, in their order."""
    region_id = facts.bookings[0].region_id
    if not isinstance(by, ByGroup):
        return (await read_offer(tx, region_id, comers, session_id)).in_order
    session = next(each for each in facts.sessions if each.id == session_id)
    tariffs = await read_tariffs(tx, region_id, [session_id])
    return [
        as_choice(each, by.group_id) for group in facts.groups for each in choices(session, tariffs, group)
    ]


def as_choice(choice: PartnerChoice, group_id: UUID) -> Choice:
    """A price of a group, as that of any other: for as many as it is."""
    return Choice(
        choice.code, choice.label, choice.price_cents, personal=False, most=choice.most, holder_id=group_id
    )


def as_many_as_come(by: Actor, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a form, of which a group may fill in as many as it is."""
    return [replace(row, most=MOST_OF_GROUP) for row in rows] if isinstance(by, ByGroup) else rows


def as_proof(by: Actor, holder_id: UUID | None) -> MembershipProof | GroupProof | None:
    """By what a holder is known to who acts for them."""
    if holder_id is None:
        return None
    return GroupProof(holder_id) if isinstance(by, ByGroup) else MembershipProof(holder_id)
