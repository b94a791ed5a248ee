"""What a small region has: sessions with tariffs and pools, people with purses, and what was said of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from credits.payments.payment import (
    SellerTerms,
)
from credits.till.facts import TillFacts
from credits.wallet.spread import Admission, Purse
from reservations.booking.counted import PersonalPlaces
from reservations.booking.facts import (
    Booking,
    Facts,
    GivenFor,
    Holder,
    Session,
)
from reservations.booking.pool import Allotment, Pool
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_paying import (
    HAS_A_PLACE,
)
from tests.reservations.booking.model_state import drawn
from tests.reservations.booking.strategies_basics import (
    ALLOTMENT,
    BEFORE,
    BIRTHS,
    DAYS,
    LATE,
    LATER,
    MANDATE,
    MEMBERS,
    MOTHER,
    NEAR,
    NEW,
    NOW,
    ORGANISERS,
    POOLS,
    PROGRAMMES,
    SALE,
    SOON,
    STAFF,
    STATUSES,
    STORED,
    TARIFFS,
    TILLS,
    UNKNOWN,
    USUALLY_TRUE,
    Draw,
    choice,
    mostly,
    number,
    pick,
    rarely,
    some,
)


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
