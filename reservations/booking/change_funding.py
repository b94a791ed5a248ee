"""How the new places of a change are paid: with what the old ones give back, then with more. Pure.

Credit that comes back pays first, from the purse that it came from, also where that lapsed meanwhile. Then
money of a payment stays with the booking, for lines of the same organiser and VAT code. What is still
missing is credit, or a payment by card.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough, TillOfOtherSeller
from credits.payments.payment import (
    LEAST_CARD_CENTS,
    UNOPENED,
    Payment,
    PaymentMeans,
    PaymentStatus,
    SellerTerms,
)
from credits.wallet.spread import Bill, Hold, Purse, spread
from reservations.booking.answers import Ended
from reservations.booking.change_errors import OnInvoice
from reservations.booking.changed_content import Content, cents_of
from reservations.booking.commands import ChangeBooking, PayWith
from reservations.booking.facts import Booking, Line
from reservations.booking.funding import free_credit
from reservations.booking.planned import CreditHold, MovedMoney
from reservations.booking.remaining import Remaining
from reservations.errors import CannotPayWith, SeveralSellers
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal

BY_CARD: Final = frozenset({PayWith.CARD, PayWith.CREDIT_THEN_CARD})
WITH_CREDIT: Final = frozenset({PayWith.CREDIT, PayWith.CREDIT_THEN_CARD})
STAYS: Final = frozenset({PaymentMeans.CARD, PaymentMeans.DESK})
"""Money that can stay with a booking. What is owed on an invoice is credited, and asked for anew."""
JUST_NOW: Final = timedelta(seconds=1)


class ChangeFunding(Struct, frozen=True):
    """What pays for new lines: credit and money of the old ones, more credit, and a payment for the rest."""

    back: tuple[CreditHold, ...]
    moves: tuple[MovedMoney, ...]
    more: tuple[CreditHold, ...]
    payment: Payment | None = None

    @property
    def holds(self) -> tuple[CreditHold, ...]:
        return (*self.back, *self.more)


class Replacement(Struct, frozen=True):
    """What comes in the stead of what: the new lines of a booking, and all that goes back for them."""

    booking: Booking
    content: Content
    lines: Sequence[Line]
    ended: Ended


def fund_change(remaining: Remaining, command: ChangeBooking, wanted: Replacement) -> ChangeFunding | Refusal:
    """What pays for the new lines: what the old ones give back, and what is missing."""
    lines = wanted.lines
    most = most_credit(remaining, command, wanted)
    back = holds_of(remaining, lines, most, returned_purses(remaining, wanted.ended))
    missing = less({line.no: line.price_cents for line in lines}, back)
    moves = stay_with(wanted, missing)
    for each in moves:
        missing[each.to_line] -= each.cents
    more = list[Hold]()
    if command.pay_with in WITH_CREDIT or command.at_till:
        left = less(most, back)
        asked = {no: min(cents, left[no]) for no, cents in missing.items()}
        more = holds_of(remaining, lines, asked, other_purses(remaining, lines, back))
    to_pay = sum(less(missing, more).values())
    if to_pay and not command.at_till and command.pay_with not in BY_CARD:
        return unpaid(command, wanted, to_pay)
    if to_pay and not command.at_till:
        back, moves, more = leave_to_card(back, moves, more, max(0, LEAST_CARD_CENTS - to_pay))
    funding = as_funding(lines, back, moves, more)
    payment = payment_for(remaining, command, wanted, funding) if to_pay else None
    return payment if isinstance(payment, Refusal) else replace(funding, payment=payment)


def unpaid(command: ChangeBooking, wanted: Replacement, cents: int) -> Refusal:
    """Why what is missing cannot be paid so."""
    booking, lines = wanted.booking, wanted.lines
    if any(each.means is PaymentMeans.INVOICE and each.stands for each in booking.payments):
        return OnInvoice(booking.id, cents)
    has_credit = command.pay_with in WITH_CREDIT and any(line.wallet_id for line in lines)
    kept_cents = sum(cents_of(line, tickets, line.price_cents) for line, tickets in wanted.content.kept)
    price_cents = kept_cents + sum(line.price_cents for line in lines)
    return NotEnough(price_cents) if has_credit else CannotPayWith(lines[0].session_id, command.pay_with)


def less(cents: Mapping[int, int], holds: Iterable[Hold]) -> dict[int, int]:
    """What is left of amounts by line."""
    left = dict(cents)
    for hold in holds:
        left[hold.line_no] -= hold.cents
    return left


def most_credit(remaining: Remaining, command: ChangeBooking, wanted: Replacement) -> dict[int, int]:
    """The most that credit may pay of each new line, within what somebody may spend for its holder."""
    lines = wanted.lines
    left = {each: remaining.spend_cents(command.by, each) for each in {line.holder_id for line in lines}}
    for line, tickets in wanted.content.kept:
        limit = left.get(line.holder_id)
        if limit is not None:
            left[line.holder_id] = max(0, limit - cents_of(line, tickets, line.credit_cents))
    most = {}
    for line in lines:
        limit = left[line.holder_id]
        most[line.no] = line.price_cents if limit is None else min(line.price_cents, limit)
        if limit is not None:
            left[line.holder_id] = limit - most[line.no]
    return most


def returned_purses(remaining: Remaining, ended: Ended) -> list[Purse]:
    """The purses that get something back, with that alone: it can be spent on what comes instead."""
    cents: dict[UUID, int] = {}
    for part in ended.undone:
        cents[part.purse_id] = cents.get(part.purse_id, 0) + part.cents
    for hold in ended.holds:
        cents[hold.purse_id] -= hold.cents
    soon = remaining.now + JUST_NOW
    found = ((remaining.purses.get(purse_id), back) for purse_id, back in cents.items())
    return [
        replace(purse, available_cents=back, lapses_at=max(purse.lapses_at, soon))
        for purse, back in found
        if purse and back
    ]


def other_purses(remaining: Remaining, lines: Sequence[Line], back: Sequence[Hold]) -> list[Purse]:
    """What their holders have besides. A purse with a ceiling a line is not asked for the same line twice."""
    used = {hold.purse.id for hold in back if hold.purse.ceiling_cents is not None}
    wallets = dict.fromkeys(line.wallet_id for line in lines if line.wallet_id)
    return [
        copy(purse)
        for wallet_id in wallets
        for purse in remaining.wallets.get(wallet_id, ())
        if purse.id not in used
    ]


def holds_of(
    remaining: Remaining, lines: Sequence[Line], cents: Mapping[int, int], purses: Sequence[Purse]
) -> list[Hold]:
    """As much of these amounts as purses can pay, each wallet for its own lines."""
    bills: dict[UUID, list[Bill]] = {}
    for line in lines:
        if line.wallet_id and cents[line.no]:
            bills.setdefault(line.wallet_id, []).append(remaining.bill(line, cents[line.no]))
    return [
        hold
        for wallet_id, theirs in bills.items()
        for hold in spread(
            [each for each in purses if each.wallet_id == wallet_id],
            theirs,
            remaining.admitted,
            remaining.now,
        )
    ]


def stay_with(wanted: Replacement, missing: Mapping[int, int]) -> tuple[MovedMoney, ...]:
    """The money that would go back and pays for new lines instead: of their seller, at their VAT code."""
    booking, lines = wanted.booking, wanted.lines
    moves, left = list[MovedMoney](), dict(missing)
    for each in wanted.ended.refunds:
        payment, cents = booking.payment(each.payment_id), each.refund.amount_cents
        old = booking.lines[each.refund.line_no - 1]
        if payment is None or payment.means not in STAYS:
            continue
        for line in lines:
            taken = min(cents, left[line.no]) if sold_alike(old, line) else 0
            if taken:
                moves.append(MovedMoney(payment.id, old.no, line.no, taken))
                cents, left[line.no] = cents - taken, left[line.no] - taken
    return tuple(moves)


def sold_alike(old: Line, new: Line) -> bool:
    """Whether money for one may be money for the other: nothing of it then changes in anybody's books."""
    return (old.seller_id, old.mandate_id, old.vat_code) == (new.seller_id, new.mandate_id, new.vat_code)


