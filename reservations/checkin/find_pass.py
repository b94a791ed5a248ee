"""Whose pass is meant by what was scanned or typed."""

from datetime import date
from typing import Final

from reservations.checkin.checkin import CheckinActor, Scope
from reservations.checkin.errors import NumberOpensNothing
from reservations.checkin.party import PartyOfPass
from reservations.errors import OtherRegion
from uit.core.errors import Refusal
from uit.core.seal import open_pass
from uit.database.statements import Executor
from uit.passes.card.card import holder_by_number, holder_by_pass
from uit.passes.card.number import NumberAndYear
from uit.passes.errors import PassUnknown
from uit.passes.group.group import group_by_pass
from uit.services.limit import Limit, Limiter

NUMBERS: Final = Limit("pass numbers at a door", 120, 3600)
"""Of one device, desk or client at one session: one in half a minute is faster than people type at a door."""
YEARS: Final = Limit("birth years of a pass at a door", 5, 3600)
"""Of one number, by the same: who tries years finds nothing out."""


async def find_pass(
    tx: Executor, signing_key: bytes, token: str, scope: Scope, day: date
) -> PartyOfPass | Refusal:
    """The member or the group whose pass was scanned. Refused: PassUnknown, PassNotActive, OtherRegion."""
    seal = open_pass(signing_key, token)
    if seal is None:
        return PassUnknown()
    if seal.region_id != scope.region_id and scope.session_id is not None:
        return OtherRegion(scope.session_id)
    holder = await holder_by_pass(tx, signing_key, token, day)
    if not isinstance(holder, PassUnknown):
        return holder if isinstance(holder, Refusal) else PartyOfPass(holder.membership_id)
    group = await group_by_pass(tx, signing_key, token)
    return group if isinstance(group, Refusal) else PartyOfPass(group.id)


async def count_number(
    limiter: Limiter, typed: NumberAndYear, scope: Scope, by: CheckinActor
) -> Refusal | None:
    """Count an attempt by a number and a birth year, before it is looked up. Refused: TooOften."""
    asker = by.kind, by.id, str(scope.session_id)
    return await limiter.count(NUMBERS, *asker) or await limiter.count(YEARS, *asker, typed.number)


async def find_by_number(
    tx: Executor, typed: NumberAndYear, scope: Scope, day: date
) -> PartyOfPass | NumberOpensNothing:
    """The holder of a pass of the region whose number was typed with the birth year."""
    holder = await holder_by_number(tx, scope.region_id, typed.number, typed.birth_year, day)
    return PartyOfPass(holder.membership_id, by_number=True) if holder else NumberOpensNothing()
