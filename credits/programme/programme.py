"""Programmes: the money of a funder, and the rules for granting it, in versions that are never edited."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from credits.errors import AlreadyAdmitted
from credits.ledger import ledger
from credits.ledger.ledger import Pledge
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

Earning = Literal["attendance", "cancellation_limit", "session_end"]
Moving = Literal["keep", "stop", "return"]
Leaving = Literal["keep", "return"]
FIRST_VERSION = 1


class Rules(Struct, frozen=True):
    """The rules of a programme. Empty `refnis`: the whole region. Empty `domains`: all.

    Ages are in whole years and inclusive. `earning`: when an organiser has earned a held amount.
    `on_moving`: of who moves out of `refnis`, whether they still get it until the end of the programme year,
    keep what they have, or give back what is left. `on_leaving`: of who leaves the region, whether it is
    spent until their last day, or goes back.
    """

    amount_cents: int
    valid_months: int
    earning: Earning
    age_from: int | None = None
    age_to: int | None = None
    social_only: bool = False
    refnis: list[str] = []
    domains: list[str] = []
    on_moving: Moving = "stop"
    on_leaving: Leaving = "keep"


class Opening(Struct, frozen=True):
    """A programme to open. `id` comes from the caller; under the same id a programme is opened once.

    `enterprise_number` is that of the legal entity of the region, needed for its first programme only.
    """

    region_id: int
    id: UUID
    name: str
    funder: str
    budget_cents: int
    rules: Rules
    enterprise_number: str | None = None


class LegalEntity(Struct, frozen=True):
    """The municipality or association whose books the ledger of a region keeps."""

    id: UUID
    name: str
    enterprise_number: str


class Programme(Struct, frozen=True):
    """A programme with its last version and its money. `to_give_cents`: what can still be granted.

    `spendable`: at least one organiser accepts the credit of the programme today.
    """

    id: UUID
    name: str
    funder: str
    opened_at: datetime
    version: int
    amount_cents: int
    valid_months: int
    earning: Earning
    age_from: int | None
    age_to: int | None
    social_only: bool
    refnis: list[str]
    domains: list[str]
    on_moving: Moving
    on_leaving: Leaving
    budget_cents: int
    to_give_cents: int
    available_cents: int
    held_cents: int
    spent_cents: int
    lapsed_cents: int
    returned_cents: int
    holders: int
    spendable: bool

    @property
    def granted_cents(self) -> int:
        """The credit that was granted and not reversed."""
        return self.available_cents + self.held_cents + self.spent_cents + self.lapsed_cents


class Agreement(Struct, frozen=True):
    region_id: int
    programme_id: UUID
    organiser_ids: list[UUID]
    starts_on: date


class Organiser(Struct, frozen=True):
    """An organiser of the region. `admitted_on`: since when it accepts the credit of the programme."""

    id: UUID
    name: str
    admitted_on: date | None


read_legal_entity = SQL.maybe("read_legal_entity", LegalEntity)
lock_legal_entity = SQL.command("lock_legal_entity")
insert_legal_entity = SQL.value("insert_legal_entity", UUID)
insert_programme = SQL.command("insert_programme")
insert_version = SQL.command("insert_version")
read_programmes = SQL.many("read_programmes", Programme)
read_organisers = SQL.many("read_organisers", Organiser)
insert_agreements = SQL.command("insert_agreements")
count_agreements = SQL.value("count_agreements", int)


async def open_programme(tx: Executor, opening: Opening, ids: Ids, now: datetime) -> bool:
    """Open a programme with its first rules and its money; False when the id is open already.

    The programme, its fund, the claim on the funder and the pledge are written in one transaction.
    """
    if not await insert_programme(tx, opening.region_id, opening.id, opening.name, opening.funder, now):
        return False
    await add_rules(tx, opening, now)
    pledge = Pledge(
        region_id=opening.region_id,
        fund_id=ids.new(),
        claim_id=ids.new(),
        programme_id=opening.id,
        legal_entity_id=await legal_entity(tx, opening, ids),
        budget_cents=opening.budget_cents,
    )
    await ledger.pledge(tx, pledge, now)
    return True


async def add_rules(tx: Executor, opening: Opening, now: datetime) -> None:
    rules = opening.rules
    await insert_version(
        tx,
        opening.region_id,
        opening.id,
        FIRST_VERSION,
        rules.refnis,
        rules.age_from,
        rules.age_to,
        rules.social_only,
        rules.amount_cents,
        rules.valid_months,
        rules.domains,
        rules.earning,
        now,
        rules.on_moving,
        rules.on_leaving,
    )


async def legal_entity(tx: Executor, opening: Opening, ids: Ids) -> UUID:
    """The legal entity of the region, made with the first programme."""
    await lock_legal_entity(tx, opening.region_id)
    known = await read_legal_entity(tx, opening.region_id)
    if known:
        return known.id
    assert opening.enterprise_number is not None
    made = await insert_legal_entity(
        tx, opening.region_id, ids.new(), opening.funder, opening.enterprise_number
    )
    assert made is not None
    return made


async def admit(tx: Executor, wanted: Agreement, ids: Ids) -> int | AlreadyAdmitted:
    """Admit organisers to the credit of a programme from a day on; returns the number of new agreements.

    Refused: AlreadyAdmitted, when there is none.
    """
    agreements = [ids.new() for _ in wanted.organiser_ids]
    names = wanted.region_id, wanted.programme_id
    await insert_agreements(tx, *names, wanted.organiser_ids, agreements, wanted.starts_on)
    return await count_agreements(tx, wanted.region_id, agreements) or AlreadyAdmitted()


async def read_programme(tx: Executor, region_id: int, programme_id: UUID, today: date) -> Programme | None:
    return next(iter(await read_programmes(tx, region_id, programme_id, today)), None)
