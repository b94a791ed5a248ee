"""What an organiser says of a waiting room; what is wrong comes back per field."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from reservations.sessions.change_form import at, read_hour
from reservations.waiting_room.letting_in import TEN
from reservations.waiting_room.room import KNOWN_AFTER, NewRoom
from uit.core.clock import BRUSSELS
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_number

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
        shares = _("Vul een getal in van 0 tot 10.")
        errors: Errors = {
            "day": "" if day else _("Kies een dag."),
            "hour": "" if hour else _("Vul een uur in, zoals 20:00."),
            "credit": shares if credit is None else "",
            "counter": shares if counter is None else self._too_many(credit, counter),
            "minutes": ""
            if minutes and minutes >= LEAST_MINUTES
            else _("Vul een getal in van %(least)s tot %(most)s.", least=LEAST_MINUTES, most=MOST_MINUTES),
        }
        if day and hour and not only_errors(errors):
            errors["day"] = moment_error(at(day, hour), now, closes_at)
        if wrong := only_errors(errors):
            return wrong
        assert day
        assert hour
        return NewRoom(at(day, hour), credit or 0, counter or 0, turn_minutes=minutes or LEAST_MINUTES)

    def _too_many(self, credit: int | None, counter: int) -> str:
        return _("Samen zijn het er hoogstens tien.") if (credit or 0) + counter > TEN else ""


def moment_error(opens_at: datetime, now: datetime, closes_at: datetime) -> str:
    if opens_at < now + KNOWN_AFTER:
        minutes = int(KNOWN_AFTER.total_seconds()) // 60
        return _("Kies een moment dat minstens %(minutes)s minuten later is dan nu.", minutes=minutes)
    return "" if opens_at < closes_at else _("Dan is het boeken al gesloten. Kies een vroeger moment.")


def first_form(now: datetime) -> RoomForm:
    return RoomForm(day=now.astimezone(BRUSSELS).date().isoformat(), hour="10:00")


def typed_in(fields: Mapping[str, str]) -> RoomForm:
    return RoomForm(**{name: fields.get(name, "")[:100] for name in FIELDS})
