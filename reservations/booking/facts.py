"""What is known when a batch is decided: read under the locks, in the shape that the database answers.

All of it is of one region.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct, field

from credits.invoice.terms import CustomerTerms
from credits.payments.payment import Payment, Refund, SellerTerms
from credits.till.facts import TillFacts
from credits.wallet.spread import Admission, Purse
from reservations.booking.condition import NOTHING_COUNTED, CountedForConditions
from reservations.booking.counted import GroupUse, PersonalPlaces
from reservations.booking.planned import PendingChange, StoredChange
from reservations.booking.pool import Pool
from reservations.booking.tariff import Tariff
from reservations.booking.turn import TurnFacts
from reservations.enrolment.course import NO_COURSES, CourseFacts
from reservations.seats.facts import Seating
from reservations.seats.plan import seats_in
from reservations.turn_card.turn_card import NO_TURN_CARDS, TurnCardFacts, TurnCardKey
from reservations.waiting_line.entry import WaitingEntry
from uit.identity.person.representation import Representation


class TicketStatus(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    REFUSED = "refused"


class TicketEnd(StrEnum):
    """How a ticket ended."""

    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"
    WITHDRAWN = "withdrawn"
    MOVED_AWAY = "moved_away"
    LAPSED = "lapsed"
    REFUSED = "refused"

    @property
    def status(self) -> TicketStatus:
        """What a ticket is that ended so."""
        match self:
            case TicketEnd.LAPSED:
                return TicketStatus.LAPSED
            case TicketEnd.REFUSED:
                return TicketStatus.REFUSED
            case _:
                return TicketStatus.CANCELLED

    @property
    def extends_credit(self) -> bool:
        """Whether it was no doing of the holder, so that credit that lapsed meanwhile can still be spent."""
        return self in {TicketEnd.CALLED_OFF, TicketEnd.WITHDRAWN, TicketEnd.MOVED_AWAY}


LIVE = frozenset({TicketStatus.HELD, TicketStatus.CONFIRMED})
USED = frozenset({TicketStatus.ATTENDED, TicketStatus.NO_SHOW})
STANDING = LIVE | USED
"""The tickets that have a place; the others have ended."""


class Session(Struct, frozen=True):
    """`moved_at`: when it was last given another time; None when it never was.

    `terms`: by which ways its organiser takes money; None where only credit pays. `is_turn_card`: each of its
    tickets is a card of turns, and no place.
    """

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
    moved_at: datetime | None
    tariffs: tuple[Tariff, ...] | None
    terms: SellerTerms | None = None
    is_turn_card: bool = False

    def tariff(self, code: str) -> Tariff | None:
        for each in self.tariffs or ():
            if each.code == code:
                return each
        return None

    def is_over(self, now: datetime) -> bool:
        """Whether it took place: what is called off, postponed or in doubt did not."""
        return self.status in {"scheduled", "sold_elsewhere"} and self.ends_at <= now

    def may_be_left(self, made_at: datetime, now: datetime) -> bool:
        """Whether who booked at `made_at` may leave freely, whatever the limit for cancelling was.

        The date is not what they booked: it was postponed, nobody knows what becomes of it, or it moved and
        has not begun at its new time.
        """
        if self.status in {"postponed", "suspended"}:
            return True
        return self.moved_at is not None and made_at < self.moved_at and now < self.starts_at


class Holder(Struct, frozen=True):
    """A member as seen by a booking; with `card_id`, reached by that card. `id` is also their wallet's."""

    id: UUID
    card_id: UUID | None
    token_version: int | None
    card_active: bool | None
    active: bool
    ends_on: date | None
    social_until: date | None
    born_on: date | None


class Group(Holder, frozen=True):
    """A group of a partner, as a holder. `tickets_a_year`: so many people at the social tariff in a year."""

    tickets_a_year: int


