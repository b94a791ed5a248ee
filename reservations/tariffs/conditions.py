"""What an organiser asks for a price, for all dates of an event: set at their desk, and kept by an import."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from reservations.booking.condition import Condition
from reservations.tariffs.waiting import TariffKey
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class AskedPrice(Struct, frozen=True):
    """A price of an event. `condition` is the JSON of a `Condition`.

    `starts_at` is of its next date; None while nobody can book it yet. `is_personal`: the social tariff, of
    which nothing is shown at a door.
    """

    event_id: UUID
    code: str
    name: str
    price_cents: int
    event: str
    starts_at: datetime | None
    is_personal: bool
    least: int
    condition: str | None

    @property
    def asked(self) -> Condition:
        """What is asked for it, which may be nothing."""
        return (
            msgspec.json.decode(self.condition, type=Condition) if self.condition else Condition(self.least)
        )


class AskedOfPrice(Struct, frozen=True):
    """A price of an event for which something is asked, and what: the JSON of a `Condition`."""

    code: str
    condition: str


conditions_of_event = SQL.many("conditions_of_event", AskedOfPrice)
prices_asked = SQL.many("prices_asked", AskedPrice)
draft_price = SQL.many("draft_price", AskedPrice)
write_condition = SQL.command("write_condition")
end_condition = SQL.command("end_condition")


async def read_prices(
    tx: Executor, region_id: int, organiser_id: UUID, now: datetime
) -> Sequence[AskedPrice]:
    """What an organiser sells from now on."""
    return await prices_asked(tx, region_id, organiser_id, now, None, None)


async def read_price(tx: Executor, region_id: int, key: TariffKey, now: datetime) -> AskedPrice:
    """One of them, or of a draft. Raises NotFound where it is not theirs, or sold no more."""
    found = await prices_asked(tx, region_id, key.organiser_id, now, key.event_id, key.code)
    found = found or await draft_price(tx, region_id, key.organiser_id, key.event_id, key.code)
    if not found:
        raise RefusalError(NotFound())
    return found[0]


async def read_conditions(tx: Executor, region_id: int, event_id: UUID) -> dict[str, Condition]:
    """What is asked for the prices of an event, by code; nothing of a price for which nothing is asked."""
    found = await conditions_of_event(tx, region_id, event_id)
    return {each.code: msgspec.json.decode(each.condition, type=Condition) for each in found}


async def set_condition(tx: Executor, author: Author, key: TariffKey, condition: Condition) -> None:
    """Ask this from now on, or nothing. What is booked stays as it is. Raises NotFound; see `read_price`."""
    await read_price(tx, author.region_id, key, author.now)
    if condition == Condition(condition.least):
        await end_condition(tx, author.region_id, key.event_id, key.code)
    else:
        await write_condition(
            tx, author.region_id, key.event_id, key.code, condition.for_members, condition.for_companion,
            condition.most_per_person, condition.most_per_household, condition.code_digest,
            condition.code_until, condition.code_uses, condition.shows, author.now, UUID(author.actor_id),
        )  # fmt: skip
    facts = {
        "companion": condition.for_companion,
        "person": condition.most_per_person or 0,
        "household": condition.most_per_household or 0,
        "asks_code": condition.code_digest is not None,
    }
    await author.note(tx, "tariff.condition", "event", key.event_id, code=key.code, **facts)
