"""Who stayed away before is asked, a day before, whether they come; where nothing is heard the seat goes on.

Never asked is who is reached by letter or at a counter, who is not of age, a group, or who was booked for.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.actor import ByWorker
from reservations.booking.commands import ChosenTickets, GiveUp
from reservations.booking.facts import LIVE
from reservations.booking.rows import OutboxRow
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.whether_they_come import ASKED_BEFORE
from uit.core.errors import Refusal
from uit.core.seal import ConfirmationSeal, seal_confirmation
from uit.database.outbox import write_outbox
from uit.database.statements import Executor, Statements, as_json
from uit.identity.message.kind import CHANGED, MessageKind
from uit.identity.message.reach import Addressee, NotReached, PersonalMessage, reach
from uit.identity.message.setting import read_reachable
from uit.identity.message.way import Reachable, Way, way_to
from uit.services.region import Region
from uit.services.services import Services

SQL = Statements(__name__)
ASKED: Final = "attendance.asked"
MOST_AT_ONCE: Final = 100
COMES, GIVEN_UP, GIVEN_ON, LEFT = "comes", "given_up", "given_on", "left"
"""How it was answered: by who was asked, by nobody in time, or not asked as no message is in time."""
ASKING: Final = MessageKind("attendance", may_be_off=False, is_posted=False, is_for_now=True)


class ToAsk(Struct, frozen=True):
    """A booking for a date whose holder is asked, and until when they can answer."""

    booking_id: UUID
    session_id: UUID
    person_id: UUID
    due_at: datetime


class AskedConfirmation(Struct, frozen=True):
    """What somebody was asked, as their page shows it."""

    id: UUID
    booking_id: UUID
    session_id: UUID
    due_at: datetime
    answer: str | None
    person_id: UUID
    name: str
    event: str
    is_discreet: bool
    organiser: str
    starts_at: datetime
    ends_at: datetime

    def is_open(self, now: datetime) -> bool:
        return self.answer is None and now < self.due_at


class Unanswered(Struct, frozen=True):
    id: UUID
    booking_id: UUID
    session_id: UUID


find_to_ask = SQL.many("find_to_ask", ToAsk)
write_asked = SQL.command("write_asked")
read_asked = SQL.maybe("read_asked", AskedConfirmation)
find_unanswered = SQL.many("find_unanswered", Unanswered)
write_answer = SQL.command("write_answer")
mark_told = SQL.command("mark_told")


async def ask_who_stayed_away(services: BookingServices) -> int:
    """Ask whom a rule says, each once for a date; how many were looked at."""
    now, count = services.clock.now(), 0
    for region in await services.regions.every():
        async with services.database.reading() as connection:
            found = await find_to_ask(connection, region.id, now, ASKED_BEFORE, MOST_AT_ONCE)
        for each in found:
            async with services.database.transaction() as tx:
                await ask_one(tx, services, region.id, each, now)
        count += len(found)
    return count


async def ask_one(tx: Executor, services: Services, region_id: int, asked: ToAsk, now: datetime) -> None:
    person = await read_reachable(tx, asked.person_id, CHANGED.name)
    in_time = person is not None and is_reached_in_time(person, texts=services.texter is not None)
    made_id = services.ids.new()
    row = (region_id, made_id, asked.booking_id, asked.session_id, now, asked.due_at)
    if await write_asked(tx, *row, None if in_time else LEFT) and in_time:
        await write_outbox(tx, region_id, as_json([OutboxRow(ASKED, made_id)]), now)


def is_reached_in_time(person: Reachable, *, texts: bool) -> bool:
    """Whether somebody reads it while they can answer: by mail or text message, and they want no paper."""
    if {person.chosen, person.reached_by} & {Way.LETTER, Way.COUNTER}:
        return False
    return way_to(person, CHANGED, texts=texts) in {Way.EMAIL, Way.SMS}


async def notify_asked(
    services: Services, region_id: int, asked_id: UUID, message_id: UUID
) -> NotReached | None:
    """Ask, as long as it can still be answered; None when that is done."""
    region = await services.regions.by_id(region_id)
    async with services.database.reading() as connection:
        asked = await read_asked(connection, region_id, asked_id)
    if region is None or asked is None or not asked.is_open(services.clock.now()):
        return None
    facts = {
        "name": asked.name,
        "region": region,
        "asked": asked,
        "link": f"{services.settings.address}{address_of(services, region, asked_id)}",
    }
    message = PersonalMessage(region_id, message_id, ASKING, "reservations/absences/mail_asked", facts)
    answer = await reach(services, Addressee(asked.person_id), message)
    if answer is None:
        async with services.database.transaction() as tx:
            await mark_told(tx, region_id, asked_id, services.clock.now())
    return answer


def address_of(services: Services, region: Region, asked_id: UUID) -> str:
    """The one link by which it is answered."""
    token = seal_confirmation(services.secrets.signing, ConfirmationSeal(region.id, asked_id))
    return f"/{region.slug}/kom-je/{token}"


async def give_on_unanswered(services: BookingServices) -> int:
    """Give on the places of whom nothing was heard in time; how many were given on."""
    now, count = services.clock.now(), 0
    for region in await services.regions.every():
        async with services.database.reading() as connection:
            found = await find_unanswered(connection, region.id, now, MOST_AT_ONCE, ASKED_BEFORE)
        for each in found:
            answer = await give_on(services, region.id, each.booking_id, each.session_id)
            if answer is None:
                async with services.database.transaction() as tx:
                    await write_answer(tx, region.id, each.id, GIVEN_ON)
                count += 1
    return count


async def give_on(
    services: BookingServices, region_id: int, booking_id: UUID, session_id: UUID
) -> Refusal | None:
    """Let go of what somebody still has of a date, with all that was paid back; None when that is done."""
    async with services.database.reading() as connection:
        booking = await read_booking(connection, region_id, booking_id)
    lines = [
        line
        for line in (booking.lines if booking else [])
        if line.session_id == session_id and any(each.status in LIVE for each in line.tickets)
    ]
    if not lines:
        return None
    chosen = tuple(ChosenTickets(line.no) for line in lines)
    answer = await services.turnstile.answer(GiveUp(region_id, booking_id, ByWorker(), chosen))
    return answer if isinstance(answer, Refusal) else None


TOLD: Final = {ASKED: notify_asked}
"""Who tells what, by topic of the outbox."""
