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
from reservations.booking.answers import Ended
from reservations.booking.commands import Actor, ByRepresentative, CardProof, HolderProof
from reservations.booking.facts import Booking, Facts, Holder, Line, Pool, Session, TicketStatus
from reservations.booking.personal import Personal
from reservations.errors import NotOnSale, SessionCancelled, SoldOut
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
        self.sessions = {each.id: each for each in facts.sessions}
        self.pools: dict[UUID, Pool] = {each.id: copy(each) for each in facts.pools}
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
        self.receipts, self.payments = set(facts.receipts), set(facts.payments)
        self.wallets: dict[UUID, list[Purse]] = {}
        for purse in self.purses.values():
            self.wallets.setdefault(purse.wallet_id, []).append(purse)

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
        if isinstance(proof, CardProof):
            holder = self.by_card.get(proof.card_id)
            if holder and holder.token_version != proof.token_version:
                holder = None
        else:
            holder = self.by_membership.get(proof.membership_id)
        if holder is None:
            return PassUnknown()
        ended = holder.ends_on is not None and holder.ends_on < self.today
        return PassNotActive() if ended or not holder.active or holder.card_active is False else holder

    def powers(self, by: ByRepresentative) -> Powers:
        """What somebody may do for a member today."""
        theirs = [
            each
            for each in self.given
            if each.representative_id == by.person_id and each.membership_id == by.membership_id
        ]
        return powers_on(self.today, theirs, theirs[0].born_on) if theirs else NOTHING

    def spend_cents(self, by: Actor) -> int | None:
        """The most credit that one booking of theirs may take; None without a limit."""
        return self.powers(by).spend_cents if isinstance(by, ByRepresentative) else None

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return SessionCancelled(session.id)
        if session.status != "scheduled":
            return NotOnSale(session.id, None, None)
        if session.sale_opens_at and self.now < session.sale_opens_at:
            return NotOnSale(session.id, session.sale_opens_at, None)
        return (
            None if self.now < session.sale_closes_at else NotOnSale(session.id, None, session.sale_closes_at)
        )

    def till_refusal(self, origin: Sale | SaleOrigin) -> Refusal | None:
        """Why a till may not sell now."""
        return till_refusal(self.tills.get(origin.till_session_id), origin)

    def sold_out(self, drawn: Mapping[UUID, int], lines: Sequence[Line]) -> SoldOut | None:
        for pool_id, places in drawn.items():
            left = self.pools[pool_id].left
            if left < places:
                line = next(line for line in lines if pool_id in line.pool_ids)
                return SoldOut(line.session_id, places, left)
        return None

    def spread(self, lines: Sequence[Line], cents: Mapping[int, int]) -> list[Hold]:
        """What each wallet can pay of its own lines, of `cents` by the number of the line."""
        bills: dict[UUID, list[Bill]] = {}
        for line in lines:
            if line.wallet_id and cents[line.no]:
                bills.setdefault(line.wallet_id, []).append(self._bill(line, cents[line.no]))
        holds: list[Hold] = []
        for wallet_id, of_wallet in bills.items():
            holds += spread(self.wallets.get(wallet_id, []), of_wallet, self.admitted, self.now)
        return holds

    def _bill(self, line: Line, cents: int) -> Bill:
        session = self.sessions[line.session_id]
        return Bill(line.no, cents, session.organiser_id, session.domain, session.attendance)

    # What the answers so far mean for the next

    def take(self, drawn: Mapping[UUID, int], holds: Iterable[Hold]) -> None:
        for pool_id, places in drawn.items():
            self.pools[pool_id].taken += places
        for hold in holds:
            hold.purse.available_cents -= hold.cents

    def write(self, sale: Sale) -> None:
        """Let no later command of the batch have the ids of this sale."""
        self.receipts.add(sale.id)
        if sale.payment_id:
            self.payments.add(sale.payment_id)

    def give_back(self, answer: Ended, drawn: Mapping[UUID, int]) -> None:
        """Let later commands of the batch have the places, and spend what came back."""
        for pool_id, places in drawn.items():
            self.pools[pool_id].taken -= places
        moves = [(part.purse_id, part.cents) for part in answer.undone]
        moves += [(hold.purse_id, -hold.cents) for hold in answer.holds]
        for purse_id, cents in moves:
            if purse_id in self.purses:
                self.purses[purse_id].available_cents += cents
        self.personal.give_back(answer)
        self.extended |= answer.extensions
        for purse_id, lapses_at in answer.extensions.items():
            if purse_id in self.purses:
                self.purses[purse_id].lapses_at = lapses_at


def drawn_by(lines: Iterable[Line]) -> dict[UUID, int]:
    """How many places the lines draw from each pool, nested pools included."""
    return drawn((line, line.weight) for line in lines)


def drawn(weights: Iterable[tuple[Line, int]]) -> dict[UUID, int]:
    """How many places of each pool are meant by so many of each line, by the pools of the line itself."""
    places: dict[UUID, int] = {}
    for line, weight in weights:
        for pool_id in line.pool_ids if weight else ():
            places[pool_id] = places.get(pool_id, 0) + weight
    return places


def drawn_back(answer: Ended) -> dict[UUID, int]:
    """How many places each pool gets back: the weight of what ended."""
    return drawn_for(answer.booking, {(each.line_no, each.ticket_no) for each in answer.tickets})


def drawn_for(booking: Booking, tickets: set[tuple[int, int]]) -> dict[UUID, int]:
    """How many places of each pool these tickets draw on, by the numbers of line and ticket."""
    return drawn(
        (line, sum(ticket.weight for ticket in line.tickets if (line.no, ticket.no) in tickets))
        for line in booking.lines
    )
