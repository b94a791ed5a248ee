"""Looks at a person: which service looked, when and for what, written in the request that shows it.

Who of the service looked stands in the trail alone. A row is never changed; the worker erases it with the
trail.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements, as_json

SQL = Statements(__name__)

ServiceKind = Literal["counter", "social_service", "organiser", "client", "partner"]
Purpose = Literal["details", "household", "help", "credit", "copy", "price", "ticket", "decisions", "service"]


class Look(Struct, frozen=True):
    """`service_key`: the municipality of a counter, or the id of a client, an organiser or a partner.

    Under an id that was written before, nothing is written: so one look a day stands for many of a program.
    """

    id: UUID
    person_id: UUID
    at: datetime
    service: ServiceKind
    service_key: str
    purpose: Purpose


insert_looks = SQL.command("insert_looks")


async def write_looks(tx: Executor, region_id: int, looks: Sequence[Look]) -> None:
    await insert_looks(tx, region_id, as_json(looks))