def as_funding(
    lines: Sequence[Line], back: Sequence[Hold], moves: tuple[MovedMoney, ...], more: Sequence[Hold]
) -> ChangeFunding:
    payees = {line.no: line.seller_id for line in lines}
    back_holds, more_holds = (
        tuple(
            CreditHold(
                each.line_no, each.purse.id, each.purse.held_account_id, payees[each.line_no], each.cents
            )
            for each in holds
        )
        for holds in (back, more)
    )
    return ChangeFunding(back_holds, moves, more_holds)


def leave_to_card(
    back: Sequence[Hold], moves: tuple[MovedMoney, ...], more: Sequence[Hold], short: int
) -> tuple[list[Hold], tuple[MovedMoney, ...], list[Hold]]:
    """The same, with so much less of it that a card takes the rest: it takes no small amounts."""
    by_more = min(short, sum(each.cents for each in more))
    by_back = min(short - by_more, sum(each.cents for each in back))
    left, kept = short - by_more - by_back, list[MovedMoney]()
    for each in reversed(moves):
        taken = min(left, each.cents)
        left -= taken
        if each.cents > taken:
            kept.append(replace(each, cents=each.cents - taken))
    return free_credit(back, by_back, set()), tuple(reversed(kept)), free_credit(more, by_more, set())


