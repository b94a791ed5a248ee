"""Members who may be the person that a clerk is typing, each with why. The clerk decides, and not this."""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.authorisation.authorisation import may_use_insz
from uit.identity.person import person as persons
from uit.passes.counter import Counter
from uit.passes.membership.membership import membership_of
from uit.passes.registration.search import SearchHit, read_hits

SQL = Statements(__name__)

MOST_ALIKE: Final = 5

Why = Literal["number", "email", "same", "near", "turned", "name", "name_alone"]
"""`near`: a name that is near, with the same birth date. `turned`: with day and month changed places."""


class Typed(Struct, frozen=True):
    """What a clerk typed so far of somebody. `name` is empty until both names are there.

    `insz_key` is `Insz.key(…)`.
    """

    name: str
    born_on: date | None = None
    email: str = ""
    insz_key: UUID | None = None


class Alike(Struct, frozen=True):
    membership_id: UUID
    why: str


class LikelyMember(Struct, frozen=True):
    hit: SearchHit
    why: str


find_alike = SQL.many("find_alike", Alike)


async def likely_members(tx: Executor, counter: Counter, typed: Typed) -> list[LikelyMember]:
    """Those whom the counter sees, the surest first. Who is protected is found by their number alone."""
    alike = {each.membership_id: each.why for each in reversed(await _alike(tx, counter, typed))}
    hits = await read_hits(tx, counter, list(alike))
    found = [LikelyMember(hit, alike[hit.membership_id]) for hit in hits]
    order = list(reversed(alike))
    return sorted(found, key=lambda each: order.index(each.hit.membership_id))


async def _alike(tx: Executor, counter: Counter, typed: Typed) -> Sequence[Alike]:
    found: list[Alike] = []
    if typed.insz_key and await may_use_insz(tx, counter.region_id, counter.today):
        by_number = await persons.find_by_key(tx, typed.insz_key)
        found += await _member(tx, counter, by_number.id, "number") if by_number else []
    if typed.email and (by_email := await persons.find_by_email(tx, typed.email)):
        found += await _member(tx, counter, by_email.id, "email")
    if typed.name:
        turned = turned_day(typed.born_on)
        found += await find_alike(
            tx, counter.region_id, counter.towns, typed.name, typed.born_on, turned, MOST_ALIKE
        )
    return found


async def _member(tx: Executor, counter: Counter, person_id: UUID, why: Why) -> list[Alike]:
    member = await membership_of(tx, counter.region_id, person_id)
    hidden = why != "number" and await persons.is_protected(tx, person_id)
    return [Alike(member.id, why)] if member and not hidden else []


def turned_day(day: date | None) -> date | None:
    """The day with its month in the place of its day, where there is one."""
    try:
        return day and day.replace(month=day.day, day=day.month)
    except ValueError:
        return None


def why_words() -> dict[str, str]:
    """Each reason as the clerk reads it."""
    return {
        "number": _("Zelfde rijksregisternummer"),
        "email": _("Zelfde e-mailadres"),
        "same": _("Zelfde naam en geboortedatum"),
        "near": _("Bijna dezelfde naam, zelfde geboortedatum"),
        "turned": _("Zelfde of bijna dezelfde naam, dag en maand omgewisseld"),
        "name": _("Zelfde naam, andere geboortedatum"),
        "name_alone": _("Zelfde naam"),
    }
