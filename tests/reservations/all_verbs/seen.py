"""What the database says of a region, in plain figures: read anew after every step."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from tests.builders import World

READ = """
SELECT json_build_object(
    'pools', (SELECT json_agg(x) FROM (
        SELECT id, capacity, taken, held FROM reservations.pool WHERE region_id = $1
    ) AS x),
    'credit', (SELECT json_object_agg(wallet_id, available_cents) FROM credits.purse WHERE region_id = $1),
    'bookings', (SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT b.id, b.held_until, b.actor_kind = 'worker' AS is_of_nobody, (
            SELECT json_agg(t ORDER BY t.line_no, t.no) FROM (
                SELECT t.line_no, t.no, t.status, t.ending, t.seat, t.weight FROM reservations.ticket AS t
                WHERE t.region_id = $1 AND t.booking_id = b.id
            ) AS t
        ) AS tickets, (
            SELECT json_agg(l ORDER BY l.no) FROM (
                SELECT l.no, l.session_id, l.tariff_code, l.holder_id, l.credit_cents
                FROM reservations.line AS l
                WHERE l.region_id = $1 AND l.booking_id = b.id
            ) AS l
        ) AS lines, coalesce((
            SELECT json_agg(p ORDER BY p.id) FROM (
                SELECT p.id, p.amount_cents, p.status, coalesce((
                    SELECT sum(r.amount_cents) FROM credits.refund AS r
                    WHERE r.region_id = $1 AND r.payment_id = p.id
                ), 0) AS refunded_cents
                FROM credits.payment AS p WHERE p.region_id = $1 AND p.booking_id = b.id
            ) AS p
        ), '[]') AS payments
        FROM reservations.booking AS b
        WHERE b.region_id = $1
    ) AS x),
    'waiting', (SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT id, event_id, state, booking_id, answer_by, kept_booking_id FROM reservations.waiting_entry
        WHERE region_id = $1 ORDER BY joined_at, id
    ) AS x)
)::text
"""


class SeenPool(Struct, frozen=True):
    id: UUID
    capacity: int
    taken: int
    held: int


class SeenTicket(Struct, frozen=True):
    line_no: int
    no: int
    status: str
    ending: str | None
    seat: str | None
    weight: int


class SeenLine(Struct, frozen=True):
    no: int
    session_id: UUID
    tariff_code: str
    holder_id: UUID | None
    credit_cents: int


class SeenPayment(Struct, frozen=True):
    id: UUID
    amount_cents: int
    status: str
    refunded_cents: int


class SeenBooking(Struct, frozen=True):
    id: UUID
    held_until: datetime | None
    is_of_nobody: bool
    tickets: list[SeenTicket]
    lines: list[SeenLine]
    payments: list[SeenPayment]


class SeenEntry(Struct, frozen=True):
    """In the order of the line."""

    id: UUID
    event_id: UUID
    state: str
    booking_id: UUID | None
    answer_by: datetime | None
    kept_booking_id: UUID | None


class Seen(Struct, frozen=True):
    """`credit`: what each wallet can spend."""

    pools: list[SeenPool]
    credit: dict[UUID, int]
    bookings: list[SeenBooking]
    waiting: list[SeenEntry]

    def booking(self, booking_id: UUID) -> SeenBooking:
        return next(each for each in self.bookings if each.id == booking_id)


async def look(world: World, region_id: int) -> Seen:
    document = await world.value(READ, region_id)
    return msgspec.json.decode(document, type=Seen)
