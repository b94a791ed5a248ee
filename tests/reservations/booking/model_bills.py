"""What a booking costs and which purses can pay it, said slowly.

A part of the model: see `model.py`.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from credits.wallet.spread import Hold, Purse
from reservations import errors
from reservations.booking.actor import Actor, ByRepresentative
from reservations.booking.commands import Book
from reservations.booking.facts import Session
from reservations.booking.tariff import Tariff
from tests.reservations.booking.model_holders import Holders
from tests.reservations.booking.model_paying import Funded, funded, most_covered, paid_to
from tests.reservations.booking.model_state import day_of
from uit.core.errors import Refusal


class Bill(NamedTuple):
    """An amount of one line, and whose wallet may pay it; nobody's for a guest."""

    no: int
    session: Session
    wallet_id: UUID | None
    cents: int


class Bills(Holders):
    """Adds up what is to be paid, and judges which purses paid it."""

    def price_cents(self, command: Book) -> int:
        return sum(tariff.price_cents * line.places for _, tariff, line in self.priced(command))

    def price_refusal(self, command: Book) -> Refusal | None:
        price_cents = self.price_cents(command)
        if command.price_seen_cents in {None, price_cents}:
            return None
        return errors.PriceChanged(command.price_seen_cents or 0, price_cents)

    def remaining_refusal(self, command: Book, funded: Funded) -> Refusal | None:
        """What is left to pay is what the client saw, and what a till took."""
        cents = self.price_cents(command) - sum(funded.credit)
        seen = [command.remaining_seen_cents]
        if command.sale:
            seen.append(sum(each.amount_cents for each in command.sale.tenders if each.means != "credit"))
        wrong = [each for each in seen if each not in {None, cents}]
        return errors.RemainingChanged(wrong[0] or 0, cents) if wrong else None

    def bills(self, command: Book) -> list[Bill]:
        """What each line costs, and whose wallet may pay for it."""
        return [
            Bill(no, session, self.wallet_id(line), tariff.price_cents * line.places)
            for no, (session, tariff, line) in enumerate(self.priced(command), start=1)
        ]

    def funded(self, command: Book) -> Funded | Refusal:
        """With credit for the first lines first; where that cannot be, otherwise."""
        bills, priced = self.bills(command), list(self.priced(command))
        tried = [
            funded(command, priced, self.most_in_order(command, bills, order), self.now, self.customers())
            for order in [bills, *self.orders(command, bills)]
        ]
        return next((each for each in tried if isinstance(each, Funded)), tried[0])

    def customers(self) -> list[CustomerTerms]:
        """Each with what is open of its invoices by now."""
        return [
            replace(
                each,
                open_cents=each.open_cents
                + sum(
                    booked.booking.payments[0].amount_cents
                    for booked in self.booked
                    if booked.invoice and booked.invoice.customer_id == each.id
                ),
            )
            for each in self.facts.customers
        ]

    def orders(self, command: Book, bills: Sequence[Bill]) -> list[list[Bill]]:
        """For each who may get the money: what cannot be paid to them needs the credit first."""
        goes_to = [paid_to(command, bill.session, self.now) for bill in bills]
        return [
            sorted(bills, key=lambda bill, seller=seller: (goes_to[bill.no - 1] == seller, bill.no))  # type: ignore[misc]
            for seller in dict.fromkeys(goes_to)
            if seller
        ]

    def capped(self, by: Actor, bills: Sequence[Bill]) -> list[Bill]:
        """The bills in order, each no higher than what is left of what somebody may spend for its holder."""
        if not isinstance(by, ByRepresentative):
            return list(bills)
        found: list[Bill] = []
        for bill in bills:
            cents = bill.cents
            if bill.wallet_id != by.own_id and bill.wallet_id:
                limits = [
                    each.limit_cents if "pay" in each.powers else 0
                    for each in self.in_force(by, bill.wallet_id)
                    if "book" in each.powers
                ]
                spent = sum(each.cents for each in found if each.wallet_id == bill.wallet_id)
                if None not in limits:
                    cents = min(cents, max([each or 0 for each in limits], default=0) - spent)
            found.append(bill._replace(cents=cents))
        return found

    def most_in_order(self, command: Book, bills: Sequence[Bill], order: Sequence[Bill]) -> list[int]:
        """What credit can pay of each bill, when all of its wallet before it got what they could."""
        if command.pay_with == "card":
            return [0 for _ in bills]
        cents, order = {}, self.capped(command.by, order)
        for at, bill in enumerate(order):
            before = [each for each in order[:at] if each.wallet_id == bill.wallet_id]
            cents[bill.no] = self.most([*before, bill]) - self.most(before)
        return [cents[bill.no] for bill in bills]

    def most(self, bills: Sequence[Bill]) -> int:
        """What the purses of a wallet can pay of its bills together."""
        purses = [each for each in self.facts.purses if bills and each.wallet_id == bills[0].wallet_id]
        return most_covered(
            [(bill.cents, tuple(self.most_on(bill, purse) for purse in purses)) for bill in bills],
            [self.available_cents(purse) for purse in purses],
        )

    def most_on(self, bill: Bill, purse: Purse) -> int:
        """What a purse may pay of one line, by its rules alone."""
        session = bill.session
        fits = (
            self.now < self.lapses_at(purse.id, self.as_given(purse).lapses_at)
            and (not purse.domains or session.domain in purse.domains)
            and (not purse.attendance or session.attendance in purse.attendance)
            and self.is_admitted(purse.programme_id, session.organiser_id)
        )
        ceiling = bill.cents if purse.ceiling_cents is None else min(bill.cents, purse.ceiling_cents)
        return ceiling if fits else 0

    def is_admitted(self, programme_id: UUID, organiser_id: UUID) -> bool:
        today = day_of(self.now)
        return any(
            (each.programme_id, each.organiser_id) == (programme_id, organiser_id)
            and each.starts_on <= today
            and (each.ends_on is None or each.ends_on >= today)
            for each in self.facts.admissions
        )

    def check_holds(self, bills: Sequence[Bill], credit: Sequence[int], holds: Sequence[Hold]) -> None:
        """Each line gets its credit, from its own wallet's purses, within what each has and allows."""
        for purse in {hold.purse.id: hold.purse for hold in holds}.values():
            drawn_cents = sum(hold.cents for hold in holds if hold.purse.id == purse.id)
            assert drawn_cents <= self.available_cents(purse)
        for bill, cents in zip(bills, credit, strict=True):
            paying = [hold for hold in holds if hold.line_no == bill.no]
            assert sum(hold.cents for hold in paying) == cents
            assert len({hold.purse.id for hold in paying}) == len(paying)
            assert all(hold.purse.wallet_id == bill.wallet_id for hold in paying)
            assert all(0 < hold.cents <= self.most_on(bill, hold.purse) for hold in paying)
        if len(bills) == 1:
            self.check_soonest_first(bills[0], credit[0], holds)

    def check_soonest_first(self, bill: Bill, missing: int, holds: Sequence[Hold]) -> None:
        """With one line there is one right choice: what lapses first is spent first."""
        expected = {}
        for purse in sorted(
            self.facts.purses, key=lambda each: (self.lapses_at(each.id, each.lapses_at), each.id)
        ):
            if purse.wallet_id == bill.wallet_id:
                part = min(missing, self.most_on(bill, purse), self.available_cents(purse))
                expected[purse.id] = part
                missing -= part
        assert {hold.purse.id: hold.cents for hold in holds} == {key: n for key, n in expected.items() if n}


def limits(tariff: Tariff) -> tuple[int | None, int | None, date | None, date | None]:
    return tariff.age_from, tariff.age_to, tariff.born_from, tariff.born_to
