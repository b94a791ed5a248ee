"""Whether a booking is taken, said slowly.

A part of the model: see `model.py`.
"""

from collections import Counter
from datetime import date
from itertools import chain
from uuid import UUID

from credits.errors import NotYourTill, TillClosed, TillCounted, TillIdTaken, TillOfOtherSeller, TillUnknown
from credits.till.sale import Sale
from reservations import errors
from reservations.booking.actor import (
    ByClient,
    ByGroup,
    ByGuest,
    ByHolder,
    ByPartner,
    ByRepresentative,
    ByStaff,
    ByWorker,
    CardProof,
    GroupProof,
)
from reservations.booking.answers import Answer, Booked
from reservations.booking.commands import Book, RequestedLine
from reservations.booking.facts import (
    Booking,
    BookingActor,
    Group,
    Holder,
    Line,
    Session,
    Ticket,
    TicketStatus,
)
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_bills import Bills, limits
from tests.reservations.booking.model_conditions import asks, over_limit, wishes_of
from tests.reservations.booking.model_holders import group_refused, holder_of
from tests.reservations.booking.model_paying import Funded
from tests.reservations.booking.model_state import day_of
from uit.core.errors import Refusal


class Bookings(Bills):
    """Answers who books."""

    def book(self, command: Book, answer: Answer) -> Answer:
        stored = self.stored(command.booking_id)
        if command.booking_id in self.facts.elsewhere or (stored and stored.digest != command.digest):
            return errors.IdTaken(command.booking_id)
        if stored:
            return Booked(stored, new=False)
        refusal = (
            (self.sale_refused(command.sale) if command.sale else None)
            or group_refused(command)
            or self.acting_refused(command.by, [holder_of(line) for line in command.lines])
            or self.refusal(command)
        )
        if refusal:
            return refusal
        funded = self.funded(command)
        if isinstance(funded, Refusal):
            return funded
        changed = self.remaining_refusal(command, funded)
        if changed:
            return changed
        assert isinstance(answer, Booked)
        self.check_holds(self.bills(command), funded.credit, answer.holds)
        last = max(session.ends_at for session, _, _ in self.priced(command)) if command.guest else None
        booked = Booked(
            self.booking(command, funded),
            new=True,
            holds=answer.holds,
            guest=command.guest,
            last_session_at=last,
            invoice=funded.order,
            sale=command.sale,
            personal=frozenset(
                no
                for no, (_, tariff, line) in enumerate(self.priced(command), start=1)
                if tariff.eligibility == "social" and not isinstance(line.holder, GroupProof)
            ),
            uses=tuple(self.uses(command)),
        )
        self.remember(booked.booking)
        self.booked.append(booked)
        return booked

    def refusal(self, command: Book) -> Refusal | None:
        holders = (self.holder_refusal(line.holder) for line in command.lines if line.holder)
        lines = (self.line_refusal(command, line) for line in command.lines)
        first = next((reason for reason in chain(holders, lines) if reason), None)
        return (
            first
            or self.sold_out(command)
            or self.year_refusal(command)
            or over_limit(self, wishes_of(self, command))
            or self.price_refusal(command)
        )

    def line_refusal(self, command: Book, line: RequestedLine) -> Refusal | None:
        session = self.session(line.session_id)
        if session is None:
            return errors.SessionUnknown(line.session_id)
        if isinstance(command.by, ByClient) and session.organiser_id not in command.by.organiser_ids:
            return errors.NotYourSession(session.id)
        refusal = self.sale_refusal(session) or self.tariff_refusal(command, session, line)
        tariff = next((each for each in session.tariffs or () if each.code == line.tariff), None)
        return refusal or (asks(self, command, session, tariff, line) if tariff else None)

    def sale_refusal(self, session: Session) -> Refusal | None:
        if session.status == "cancelled":
            return errors.SessionCancelled(session.id)
        too_early = session.sale_opens_at is not None and self.now < session.sale_opens_at
        is_over = self.now >= session.sale_closes_at
        if session.status != "scheduled" or too_early or is_over:
            opens_at = session.sale_opens_at if session.status == "scheduled" and too_early else None
            closed_at = session.sale_closes_at if session.status == "scheduled" and not too_early else None
            return errors.NotOnSale(session.id, opens_at, closed_at)
        return None

    def tariff_refusal(self, command: Book, session: Session, line: RequestedLine) -> Refusal | None:
        holder = self.holder(line.holder)
        tariff = next((each for each in session.tariffs or () if each.code == line.tariff), None)
        if tariff is None:
            return errors.TariffUnknown(session.id, line.tariff)
        if holder is None:
            condition = tariff.condition
            of_members = tariff.eligibility != "anyone" or (condition and condition.for_members)
            if of_members:
                return errors.NotForYou(session.id, tariff.code, *limits(tariff), asks_pass=True)
            return too_few(session, tariff, line)
        if isinstance(holder, Group):
            entitled = holder.social_until and holder.social_until >= day_of(session.starts_at)
            if tariff.eligibility == "social" and not entitled:
                return errors.NotForYou(session.id, tariff.code, *limits(tariff))
            return too_few(session, tariff, line)
        places = self.social_places(command, session, holder) + self.social_taken(session.id, holder.id)
        if tariff.eligibility == "social" and places > 1:
            return errors.OnePlaceEach(session.id, tariff.code)
        if not is_for(tariff, holder, day_of(session.starts_at)) and not self.comes_along(
            command, session, tariff, holder
        ):
            return errors.NotForYou(session.id, tariff.code, *limits(tariff))
        return too_few(session, tariff, line)

    def comes_along(self, command: Book, session: Session, tariff: Tariff, holder: Holder) -> bool:
        """Whether who has another age than is asked comes beside a holder who has a place themselves."""
        if tariff.eligibility != "anyone" or (tariff.condition and tariff.condition.for_members):
            return False
        for line in command.lines:
            if line.session_id == session.id and self.wallet_id(line) == holder.id:
                for each in session.tariffs or ():
                    is_companion = each.condition is not None and each.condition.for_companion
                    is_theirs = is_for(each, holder, day_of(session.starts_at))
                    if each.code == line.tariff and is_theirs and not is_companion:
                        return True
        return False

    def sold_out(self, command: Book) -> Refusal | None:
        asked = Counter[UUID]()
        for session, tariff, line in self.priced(command):
            for pool_id in self.pools_of(command, session, tariff):
                asked[pool_id] += line.places * tariff.weight
        drawn = {pool_id for _, tariff, _ in self.priced(command) for pool_id in tariff.pool_ids}
        lacking = {each for each in drawn if asked[each] > self.left(each, asked)}
        is_full = any(self.pool(each).kind in {"room", "shared"} for each in lacking)
        for session, tariff, _ in self.priced(command):
            for pool_id in tariff.pool_ids:
                if pool_id in lacking:
                    places = asked[pool_id], self.left(pool_id, asked)
                    return errors.SoldOut(session.id, *places, None if is_full else tariff.code)
        return None

    def sale_refused(self, sale: Sale) -> Refusal | None:
        """A till that is not open, or what it would write a second time."""
        taken = sale.id in self.receipts() or sale.payment_id in self.payments()
        return self.till_refused(sale) or (TillIdTaken(sale.id) if taken else None)

    def till_refused(self, sale: Sale) -> Refusal | None:
        tills = [each for each in self.facts.tills if each.id == sale.till_session_id]
        if not tills:
            return TillUnknown()
        reasons = {
            TillClosed(tills[0].till): tills[0].is_closed,
            NotYourTill(tills[0].till): tills[0].opened_by != sale.sold_by,
            TillCounted(tills[0].till): tills[0].is_counted,
            TillOfOtherSeller(sale.seller_id): tills[0].seller_id != sale.seller_id,
        }
        return next((refusal for refusal, is_so in reasons.items() if is_so), None)

    def booking(self, command: Book, funded: Funded) -> Booking:
        held_until = command.held_until or funded.held_until
        status = TicketStatus.HELD if held_until else TicketStatus.CONFIRMED
        lines = []
        for bill, cents, (session, tariff, line) in zip(
            self.bills(command), funded.credit, self.priced(command), strict=True
        ):
            tickets = [Ticket(n + 1, status, tariff.weight) for n in range(line.places)]
            card_id = line.holder.card_id if isinstance(line.holder, CardProof) else None
            terms = session.terms
            lines.append(
                Line(
                    bill.no, session.id, tariff.code, tariff.rank, bill.wallet_id, bill.wallet_id, card_id,
                    session.organiser_id, line.places, bill.cents, cents, tariff.vat_code,
                    self.pools_of(command, session, tariff), tickets, terms.cancel_fee_cents if terms else 0,
                    terms.mandate_id if terms else None,
                )
            )  # fmt: skip
        return Booking(
            command.region_id, command.booking_id, command.digest, command.channel, maker(command), self.now,
            held_until, lines, payments=[funded.payment] if funded.payment else [],
        )  # fmt: skip


