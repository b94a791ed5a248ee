"""Searching a member by a scanned pass, a number, an e-mail address, or a name and a birth date."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.seal import open_pass
from uit.core.secret import Secrets
from uit.database.statements import Executor, Statements
from uit.identity.authorisation.authorisation import may_use_insz
from uit.identity.person.insz import Insz, read_insz
from uit.identity.person.person import Person, find_by_email, find_by_key, is_protected
from uit.passes.card import number
from uit.passes.card.card import recognise_pass
from uit.passes.counter import Counter
from uit.passes.errors import NameTooShort, NumberWrong, PassUnknown
from uit.passes.membership.membership import membership_of
from uit.web import form

SQL = Statements(__name__)

MOST_SHOWN: Final = 20
MOST_NEAR: Final = 5
START: Final = 3
"""So many letters of each name are as they were typed, when the rest is not."""
WORD = re.compile(r"[^\W_]+")
DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b", re.ASCII)


class SearchHit(Struct, frozen=True):
    """A member in the results of a search, with the card that they show."""

    membership_id: UUID
    person_id: UUID
    name: str
    born_on: date | None
    town: str | None
    is_active: bool
    is_protected: bool
    card_id: UUID | None
    card_number: str | None
    card_kind: str | None
    card_state: str | None


class Hits(Struct, frozen=True):
    """The result of a search: by what it was found, which the trail keeps, and whom.

    `shown`: whose pass was scanned that works, which permits a clerk to act for them.
    """

    by: str
    membership_ids: Sequence[UUID] = ()
    shown: UUID | None = None


read_found = SQL.many("read_found", SearchHit)
find_by_number = SQL.value("find_by_number", list[UUID])
find_by_name = SQL.value("find_by_name", list[UUID])
find_by_birth_date = SQL.value("find_by_birth_date", list[UUID])


async def find(
    tx: Executor, secrets: Secrets, counter: Counter, typed: str, *, mock: bool = False
) -> Hits | NameTooShort | NumberWrong | PassUnknown:
    """The members whom a text identifies. `mock` also accepts mock INSZ numbers.

    An INSZ finds somebody only where the region may use it.

    Refused: NumberWrong for a wrong check digit, PassUnknown for a token that is not valid in the region,
    NameTooShort for a name of single letters.
    """
    typed = one_line(typed)
    digits = number.without_separators(typed)
    insz = read_insz(typed, mock=mock)
    if open_pass(secrets.signing, typed):
        return await _by_pass(tx, secrets.signing, counter, typed)
    if number.NUMBER.fullmatch(digits):
        return await _by_number(tx, counter.region_id, digits)
    if isinstance(insz, Insz) and await may_use_insz(tx, counter.region_id, counter.today):
        return await _by_person(tx, counter.region_id, "insz", await find_by_key(tx, insz.key(secrets)))
    if "@" in typed:
        return await _by_email(tx, counter.region_id, typed.lower())
    return await _by_name(tx, counter, typed)


async def read_hits(tx: Executor, counter: Counter, membership_ids: Sequence[UUID]) -> list[SearchHit]:
    """The details of these members, as far as the counter may see them."""
    return await read_found(tx, counter.region_id, counter.towns, membership_ids)


async def _by_pass(tx: Executor, key: bytes, counter: Counter, token: str) -> Hits | PassUnknown:
    """The holder of a scanned pass, also of a blocked card, so that the clerk can help."""
    holder = await recognise_pass(tx, key, token)
    if holder is None or holder.region_id != counter.region_id:
        return PassUnknown()
    works = holder.works_on(counter.today)
    return Hits("pass", [holder.membership_id], holder.membership_id if works else None)


async def _by_number(tx: Executor, region_id: int, digits: str) -> Hits | NumberWrong:
    if not number.is_valid(digits):
        return NumberWrong()
    return Hits("number", await find_by_number(tx, region_id, digits))


async def _by_person(tx: Executor, region_id: int, by: str, person: Person | None) -> Hits:
    member = await membership_of(tx, region_id, person.id) if person else None
    return Hits(by, [member.id] if member else [])


async def _by_email(tx: Executor, region_id: int, email: str) -> Hits:
    """The person with this address; nobody when they are protected, since others know an address."""
    person = await find_by_email(tx, email)
    hidden = person is not None and await is_protected(tx, person.id)
    return await _by_person(tx, region_id, "email", None if hidden else person)


async def _by_name(tx: Executor, counter: Counter, typed: str) -> Hits | NameTooShort:
    """Members by the starts of their names, in any order, without accents: `el yas` for Yasmine El Amrani."""
    name, born_on = read_name(typed)
    if max(map(len, WORD.findall(name)), default=0) == 1:
        return NameTooShort()
    asked = tx, counter.region_id, counter.towns
    if name:
        return Hits("name", await find_by_name(*asked, name, born_on, MOST_SHOWN))
    ids = await find_by_birth_date(*asked, born_on, MOST_SHOWN) if born_on else []
    return Hits("name", ids)


async def find_near(tx: Executor, counter: Counter, typed: str) -> list[UUID]:
    """Members whose names begin as those that were typed, for when nobody has these: a handful.

    `miryam verlinde` finds Miriam Verlinden. It takes two names, or one and a birth date.
    """
    name, born_on = read_name(typed)
    words = WORD.findall(name)
    if not words or (len(words) == 1 and born_on is None) or "@" in typed:
        return []
    starts = " ".join(word[:START] for word in words)
    return await find_by_name(tx, counter.region_id, counter.towns, starts, born_on, MOST_NEAR)


def read_name(typed: str) -> tuple[str, date | None]:
    """A name, and the birth date, such as 17/05/1990, when the text has one."""
    written = DAY.search(typed)
    born_on = form.read_day(written.group()) if written else None
    rest = DAY.sub(" ", typed) if born_on else typed
    return one_line(rest), born_on


def names_in(typed: str) -> dict[str, str]:
    """What of a search goes in the form of who was not found: a name and birth date, or an e-mail address."""
    if "@" in typed:
        return {"email": typed}
    name, born_on = read_name(typed)
    if not name or any(sign.isdigit() for sign in name):
        return {}
    given, _, family = name.partition(" ")
    found = {"given_name": given[:1].upper() + given[1:], "family_name": family[:1].upper() + family[1:]}
    return found | ({"born_on": born_on.isoformat()} if born_on else {})
