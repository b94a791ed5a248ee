"""Who acts at the counter of a region, and when: what every act on a person's pass is written down with."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.ground.audit import Act, record
from uit.ground.clock import day_in_flanders
from uit.ground.ids import Ids
from uit.ground.sql import Executor


class Counter(Struct, frozen=True):
    """`actor_kind` is `staff` at a desk, `system` for an import.

    `towns` are the REFNIS codes of the municipalities whose members they may see; None is the whole region.
    """

    region_id: int
    actor_kind: Literal["staff", "system"]
    actor_id: str
    now: datetime
    ids: Ids
    towns: tuple[str, ...] | None = None

    def sees(self, refnis: str | None) -> bool:
        return self.towns is None or refnis in self.towns

    @property
    def today(self) -> date:
        return day_in_flanders(self.now)

    async def note(
        self,
        tx: Executor,
        act: str,
        subject_kind: str,
        subject_id: UUID | int,
        **facts: str | int | bool | None,
    ) -> None:
        """Write the act to the audit trail, in the transaction of the act."""
        written = Act(
            self.region_id, self.actor_kind, self.actor_id, act, subject_kind, str(subject_id), facts
        )
        await record(tx, written, self.ids.new(), self.now)
