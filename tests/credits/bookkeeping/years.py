"""What the tests of the books share: a town twelve years ago, with credit, a till and card money."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from credits.bookkeeping.archive import archive_year
from credits.bookkeeping.closing import BookYear, YearClose
from credits.bookkeeping.erasing import erase_due_years
from credits.ledger.rollup import roll_up
from credits.wallet.lapse import lapse_due
from reservations.booking.answers import Booked
from reservations.bookkeeping.years.closing import ask_year, confirm_year
from tests.builders import TOWN, Session, World
from tests.credits.books import settle
from tests.credits.till.drawers import a_drawer
from uit.core.errors import Refusal
from uit.services.audit import Author

LONG_AGO = datetime(2014, 3, 3, 9, 0, tzinfo=UTC)
TWELVE_YEARS_ON = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
MONEY = """
SELECT credits.write_money(1, json_build_array(json_build_object(
    'id', $1::uuid, 'kind', $2::text, 'debit_id', d.id, 'credit_id', c.id, 'amount_cents', $3::integer,
    'booking_id', $4::uuid, 'payment_id', $5::uuid, 'line_no', $6::smallint, 'reference', $7::text)), $8)
FROM credits.account AS d, credits.account AS c
WHERE d.owner_id = $9 AND d.kind::text = $10 AND c.owner_id = $9 AND c.kind::text = $11
"""


async def a_year_of_credit(world: World) -> Session:
    """Somebody spends a part of their credit, an organiser earns it, and the rest lapses that year."""
    anna = await world.resident()
    await world.purse(1, anna.membership_id, 1000, lapses_in_days=60)
    session = await world.session(price_cents=300)
    await world.execute("UPDATE credits.agreement SET starts_on = '2014-01-01'")
    booked = await world.book(anna, session)
    assert isinstance(booked, Booked), booked
    holds = await world.rows("SELECT id FROM credits.transfer WHERE kind = 'hold'")
    await settle(world, *((row["id"], 300) for row in holds))
    return session


async def a_year_at_a_till(world: World, organiser_id: UUID) -> None:
    """Two sessions at a till, with a sale for cash and cash to the safe."""
    drawer = await a_drawer(world, float_cents=10_000, seller_id=organiser_id)
    await drawer.sell(503)
    await drawer.drop(4_000)
    closed = await drawer.end(6_505)
    again = await a_drawer(
        world, 0, seller_id=organiser_id, till_id=drawer.till_id, found_cents=closed.left_cents
    )
    await again.end(6_505)


async def a_card_payment(world: World, organiser_id: UUID, *, back_cents: int = 200) -> UUID:
    """A payment of 800 cents by card, of which a part went back, if any."""
    payment_id, booking_id, refund_id, now = uuid4(), uuid4(), uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO credits.payment (region_id, id, booking_id, seller_id, means, status, amount_cents,"
        " line_cents, reference, made_at, paid_at)"
        " VALUES (1, $1, $2, $3, 'card', 'paid', 800, '{800}', 'pi_1', $4, $4)",
        payment_id, booking_id, organiser_id, now,
    )  # fmt: skip
    await world.value(
        MONEY,
        uuid4(),
        "capture",
        800,
        booking_id,
        payment_id,
        None,
        "pi_1",
        now,
        organiser_id,
        "sale",
        "card",
    )
    if not back_cents:
        return payment_id
    await world.execute(
        "INSERT INTO credits.refund (region_id, id, payment_id, booking_id, line_no, amount_cents, way,"
        " status, reason, external_id, decided_at, done_at)"
        " VALUES (1, $1, $2, $3, 1, $4, 'card', 'done', 'given_up', 're_1', $5, $5)",
        refund_id, payment_id, booking_id, back_cents, now,
    )  # fmt: skip
    await world.value(
        MONEY, refund_id, "refund", back_cents, booking_id, payment_id, 1, "re_1", now, organiser_id,
        "card", "sale",
    )  # fmt: skip
    return payment_id


async def a_full_year(world: World, *, back_cents: int = 200) -> Session:
    """All of it in 2014, with everything rolled up and lapsed, and the clock in February 2015."""
    world.clock.set(LONG_AGO)
    session = await a_year_of_credit(world)
    await world.seller(session.organiser_id, card=False)
    await a_year_at_a_till(world, session.organiser_id)
    await a_card_payment(world, session.organiser_id, back_cents=back_cents)
    world.clock.move(timedelta(days=100))
    await lapse_due(world.services, world.clock.now())
    await roll_up(world.services)
    world.clock.set(datetime(2015, 2, 2, 9, 0, tzinfo=UTC))
    return session


async def entities(world: World) -> list[UUID]:
    """The legal entities of the region: the town that gave credit, and each seller."""
    return [row["id"] for row in await world.rows("SELECT id FROM credits.legal_entity WHERE region_id = 1")]


async def town(world: World) -> UUID:
    found: UUID = await world.value(TOWN, 1)
    return found


async def seller_entity(world: World, organiser_id: UUID) -> UUID:
    found: UUID = await world.value(
        "SELECT legal_entity_id FROM credits.seller WHERE organiser_id = $1", organiser_id
    )
    return found


def author(world: World) -> Author:
    return Author(1, "system", "test", world.clock.now(), world.services.ids)


async def ask(
    world: World, entity_id: UUID, year: int = 2014, staff_id: UUID | None = None
) -> YearClose | Refusal:
    wanted = BookYear(1, entity_id, year)
    return await ask_year(world.services.database, wanted, author(world), staff_id, KEY)


async def confirm(
    world: World, entity_id: UUID, year: int = 2014, staff_id: UUID | None = None
) -> YearClose | Refusal:
    wanted = BookYear(1, entity_id, year)
    return await confirm_year(world.services.database, wanted, author(world), staff_id or uuid4())


async def close(world: World, entity_id: UUID, year: int = 2014) -> YearClose:
    asked = await ask(world, entity_id, year)
    assert isinstance(asked, YearClose), asked
    closed = await confirm(world, entity_id, year)
    assert isinstance(closed, YearClose), closed
    return closed


async def archive(world: World, entity_id: UUID, folder: Path, year: int = 2014) -> bytes | Refusal:
    wanted = BookYear(1, entity_id, year)
    return await archive_year(world.services.database, wanted, author(world), KEY, folder)


async def erase(world: World) -> int:
    dsn = world.services.settings.owner_url
    return await erase_due_years(dsn, world.services.ids, world.clock.now())
