"""What a counter has to look at: proofs that end, doubles, letters that came back, grants that were refused.

Each task stands until what it is about is over, or a clerk marks it as done. Who asks to look at a decision
again is answered, and never marked as done.
"""

from calendar import monthrange
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.errors import BudgetSpent, NotEntitled
from credits.programme.grant import GrantRequest
from uit.database.statements import Executor, Statements
from uit.passes.counter import Counter

SQL = Statements(__name__)
MOST_COMPARED: Final = 500
"""The newest members, of whom doubles are looked for: who registers twice does so late."""
KINDS: Final = ("proof", "double", "letter", "grant")
"""Those that a clerk may mark as done."""


class CounterTask(Struct, frozen=True):
    """`kind` is "review" or one of KINDS; `about` tells the tasks of one member apart.

    `day`: of what it is about. `other`: the programme, the subject of a letter, or who may be the same
    person, by `other_id`.
    """

    kind: str
    membership_id: UUID
    person_id: UUID
    name: str
    is_protected: bool
    about: str
    day: date
    other_id: UUID | None
    other: str


find_reviews = SQL.many("find_reviews", CounterTask)
find_ending_proofs = SQL.many("find_ending_proofs", CounterTask)
find_doubles = SQL.many("find_doubles", CounterTask)
find_returned_letters = SQL.many("find_returned_letters", CounterTask)
find_refused_grants = SQL.many("find_refused_grants", CounterTask)
add_mark = SQL.command("add_mark")
add_refused_grant = SQL.command("add_refused_grant")


async def read_worklist(tx: Executor, counter: Counter, most: int) -> dict[str, list[CounterTask]]:
    """The tasks that a counter sees, by kind, at most so many of each."""
    here, (first, last) = (counter.region_id, counter.towns), month_of(counter.today)
    return {
        "review": await find_reviews(tx, *here, most),
        "proof": await find_ending_proofs(tx, *here, first, last, most),
        "double": await find_doubles(tx, *here, MOST_COMPARED, most),
        "letter": await find_returned_letters(tx, *here, most),
        "grant": await find_refused_grants(tx, *here, most),
    }


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of its month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


async def mark_done(tx: Executor, counter: Counter, membership_id: UUID, kind: str, about: str) -> bool:
    """Take a task off the list; False where it was done already."""
    if not await add_mark(tx, counter.region_id, kind, membership_id, about, counter.now):
        return False
    await counter.note(tx, "worklist.done", "membership", membership_id, by=kind)
    return True


async def note_refusal(tx: Executor, wanted: GrantRequest, answer: object, now: datetime) -> None:
    """Put a grant on the list that a rule or an empty fund refused; not one that was given already."""
    if isinstance(answer, NotEntitled | BudgetSpent):
        key = wanted.region_id, wanted.membership_id, wanted.programme_id
        await add_refused_grant(tx, *key, answer.code, now)
