"""Somebody asks to be erased themselves: a week to take it back, and then the worker does what a clerk does.

It takes that they signed in a moment ago, so that who finds an open browser erases nobody.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from reservations.booking.rows import OutboxRow
from reservations.errors import StillOpen
from reservations.own_data.erasing import erase_who_asks, read_open
from uit.core.clock import Clock, day_in_flanders
from uit.core.errors import NotFound
from uit.core.ids import Ids
from uit.database.outbox import write_outbox
from uit.database.pool import AWAY, CANNOT_WRITE, Database
from uit.database.statements import Executor, Statements, as_json
from uit.identity.errors import SignInAgain, TooYoung
from uit.identity.message.kind import MEMBERSHIP
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.person.consent import DECIDES_FROM, too_young
from uit.identity.person.person import read_person
from uit.identity.visitor import Authenticator, Resident
from uit.passes.counter import Counter
from uit.passes.membership.ending import EndedMembership
from uit.passes.membership.erase_asked import find_asked, read_asked_for, write_asked_for
from uit.passes.membership.membership import Membership, lock_membership, read_membership
from uit.services.services import Services

SQL = Statements(__name__)
TO_TAKE_BACK: Final = timedelta(days=7)
FRESH: Final = timedelta(minutes=15)
MOST_AT_ONCE: Final = 100
AT_ONCE: Final = timedelta()
ERASING: Final = "erasing.asked"
log = structlog.get_logger()

is_fresh = SQL.value("is_fresh", bool)


async def signed_in_just_now(tx: Executor, resident: Resident, now: datetime) -> bool:
    return bool(await is_fresh(tx, resident.session, now - FRESH))


async def ask_to_be_erased(
    tx: Executor, author: Counter, resident: Resident, membership: Membership
) -> date | TooYoung | SignInAgain | StillOpen:
    """Ask it; returns the day from which it is done. A repeat keeps the first day.

    Refused: TooYoung, SignInAgain, StillOpen.
    """
    if refusal := await too_young_to_ask(tx, resident.person_id, author.today):
        return refusal
    if not await signed_in_just_now(tx, resident, author.now):
        return SignInAgain()
    await lock_membership(tx, author.region_id, membership.id)
    found = await read_open(tx, author.region_id, membership.id, author.now)
    if not found.is_nothing:
        return StillOpen(found.bookings, found.credit_cents, found.refunds)
    before = await read_asked_for(tx, author.region_id, membership.id)
    if before is not None:
        return before
    day = author.today + TO_TAKE_BACK
    await write_asked_for(tx, author.region_id, membership.id, day)
    await author.note(tx, "erasing.ask", "person", resident.person_id)
    await write_outbox(tx, author.region_id, as_json([OutboxRow(ERASING, membership.id)]), author.now)
    return day


async def too_young_to_ask(tx: Executor, person_id: UUID, day: date) -> TooYoung | None:
    person = await read_person(tx, person_id)
    return too_young(person.born_on if person else None, day, DECIDES_FROM)


async def take_back(tx: Executor, author: Counter, membership: Membership) -> None:
    """Not be erased after all. A repeat changes nothing."""
    await lock_membership(tx, author.region_id, membership.id)
    if await read_asked_for(tx, author.region_id, membership.id) is not None:
        await write_asked_for(tx, author.region_id, membership.id, None)
        await author.note(tx, "erasing.take_back", "person", membership.person_id)


async def erase_who_asked(database: Database, authenticator: Authenticator, clock: Clock, ids: Ids) -> int:
    """Erase those whose week is over, MOST_AT_ONCE; returns how many were looked at.

    Of whom something is open meanwhile, it is tried again the next day. One that fails is logged, tried
    again at the next run, and holds up no other.
    """
    now, done = clock.now(), 0
    async with database.reading() as connection:
        found = await find_asked(connection, day_in_flanders(now), MOST_AT_ONCE)
    for each in found:
        counter = Counter(each.region_id, "system", "worker", now, ids)
        try:
            async with database.transaction() as tx:
                ended = await erase_or_wait(tx, counter, each.id)
            await ended.forget(authenticator)
        except (*AWAY, *CANNOT_WRITE):
            raise
        except Exception:
            log.exception("person_not_erased", region_id=each.region_id, id=str(each.id))
        else:
            done += 1
    return done


async def erase_or_wait(tx: Executor, counter: Counter, membership_id: UUID) -> EndedMembership:
    membership = await lock_membership(tx, counter.region_id, membership_id)
    asked_for = await read_asked_for(tx, counter.region_id, membership_id)
    if membership is None or asked_for is None or asked_for > counter.today:
        return EndedMembership()
    answer = await erase_who_asks(tx, counter, membership_id, AT_ONCE)
    if isinstance(answer, EndedMembership):
        await write_asked_for(tx, counter.region_id, membership_id, None)
        return answer
    assert not isinstance(answer, NotFound)
    await write_asked_for(tx, counter.region_id, membership_id, counter.today + timedelta(days=1))
    return EndedMembership()


async def notify_asked(
    services: Services, region_id: int, membership_id: UUID, message_id: UUID
) -> NotReached | None:
    """Tell somebody that they asked it, so that who did not can take it back; None once that is done."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        membership = await read_membership(connection, region_id, membership_id)
        day = await read_asked_for(connection, region_id, membership_id)
        person = await read_person(connection, membership.person_id) if membership else None
    if region is None or person is None or day is None:
        return None
    link = f"{services.settings.address}/aanmelden?next=/{region.slug}/mijn-gegevens/wissen"
    facts = {"name": person.given_name, "region": region, "day": day, "link": link}
    message = PersonalMessage(region_id, message_id, MEMBERSHIP, "reservations/own_data/mail_erasing", facts)
    return await reach(services, Addressee(person.id), message)
