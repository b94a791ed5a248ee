"""Sending what an organiser wrote: the worker puts copies in the outbox by the hundred, and delivers each.

Each goes to who booked, the way they are reached, and its outcome is written down. No address is shown to
the organiser: who answers a mail writes to the organiser's own.
"""

from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.contact import Recipient, RecipientKind, read_recipients
from reservations.booking.notifications import shared_facts
from reservations.booking.rows import OutboxRow
from reservations.booking.seller_contact import SellerContact, whom_to_ask
from reservations.writing.copy_to_send import (
    COPY,
    AboutMessage,
    CopyToSend,
    finish_copy,
    read_copy,
)
from reservations.writing.group_copies import deliver_to_worker, pass_on
from reservations.writing.written import SPREAD
from uit.core.clock import day_in_flanders
from uit.core.translation import gettext as _
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import WRITTEN
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.message.setting import read_reachable
from uit.identity.message.way import Way, way_to
from uit.identity.person.change import ADDRESSES
from uit.services.mail import MailRefused
from uit.services.region import Region
from uit.services.services import Services
from uit.services.text_message import TextRefused

SQL = Statements(__name__)
AT_ONCE: Final = 100
TEMPLATE: Final = "reservations/writing/mail"
WHO_BOOKED: Final = (
    RecipientKind.REPRESENTATIVE,
    RecipientKind.HOLDER,
    RecipientKind.CLAIMANT,
    RecipientKind.GUEST,
)
"""Of several who are told of a booking, the first of these is who made it."""


class QueuedCopy(Struct, frozen=True):
    booking_id: UUID


take_copies = SQL.many("take_copies", QueuedCopy)


async def spread(services: Services, region_id: int, message_id: UUID) -> None:
    """Put the next copies of a message in the outbox, each once, and itself again while there may be more."""
    now = services.clock.now()
    async with services.database.transaction() as tx:
        taken = await take_copies(tx, region_id, message_id, now, AT_ONCE)
        about: dict[str, object] = {"message_id": str(message_id)}
        rows = [OutboxRow(COPY, each.booking_id, about) for each in taken]
        if len(taken) == AT_ONCE:
            rows.append(OutboxRow(SPREAD, message_id))
        if rows:
            await write_outbox(tx, region_id, as_json(rows), now)


async def deliver_copy(
    services: Services, region_id: int, booking_id: UUID, payload: str, outbox_id: UUID
) -> NotReached | None:
    """Send one copy and write down what came of it. One that was sent is not sent again."""
    about = msgspec.json.decode(payload, type=AboutMessage)
    if about.staff_id:
        return await deliver_to_worker(services, region_id, booking_id, about.message_id, about.staff_id)
    message_id = about.message_id
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        copy = await read_copy(connection, region_id, message_id, booking_id)
        who = await who_booked(connection, services, region_id, booking_id)
        way = await way_of(connection, services, who)
    if copy is None or region is None or copy.outcome == "sent":
        return None
    if who is None and await pass_on(services, region_id, booking_id, message_id):
        return None
    answer = None
    if who is not None and way in {Way.EMAIL, Way.SMS, Way.LETTER}:
        facts = facts_of(services, region, who, booking_id, copy)
        reply_to = None if copy.is_discreet else copy.email
        told = PersonalMessage(region_id, outbox_id, WRITTEN, TEMPLATE, facts, reply_to)
        answer = await reach(services, Addressee(who.person_id, who.email), told)
    if answer is None or isinstance(answer, MailRefused | TextRefused):
        way, outcome = await outcome_of(services, who, way, answer)
        async with services.database.transaction() as tx:
            key = region_id, message_id, booking_id
            await finish_copy(tx, *key, way.value, outcome, services.clock.now())
    return answer


async def who_booked(tx: Executor, services: Services, region_id: int, booking_id: UUID) -> Recipient | None:
    today = day_in_flanders(services.clock.now())
    found = await read_recipients(tx, services.secrets.signing, region_id, booking_id, today)
    return min(found, key=lambda each: WHO_BOOKED.index(each.kind), default=None)


async def way_of(tx: Executor, services: Services, who: Recipient | None) -> Way:
    if who is None:
        return Way.OFF
    if who.person_id is None:
        return Way.EMAIL if who.email else Way.OFF
    person = await read_reachable(tx, who.person_id, WRITTEN.name)
    return way_to(person, WRITTEN, texts=services.texter is not None) if person else Way.OFF


async def outcome_of(
    services: Services, who: Recipient | None, way: Way, answer: NotReached | None
) -> tuple[Way, str]:
    """What became of a copy: what was refused for good went on paper where there is an address."""
    if way in {Way.OFF, Way.COUNTER}:
        return way, "nobody"
    if answer is None:
        return way, "sent"
    if who is not None and who.person_id is not None:
        async with services.database.reading() as connection:
            person = await read_reachable(connection, who.person_id, WRITTEN.name)
        if person and person.address_kind in ADDRESSES:
            return Way.LETTER, "sent"
    return way, "failed"


def facts_of(
    services: Services, region: Region, who: Recipient, booking_id: UUID, copy: CopyToSend
) -> dict[str, Any]:
    """What the message says. Of what is discreet neither the activity nor who wrote: see decision 0044."""
    shared = shared_facts(f"{services.settings.address}/{region.slug}", region, who, booking_id)
    named = not copy.is_discreet
    contact = SellerContact(copy.organiser, copy.phone, copy.email) if named else None
    return {
        **shared,
        "questions": whom_to_ask(contact, region),
        "subject": copy.subject if named else _("Een bericht over je boeking"),
        "body": copy.body,
        "session": copy if named else None,
        "organiser": copy.organiser if named else _("de organisator"),
        "answers": named and copy.email is not None,
    }
