"""The dates of an event that can be booked, from the four calendar types of UiTdatabank."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from organisers.uitdatabank.field import Field, Words
from organisers.uitdatabank.opening import Childcare, Exceptional, Hours, expand
from uit.core.clock import day_in_flanders, start_of_day

CalendarType = Literal["single", "multiple", "periodic", "permanent"]
CALENDAR_TYPES: Final[dict[str, CalendarType]] = {
    "single": "single",
    "multiple": "multiple",
    "periodic": "periodic",
    "permanent": "permanent",
}
Status = Literal["scheduled", "postponed", "cancelled"]
STATUSES: Final[dict[str, Status]] = {
    "Available": "scheduled",
    "TemporarilyUnavailable": "postponed",
    "Unavailable": "cancelled",
}
SOLD_OUT: Final = {"Available": False, "Unavailable": True}
WEEKDAYS: Final = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}

# How far ahead opening hours become day slots. Later imports add later days.
HORIZON_DAYS: Final = 60
MAX_OCCURRENCES: Final = 2000
MAX_OPENING_HOURS: Final = 100
MOST_PLACES: Final = 1_000_000


class State(Struct, frozen=True):
    """The status of an event or date with its reason by language, and its places; None is unknown."""

    status: Status = "scheduled"
    reason: Words = {}
    sold_out: bool = False
    capacity: int | None = None
    places_left: int | None = None


class Occurrence(Struct, frozen=True):
    """A date of an event, which becomes one session; `ends_at` is after `starts_at`, both in UTC.

    `key` depends on the start only: the foreign id of a session is `<event>#<key>`. Another end, capacity or
    status changes the same session; another start is another session, as UiTdatabank prescribes.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    state: State
    childcare: Childcare | None = None
    overnight: bool = False


def read_occurrences(event: Field, main_language: str, today: date) -> tuple[Occurrence, ...]:
    """The dates of an event in order of time.

    - single and multiple: every sub event, also past ones; in older records a single event has no sub event
      but dates of its own. Sub events with the same start and end count once.
    - periodic and permanent: day slots by the opening hours, from `today` for `HORIZON_DAYS`, each with the
      status and capacity of the event. Without opening hours there are none.
    """
    calendar = event.get("calendarType").choice(CALENDAR_TYPES)
    state = read_state(event, main_language)
    if calendar in {"single", "multiple"}:
        found = _read_sub_events(event, calendar, state, main_language)
    else:
        found = _read_slots(event, calendar, state, today)
    if len(found) > MAX_OCCURRENCES:
        event.refuse(f"takes place more than {MAX_OCCURRENCES} times")
    return _with_keys(found)


def read_state(field: Field, main_language: str, inherited: State | None = None) -> State:
    """The state of an event or a sub event; a sub event inherits what it leaves out."""
    known = inherited or State()
    status = field.get("status")
    places = field.get("bookingAvailability")
    capacity = places.get("capacity")
    places_left = places.get("remainingCapacity")
    state = State(
        status=status.get("type").choice(STATUSES, known.status),
        reason=known.reason if status.empty else status.get("reason").words(main_language),
        sold_out=places.get("type").choice(SOLD_OUT, known.sold_out),
        capacity=known.capacity if capacity.empty else capacity.whole(MOST_PLACES),
        places_left=known.places_left if places_left.empty else places_left.whole(MOST_PLACES),
    )
    if state.capacity is not None and (state.places_left or 0) > state.capacity:
        places_left.refuse("is more than the capacity")
    return state


def _read_sub_events(
    event: Field, calendar: CalendarType, state: State, main_language: str
) -> list[Occurrence]:
    sub_events = event.get("subEvent", "subEvents")
    if sub_events.empty and calendar == "multiple":
        sub_events.refuse("is missing")
    # The places of an event with several dates are a sum or a summary, and do not hold for any of its dates.
    inherited = state if calendar == "single" else replace(state, capacity=None, places_left=None)
    return [_read_sub_event(sub, inherited, main_language) for sub in sub_events.items() or [event]]


def _read_sub_event(sub: Field, inherited: State, main_language: str) -> Occurrence:
    starts_at = sub.get("startDate").instant()
    end = sub.get("endDate")
    ends_at = starts_at if end.empty else end.instant()
    if ends_at < starts_at:
        end.refuse("is before the start")
    return Occurrence(
        key="",
        starts_at=starts_at,
        ends_at=ends_at if ends_at > starts_at else _end_of_day(starts_at),
        state=read_state(sub, main_language, inherited),
        childcare=_read_childcare(sub.get("childcare")),
        overnight=sub.get("overnight", "hasOvernightStay").value is True,
    )


def _end_of_day(at: datetime) -> datetime:
    """Midnight in Flanders: the end of a date without an end, or with an end equal to its start."""
    return start_of_day(day_in_flanders(at) + timedelta(days=1))


def _read_slots(event: Field, calendar: CalendarType, state: State, today: date) -> list[Occurrence]:
    first, last = today, today + timedelta(days=HORIZON_DAYS - 1)
    if calendar == "periodic":
        start, end = event.get("startDate"), event.get("endDate")
        if end.day() < start.day():
            end.refuse("is before the start")
        first, last = max(first, start.day()), min(last, end.day())
    hours = _read_hours(event.get("openingHours"))
    slots = expand(hours, _read_exceptions(event), first, last) if hours else ()
    return [
        Occurrence(
            key="", starts_at=slot.starts_at, ends_at=slot.ends_at, state=state, childcare=slot.childcare
        )
        for slot in slots
    ]


def _read_exceptions(event: Field) -> list[Exceptional]:
    """Days with other hours; closed days come first, because they take precedence."""
    closed = event.get("openingHoursClosedDays").items()
    adjusted = event.get("openingHoursAdjustedDays", "openingHoursAdjusted").items()
    return [
        Exceptional(first=days.get("startDate").day(), last=days.get("endDate").day(), hours=hours)
        for days, hours in [
            *((days, ()) for days in closed),
            *((days, _read_hours(days.get("openingHours"))) for days in adjusted),
        ]
    ]


def _read_hours(opening_hours: Field) -> tuple[Hours, ...]:
    items = opening_hours.items()
    if len(items) > MAX_OPENING_HOURS:
        opening_hours.refuse(f"has more than {MAX_OPENING_HOURS} entries")
    return tuple(
        Hours(
            weekdays=_read_weekdays(item.get("dayOfWeek")),
            opens=item.get("opens").clock_time(),
            closes=item.get("closes").clock_time(),
            childcare=_read_childcare(item.get("childcare")),
        )
        for item in items
    )


def _read_weekdays(days: Field) -> frozenset[int]:
    if days.empty:
        days.refuse("is missing")
    return frozenset(day.choice(WEEKDAYS) for day in days.items())


def _read_childcare(childcare: Field) -> Childcare | None:
    if childcare.empty:
        return None
    starts, ends = childcare.get("start"), childcare.get("end")
    return Childcare(
        starts=None if starts.empty else starts.clock_time(), ends=None if ends.empty else ends.clock_time()
    )


def _with_keys(found: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """Set the keys: the start; for a later end at the same start, the start and the end."""
    moments = {(each.starts_at, each.ends_at): each for each in reversed(found)}
    keyed: dict[str, Occurrence] = {}
    for starts_at, ends_at in sorted(moments):
        key = f"{starts_at:%Y%m%dT%H%M%SZ}"
        if key in keyed:
            key = f"{key}-{ends_at:%Y%m%dT%H%M%SZ}"
        keyed[key] = replace(moments[starts_at, ends_at], key=key)
    return tuple(keyed.values())
