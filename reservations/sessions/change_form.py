"""How a date changes, as an organiser's form says it; what is wrong comes back per field."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from uit.core.clock import BRUSSELS, day_in_flanders, moment_in_flanders, start_of_day
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, hour_error, only_errors, read_day, read_hour

MOST_REASON: Final = 300
ONE_DAY: Final = timedelta(days=1)
FIELDS: Final = ("reason", "day", "starts", "ends", "choice", "choice_day", "shown")
MOST_AHEAD: Final = timedelta(days=5 * 366)
"""What somebody plans later than that is a typing error."""
CHOOSE: Final = "kies"
"""That who booked may choose what becomes of it; anything else gives all of it back at once."""
FIRST_CHOICE: Final = timedelta(days=7)
MOST_CHOICE: Final = timedelta(days=30)
"""Nobody's money waits longer."""


def labels() -> Labels:
    return {
        "day": _("Nieuwe dag"),
        "starts": _("Begint om"),
        "ends": _("Eindigt om"),
        "reason": _("Waarom?"),
        "choice": _("Wat krijgt wie boekte?"),
        "choice_day": _("Kiezen kan tot en met"),
    }


class ChangeForm(Struct, frozen=True):
    """What was typed. `shown`: the moment that the form said first, as `moment_text`; empty without one."""

    reason: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    choice: str = ""
    choice_day: str = ""
    shown: str = ""

    @property
    def why(self) -> str | None:
        """The reason on one line; None when there is none."""
        return one_line(self.reason)[:MOST_REASON] or None

    def times(self, now: datetime) -> tuple[datetime, datetime] | Errors:
        """The new start and end; an end before the start is after midnight."""
        day, starts, ends = read_day(self.day), read_hour(self.starts), read_hour(self.ends)
        if day is None or starts is None or ends is None:
            return only_errors(
                {
                    "day": "" if day else _("Kies een dag."),
                    "starts": hour_error(self.starts),
                    "ends": hour_error(self.ends),
                }
            )
        starts_at = moment_in_flanders(day, starts)
        if starts_at <= now:
            return {"day": _("Dit moment is al voorbij. Kies een later moment.")}
        if starts_at > now + MOST_AHEAD:
            return {"day": _("Dat is te ver. Kies een dag in de komende vijf jaar.")}
        ends_at = moment_in_flanders(day if ends > starts else day + ONE_DAY, ends)
        if self.shown == moment_text(starts_at, ends_at):
            return {"day": _("Dit moment staat er al: er verandert niets. Kies een ander.")}
        return starts_at, ends_at

    def choose_until(self, now: datetime) -> datetime | Errors | None:
        """Until when who booked may choose: the end of a day. None where all of it goes back at once."""
        if self.choice != CHOOSE:
            return None
        day, today = read_day(self.choice_day), day_in_flanders(now)
        if day is None:
            return {"choice_day": _("Kies een dag.")}
        if not today < day <= today + MOST_CHOICE:
            return {
                "choice_day": _(
                    "Kies een dag vanaf morgen, en hoogstens %(days)s dagen ver.", days=MOST_CHOICE.days
                )
            }
        return start_of_day(day + ONE_DAY)


def moment_text(starts_at: datetime, ends_at: datetime) -> str:
    return f"{starts_at.astimezone(UTC).isoformat()}/{ends_at.astimezone(UTC).isoformat()}"


def first_form(starts_at: datetime, ends_at: datetime, now: datetime, *, has_moment: bool) -> ChangeForm:
    """The form with the time that the date has, and a week to choose, or until the day before it.

    `has_moment`: it takes place then, so that the same time is no change.
    """
    here, until = starts_at.astimezone(BRUSSELS), ends_at.astimezone(BRUSSELS)
    today = day_in_flanders(now)
    last = max(today + ONE_DAY, min(today + FIRST_CHOICE, here.date() - ONE_DAY))
    hours = f"{here:%H:%M}", f"{until:%H:%M}"
    shown = moment_text(starts_at, ends_at) if has_moment else ""
    return ChangeForm("", here.date().isoformat(), *hours, CHOOSE, last.isoformat(), shown)


def typed_in(fields: Mapping[str, str]) -> ChangeForm:
    return ChangeForm(**{name: fields.get(name, "")[:1000] for name in FIELDS})