def payment_for(
    remaining: Remaining, command: ChangeBooking, wanted: Replacement, funding: ChangeFunding
) -> Payment | Refusal:
    """The payment of what is still missing, to one seller: by card, or paid at once at its till."""
    booking, lines = wanted.booking, wanted.lines
    cents = {line.no: line.price_cents for line in lines}
    for each in funding.holds:
        cents[each.line_no] -= each.cents
    for move in funding.moves:
        cents[move.to_line] -= move.cents
    if not command.at_till and sum(cents.values()) < LEAST_CARD_CENTS:
        return CannotPayWith(lines[0].session_id, command.pay_with)
    seller = one_seller(remaining, command, [line for line in lines if cents[line.no]])
    if isinstance(seller, Refusal):
        return seller
    payment = Payment(
        id=command.payment_id or command.change_id,
        seller_id=seller.seller_id,
        mandate_id=seller.mandate_id,
        means=PaymentMeans.CARD,
        status=PaymentStatus.PENDING,
        amount_cents=sum(cents.values()),
        line_cents=(*(0 for _ in booking.lines), *cents.values()),
        account=seller.account,
        made_at=remaining.now,
        return_url=command.return_url,
    )
    return paid_at_till(payment, remaining.now) if command.at_till else payment


def paid_at_till(payment: Payment, now: datetime) -> Payment:
    """The same, as a till takes it in the same moment."""
    paid = PaymentStatus.PAID
    return replace(payment, means=PaymentMeans.DESK, status=paid, account=None, return_url=None, paid_at=now)


def one_seller(remaining: Remaining, command: ChangeBooking, to_pay: Sequence[Line]) -> SellerTerms | Refusal:
    """Who takes the money for these lines; a till takes it for one organiser alone."""
    terms = dict[tuple[UUID, UUID | None], SellerTerms]()
    for line in to_pay:
        found = terms_now(remaining, command, line)
        if isinstance(found, Refusal):
            return found
        terms[found.seller_id, line.seller_id if command.at_till else None] = found
    if len(terms) > 1:
        return SeveralSellers(tuple(sorted({line.seller_id for line in to_pay})))
    (seller,) = terms.values()
    return seller


def terms_now(remaining: Remaining, command: ChangeBooking, line: Line) -> SellerTerms | Refusal:
    """By which terms money for a line is taken today, so as it would be paid."""
    found = remaining.sessions[line.session_id].terms
    holds = found is not None and found.holds_on(day_in_flanders(remaining.now))
    if found and holds and command.at_till:
        is_theirs = found.seller_id == command.at_till.origin.seller_id
        return found if is_theirs else TillOfOtherSeller(found.seller_id)
    if found and holds and found.card:
        return found
    return CannotPayWith(line.session_id, command.pay_with)


def held_until(remaining: Remaining) -> datetime:
    """Until when places wait for their payment page."""
    return remaining.now + UNOPENED
