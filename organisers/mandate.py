"""Mandates: who sells for an organiser in its own name, and what that stands on."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)


class Mandate(Struct, frozen=True):
    """`agent_id` sells for `organiser_id` from `starts_on` until `ends_on`, both included.

    `reference` is the decision of the council, `legal_opinion` and `procurement` where those can be found.
    """

    id: UUID
    organiser_id: UUID
    agent_id: UUID
    reference: str
    legal_opinion: str
    procurement: str
    starts_on: date
    ends_on: date | None


insert_mandate = SQL.command("insert_mandate")
"""Returns how many are new: 0 for an id that is there already."""
end_mandate = SQL.command("end_mandate")
