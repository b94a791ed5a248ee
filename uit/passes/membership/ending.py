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
from uit.core.translation import gettext as _
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Executor, Statements
from uit.identity.person import person as persons
from uit.identity.person.death import end_helping, restore_helping
from uit.identity.sign_in import session, token
from uit.identity.visitor import Authenticator
from uit.passes.counter import Counter
from uit.passes.decisions.decision import NewDecision, make_decision
from uit.passes.errors import MembershipEnded, MembershipOver, Merged, ResumeFirst
from uit.passes.membership.membership import Membership, lock_membership, read_membership, regions_of
from uit.passes.membership.moving import LEAVES, tell

SQL = Statements(__name__)
MOST_AT_ONCE: Final = 100
log = structlog.get_logger()

Why = Literal["died", "moved", "asked", "over", "unused"]
"""`over`: its last day is past. `unused`: by the rule. The others are what somebody said at a desk.

One that went into another ended as `merged`, which is undone otherwise."""


ENDS_A_RIGHT: Final = frozenset({"moved", "over", "unused"})
"""Ends that somebody did not ask for, and can read of: these are motivated decisions."""


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


class OverMembership(MembershipKey, frozen=True):
    """A membership to end, since its last day is past or its person died."""

    has_died: bool


end_membership = SQL.command("end_membership")
block_cards = SQL.command("block_cards")
resume_membership = SQL.command("resume_membership")
write_last_day = SQL.command("write_last_day")
write_erase_on = SQL.command("write_erase_on")
find_over = SQL.many("find_over", OverMembership)


async def end(tx: Executor, counter: Counter, membership_id: UUID, why: Why) -> EndedMembership | NotFound:
    """End a membership today and block its cards; one that ended before stays as it is.

    With the last one its person ends, and with a death at once: what they are a member of elsewhere is ended
    by the worker. The trail says who did it to whom, and not why.
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
    if why in ENDS_A_RIGHT:
        await make_decision(tx, counter, membership, decision_of(why, counter))
    if why == "moved":
        await tell(tx, counter, LEAVES, membership_id)
    if why != "died" and await regions_of(tx, membership.person_id):
        return EndedMembership()
    return await end_person(tx, counter, membership.person_id, died=why == "died")


async def end_person(tx: Executor, counter: Counter, person_id: UUID, *, died: bool) -> EndedMembership:
    """End a person, signed out at once; who died helps nobody and is helped by nobody any more."""
    await persons.end_person(tx, person_id, counter.now, counter.today if died else None)
    if died:
        await end_helping(tx, person_id, counter.now)
    return EndedMembership(
        await session.end_all_of_person(tx, person_id, counter.now),
        await token.revoke_all(tx, person_id, counter.now),
    )


def decision_of(why: Why, counter: Counter) -> NewDecision:
    """What the member reads of an end that they did not ask for."""
    ground = {
        "moved": _("Je woont niet meer in deze regio."),
        "over": _("De laatste dag van je lidmaatschap is voorbij."),
        "unused": _("Je gebruikte je pas drie jaar niet."),
    }[why]
    rule = {
        "moved": _("Lid is wie in een gemeente van de regio woont."),
        "over": _("Een lidmaatschap met een laatste dag stopt na die dag."),
        "unused": _(
            "Wie drie jaar niets met de pas doet, krijgt bericht. Twee maanden later stopt het lidmaatschap."
        ),
    }[why]
    return NewDecision(counter.ids.new(), "membership_ended", ground, rule, counter.today)


async def resume(
    tx: Executor, counter: Counter, membership_id: UUID
) -> Membership | NotFound | MembershipOver | Merged:
    """Take the end of a membership back, to the last day that it had, and to today when that is past.

    Its cards stay blocked. Refused: MembershipOver, when it ended by its last day, and Merged.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None:
        return NotFound()
    if membership.is_over:
        return MembershipOver()
    if membership.is_merged:
        return Merged()
    await persons.lock_person(tx, membership.person_id)
    if await resume_membership(tx, counter.region_id, membership_id, counter.today):
        await restore_helping(tx, membership.person_id)
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
    """End memberships of which the last day is past, or whose person died, MOST_AT_ONCE; returns how many.

    One that cannot be ended is logged and tried again at the next run, and holds up no other.
    """
    now: datetime = clock.now()
    async with database.reading() as connection:
        found = await find_over(connection, day_in_flanders(now), MOST_AT_ONCE)
    done = 0
    for each in found:
        try:
            async with database.transaction() as tx:
                worker = Counter(each.region_id, "system", "worker", now, ids)
                ended = await end(tx, worker, each.id, "died" if each.has_died else "over")
            if isinstance(ended, EndedMembership):
                await ended.forget(authenticator)
        except (*AWAY, *CANNOT_WRITE):
            raise
        except Exception:
            log.exception("membership_not_ended", region_id=each.region_id, id=str(each.id))
        else:
            done += 1
    return done
