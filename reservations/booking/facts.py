"""What is known when a batch is decided: read under the locks, in the shape that the database answers."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct, field

from credits.wallet.spread import Admission, Purse

Key = tuple[int, UUID]


class TicketStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    REFUSED = "refused"


LIVE = frozenset({TicketStatus.HELD, TicketStatus.CONFIRMED})
USED = frozenset({TicketStatus.ATTENDED, TicketStatus.NO_SHOW})


class Pool(Struct):
    """Places that are counted. `held` is set apart for channels. Changes while a batch is decided."""

    region_id: int
    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.taken - self.held)


class Tariff(Struct, frozen=True):
    code: str
    price_cents: int
    eligibility: str
    age_from: int | None
    age_to: int | None
    pool_ids: tuple[UUID, ...]
    rank: int
    vat_code: str

    @property
    def is_for_all(self) -> bool:
        """Every member may have it, whatever their age."""
        return self.eligibility != "social" and self.age_from is None and self.age_to is None


class Session(Struct, frozen=True):
    region_id: int
    id: UUID
    organiser_id: UUID
    domain: str
    attendance: str
    status: str
    starts_at: datetime
    ends_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime
    cancel_until: datetime
    pool_ids: tuple[UUID, ...]
    tariffs: tuple[Tariff, ...] | None

    def tariff(self, code: str) -> Tariff | None:
        for each in self.tariffs or ():
            if each.code == code:
                return each
        return None


class Holder(Struct, frozen=True):
    """A member as seen by a booking; with `card_id`, reached by that card. `id` is also their wallet's."""

    region_id: int
    id: UUID
    card_id: UUID | None
    token_version: int | None
    card_active: bool | None
    active: bool
    ends_on: date | None
    social_until: date | None
    born_on: date | None


class Ticket(Struct):
    no: int
    status: TicketStatus
    weight: int = 1
    attended_at: datetime | None = None


class Line(Struct):
    """`price_cents` is for all places of the line together; `credit_cents` is the part that credit pays."""

    no: int
    session_id: UUID
    tariff_code: str
    rank: int
    seller_id: UUID
    places: int
    price_cents: int
    credit_cents: int
    vat_code: str
    pool_ids: tuple[UUID, ...]
    tickets: list[Ticket]


class OpenHold(Struct, frozen=True):
    """Credit put aside for a line and not yet resolved."""

    id: UUID
    line_no: int
    purse_id: UUID
    amount_cents: int
    payee_id: UUID


class Booking(Struct):
    """A booking as it stands. `digest` binds its id to the method, path and content that made it."""

    region_id: int
    id: UUID
    digest: str
    channel: str
    client_id: str | None
    holder_region_id: int
    holder_id: UUID | None
    card_id: UUID | None
    made_at: datetime
    held_until: datetime | None
    lines: list[Line]
    holds: list[OpenHold] = field(default_factory=list)
    booked_by: UUID | None = None

    @property
    def price_cents(self) -> int:
        return sum(line.price_cents for line in self.lines)

    @property
    def credit_cents(self) -> int:
        return sum(line.credit_cents for line in self.lines)

    @property
    def status(self) -> TicketStatus:
        """Derived from its tickets: the liveliest says what the booking is."""
        present = {ticket.status for line in self.lines for ticket in line.tickets}
        return next(status for status in BY_LIVELINESS if status in present)


BY_LIVELINESS = (
    TicketStatus.HELD,
    TicketStatus.CONFIRMED,
    TicketStatus.ATTENDED,
    TicketStatus.NO_SHOW,
    TicketStatus.CANCELLED,
    TicketStatus.LAPSED,
    TicketStatus.REFUSED,
)


class Facts(Struct, frozen=True):
    bookings: list[Booking]
    sessions: list[Session]
    pools: list[Pool]
    holders: list[Holder]
    purses: list[Purse]
    admissions: list[Admission]
