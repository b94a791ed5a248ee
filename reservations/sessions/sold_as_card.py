"""Which dates and activities are sold as cards of turns: at a desk they are no evening."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Statements

SQL = Statements(__name__)

ALSO_CARDS: Final = {"also_cards": True}
"""The `opt` of a page of a date that is for cards as well, such as who bought one."""


class SoldAsCard(Struct, frozen=True):
    """`for_event_id`: an activity that it is for. At the page of its cards it is sold and stopped."""

    session_id: UUID
    for_event_id: UUID


find_sold_as_card = SQL.maybe("find_sold_as_card", SoldAsCard)
"""The card that a date or an activity is; None where it takes place as any."""
