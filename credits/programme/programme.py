"""A programme: a funder's money, and the rules by which it becomes credit: versions, never edited."""

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
FIRST_VERSION = 1


class Rules(Struct, frozen=True):
    """Who gets how much, for how long, and what it buys. No `refnis`: the whole region. No `domains`: all.

    Both ages are ages that somebody has reached, inclusive. `earning`: when an organiser has earned a held
    amount.
    """

    amount_cents: int
    valid_months: int
    earning: Earning
    age_from: int | None = None
    age_to: int | None = None
    social_only: bool = False
    refnis: list[str] = []
    domains: list[str] = []


class Opening(Struct, frozen=True):
    """What it takes to open a programme. `id` is the caller's: under the same id it opens once.

    `enterprise_number` is asked once, for the legal entity that keeps the books of the region.
    """

    region_id: int
    id: UUID
    name: str
    funder: str
    budget_cents: int
    rules: Rules
    enterprise_number: str | None = None


class LegalEntity(Struct, frozen=True):
    """Whose books a region's ledger is: the name and enterprise number of one municipality or association."""

    id: UUID
    name: str
    enterprise_number: str


class Programme(Struct, frozen=True):
    """A programme with its last version, and where its money is. `to_give_cents`: what it still can give.

    `spendable`: some organiser takes its credit today.
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
        """What was given and not taken back because it was a mistake."""
        return self.available_cents + self.held_cents + self.spent_cents + self.lapsed_cents


class Agreement(Struct, frozen=True):
    region_id: int
    programme_id: UUID
    organiser_ids: list[UUID]
    starts_on: date


class Organiser(Struct, frozen=True):
    """An organiser of the region; with `admitted_on`, it takes the programme's credit since that day."""

    id: UUID
    name: str
    admitted_on: date | None


read_legal_entity = SQL.maybe("read_legal_entity", LegalEntity)
insert_legal_entity = SQL.command("insert_legal_entity")
insert_programme = SQL.command("insert_programme")
insert_version = SQL.command("insert_version")
read_programmes = SQL.many("read_programmes", Programme)
read_organisers = SQL.many("read_organisers", Organiser)
insert_agreements = SQL.command("insert_agreements")


async def open_programme(tx: Executor, opening: Opening, ids: Ids, now: datetime) -> bool:
    """Open a programme with its first rules and its money; False when it was open already.

    The programme, its fund, the claim on the funder and the pledge that fills the fund are one transaction.
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
    )


async def legal_entity(tx: Executor, opening: Opening, ids: Ids) -> UUID:
    """Whose books these are: one for the region, made with its first programme."""
    known = await read_legal_entity(tx, opening.region_id)
    if known:
        return known.id
    assert opening.enterprise_number is not None
    await insert_legal_entity(tx, opening.region_id, ids.new(), opening.funder, opening.enterprise_number)
    made = await read_legal_entity(tx, opening.region_id)
    assert made is not None
    return made.id


async def admit(tx: Executor, wanted: Agreement, ids: Ids) -> int | AlreadyAdmitted:
    """Let organisers of the region take the programme's credit from a day on; returns how many are new."""
    agreements = [ids.new() for _ in wanted.organiser_ids]
    names = wanted.region_id, wanted.programme_id
    new = await insert_agreements(tx, *names, wanted.organiser_ids, agreements, wanted.starts_on)
    return new or AlreadyAdmitted()


async def read_programme(tx: Executor, region_id: int, programme_id: UUID, today: date) -> Programme | None:
    return next(iter(await read_programmes(tx, region_id, programme_id, today)), None)
