"""A card of turns is as discreet as what it is for, and asks the name that those ask."""

from datetime import datetime
from uuid import UUID

from organisers.event import set_settings
from reservations.event_settings.settings import EventSettings
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

read_card_settings = SQL.many("read_card_settings", EventSettings)


async def follow_in_cards(tx: Executor, region_id: int, event_id: UUID, now: datetime) -> list[UUID]:
    """Let the cards for an activity follow what it says; returns those that are discreet from now on."""
    hidden = []
    for each in await read_card_settings(tx, region_id, event_id):
        said = each.is_discreet, each.asks_first_name, each.asks_full_name
        if await set_settings(tx, region_id, each.event_id, *said, now) and each.is_discreet:
            hidden.append(each.event_id)
    return hidden
