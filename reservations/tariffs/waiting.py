"""Tariffs whose names do not say for how many they are: their organiser says so, and an import keeps it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from uit.database.statements import Executor, Statements
from uit.services.audit import Author

SQL = Statements(__name__)


class AskedTariff(Struct, frozen=True):
    """A tariff of an event, as its name was written, with what was said of it.

    `starts_at` is of its next date. `is_sold` is None while nobody said anything; not sold, it has no
    numbers.
    """

    event_id: UUID
    code: str
    name: str
    price_cents: int
    event: str
    starts_at: datetime
    is_sold: bool | None
    weight: int | None
    least: int | None
    age_from: int | None
    age_to: int | None


class TicketRule(Struct, frozen=True):
    """How many places a ticket takes, from how many tickets it is sold, and for which ages, both included."""

    weight: int
    least: int
    age_from: int | None
    age_to: int | None


waiting_tariffs = SQL.many("waiting_tariffs", AskedTariff)
said_tariffs = SQL.many("said_tariffs", AskedTariff)
read_tariff = SQL.maybe("read_tariff", AskedTariff)
write_rule = SQL.command("write_rule")
apply_rule = SQL.command("apply_rule")


async def say(tx: Executor, author: Author, tariff: AskedTariff, rule: TicketRule | None) -> None:
    """Sell a tariff by this rule from now on, or with None not at all. What is booked stays as it is."""
    numbers = (rule.weight, rule.least, rule.age_from, rule.age_to) if rule else (None, None, None, None)
    said = author.region_id, tariff.event_id, tariff.code, rule is not None, *numbers, author.now
    await write_rule(tx, *said, UUID(author.actor_id))
    await apply_rule(tx, *said)
    facts = {"weight": rule.weight, "least": rule.least} if rule else {"weight": 0}
    await author.note(tx, "tariff.say", "event", tariff.event_id, code=tariff.code, **facts)
