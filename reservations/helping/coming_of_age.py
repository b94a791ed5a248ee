"""A child turns 18: what its parents may do ends that day by itself, and both are told a month before."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from reservations.booking.services import BookingServices
from uit.core.clock import day_in_flanders
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import HELP
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.person.powers import of_age_on
from uit.identity.person.representation import mark_warned
from uit.services.services import Services

SQL = Statements(__name__)
NOTICE: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 100
PARENT, CHILD = "help.ends", "help.ends_for_me"
"""To whom it is told: the parent, and who turns 18."""


class EndingPower(Struct, frozen=True):
    """A representation that ends by the age of who is represented, and a region where they have a pass."""

    region_id: int
    id: UUID


class Ending(Struct, frozen=True):
    """What there is to tell: of whom, and until when."""

    child_id: UUID
    child: str
    parent_id: UUID
    parent: str
    born_on: date
    is_revoked: bool


find_ending = SQL.many("find_ending", EndingPower)
read_ending = SQL.maybe("read_ending", Ending)


async def tell_who_turn_eighteen(services: BookingServices) -> int:
    """Tell of powers that end within NOTICE, each once, MOST_AT_ONCE; returns how many."""
    today = day_in_flanders(services.clock.now())
    async with services.database.reading() as connection:
        found = await find_ending(connection, today, today + NOTICE, MOST_AT_ONCE)
    for each in found:
        async with services.database.transaction() as tx:
            await tell(tx, services, each)
    return len(found)


async def tell(tx: Executor, services: BookingServices, ending: EndingPower) -> None:
    now = services.clock.now()
    if await mark_warned(tx, ending.id, now):
        rows = [OutboxRow(topic, ending.id) for topic in (PARENT, CHILD)]
        await write_outbox(tx, ending.region_id, as_json(rows), now)


async def notify_parent(
    services: Services, region_id: int, given_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell a parent that they may soon do nothing more for their child; None when nothing is to be told."""
    return await notify_of_ending(services, region_id, given_id, message_id, to_child=False)


async def notify_child(
    services: Services, region_id: int, given_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell who turns 18 that nobody may act for them any more but whom they ask."""
    return await notify_of_ending(services, region_id, given_id, message_id, to_child=True)


async def notify_of_ending(
    services: Services, region_id: int, given_id: UUID, message_id: UUID, *, to_child: bool
) -> NotReached | None:
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        ending = await read_ending(connection, given_id)
    if region is None or ending is None or ending.is_revoked:
        return None
    facts = {
        "child": ending.child,
        "parent": ending.parent,
        "region": region,
        "day": of_age_on(ending.born_on),
        "link": f"{services.settings.address}/aanmelden?next=/{region.slug}/wie-helpt-mij",
    }
    template = f"reservations/helping/mail_{'own' if to_child else 'child'}_eighteen"
    to = Addressee(ending.child_id if to_child else ending.parent_id)
    return await reach(services, to, PersonalMessage(region_id, message_id, HELP, template, facts))


TOLD: Final = {PARENT: notify_parent, CHILD: notify_child}
"""Who tells what, by topic of the outbox."""
