"""Tariffs whose names do not say for how many they are: their organiser says so, and an import keeps it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from organisers.source import one_import_at_a_time
from uit.core.errors import NotFound, RefusalError
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


class TariffKey(Struct, frozen=True):
    """The tariff of this code on all dates of an event of this organiser."""

    organiser_id: UUID
    event_id: UUID
    code: str


class TicketRule(Struct, frozen=True):
    """How many places a ticket takes, from how many tickets it is sold, and for which ages, both included."""

    weight: int
    least: int
    age_from: int | None
    age_to: int | None


waiting_tariffs = SQL.many("waiting_tariffs", AskedTariff)
answered_tariffs = SQL.many("answered_tariffs", AskedTariff)
read_tariff = SQL.maybe("read_tariff", AskedTariff)
write_rule = SQL.command("write_rule")
apply_rule = SQL.command("apply_rule")


async def set_rule(tx: Executor, author: Author, key: TariffKey, rule: TicketRule | None) -> None:
    """Sell a tariff by this rule from now on, or with None not at all. What is booked stays as it is.

    No import runs meanwhile: it would not see the rule, and would write the tariff as it was. Raises NotFound
    where the organiser has no such tariff that waits or was answered.
    """
    await one_import_at_a_time(tx, author.region_id)
    if await read_tariff(tx, author.region_id, key.organiser_id, author.now, key.event_id, key.code) is None:
        raise RefusalError(NotFound())
    numbers = (rule.weight, rule.least, rule.age_from, rule.age_to) if rule else (None, None, None, None)
    written = author.region_id, key.event_id, key.code, rule is not None, *numbers, author.now
    await write_rule(tx, *written, UUID(author.actor_id))
    await apply_rule(tx, *written)
    facts = {"weight": rule.weight, "least": rule.least} if rule else {"weight": 0}
    await author.note(tx, "tariff.rule", "event", key.event_id, code=key.code, **facts)
