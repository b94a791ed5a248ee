"""How a series is called: on which days, how often, at what hour."""

from collections.abc import Mapping

from reservations.activities.dates.form import weekday_names
from reservations.activities.dates.pattern import DAYS_IN_WEEK
from uit.core.translation import gettext as _


def name_of(fields: Mapping[str, str], dates: int) -> str:
    """Such as: Elke dinsdag, 12 keer."""
    return _("%(rhythm)s, %(times)s keer", rhythm=rhythm_of(fields), times=dates)


def rhythm_of(fields: Mapping[str, str]) -> str:
    if fields.get("kind") != "reeks":
        return _("Tijdvakken van %(minutes)s minuten", minutes=fields.get("minutes", ""))
    days = days_of(fields)
    every = fields.get("every", "1")
    if every == "1":
        return _("Elke %(days)s", days=days)
    return _("Om de %(weeks)s weken op %(days)s", weeks=every, days=days)


def days_of(fields: Mapping[str, str]) -> str:
    names = [name.lower() for name in weekday_names()]
    days = [names[n] for n in range(DAYS_IN_WEEK) if fields.get(f"weekday_{n}") == "true"]
    *before, last = days or [_("dag")]
    return _("%(days)s en %(last)s", days=", ".join(before), last=last) if before else last


def hours_of(fields: Mapping[str, str]) -> str:
    """At what hour; nothing for slots, whose days have their own."""
    if fields.get("kind") != "reeks":
        return ""
    return _("van %(starts)s tot %(ends)s", starts=fields.get("starts", ""), ends=fields.get("ends", ""))