def too_few(session: Session, tariff: Tariff, line: RequestedLine) -> Refusal | None:
    if line.places >= tariff.least:
        return None
    return errors.TooFewPlaces(session.id, tariff.code, line.places, tariff.least)


def is_for(tariff: Tariff, holder: Holder, day: date) -> bool:
    if tariff.eligibility == "social" and (holder.social_until is None or holder.social_until < day):
        return False
    if all(bound is None for bound in limits(tariff)):
        return True
    if holder.born_on is None:
        return False
    if not (tariff.born_from or date.min) <= holder.born_on <= (tariff.born_to or date.max):
        return False
    born, today = holder.born_on, (day.year, day.month, day.day)
    birthdays = [y for y in range(born.year + 1, day.year + 1) if (y, born.month, born.day) <= today]
    old_enough = tariff.age_from is None or len(birthdays) >= tariff.age_from
    return old_enough and (tariff.age_to is None or len(birthdays) <= tariff.age_to)


def maker(command: Book) -> BookingActor:
    match command.by:
        case ByHolder(membership_id):
            return BookingActor("holder", str(membership_id))
        case ByRepresentative(person_id):
            return BookingActor("holder", f"person/{person_id}")
        case ByPartner(given_id):
            return BookingActor("holder", f"partner/{given_id}")
        case ByGroup(group_id, staff_id):
            return BookingActor("holder", f"group/{group_id}/{staff_id}")
        case ByClient(client_id, _):
            return BookingActor("client", client_id)
        case ByGuest(link_id):
            return BookingActor("guest", link_id)
        case ByStaff(staff_id):
            return BookingActor("staff", str(staff_id))
        case ByWorker():
            return BookingActor("worker", "")
