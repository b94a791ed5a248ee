"""What who waits is told: that they stand in the line, have an offer or missed one, or that it is off."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from reservations.booking.services import BookingServices
from reservations.booking.waiting_rows import CALLED_OFF, EXPIRED, JOINED, OFFERED
from reservations.waiting.offered import read_offered
from reservations.waiting.place import PlaceInLine, dates_of, place_path, read_place
from uit.core.translation import gettext as _
from uit.identity.message import kind
from uit.identity.message.kind import BOOKED, OFFER, MessageKind
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach

Notify = Callable[[BookingServices, int, UUID, UUID], Awaitable[NotReached | None]]
STATES: Final = {JOINED: "waiting", OFFERED: "offered", EXPIRED: "expired", CALLED_OFF: "over"}
"""The state that each message is about: nobody is told what is no longer so."""
KINDS: Final[dict[str, MessageKind]] = {
    JOINED: BOOKED,
    OFFERED: OFFER,
    EXPIRED: BOOKED,
    CALLED_OFF: kind.CALLED_OFF,
}
TEMPLATES: Final = {
    JOINED: "mail_joined",
    OFFERED: "mail_offered",
    EXPIRED: "mail_expired",
    CALLED_OFF: "mail_called_off",
}


async def tell(
    services: BookingServices, topic: str, region_id: int, entry_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell who waits how it stands; None when that is done, or is no longer so."""
    region, now = await services.regions.by_id(region_id), services.clock.now()
    async with services.database.reading() as tx:
        place = await read_place(tx, region_id, entry_id, None)
        if region is None or place is None or place.state != STATES[topic]:
            return None
        offered = await read_offered(tx, region_id, place, now)
        dates = await dates_of(tx, region_id, place, now)
    if topic == OFFERED and offered is None:
        return None
    address = f"{services.settings.address}/{region.slug}"
    facts: dict[str, Any] = {
        "region": region,
        "address": address,
        "own": f"{address}/{place_path(services.secrets.signing, region_id, entry_id)}",
        "name": place.name,
        "event": activity(place),
        "place": place,
        "dates": dates,
        "offered": offered,
    }
    message = PersonalMessage(
        region_id, message_id, KINDS[topic], f"reservations/waiting/{TEMPLATES[topic]}", facts
    )
    return await reach(services, Addressee(place.person_id, place.email), message)


def activity(place: PlaceInLine) -> str:
    """What it is called in a message: of what is discreet, nothing that tells what it is."""
    return _("Een activiteit") if place.is_discreet else place.name_of_it


def telling(topic: str) -> Notify:
    async def notify(
        services: BookingServices, region_id: int, entry_id: UUID, message_id: UUID
    ) -> NotReached | None:
        return await tell(services, topic, region_id, entry_id, message_id)

    return notify


TOLD: Final = {topic: telling(topic) for topic in STATES}
