"""A working copy of the facts: what is left after the commands of a batch that were decided so far."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from credits.till.facts import till_refusal
from credits.till.sale import Sale, SaleOrigin
from credits.wallet.spread import Bill, Hold, Purse, admitted_on, spread
from reservations.booking.actor import (
    Actor,
    ByPartner,
    ByRepresentative,
    CardProof,
    GroupProof,
    HolderProof,
    LineProof,
)
from reservations.booking.answers import Ended
from reservations.booking.change_errors import PassToShow
from reservations.booking.due import TicketsByLine
from reservations.booking.enrolling import Courses
from reservations.booking.facts import Booking, Facts, GivenFor, Holder, Line, Session, TicketStatus
from reservations.booking.limits import Limits
from reservations.booking.personal import Personal
from reservations.booking.places import Drawable, ended_in
from reservations.booking.pools import Pools
from reservations.booking.remaining_seats import RemainingSeats
from reservations.booking.turn_cards import TurnCards
from reservations.booking.turns import Turns
from reservations.booking.yearly import YearlyTickets
from reservations.errors import NotOnSale, SessionCancelled
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal
from uit.identity.person.powers import NOTHING, Powers, powers_on
from uit.passes.errors import PassNotActive, PassUnknown


class Remaining:
    def __init__(self, facts: Facts, now: datetime) -> None:
        self.now = now
        self.today = day_in_flanders(now)
        self.bookings = {booking.id: booking for booking in facts.bookings}
        self.elsewhere = facts.elsewhere
        self.turn_cards = TurnCards(facts.turn_cards)
        self.sessions = {each.id: self.turn_cards.as_sold(each, now) for each in facts.sessions}
        self.pools = Pools(facts.pools)
        self.seats = RemainingSeats(facts.seating)
        self.places: tuple[Drawable, ...] = (self.pools, self.seats)
        self.by_card = {each.card_id: each for each in facts.holders if each.card_id is not None}
        self.by_membership = {each.id: each for each in facts.holders if each.card_id is None}
        self.cancellations = {each.id: each.digest for each in facts.cancellations}
        self.admitted = admitted_on(facts.admissions, now)
        self.extended: dict[UUID, datetime] = {}
        self.purses = {each.id: copy(each) for each in facts.purses}
        self.customers = {each.id: copy(each) for each in facts.customers}
        self.tills = {each.id: each for each in facts.tills}
        self.personal = Personal(facts.personal)
        self.given = facts.given
        self.groups = {each.id: each for each in facts.groups}
        self.yearly = YearlyTickets(facts.group_use)
        self.limits = Limits(facts.conditions)
        self.changes = {each.id: each.digest for each in facts.changes}
        self.change_payments = {each.payment_id for each in facts.changes if each.payment_id}
        self.turns = Turns.of_batch(facts)
        self.courses = Courses(facts.courses)
        self.receipts, self.payments = set(facts.receipts), set(facts.payments)
        self.waiting = {each.id: each for each in facts.waiting}
        self.wallets: dict[UUID, list[Purse]] = {}
        for purse in self.purses.values():
            self.wallets.setdefault(purse.wallet_id, []).append(purse)

    def without(self, answer: Ended) -> "Remaining":
        """A copy, to try something on, in which the places of what ended are free. It shares the purses."""
        tried = self.copy()
        tried.free(answer)
        return tried

    def copy(self) -> "Remaining":
        """A copy of what places are left and what was counted of them, to try something on."""
        tried = copy(self)
        tried.pools, tried.seats = self.pools.copy(), self.seats.copy()
        tried.places = tried.pools, tried.seats
        tried.personal, tried.yearly = self.personal.copy(), self.yearly.copy()
        tried.limits, tried.turn_cards = self.limits.copy(), self.turn_cards.copy()
        return tried

    def booking(self, booking_id: UUID) -> Booking | None:
        """As it stands now: an earlier command may have extended a purse that pays for it too."""
        booking = self.bookings.get(booking_id)
        if booking is None or not self.extended:
            return booking
        credit = [
            replace(part, lapses_at=self.extended.get(part.purse_id, part.lapses_at))
            for part in booking.credit
        ]
        return replace(booking, credit=credit)

    def is_past(self, booking: Booking) -> bool:
        """Whether it still holds places for a date that is over, where nobody could use them."""
        return any(
            self.sessions[line.session_id].is_over(self.now)
            for line in booking.lines
            if any(ticket.status is TicketStatus.HELD for ticket in line.tickets)
        )

    def customer(self, customer_id: UUID | None) -> CustomerTerms | None:
        """Who books on an invoice, as far as it is known here."""
        return self.customers.get(customer_id) if customer_id else None

    def holder(self, proof: HolderProof) -> Holder | Refusal:
        holder: Holder | None
        if isinstance(proof, LineProof):
            return PassToShow()
        if isinstance(proof, GroupProof):
            holder = self.groups.get(proof.group_id)
        elif isinstance(proof, CardProof):
            holder = self.by_card.get(proof.card_id)
            if holder and holder.token_version != proof.token_version:
                holder = None
        else:
            holder = self.by_membership.get(proof.membership_id)
        if holder is None:
            return PassUnknown()
        ended = holder.ends_on is not None and holder.ends_on < self.today
        return PassNotActive() if ended or not holder.active or holder.card_active is False else holder

    def powers(self, by: ByRepresentative | ByPartner, membership_id: UUID) -> Powers:
        """What somebody may do for a member today."""
        theirs = [each for each in self.given if each.membership_id == membership_id and is_given(each, by)]
        return powers_on(self.today, theirs, theirs[0].born_on) if theirs else NOTHING

    def may_act(self, by: ByRepresentative | ByPartner, membership_ids: Iterable[UUID | None]) -> bool:
        """Whether somebody may book for all of these; for themselves they may."""
        return all(
            each is not None and (is_themselves(by, each) or (by.is_for(each) and self.powers(by, each).book))
            for each in set(membership_ids)
        )

    def spend_cents(self, by: Actor, membership_id: UUID | None) -> int | None:
        """The most credit of a member that one booking of theirs may take; None without a limit."""
        if not isinstance(by, ByRepresentative | ByPartner) or membership_id is None:
            return None
        return None if is_themselves(by, membership_id) else self.powers(by, membership_id).spend_cents

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return SessionCancelled(session.id)
        if session.status != "scheduled":
            return NotOnSale(session.id, None, None)
        if session.sale_opens_at and self.now < session.sale_opens_at:
            return NotOnSale(session.id, session.sale_opens_at, None)
        if self.now >= session.sale_closes_at:
            return NotOnSale(session.id, None, session.sale_closes_at)
        return self.turn_cards.sale_refusal(session.id, self.now)

    def till_refusal(self, origin: Sale | SaleOrigin) -> Refusal | None:
        """Why a till may not sell now."""
        return till_refusal(self.tills.get(origin.till_session_id), origin)

    def lacking(self, wanted: TicketsByLine) -> Refusal | None:
        """Why these tickets cannot all have a place of every kind that they draw on."""
        return next((lacking for each in self.places if (lacking := each.lacking(wanted))), None)

    def spread(self, lines: Sequence[Line], cents: Mapping[int, int]) -> list[Hold]:
        """What each wallet can pay of its own lines, of `cents` by the number of the line."""
        bills: dict[UUID, list[Bill]] = {}
        for line in lines:
            if line.wallet_id and cents[line.no]:
                bills.setdefault(line.wallet_id, []).append(self.bill(line, cents[line.no]))
        holds: list[Hold] = []
        for wallet_id, of_wallet in bills.items():
            holds += spread(self.wallets.get(wallet_id, []), of_wallet, self.admitted, self.now)
        return holds

    def bill(self, line: Line, cents: int) -> Bill:
        session = self.sessions[line.session_id]
        return Bill(line.no, cents, session.organiser_id, session.domain, session.attendance)

    # What the answers so far mean for the next

    def take(self, wanted: TicketsByLine, holds: Iterable[Hold]) -> None:
        for each in self.places:
            each.take(wanted)
        for hold in holds:
            hold.purse.available_cents -= hold.cents

    def write(self, sale: Sale) -> None:
        """Let no later command of the batch have the ids of this sale."""
        self.receipts.add(sale.id)
        if sale.payment_id:
            self.payments.add(sale.payment_id)

    def give_back(self, answer: Ended) -> None:
        """Let later commands of the batch have the places, and spend what came back."""
        self.free(answer)
        moves = [(part.purse_id, part.cents) for part in answer.undone]
        moves += [(hold.purse_id, -hold.cents) for hold in answer.holds]
        for purse_id, cents in moves:
            if purse_id in self.purses:
                self.purses[purse_id].available_cents += cents
        self.extended |= answer.extensions
        for purse_id, lapses_at in answer.extensions.items():
            if purse_id in self.purses:
                self.purses[purse_id].lapses_at = lapses_at

    def free(self, answer: Ended) -> None:
        """Let others have the places of what ended, and what was counted of them."""
        for each in self.places:
            each.give_back(ended_in(answer))
        for counted in (self.personal, self.yearly, self.limits, self.turn_cards):
            counted.give_back(answer)


def is_given(given: GivenFor, by: ByRepresentative | ByPartner) -> bool:
    """Whether it was given to who acts; a partner acts by one thing that it was given."""
    if isinstance(by, ByPartner):
        return (given.id, given.representative_id) == (by.given_id, by.partner_id)
    return given.representative_id == by.person_id


def is_themselves(by: ByRepresentative | ByPartner, membership_id: UUID) -> bool:
    return isinstance(by, ByRepresentative) and membership_id == by.own_id
