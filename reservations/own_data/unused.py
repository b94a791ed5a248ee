"""The rule for what nobody uses: who has such a membership is told, and later it ends, and erasing begins.

Use is a booking, credit that was given or put aside, a sign-in, a ticket that was checked in, a pass that was
given, or what staff changed. Who only looked somebody up did not use it for them.
"""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct

from reservations.booking.rows import OutboxRow
from uit.core.clock import Clock, day_in_flanders
from uit.core.ids import Ids
from uit.database.outbox import write_outbox
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import MEMBERSHIP
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.person.person import read_person
from uit.identity.person.powers import holds_on
from uit.identity.person.representation import given_by
from uit.identity.visitor import Authenticator
from uit.passes.counter import Counter
from uit.passes.membership.ending import EndedMembership, end
from uit.passes.membership.membership import Membership, lock_membership, read_membership
from uit.passes.membership.unused import (
    NOTICE,
    Use,
    find_unused,
    last_day_unused,
    read_use,
    write_look,
    write_unreached,
    write_use,
    write_warning,
)
from uit.services.mail import MailRefused
from uit.services.services import Services
from uit.services.text_message import TextRefused

SQL = Statements(__name__)
MOST_AT_ONCE: Final = 100
UNUSED: Final = "membership.unused"
log = structlog.get_logger()


class UnusedReader(Struct, frozen=True):
    """Whom a message of the outbox is for: a parent, or else the holder."""

    parent_id: UUID | None = None


class UnusedWarning(Struct, frozen=True):
    """`person_id` and `name` are of who reads it: the holder, or a parent."""

    person_id: UUID
    name: str
    holder_name: str
    ends_unused_on: date


find_reachable = SQL.value("find_reachable", list[UUID])
read_last_use = SQL.value("read_last_use", date)


async def end_what_is_unused(database: Database, authenticator: Authenticator, clock: Clock, ids: Ids) -> int:
    """Look at memberships that may be unused, MOST_AT_ONCE; returns how many.

    One whose holder was told is looked at each day, until it was used or ends. One that fails is logged and
    tried again at the next run, and holds up no other.
    """
    now, done = clock.now(), 0
    today = day_in_flanders(now)
    async with database.reading() as connection:
        unused_on = await last_day_unused(connection, today)
        found = await find_unused(connection, unused_on, today, MOST_AT_ONCE)
    for each in found:
        try:
            async with database.transaction() as tx:
                counter = Counter(each.region_id, "system", "worker", now, ids)
                ended = await tell_or_end(tx, counter, each.id, unused_on)
            await ended.forget(authenticator)
        except (*AWAY, *CANNOT_WRITE):
            raise
        except Exception:
            log.exception("unused_membership_not_handled", region_id=each.region_id, id=str(each.id))
        else:
            done += 1
    return done


async def tell_or_end(
    tx: Executor, counter: Counter, membership_id: UUID, unused_on: date
) -> EndedMembership:
    """Write down when a membership was last used; where that is long ago tell its holder, or end it.

    It ends NOTICE after its holder was told, when it was not used since.
    """
    membership = await lock_membership(tx, counter.region_id, membership_id)
    if membership is None or membership.status == "ended":
        return EndedMembership()
    known = await look_when_used(tx, counter, membership)
    if known.used_on > unused_on:
        return EndedMembership()
    if known.warned_on is None:
        await tell(tx, counter, membership)
    elif known.warned_on <= counter.today - NOTICE:
        ended = await end(tx, counter, membership_id, "unused")
        assert isinstance(ended, EndedMembership)
        return ended
    else:
        await write_look(tx, counter.region_id, membership_id, counter.today)
    return EndedMembership()


async def look_when_used(tx: Executor, counter: Counter, membership: Membership) -> Use:
    """When it was last used, written down where that was later than was known: what was told is then over."""
    key = counter.region_id, membership.id
    known = await read_use(tx, *key)
    person_id = membership.person_id
    used_on = await read_last_use(tx, *key, person_id, str(person_id), known.used_on)
    if used_on == known.used_on:
        return known
    await write_use(tx, *key, used_on)
    return Use(used_on, None)


async def tell(tx: Executor, counter: Counter, membership: Membership) -> None:
    """Write down that its holder is told, with their parents: a message for each."""
    await write_warning(tx, counter.region_id, membership.id, counter.today)
    rows = [
        OutboxRow(UNUSED, membership.id),
        *(
            OutboxRow(UNUSED, membership.id, {"parent_id": str(each)})
            for each in await parents_of(tx, membership.person_id, counter.today)
        ),
    ]
    await write_outbox(tx, counter.region_id, as_json(rows), counter.now)


async def parents_of(tx: Executor, person_id: UUID, day: date) -> list[UUID]:
    """Who has parental authority over somebody on a day, and a way to be reached."""
    person, given = await read_person(tx, person_id), await given_by(tx, person_id)
    born_on = person.born_on if person else None
    held = [each for each in given if each.kind == "parental" and holds_on(day, each, born_on)]
    return await find_reachable(tx, [each.representative_id for each in held])


async def notify_unused(
    services: Services, region_id: int, membership_id: UUID, payload: str, message_id: UUID
) -> NotReached | None:
    """Tell somebody, or a parent, that a membership ends unless it is used; None when nothing is to tell.

    That a mail was refused is written down, so that it stands in the list of a desk.
    """
    region = await services.regions.by_id(region_id)
    parent_id = msgspec.json.decode(payload, type=UnusedReader).parent_id
    async with services.database.reading() as connection:
        warning = await read_warning(connection, region_id, membership_id, parent_id)
    if region is None or warning is None:
        return None
    template = f"reservations/own_data/{'mail_unused_child' if parent_id else 'mail_unused'}"
    facts = {
        "name": warning.name,
        "child": warning.holder_name,
        "region": region,
        "ends_unused_on": warning.ends_unused_on,
        "link": f"{services.settings.address}/aanmelden?next=/{region.slug}/mijn-pas",
    }
    message = PersonalMessage(region_id, message_id, MEMBERSHIP, template, facts)
    answer = await reach(services, Addressee(warning.person_id), message)
    if isinstance(answer, MailRefused | TextRefused):
        async with services.database.transaction() as tx:
            await write_unreached(tx, region_id, membership_id)
    return answer


async def read_warning(
    connection: Executor, region_id: int, membership_id: UUID, parent_id: UUID | None
) -> UnusedWarning | None:
    """What to tell the holder, or a parent of theirs; None when it ended, or was used meanwhile."""
    membership = await read_membership(connection, region_id, membership_id)
    if membership is None or membership.warned_on is None or membership.status == "ended":
        return None
    holder = await read_person(connection, membership.person_id)
    reader = await read_person(connection, parent_id) if parent_id else holder
    if holder is None or reader is None:
        return None
    return UnusedWarning(reader.id, reader.given_name, holder.given_name, membership.warned_on + NOTICE)
