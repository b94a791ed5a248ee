"""When an activity is, as the forms of its desk have it; each is read to the moments that it makes."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.activities.dates.pattern import (
    DAYS_IN_WEEK,
    MOST_DATES,
    MOST_DAYS,
    Days,
    Hours,
    Opening,
    Planned,
    Slot,
    Weekly,
    one,
    weekly,
    within_hours,
)
from reservations.sessions.change_form import MOST_AHEAD
from uit.core.translation import gettext as _
from uit.web.form import (
    Errors,
    Labels,
    hour_error,
    number_error,
    only_errors,
    read_day,
    read_hour,
    read_number,
)

KINDS: Final = ("eenmalig", "reeks", "tijdvakken")
FORMER_KINDS: Final = {"sloten": "tijdvakken"}
"""What a kind was called before: so do addresses and series that were made then."""
MOST_WEEKS: Final = 8
LEAST_MINUTES: Final = 10
MOST_MINUTES: Final = 24 * 60
SEPARATORS: Final = re.compile(r"[,;\n]+")


def labels() -> Labels:
    hours = {
        f"{name}_{number}": text
        for number, day in enumerate(weekday_names())
        for name, text in (
            ("opens", _("%(day)s van", day=day)),
            ("closes", _("%(day)s tot", day=day)),
        )
    }
    return {
        "day": _("Welke dag?"),
        "first": _("Vanaf welke dag?"),
        "last": _("Tot en met welke dag?"),
        "weekdays": _("Op welke dagen?"),
        "hours": _("Wanneer ben je open?"),
        **hours,
        "minutes": _("Hoelang duurt één tijdvak, in minuten?"),
        "starts": _("Begint om"),
        "ends": _("Eindigt om"),
        "every": _("Om de hoeveel weken?"),
        "except": _("Op deze dagen niet"),
    }


def weekday_names() -> list[str]:
    return [
        _("Maandag"),
        _("Dinsdag"),
        _("Woensdag"),
        _("Donderdag"),
        _("Vrijdag"),
        _("Zaterdag"),
        _("Zondag"),
    ]


class DatesForm(Struct, frozen=True):
    """What was typed for dates of a kind."""

    kind: str
    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What is sent along when the dates are shown, to make them of the same."""
        return [
            (name, value)
            for name, value in self.fields.items()
            if name not in {"stap", "_csrf_token"} and not name.startswith("op_")
        ]

    def takes(self, slot: Slot) -> bool:
        """Whether a date that was shown stayed ticked. One date alone has nothing to untick."""
        return self.kind == "eenmalig" or self.get(box_of(slot)) == "true"

    def chosen(self, slots: Sequence[Slot]) -> list[Slot]:
        return [slot for slot in slots if self.takes(slot)]

    def read(self, now: datetime) -> Planned | Errors:
        """The moments, or what is wrong. What is over already is left out."""
        errors = only_errors(self.errors())
        if errors:
            return errors
        planned = self.planned()
        coming = tuple(slot for slot in planned.slots if slot.starts_at > now)
        first = "day" if self.kind == "eenmalig" else "first"
        if planned.slots and not coming:
            return {first: _("Deze dag is al voorbij. Kies een latere dag.")}
        if not coming:
            return {first: _("Zo komt er geen enkele datum. Kijk de dagen en uren na.")}
        if coming[-1].starts_at > now + MOST_AHEAD:
            last = "day" if self.kind == "eenmalig" else "last"
            return {last: _("Dat is te ver. Kies een dag in de komende vijf jaar.")}
        if len(coming) > MOST_DATES:
            too_many = _(
                "Dat zijn %(num)s datums. Maak er hoogstens %(most)s tegelijk.",
                num=len(coming),
                most=MOST_DATES,
            )
            return {"last": too_many}
        return replace(planned, slots=coming, over=len(planned.slots) - len(coming))

    def planned(self) -> Planned:
        if self.kind == "eenmalig":
            day = read_day(self.get("day"))
            assert day
            return one(day, self.hours())
        if self.kind == "reeks":
            every = read_number(self.get("every"), MOST_WEEKS) or 1
            return weekly(Weekly(self.days(), frozenset(self.weekdays()), self.hours(), every))
        return within_hours(
            Opening(self.days(), self.opening_hours(), read_number(self.get("minutes"), MOST_MINUTES) or 0)
        )

    def errors(self) -> Errors:
        if self.kind == "eenmalig":
            return {"day": day_error(self.get("day")), **self.begin_and_end_errors()}
        if self.kind == "reeks":
            return {
                **self.period_errors(),
                "weekdays": "" if self.weekdays() else _("Kies minstens één dag."),
                **self.begin_and_end_errors(),
                "every": number_error(self.get("every"), 1, MOST_WEEKS),
                "except": self.except_error(),
            }
        return {
            **self.period_errors(),
            **self.opening_errors(),
            "minutes": number_error(self.get("minutes"), LEAST_MINUTES, MOST_MINUTES),
            "except": self.except_error(),
        }

    def period_errors(self) -> Errors:
        first, last = read_day(self.get("first")), read_day(self.get("last"))
        errors = {"first": day_error(self.get("first")), "last": day_error(self.get("last"))}
        if first and last and last < first:
            errors["last"] = _("De laatste dag komt niet voor de eerste.")
        elif first and last and (last - first).days >= MOST_DAYS:
            errors["last"] = _("Dat is te lang. Kies hoogstens twee jaar.")
        return errors

    def hour_errors(self, *names: str) -> Errors:
        return {name: hour_error(self.get(name)) for name in names}

    def begin_and_end_errors(self) -> Errors:
        """An end before the start is that of the next day; at the same hour nobody knows what was meant."""
        starts, ends = read_hour(self.get("starts")), read_hour(self.get("ends"))
        same = _("Dit is hetzelfde uur als het begin. Kies een ander.") if starts and starts == ends else ""
        return {"starts": hour_error(self.get("starts")), "ends": hour_error(self.get("ends")) or same}

    def opening_errors(self) -> Errors:
        errors: Errors = {}
        for number in range(DAYS_IN_WEEK):
            names = f"opens_{number}", f"closes_{number}"
            if any(self.get(name) for name in names):
                errors |= self.hour_errors(*names) | self.slots_error(number)
        if not errors:
            errors["opens_0"] = _("Vul minstens één dag in.")
        return errors

    def slots_error(self, number: int) -> Errors:
        """What is wrong with the hours of one day of the week, where they can be read. 0:00 is midnight."""
        opens, closes = read_hour(self.get(f"opens_{number}")), read_hour(self.get(f"closes_{number}"))
        if opens is None or closes is None:
            return {f"closes_{number}": hour_error(self.get(f"closes_{number}"))}
        closing = minutes_of(closes) or MOST_MINUTES
        if closing <= minutes_of(opens):
            words = _("Je sluit voor je opent. Middernacht is 0:00.")
            return {f"closes_{number}": words}
        length = read_number(self.get("minutes"), MOST_MINUTES) or 0
        if closing - minutes_of(opens) < length:
            return {f"closes_{number}": _("Hier past geen tijdvak van %(num)s minuten in.", num=length)}
        return {}

    def except_error(self) -> str:
        wrong = [text for text in self.exception_texts() if read_day(text) is None]
        return _("“%(text)s” is geen dag. Schrijf zo: 24/12/2026.", text=wrong[0]) if wrong else ""

    def days(self) -> Days:
        first, last = read_day(self.get("first")), read_day(self.get("last"))
        assert first
        assert last
        off = frozenset(day for day in map(read_day, self.exception_texts()) if day)
        return Days(first, last, self.skips_holidays, off)

    @property
    def skips_holidays(self) -> bool:
        return self.get("holidays") == "true"

    def exception_texts(self) -> list[str]:
        return [text.strip() for text in SEPARATORS.split(self.get("except")) if text.strip()]

    def weekdays(self) -> list[int]:
        return [number for number in range(DAYS_IN_WEEK) if self.get(f"weekday_{number}") == "true"]

    def hours(self) -> Hours:
        starts, ends = read_hour(self.get("starts")), read_hour(self.get("ends"))
        assert starts is not None
        assert ends is not None
        return starts, ends

    def opening_hours(self) -> dict[int, Hours]:
        found = {}
        for number in range(DAYS_IN_WEEK):
            opens, closes = read_hour(self.get(f"opens_{number}")), read_hour(self.get(f"closes_{number}"))
            if opens is not None and closes is not None:
                found[number] = opens, closes
        return found


def box_of(slot: Slot) -> str:
    """The name of the box of a date: its moment, so that it means the same when it is sent later."""
    return f"op_{slot.starts_at:%Y%m%dT%H%M}"


def minutes_of(hour: time) -> int:
    """From midnight on."""
    return hour.hour * 60 + hour.minute


def day_error(text: str) -> str:
    return "" if read_day(text) else _("Kies een dag.")


def read_moment(fields: Mapping[str, str]) -> datetime | None:
    """The start of a date, as a page put it in a form; None for anything else."""
    try:
        found = datetime.fromisoformat(fields.get("starts", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None


def first_form(kind: str) -> DatesForm:
    """An empty form: of a series the holidays are left out, which is what most people want."""
    return DatesForm(kind, {"holidays": "true", "every": "1", "minutes": "60"})


def more_of(kind: str, series_id: UUID, pattern: Mapping[str, str]) -> DatesForm:
    """The form to add dates to a series, with all but their days."""
    return DatesForm(kind, {**pattern, "reeks": str(series_id)})
