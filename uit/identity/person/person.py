"""Persons: search, registration and correction. Of a national number only its key is stored."""

from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from uit.core.errors import Refusal
from uit.database.statements import Executor, Statements
from uit.identity.errors import EmailTaken, InszTaken

SQL = Statements(__name__)

MOST_FOUND = 20
PLATFORM = 0
MOST_WORDS = 8


class Person(Struct, frozen=True):
    """A person, independent of regions and passes. `email` is in lower case and unique."""

    id: UUID
    given_name: str
    family_name: str
    born_on: date | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    refnis: str | None = None

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


read_person = SQL.maybe("read_person", Person)
find_by_name = SQL.many("find_by_name", Person)
find_by_email = SQL.maybe("find_by_email", Person)
find_any_by_email = SQL.maybe("find_any_by_email", Person)
find_by_key = SQL.maybe("find_by_key", Person)
add_person = SQL.command("add_person")
has_email = SQL.value("has_email", bool)
is_protected = SQL.value("is_protected", bool)
lock_person = SQL.command("lock_person")
end_person = SQL.command("end_person")
has_died = SQL.value("has_died", bool)
resume_living_person = SQL.command("resume_living_person")
resume_person = SQL.command("resume_person")
write_erase_on = SQL.command("write_erase_on")
change_person = SQL.command("change_person")
write_key = SQL.command("write_key")


async def find(tx: Executor, term: str) -> list[Person]:
    """Persons by e-mail address, or by the start of their family name and then of their given name.

    `peet`, `peeters, yas` and `van den broeck, an` find; so do `yasmine peeters` and `peeters yasmine`.
    """
    term = " ".join(term.split()).lower()
    if "@" in term:
        found = await find_by_email(tx, term)
        return [found] if found else []
    tries = splits(term)
    return await find_by_name(tx, [family for family, _ in tries], [given for _, given in tries], MOST_FOUND)


def splits(term: str) -> list[tuple[str, str]]:
    """The (family name, given name) pairs that a term can be the start of, in either order."""
    family, comma, given = (part.strip() for part in term.partition(","))
    if comma:
        return [(family, given)] if family else []
    words = term.split()[:MOST_WORDS]
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
    return cuts + [(given, family) for family, given in cuts if given]


async def create(
    tx: Executor, person: Person, now: datetime, *, insz_key: UUID | None = None
) -> Person | EmailTaken | InszTaken:
    """Register a person under the id of the form, so that a form that is sent twice registers once.

    `insz_key` is `Insz.key(…)`. Refused, with nothing written: EmailTaken, InszTaken.
    """
    savepoint = tx.transaction()
    await savepoint.start()
    answer = await _register(tx, person, now, insz_key)
    await (savepoint.rollback() if isinstance(answer, Refusal) else savepoint.commit())
    return answer


async def _register(
    tx: Executor, person: Person, now: datetime, insz_key: UUID | None
) -> Person | EmailTaken | InszTaken:
    if not await add_person(tx, *msgspec.structs.astuple(person), now):
        return await read_person(tx, person.id) or EmailTaken()
    if insz_key and not await bind_insz(tx, person.id, insz_key):
        owner = await find_by_key(tx, insz_key)
        assert owner is not None
        return InszTaken(owner.id)
    return person


async def bind_insz(tx: Executor, person_id: UUID, insz_key: UUID) -> bool:
    """Write down that this number is this person's; False when it is somebody's already."""
    if await find_by_key(tx, insz_key) is not None:
        return False
    row = {"key": insz_key, "owner": person_id}
    try:
        async with tx.transaction():
            await write_key(tx, msgspec.json.encode([row]).decode())
    except asyncpg.UniqueViolationError:
        return False
    return True


async def update(tx: Executor, person: Person) -> Person | EmailTaken:
    """Correct the data of a registered person. Refused: EmailTaken."""
    if person.email and await has_email(tx, person.email, person.id):
        return EmailTaken()
    await change_person(tx, *msgspec.structs.astuple(person))
    return person
