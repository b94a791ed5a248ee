"""The dates of an event that can be booked, from the four calendar types of UiTdatabank."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from organisers.uitdatabank.field import Field, UnreadableError, Words, end_of_day
from organisers.uitdatabank.opening import Childcare, Exceptional, Hours, Slot, expand
from uit.core.clock import BRUSSELS, day_in_flanders, start_of_day

CalendarType = Literal["single", "multiple", "periodic", "permanent"]
CALENDAR_TYPES: Final[dict[str, CalendarType]] = {
    "single": "single",
    "multiple": "multiple",
    "periodic": "periodic",
    "permanent": "permanent",
}
Status = Literal["scheduled", "postponed", "cancelled", "unknown"]
STATUSES: Final[dict[str, Status]] = {
    "Available": "scheduled",
    "TemporarilyUnavailable": "postponed",
    "Unavailable": "cancelled",
}
UNKNOWN: Final[Status] = "unknown"
SOLD_OUT: Final = {"Available": False, "Unavailable": True}
WEEKDAYS: Final = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}

# For how many days opening hours become day slots. Later imports add later days.
HORIZON_DAYS: Final = 60
# How long a permanent event without opening hours is open from today; a later import moves its end.
OPEN_DAYS: Final = 365
PERIOD_KEY: Final = "period"
MAX_OCCURRENCES: Final = 2000
MAX_OPENING_HOURS: Final = 100
MOST_PLACES: Final = 1_000_000


class State(Struct, frozen=True):
    """The status of an event or date with its reason by language, and its places; None is unknown.

    A status that cannot be read is `unknown`: whether it takes place, its organiser has to say.
    """

    status: Status = "scheduled"
    reason: Words = {}
    sold_out: bool = False
    capacity: int | None = None
    places_left: int | None = None


class Occurrence(Struct, frozen=True):
    """A date of an event, which becomes one session; `ends_at` is after `starts_at`, both in UTC.

    `key` depends on the start only: the foreign id of a session is `<event>#<key>`. Another end, capacity or
    status changes the same session; another start is another session, as UiTdatabank prescribes. The one
    period of an event without opening hours has the key PERIOD_KEY, whenever it starts.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    state: State
    childcare: Childcare | None = None
    overnight: bool = False

    @property
    def is_period(self) -> bool:
        """Whether this is the time in which an event runs, on days and hours that nobody said."""
        return self.key == PERIOD_KEY


class Calendar(Struct, frozen=True):
    """When an event takes place. Without `complete`, a date of it could not be read."""

    type: CalendarType
    state: State
    occurrences: tuple[Occurrence, ...]
    complete: bool


def read_calendar(event: Field, main_language: str, today: date) -> Calendar:
    """The dates of an event in order of time.

    - single and multiple: every sub event, also past ones; in older records a single event has no sub event
      but dates of its own. Sub events with the same start and end count once, the first of them.
    - periodic and permanent: day slots by the opening hours, for `HORIZON_DAYS` from `today`, or from its
      first day where that is later, each with the status and capacity of the event. Without opening hours:
      one period from the first day to the last, or from `today` for `OPEN_DAYS`.

    A date that cannot be read is left out; a calendar of which no date can be read is refused.
    """
    calendar = event.get("calendarType").choice(CALENDAR_TYPES)
    state = read_state(event, main_language)
    if calendar in {"single", "multiple"}:
        found, complete = _read_sub_events(event, calendar, state, main_language)
    else:
        found, complete = _read_recurring(event, calendar, state, today)
    if len(found) > MAX_OCCURRENCES:
        event.refuse(f"takes place more than {MAX_OCCURRENCES} times")
    return Calendar(calendar, state, _with_keys(found), complete)


