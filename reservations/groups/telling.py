"""Telling who works for a partner that a date its group booked is called off, moved, postponed or goes on.

The worker calls it, from the outbox. A message about such a booking becomes one for each member of staff,
so that an address that fails holds up nobody else. Who booked is not named, and who comes nobody knows.
"""

from collections.abc import Mapping
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.facts import TicketEnd
from reservations.booking.notifications import (
    CHOOSE,
    ENDED,
    LONGER,
    MOVED,
    OTHER,
    POSTPONED,
    RESTORED,
    SEATED,
    BookingMessage,
    Payload,
    read_known,
    what_to_tell,
)
from reservations.booking.rows import OutboxRow
from reservations.booking.tickets import Outing
from reservations.groups.changed_words import Change, heading, meaning
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
GROUP_TOLD: Final = "group.told"
PASSED_ON: Final = frozenset({ENDED, MOVED, POSTPONED, RESTORED, CHOOSE, LONGER, SEATED, OTHER})
OWN: Final = frozenset({ENDED, OTHER})
"""What the worker may have done, who is told of it only when somebody else did."""
BY_OTHERS: Final = (TicketEnd.CALLED_OFF, TicketEnd.WITHDRAWN)
"""How tickets end that the worker did not give up."""


class GroupNotice(Struct, frozen=True):
    """What is told of a booking, `topic` with its own content, and to whom."""

    topic: str
    about: Payload
    staff_id: UUID


class StaffId(Struct, frozen=True):
    staff_id: UUID


class GroupWorker(Struct, frozen=True):
    """Who is told, and the group that booked."""

    email: str
    partner_id: UUID
    group_id: UUID
    group_name: str


staff_of_group = SQL.many("staff_of_group", StaffId)
read_worker = SQL.maybe("read_worker", GroupWorker)


async def pass_on_to_workers(services: Services, message: BookingMessage) -> None:
    """Write a message for each who works with the group that made a booking; none for other bookings."""
    about = msgspec.json.decode(message.payload, type=Payload)
    if message.topic not in PASSED_ON or (message.topic in OWN and not is_by_others(message.topic, about)):
        return
    key, now = (message.region_id, message.booking_id), services.clock.now()
    async with services.database.reading() as connection:
        staff = await staff_of_group(connection, *key, now)
    rows = [
        OutboxRow(
            GROUP_TOLD,
            message.booking_id,
            msgspec.to_builtins(GroupNotice(message.topic, about, each.staff_id)),
        )
        for each in staff
    ]
    if rows:
        async with services.database.transaction() as tx:
            await write_outbox(tx, message.region_id, as_json(rows), now)


def is_by_others(topic: str, about: Payload) -> bool:
    """Whether somebody else than a worker of the group ended tickets of it, or changed it."""
    ends = {each.end for each in about.tickets}
    return about.by_staff or (topic == ENDED and bool(ends & {*BY_OTHERS}))


async def notify_worker(
    services: Services, region_id: int, booking_id: UUID, payload: str, _message_id: UUID
) -> MailAway | MailRefused | None:
    """Mail one of them, as long as it is so and they work there; None when that is done."""
    told, now = msgspec.json.decode(payload, type=GroupNotice), services.clock.now()
    CLOCK.set(services.clock)
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        worker = await read_worker(connection, region_id, booking_id, told.staff_id, now)
        facts = await facts_of(connection, region_id, booking_id, told)
    if region is None or worker is None or facts is None:
        return None
    group = (
        f"{services.settings.address}/{region.slug}/partners/{worker.partner_id}/groepen/{worker.group_id}"
    )
    mail = written_mail(
        worker.email,
        "reservations/groups/mail_changed",
        group=worker.group_name,
        own=f"{group}/boekingen/{booking_id}",
        **facts,
    )
    return await services.mailer.send(mail)


async def facts_of(
    tx: Executor, region_id: int, booking_id: UUID, told: GroupNotice
) -> dict[str, Any] | None:
    """What became of the date, as far as it still is so."""
    known = await read_known(tx, region_id, booking_id, None)
    found = what_to_tell(told.topic, told.about, known) if known else None
    if found is None:
        return None
    template, facts = found
    outings: list[Outing] = facts.get("outings") or [facts["outing"]]
    what = change_told(template, facts, outings[0])
    is_live = bool(facts.get("live"))
    words = {"heading": heading(what), "meaning": meaning(what, outings[0].choose_until, is_live=is_live)}
    more = {name: facts.get(name) for name in ("places", "seats", "before")}
    return {"what": what, "outings": outings, **words, **more}


def change_told(template: str, facts: Mapping[str, Any], outing: Outing) -> Change:
    """What became of the date, by the mail that who booked it for themselves would get."""
    what = template.removeprefix("mail_")
    if what == "ended":
        return cast("Change", next((each.value for each in BY_OTHERS if each in facts["ends"]), "given_up"))
    return cast("Change", outing.move if what == "moved" else what)
