"""The rows that a batch writes: what its answers mean for every table, for one write."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct, field

from credits.ledger.ledger import HoldRow, ResolutionRow
from credits.wallet.spread import Hold
from reservations.booking.commands import Answer, Booked, Closed, Resized
from reservations.booking.facts import Booking, Key, Line, TicketStatus
from uit.core.ids import Ids
from uit.services.audit import Act


class BookingRow(Struct, frozen=True):
    region_id: int
    key: UUID
    owner: UUID | None
    digest: str
    channel: str
    client_id: str | None
    holder_region_id: int
    holder_id: UUID | None
    booked_by: UUID | None
    card_id: UUID | None
    held_until: datetime | None


class LineRow(Struct, frozen=True):
    region_id: int
    booking_id: UUID
    no: int
    session_id: UUID
    tariff_code: str
    rank: int
    holder_id: UUID | None
    seller_id: UUID
    places: int
    price_cents: int
    credit_cents: int
    vat_code: str
    pool_ids: tuple[UUID, ...]


class TicketRow(Struct, frozen=True):
    region_id: int
    booking_id: UUID
    line_no: int
    no: int
    session_id: UUID
    status: TicketStatus


class ClosedRow(Struct, frozen=True):
    region_id: int
    booking_id: UUID
    line_no: int
    no: int
    was: TicketStatus
    status: TicketStatus


class PoolRow(Struct, frozen=True):
    region_id: int
    id: UUID
    places: int


class CapacityRow(Struct, frozen=True):
    region_id: int
    id: UUID
    capacity: int


class OutboxRow(Struct, frozen=True):
    region_id: int
    topic: str
    key: UUID


class ActRow(Act, frozen=True, kw_only=True):
    """A row of the audit trail."""

    id: UUID


class Effects(Struct):
    """What a batch of answers changes; the order of the fields is the order of `reservations.write`."""

    bookings: list[BookingRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    closed: list[ClosedRow] = field(default_factory=list)
    pools: list[PoolRow] = field(default_factory=list)
    capacities: list[CapacityRow] = field(default_factory=list)
    holds: list[HoldRow] = field(default_factory=list)
    resolutions: list[ResolutionRow] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    acts: list[ActRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.bookings or self.closed or self.capacities)

    def as_json(self) -> Iterator[str | None]:
        """Each list as JSON text, None where it is empty: the writer skips what is not there."""
        for name in self.__struct_fields__:
            rows = getattr(self, name)
            yield msgspec.json.encode(rows).decode() if rows else None


def effects_of(answers: Sequence[Answer], ids: Ids) -> Effects:
    """The rows that make the answers true. Places are summed per pool: one row a pool."""
    rows = Effects()
    places: dict[Key, int] = {}
    for answer in answers:
        match answer:
            case Booked(new=True):
                insert_booking(rows, places, answer, ids)
            case Closed(changes=changes) if changes:
                close_booking(rows, places, answer, ids)
            case Resized(changed=True):
                resize_pool(rows, answer, ids)
            case _:
                continue
    rows.pools = [PoolRow(region_id, pool_id, n) for (region_id, pool_id), n in places.items() if n]
    return rows


def insert_booking(rows: Effects, places: dict[Key, int], answer: Booked, ids: Ids) -> None:
    booking = answer.booking
    rows.bookings.append(
        BookingRow(
            booking.region_id,
            booking.id,
            booking.holder_id,
            booking.digest,
            booking.channel,
            booking.client_id,
            booking.holder_region_id,
            booking.holder_id,
            booking.booked_by,
            booking.card_id,
            booking.held_until,
        )
    )
    for line in booking.lines:
        add_line(rows, booking, line)
        move(places, booking.region_id, line, line.places)
    rows.holds += [held(booking, hold, ids) for hold in answer.holds]
    rows.outbox.append(OutboxRow(booking.region_id, "booking.made", booking.id))


def add_line(rows: Effects, booking: Booking, line: Line) -> None:
    rows.lines.append(
        LineRow(
            booking.region_id,
            booking.id,
            line.no,
            line.session_id,
            line.tariff_code,
            line.rank,
            booking.holder_id,
            line.seller_id,
            line.places,
            line.price_cents,
            line.credit_cents,
            line.vat_code,
            line.pool_ids,
        )
    )
    rows.tickets += [
        TicketRow(booking.region_id, booking.id, line.no, ticket.no, line.session_id, ticket.status)
        for ticket in line.tickets
    ]


def held(booking: Booking, hold: Hold, ids: Ids) -> HoldRow:
    purse, seller_id = hold.purse, booking.lines[hold.line_no - 1].seller_id
    return HoldRow(
        purse.region_id,
        ids.new(),
        purse.id,
        purse.held_account_id,
        hold.cents,
        booking.id,
        hold.line_no,
        seller_id,
    )


def move(places: dict[Key, int], region_id: int, line: Line, count: int) -> None:
    """Add to what every pool that a line draws on gains or, below zero, gives back."""
    for pool_id in line.pool_ids:
        key = region_id, pool_id
        places[key] = places.get(key, 0) + count


def close_booking(rows: Effects, places: dict[Key, int], answer: Closed, ids: Ids) -> None:
    booking = answer.booking
    rows.closed += [
        ClosedRow(booking.region_id, booking.id, change.line_no, change.ticket_no, change.was, change.status)
        for change in answer.changes
    ]
    changed = {(change.line_no, change.ticket_no) for change in answer.changes}
    for line in booking.lines:
        weight = sum(ticket.weight for ticket in line.tickets if (line.no, ticket.no) in changed)
        move(places, booking.region_id, line, -weight)
    rows.resolutions += [
        ResolutionRow.release(booking.holder_region_id, hold.id, hold.amount_cents, ids.new())
        for hold in booking.holds
    ]
    rows.outbox.append(OutboxRow(booking.region_id, "booking.closed", booking.id))


def resize_pool(rows: Effects, answer: Resized, ids: Ids) -> None:
    pool = answer.pool
    rows.capacities.append(CapacityRow(pool.region_id, pool.id, pool.capacity))
    rows.acts.append(
        ActRow(
            id=ids.new(),
            region_id=pool.region_id,
            actor_kind="staff",
            actor_id=str(answer.staff_id),
            act="pool.resize",
            subject_kind="pool",
            subject_id=str(pool.id),
            facts={"capacity": pool.capacity},
        )
    )
