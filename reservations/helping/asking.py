"""Somebody asks another to help them, who then agrees or not.

Whom they name is kept as it was typed and compared with nobody, so that asking tells nobody who is known.
Who has the address, or the pass with that name, finds it once they are signed in.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from reservations.booking.rows import OutboxRow
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.person.asked_help import Ask, AskOfMe, accept_ask, delete_ask, insert_ask, read_ask
from uit.services.audit import Author
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
TOPIC: Final = "help.asked"
WAITS: Final = timedelta(days=14)
"""So long somebody has to agree; then the ask is over, and erased."""


find_asks = SQL.many("find_asks", AskOfMe)


async def ask(tx: Executor, author: Author, person_id: UUID, asked: Ask) -> None:
    """Ask somebody for help, once for the id of the form. An address gets a mail, known or not."""
    now = author.now
    new = await insert_ask(
        tx, asked.id, person_id, asked.email, asked.card_number, asked.name, asked.powers, asked.limit_cents,
        asked.ends_on, now, now + WAITS,
    )  # fmt: skip
    if not new:
        return
    await author.note(tx, "help.ask", "person", person_id)
    if asked.email:
        await write_outbox(tx, author.region_id, as_json([OutboxRow(TOPIC, asked.id)]), now)


async def asks_of(tx: Executor, region_id: int, person_id: UUID, now: datetime) -> list[AskOfMe]:
    """What is asked of somebody who is signed in."""
    return await find_asks(tx, region_id, person_id, now)


async def agree(tx: Executor, author: Author, person_id: UUID, ask_id: UUID) -> bool:
    """Help who asked, from today on; False where nothing with this id is asked of them."""
    asked = next(
        (each for each in await asks_of(tx, author.region_id, person_id, author.now) if each.id == ask_id),
        None,
    )
    if asked is None or not await accept_ask(tx, ask_id, person_id, author.today, author.now):
        return False
    await author.note(tx, "help.accept", "person", asked.person_id)
    return True


async def decline(tx: Executor, author: Author, person_id: UUID, ask_id: UUID) -> bool:
    """Do not help who asked; False where nothing with this id is asked of them."""
    found = await asks_of(tx, author.region_id, person_id, author.now)
    return any(each.id == ask_id for each in found) and bool(await delete_ask(tx, ask_id))


async def mail_ask(services: Services, region_id: int, ask_id: UUID) -> MailAway | MailRefused | None:
    """Mail whom somebody asked for help; None when that is done, or it is not asked any more."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        asked = await read_ask(connection, ask_id)
    if region is None or asked is None or asked.email is None:
        return None
    CLOCK.set(services.clock)
    address = f"{services.settings.address}/aanmelden?next=/{region.slug}/wie-help-ik"
    mail = written_mail(
        asked.email, "reservations/helping/mail_ask", name=asked.given_name, region=region, link=address
    )
    return await services.mailer.send(mail)
