"""The last day of a membership, and its end, by a clerk or by a rule once that day is past: erasing begins.

With the last of their memberships a person ends too, and cannot sign in. What they booked and hold stays as
it is until it is settled; what the accounts keep of it has no name. Until the person is erased, all of it can
be taken back but the passes. What ended by its last day is not taken back: it is given another last day.
"""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import structlog
from msgspec import Struct

from uit.core.clock import Clock, day_in_flanders
from uit.core.errors import NotFound
from uit.core.ids import Ids
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Executor, Statements
from uit.identity.person import person as persons
from uit.identity.sign_in import session, token
from uit.identity.visitor import Authenticator
from uit.passes.counter import Counter
from uit.passes.errors import MembershipEnded, MembershipOver, ResumeFirst
from uit.passes.membership.membership import Membership, lock_membership, read_membership, regions_of

SQL = Statements(__name__)
MOST_AT_ONCE: Final = 100
log = structlog.get_logger()

Why = Literal["died", "moved", "asked", "over", "unused"]
"""`over`: its last day is past. `unused`: by the rule. The others are what somebody said at a desk."""


class EndedMembership(Struct, frozen=True):
    """What ended with it: digests of sessions and of tokens, for the authenticator to forget."""

    sessions: list[bytes] = []
    tokens: list[bytes] = []

    async def forget(self, authenticator: Authenticator) -> None:
        """Once it is committed: else they work for a minute more."""
        await authenticator.forget(*self.sessions)
        await authenticator.forget(*self.tokens, kind="bearer")


class MembershipKey(Struct, frozen=True):
    region_id: int
    id: UUID


end_membership = SQL.command("end_membership")
block_cards = SQL.command("block_cards")
resume_membership = SQL.command("resume_membership")
write_last_day = SQL.command("write_last_day")
write_erase_on = SQL.command("write_erase_on")
find_over = SQL.many("find_over", MembershipKey)


async def end(tx: Executor, counter: Counter, membership_id: UUID, why: Why) -> EndedMembership | NotFound:
    """End a membership today and block its cards; one that ended before stays as it is.

    The trail says who did it to whom, and not why.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.status == "ended":
        return EndedMembership()
    await persons.lock_person(tx, membership.person_id)
    await end_membership(tx, counter.region_id, membership_id, counter.today, why)
    await block_cards(tx, counter.region_id, membership_id, counter.now)
    await counter.note(tx, "membership.end", "person", membership.person_id)
    if await regions_of(tx, membership.person_id):
        return EndedMembership()
    died_on = counter.today if why == "died" else None
    await persons.end_person(tx, membership.person_id, counter.now, died_on)
    return EndedMembership(
        await session.end_all_of_person(tx, membership.person_id, counter.now),
        await token.revoke_all(tx, membership.person_id, counter.now),
    )


async def resume(
    tx: Executor, counter: Counter, membership_id: UUID
) -> Membership | NotFound | MembershipOver:
    """Take the end of a membership back, to the last day that it had, and to today when that is past.

    Its cards stay blocked. Refused: MembershipOver, when it ended by its last day.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.is_over:
        return MembershipOver()
    await persons.lock_person(tx, membership.person_id)
    if await resume_membership(tx, counter.region_id, membership_id, counter.today):
        await persons.resume_person(tx, membership.person_id)
        await counter.note(tx, "membership.resume", "person", membership.person_id)
    return membership


async def set_last_day(
    tx: Executor, counter: Counter, membership_id: UUID, last_day: date | None
) -> Membership | NotFound | MembershipEnded | ResumeFirst:
    """Let a membership run until a day, that day included; None for one without a last day.

    One that is over by its last day runs again, and its person with it; its cards stay blocked.
    Refused: MembershipEnded, when a clerk ended it or nobody used it; ResumeFirst for who is known to have
    died.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.status == "ended" and not membership.is_over:
        return MembershipEnded()
    await persons.lock_person(tx, membership.person_id)
    if membership.is_over and await persons.has_died(tx, membership.person_id):
        return ResumeFirst()
    await write_last_day(tx, counter.region_id, membership_id, last_day)
    if membership.is_over:
        await persons.resume_living_person(tx, membership.person_id)
    day = last_day.isoformat() if last_day else None
    await counter.note(tx, "membership.last_day", "person", membership.person_id, ends_on=day)
    stored = await read_membership(tx, counter.region_id, membership_id)
    assert stored is not None
    return stored


async def erase_sooner(
    tx: Executor, counter: Counter, membership_id: UUID, erase_on: date
) -> EndedMembership | NotFound:
    """End a membership of who asks to be erased, and erase it on a day; the person too when it was the last.

    What it takes for that, such as nothing that is open, is for who calls this to know.
    """
    ended = await end(tx, counter, membership_id, "asked")
    membership = await read_membership(tx, counter.region_id, membership_id)
    if membership is None or isinstance(ended, NotFound):
        return NotFound()
    if await write_erase_on(tx, counter.region_id, membership_id, erase_on):
        await counter.note(tx, "person.erase", "person", membership.person_id)
    if not await regions_of(tx, membership.person_id):
        await persons.write_erase_on(tx, membership.person_id, erase_on)
    return ended


async def end_what_is_over(database: Database, authenticator: Authenticator, clock: Clock, ids: Ids) -> int:
    """End memberships of which the last day is past, MOST_AT_ONCE; returns how many.

    One that cannot be ended is logged and tried again at the next run, and holds up no other.
    """
    now: datetime = clock.now()
    async with database.reading() as connection:
        found = await find_over(connection, day_in_flanders(now), MOST_AT_ONCE)
    done = 0
    for each in found:
        try:
            async with database.transaction() as tx:
                ended = await end(tx, Counter(each.region_id, "system", "worker", now, ids), each.id, "over")
            if isinstance(ended, EndedMembership):
                await ended.forget(authenticator)
        except (*AWAY, *CANNOT_WRITE):
            raise
        except Exception:
            log.exception("membership_not_ended", region_id=each.region_id, id=str(each.id))
        else:
            done += 1
    return done
