"""Codes that sign in once, for who has no mailbox: in a text message, or on paper from a counter.

They are links that are typed: the database stores their digest alone, in the same table. A code on paper has
ten letters and figures, of thirty-one, and a text message eight: what guesses is slowed down by where it is.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.age import OF_AGE, age_on
from uit.core.clock import day_in_flanders
from uit.core.secret import digest
from uit.database.statements import Executor, Statements
from uit.identity.person.consent import needs_consent
from uit.identity.person.person import lock_person
from uit.identity.sign_in.link import Link, add_link, is_due

SQL = Statements(__name__)
SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that look like another."""
SEPARATORS: Final = str.maketrans("", "", " -.")


class CodeKind(StrEnum):
    SMS = "sms"
    SLIP = "slip"
    LETTER = "letter"


LENGTHS: Final = {CodeKind.SMS: 8, CodeKind.SLIP: 10, CodeKind.LETTER: 10}
LIFETIMES: Final = {
    CodeKind.SMS: timedelta(minutes=15),
    CodeKind.SLIP: timedelta(days=1),
    CodeKind.LETTER: timedelta(days=14),
}


class PhoneOwner(Struct, frozen=True):
    id: UUID
    born_on: date | None


find_by_phone = SQL.many("find_by_phone", PhoneOwner)
end_paper_codes = SQL.command("end_paper_codes")
use_code = SQL.maybe("use_code", Link)


def new_code(kind: CodeKind, choose: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A code as it is read: in two halves."""
    signs = "".join(choose(SIGNS) for _ in range(LENGTHS[kind]))
    half = len(signs) // 2
    return f"{signs[:half]}-{signs[half:]}"


def read_code(text: str) -> str | None:
    """The signs of what somebody typed; None for what cannot be a code."""
    signs = text.upper().translate(SEPARATORS)
    is_one = len(signs) in LENGTHS.values() and set(signs) <= set(SIGNS)
    return signs if is_one else None


async def give_on_paper(tx: Executor, person_id: UUID, kind: CodeKind, now: datetime) -> str:
    """A code for somebody at a counter. Those that they were given before on paper work no more."""
    await lock_person(tx, person_id)
    await end_paper_codes(tx, person_id, now)
    return await _add(tx, person_id, kind, "/", now)


async def make_for_phone(
    tx: Executor, phone: str, wanted: str, now: datetime, *, at_once: bool = False
) -> str | None:
    """A code for who has this number, under the same waits as a link by mail.

    None when nobody has it, or several: of a family, the adult is meant. `at_once` as for a link.
    """
    owners = await find_by_phone(tx, phone)
    owner = the_one(owners, day_in_flanders(now))
    if owner is None:
        return None
    await lock_person(tx, owner.id)
    if not (at_once or await is_due(tx, owner.id, CodeKind.SMS.value, now)):
        return None
    return await _add(tx, owner.id, CodeKind.SMS, wanted, now)


def the_one(owners: Sequence[PhoneOwner], day: date) -> PhoneOwner | None:
    """Whose number it is: the only one, or the only adult among children.

    Nobody below 13: a parent agrees at a counter before a child signs in, and then there is a slip.
    """
    owners = [each for each in owners if not needs_consent(each.born_on, day)]
    adults = [each for each in owners if each.born_on is None or age_on(each.born_on, day) >= OF_AGE]
    candidates = adults or owners
    return candidates[0] if len(candidates) == 1 else None


async def use(tx: Executor, code: str, now: datetime) -> Link | None:
    """Use a code up; None when it was used, has expired or does not exist, or its owner left."""
    return await use_code(tx, digest("code", code), now)


async def _add(tx: Executor, person_id: UUID, kind: CodeKind, wanted: str, now: datetime) -> str:
    code = new_code(kind)
    stored, ends_at = digest("code", read_code(code) or ""), now + LIFETIMES[kind]
    await add_link(tx, stored, kind.value, person_id, None, wanted, now, ends_at)
    return code
