"""What an organiser changes of a series, as its form has it. What stays empty stays as it is."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.activities.series.series import SeriesDate, from_date
from reservations.places.pool import MOST_PLACES
from reservations.sessions.change_form import ONE_DAY
from reservations.sessions.changing import NewTime
from uit.core.clock import BRUSSELS, moment_in_flanders, start_of_day
from uit.core.translation import gettext as _
from uit.web.form import (
    Errors,
    Labels,
    hour_error,
    number_error,
    only_errors,
    read_day,
    read_hour,
    read_id,
    read_number,
)

SCOPES: Final = ("alle", "vanaf", "een")
MOST_HOURS: Final = 24 * 60


def labels() -> Labels:
    return {
        "scope": _("Welke datums?"),
        "date": _("Welke datum?"),
        "starts": _("Begint om"),
        "ends": _("Eindigt om"),
        "places": _("Hoeveel plaatsen verkoop je?"),
        "opens": _("Vanaf welke dag kan men boeken?"),
        "closes": _("Tot hoeveel uur voor het begint kan men boeken?"),
    }


def scope_choices() -> list[tuple[str, str]]:
    return [
        ("alle", _("Alle datums die nog komen")),
        ("vanaf", _("Eén datum, en alle die daarna komen")),
        ("een", _("Alleen één datum")),
    ]


class SeriesForm(Struct, frozen=True):
    """What was typed."""

    scope: str = "alle"
    date: str = ""
    starts: str = ""
    ends: str = ""
    places: str = ""
    opens: str = ""
    closes: str = ""
    stap: str = ""

    def read(self, dates: Sequence[SeriesDate], now: datetime) -> "SeriesChange | Errors":
        chosen = from_date(dates, self.scope, read_id(self.date))
        errors = only_errors(self.errors(chosen))
        if errors:
            return errors
        hours = self.hours()
        times = [each for each in map(hours.of, chosen) if each] if hours else []
        if any(each.starts_at <= now for each in times):
            return {"starts": _("Een van de datums is dan al voorbij.")}
        opens, closes = read_day(self.opens), read_number(self.closes, MOST_HOURS)
        return SeriesChange(
            [each.id for each in chosen],
            times,
            read_number(self.places, MOST_PLACES) if self.places.strip() else None,
            start_of_day(opens) if opens else None,
            closes * 60 if self.closes.strip() and closes is not None else None,
        )

    def hours(self) -> "NewHours | None":
        starts, ends = read_hour(self.starts), read_hour(self.ends)
        return NewHours(starts, ends) if starts is not None and ends is not None else None

    def errors(self, chosen: Sequence[SeriesDate]) -> Errors:
        said = (self.starts, self.ends, self.places, self.opens, self.closes)
        if not any(text.strip() for text in said):
            return {"starts": _("Vul in wat er verandert.")}
        wrong_day = bool(self.opens.strip()) and not read_day(self.opens)
        return {
            "scope": "" if self.scope in SCOPES else _("Kies welke datums."),
            "date": "" if chosen else _("Kies een datum."),
            **self.hour_errors(),
            "places": self.places_error(chosen),
            "opens": _("Kies een dag, of laat dit leeg.") if wrong_day else "",
            "closes": number_error(self.closes, 0, MOST_HOURS) if self.closes.strip() else "",
        }

    def hour_errors(self) -> Errors:
        if not self.starts.strip() and not self.ends.strip():
            return {}
        return {"starts": hour_error(self.starts), "ends": hour_error(self.ends)}

    def places_error(self, chosen: Sequence[SeriesDate]) -> str:
        most = min((each.licensed_capacity for each in chosen), default=MOST_PLACES)
        return number_error(self.places, 1, most) if self.places.strip() else ""


class NewHours(Struct, frozen=True):
    starts: time
    ends: time

    def of(self, date: SeriesDate) -> NewTime | None:
        """The date on its day at these hours; None where it is so already."""
        day = date.starts_at.astimezone(BRUSSELS).date()
        starts_at = moment_in_flanders(day, self.starts)
        ends_at = moment_in_flanders(day if self.ends > self.starts else day + ONE_DAY, self.ends)
        is_so = (starts_at, ends_at) == (date.starts_at, date.ends_at)
        return None if is_so else NewTime(date.id, starts_at, ends_at)


class SeriesChange(Struct, frozen=True):
    """What changes of these dates: the time of some, places, and when one books. None is as it was."""

    dates: list[UUID]
    times: list[NewTime]
    places: int | None
    opens_at: datetime | None
    closes_minutes: int | None

    @property
    def changes_sale(self) -> bool:
        return self.opens_at is not None or self.closes_minutes is not None