class Ticket(Struct):
    """`end`, `ended_at` and `returned_cents`, all that came back, say how it ended, if it did.

    `seat`: where they sit, of several people with commas between.
    """

    no: int
    status: TicketStatus
    weight: int = 1
    attended_at: datetime | None = None
    end: TicketEnd | None = None
    ended_at: datetime | None = None
    returned_cents: int = 0
    seat: str | None = None

    @property
    def seats(self) -> tuple[str, ...]:
        return seats_in(self.seat)


MOST_LINE_NO: Final = 99
"""With those that ended: a line has two figures in the number of a ticket."""


class Line(Struct):
    """`price_cents` is for all places of the line together; `credit_cents` is the part that credit pays.

    Both say what was booked and never shrink. `places` counts its tickets. `holder_id` comes, `wallet_id`
    pays; None for a guest. Of one that is new, `is_bound`: it is sold together with lines of other dates;
    `turn_card`: its places take turns of that card.
    """

    no: int
    session_id: UUID
    tariff_code: str
    rank: int
    holder_id: UUID | None
    wallet_id: UUID | None
    card_id: UUID | None
    seller_id: UUID
    places: int
    price_cents: int
    credit_cents: int
    vat_code: str
    pool_ids: tuple[UUID, ...]
    tickets: list[Ticket]
    cancel_fee_cents: int = 0
    mandate_id: UUID | None = None
    is_bound: bool = False
    turn_card: TurnCardKey | None = None

    @property
    def remaining_cents(self) -> int:
        """What credit does not pay."""
        return self.price_cents - self.credit_cents

    @property
    def weight(self) -> int:
        """How many places all its tickets drew."""
        return sum([ticket.weight for ticket in self.tickets])

    @property
    def own_cents(self) -> dict[int, int]:
        """The part of what credit does not pay that is each ticket's own, by its number."""
        return self.shares(self.remaining_cents)

    @property
    def returned_cents(self) -> int:
        return sum(ticket.returned_cents for ticket in self.tickets)

    def shares(self, cents: int) -> dict[int, int]:
        """The part of an amount for the line that is each ticket's, by its number; together all of it."""
        total, shares, sum_so_far, weight = sum(each.weight for each in self.tickets), {}, 0, 0
        for ticket in self.tickets:
            weight += ticket.weight
            upto = cents * weight // total
            shares[ticket.no] = upto - sum_so_far
            sum_so_far = upto
        return shares


class LineCredit(Struct, frozen=True):
    """Credit of one purse that stands for a line: put aside, or with a `settle_id` settled by that transfer.

    `extension_days`: how long it can be spent, at the least, when it comes back by no doing of its holder.
    """

    hold_id: UUID
    line_no: int
    purse_id: UUID
    held_account_id: UUID
    payee_id: UUID
    cents: int
    settle_id: UUID | None
    lapses_at: datetime
    extension_days: int


REPRESENTATIVE: Final = "person/"
"""How the id begins of who made a booking for another: the kind is `holder`, which every version can read."""

GROUP: Final = "group/"
"""How the id begins of a group for which a worker booked: its id, and after a stroke that of the worker."""

PARTNER: Final = "partner/"
"""The same, of what a partner was given to act for somebody: by its id alone, which names no partner."""


class BookingActor(Struct, frozen=True):
    """Who made a booking, as it is stored: a membership, client, link or member of staff by its id.

    Who acted for a member is a `holder` with the id of a person after REPRESENTATIVE, a group after GROUP.
    """

    kind: Literal["holder", "client", "guest", "staff", "worker"]
    id: str

    @property
    def representative_id(self) -> UUID | None:
        """The person who made it for another."""
        is_one = self.kind == "holder" and self.id.startswith(REPRESENTATIVE)
        return UUID(self.id.removeprefix(REPRESENTATIVE)) if is_one else None

    @property
    def group_id(self) -> UUID | None:
        """The group that it was made for."""
        is_one = self.kind == "holder" and self.id.startswith(GROUP)
        return UUID(self.id.split("/")[1]) if is_one else None

    @property
    def given_id(self) -> UUID | None:
        """By what a partner made it for a member."""
        is_one = self.kind == "holder" and self.id.startswith(PARTNER)
        return UUID(self.id.removeprefix(PARTNER)) if is_one else None

    @property
    def worker_id(self) -> UUID | None:
        """The member of staff of a partner who made it for a group."""
        return UUID(self.id.split("/")[2]) if self.group_id else None


