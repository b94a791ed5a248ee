"""A booking before it is made: who orders what, the total, and the ways to pay it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough
from credits.invoice.terms import CustomerTerms
from credits.payments.payment import LEAST_CARD_CENTS
from credits.wallet.spread import Bill, admitted_on, fits, most_cents_per_line
from reservations.booking.acting import HelpedMember
from reservations.booking.commands import (
    Actor,
    Book,
    ByGuest,
    ByHolder,
    ByRepresentative,
    MembershipProof,
    PayWith,
    RequestedLine,
    bound_to,
)
from reservations.booking.facts import Facts, Session
from reservations.booking.funding import desk_until
from reservations.booking.member import Member
from reservations.booking.quote import Quote, quote
from reservations.catalogue.agenda import SessionCard
from reservations.order.form import Form, SeenTotal, encode_seen_total
from reservations.order.offer import SessionOffer
from uit.core.errors import Refusal
from uit.core.formats import euro, moment
from uit.core.translation import gettext as _
from uit.web.form import Labels

WHO: Final = "voor"
"""The field that says for which member somebody books."""


class Total(Struct, frozen=True):
    """The price of the places and the credit that pays, or the `refusal` that booking would get.

    `usable_cents` is the credit that may pay for this session, `left_cents` all credit after paying;
    `remaining_by` has the ways that are open to this booking, and what each leaves to pay. `seen_total` is
    the hidden field by which the form tells which total was shown. `desk_until`: until when places are kept
    for who pays at the box office. `fee_cents`: the most that the organiser keeps of the money of a ticket
    that is given up, 0 where there is no money to keep.
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


class Order(Struct, frozen=True):
    """Who comes, the session to book, and what they may choose; without `member` it is a guest.

    `customer` is the organisation for which they book on an invoice, by the code that they filled in.
    `helped` is another for whom `person_id` books, and who is then `member`; `others` are all for whom they
    may book, and `self_comes` says whether they can come themselves.
    """

    region_id: int
    member: Member | None
    booking_id: UUID
    card: SessionCard
    offer: SessionOffer
    customer: CustomerTerms | None = None
    person_id: UUID | None = None
    helped: HelpedMember | None = None
    others: list[HelpedMember] = []
    self_comes: bool = True

    def as_command(self, places: Mapping[str, int]) -> Book:
        """The command that books these places with credit. Its digest binds the id to all of that.

        So the same form sent twice books once.
        """
        session_id = self.card.session.id
        holder = MembershipProof(self.member.id) if self.member else None
        lines = tuple(
            RequestedLine(session_id, code, number, holder)
            for code, number in sorted(places.items())
            if number
        )
        content = "page", self.region_id, session_id, self.booking_id, lines
        return Book(
            region_id=self.region_id,
            booking_id=self.booking_id,
            digest=bound_to("POST", *content),
            by=self.actor,
            lines=lines,
            channel="page",
            invoice_customer_id=self.customer.id if self.customer else None,
        )

    @property
    def actor(self) -> Actor:
        if self.helped and self.person_id:
            return ByRepresentative(self.person_id, self.helped.membership_id)
        return ByHolder(self.member.id) if self.member else ByGuest(str(self.booking_id))

    @property
    def who(self) -> dict[str, str]:
        """The field of an address that says who comes, where that is another."""
        return {WHO: str(self.helped.membership_id)} if self.helped else {}

    @property
    def labels(self) -> Labels:
        """The labels of the fields of the form."""
        return {choice.field: choice.label for choice in self.offer.choices} | {
            "naam": _("Je naam"),
            "email": _("Je e-mailadres"),
            "klantcode": _("Code van je organisatie"),
            "kenmerk": _("Jullie kenmerk, bijvoorbeeld een bestelbon"),
        }

    def bill(self, form: Form, total: Total) -> list[tuple[str, int]]:
        """The lines of the bill in cents: a price for each choice, and below zero the credit that pays."""
        lines = [
            (
                f"{choice.label} \N{MULTIPLICATION SIGN} {places}" if places > 1 else choice.label,
                choice.price_cents * places,
            )
            for choice in self.offer.choices
            if (places := form.places[choice.code])
        ]
        return [*lines, (_("Met krediet"), -total.credit_cents)] if total.credit_cents else lines

    def ways(self, total: Total) -> list[tuple[PayWith, str, str | None]]:
        """The ways to pay what credit does not, each in words, and what happens then."""
        return [(way, way_words(way, total), way_hint(way, total)) for way in total.paid_ways]

    def total(self, form: Form, now: datetime) -> Total | None:
        """The total of the form; None when it has errors in its numbers, or no places."""
        if any(choice.field in form.errors for choice in self.offer.choices) or not any(form.places.values()):
            return None
        offer = self.offer
        if self.customer:
            offer = replace(offer, facts=replace(offer.facts, customers=[self.customer]))
        return compute_total(offer, self.as_command(form.places), now)


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


def compute_total(offer: SessionOffer, command: Book, now: datetime) -> Total:
    """What taking these places would come to now."""
    quoted, session = quote(offer.facts, command, now), offer.session
    price_cents = sum(
        tariff.price_cents * wanted.places
        for wanted in command.lines
        if (tariff := session.tariff(wanted.tariff))
    )
    all_cents = sum(purse.available_cents for purse in offer.facts.purses if purse.lapses_at > now)
    remaining_cents = price_cents - quoted.credit_cents
    card_cents = quoted.remaining_by.get(PayWith.CREDIT_THEN_CARD, remaining_cents)
    seen = SeenTotal(price_cents, remaining_cents, card_cents)
    return Total(
        price_cents=price_cents,
        credit_cents=quoted.credit_cents,
        usable_cents=usable_cents(offer.facts, price_cents, now),
        left_cents=all_cents - quoted.credit_cents,
        refusal=quote_refusal(quoted, session),
        remaining_by=ways_of(quoted, session),
        seen_total=encode_seen_total(seen, {wanted.tariff: wanted.places for wanted in command.lines}),
        desk_until=desk_until(session, session.terms, now) if session.terms else None,
        fee_cents=session.terms.cancel_fee_cents if session.terms and remaining_cents > 0 else 0,
    )


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
