"""What who waits is told, each by their own way: the link that proves an address, their turn, and the end."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.waiting_room.entry import ENTERED
from reservations.waiting_room.room import SOLD_OUT_TOLD, YOUR_TURN
from uit.core.seal import QueueSeal, seal_queue
from uit.core.translation import gettext as _
from uit.database.statements import Statements
from uit.identity.message.kind import WAITING_ROOM
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.services.services import Services

SQL = Statements(__name__)


class About(Struct, frozen=True):
    session_id: UUID


class ToldEntry(Struct, frozen=True):
    """An entry, whose it is, and what they wait for."""

    id: UUID
    person_id: UUID | None
    email: str | None
    partner_id: UUID | None
    group_id: UUID | None
    worker_emails: list[str]
    proven_at: datetime | None
    turn_until: datetime | None
    booking_id: UUID | None
    end_reason: str | None
    name: str
    is_discreet: bool
    session_id: UUID
    starts_at: datetime
    ends_at: datetime

    @property
    def addressees(self) -> list[Addressee]:
        """Whom it is of, or all who work with the group that it is of."""
        if self.group_id:
            return [Addressee(None, each) for each in self.worker_emails]
        return [Addressee(self.person_id, self.email)]

    def still_needs(self, topic: str, now: datetime) -> bool:
        """Whether it still says something: a link that was used, or a turn that is over, does not."""
        if topic == ENTERED:
            return self.proven_at is None
        if topic == YOUR_TURN:
            return self.turn_until is not None and now < self.turn_until and self.booking_id is None
        return True


read_told = SQL.maybe("read_told", ToldEntry)

Notify = Callable[[Services, int, UUID, str, UUID], Awaitable[NotReached | None]]


def notify_of(topic: str, template: str) -> Notify:
    """Tells whom an entry is of, with the link of their place; None when that is done or says nothing."""

    async def notify(
        services: Services, region_id: int, entry_id: UUID, payload: str, message_id: UUID
    ) -> NotReached | None:
        session_id = msgspec.json.decode(payload, type=About).session_id
        region = await services.regions.by_id(region_id)
        async with services.database.reading() as connection:
            told = await read_told(connection, region_id, session_id, entry_id, services.clock.now())
        if region is None or told is None or not told.still_needs(topic, services.clock.now()):
            return None
        link = f"{services.settings.address}/{region.slug}/{place_of(told, region_id, services)}"
        name = _("Een activiteit") if told.is_discreet else told.name
        facts = {"told": told, "name": name, "region": region, "link": link}
        message = PersonalMessage(region_id, message_id, WAITING_ROOM, template, facts)
        reached = [await reach(services, each, message) for each in told.addressees]
        return next((each for each in reached if each is not None), None)

    return notify


def place_of(told: ToldEntry, region_id: int, services: Services) -> str:
    """Where one sees the place: by its own link, or at the desk of the partner of a group."""
    if told.group_id:
        return f"partners/{told.partner_id}/groepen/{told.group_id}/wachtkamer/{told.session_id}"
    token = seal_queue(services.secrets.signing, QueueSeal(region_id, told.session_id, told.id))
    return f"wachtkamer/{token}"


TOLD: Final = {
    topic: notify_of(topic, f"reservations/waiting_room/{template}")
    for topic, template in ((ENTERED, "mail_entered"), (YOUR_TURN, "mail_turn"), (SOLD_OUT_TOLD, "mail_over"))
}
"""Who tells what, by topic of the outbox."""
