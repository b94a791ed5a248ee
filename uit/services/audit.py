"""The audit trail: every act of staff on the data of a person, written in the transaction of the act.

A row is never changed. The worker erases it when the term of the retention class `trail` has passed.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from uit.core.clock import day_in_flanders
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
insert_act = SQL.command("insert_act")

Kind = Literal["staff", "person", "client", "door", "system"]


class Act(Struct, frozen=True):
    """An act: who did it, its name, and its subject.

    `act` is a noun with its verb, such as `grant.give` or `person.read`. `facts` hold ids and amounts, never
    an INSZ, a status or a reason.
    """

    region_id: int
    actor_kind: Kind
    actor_id: str
    act: str
    subject_kind: str
    subject_id: str
    facts: dict[str, str | int | bool | None] = {}


class ActRow(Act, frozen=True, kw_only=True):
    """A row of the audit trail, in the shape of `uit.write_acts`."""

    id: UUID


class Author(Struct, frozen=True):
    """The actor of a row of the audit trail, with the region and the time of the act.

    `actor_kind` is `staff` at a desk, `system` for an import or the example.
    """

    region_id: int
    actor_kind: Kind
    actor_id: str
    now: datetime
    ids: Ids

    @property
    def today(self) -> date:
        return day_in_flanders(self.now)

    async def note(
        self,
        tx: Executor,
        act: str,
        subject_kind: str,
        subject_id: UUID | int | str,
        **facts: str | int | bool | None,
    ) -> None:
        """Write an act to the audit trail, in the transaction of the act."""
        written = Act(
            self.region_id, self.actor_kind, self.actor_id, act, subject_kind, str(subject_id), facts
        )
        await record(tx, written, self.ids.new(), self.now)


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
