"""What places would come to: the price, the credit that pays of it, and the ways to pay the rest."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from credits.payments.payment import LEAST_CARD_CENTS
from credits.wallet.spread import Bill, admitted_on, fits, most_cents_per_line
from reservations.booking.actor import MembershipProof
from reservations.booking.commands import Book, PayWith
from reservations.booking.facts import Facts, Session
from reservations.booking.funding import desk_until
from reservations.booking.quote import Quote, quote
from reservations.order.form import SeenTotal, encode_seen_total
from reservations.order.offer import SessionOffer
from uit.core.errors import Refusal
from uit.core.formats import euro, moment
from uit.core.translation import gettext as _


class Total(Struct, frozen=True):
    """The price of the places and the credit that pays, or the `refusal` that booking would get.

    `usable_cents` is the credit that may pay for this session, `left_cents` all credit after paying;
    `remaining_by` has the ways that are open to this booking, and what each leaves to pay. `seen_total` is
    the hidden field by which the form tells which total was shown. `desk_until`: until when places are kept
    for who pays at the box office. `fee_cents`: the most that the organiser keeps of the money of a ticket
    that is given up, 0 where there is no money to keep. `seats`: those that they get, if numbered.
    """

    price_cents: int
    credit_cents: int
    usable_cents: int
    left_cents: int
    refusal: Refusal | None
    remaining_by: dict[PayWith, int]
    seen_total: str
    desk_until: datetime | None
    fee_cents: int
    seats: tuple[str, ...] = ()

    @property
    def remaining_cents(self) -> int:
        return self.price_cents - self.credit_cents

    @property
    def ways(self) -> tuple[PayWith, ...]:
        """The ways that are open to this booking."""
        return tuple(self.remaining_by)

    @property
    def paid_ways(self) -> list[PayWith]:
        """The ways between which there is something to choose: none where credit pays all."""
        return [way for way in self.ways if way is not PayWith.CREDIT] if self.remaining_cents else []

    @property
    def differs(self) -> bool:
        """Whether one pays more by one way than by another: who keeps their credit pays all."""
        return len({self.remaining_by[way] for way in self.paid_ways}) > 1

    def way_for(self, chosen: PayWith | None) -> PayWith:
        """What was chosen, where that is open; else the first way that is."""
        if chosen in self.ways:
            return chosen
        return next(iter(self.paid_ways), PayWith.CREDIT)


def way_words(way: PayWith, total: Total) -> str:
    """A way with its amounts, so that one sees what each costs before one chooses it."""
    remaining_cents = total.remaining_by[way]
    credit_cents = total.price_cents - remaining_cents
    remaining = remaining_words(way, euro(remaining_cents))
    if credit_cents:
        return _("%(credit)s met krediet, %(remaining)s", credit=euro(credit_cents), remaining=remaining)
    return _("%(remaining)s, zonder krediet", remaining=remaining) if total.credit_cents else remaining


def remaining_words(way: PayWith, remaining: str) -> str:
    """What is paid by a way, besides credit."""
    match way:
        case PayWith.DESK:
            return _("%(remaining)s aan de kassa", remaining=remaining)
        case PayWith.INVOICE:
            return _("%(remaining)s op factuur", remaining=remaining)
        case _:
            return _("%(remaining)s met Bancontact of kaart", remaining=remaining)


def way_hint(way: PayWith, total: Total) -> str | None:
    if way is PayWith.DESK and total.desk_until:
        return _("We houden je plaatsen vrij tot %(until)s.", until=moment(total.desk_until))
    if way is PayWith.CREDIT_THEN_CARD and total.remaining_by[way] > total.remaining_cents:
        least = euro(LEAST_CARD_CENTS)
        return _("Met kaart betaal je minstens %(least)s. Je houdt dan meer krediet over.", least=least)
    if way is PayWith.INVOICE:
        return _("Voor een school, een vereniging of een dienst met een afspraak.")
    return None


def compute_total(offer: SessionOffer, command: Book, places: Mapping[str, int], now: datetime) -> Total:
    """What taking these places would come to now."""
    quoted, session = quote(offer.facts, command, now), offer.session
    price_cents = sum(each.price_cents * places.get(each.key, 0) for each in offer.choices)
    price_cents -= turns_cents(command, session)
    facts = of_wallets(offer.facts, command)
    all_cents = sum(purse.available_cents for purse in facts.purses if purse.lapses_at > now)
    remaining_cents = price_cents - quoted.credit_cents
    card_cents = quoted.remaining_by.get(PayWith.CREDIT_THEN_CARD, remaining_cents)
    seen = SeenTotal(price_cents, remaining_cents, card_cents)
    return Total(
        price_cents=price_cents,
        credit_cents=quoted.credit_cents,
        usable_cents=usable_cents(facts, price_cents, now),
        left_cents=all_cents - quoted.credit_cents,
        refusal=quote_refusal(quoted, session),
        remaining_by=ways_of(quoted, session),
        seen_total=encode_seen_total(seen, places),
        desk_until=desk_until(session, session.terms, now) if session.terms else None,
        fee_cents=session.terms.cancel_fee_cents if session.terms and remaining_cents > 0 else 0,
        seats=tuple(seat for line in quoted.lines for seat in line.seats),
    )


def turns_cents(command: Book, session: Session) -> int:
    """What places would cost that turns of a card pay for."""
    tariffs = [(line, session.tariff(line.tariff)) for line in command.lines if line.turn_card]
    return sum(tariff.price_cents * line.places for line, tariff in tariffs if tariff)


def of_wallets(facts: Facts, command: Book) -> Facts:
    """The facts with the purses of who comes alone."""
    holders = {
        line.holder.membership_id for line in command.lines if isinstance(line.holder, MembershipProof)
    }
    return replace(facts, purses=[purse for purse in facts.purses if purse.wallet_id in holders])


def ways_of(quoted: Quote, session: Session) -> dict[PayWith, int]:
    """The ways to offer, and what each leaves to pay.

    A quote says `invoice` to who has a good code; a page asks for the code.
    """
    takes_invoices = session.terms is not None and session.terms.invoices and quoted.remaining_cents > 0
    by_invoice = {PayWith.INVOICE: quoted.remaining_cents} if takes_invoices else {}
    return quoted.remaining_by | by_invoice


def quote_refusal(quoted: Quote, session: Session) -> Refusal | None:
    """Why these places cannot be had: a line that is refused, or no way to pay for them."""
    return quoted.refusal or (None if ways_of(quoted, session) else NotEnough(quoted.price_cents))


def usable_cents(facts: Facts, price_cents: int, now: datetime) -> int:
    """The credit in cents that may pay for one line of this session."""
    session = facts.sessions[0]
    bill = Bill(1, price_cents, session.organiser_id, session.domain, session.attendance)
    admitted = admitted_on(facts.admissions, now)
    return sum(most_cents_per_line(purse) for purse in facts.purses if fits(purse, bill, admitted, now))
