"""Telling organisers that a measure of their region holds for dates of theirs, or holds no more.

The worker calls it, from the outbox: one message for each person. It says which dates, and how many people
may come; of who booked it says nothing, and who booked is told nothing: nobody loses a place.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.measures.by_venue import by_venue
from reservations.organiser_recipient import OrganiserRecipient, address_of
from uit.database.statements import Statements
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
TAKEN: Final = "measure.taken"
ENDED: Final = "measure.ended"
MOST_DATES: Final = 30
"""So many stand in a mail; all of them stand on the page."""


class ToldMeasure(Struct, frozen=True):
    places: int | None
    percent: int | None
    from_on: date
    to_on: date
    reason: str
    ended_at: datetime | None


class ToldDate(Struct, frozen=True):
    """A date with who has a place, the places that were set, and what all measures of now leave of them."""

    event: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    taken: int
    capacity: int
    cap: int
    of_all: int

    @property
    def over(self) -> int:
        return max(0, self.taken - self.cap)


tell_organisers = SQL.command("tell_organisers")
read_told_measure = SQL.maybe("read_told_measure", ToldMeasure)
read_dates = SQL.many("read_dates", ToldDate)

Notify = Callable[[Services, int, UUID, str, UUID], Awaitable[MailAway | MailRefused | None]]


def notify_of(topic: str) -> Notify:
    """Mails one of the staff of an organiser; None when that is done, or when it is so no longer."""

    async def notify(
        services: Services, region_id: int, measure_id: UUID, payload: str, _message_id: UUID
    ) -> MailAway | MailRefused | None:
        recipient = msgspec.json.decode(payload, type=OrganiserRecipient)
        now = services.clock.now()
        region = await services.regions.by_id(region_id)
        async with services.database.reading() as connection:
            measure = await read_told_measure(connection, region_id, measure_id)
            address = await address_of(connection, region_id, recipient, now)
            key = region_id, measure_id, recipient.organiser_id
            dates = await read_dates(connection, *key, now, MOST_DATES)
        if region is None or address is None or measure is None or not is_so(topic, measure, dates):
            return None
        CLOCK.set(services.clock)
        own = f"{services.settings.address}/{region.slug}/organisaties/{recipient.organiser_id}/maatregelen"
        facts: dict[str, Any] = {
            "measure": measure,
            "is_over": topic == ENDED,
            "rooms": by_venue(dates),
            "more": max(0, dates[0].of_all - len(dates)),
            "region": region,
            "own": own,
        }
        return await services.mailer.send(
            written_mail(address, "reservations/measures/mail_measure", **facts)
        )

    return notify


def is_so(topic: str, measure: ToldMeasure, dates: Sequence[ToldDate]) -> bool:
    """Whether it still stands as it is told, for a date that is still to come."""
    return bool(dates) and (measure.ended_at is not None) == (topic == ENDED)


TOLD: Final = {topic: notify_of(topic) for topic in (TAKEN, ENDED)}
"""Who tells what, by topic of the outbox."""
