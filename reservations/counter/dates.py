"""What can be booked on a day, as a clerk looks for it: tonight, another day, or by a word of its name."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.facts import Holder
from reservations.catalogue.agenda import SessionCard, coming_sessions, read_cards
from reservations.catalogue.cursor import SearchCursor
from reservations.catalogue.days import DayQuery, read_day_cards, search
from reservations.catalogue.search import FIELDS, Search, read_search
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.web.form import Errors, Labels, read_id

MOST_TIMES: Final = 50
FIRST: Final = UUID(int=0)


class Dates(Struct, frozen=True):
    """What was found: cards, each of a date or of several times of one activity that day."""

    cards: Sequence[SessionCard] = ()
    next: SearchCursor | None = None


def labels() -> Labels:
    return {"waar": _("Titel, gemeente of postcode"), "van": _("Welke dag?")}


def read_wanted(typed: Mapping[str, str], today: date) -> Search | Errors:
    """The search of the form: of one day, or with words from that day on."""
    fields = {name: typed.get(name, "") for name in FIELDS}
    first = typed.get("van", "").strip() or today.isoformat()
    return read_search(fields | {"van": first, "tot": "" if fields["waar"].strip() else first}, today)


async def find_dates(  # noqa: PLR0913  what is looked for, for whom, in which language
    tx: Executor, region_id: int, wanted: Search, holder: Holder | None, now: datetime, *, language: str
) -> Dates:
    found = await search(tx, region_id, wanted, now)
    shown = [*found.days, *found.running]
    cards = await read_day_cards(tx, DayQuery(region_id, wanted, now), shown, holder, language=language)
    return Dates(cards, found.next)


async def times_of(  # noqa: PLR0913, PLR0917  of what, when, for whom, in which language
    tx: Executor,
    region_id: int,
    event: str,
    day: date,
    holder: Holder | None,
    now: datetime,
    *,
    language: str,
) -> Dates:
    """The times of one activity on a day, each by itself."""
    event_id = read_id(event)
    if event_id is None:
        return Dates()
    found = await coming_sessions(tx, region_id, event_id, start_of_day(day), FIRST, now, MOST_TIMES)
    ids = [each.id for each in found if day_in_flanders(each.starts_at) == day]
    return Dates(await read_cards(tx, region_id, ids, holder, now, language=language))