def read_state(field: Field, main_language: str, inherited: State | None = None) -> State:
    """The state of an event or a sub event; a sub event inherits what it leaves out.

    A number of places left is nearer than a "sold out" of the event above it. Places that cannot be read are
    unknown, and none of them is inherited.
    """
    known = inherited or State()
    status = field.get("status")
    reason = status.lenient(lambda given: given.get("reason").words(main_language), Words())
    said = field.get("bookingAvailability").lenient(lambda places: _read_places(places, known), None)
    capacity, places_left, sold_out = said or (None, None, known.sold_out)
    return State(
        status=status.lenient(lambda given: given.get("type").choice(STATUSES, known.status), UNKNOWN),
        reason=known.reason if status.empty else reason,
        sold_out=sold_out,
        capacity=capacity,
        places_left=places_left,
    )


def _read_places(places: Field, known: State) -> tuple[int | None, int | None, bool]:
    """The capacity, the places left and whether it is sold out, of a sub event or of an event."""
    given, left = places.get("capacity"), places.get("remainingCapacity")
    capacity = known.capacity if given.empty else given.whole(MOST_PLACES)
    places_left = known.places_left if left.empty else left.whole(MOST_PLACES)
    sold_out = places.get("type").choice(SOLD_OUT, known.sold_out and left.empty)
    if capacity is not None and (places_left or 0) > capacity:
        left.drop("is more than the capacity")
        places_left = capacity
    return capacity, places_left, sold_out


def _read_sub_events(
    event: Field, calendar: CalendarType, state: State, main_language: str
) -> tuple[list[Occurrence], bool]:
    """The dates that can be read, and whether those are all."""
    sub_events = event.get("subEvent", "subEvents")
    if sub_events.empty and calendar == "multiple":
        sub_events.refuse("is missing")
    # The places of an event with several dates are a sum or a summary, and do not hold for any of its dates.
    inherited = state if calendar == "single" else replace(state, capacity=None, places_left=None)
    given = sub_events.items() or [event]
    found: dict[tuple[datetime, datetime], Occurrence] = {}
    errors = []
    for sub in given:
        try:
            occurrence = _read_sub_event(sub, inherited, main_language)
        except UnreadableError as error:
            errors.append(error)
        else:
            first = found.setdefault((occurrence.starts_at, occurrence.ends_at), occurrence)
            if first.state != occurrence.state:
                sub.drop("is a date that was there before, with other places or another status")
    if not found:
        raise errors[0]
    event.dropped.extend(error.unreadable for error in errors)
    return list(found.values()), not errors


def _read_sub_event(sub: Field, inherited: State, main_language: str) -> Occurrence:
    starts_at = sub.get("startDate").instant()
    end = sub.get("endDate")
    ends_at = starts_at if end.empty else end.last_instant()
    if ends_at < starts_at:
        end.refuse("is before the start")
    return Occurrence(
        key="",
        starts_at=starts_at,
        ends_at=ends_at if ends_at > starts_at else _end_of_its_day(starts_at),
        state=read_state(sub, main_language, inherited),
        childcare=sub.get("childcare").lenient(_read_childcare, None),
        overnight=sub.get("overnight", "hasOvernightStay").value is True,
    )


def _end_of_its_day(at: datetime) -> datetime:
    """The end of a date without an end, or with an end equal to its start."""
    return max(end_of_day(day_in_flanders(at)), at + timedelta(seconds=1))


