"""A session of an imported event that is there already."""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.source import UNKNOWN, Counting
from organisers.uitdatabank.occurrence import PERIOD_KEY
from reservations.importing.counting import SourceFigure
from reservations.importing.plan import PlannedPool

HERE: Final = "here#"


class KnownSession(Struct, frozen=True):
    """A session that came in before and is not over, with its pool.

    `foreign_id` begins with HERE for a date that was added here, and that its source has not. `kept`: places
    that its pool holds back for people of a date that nobody knows what became of.
    `decided_here`: a desk set its status or its time. `asked`: somebody has to decide what becomes of it.
    """

    foreign_id: str
    event_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    decided_here: bool
    asked: bool
    kept: int
    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int
    figure_unavailable: int | None
    figure_taken: int | None
    figure_elsewhere: int | None
    figure_counting: Counting | None

    @property
    def pool(self) -> PlannedPool:
        counted = self.licensed_capacity > 0 or self.figure_counting is not None
        return PlannedPool(self.id, self.licensed_capacity, self.capacity, self.taken, self.held, counted)

    @property
    def figure(self) -> SourceFigure:
        """What its source last said. Where that was not kept, what its pool still shows of it."""
        if self.figure_counting is None:
            elsewhere = max(self.held - self.kept, 0)
            return SourceFigure(elsewhere, self.taken, elsewhere, UNKNOWN)
        return SourceFigure(
            self.figure_unavailable, self.figure_taken or 0, self.figure_elsewhere or 0, self.figure_counting
        )


def is_period(session: KnownSession) -> bool:
    return session.foreign_id.endswith(f"#{PERIOD_KEY}")
