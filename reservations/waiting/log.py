"""How a line was gone through each time, for its organiser: by numbers, and reckoned anew while one looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.offering import NOT_THERE, TOO_NEAR
from reservations.booking.waiting_rows import known_again
from reservations.waiting_line.rule import TOO_FEW, Outcome, PassedOver, go_through
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)


class StandsThere(Struct, frozen=True):
    """One in the line of an activity, by their number in it, without a name. `wants_date`: also this date."""

    id: UUID
    number: int
    places: int
    joined_at: datetime
    state: str
    answer_by: datetime | None
    wants_date: bool


class StoredPass(Struct, frozen=True):
    """`known` and `outcomes` are JSON text."""

    at: datetime
    known: str
    outcomes: str


class Step(Struct, frozen=True):
    """What came of it for one of them, in words."""

    number: int
    result: str
    words: str


class PassedThrough(Struct, frozen=True):
    """One time that the line was gone through. `is_right`: the rule gives the same again."""

    at: datetime
    steps: Sequence[Step]
    is_right: bool


read_standing = SQL.many("read_standing", StandsThere)
read_passes = SQL.many("read_passes", StoredPass)


async def passes_of(
    tx: Executor, region_id: int, event_id: UUID, standing: Sequence[StandsThere]
) -> list[PassedThrough]:
    """The last times, the latest first."""
    numbers = {each.id: each.number for each in standing}
    return [as_pass(each, numbers) for each in await read_passes(tx, region_id, event_id)]


def as_pass(stored: StoredPass, numbers: Mapping[UUID, int]) -> PassedThrough:
    known, outcomes = known_again(stored.known, stored.outcomes)
    steps = [as_step(each, numbers[each.entry_id]) for each in outcomes if each.entry_id in numbers]
    return PassedThrough(stored.at, steps, go_through(known) == outcomes)


def as_step(outcome: Outcome, number: int) -> Step:
    return Step(number, outcome.result, words_of(outcome))


def words_of(outcome: Outcome) -> str:
    """What came of it, and why."""
    places = sum(outcome.places)
    if outcome.result == "offered":
        one, many = _("kreeg 1 plaats aangeboden"), _("kreeg %(places)s plaatsen aangeboden", places=places)
        return one if places == 1 else many
    why = ", ".join(dict.fromkeys(reason_words(each) for each in outcome.why))
    if outcome.result == "kept":
        return _("%(why)s: %(places)s opzij gehouden", why=why, places=places)
    return why


def reason_words(why: PassedOver) -> str:
    """Why a date came to nothing. What is about the person themselves is not told to an organiser."""
    if why.reason == TOO_FEW:
        return _("plaatsen nodig: %(needed)s, vrij: %(free)s", needed=why.needed, free=why.free)
    if why.reason == TOO_NEAR:
        return _("te kort voor de datum om nog te vragen")
    return _("deze datum is er niet meer") if why.reason == NOT_THERE else _("kan deze datum nu niet boeken")
