"""What somebody wants of a date that changes, as the form at its desk says it, and doing it."""

from datetime import datetime

from msgspec import Struct

from reservations.errors import CannotGoOn, SessionCancelled, SessionOver
from reservations.sessions import changing
from reservations.sessions.change_form import ChangeForm
from reservations.sessions.changing import MAY_GO_ON, ON_SALE, LockedSession, NewTime
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.services.audit import Author
from uit.web.form import Errors


class WantedChange(Struct, frozen=True):
    """What is said of a date that changes: why, when it is then, and until when who booked may choose."""

    why: str | None
    times: tuple[datetime, datetime] | None = None
    choose_until: datetime | None = None


def wanted_in(verb: str, form: ChangeForm, now: datetime) -> WantedChange | Errors:
    """What a form says of the date, as far as this verb asks for it."""
    if verb == "verplaatsen":
        times = form.times(now)
        return times if isinstance(times, dict) else WantedChange(form.why, times)
    until = form.choose_until(now) if verb == "afgelasten" else None
    return until if isinstance(until, dict) else WantedChange(form.why, choose_until=until)


async def errors_of(tx: Executor, region_id: int, session: LockedSession, wanted: WantedChange) -> Errors:
    """What is wrong with a moment that another date of the same activity has already."""
    if wanted.times and await changing.has_date_at(tx, region_id, session.id, wanted.times[0]):
        return {"day": _("Deze activiteit heeft op dat moment al een datum. Kies een ander moment.")}
    return {}


async def apply(
    tx: Executor, author: Author, verb: str, session: LockedSession, wanted: WantedChange
) -> None:
    why = {session.id: wanted.why}
    match verb:
        case "afgelasten":
            await changing.call_off(tx, author, [session], why, wanted.choose_until)
        case "uitstellen":
            await changing.postpone(tx, author, [session], why)
        case "verplaatsen":
            assert wanted.times is not None
            await changing.move(tx, author, [session], [NewTime(session.id, *wanted.times)])
        case _:
            await changing.restore(tx, author, [session])


def is_so_already(verb: str, session: LockedSession, wanted: WantedChange) -> bool:
    """Whether the date is what this makes of it: then nothing changes, and nobody is told again."""
    same_reason = wanted.why in {None, session.status_reason}
    match verb:
        case "afgelasten":
            return session.status == "cancelled" and same_reason
        case "uitstellen":
            return session.status == "postponed" and same_reason
        case "verplaatsen":
            return session.status in ON_SALE and (session.starts_at, session.ends_at) == wanted.times
        case _:
            return False


def refusal_of(verb: str, session: LockedSession, now: datetime) -> Refusal | None:
    if verb == "hervatten":
        return None if session.status in MAY_GO_ON else CannotGoOn(session.id)
    if session.status == "cancelled":
        return SessionCancelled(session.id)
    return SessionOver(session.id) if session.ends_at <= now and session.status in ON_SALE else None
