"""The audit trail: every act of staff on a person's data, in the transaction of the act.

Never changed afterwards.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.ground.sql import Executor, Statements

SQL = Statements("uit/ground", "audit")
insert_act = SQL.command("insert_act")


class Act(Struct, frozen=True):
    """Who did what to what. `facts` hold ids and amounts, never an INSZ, a status or a reason.

    `act` is a verb with its noun, as in `grant.give` or `person.read`.
    """

    region_id: int
    actor_kind: Literal["staff", "person", "client", "door", "system"]
    actor_id: str
    act: str
    subject_kind: str
    subject_id: str
    facts: dict[str, str | int | bool | None] = {}


async def record(tx: Executor, act: Act, act_id: UUID, at: datetime) -> None:
    await insert_act(
        tx,
        act.region_id,
        act_id,
        at,
        act.actor_kind,
        act.actor_id,
        act.act,
        act.subject_kind,
        act.subject_id,
        msgspec.json.encode(act.facts).decode(),
    )