class Booking(Struct):
    """A booking as it stands. `digest` binds its id to the method, path and content that made it.

    `lengthened`: its holder took longer to pay, which can be done once. `change` waits to be paid.
    `choose_until`: of its dates that were called off, until when is chosen what becomes of them; known where
    it is read for who looks.
    """

    region_id: int
    id: UUID
    digest: str
    channel: str
    by: BookingActor
    made_at: datetime
    held_until: datetime | None
    lines: list[Line]
    credit: list[LineCredit] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    lengthened: bool = False
    change: PendingChange | None = None
    choose_until: dict[UUID, datetime] = field(default_factory=dict)

    def payment(self, payment_id: UUID) -> Payment | None:
        return next((each for each in self.payments if each.id == payment_id), None)

    @property
    def refunds(self) -> list[Refund]:
        return [refund for payment in self.payments for refund in payment.refunds]

    @property
    def open_payment(self) -> Payment | None:
        """The payment that its places wait for; None when they wait for none."""
        return next((each for each in self.payments if each.is_open), None)

    @property
    def is_offer(self) -> bool:
        """Whether it is held for who waited, and was not answered yet."""
        return self.held_until is not None and self.open_payment is None and self.change is None

    @property
    def price_cents(self) -> int:
        return sum(line.price_cents for line in self.lines)

    @property
    def credit_cents(self) -> int:
        return sum(line.credit_cents for line in self.lines)

    @property
    def returned_cents(self) -> int:
        return sum(line.returned_cents for line in self.lines)

    @property
    def status(self) -> TicketStatus:
        """Derived from its tickets: the liveliest says what it is, but for what is held beside others."""
        present = {ticket.status for line in self.lines for ticket in line.tickets}
        return next(status for status in BY_LIVELINESS if status in present)


BY_LIVELINESS = (
    TicketStatus.CONFIRMED,
    TicketStatus.ATTENDED,
    TicketStatus.NO_SHOW,
    TicketStatus.HELD,
    TicketStatus.CANCELLED,
    TicketStatus.LAPSED,
    TicketStatus.REFUSED,
)


class StoredCancellation(Struct, frozen=True):
    id: UUID
    digest: str


class GivenFor(Representation, frozen=True):
    """A representation of a member of the region, and when that member was born."""

    membership_id: UUID
    born_on: date | None


class Facts(Struct, frozen=True):
    """`elsewhere`: ids of bookings that were asked for here and live in another region.

    `tills` are those of sales; `receipts` and `payments` hold the ids of theirs that are there already.
    `personal` is over all bookings of the holders, in these sessions. `given`: by what those who act for
    another may do so. `groups` are those for which somebody books, `group_use` what counts for their years.
    `conditions`: what is counted for those of tariffs. `changes` were made before under ids that are asked
    for. `waiting`: who stands in the lines of what comes free, in order, or has an offer. `courses`: those of
    the sessions, and what the bookings enrolled for. `turn_cards`: what is sold as cards, and taken of them.
    """

    bookings: list[Booking]
    elsewhere: frozenset[UUID]
    sessions: list[Session]
    pools: list[Pool]
    holders: list[Holder]
    purses: list[Purse]
    admissions: list[Admission]
    cancellations: list[StoredCancellation]
    customers: list[CustomerTerms] = []
    tills: list[TillFacts] = []
    receipts: frozenset[UUID] = frozenset()
    payments: frozenset[UUID] = frozenset()
    personal: list[PersonalPlaces] = []
    given: list[GivenFor] = []
    groups: list[Group] = []
    group_use: list[GroupUse] = []
    conditions: CountedForConditions = NOTHING_COUNTED
    seating: Seating = Seating()
    changes: list[StoredChange] = []
    waiting: list[WaitingEntry] = []
    turns: TurnFacts = TurnFacts()
    courses: CourseFacts = NO_COURSES
    turn_cards: TurnCardFacts = NO_TURN_CARDS
