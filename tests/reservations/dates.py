"""What the tests of changing dates share: the verbs, the steps of the worker, and what became of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from credits.check import check_ledger
from reservations.booking.answers import Booked
from reservations.booking.notifications import TOPICS, BookingMessage, notify_holder
from reservations.booking.services import BookingServices
from reservations.check import check_bookings
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.sessions import changing
from reservations.sessions.calling_off import call_off_due
from reservations.sessions.changing import NewTime, lock_sessions
from reservations.settlement.earning import settle_earned
from tests.builders import Resident, Session, World
from uit.core.errors import Refusal
from uit.core.seal import TicketSeal
from uit.services.audit import Author

LATER = timedelta(hours=6)
"""How long after its start the doors of a test session are closed for good."""
PAYABLE = """
SELECT coalesce(sum(e.amount_cents), 0)::integer
FROM credits.entry AS e JOIN credits.account AS a ON a.region_id = e.region_id AND a.id = e.account_id
WHERE a.kind = 'payable' AND a.owner_id = $1
"""


TAKE_MESSAGES = (
    "DELETE FROM uit.outbox WHERE topic = ANY ($1) RETURNING region_id, key, topic, payload::text, id"
)


def author(world: World) -> Author:
    return Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)


async def call_off(
    world: World, *sessions: Session, reason: str | None = None, choose: timedelta | None = None
) -> None:
    """As a desk does, and then the worker. `choose`: for how long who booked may choose."""
    until = world.clock.now() + choose if choose else None
    async with world.services.database.transaction() as tx:
        locked = await lock_sessions(tx, 1, [each.id for each in sessions])
        await changing.call_off(tx, author(world), locked, {each.id: reason for each in sessions}, until)
    await call_off_all(world.services)


async def call_off_all(services: BookingServices) -> int:
    """End the bookings of every date that was called off by now; how many ended."""
    done = 0
    while (step := await call_off_due(services)).more:
        done += step.count
    return done


async def postpone(world: World, session: Session, reason: str | None = None) -> None:
    async with world.services.database.transaction() as tx:
        locked = await lock_sessions(tx, 1, [session.id])
        await changing.postpone(tx, author(world), locked, {session.id: reason})


async def restore(world: World, session: Session) -> None:
    async with world.services.database.transaction() as tx:
        await changing.restore(tx, author(world), await lock_sessions(tx, 1, [session.id]))


async def move(world: World, session: Session, by: timedelta) -> None:
    async with world.services.database.transaction() as tx:
        locked = await lock_sessions(tx, 1, [session.id])
        times = [NewTime(each.id, each.starts_at + by, each.ends_at + by) for each in locked]
        await changing.move(tx, author(world), locked, times)


async def settle(world: World, after: timedelta = timedelta()) -> None:
    world.clock.move(after)
    await settle_earned(world.services, world.clock.now())


async def earning(world: World, rule: str, no_show_percent: int = 100) -> None:
    """From now on the credit of the tests is earned by this rule."""
    await world.execute(
        "UPDATE credits.programme_version SET earning = $1::credits.earning_rule, no_show_percent = $2",
        rule, no_show_percent,
    )  # fmt: skip


async def booked(world: World, who: Resident, *sessions: Session, places: int = 1) -> UUID:
    """A booking with a line for each session; its id."""
    command = world.command(who, [(session, "base", places) for session in sessions])
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def show(
    world: World, session: Session, booking_id: UUID, no: int = 1, line_no: int = 1
) -> CheckedIn | Refusal:
    """Show a ticket at the door now."""
    scope = Scope(1, frozenset({session.organiser_id}))
    scan = Scan(TicketSeal(1, booking_id, line_no, no), scope, CheckinActor("staff", "an"), uuid4())
    async with world.services.database.transaction() as tx:
        return await check_in(tx, scan, world.clock, world.services.ids)


async def come(world: World, session: Session, booking_id: UUID, no: int = 1, line_no: int = 1) -> None:
    """Be let in as the session starts."""
    world.clock.set(await start_of(world, session))
    assert isinstance(await show(world, session, booking_id, no, line_no), CheckedIn)


async def start_of(world: World, session: Session) -> datetime:
    at: datetime = await world.value("SELECT starts_at FROM reservations.session WHERE id = $1", session.id)
    return at


async def payable_cents(world: World, session: Session) -> int:
    """What its organiser is owed; below zero when they owe it back."""
    return int(await world.value(PAYABLE, session.organiser_id))


async def pay_out(world: World, session: Session) -> None:
    """Pay all that an organiser is owed, as a payout writes it."""
    cents = await payable_cents(world, session)
    await world.execute(
        "WITH bank AS ("
        "  INSERT INTO credits.account SELECT region_id, gen_random_uuid(), 'bank', id, legal_entity_id"
        "  FROM credits.account WHERE kind = 'payable' AND owner_id = $1 RETURNING id"
        "), paid AS ("
        "  INSERT INTO credits.transfer (region_id, id, kind, debit_id, credit_id, amount_cents, at)"
        "  SELECT 1, gen_random_uuid(), 'payout', a.id, bank.id, $2, $3 FROM credits.account AS a, bank"
        "  WHERE a.kind = 'payable' AND a.owner_id = $1 RETURNING id, debit_id, credit_id, amount_cents)"
        " INSERT INTO credits.entry SELECT 1, debit_id, id, -amount_cents FROM paid"
        " UNION ALL SELECT 1, credit_id, id, amount_cents FROM paid",
        session.organiser_id, cents, world.clock.now(),
    )  # fmt: skip


async def tickets(world: World, booking_id: UUID) -> list[tuple[int, int, str, str | None, int]]:
    """Of each ticket: its line, its number, its status, how it ended, and what came back by it."""
    rows = await world.rows(
        "SELECT line_no, no, status::text, ending::text, returned_cents FROM reservations.ticket"
        " WHERE booking_id = $1 ORDER BY line_no, no",
        booking_id,
    )
    return [tuple(row) for row in rows]


async def statuses(world: World, booking_id: UUID) -> list[str]:
    return [status for _, _, status, _, _ in await tickets(world, booking_id)]


async def status_of(world: World, session: Session) -> str:
    return str(await world.value("SELECT status::text FROM reservations.session WHERE id = $1", session.id))


async def faults(world: World) -> list[str]:
    """What `check-ledger` finds wrong with the books and the bookings."""
    async with world.services.database.reading() as connection:
        return [*map(str, await check_ledger(connection)), *await check_bookings(connection)]


async def deliver(world: World) -> list[Any]:
    """Deliver what waits in the outbox, in order; the mails that were sent for it."""
    before = len(world.mails)
    while waiting := await world.rows(TAKE_MESSAGES, list(TOPICS)):
        for row in sorted(waiting, key=lambda each: each["id"]):
            answer = await notify_holder(
                world.services,
                BookingMessage(row["id"], row["region_id"], row["key"], row["topic"], row["payload"]),
            )
            assert answer is None, answer
    return world.mails[before:]


async def last_message(world: World, booking_id: UUID, topic: str) -> dict[str, Any]:
    """The content of the last message of the outbox about a booking."""
    payload = await world.value(
        "SELECT payload::text FROM uit.outbox WHERE key = $1 AND topic = $2 ORDER BY id DESC LIMIT 1",
        booking_id, topic,
    )  # fmt: skip
    found: dict[str, Any] = msgspec.json.decode(payload)
    return found


def plain(mail: Any) -> str:
    """The text of a mail, with ordinary spaces and on one line."""
    body = mail.get_body(("plain",))
    return " ".join(str(body.get_content()).replace("\N{NO-BREAK SPACE}", " ").split())
