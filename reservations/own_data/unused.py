"""The rule for what nobody uses: who has such a membership is told, and later it ends, and erasing begins.

Use is a booking, credit that was given or put aside, a sign-in, a ticket that was checked in, a pass that was
given, or what staff changed. Who only looked somebody up did not use it for them.
"""

from datetime import date
from typing import Final
from uuid import UUID

import structlog

from reservations.booking.rows import OutboxRow
from uit.core.clock import Clock, day_in_flanders
from uit.core.ids import Ids
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Executor, Statements, as_json
from uit.identity.person.person import read_person
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
    write_use,
    write_warning,
)
from uit.services.mail import MailAway, MailRefused
from uit.services.services import Services
from uit.web.view import CLOCK
from uit.web.written_mail import written_mail

SQL = Statements(__name__)
MOST_AT_ONCE: Final = 100
UNUSED: Final = "membership.unused"
log = structlog.get_logger()

read_last_use = SQL.value("read_last_use", date)
write_outbox = SQL.command("write_outbox")


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
        await tell(tx, counter, membership_id)
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


async def tell(tx: Executor, counter: Counter, membership_id: UUID) -> None:
    await write_warning(tx, counter.region_id, membership_id, counter.today)
    row = OutboxRow(UNUSED, membership_id)
    await write_outbox(tx, counter.region_id, as_json([row]), counter.now)


async def notify_unused(
    services: Services, region_id: int, membership_id: UUID
) -> MailAway | MailRefused | None:
    """Mail somebody that their membership ends unless they use it; None when there is nothing to tell."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        membership = await read_membership(connection, region_id, membership_id)
        person = await read_person(connection, membership.person_id) if membership else None
    if region is None or membership is None or person is None or person.email is None:
        return None
    if membership.warned_on is None or membership.status == "ended":
        return None
    CLOCK.set(services.clock)
    return await services.mailer.send(
        written_mail(
            person.email,
            "reservations/own_data/mail_unused",
            name=person.given_name,
            region=region,
            ends_unused_on=membership.warned_on + NOTICE,
            link=f"{services.settings.address}/aanmelden?next=/{region.slug}/mijn-pas",
        )
    )
