"""Acting for another: a parent, an administrator by court order, a mandated organisation, a trusted person.

Only a trusted person is appointed by the resident, who can revoke it; the database limits it to 12 months.
What each may do on a day is said by `powers.py`.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Power = Literal["see", "book", "pay"]
Kind = Literal["parental", "administrator", "mandate", "trusted", "service"]
"""A service is a partner that helps somebody, of which `identity.service_client` tells."""


class Representation(Struct, frozen=True):
    """`limit_cents` is the most credit that one booking may take, None without a limit.

    `ends_on` is the last day. `checked_on`: when a clerk last saw the order of an administrator.
    """

    id: UUID
    kind: Kind
    person_id: UUID
    representative_id: UUID
    powers: list[str]
    limit_cents: int | None
    starts_on: date
    ends_on: date | None
    is_revoked: bool
    is_accepted: bool
    checked_on: date | None
    shares_titles: bool


read_of_person = SQL.many("read_of_person", Representation)
revoke_representation = SQL.command("revoke_representation")
stop_helping = SQL.command("stop_helping")
insert_given = SQL.command("insert_given")
end_given = SQL.command("end_given")
check_order = SQL.command("check_order")
mark_warned = SQL.command("mark_warned")
write_sharing = SQL.command("write_sharing")


async def given_by(tx: Executor, person_id: UUID) -> list[Representation]:
    """All who may act for somebody, or could at some time, but for who was stopped."""
    return await read_of_person(tx, person_id)


async def revoke(tx: Executor, representation_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Revoke a trusted person, at once; False for any other kind, which the resident cannot end."""
    return bool(await revoke_representation(tx, representation_id, person_id, now))


async def share_titles(tx: Executor, representation_id: UUID, person_id: UUID, *, shares: bool) -> bool:
    """Let a parent see where one goes, or no longer; False where it is no parent of theirs."""
    return bool(await write_sharing(tx, representation_id, person_id, shares))
