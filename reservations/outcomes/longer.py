"""An organiser gives who booked a date that is called off longer to choose, and never shorter."""

from datetime import date, datetime, timedelta
from typing import Final

from msgspec import Struct

from reservations.booking.notifications import LONGER
from reservations.outcomes.outcomes import ChangedDate
from reservations.sessions.change_form import MOST_CHOICE, MOST_REASON
from reservations.sessions.changing import note, tell_bookings
from reservations.sessions.organiser_desk import OrganiserDesk
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.services.audit import Author
from uit.web.form import Errors, Labels, only_errors, read_day, text_error

SQL = Statements(__name__)
ONE_DAY: Final = timedelta(days=1)

lengthen_choice = SQL.value("lengthen_choice", bool)


def labels() -> Labels:
    return {"day": _("Kiezen kan tot en met"), "reason": _("Waarom?")}


class LongerForm(Struct, frozen=True):
    """What was typed: the last day on which they choose, and why it is a later one."""

    day: str = ""
    reason: str = ""

    def read(self, date: ChangedDate) -> "LongerChoice | Errors":
        """Until when, and why; or what is wrong with it."""
        day, days = read_day(self.day), days_of(date)
        is_good = day is not None and days is not None and days[0] <= day <= days[1]
        why = text_error(self.reason, _("Schrijf waarom. Wie nog kiest, leest het."), MOST_REASON)
        errors = only_errors({"day": "" if is_good else day_error(days), "reason": why})
        if errors or day is None:
            return errors
        return LongerChoice(start_of_day(day + ONE_DAY), one_line(self.reason))

    def is_so(self, changed: ChangedDate) -> bool:
        """Whether it is as this form asks already: it was sent twice."""
        day, why = read_day(self.day), one_line(self.reason)
        return day is not None and (start_of_day(day + ONE_DAY), why) == (
            changed.choose_until,
            changed.longer_reason,
        )


class LongerChoice(Struct, frozen=True):
    until: datetime
    why: str


def days_of(changed: ChangedDate) -> tuple[date, date] | None:
    """The first and the last day that may be chosen: later than it is, and a month more than was promised.

    None where nothing is to be chosen, or where it is as long already as it can be.
    """
    if changed.status != "cancelled" or changed.choose_until is None:
        return None
    promised = changed.choose_promised or changed.choose_until
    first, last = day_in_flanders(changed.choose_until), day_in_flanders(promised) - ONE_DAY + MOST_CHOICE
    return (first, last) if first <= last else None


def day_error(days: tuple[date, date] | None) -> str:
    if days is None:
        return _("Langer kan niet.")
    return _(
        "Kies een dag van %(first)s tot en met %(last)s.",
        first=f"{days[0]:%-d/%-m/%Y}",
        last=f"{days[1]:%-d/%-m/%Y}",
    )


async def lengthen(tx: Executor, author: Author, desk: OrganiserDesk, choice: LongerChoice) -> bool:
    """Give them until then, and tell each who still has to choose; False where it is too late for it."""
    if not await lengthen_choice(tx, *desk.key, choice.until, choice.why, author.now):
        return False
    await tell_bookings(tx, desk.region.id, [desk.session_id], LONGER, author.now)
    await note(tx, author, "session.lengthen", {desk.session_id: {"until": choice.until.isoformat()}})
    return True
