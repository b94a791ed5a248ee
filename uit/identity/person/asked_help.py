"""Whom somebody asked for help, until that one answers. It is compared with nobody: see decision 0042."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class Ask(Struct, frozen=True):
    """What somebody asks of another: by an address, or by the number of a pass and a name.

    `limit_cents` is the most of their credit that one booking may take.
    """

    id: UUID
    name: str
    email: str | None
    card_number: str | None
    powers: list[str]
    limit_cents: int | None
    ends_on: date


class WaitingAsk(Struct, frozen=True):
    """An ask that was not answered yet, as who asked sees it."""

    id: UUID
    name: str
    reached_by: str
    powers: list[str]
    limit_cents: int | None
    ends_on: date


class AskOfMe(Struct, frozen=True):
    """An ask as who is asked sees it; `given_name` is of who asks."""

    id: UUID
    person_id: UUID
    given_name: str
    email: str | None
    powers: list[str]
    limit_cents: int | None
    ends_on: date


insert_ask = SQL.command("insert_ask")
read_asked = SQL.many("read_asked", WaitingAsk)
read_ask = SQL.maybe("read_ask", AskOfMe)
accept_ask = SQL.command("accept_ask")
delete_ask = SQL.command("delete_ask")
withdraw_ask = SQL.command("withdraw_ask")
