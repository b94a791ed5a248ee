"""Cases for hypothesis in which groups book, give up and are called off, within their years and purses."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st
from msgspec.structs import replace

from credits.wallet.spread import Admission
from reservations.booking.actor import (
    Actor,
    ByGroup,
    ByHolder,
    GroupProof,
    HolderProof,
    MembershipProof,
)
from reservations.booking.commands import Book, CallOff, Command, Expire, GiveUp, RequestedLine
from reservations.booking.counted import GroupUse
from reservations.booking.facts import Booking, Facts, Group, Holder, Session
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_paying import HAS_A_PLACE
from tests.reservations.booking.model_state import day_of
from tests.reservations.booking.strategies import Case, paid_book, selling, shown, spendable
from tests.reservations.booking.strategies_basics import (
    ACTORS,
    BEFORE,
    CLIENT,
    DAYS,
    LATE,
    MEMBERS,
    NEW,
    ORGANISERS,
    POOLS,
    PROGRAMMES,
    PURSES,
    SESSIONS,
    SOON,
    STORED,
    STORED_DIGEST,
    UNKNOWN,
    USUALLY_TRUE,
    Draw,
    choice,
    known,
    mostly,
    number,
    pick,
    rarely,
)
from tests.reservations.booking.strategies_commands import CHOSEN, book
from tests.reservations.booking.strategies_facts import pool, sale_facts
from tests.reservations.booking.strategies_stored import PARTY, outside, standing, stored_line

GROUPS: Final = known(18, 1, 2)
WORKER, COLLEAGUE = known(19, 1, 2)
NEW_YEAR: Final = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
"""Half past midnight in Brussels: there it is 2027 already."""
DAYS_OF_RIGHT: Final = [LATE.date().replace(year=2028), DAYS[1], SOON.date(), None]
WORKERS: Final[list[Actor]] = [ByGroup(group_id, each) for group_id in GROUPS for each in (WORKER, COLLEAGUE)]


@st.composite
def group_cases(draw: Draw) -> Case:
    """Two groups with a number of tickets that is soon reached, and what they booked before."""
    sessions = [with_social(draw, selling(draw, each, draw(number(0, 9)))) for each in SESSIONS[:2]]
    purses = [spendable(draw, each, draw(choice(*GROUPS))) for each in PURSES]
    groups = [draw(group(each)) for each in GROUPS]
    bookings = [group_booking(draw, each, sessions, purses) for each in STORED[: draw(number(0, 3))]]
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
        groups=groups,
        group_use=counted(draw, groups, sessions, bookings),
        **sale_facts(draw),
    )
    commands = [pick(draw, VERBS)(draw, facts, each.id) for each in bookings]
    commands += [pick(draw, BOOKERS)(draw, facts, each) for each in NEW[: draw(number(1, 4))]]
    return shown(Case(facts, draw(st.permutations(commands))))


def with_social(draw: Draw, session: Session) -> Session:
    """A date with a social tariff, this year or the next, with room for a group."""
    social = Tariff(
        "social", draw(number(0, 4)), "social", None, None, session.pool_ids, 1, "exempt",
        draw(mostly(1, 2)), draw(rarely(1, 2)), None, None,
    )  # fmt: skip
    starts_at = draw(mostly(SOON, NEW_YEAR))
    ends_at = max(session.ends_at, starts_at) if starts_at == NEW_YEAR else session.ends_at
    return replace(session, tariffs=(*(session.tariffs or ()), social), starts_at=starts_at, ends_at=ends_at)


@st.composite
def group(draw: Draw, group_id: UUID) -> Group:
    return Group(
        group_id, None, None, None, draw(USUALLY_TRUE), draw(rarely(None, *DAYS)),
        draw(mostly(*DAYS_OF_RIGHT)), None, draw(choice(0, 3, 5, 8, 20)),
    )  # fmt: skip


def group_booking(draw: Draw, booking_id: UUID, sessions: list[Session], purses: list[Any]) -> Booking:
    """Paid with credit, whole; a part of it may have ended or been used."""
    by: ByGroup = draw(choice(*WORKERS))
    made = Booking(1, booking_id, STORED_DIGEST, "page", by.as_stored(), BEFORE, None, [])
    for no in range(1, draw(number(1, 2)) + 1):
        line = stored_line(draw, no, pick(draw, sessions), PARTY)
        line = replace(line, holder_id=by.group_id, wallet_id=by.group_id, price_cents=line.credit_cents)
        own = [each for each in purses if each.wallet_id == by.group_id]
        made.lines.append(line)
        made.credit += standing(draw, booking_id, line, own or [outside(by.group_id)])
    return made


def counted(
    draw: Draw, groups: list[Group], sessions: list[Session], bookings: list[Booking]
) -> list[GroupUse]:
    """What stands for the year of the date as booked, also where the date moved since; and elsewhere."""
    years = {each.id: day_of(each.starts_at).year for each in sessions}
    most = {each.id: each.tickets_a_year for each in groups}
    found = [
        GroupUse(holder_id, year, booking.id, line.no, people, most[holder_id])
        for booking in bookings
        for line in booking.lines
        for holder_id in [line.holder_id]
        if line.tariff_code == "social" and holder_id
        for year in [draw(mostly(years[line.session_id], 2026))]
        for people in [sum(each.weight for each in line.tickets if each.status in HAS_A_PLACE)]
    ]
    elsewhere = [GroupUse(each.id, 2026, UNKNOWN, each.id.int & 1, 2, each.tickets_a_year) for each in groups]
    return [*found, *(each for each in elsewhere if draw(mostly(False, True)))]  # noqa: FBT003


def group_book(draw: Draw, facts: Facts, booking_id: UUID) -> Book:
    """A worker for their group; rarely for another, for somebody beside it, or somebody who is no worker."""
    by: ByGroup = draw(choice(*WORKERS))
    proof = GroupProof(by.group_id)
    odd: list[HolderProof | None] = [*map(GroupProof, GROUPS), MembershipProof(MEMBERS[0]), None]
    lines = tuple(
        RequestedLine(
            pick(draw, facts.sessions).id,
            draw(choice("social", "social", "base")),
            draw(number(1, 6)),
            draw(rarely(proof, *odd)),
        )
        for _ in draw(choice("1", "1", "12"))
    )
    actor: Actor = draw(rarely(by, CLIENT, ByHolder(by.group_id)))
    return replace(
        book(draw, facts, booking_id), by=actor, lines=lines, guest=None, invoice_customer_id=None,
        invoice_reference=None,
    )  # fmt: skip


def give_up(draw: Draw, facts: Facts, booking_id: UUID) -> GiveUp:
    """Mostly by a worker of the group that booked it, the same one or another."""
    made = next(each for each in facts.bookings if each.id == booking_id)
    theirs = [each for each in WORKERS if isinstance(each, ByGroup) and each.group_id == made.by.group_id]
    return GiveUp(1, booking_id, pick(draw, [*theirs * 10, *ACTORS, *WORKERS, *theirs * 10]), draw(CHOSEN))


def call_off(draw: Draw, facts: Facts, booking_id: UUID) -> CallOff:
    made = next(each for each in facts.bookings if each.id == booking_id)
    return CallOff(1, booking_id, pick(draw, made.lines).session_id)


def expire(_draw: Draw, _facts: Facts, booking_id: UUID) -> Expire:
    return Expire(1, booking_id)


Verb = Callable[[Draw, Facts, UUID], Command]
VERBS: Final[list[Verb]] = [*[give_up] * 3, expire, group_book, *[call_off] * 2, give_up]
BOOKERS: Final[list[Verb]] = [*[group_book] * 4, paid_book, *[group_book] * 3]
