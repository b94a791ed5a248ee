"""What somebody can give up of a booking now: each ticket, what comes back, and which they chose."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import WAY_BACK, PaymentMeans, RefundWay
from reservations.booking.actor import Actor, ByGroup, ByPartner, ByRepresentative
from reservations.booking.change_rows import with_pending_of
from reservations.booking.commands import CancellationKey, ChosenTickets, GiveUp, bound_to
from reservations.booking.course_facts import with_courses_of
from reservations.booking.enrolling import Courses
from reservations.booking.facts import LIVE, Booking, Facts, Line, Session, Ticket, TicketEnd
from reservations.booking.refunding import fee_cents
from reservations.booking.ticket_choice import end_of, lines_of
from reservations.booking.turn_card_facts import with_cards_of
from reservations.booking.turn_cards import TurnCards
from reservations.booking.turnstile import read_without_locks
from reservations.enrolment.course import Enrolment
from uit.database.statements import Executor

NUMBERS: Final = re.compile(r"([1-9]\d?)\.([1-9]\d{0,3})", re.ASCII)
FIELD: Final = "ticket-"
TOGETHER: Final = "+"
"""Between the numbers of tickets that share a box."""
WHICH, ALL, OFFERED = "welke", "alle", "aanbod"


class GivableTicket(Struct, frozen=True):
    """A live ticket that may end now, how it would, and what comes back by it.

    `money_cents` goes back by `way`, less `fee_cents`, which the organiser keeps. `least`: from how many its
    price is sold, where others of that price may stay. With `others` it was sold
    together, and each of those `follows` it. With `turns` a turn of a card comes back.
    """

    line_no: int
    no: int
    session_id: UUID
    end: TicketEnd
    credit_cents: int
    money_cents: int = 0
    fee_cents: int = 0
    way: RefundWay | None = None
    others: tuple["GivableTicket", ...] = ()
    follows: bool = False
    turns: int = 0
    least: int = 1

    @property
    def together_cents(self) -> int:
        """What comes back by it and by those that were sold together with it."""
        return self.returned_cents + sum(each.returned_cents for each in self.others)

    @property
    def returned_cents(self) -> int:
        return self.credit_cents + self.money_cents

    @property
    def number(self) -> str:
        """As people read it out: the number of its line and its own."""
        return f"{self.line_no}.{self.no}"

    @property
    def field(self) -> str:
        """The name of its box, which is of all that were sold together."""
        return FIELD + TOGETHER.join(each.number for each in (self, *self.others))


async def read_facts(tx: Executor, region_id: int, booking_id: UUID) -> Facts:
    """A booking with all that decides what becomes of it, without a lock: good for showing."""
    document = await read_without_locks(tx, region_id, [], [booking_id])
    facts = await with_courses_of(tx, msgspec.json.decode(document, type=Facts), region_id)
    facts = await with_cards_of(tx, facts, region_id, ())
    return await with_pending_of(tx, facts)


def givable(facts: Facts, by: Actor, now: datetime) -> list[GivableTicket]:
    """The tickets of the booking in these facts that somebody may give up."""
    if not facts.bookings:
        return []
    booking, sessions = facts.bookings[0], {each.id: each for each in facts.sessions}
    courses, cards = Courses(facts.courses), TurnCards(facts.turn_cards)
    found = []
    for line in lines_of(by, booking):
        session = cards.as_left(booking, courses.as_left(booking, line, sessions[line.session_id]))
        end = end_of(by, booking, line, session, now)
        if isinstance(end, TicketEnd):
            found += [
                replace(
                    givable_ticket(booking, line, each, end),
                    turns=int(cards.has_paid(booking.id, line.no)),
                    least=least_of(booking, line, session),
                )
                for each in line.tickets
                if each.status in LIVE and not cards.refuse_used(booking, [(line, [each])])
            ]
    return bundled(found, courses.of_booking(booking.id))


def least_of(booking: Booking, line: Line, session: Session) -> int:
    """From how many tickets on the price of a line is sold; 1 where no other ticket of it would stay."""
    tariff = session.tariff(line.tariff_code)
    place = line.session_id, line.tariff_code
    live = sum(
        ticket.status in LIVE
        for each in booking.lines
        if (each.session_id, each.tariff_code) == place
        for ticket in each.tickets
    )
    return tariff.least if tariff and live > 1 else 1


def bundled(tickets: list[GivableTicket], enrolments: Sequence[Enrolment]) -> list[GivableTicket]:
    """The tickets, of which those that were sold together are given up by the box of the first of them."""
    by_number = {each.number: each for each in tickets}
    for enrolment in enrolments:
        theirs: dict[int, list[GivableTicket]] = {}
        for each in tickets:
            if each.line_no in enrolment.line_nos and each.end is TicketEnd.GIVEN_UP:
                theirs.setdefault(each.no, []).append(each)
        for first, *others in theirs.values():
            by_number[first.number] = replace(first, others=tuple(others))
            by_number |= {each.number: replace(each, follows=True) for each in others}
    return list(by_number.values())


def givable_ticket(booking: Booking, line: Line, ticket: Ticket, end: TicketEnd) -> GivableTicket:
    """A ticket with its share of credit and money, and what of the money its organiser keeps."""
    way = next((WAY_BACK[each.means] for each in booking.payments if each.standing_cents(line.no)), None)
    own_cents = line.own_cents[ticket.no] if way else 0
    kept_cents = fee_cents(line, end, own_cents)
    return GivableTicket(
        line.no,
        ticket.no,
        line.session_id,
        end,
        line.shares(line.credit_cents)[ticket.no],
        own_cents - kept_cents,
        kept_cents,
        way,
    )


def waits_for_card(booking: Booking) -> bool:
    """Whether a payment page is open for all of it, so that no part of it can be given up."""
    payment = booking.open_payment
    return payment is not None and payment.means is PaymentMeans.CARD


def chosen_in(typed: Mapping[str, str]) -> tuple[ChosenTickets, ...]:
    """The tickets whose boxes are ticked, or all that were offered, whatever became of them since."""
    takes_all = typed.get(WHICH) == ALL
    ticked = (name.removeprefix(FIELD) for name, text in typed.items() if name.startswith(FIELD) and text)
    return as_chosen(read_numbers(typed.get(OFFERED, "").split() if takes_all else ticked))


def read_numbers(texts: Iterable[str]) -> list[tuple[int, int]]:
    """The line and the number of tickets such as `1.2` and `2.1+2.2`; what cannot be read is left out."""
    matches = (NUMBERS.fullmatch(number) for text in texts for number in text.split(TOGETHER))
    return [(int(match[1]), int(match[2])) for match in matches if match]


def as_chosen(tickets: Iterable[tuple[int, int]]) -> tuple[ChosenTickets, ...]:
    """Tickets of a booking, each by its line and its number, as a command names them."""
    by_line: dict[int, list[int]] = {}
    for line_no, no in tickets:
        by_line.setdefault(line_no, []).append(no)
    return tuple(ChosenTickets(line_no, tuple(nos)) for line_no, nos in by_line.items())


def as_command(  # noqa: PLR0913, PLR0917  what of which booking is given up, by whom and through whom
    region_id: int,
    booking_id: UUID,
    by: Actor,
    cancellation_id: UUID,
    chosen: tuple[ChosenTickets, ...],
    staff_id: UUID | None = None,
) -> GiveUp:
    """Give up these tickets, all or none: a form that is sent twice has one effect.

    `staff_id`: who does so at a counter, at their word.
    """
    digest = bound_to("POST", "page", region_id, booking_id, by.as_stored(), chosen)
    acting = by.person_id if isinstance(by, ByRepresentative) else None
    worker = by.staff_id if isinstance(by, ByGroup) else staff_id
    partner = by if isinstance(by, ByPartner) else None
    key = CancellationKey(cancellation_id, digest, worker, representative_id=acting, partner=partner)
    return GiveUp(region_id, booking_id, by, chosen, key)
