"""Small regions and batches of commands for hypothesis: what is simple comes first, so that failures shrink.

A command passes a dozen checks before it gets a place, so what is odd is rare, and most of the time goes into
deciding. Strategies are made once: to make one takes longer than to draw from it.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from credits.wallet.spread import Admission, Purse
from reservations.booking.actor import (
    MembershipProof,
)
from reservations.booking.commands import (
    Book,
    Command,
    PayWith,
    RequestedLine,
)
from reservations.booking.facts import (
    Booking,
    Facts,
    Holder,
    Session,
    StoredCancellation,
    TicketEnd,
    TicketStatus,
)
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_paying import (
    HAS_A_PLACE,
)
from tests.reservations.booking.strategies_basics import (
    BEFORE,
    CANCELLATIONS,
    CARDS,
    CLIENT,
    CUSTOMERS,
    DAYS,
    EITHER,
    FOR_BOTH,
    LATE,
    MEMBERS,
    MOSTLY_TRUE,
    NEAR,
    NEW,
    NOW,
    ORGANISERS,
    PAYMENTS,
    POOLS,
    PROGRAMMES,
    PURSES,
    SESSIONS,
    SOON,
    STAFF,
    STORED,
    STORED_DIGEST,
    STRANGER,
    WITH_ONE,
    Draw,
    choice,
    mostly,
    number,
    pick,
    rarely,
    some,
)
from tests.reservations.booking.strategies_commands import (
    SUBJECTS,
    Verb,
    book,
    call_off,
    command,
    expire,
    give_up,
    lengthen,
    pay,
    pay_at_desk,
    sale_of,
    stop_payment,
)
from tests.reservations.booking.strategies_facts import (
    SELLERS,
    admissions,
    customer,
    given_to_mother,
    personal,
    personal_elsewhere,
    pool,
    purse,
    reached,
    sale_facts,
    session,
    with_allotment,
)
from tests.reservations.booking.strategies_stored import PARTY, WAITING_PARTY, stored_booking

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
