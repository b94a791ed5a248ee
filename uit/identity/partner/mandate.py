"""What somebody allows a partner to do for them: on screen, or on signed paper with a clerk as witness.

For twelve months at most, as a trusted person; ended by who gave it, at once.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)

Given = Literal["signed_paper", "own_screen"]


class NewMandate(Struct, frozen=True):
    """`limit_cents` is the most credit that one booking may take; `ends_on` is the last day."""

    id: UUID
    partner_id: UUID
    powers: list[str]
    limit_cents: int | None
    ends_on: date


class Mandate(NewMandate, frozen=True):
    """`partner` is its name, `kind` its kind."""

    partner: str
    kind: str


class HelpingService(Struct, frozen=True):
    """A service that helps somebody, as they see it themselves."""

    id: UUID
    partner_id: UUID
    partner: str


read_mandates = SQL.many("read_mandates", Mandate)
read_services = SQL.many("read_services", HelpingService)
insert_mandate = SQL.command("insert_mandate")
stop_mandate = SQL.command("stop_mandate")


async def give_mandate(
    tx: Executor, author: Author, person_id: UUID, wanted: NewMandate, proof: Given
) -> None:
    """Once under the id of the form. Where a service gets it, the trail says that by no person."""
    row = wanted.id, wanted.partner_id, person_id, wanted.powers, wanted.limit_cents, proof
    if await insert_mandate(tx, author.region_id, *row, author.today, wanted.ends_on, author.now):
        await author.note(tx, "mandate.give", "mandate", wanted.id, proof=proof)


async def end_mandate(tx: Executor, author: Author, person_id: UUID, mandate_id: UUID) -> None:
    """From now on the partner does nothing by it; what is booked stands. A repeat changes nothing."""
    if await stop_mandate(tx, author.region_id, person_id, mandate_id, author.now):
        await author.note(tx, "mandate.end", "mandate", mandate_id)