def _read_recurring(
    event: Field, calendar: CalendarType, state: State, today: date
) -> tuple[list[Occurrence], bool]:
    """Day slots, or one period without opening hours; and whether those are all."""
    dropped_before = len(event.dropped)
    first, last = today, today + timedelta(days=OPEN_DAYS)
    if calendar == "periodic":
        start, end = event.get("startDate"), event.get("endDate")
        first, last = start.day(), end.day()
        if last < first:
            end.refuse("is before the start")
    hours = event.get("openingHours").lenient(_read_hours, ())
    hours_dropped = len(event.dropped)
    exceptions = _read_exceptions(event)
    if len(event.dropped) > hours_dropped and state.status == "scheduled":
        # One of these days may be one on which it is closed.
        state = replace(state, status=UNKNOWN)
    complete = len(event.dropped) == dropped_before
    if not hours and not any(days.hours for days in exceptions):
        if event.get("openingHours").empty:
            event.drop("has no opening hours: its organiser has to be asked")
        return [_period(state, first, last)], complete
    opens = max(first, today)
    slots = expand(hours, exceptions, opens, min(last, opens + timedelta(days=HORIZON_DAYS - 1)))
    return [
        Occurrence(
            key="", starts_at=slot.starts_at, ends_at=slot.ends_at, state=state, childcare=slot.childcare
        )
        for slot in _without_skipped(event, slots)
    ], complete


def _period(state: State, first: date, last: date) -> Occurrence:
    """The time in which an event runs; nobody knows of how many places."""
    unknown = replace(state, sold_out=False, capacity=None, places_left=None)
    return Occurrence(PERIOD_KEY, start_of_day(first), end_of_day(last), unknown)


def _without_skipped(event: Field, slots: Iterable[Slot]) -> list[Slot]:
    found = []
    for slot in slots:
        if slot.takes_place:
            found.append(slot)
        else:
            day = slot.starts_at.astimezone(BRUSSELS).date()
            event.get("openingHours").drop(f"does not take place on {day}: summer time begins in that hour")
    return found


def _read_exceptions(event: Field) -> list[Exceptional]:
    """Days with other hours; closed days come first, because they take precedence."""
    adjusted = event.get("openingHoursAdjustedDays", "openingHoursAdjusted")
    return [
        *event.get("openingHoursClosedDays").lenient_items(_read_days),
        *adjusted.lenient_items(
            lambda days: replace(_read_days(days), hours=_read_hours(days.get("openingHours")))
        ),
    ]


def _read_days(days: Field) -> Exceptional:
    """A range of days; without a last day, the first one."""
    start, end = days.get("startDate"), days.get("endDate")
    return Exceptional(first=start.day(), last=start.day() if end.empty else end.day())


def _read_hours(opening_hours: Field) -> tuple[Hours, ...]:
    if not opening_hours.empty and len(opening_hours.items()) > MAX_OPENING_HOURS:
        opening_hours.refuse(f"has more than {MAX_OPENING_HOURS} entries")
    return tuple(opening_hours.lenient_items(_read_hours_of_days))


def _read_hours_of_days(item: Field) -> Hours:
    return Hours(
        weekdays=_read_weekdays(item.get("dayOfWeek")),
        opens=item.get("opens").clock_time(),
        closes=item.get("closes").clock_time(),
        childcare=item.get("childcare").lenient(_read_childcare, None),
    )


def _read_weekdays(days: Field) -> frozenset[int]:
    if days.empty:
        days.refuse("is missing")
    read = days.lenient_items(lambda day: day.choice(WEEKDAYS))
    if not read:
        days.refuse("has no day of the week")
    return frozenset(read)


def _read_childcare(childcare: Field) -> Childcare | None:
    if childcare.empty:
        return None
    starts, ends = childcare.get("start"), childcare.get("end")
    return Childcare(
        starts=None if starts.empty else starts.clock_time(), ends=None if ends.empty else ends.clock_time()
    )


def _with_keys(found: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Set the keys: the start; for a later end at the same start, the start and the end."""
    if any(each.is_period for each in found):
        return tuple(found)
    moments = {(each.starts_at, each.ends_at): each for each in reversed(found)}
    keyed: dict[str, Occurrence] = {}
    for starts_at, ends_at in sorted(moments):
        key = f"{starts_at:%Y%m%dT%H%M%SZ}"
        if key in keyed:
            key = f"{key}-{ends_at:%Y%m%dT%H%M%SZ}"
        keyed[key] = replace(moments[starts_at, ends_at], key=key)
    return tuple(keyed.values())
