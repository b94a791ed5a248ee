"""What a child does alone, and what a parent agrees to at a counter: an e-mail address, a way to sign in."""

from datetime import date
from typing import Final
from uuid import UUID

from uit.core.age import OF_AGE, age_on
from uit.database.statements import Executor, Statements
from uit.identity.errors import TooYoung
from uit.services.audit import Author

SQL = Statements(__name__)
CONSENT_UNTIL: Final = 13
"""Below this age a parent has to agree to an e-mail address (art. 10 of the law of 30 July 2018)."""
DECIDES_FROM: Final = 16
"""From this age one changes one's own address and asks to be erased. Below it a parent does."""
ENTRUSTS_FROM: Final = OF_AGE
"""From this age one gives another powers over one's things. Below it who has parental authority acts."""

write_consent = SQL.command("write_consent")


def needs_consent(born_on: date | None, day: date) -> bool:
    """Whether a parent has to agree before somebody has another e-mail address."""
    return born_on is not None and age_on(born_on, day) < CONSENT_UNTIL


def too_young(born_on: date | None, day: date, from_age: int) -> TooYoung | None:
    """Refused below `from_age`; whose age is not known is taken for an adult."""
    return TooYoung(from_age) if born_on and age_on(born_on, day) < from_age else None


async def note_consent(tx: Executor, author: Author, person_id: UUID) -> None:
    """Write down that a parent stood at the counter and agreed."""
    await write_consent(tx, person_id, author.today)
    await author.note(tx, "email.consent", "person", person_id)
