"""Acting for another: a parent, an administrator by court order, a mandated organisation, a trusted person.

Only a trusted person is appointed by the resident, who can revoke it; the database limits it to 12 months.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Power = Literal["see", "book", "pay"]
Kind = Literal["parental", "administrator", "mandate", "trusted"]


class Representation(Struct, frozen=True):
    """`limit_cents` is the most that one act may cost, `None` without a limit; `ends_on` is the last day."""

    id: UUID
    kind: Kind
    person_id: UUID
    representative_id: UUID
    powers: list[str]
    limit_cents: int | None
    ends_on: date | None


read_power = SQL.maybe("read_power", Representation)
read_represented = SQL.many("read_represented", Representation)
read_parent_ids = SQL.value("read_parent_ids", list[UUID])
revoke_representation = SQL.command("revoke_representation")


async def may_act(
    tx: Executor, representative_id: UUID, person_id: UUID, power: Power, day: date
) -> Representation | None:
    """The representation with the widest limit by which somebody may act for a person on a day, or None."""
    return await read_power(tx, representative_id, person_id, power, day)


async def represented(tx: Executor, representative_id: UUID, day: date) -> list[Representation]:
    """The representations by which somebody may act for others on a day."""
    return await read_represented(tx, representative_id, day)


async def revoke(tx: Executor, representation_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Revoke a trusted person, at once; False for any other kind, which the resident cannot end."""
    return bool(await revoke_representation(tx, representation_id, person_id, now))
