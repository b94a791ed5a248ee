"""Small regions and batches of commands for hypothesis: what is simple comes first, so that failures shrink.

A command passes a dozen checks before it gets a place, so what is odd is rare, and most of the time goes into
deciding. Strategies are made once: to make one takes longer than to draw from it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import combinations
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from credits.payments.payment import (
    Payment,
    PaymentMeans,
    PaymentStatus,
    Refund,
    RefundStatus,
    SellerTerms,
)
from credits.till.facts import TillFacts
from credits.till.sale import Sale, Tender
from credits.wallet.spread import Admission, Purse
from reservations.booking.actor import (
    Actor,
    ByClient,
    ByGuest,
    ByHolder,
    ByRepresentative,
    ByStaff,
    ByWorker,
    CardProof,
    HolderProof,
    MembershipProof,
)
from reservations.booking.commands import (
    Book,
    CallOff,
    CancellationKey,
    ChosenTickets,
    Command,
    Expire,
    GiveUp,
    GuestContact,
    Lengthen,
    Pay,
    PayAtDesk,
    PayWith,
    RequestedLine,
    Resize,
    StopPayment,
)
from reservations.booking.counted import PersonalPlaces
from reservations.booking.facts import (
    Booking,
    BookingActor,
    Facts,
    GivenFor,
    Holder,
    Line,
    LineCredit,
    Session,
    StoredCancellation,
    Ticket,
    TicketEnd,
    TicketStatus,
)
from reservations.booking.pool import Allotment, Pool
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model import drawn
from tests.reservations.booking.model_ending import costs
from tests.reservations.booking.model_paying import (
    HAS_A_PLACE,
    WAYS,
    asked,
    counts,
    counts_since,
    fee,
    kept,
    own,
)

# Half past midnight in Brussels: there it is already the third of March.
NOW = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
NEAR = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1)]
BEFORE, SOON, LATE = NOW - timedelta(days=1), NOW + timedelta(days=3), NOW + timedelta(days=9)
DAYS = [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]
LATER = date(2026, 6, 1)
BIRTHS = [None, date(1990, 5, 17), date(2008, 3, 5), date(2008, 3, 6), date(2014, 3, 6), date(2008, 2, 29)]
STATUSES = [*["scheduled"] * 4, *["cancelled"] * 3, "postponed", "suspended", "sold_elsewhere", "scheduled"]
STORED_DIGEST, OTHER_DIGEST = "ab" * 16, "cd" * 16
TARIFFS = ("base", "social", "young")


def known(kind: int, *numbers: int) -> list[UUID]:
    return [UUID(int=kind << 64 | number) for number in numbers]


UNKNOWN = UUID(int=0)
ORGANISERS, PROGRAMMES, MEMBERS = known(1, 1, 2), known(2, 1, 2), known(3, 1, 2)
STRANGER = UUID(int=3 << 64 | 9)
"""Somebody who has lines in bookings, and of whom no command of the batch reads the wallet."""
CARDS, SESSIONS, POOLS, PURSES = known(4, 1, 2, 3), known(5, 1, 2, 3), known(6, 1, 2, 3), known(7, 1, 2, 3, 4)
STAFF, ALLOTMENT = UUID(int=8), UUID(int=18)
STORED, NEW, CANCELLATIONS = known(9, 1, 2, 3), known(10, 1, 2, 3, 4), known(11, 1, 2)
CUSTOMERS = known(15, 1, 2)
PAYMENTS, MANDATE, SALE = known(12, 1, 2, 3), UUID(int=13), UUID(int=14)
TILLS = dict(zip(ORGANISERS, known(16, 1, 2), strict=True))
CLIENT = ByClient("kassa", frozenset(ORGANISERS))
MOTHER = UUID(int=17)
"""Who acts for members; with a pass of her own she is the second."""
FOR_BOTH = ByRepresentative(MOTHER, tuple(MEMBERS))
WITH_ONE = ByRepresentative(MOTHER, (MEMBERS[0],), MEMBERS[1])
ACTORS: list[Actor] = [
    ByHolder(MEMBERS[0]), CLIENT, ByHolder(MEMBERS[1]), ByGuest(str(STORED[0])), ByStaff(STAFF), ByWorker(),
    ByHolder(STRANGER), ByClient("another", frozenset(ORGANISERS)), ByGuest(str(STRANGER)),
    FOR_BOTH, WITH_ONE,
]  # fmt: skip
MAKERS = [
    BookingActor("client", "kassa"), BookingActor("holder", str(MEMBERS[0])),
    BookingActor("guest", str(STORED[0])), BookingActor("staff", str(STAFF)), FOR_BOTH.as_stored(),
]  # fmt: skip
ENDED = {
    TicketEnd.GIVEN_UP: TicketStatus.CANCELLED,
    TicketEnd.CALLED_OFF: TicketStatus.CANCELLED,
    TicketEnd.LAPSED: TicketStatus.LAPSED,
    TicketEnd.REFUSED: TicketStatus.REFUSED,
}

Face = TypeVar("Face")
Draw = st.DrawFn


@lru_cache(maxsize=None, typed=True)
def choice(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@lru_cache(maxsize=None, typed=True)
def rarely(usual: Any, *odd: Any) -> st.SearchStrategy[Any]:
    """One in thirty is odd. It stands in the middle, since hypothesis likes the first and the last."""
    return choice(*[usual] * (15 * len(odd)), *odd, *[usual] * (14 * len(odd)))


@lru_cache(maxsize=None, typed=True)
def mostly(usual: Any, *odd: Any) -> st.SearchStrategy[Any]:
    """One in four is odd."""
    return choice(*[usual] * (2 * len(odd)), *odd, *[usual] * len(odd))


@cache
def number(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@cache
def subsets(values: tuple[Face, ...], least: int = 0) -> list[tuple[Face, ...]]:
    return [each for size in range(least, len(values) + 1) for each in combinations(values, size)]


def pick(draw: Draw, values: Sequence[Face]) -> Face:
    """One of what was drawn before."""
    return values[draw(number(0, len(values) - 1))]


def some(draw: Draw, values: Sequence[Face], least: int = 0) -> tuple[Face, ...]:
    return pick(draw, subsets(tuple(values), least))


EITHER = st.booleans()
MOSTLY_TRUE = mostly(True, False)  # noqa: FBT003
USUALLY_TRUE = st.sampled_from([*[True] * 15, False, *[True] * 14])


# What a region has


@cache
@st.composite
def session(draw: Draw, session_id: UUID) -> Session:
    pool_ids = some(draw, POOLS, least=1)
    return Session(
        id=session_id,
        organiser_id=draw(choice(*ORGANISERS)),
        domain=draw(choice("culture", "sport")),
        attendance="offline",
        status=draw(choice(*STATUSES)),
        starts_at=draw(mostly(SOON, *NEAR)),
        ends_at=draw(mostly(SOON + timedelta(hours=2), NOW)),
        sale_opens_at=draw(rarely(None, *NEAR)),
        sale_closes_at=draw(rarely(SOON, *NEAR)),
        cancel_until=draw(choice(SOON, SOON, SOON, *NEAR)),
        pool_ids=pool_ids,
        moved_at=draw(mostly(None, BEFORE, BEFORE + timedelta(hours=1), BEFORE - timedelta(hours=1))),
        tariffs=tuple(tariff(draw, code, pool_ids) for code in draw(rarely(TARIFFS, ()))) or None,
    )


def tariff(draw: Draw, code: str, pool_ids: Sequence[UUID]) -> Tariff:
    eligibility = "social" if code == "social" else draw(choice("anyone", "member"))
    age_from, age_to = draw(choice((12, 18), (18, None), (None, 17))) if code == "young" else (None, None)
    born = (
        draw(mostly((None, None), (date(2010, 1, 1), None), (None, BIRTHS[0])))
        if code == "young"
        else (None, None)
    )
    weight, least = draw(mostly(1, 2, 3)), draw(rarely(1, 2))
    price_cents = draw(PRICES)
    return Tariff(
        code,
        price_cents,
        eligibility,
        age_from,
        age_to,
        some(draw, pool_ids, least=1),
        0,
        "exempt",
        weight,
        least,
        *born,
    )


PRICES = st.one_of(number(0, 4), number(0, 4), choice(17, 25, 49, 50, 51))
"""Small enough to be paid with credit, or about what a card takes at least."""
SELLERS = {
    ORGANISERS[0]: [
        None,
        SellerTerms(ORGANISERS[0], None, "acct_1", card=True, desk_hours=48, invoices=True),
        SellerTerms(ORGANISERS[0], None, "", card=True, desk_hours=48, invoices=True, cancel_fee_cents=2),
        SellerTerms(ORGANISERS[0], None, "acct_1", card=False, desk_hours=1, cancel_fee_cents=1),
    ],
    ORGANISERS[1]: [
        None,
        SellerTerms(ORGANISERS[0], MANDATE, "acct_1", card=True, desk_hours=72, invoices=True),
        SellerTerms(
            ORGANISERS[0], MANDATE, "acct_1", card=True, desk_hours=72, invoices=True, mandate_ends_on=DAYS[0]
        ),
        SellerTerms(
            ORGANISERS[0], MANDATE, "acct_1", card=True, desk_hours=72, invoices=True, mandate_ends_on=DAYS[1]
        ),
        SellerTerms(ORGANISERS[1], None, "acct_2", card=True, desk_before_minutes=4320, invoices=True),
        SellerTerms(ORGANISERS[1], None, None, card=False, desk_hours=96, desk_before_minutes=0),
    ],
}
"""By which ways an organiser takes money; the second may be sold by the first, under a mandate."""


@cache
@st.composite
def reached(draw: Draw, membership_id: UUID, *card_ids: UUID) -> list[Holder]:
    """A member as reached directly, and by each of their cards."""
    active, ends_on = draw(USUALLY_TRUE), draw(rarely(None, *DAYS, LATER))
    social_until = draw(choice(LATER, LATER, date(2026, 3, 6), date(2026, 3, 5), None))
    born_on = draw(choice(*BIRTHS))
    ways = [(None, None, None), *((each, draw(rarely(1, 2)), draw(USUALLY_TRUE)) for each in card_ids)]
    return [Holder(membership_id, *way, active, ends_on, social_until, born_on) for way in ways]


@cache
@st.composite
def purse(draw: Draw, purse_id: UUID) -> Purse:
    return Purse(
        id=purse_id,
        held_account_id=UUID(int=purse_id.int + 1000),
        wallet_id=draw(choice(*MEMBERS)),
        programme_id=draw(choice(*PROGRAMMES)),
        available_cents=draw(choice(*range(13), 40, 60)),
        lapses_at=draw(choice(SOON, LATE, SOON, LATE, BEFORE, *NEAR, LATE, SOON)),
        domains=frozenset(draw(choice((), (), (), ("culture",), ("sport",)))),
        attendance=frozenset(draw(rarely((), ("offline",), ("online",)))),
        ceiling_cents=draw(choice(None, None, 1, 3, 6, None, None)),
    )


@cache
@st.composite
def customer(draw: Draw, customer_id: UUID) -> CustomerTerms:
    """Mostly of the first seller, with an agreement that goes on."""
    return CustomerTerms(
        id=customer_id,
        seller_id=draw(mostly(ORGANISERS[0], ORGANISERS[1])),
        term_days=draw(choice(1, 30, 60)),
        limit_cents=draw(mostly(1000, 3, 20, 60)),
        starts_on=draw(rarely(DAYS[0], *DAYS)),
        ends_on=draw(rarely(None, *DAYS)),
        open_cents=draw(mostly(0, 2, 17)),
    )


def sale_facts(draw: Draw) -> dict[str, Any]:
    """A till of each organiser, mostly at work, and now and then what a sale would write anew."""
    new = UUID(int=NEW[0].int + 100), UUID(int=STORED[0].int + 200)
    return {
        "tills": [
            TillFacts(
                till_id,
                "Inkom",
                draw(rarely(seller_id, *ORGANISERS)),
                draw(rarely(STAFF, MEMBERS[0])),
                *draw(rarely((False, False), (True, False), (True, True))),
            )
            for seller_id, till_id in TILLS.items()
        ],
        "receipts": frozenset(draw(rarely((), (SALE,)))),
        "payments": frozenset(draw(rarely((), new))),
    }


@st.composite
def given_to_mother(draw: Draw) -> list[GivenFor]:
    """What she may do for each member: mostly all, as their parent or since they trust her."""
    return [
        GivenFor(
            id=UUID(int=MOTHER.int + no),
            kind=draw(mostly("parental", "trusted")),
            person_id=UUID(int=MOTHER.int + 10 * no),
            representative_id=MOTHER,
            powers=list(draw(mostly(("see", "book", "pay"), ("book",), ("see",), ("book", "pay")))),
            limit_cents=draw(mostly(None, 1, 5, 17)),
            starts_on=DAYS[0],
            ends_on=None,
            is_revoked=False,
            is_accepted=draw(USUALLY_TRUE),
            checked_on=None,
            shares_titles=False,
            membership_id=membership_id,
            born_on=draw(choice(*BIRTHS)),
        )
        for no, membership_id in enumerate(MEMBERS, start=1)
        if draw(USUALLY_TRUE)
    ]


@cache
@st.composite
def admissions(draw: Draw) -> list[Admission]:
    pairs = [(programme, organiser) for programme in PROGRAMMES for organiser in ORGANISERS]
    gone = draw(mostly(None, *pairs))
    return [
        Admission(*pair, draw(rarely(DAYS[0], *DAYS)), draw(rarely(None, *DAYS)))
        for pair in pairs
        if pair != gone
    ]


def pool(draw: Draw, pool_id: UUID, bookings: Sequence[Booking]) -> Pool:
    """With at least what the stored bookings took."""
    taken, held = drawn(pool_id, bookings) + draw(number(0, 2)), draw(number(0, 1))
    licensed = taken + held + draw(number(3, 14))
    cap = draw(rarely(None, 0, 2, 5, 9))
    return Pool(pool_id, licensed, max(0, licensed - draw(number(0, 3))), taken, held, cap=cap)


def with_allotment(draw: Draw, facts: Facts) -> Facts:
    """At times, places of a pool of the first session that are set apart for the channel of all who book."""
    places = draw(mostly(0, 1, 3, 6))
    if not places:
        return facts
    first, *others = facts.sessions
    room = next(each for each in facts.pools if each.id in first.pool_ids)
    allotment = Allotment(room.id, draw(mostly("api", "page")), draw(choice(None, "kassa", "another")))
    made = Pool(ALLOTMENT, 99, places, draw(number(0, 1)), 0, "allotment", None, allotment)
    room.held += made.set_apart
    room.licensed_capacity += made.set_apart
    first = replace(first, pool_ids=(*first.pool_ids, ALLOTMENT))
    return replace(facts, sessions=[first, *others], pools=[*facts.pools, made])


# Stored bookings


def personal(bookings: Sequence[Booking]) -> list[PersonalPlaces]:
    """What the holders of these bookings have by them at social tariffs."""
    found = [
        PersonalPlaces(line.session_id, line.holder_id, booking.id, line.no, standing)
        for booking in bookings
        for line in booking.lines
        if line.tariff_code == "social" and line.holder_id
        for standing in [sum(ticket.status in HAS_A_PLACE for ticket in line.tickets)]
    ]
    return [each for each in found if each.places]


@st.composite
def personal_elsewhere(draw: Draw, sessions: Sequence[Session]) -> list[PersonalPlaces]:
    """Rarely, what somebody has by a booking that no command is about."""
    return [
        PersonalPlaces(pick(draw, sessions).id, draw(choice(*MEMBERS)), UNKNOWN, 1, 1)
        for _ in draw(rarely("", "1"))
    ]


def stored_booking(
    draw: Draw,
    booking_id: UUID,
    sessions: Sequence[Session],
    purses: Sequence[Purse],
    parties: st.SearchStrategy[list[Any]],
) -> Booking:
    """A booking that waits or stands, given up or used in part, with the credit that stands for each line."""
    made = Booking(1, booking_id, STORED_DIGEST, "api", draw(choice(*MAKERS)), BEFORE, None, [])
    for no in range(1, draw(number(1, 2)) + 1):
        line = stored_line(draw, no, pick(draw, sessions), parties)
        own = [each for each in purses if each.wallet_id == line.wallet_id]
        made.lines.append(line)
        made.credit += standing(draw, booking_id, line, own or [outside(line.wallet_id)])
    if any(ticket.status == "held" for line in made.lines for ticket in line.tickets):
        made.held_until = draw(choice(*NEAR, NEAR[-1]))
        made.lengthened = draw(rarely(False, True))  # noqa: FBT003
    if any(line.price_cents > line.credit_cents for line in made.lines):
        payment = stored_payment(draw, made, PAYMENTS[STORED.index(booking_id)])
        made.payments = [*on_a_page_before(draw, made, payment), payment]
    return made


def stored_line(draw: Draw, no: int, where: Session, parties: st.SearchStrategy[list[Any]]) -> Line:
    """A line whose ended tickets gave back their credit.

    It may be in other pools than its session now, and cost something else; what credit does not pay is money.
    """
    pool_ids = draw(mostly(where.pool_ids, tuple(POOLS), tuple(POOLS[:1])))
    holder_id = draw(choice(*MEMBERS, *MEMBERS, STRANGER, None))
    wallet_id = draw(mostly(holder_id, MEMBERS[0], None)) if holder_id else None
    tickets = stored_tickets(draw, parties)
    cents = draw(number(0, 12)) if wallet_id else 0
    price_cents = cents + draw(choice(0, 0, 5, 7, 50))
    base = where.tariff("base")
    if base and draw(MOSTLY_TRUE):
        price_cents = base.price_cents * len(tickets)
        cents = min(cents, price_cents)
    code = draw(mostly("base", "social"))
    line = Line(
        no, where.id, code, 0, holder_id, wallet_id, None, where.organiser_id, len(tickets),
        price_cents, cents, "exempt", pool_ids, tickets, draw(choice(2, 60, 0, 9, 1, 60)),
    )  # fmt: skip
    for ticket in tickets:
        ticket.returned_cents = costs(line)[ticket.no] if ticket.end else 0
    return line


def stored_tickets(draw: Draw, parties: st.SearchStrategy[list[Any]]) -> list[Ticket]:
    tickets = []
    for no, (face, weight) in enumerate(draw(parties), start=1):
        end = face if isinstance(face, TicketEnd) else None
        status = ENDED[face] if isinstance(face, TicketEnd) else face
        attended_at = BEFORE if status == "attended" else None
        ended_at = draw(choice(*ENDED_AT)) if end else None
        tickets.append(Ticket(no, status, weight, attended_at, end, ended_at))
    return tickets


PAID_AT = BEFORE + timedelta(hours=2)
ENDED_AT = [PAID_AT - timedelta(hours=1), PAID_AT + timedelta(hours=1)]


def party(usual: TicketStatus, *used: TicketStatus) -> st.SearchStrategy[list[Any]]:
    """One to three tickets: mostly the usual, some used, some that ended before."""
    return st.lists(st.tuples(choice(*[usual] * 8, *ENDED, *used), rarely(1, 2, 3)), min_size=1, max_size=3)


WAITING_PARTY = party(TicketStatus.HELD)
PARTY = party(TicketStatus.CONFIRMED, *[TicketStatus.ATTENDED] * 2, *[TicketStatus.NO_SHOW] * 2)


def stored_payment(draw: Draw, booking: Booking, payment_id: UUID) -> Payment:
    """What credit does not pay: open where tickets wait for it, and otherwise as it may have ended."""
    cents = tuple(line.price_cents - line.credit_cents for line in booking.lines)
    means = draw(choice(*PaymentMeans))
    payment = Payment(
        payment_id, ORGANISERS[0], None, means, PaymentStatus.PENDING, sum(cents), cents,
        "acct_1" if means == "card" else None, BEFORE,
    )  # fmt: skip
    statuses = {ticket.status for line in booking.lines for ticket in line.tickets}
    if means == "card" and draw(USUALLY_TRUE):
        payment.opened_at = BEFORE
    if "held" not in statuses:
        all_ended = statuses.isdisjoint(HAS_A_PLACE)
        ways_to_end = OWED if means == "invoice" else NEVER_PAID if all_ended else ONCE_PAID
        payment.status = draw(choice(*ways_to_end))
    if payment.status in {"paid", "refunded"}:
        payment.paid_at = PAID_AT
        payment.line_cents = came_in(booking, payment)
        payment.amount_cents = sum(payment.line_cents)
    if counts(payment):
        refund_what_ended(draw, booking, payment)
    return payment


def on_a_page_before(draw: Draw, booking: Booking, payment: Payment) -> list[Payment]:
    """Who paid at a desk may have had a page open before, that was closed then."""
    if payment.means != "desk" or payment.paid_at is None or draw(EITHER):
        return []
    cents = tuple(line.price_cents - line.credit_cents for line in booking.lines)
    page = Payment(
        UUID(int=payment.id.int + 100), ORGANISERS[0], None, PaymentMeans.CARD, PaymentStatus.EXPIRED,
        sum(cents), cents, "acct_1", BEFORE, opened_at=BEFORE,
    )  # fmt: skip
    return [page]


NEVER_PAID = [PaymentStatus.EXPIRED, PaymentStatus.EXPIRED, PaymentStatus.FAILED, PaymentStatus.PAID]
OWED = [PaymentStatus.PENDING, PaymentStatus.PENDING, PaymentStatus.PAID, PaymentStatus.REFUNDED]
ONCE_PAID = [*[PaymentStatus.PAID] * 5, PaymentStatus.REFUNDED]


def came_in(booking: Booking, payment: Payment) -> tuple[int, ...]:
    """At a desk for the tickets that had not ended by then."""
    if payment.means != "desk":
        return payment.line_cents
    return tuple(
        sum(own(line)[each.no] for each in line.tickets if not each.ended_at or each.ended_at > PAID_AT)
        for line in booking.lines
    )


def refund_what_ended(draw: Draw, booking: Booking, payment: Payment) -> None:
    """What came in and is not kept went back, or is on its way."""
    since = counts_since(payment)
    for line in booking.lines:
        cents = payment.line_cents[line.no - 1] - kept(line, since)
        if cents:
            refund_id = UUID(int=payment.id.int << 8 | line.no)
            status = draw(choice(*RefundStatus))
            way = WAYS[payment.means]
            refund = Refund(refund_id, line.no, cents, way, status, "given_up", None, ENDED_AT[1])
            payment.refunds = (*payment.refunds, refund)
        for ticket in line.tickets:
            late = payment.means == "desk" and ticket.ended_at == ENDED_AT[0]
            if ticket.ended_at and not late:
                kept_of_it = fee(line, ticket) if since and ticket.ended_at > since else 0
                ticket.returned_cents += own(line)[ticket.no] - kept_of_it


def standing(draw: Draw, booking_id: UUID, line: Line, purses: Sequence[Purse]) -> list[LineCredit]:
    """The credit that stands for a line, in one or two parts, each put aside or settled.

    When it was settled, part of it may have been released for who did not come.
    """
    cost = costs(line)
    cents = sum(cost[each.no] for each in line.tickets if each.status in HAS_A_PLACE)
    released = draw(number(0, sum(cost[each.no] for each in line.tickets if each.status == "no_show")))
    second = draw(number(0, cents - released))
    parts = []
    for n, part in enumerate([cents - released - second, second]):
        if part:
            paid_by, settled = pick(draw, purses), bool(released) or draw(EITHER)
            parts.append(line_credit(booking_id, line, n, paid_by, part, settled=settled))
    return parts


def outside(wallet_id: UUID | None) -> Purse:
    """A purse that no command of the batch can spend from."""
    purse_id = UUID(int=7 << 64 | (STRANGER if wallet_id is None else wallet_id).int & 0xFF | 16)
    return Purse(
        purse_id, UUID(int=purse_id.int + 1000), wallet_id or STRANGER, PROGRAMMES[0], 0, BEFORE,
        frozenset(), frozenset(), None,
    )  # fmt: skip


def line_credit(
    booking_id: UUID, line: Line, n: int, paid_by: Purse, cents: int, *, settled: bool
) -> LineCredit:
    """Each purse has its own term for what comes back: none, shorter than it has left, or longer."""
    hold_id = UUID(int=booking_id.int << 8 | line.no << 4 | n)
    return LineCredit(
        hold_id, line.no, paid_by.id, paid_by.held_account_id, line.seller_id, cents,
        UUID(int=hold_id.int << 1) if settled else None, paid_by.lapses_at, (90, 2, 0)[paid_by.id.int % 3],
    )  # fmt: skip


# Commands


def command(draw: Draw, facts: Facts, subject: UUID) -> Command:
    """Mostly what the subject is there for: a pool to be resized, a new id to be booked, a booking to end."""
    if subject in POOLS:
        pool_id = draw(rarely(subject, UNKNOWN))
        within = [each.id for each in facts.sessions if subject in each.pool_ids] * 5
        return Resize(1, pick(draw, [*within, session_id(draw, facts)]), pool_id, draw(number(0, 20)), STAFF)
    booking = next((each for each in facts.bookings if each.id == subject), None)
    of_booking = VERBS_OF_A_PAYMENT if booking and booking.payments else VERBS_OF_A_BOOKING
    return pick(draw, of_booking if booking else VERBS_OF_A_NEW_ID)(draw, facts, subject)


def session_id(draw: Draw, facts: Facts) -> UUID:
    """Mostly one that is on sale."""
    found = [each.id for each in facts.sessions]
    usual = [each.id for each in facts.sessions if each.status == "scheduled"] * 10
    return pick(draw, [*usual, *found, UNKNOWN, *found, *usual])


def book(draw: Draw, facts: Facts, booking_id: UUID) -> Book:
    lines = tuple(requested_line(draw, facts) for _ in draw(choice("1", "1", "12", "123")))
    by = draw(BOOKERS)
    return Book(
        region_id=1,
        booking_id=booking_id,
        digest=draw(choice(STORED_DIGEST, STORED_DIGEST, OTHER_DIGEST)),
        by=by,
        lines=for_members(draw, lines) if isinstance(by, ByRepresentative) else lines,
        channel="api",
        price_seen_cents=draw(rarely(None, *range(8))),
        remaining_seen_cents=draw(rarely(None, *range(8))),
        held_until=draw(mostly(None, None, SOON)),
        pay_with=draw(choice(PayWith.CREDIT, *PayWith, PayWith.CREDIT_THEN_CARD)),
        payment_id=draw(mostly(UUID(int=booking_id.int + 100), None)),
        return_url=draw(mostly(None, "https://kassa.example/terug")),
        guest=draw(mostly(None, GUEST)),
        invoice_customer_id=draw(rarely(draw(choice(*CUSTOMERS)), None, UNKNOWN)),
        invoice_reference=draw(mostly(None, "Uitstap 3B")),
    )


BOOKERS = mostly(
    CLIENT, CLIENT, CLIENT, FOR_BOTH, WITH_ONE, FOR_BOTH, ByHolder(MEMBERS[0]), ByStaff(STAFF),
    ByClient("kassa", frozenset(ORGANISERS[:1])),
)  # fmt: skip


def for_members(draw: Draw, lines: tuple[RequestedLine, ...]) -> tuple[RequestedLine, ...]:
    """Lines for whom somebody acts; rarely one for a stranger or for nobody."""
    whom = [MembershipProof(draw(rarely(draw(choice(*MEMBERS)), UNKNOWN))) for _ in lines]
    return tuple(
        replace(line, holder=draw(rarely(proof, None))) for line, proof in zip(lines, whom, strict=True)
    )


GUEST = GuestContact("Noor", "noor@example.org")


def requested_line(draw: Draw, facts: Facts) -> RequestedLine:
    code = draw(rarely(draw(choice("base", "base", "base", *TARIFFS, "base", "base")), "gone"))
    places = draw(rarely(1, 2)) if code == "social" else draw(number(1, 3))
    return RequestedLine(session_id(draw, facts), code, places, draw(PROOFS) if draw(MOSTLY_TRUE) else None)


HOLDERS: list[HolderProof] = [*map(MembershipProof, MEMBERS), *(CardProof(each, 1) for each in CARDS)]
PROOFS: st.SearchStrategy[HolderProof] = st.sampled_from([
    *HOLDERS * 9, MembershipProof(UNKNOWN), CardProof(UNKNOWN, 1), CardProof(CARDS[0], 2), *HOLDERS * 9
])  # fmt: skip
KEYS = [
    *(CancellationKey(each, STORED_DIGEST) for each in CANCELLATIONS),
    CancellationKey(CANCELLATIONS[0], OTHER_DIGEST),
]


def give_up(draw: Draw, facts: Facts, booking_id: UUID) -> GiveUp:
    booking = next((each for each in facts.bookings if each.id == booking_id), None)
    usual = actors_of(booking) * 2 if booking else []
    by = pick(draw, [*usual, *ACTORS, *usual])
    return GiveUp(1, booking_id, by, draw(CHOSEN), draw(choice(None, None, None, *KEYS)))


def actors_of(booking: Booking) -> list[Actor]:
    """Who may give up something of it."""
    makers = [each for each in ACTORS if each.as_stored() == booking.by]
    holders: list[Actor] = [ByHolder(line.holder_id) for line in booking.lines if line.holder_id]
    return [*makers, *holders, *makers, ByStaff(STAFF), ByStaff(STAFF, by_rules=True)]


TICKET_NOS = st.lists(choice(1, 1, 1, 2, 2, 3, 4, 1), max_size=2).map(tuple)
ONE_TICKET = st.builds(lambda no: (ChosenTickets(1, (no,)),), choice(1, 1, 2, 1))
LINES = st.lists(st.builds(ChosenTickets, choice(1, 1, 1, 2, 3, 1), TICKET_NOS), max_size=3).map(tuple)
CHOSEN: st.SearchStrategy[tuple[ChosenTickets, ...]] = st.one_of(st.just(()), ONE_TICKET, ONE_TICKET, LINES)
"""Everything, or tickets of lines; a line may be named more than once, and so may a ticket."""


def call_off(draw: Draw, facts: Facts, booking_id: UUID) -> CallOff:
    off = {each.id for each in facts.sessions if each.status == "cancelled"}
    of_booking = [line.session_id for each in facts.bookings if each.id == booking_id for line in each.lines]
    usual = [each for each in of_booking if each in off] * 5
    return CallOff(1, booking_id, pick(draw, [*usual, *of_booking, session_id(draw, facts), *usual]))


def expire(draw: Draw, facts: Facts, booking_id: UUID) -> Expire:
    return Expire(1, booking_id)


def pay(draw: Draw, facts: Facts, booking_id: UUID) -> Pay:
    """Mostly what is to come in, and for a payment of its own."""
    booking = next((each for each in facts.bookings if each.id == booking_id), None)
    payment = pick(draw, booking.payments) if booking and booking.payments else None
    cents = sum(asked(booking, payment)) if booking and payment else 5
    wallets = {line.wallet_id for line in booking.lines if line.wallet_id} if booking else ()
    return Pay(
        1,
        booking_id,
        draw(rarely(payment.id if payment else PAYMENTS[0], UNKNOWN, PAYMENTS[2])),
        draw(rarely(cents, cents + 1, 0)),
        "pi_1",
        tuple(sorted(wallets)) if draw(MOSTLY_TRUE) else (),
    )


def pay_at_desk(draw: Draw, facts: Facts, booking_id: UUID) -> PayAtDesk:
    """Mostly what is due, under the payment that waits for it, or a new one in the place of a page."""
    booking = next((each for each in facts.bookings if each.id == booking_id), None)
    payment = booking.payments[-1] if booking and booking.payments else None
    due = sum(cents_of_held(line) for line in booking.lines) if booking else 5
    ids = [UUID(int=booking_id.int + 200), payment.id if payment else PAYMENTS[0], PAYMENTS[2]]
    right = ids[1] if payment and payment.means == "desk" else ids[0]
    return PayAtDesk(
        1,
        booking_id,
        sale_of(
            draw,
            booking_id,
            draw(rarely(due, due + 1, 0)),
            pick(draw, [*[right] * 10, None, *ids, *[right] * 10]),
            draw(rarely(payment.seller_id if payment else ORGANISERS[0], *ORGANISERS)),
        ),
    )


def cents_of_held(line: Line) -> int:
    return sum(own(line)[each.no] for each in line.tickets if each.status == "held")


def sale_of(draw: Draw, booking_id: UUID, taken_cents: int, payment_id: UUID | None, seller_id: UUID) -> Sale:
    """What is taken at a till, in cash and on the terminal, beside some credit."""
    terminal_cents = draw(number(0, taken_cents))
    parts = [("cash", taken_cents - terminal_cents), ("terminal", terminal_cents), ("credit", 3)]
    return Sale(
        id=draw(mostly(UUID(int=booking_id.int + 300), SALE)),
        seller_id=seller_id,
        till_session_id=draw(rarely(TILLS[seller_id], *TILLS.values(), UNKNOWN)),
        sold_by=STAFF,
        sold_on=DAYS[1],
        booking_id=None,
        payment_id=payment_id,
        paper_no=None,
        total_cents=taken_cents + 3,
        rounding_cents=0,
        rounding_id=None,
        lines=(),
        tenders=tuple(Tender(SALE, means, cents) for means, cents in parts if cents),  # type: ignore[arg-type]
    )


def stop_payment(draw: Draw, facts: Facts, booking_id: UUID) -> StopPayment:
    booking = next((each for each in facts.bookings if each.id == booking_id), None)
    ids = [each.id for each in booking.payments] if booking else []
    status = draw(choice(PaymentStatus.EXPIRED, PaymentStatus.FAILED))
    return StopPayment(1, booking_id, draw(rarely(*ids or PAYMENTS[:1], UNKNOWN)), status)


def lengthen(draw: Draw, facts: Facts, booking_id: UUID) -> Lengthen:
    booking = next((each for each in facts.bookings if each.id == booking_id), None)
    usual = actors_of(booking) * 2 if booking else []
    return Lengthen(1, booking_id, pick(draw, [*usual, *ACTORS, *usual]))


Verb = Callable[[Draw, Facts, UUID], Command]
VERBS_OF_A_BOOKING: list[Verb] = [
    *[give_up] * 4, expire, book, *[pay] * 4, pay_at_desk, stop_payment, lengthen, *[call_off] * 3,
    *[give_up] * 3,
]  # fmt: skip
VERBS_OF_A_PAYMENT: list[Verb] = [*[pay] * 6, stop_payment, lengthen, *VERBS_OF_A_BOOKING]
VERBS_OF_A_NEW_ID: list[Verb] = [*[book] * 8, give_up, call_off, pay, *[book] * 8]
SUBJECTS = st.lists(st.sampled_from([*STORED, *NEW, *POOLS]), unique=True, min_size=1, max_size=8)


NAMES = {
    repr(each): f"{name}[{n}]"
    for name, known_ids in [
        ("ORGANISERS", ORGANISERS), ("PROGRAMMES", PROGRAMMES), ("MEMBERS", MEMBERS), ("CARDS", CARDS),
        ("SESSIONS", SESSIONS), ("POOLS", POOLS), ("PURSES", PURSES), ("STORED", STORED), ("NEW", NEW),
        ("CANCELLATIONS", CANCELLATIONS), ("PAYMENTS", PAYMENTS),
    ]
    for n, each in enumerate(known_ids)
}  # fmt: skip
NAMES |= {repr(NOW): "NOW", repr(BEFORE): "BEFORE", repr(SOON): "SOON", repr(LATE): "LATE"}
NAMES |= {repr(STAFF): "STAFF", repr(STRANGER): "STRANGER"}


class Case(NamedTuple):
    """What is known and what is asked; a failing one is shown with the names of this module."""

    facts: Facts
    commands: list[Command]

    def __repr__(self) -> str:
        known_facts = [(name, getattr(self.facts, name)) for name in Facts.__struct_fields__]
        lines = [
            f"{name}: {each}"
            for name, found in known_facts
            for each in ([found] if isinstance(found, Struct) else found)
        ]
        text = "\n".join(["", *lines, *(f"command: {each}" for each in self.commands)])
        for long, short in NAMES.items():
            text = text.replace(long, short)
        return text.replace("reservations.booking.facts.", "")


@st.composite
def cases(draw: Draw) -> Case:
    """What is known, and what is asked in order of arrival.

    The batcher sees to it that no two commands are about one booking or resize one pool.
    """
    terms = {organiser_id: draw(choice(*ways)) for organiser_id, ways in SELLERS.items()}
    drawn_sessions = [draw(session(each)) for each in some(draw, SESSIONS, least=1)]
    sessions = [replace(each, terms=terms[each.organiser_id]) for each in drawn_sessions]
    purses = [draw(purse(each)) for each in some(draw, PURSES, least=1)]
    bookings = [
        stored_booking(draw, each, sessions, purses, draw(choice(WAITING_PARTY, PARTY)))
        for each in some(draw, STORED)
    ]
    facts = Facts(
        bookings=bookings,
        elsewhere=frozenset(draw(rarely((), (NEW[0],)))),
        sessions=sessions,
        pools=[pool(draw, each, bookings) for each in POOLS],
        holders=[*draw(reached(MEMBERS[0], *CARDS[:2])), *draw(reached(MEMBERS[1], *CARDS[2:]))],
        purses=purses,
        admissions=draw(admissions()),
        cancellations=[
            StoredCancellation(each, STORED_DIGEST) for each in draw(mostly((), (CANCELLATIONS[0],)))
        ],
        customers=[draw(customer(each)) for each in CUSTOMERS],
        personal=[*personal(bookings), *draw(personal_elsewhere(sessions))],
        given=draw(given_to_mother()),
        **sale_facts(draw),
    )
    facts = with_allotment(draw, facts)
    return shown(Case(facts, [command(draw, facts, each) for each in draw(SUBJECTS)]))


def shown(case: Case) -> Case:
    """Schemathesis comes with pytest and keeps hypothesis from printing the arguments of a failing test."""
    note(case)
    return case


# Where most of it is about money


@st.composite
def paying_cases(draw: Draw) -> Case:
    """Sellers that take money, people with credit, and one or two bookings that money is due for, or was."""
    prices = (17, 5, 25, 50, 51, 49, 20, 0)
    sessions = [selling(draw, SESSIONS[0], draw(choice(*prices)))]
    if draw(EITHER):
        sessions.append(selling(draw, SESSIONS[1], draw(choice(0, *prices, 0, 0))))
    purses = [spendable(draw, each, member) for each, member in zip(PURSES, MEMBERS, strict=False)]
    bookings = [
        stored_booking(draw, each, sessions, purses, draw(choice(*PAYING_PARTIES)))
        for each in STORED[: draw(number(1, 2))]
    ]
    facts = Facts(
        bookings=bookings,
        elsewhere=frozenset(),
        sessions=sessions,
        pools=[pool(draw, each, bookings) for each in POOLS],
        holders=[
            Holder(each, None, None, None, active=True, ends_on=None, social_until=None, born_on=None)
            for each in MEMBERS
        ],
        purses=purses,
        admissions=[
            Admission(programme, organiser, DAYS[0], None)
            for programme in PROGRAMMES
            for organiser in ORGANISERS
        ],
        cancellations=[],
        customers=[draw(customer(each)) for each in CUSTOMERS],
        personal=[*personal(bookings), *draw(personal_elsewhere(sessions))],
        given=draw(given_to_mother()),
        **sale_facts(draw),
    )
    commands = [paying_verb(draw, each)(draw, facts, each.id) for each in bookings]
    commands += [paid_book(draw, facts, each) for each in NEW[: draw(number(0, 2))]]
    return shown(Case(facts, draw(st.permutations(commands))))


def selling(draw: Draw, session_id: UUID, price_cents: int) -> Session:
    """A date whose organiser takes money, for one tariff; rarely called off, or not for sale any more."""
    organiser_id = draw(choice(*(ORGANISERS if session_id == SESSIONS[0] else ORGANISERS[::-1])))
    pool_ids = some(draw, POOLS, least=1)
    base = Tariff("base", price_cents, "anyone", None, None, pool_ids, 0, "exempt", 1, 1, None, None)
    ends_at = draw(mostly(SOON + timedelta(hours=1), SOON + timedelta(hours=2), NOW))
    return Session(
        session_id, organiser_id, "culture", "offline", draw(mostly("scheduled", "scheduled", "cancelled")),
        SOON, ends_at, None, draw(rarely(SOON, *NEAR)), SOON, pool_ids, None, (base,),
        draw(choice(*SELLERS[organiser_id][1:])),
    )  # fmt: skip


def spendable(draw: Draw, purse_id: UUID, member: UUID) -> Purse:
    return Purse(
        purse_id, UUID(int=purse_id.int + 1000), member, PROGRAMMES[0], draw(choice(0, 3, 12, 60, 150)), LATE,
        frozenset(), frozenset(), draw(choice(None, None, 5, None)),
    )  # fmt: skip


def party_of(*faces: TicketStatus | TicketEnd) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.tuples(choice(*faces), mostly(1, 2)), min_size=1, max_size=3)


PAYING_PARTIES = [
    party_of(TicketStatus.HELD),
    party_of(TicketEnd.LAPSED),
    party_of(TicketStatus.CONFIRMED),
    party_of(TicketStatus.HELD, TicketStatus.HELD, TicketEnd.GIVEN_UP, TicketEnd.CALLED_OFF),
    party_of(TicketEnd.LAPSED, TicketEnd.LAPSED, TicketEnd.GIVEN_UP, TicketEnd.CALLED_OFF),
    party_of(TicketStatus.CONFIRMED, TicketStatus.ATTENDED, TicketEnd.GIVEN_UP, TicketEnd.CALLED_OFF),
]


def paid_book(draw: Draw, facts: Facts, booking_id: UUID) -> Book:
    """By whoever, for a guest or a member, of dates that are mostly on sale."""
    lines = tuple(
        RequestedLine(
            pick(draw, facts.sessions).id,
            "base",
            draw(number(1, 2)),
            draw(choice(*map(MembershipProof, MEMBERS), None)),
        )
        for _ in draw(choice("1", "12", "123"))
    )
    by = draw(choice(CLIENT, FOR_BOTH, WITH_ONE, CLIENT))
    command = replace(book(draw, facts, booking_id), lines=lines, by=by, price_seen_cents=None)
    return sold(draw, facts, command) if draw(mostly(False, True)) else command  # noqa: FBT003


def sold(draw: Draw, facts: Facts, command: Book) -> Book:
    """At a till, mostly for what it costs and by the seller of the first date."""
    sessions = {each.id: each for each in facts.sessions}
    found = [sessions[line.session_id] for line in command.lines]
    prices = [each.tariffs[0].price_cents for each in found if each.tariffs]
    cents = sum(price * line.places for price, line in zip(prices, command.lines, strict=True))
    seller_id = found[0].terms.seller_id if found[0].terms else ORGANISERS[0]
    cents = draw(rarely(cents, 0, cents + 1))
    sale = sale_of(draw, command.booking_id, cents, command.payment_id, seller_id)
    by_guest = tuple(replace(line, holder=None) for line in command.lines)
    lines = by_guest if draw(MOSTLY_TRUE) else command.lines
    return replace(command, sale=sale, pay_with=PayWith.DESK, held_until=None, lines=lines)


def paying_verb(draw: Draw, booking: Booking) -> Verb:
    """Mostly what there is something to do for."""
    statuses = {ticket.status for line in booking.lines for ticket in line.tickets}
    if "held" in statuses:
        return pick(draw, VERBS_WHILE_HELD)
    return pick(draw, VERBS_ONCE_PAID if statuses & {*HAS_A_PLACE} else VERBS_TOO_LATE)


VERBS_WHILE_HELD: list[Verb] = [
    pay, give_up, lengthen, *[pay_at_desk] * 4, call_off, give_up, stop_payment, expire, pay
]  # fmt: skip
VERBS_ONCE_PAID: list[Verb] = [give_up, call_off, give_up, *[pay] * 3, pay_at_desk, give_up]
VERBS_TOO_LATE: list[Verb] = [pay, pay, expire, pay_at_desk]
