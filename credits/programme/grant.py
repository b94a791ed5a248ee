"""Grants: who may get credit of a programme on a day, how much and until when, and giving it."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from credits.errors import AlreadyGranted, BudgetSpent, GrantIdTaken, NotEntitled
from credits.ledger import ledger
from credits.ledger.ledger import Grant, Granted
from credits.programme.programme import Moving
from uit.core.age import age_fits
from uit.core.clock import day_in_flanders, start_of_day
from uit.core.errors import NotFound
from uit.core.ids import Ids
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)

GrantRefusal = NotFound | NotEntitled | AlreadyGranted | BudgetSpent | GrantIdTaken


class Member(Struct, frozen=True):
    """The facts of a member that the rules use, and the name. `active`: the membership is not blocked.

    `came_from`: where they lived until `moved_on`. `moves_away`: they leave the region on their last day.
    """

    id: UUID
    given_name: str
    family_name: str
    born_on: date | None
    refnis: str | None
    social_until: date | None
    active: bool
    ends_on: date | None
    came_from: str | None
    moved_on: date | None
    moves_away: bool


class Terms(Struct, frozen=True):
    """The present rules of a programme."""

    programme_id: UUID
    programme: str
    opened_at: datetime
    version: int
    refnis: list[str]
    age_from: int | None
    age_to: int | None
    social_only: bool
    amount_cents: int
    valid_months: int
    on_moving: Moving


class MemberPurse(Struct, frozen=True):
    """A purse of a member, for the counter."""

    id: UUID
    programme_id: UUID
    programme: str
    period: str
    granted_cents: int
    available_cents: int
    held_cents: int
    spent_cents: int
    lapsed_cents: int
    returned_cents: int
    granted_at: datetime
    lapses_at: datetime

    @property
    def lapses_on(self) -> date:
        return last_day(self.lapses_at)

    def is_reversible_on(self, today: date) -> bool:
        """Whether the counter may reverse the grant: it was given today and nothing of it was used."""
        return self.available_cents == self.granted_cents and day_in_flanders(self.granted_at) == today


class GrantRequest(Struct, frozen=True):
    """A grant of a programme to a member; `id` comes from the caller."""

    region_id: int
    id: UUID
    programme_id: UUID
    membership_id: UUID


class Offer(Struct, frozen=True):
    """The credit that a programme can give a member today. `lapses_on` is the last day to spend it.

    `spendable`: at least one organiser accepts the credit of the programme today.
    """

    programme_id: UUID
    programme: str
    amount_cents: int
    lapses_on: date
    spendable: bool


read_member = SQL.maybe("read_member", Member)
read_terms = SQL.many("read_terms", Terms)
read_spendable = SQL.value("read_spendable", list[UUID])
read_purses = SQL.many("read_purses", MemberPurse)


def entitled(terms: Terms, member: Member, day: date) -> bool:
    """Whether the rules admit a member on a day: age, municipality, social tariff and active membership."""
    ended = member.ends_on is not None and member.ends_on < day
    lives_there = not terms.refnis or member.refnis in terms.refnis or counts_still(terms, member, day)
    social = member.social_until is not None and member.social_until >= day
    of_age = age_fits(member.born_on, terms.age_from, terms.age_to, day)
    stays = member.active and not ended and not member.moves_away
    return lives_there and of_age and (social or not terms.social_only) and stays


def counts_still(terms: Terms, member: Member, day: date) -> bool:
    """Whether who moved out of the area in this programme year still gets what it gives, as its rule says."""
    if terms.on_moving != "keep" or member.moved_on is None or member.came_from not in terms.refnis:
        return False
    return period_on(terms.opened_at, member.moved_on) == period_on(terms.opened_at, day)


def period_on(opened_at: datetime, day: date) -> str:
    """The programme year of a day, named after the calendar year in which it began.

    A programme year begins on the day that the programme opened.
    """
    opened = day_in_flanders(opened_at)
    return str(day.year - ((day.month, day.day) < (opened.month, opened.day)))


def lapses_after(day: date, months: int) -> datetime:
    """The end, in Brussels, of the same day of the month after `months`, or of the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return start_of_day(last + timedelta(days=1))


def last_day(lapses_at: datetime) -> date:
    """The last day on which credit that lapses at an instant can be spent."""
    return day_in_flanders(lapses_at - timedelta(microseconds=1))


async def read_offers(tx: Executor, region_id: int, member: Member, now: datetime) -> list[Offer]:
    """The credit that a member may get today and did not get in this period, spendable credit first.

    Whether a fund has enough money is decided when the credit is granted.
    """
    today = day_in_flanders(now)
    purses = await read_purses(tx, region_id, member.id)
    granted_before = {(purse.programme_id, purse.period) for purse in purses if not purse.returned_cents}
    spendable = await read_spendable(tx, region_id, today)
    offers = [
        offer(terms, today, spendable=terms.programme_id in spendable)
        for terms in await read_terms(tx, region_id, None, now)
        if entitled(terms, member, today)
        and (terms.programme_id, period_on(terms.opened_at, today)) not in granted_before
    ]
    return sorted(offers, key=lambda each: not each.spendable)


def offer(terms: Terms, today: date, *, spendable: bool) -> Offer:
    lapses_on = last_day(lapses_after(today, terms.valid_months))
    return Offer(terms.programme_id, terms.programme, terms.amount_cents, lapses_on, spendable)


async def grant_credit(
    tx: Executor, request: GrantRequest, ids: Ids, now: datetime
) -> Granted | GrantRefusal:
    """Grant the credit of a programme to a member, once per programme year.

    A repeat under the same id is told what it did, whatever changed since. Refused: GrantIdTaken, NotFound,
    NotEntitled, AlreadyGranted, BudgetSpent.
    """
    before = await ledger.repeated_grant(
        tx, request.region_id, request.id, request.membership_id, request.programme_id
    )
    if before is not None:
        return before
    today = day_in_flanders(now)
    member = await read_member(tx, request.region_id, request.membership_id)
    terms = next(iter(await read_terms(tx, request.region_id, request.programme_id, now)), None)
    if member is None or terms is None:
        return NotFound()
    if not entitled(terms, member, today):
        return NotEntitled(terms.programme)
    key = request.region_id, request.id, request.membership_id, request.programme_id
    return await ledger.grant(tx, grant_by(terms, *key, terms.amount_cents, ids.new(), today), now)


def grant_by(  # noqa: PLR0913, PLR0917  what a grant is made of
    terms: Terms,
    region_id: int,
    grant_id: UUID,
    wallet_id: UUID,
    programme_id: UUID,
    amount_cents: int,
    held_account_id: UUID,
    today: date,
) -> Grant:
    """An amount for a member or a group, by the terms of a programme as they are on a day."""
    return Grant(
        region_id=region_id,
        id=grant_id,
        held_account_id=held_account_id,
        wallet_id=wallet_id,
        programme_id=programme_id,
        programme=terms.programme,
        version=terms.version,
        period=period_on(terms.opened_at, today),
        amount_cents=amount_cents,
        lapses_at=lapses_after(today, terms.valid_months),
    )
