"""What a holder is told by mail: a booking is made, tickets ended, a date has moved or was postponed.

The worker calls it, from the outbox.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.facts import LIVE, TicketEnd
from reservations.booking.tickets import Outing, read_booker, read_outings
from uit.services.mail import Mail, MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK, render

MADE, ENDED = "booking.made", "booking.ended"
POSTPONED, MOVED, RESTORED = "booking.postponed", "booking.moved", "booking.restored"
TOPICS: Final = (MADE, ENDED, POSTPONED, MOVED, RESTORED)


class EndedTicketNote(Struct, frozen=True):
    """A ticket that ended, as the message about it says."""

    session_id: UUID
    line_no: int
    no: int
    end: TicketEnd
    returned_cents: int


class Payload(Struct, frozen=True):
    """`tickets` ended; `session_id` is the date that something happened to."""

    tickets: list[EndedTicketNote] = []
    session_id: UUID | None = None


async def notify_holder(
    services: Services, region_id: int, booking_id: UUID, topic: str, payload: str
) -> MailAway | MailRefused | None:
    """Mail the holder of a booking about it; None when that is done, or when there is nothing to tell.

    Nobody is told what is no longer so: a booking that was cancelled since is not confirmed any more.
    """
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        booker = await read_booker(connection, region_id, booking_id)
        outings = await read_outings(connection, region_id, [booking_id])
    told = what_to_tell(topic, msgspec.json.decode(payload, type=Payload), outings)
    if region is None or booker is None or booker.email is None or told is None:
        return None
    template, more = told
    address = f"{services.settings.address}/{region.slug}"
    CLOCK.set(services.clock)
    facts = {"booker": booker, "region": region, "address": address, "booking_id": booking_id, **more}
    return await services.mailer.send(written(booker.email, template, **facts))


def what_to_tell(
    topic: str, payload: Payload, outings: Sequence[Outing]
) -> tuple[str, dict[str, Any]] | None:
    """The mail for a topic and what it says, as far as it is still so."""
    if topic == MADE:
        booked = [each for each in outings if each.status == "confirmed"]
        return ("mail_booked", {"outings": booked}) if booked else None
    if topic == ENDED:
        return ended(payload, outings)
    of_session = [each for each in outings if each.session_id == payload.session_id]
    return changed(topic, of_session[0]) if of_session else None


def ended(payload: Payload, outings: Sequence[Outing]) -> tuple[str, dict[str, Any]] | None:
    """What ended, date by date, and what really came back. A hold that lapsed is told on its page only."""
    told = [each for each in payload.tickets if each.end != TicketEnd.LAPSED]
    if not told or not outings:
        return None
    ends, session_ids = {each.end for each in told}, {each.session_id for each in told}
    facts = {
        "outings": [each for each in outings if each.session_id in session_ids],
        "ends": {end.value for end in ends},
        "places": len(told),
        "back_cents": sum(each.returned_cents for each in told),
        "stays": any(each.live_places for each in outings),
    }
    return "mail_ended", facts


def changed(topic: str, outing: Outing) -> tuple[str, dict[str, Any]] | None:
    """That a date is at another time, comes later, or goes on after all: as long as that is how it stands."""
    live = bool(LIVE & set(outing.statuses))
    if topic == MOVED and live and outing.moved_from:
        return "mail_moved", {"outing": outing}
    if topic == POSTPONED and live and outing.session_status == "postponed":
        return "mail_postponed", {"outing": outing}
    if topic == RESTORED and outing.session_status not in {"cancelled", "postponed", "suspended"}:
        return "mail_restored", {"outing": outing, "live": live}
    return None


def written(to: str, name: str, **facts: object) -> Mail:
    """The two bodies of a mail; the first line of its text is the subject.

    A subject is broken at any space, and a space that does not break would be lost there.
    """
    subject, _, text = render(f"reservations/booking/{name}.txt", **facts).partition("\n")
    subject = subject.replace("\N{NO-BREAK SPACE}", " ")
    return Mail(to, subject, text.strip() + "\n", render(f"reservations/booking/{name}.html", **facts))
