"""What is written down of a town on paper: bookings with lines and tickets, payments, and who waits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from reservations.booking.actor import Actor

STANDS = {"held", "confirmed"}
WAITS = {"waiting", "offered"}


@dataclass
class Ticket:
    """`credit` and `card` are what paid for it, or will."""

    no: int
    weight: int
    credit: int = 0
    card: int = 0
    status: str = "confirmed"
    ending: str | None = None
    seat: str | None = None

    @property
    def stands(self) -> bool:
        return self.status in STANDS


@dataclass
class Line:
    """Tickets of `cents` each, for one holder or a guest."""

    no: int
    session_id: UUID
    organiser_id: UUID
    tariff: str
    cents: int
    holder_id: UUID | None
    pool_ids: tuple[UUID, ...]
    tickets: list[Ticket]
    fee_cents: int = 0

    def money_back(self, ticket: Ticket, ending: str) -> int:
        """What comes back of what a card paid for a ticket; of what is given up the fee stays."""
        return max(0, ticket.card - self.fee_cents) if ending == "given_up" else ticket.card

    @property
    def standing(self) -> list[Ticket]:
        return [each for each in self.tickets if each.stands]

    @property
    def price_cents(self) -> int:
        return self.cents * len(self.tickets)

    @property
    def credit_cents(self) -> int:
        return sum(each.credit for each in self.tickets)

    def pay(self, credit_cents: int) -> None:
        """Credit pays so much of it, and a card the rest: each ticket its share."""
        for cents, name in ((credit_cents, "credit"), (self.price_cents - credit_cents, "card")):
            for ticket, share in zip(self.tickets, shares(cents, self.tickets), strict=True):
                setattr(ticket, name, share)


def shares(cents: int, tickets: Sequence[Ticket]) -> Iterator[int]:
    """By weight, rounded so that those up to each ticket together are rounded down."""
    weights = [each.weight for each in tickets]
    upto = [cents * sum(weights[:count]) // sum(weights) for count in range(len(weights) + 1)]
    return (after - before for before, after in pairwise(upto))


@dataclass
class Payment:
    id: UUID
    cents: int
    status: str = "pending"
    back_cents: int = 0
    is_opened: bool = False


@dataclass
class Pending:
    """A change that waits to be paid: the tickets that then end, and what stays of what they cost."""

    ends: list[tuple[Ticket, str]]
    new: list[Line]
    back_cents: int
    moved_cents: int


@dataclass
class Booking:
    id: UUID
    by: Actor
    channel: str
    made_at: datetime
    lines: list[Line]
    held_until: datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    change: Pending | None = None
    lengthened: bool = False

    @property
    def tickets(self) -> list[tuple[Line, Ticket]]:
        return [(line, ticket) for line in self.lines for ticket in line.tickets]

    @property
    def standing(self) -> list[tuple[Line, Ticket]]:
        return [each for each in self.tickets if each[1].stands]

    @property
    def held(self) -> list[tuple[Line, Ticket]]:
        return [each for each in self.tickets if each[1].status == "held"]

    @property
    def open_payment(self) -> Payment | None:
        return next((each for each in self.payments if each.status == "pending"), None)

    @property
    def paid_cents(self) -> int:
        """What came in by card, less what goes back."""
        return sum(each.cents - each.back_cents for each in self.payments if each.status == "paid")


@dataclass
class Entry:
    """Somebody in a line, for one of some dates. `kept` is a booking of nobody that keeps places for them."""

    id: UUID
    who: UUID | str
    event_id: UUID
    session_ids: tuple[UUID, ...]
    tariff: str
    places: int
    channel: str
    state: str = "waiting"
    offer_id: UUID | None = None
    kept: Booking | None = None


@dataclass(frozen=True)
class Wanted:
    """A line that is asked for; `seats` are chosen, or the best are good."""

    session_id: UUID
    tariff: str
    places: int
    holder_id: UUID | None
    seats: tuple[str, ...] = ()
