"""Commands for a small region: mostly such as can be done, with all that is odd now and then."""

from collections.abc import Callable
from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from credits.payments.payment import (
    PaymentStatus,
)
from credits.till.sale import Sale, Tender
from reservations.booking.actor import (
    Actor,
    ByClient,
    ByHolder,
    ByRepresentative,
    ByStaff,
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
from reservations.booking.facts import (
    Booking,
    Facts,
    Line,
)
from tests.reservations.booking.model_paying import (
    asked,
    own,
)
from tests.reservations.booking.strategies_basics import (
    ACTORS,
    CANCELLATIONS,
    CARDS,
    CLIENT,
    CUSTOMERS,
    DAYS,
    FOR_BOTH,
    MEMBERS,
    MOSTLY_TRUE,
    NEW,
    ORGANISERS,
    OTHER_DIGEST,
    PAYMENTS,
    POOLS,
    SALE,
    SOON,
    STAFF,
    STORED,
    STORED_DIGEST,
    TARIFFS,
    TILLS,
    UNKNOWN,
    WITH_ONE,
    Draw,
    choice,
    mostly,
    number,
    pick,
    rarely,
)


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
