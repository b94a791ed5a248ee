"""The rule by which an organiser asks who stayed away before whether they come, and whom it excuses."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.tickets import number_of
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class AbsenceRule(Struct, frozen=True):
    """After so many absences in six months somebody is asked; they answer until `hours_before` it begins.

    A first absence costs nothing, nor does one that the organiser excused.
    """

    is_on: bool = False
    after_times: int = 2
    hours_before: int = 4


class Absence(Struct, frozen=True):
    """That nobody came by a booking. `first_name`: where the organiser asks for it."""

    booking_id: UUID
    session_id: UUID
    event: str
    starts_at: datetime
    is_excused: bool
    first_name: str | None

    @property
    def number(self) -> str:
        return number_of(self.booking_id)


read_rule = SQL.maybe("read_rule", AbsenceRule)
write_rule = SQL.command("write_rule")
read_absences = SQL.many("read_absences", Absence)
excuse = SQL.command("excuse")
excuse_no_more = SQL.command("excuse_no_more")
"""Each answers how many absences it changed."""


async def set_rule(tx: Executor, author: Author, organiser_id: UUID, rule: AbsenceRule) -> None:
    """Keep this rule from now on. What somebody was asked before stays as it was asked."""
    numbers = rule.is_on, rule.after_times, rule.hours_before
    await write_rule(tx, author.region_id, organiser_id, *numbers, author.now, UUID(author.actor_id))
    await author.note(
        tx, "absence.rule", "organiser", organiser_id, on=rule.is_on, times=rule.after_times,
        hours=rule.hours_before,
    )  # fmt: skip


async def excuse_absence(
    tx: Executor, author: Author, organiser_id: UUID, booking_id: UUID, session_id: UUID
) -> None:
    """Count an absence no more; sent again, it changes nothing."""
    if await excuse(tx, author.region_id, organiser_id, booking_id, session_id, author.now):
        await author.note(tx, "absence.excused", "booking", booking_id, session=str(session_id))


async def count_again(
    tx: Executor, author: Author, organiser_id: UUID, booking_id: UUID, session_id: UUID
) -> None:
    """Take back that an absence was excused; sent again, it changes nothing."""
    if await excuse_no_more(tx, author.region_id, organiser_id, booking_id, session_id):
        await author.note(tx, "absence.counted_again", "booking", booking_id, session=str(session_id))
