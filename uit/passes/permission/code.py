"""A short code that goes to the holder alone, and that they say at the counter.

Nothing is stored: the page of the clerk carries a signed challenge, and the figures follow from it by a key
that no page has.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct, json

from uit.core.secret import Secrets, equal_in_constant_time
from uit.core.signature import sign
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, as_json
from uit.identity.message.kind import COUNTER_CODE
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.message.setting import read_reachable
from uit.identity.message.way import Way, way_to
from uit.identity.person.person import read_person
from uit.identity.sign_in.challenge import (
    USE_KEPT_FOR_SECONDS,
    Challenge,
    content_of,
    new_challenge,
    read_challenge,
)
from uit.passes.membership.membership import read_membership
from uit.services.audit import Author
from uit.services.limit import Limit, Limiter
from uit.services.services import Services

TOPIC: Final = "permission.code"
HOLDS: Final = timedelta(minutes=10)
DIGITS: Final = 6
SENT: Final = Limit("counter codes sent", 5, 3600)
TRIED: Final = Limit("counter codes", 5, 1800)
CHALLENGE_FOR: Final = b"counter code\0"
FIGURES_FOR: Final = b"counter code figures\0"


class ToSend(Struct, frozen=True):
    """A message of the outbox: a code for a member, by the part of its challenge from which it follows."""

    topic: str
    key: UUID
    payload: dict[str, str]


class Payload(Struct, frozen=True):
    random: str


def figures_of(secrets: Secrets, random: str, membership_id: UUID) -> str:
    """The figures of a challenge, which are for this member."""
    signed = sign(secrets.session, FIGURES_FOR, content_of(random, str(membership_id)))
    return str(int.from_bytes(signed) % 10**DIGITS).zfill(DIGITS)


async def send_code(
    tx: Executor, secrets: Secrets, author: Author, membership_id: UUID, staff_id: UUID
) -> Challenge:
    """Send a code to a member, for this clerk to ask: the challenge goes in the page of the clerk."""
    until = author.now + HOLDS
    made = new_challenge(secrets.session, CHALLENGE_FOR, until, str(membership_id), str(staff_id))
    row = ToSend(TOPIC, membership_id, {"random": made.random})
    await write_outbox(tx, author.region_id, as_json([row]), author.now)
    await author.note(tx, "permission.send_code", "membership", membership_id)
    return made


async def is_code(  # noqa: PLR0913, PLR0917  whose code, who asks, and what was said
    limiter: Limiter,
    secrets: Secrets,
    now: datetime,
    membership_id: UUID,
    staff_id: UUID,
    text: str,
    said: str,
) -> bool:
    """Whether what was said is the code of a challenge that still holds and was not used before."""
    whom = str(membership_id), str(staff_id)
    found = read_challenge(secrets.session, CHALLENGE_FOR, text, now, *whom)
    figures = "".join(said.split())
    if found is None or not figures.isascii():
        return False
    if not equal_in_constant_time(figures_of(secrets, found.random, membership_id), figures):
        return False
    return await limiter.use_once("counter_code", found.random, USE_KEPT_FOR_SECONDS)


async def tell_code(
    services: Services, region_id: int, membership_id: UUID, payload: str, message_id: UUID
) -> NotReached | None:
    """Tell a member their code; None when that is done, or nobody can be reached at once."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        membership = await read_membership(connection, region_id, membership_id)
        person = await read_person(connection, membership.person_id) if membership else None
    if region is None or person is None:
        return None
    code = figures_of(services.secrets, json.decode(payload, type=Payload).random, membership_id)
    facts = {
        "name": person.given_name,
        "region": region,
        "code": f"{code[:3]} {code[3:]}",
        "minutes": HOLDS.seconds // 60,
    }
    message = PersonalMessage(region_id, message_id, COUNTER_CODE, "passes/permission/mail_code", facts)
    return await reach(services, Addressee(person.id), message)


async def way_of_code(tx: Executor, services: Services, person_id: UUID) -> Way:
    """By which way a code reaches somebody now; OFF where it does not."""
    who = await read_reachable(tx, person_id, COUNTER_CODE.name)
    return way_to(who, COUNTER_CODE, texts=services.texter is not None) if who else Way.OFF


TOLD: Final = {TOPIC: tell_code}
"""Who tells what, by topic of the outbox."""
