"""Somebody asks another to help them, who then agrees or not.

Whom they name is kept as it was typed and compared with nobody, so that asking tells nobody who is known.
Who has the address, or the pass with that name, finds it once they are signed in.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from reservations.booking.rows import OutboxRow
from reservations.helping.telling import ASKED
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.person.asked_help import Ask, AskOfMe, accept_ask, delete_ask, insert_ask
from uit.services.audit import Author

SQL = Statements(__name__)
WAITS: Final = timedelta(days=14)
"""So long somebody has to agree; then the ask is over, and erased."""


find_asks = SQL.many("find_asks", AskOfMe)


async def ask(tx: Executor, author: Author, person_id: UUID, asked: Ask) -> None:
    """Ask somebody for help, once for the id of the form. They are told, known or not."""
    now = author.now
    new = await insert_ask(
        tx, asked.id, person_id, asked.email, asked.card_number, asked.name, asked.powers, asked.limit_cents,
        asked.ends_on, now, now + WAITS,
    )  # fmt: skip
    if not new:
        return
    await author.note(tx, "help.ask", "person", person_id)
    await write_outbox(tx, author.region_id, as_json([OutboxRow(ASKED, asked.id)]), now)


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
