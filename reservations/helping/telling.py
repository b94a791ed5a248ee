"""A helper is told that somebody asks for their help, or ended it: each by their own way."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.rows import OutboxRow
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import HELP
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.person.asked_help import read_ask
from uit.services.audit import Author
from uit.services.services import Services

SQL = Statements(__name__)
ASKED: Final = "help.asked"
STOPPED: Final = "help.stopped"


class StoppedHelp(Struct, frozen=True):
    """`given_name` is of who was helped."""

    representative_id: UUID
    given_name: str


find_asked = SQL.value("find_asked", UUID)
read_stopped = SQL.maybe("read_stopped", StoppedHelp)


async def tell_stopped(tx: Executor, author: Author, given_id: UUID) -> None:
    """Have a helper told that they may do nothing more."""
    await write_outbox(tx, author.region_id, as_json([OutboxRow(STOPPED, given_id)]), author.now)


async def notify_asked_for_help(
    services: Services, region_id: int, ask_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell whom somebody asked: at the address, or who has the pass of that number and that name.

    None when that is done, when it is not asked any more, and when nobody has it, of which nobody hears.
    """
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        asked = await read_ask(connection, ask_id)
        found = await find_asked(connection, region_id, ask_id) if asked and not asked.email else None
    if region is None or asked is None or not (asked.email or found):
        return None
    address = f"{services.settings.address}/aanmelden?next=/{region.slug}/wie-help-ik"
    facts = {"name": asked.given_name, "region": region, "link": address}
    template = "reservations/helping/mail_ask" if asked.email else "reservations/helping/mail_ask_pass"
    message = PersonalMessage(region_id, message_id, HELP, template, facts)
    return await reach(services, Addressee(found, asked.email), message)


async def notify_stopped(
    services: Services, region_id: int, given_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell who helped that they may do nothing more; None when that is done."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        stopped = await read_stopped(connection, given_id)
    if region is None or stopped is None:
        return None
    facts = {"name": stopped.given_name, "region": region}
    message = PersonalMessage(region_id, message_id, HELP, "reservations/helping/mail_stopped", facts)
    return await reach(services, Addressee(stopped.representative_id), message)


TOLD: Final = {ASKED: notify_asked_for_help, STOPPED: notify_stopped}
"""Who tells what, by topic of the outbox."""
