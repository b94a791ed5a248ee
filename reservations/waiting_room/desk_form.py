"""What an organiser says of a waiting room; what is wrong comes back per field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from reservations.waiting_room.letting_in import TEN
from reservations.waiting_room.room import KNOWN_AFTER, NewRoom
from uit.core.clock import BRUSSELS, moment_in_flanders
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

LEAST_MINUTES: Final = 5
MOST_MINUTES: Final = 60
FIELDS: Final = ("day", "hour", "credit", "counter", "minutes")


def labels() -> Labels:
    return {
        "day": _("Op welke dag begint de verkoop?"),
        "hour": _("Hoe laat?"),
        "credit": _("Beurten voor wie krediet heeft, van elke tien"),
        "counter": _("Beurten voor wie aan een balie binnenkomt, van elke tien"),
        "minutes": _("Hoeveel minuten duurt een beurt?"),
    }


class RoomForm(Struct, frozen=True):
    """What was typed."""

    day: str = ""
    hour: str = ""
    credit: str = "2"
    counter: str = "1"
    minutes: str = "10"

    def wanted(self, now: datetime, closes_at: datetime) -> NewRoom | Errors:
        """The room, or what is wrong. It opens while tickets are sold, and not at once."""
        day, hour = read_day(self.day), read_hour(self.hour)
        credit, counter = read_number(self.credit, TEN), read_number(self.counter, TEN)
        minutes = read_number(self.minutes, MOST_MINUTES)
        errors: Errors = {
            "day": "" if day else _("Kies een dag."),
            "hour": hour_error(self.hour),
            "credit": number_error(self.credit, 0, TEN),
            "counter": number_error(self.counter, 0, TEN) or sum_error(credit or 0, counter or 0),
            "minutes": number_error(self.minutes, LEAST_MINUTES, MOST_MINUTES),
        }
        if not day or not hour or only_errors(errors):
            return only_errors(errors)
        opens_at = moment_in_flanders(day, hour)
        if wrong := moment_error(opens_at, now, closes_at):
            return {"day": wrong}
        return NewRoom(opens_at, credit or 0, counter or 0, turn_minutes=minutes or LEAST_MINUTES)


def sum_error(credit: int, counter: int) -> str:
    return _("Samen zijn het er hoogstens tien.") if credit + counter > TEN else ""


def moment_error(opens_at: datetime, now: datetime, closes_at: datetime) -> str:
    if opens_at < now + KNOWN_AFTER:
        minutes = int(KNOWN_AFTER.total_seconds()) // 60
        return _("Kies een moment dat minstens %(minutes)s minuten later is dan nu.", minutes=minutes)
    return "" if opens_at < closes_at else _("Dan is het boeken al gesloten. Kies een vroeger moment.")


def first_form(now: datetime) -> RoomForm:
    return RoomForm(day=now.astimezone(BRUSSELS).date().isoformat(), hour="10:00")


def typed_in(fields: Mapping[str, str]) -> RoomForm:
    return RoomForm(**{name: fields.get(name, "")[:100] for name in FIELDS})
