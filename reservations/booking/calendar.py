"""What of a booking goes into somebody's calendar: which dates, when and where; nothing that is private.

A calendar is shared with a household and kept by others. So it says no amount, no name and no ticket, and of
what is discreet neither what it is nor with whom, as a mail does. The link of a guest is not in it either: it
opens a booking.
"""

from datetime import datetime, timedelta
from typing import Final

from reservations.booking.facts import USED, TicketStatus
from reservations.booking.own_booking import OwnBooking
from reservations.booking.services import BookingServices
from reservations.booking.tickets import GIVEN_UP, Outing, outings_seen
from reservations.errors import BookingUnknown
from uit.core.errors import RefusalError
from uit.core.icalendar import CalendarEvent, EventStatus, as_calendar
from uit.core.translation import gettext as _
from uit.database.statements import Executor

FILE: Final = "agenda.ics"
HEADERS: Final = {"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "no-store"}
OFF: Final = frozenset({"cancelled", "postponed"})
"""The dates that nobody goes to; what is put off comes back under the same name, at its new moment."""
GOES: Final = USED | {TicketStatus.CONFIRMED}


async def calendar_of(services: BookingServices, tx: Executor, mine: OwnBooking) -> str:
    """The file of all dates of a booking that whoever looks sees. Raises BookingUnknown without any.

    A card of turns is no date: it would fill the calendar for as long as it is good.
    """
    here, now, address = mine.here, services.clock.now(), services.settings.address
    seen = await outings_seen(tx, here.region.id, [mine.booking_id], mine.viewer, here.language)
    outings = [each for each in seen if each.turns_left is None]
    if not outings:
        raise RefusalError(BookingUnknown(mine.booking_id))
    url = None if mine.is_guest else f"{address}{mine.own}"
    host = address.partition("//")[2]
    return as_calendar([event_of(each.undisclosed, host, url, now) for each in outings], now)


def event_of(outing: Outing, host: str, url: str | None, now: datetime) -> CalendarEvent:
    """It is known by its booking, its date and this installation.

    A file that is made a minute later goes before: what became of the date since stands in it.
    """
    return CalendarEvent(
        uid=f"{outing.booking_id}.{outing.session_id}@{host}",
        sequence=(now - outing.made_at) // timedelta(minutes=1),
        starts_at=outing.starts_at,
        ends_at=outing.ends_at,
        summary=outing.name,
        location=where(outing),
        status=status_of(outing),
        url=url,
    )


def status_of(outing: Outing) -> EventStatus:
    if outing.session_status in OFF or outing.status in GIVEN_UP:
        return EventStatus.CANCELLED
    is_sure = outing.status in GOES and outing.session_status != "suspended"
    return EventStatus.CONFIRMED if is_sure else EventStatus.TENTATIVE


def where(outing: Outing) -> str:
    """Where it is. What is online has an address of its own, which is for who has a ticket alone."""
    if outing.attendance == "online":
        return _("Online")
    town = f"{outing.postal_code} {outing.town}".strip()
    return ", ".join(filter(None, [outing.venue, outing.street, town]))
