"""Which sessions imported events should have, and how the ones that there are differ. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from organisers.event import IncomingEvent
from organisers.source import Counting
from organisers.uitdatabank.field import in_language
from organisers.uitdatabank.occurrence import Occurrence, State
from reservations.importing.counting import SourceFigure, read_figure
from reservations.importing.known_session import HERE, KnownSession, is_period
from reservations.importing.matching import match
from reservations.importing.plan import (
    PlannedPool,
    PlannedSession,
    fit_pool,
    new_pool,
    session_row,
    still_to_come,
    unavailable_at_source,
)
from reservations.importing.said import NOTHING, SaidHere, said_pool
from reservations.sessions.changing import ON_SALE
from uit.core.ids import Ids


class Terms(Struct, frozen=True):
    """What a region says of all that it imports.

    `social_bp`: the social tariff, as a part of the base price in basis points. `counting`: whether its
    source counts what was booked here.
    """

    social_bp: int
    counting: Counting


class Places(Struct, frozen=True):
    """The pool of a session as it should be, and the figure of its source behind it, where it said one."""

    pool: PlannedPool
    figure: SourceFigure | None = None


class PeriodRow(Struct, frozen=True):
    id: UUID
    starts_at: datetime
    ends_at: datetime
    sale_closes_at: datetime
    cancel_until: datetime


class SessionPlan:
    """Which sessions there should be, by foreign id, and how the ones that there are differ from them.

    `said`: what is said here of how events are sold, which goes before what they say.
    """

    def __init__(
        self,
        incoming: Sequence[IncomingEvent],
        organisers: Mapping[UUID, UUID],
        terms: Terms,
        now: datetime,
        said: Mapping[UUID, SaidHere],
    ) -> None:
        self.events = {each.id: each.event for each in incoming}
        self.organisers = organisers
        self.said = said
        self.counting = terms.counting
        self.now = now
        self.wanted: dict[str, tuple[UUID, Occurrence]] = {
            f"{event.foreign_id}#{occurrence.key}": (event_id, occurrence)
            for event_id, event in self.events.items()
            for occurrence in still_to_come(event.occurrences, now)
        }
        self.named = {
            f"{event.foreign_id}#{occurrence.key}"
            for event in self.events.values()
            for occurrence in event.occurrences
        }
        self.tariffs = [
            row
            for event_id, event in self.events.items()
            for row in said.get(event_id, NOTHING).tariff_rows(event, event_id, terms.social_bp)
        ]

    def met_at_source(self, known: Sequence[KnownSession]) -> dict[str, UUID]:
        """Dates that were added here and that their source has by now: its name of each, with the session."""
        arrived = self.arrived(known)
        return {
            foreign_id: each.id
            for each in known
            if each.foreign_id.startswith(HERE)
            for foreign_id, starts_at in arrived.get(each.event_id, {}).items()
            if starts_at == each.starts_at
        }

    def keep_added_here(self, known: Sequence[KnownSession]) -> None:
        """Want the dates that were added here as well, at the times that they have."""
        for each in known:
            if each.foreign_id.startswith(HERE):
                occurrence = Occurrence(each.foreign_id, each.starts_at, each.ends_at, State())
                self.wanted[each.foreign_id] = each.event_id, occurrence
                self.named.add(each.foreign_id)

    def places(self, foreign_id: str, here: Mapping[str, KnownSession], kept_if_new: int, ids: Ids) -> Places:
        """The places of a session as they should be, less those that are kept back."""
        event_id, occurrence = self.wanted[foreign_id]
        state, known = occurrence.state, here.get(foreign_id)
        pool = known.pool if known else new_pool(ids.new())
        before = known.figure if known else None
        kept = known.kept if known else kept_if_new
        sale = self.said.get(event_id, NOTHING).sale
        figure = self.figure(state, pool, before)
        if sale:
            return Places(keep_back(said_pool(sale, pool, is_new=known is None), kept), figure)
        if figure is None:
            held = pool.licensed_capacity if state.sold_out or before is None else before.elsewhere
            return Places(keep_back(replace(pool, held=held), kept))
        return Places(keep_back(fit_pool(pool, state, figure.elsewhere), kept), figure)

    def figure(self, state: State, pool: PlannedPool, before: SourceFigure | None) -> SourceFigure | None:
        """What a source says of its places; None where it says no number."""
        if state.capacity is None:
            return None
        return read_figure(self.counting, unavailable_at_source(state), pool.taken, before)

    def session_row(self, foreign_id: str, pool: PlannedPool, known: KnownSession | None) -> PlannedSession:
        event_id, occurrence = self.wanted[foreign_id]
        if known and occurrence.is_period and self.events[event_id].calendar_type == "permanent":
            # It was open on the day of its first import already, so only its end moves along with today.
            occurrence = replace(occurrence, starts_at=min(known.starts_at, occurrence.starts_at))
        event = self.events[event_id]
        row = session_row(event, occurrence, event_id, self.organisers[event_id], pool)
        return self.said.get(event_id, NOTHING).session_row(row, event, occurrence, pool)

    def arrived(self, known: Sequence[KnownSession]) -> dict[UUID, dict[str, datetime]]:
        """The dates to come that are new, by event: their foreign ids with their starts."""
        here = {each.foreign_id for each in known}
        found: dict[UUID, dict[str, datetime]] = {}
        for foreign_id, (event_id, occurrence) in self.wanted.items():
            if foreign_id not in here and occurrence.starts_at >= self.now and not occurrence.is_period:
                found.setdefault(event_id, {})[foreign_id] = occurrence.starts_at
        return found

    def renamed_at_source(self, known: Sequence[KnownSession]) -> dict[str, str]:
        """Dates that a desk moved and that their source names at that moment by now: old name to new."""
        arrived = self.arrived(known)
        moved_here = [each for each in known if each.decided_here and each.foreign_id not in self.named]
        return {
            each.foreign_id: foreign_id
            for each in moved_here
            for foreign_id, starts_at in arrived.get(each.event_id, {}).items()
            if starts_at == each.starts_at
        }

    def left_calendar(self, known: Sequence[KnownSession]) -> list[KnownSession]:
        """Sessions that left the calendar and that have no start behind them, nor wait for a decision.

        Of an event of which a date could not be read, none left it: it may be that one.
        """
        return [
            each
            for each in known
            if each.foreign_id not in self.named
            and self.events[each.event_id].dates_complete
            and not is_period(each)
            and (each.starts_at >= self.now or each.status == "postponed")
            and each.status not in {"cancelled", "suspended"}
            and not each.asked
        ]

    def new_periods(
        self, here: Mapping[str, KnownSession], rows: Mapping[str, PlannedSession]
    ) -> list[PeriodRow]:
        """The periods that begin at another time than before, and those that make way for dates."""
        found = []
        for foreign_id, known in here.items():
            row = rows.get(foreign_id)
            if not is_period(known) or known.taken:
                continue
            if row is None and known.ends_at > self.now and self.events[known.event_id].dates_complete:
                ended = min(known.starts_at, self.now)
                found.append(PeriodRow(known.id, ended, self.now, self.now, ended))
            if row is not None and row.starts_at != known.starts_at:
                found.append(
                    PeriodRow(known.id, row.starts_at, row.ends_at, row.sale_closes_at, row.cancel_until)
                )
        return found

    def is_unpublished(self, session: KnownSession) -> bool:
        return not self.events[session.event_id].published

    def name(self, session: KnownSession) -> str:
        return f"{in_language(self.events[session.event_id].name)}, {session.starts_at:%Y-%m-%d %H:%M} UTC"


class Changes(Struct):
    """What becomes of sessions that were there before, and how many places new dates keep back."""

    moved: dict[str, str] = field(default_factory=dict)
    unclear: list[KnownSession] = field(default_factory=list)
    kept: dict[UUID, int] = field(default_factory=dict)


def keep_back(pool: PlannedPool, places: int) -> PlannedPool:
    """As many of these places as there are beyond what was taken; more cannot be kept back."""
    return replace(pool, held=min(pool.held + places, pool.licensed_capacity - pool.taken))


def find_changes(plan: SessionPlan, known: Sequence[KnownSession]) -> Changes:
    """Which dates moved, by their foreign ids, and of which it cannot be told.

    What a desk decided stays, but for what it postponed: that goes on at a new date, when its source has one.
    """
    arrived, changes = plan.arrived(known), Changes()
    left = [
        each
        for each in plan.left_calendar(known)
        if not each.decided_here or (each.status == "postponed" and each.event_id in arrived)
    ]
    for event_id in dict.fromkeys(each.event_id for each in left):
        vanished = [(each.starts_at, each) for each in left if each.event_id == event_id]
        new = [(starts_at, foreign_id) for foreign_id, starts_at in arrived.get(event_id, {}).items()]
        matched = match(vanished, new)
        changes.moved |= {session.foreign_id: foreign_id for session, foreign_id in matched.moved}
        changes.unclear += [each for each in matched.vanished if each.taken or not each.decided_here]
        changes.kept |= {event_id: sum(each.taken for each in matched.vanished)} if matched.arrived else {}
    return changes


def change_of(plan: SessionPlan, session: KnownSession, status: str) -> str | None:
    """What its source says of a date that is otherwise here; None when nothing, or when a desk decided."""
    if session.decided_here or plan.wanted[session.foreign_id][1].state.status == "unknown":
        return None
    if plan.is_unpublished(session):
        may_be_asked = session.taken and session.status in {*ON_SALE, "postponed"} and not session.asked
        return "withdrawn" if may_be_asked else None
    if status in {"cancelled", "postponed"}:
        return status if status != session.status else None
    return "back" if session.status not in ON_SALE else None


def notes(plan: SessionPlan, session: KnownSession) -> list[str]:
    """What a person should know: places that are taken beyond the capacity."""
    _, occurrence = plan.wanted[session.foreign_id]
    capacity = occurrence.state.capacity
    if capacity is None or capacity >= session.taken:
        return []
    return [f"{plan.name(session)}: capacity is now {capacity}, but {session.taken} places are taken."]


def guess_note(plan: SessionPlan, session: KnownSession, figure: SourceFigure) -> str:
    """What was taken to be so where nobody said whether the source counts what was booked here."""
    before = session.figure
    fewer = (figure.unavailable or 0) - (before.unavailable or 0)
    taken = figure.taken - before.taken
    said = "counted there as well" if fewer >= taken else "not counted there"
    return (
        f"{plan.name(session)}: {fewer} fewer places are left at its source, {taken} more were booked here; "
        f"those were taken to be {said}. Say at the desk whether the source counts them."
    )
