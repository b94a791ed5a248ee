"""A booking before it is made: who comes, who books it, and what it is called on the page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from reservations.booking.acting import HelpedMember
from reservations.booking.actor import Actor, ByGuest, ByHolder, ByRepresentative, MembershipProof
from reservations.booking.commands import Book, PayWith, RequestedLine, bound_to
from reservations.catalogue.agenda import SessionCard
from reservations.event_settings.settings import NameAsked
from reservations.order.choice import Choice, people_of
from reservations.order.course_order import CourseOrder
from reservations.order.for_whom import by_comer, label_of
from reservations.order.form import LONGEST_COUNT, Form
from reservations.order.offer import SessionOffer
from reservations.order.seat_choice import Hall, hall_of, seat_labels, with_seats
from reservations.order.total import Total, compute_total, way_hint, way_words
from reservations.order.turn_card_order import TurnCardOrder
from reservations.order.who_comes import Choosable, Comer, who_fields
from reservations.turn_card.turn_card import TurnCardRules
from uit.core.translation import gettext as _
from uit.web.form import Labels


class Order(Struct, frozen=True):
    """Who comes, the session to book, and what they may choose; where nobody with a pass comes it is a guest.

    `customer` is the organisation for which they book on an invoice, by the code that they filled in.
    `person_id` is who books, and `choosable` all who may come, where there is something to choose. `asks`: by
    which name its organiser reads of them. `code_digest`: of the code that they typed for a price. With
    `course` they enrol in that, and the session is one of its dates. `waiting`: how many wait where it is
    full. `turns`: with which card of turns they pay, where they have one.
    """

    region_id: int
    comers: list[Comer]
    booking_id: UUID
    card: SessionCard
    offer: SessionOffer
    customer: CustomerTerms | None = None
    person_id: UUID | None = None
    choosable: list[Choosable] = []
    asks: NameAsked = NameAsked.NONE
    code_digest: str | None = None
    course: CourseOrder | None = None
    waiting: int = 0
    turns: TurnCardOrder | None = None

    @property
    def asks_code(self) -> bool:
        """Whether a price that they may choose asks one."""
        return any(choice.asks_code for choice in self.offer.open)

    @property
    def is_guest(self) -> bool:
        return not self.comers

    @property
    def own_ids(self) -> set[UUID | None]:
        """By which pass whoever looks comes; a guest by none."""
        return {each.membership_id for each in self.comers if not each.helped} or {None}

    @property
    def helped(self) -> HelpedMember | None:
        """Who comes alone, where that is another than who looks."""
        return self.comers[0].helped if len(self.comers) == 1 else None

    @property
    def is_for_others(self) -> bool:
        return any(each.helped for each in self.comers)

    @property
    def is_limited(self) -> bool:
        """Whether not all credit of all who come may be spent."""
        return any(each.helped and each.helped.powers.spend_cents is not None for each in self.comers)

    @property
    def by_comer(self) -> list[tuple[Comer | None, list[Choice]]]:
        """What each who comes may choose; a guest is nobody."""
        return by_comer(self.comers, self.offer.open)

    @property
    def sold_as(self) -> TurnCardRules | None:
        """What a ticket is, where the session is sold as cards of turns."""
        return self.offer.facts.turn_cards.sold_as(self.card.session.id)

    @property
    def hall(self) -> Hall | None:
        """Where the seats are, when they are numbered."""
        return None if self.course else hall_of(self.offer.facts.seating)

    def as_command(self, places: Mapping[str, int], seats: Sequence[str] = (), wheelchairs: int = 0) -> Book:
        """The command that books these places with credit. Its digest binds the id to all of that.

        So the same form sent twice books once.
        """
        session_id = self.card.session.id
        chosen = [choice for choice in self.offer.in_order if places.get(choice.key)]
        lines = tuple(
            RequestedLine(
                session_id,
                choice.code,
                places[choice.key],
                MembershipProof(choice.holder_id) if choice.holder_id else None,
            )
            for choice in chosen
        )
        if self.course:
            lines = self.course.lines(lines)
        elif self.hall:
            comers = [choice.comers(places[choice.key]) for choice in chosen]
            lines = with_seats(lines, comers, seats, wheelchairs)
        if self.turns:
            lines = self.turns.lines(lines, chosen, self.offer.session, self.offer.in_order)
        content = "page", self.region_id, session_id, self.booking_id, lines
        asking = {choice.code for choice in self.offer.choices if choice.asks_code}
        lines = tuple(
            replace(line, code_digest=self.code_digest) if line.tariff in asking else line for line in lines
        )
        return Book(
            region_id=self.region_id,
            booking_id=self.booking_id,
            digest=bound_to("POST", *content),
            by=self.actor(places),
            lines=lines,
            channel="page",
            invoice_customer_id=self.customer.id if self.customer else None,
        )

    def offer_as_paid(self, places: Mapping[str, int]) -> SessionOffer:
        """The offer, in which what costs nothing that turns of a card pay for."""
        if self.turns is None or self.turns.chosen is None:
            return self.offer
        chosen = [choice for choice in self.offer.in_order if places.get(choice.key)]
        lines = self.as_command(places).lines
        paid = {each.key for each, line in zip(chosen, lines, strict=True) if line.turn_card}
        choices = [replace(each, price_cents=0) if each.key in paid else each for each in self.offer.choices]
        return replace(self.offer, choices=choices)

    def actor(self, places: Mapping[str, int]) -> Actor:
        """Who books these places: whoever looks for themselves or for others, or a guest."""
        holders = {choice.holder_id for choice in self.offer.choices if places.get(choice.key)}
        coming = [each for each in self.comers if each.membership_id in holders] or self.comers
        helped = tuple(each.membership_id for each in coming if each.helped)
        own_id = next((each.membership_id for each in coming if not each.helped), None)
        if helped and self.person_id:
            return ByRepresentative(self.person_id, helped, own_id)
        return ByHolder(own_id) if own_id else ByGuest(str(self.booking_id))

    def people(self, form: Form) -> int:
        return people_of(self.offer.choices, form.places)

    @property
    def who(self) -> dict[str, str]:
        """The fields of an address that say who comes, where that is not who looks alone, and for what."""
        return who_fields(self.comers) | self.of_course | self.of_turns

    @property
    def of_course(self) -> dict[str, str]:
        return self.course.fields if self.course else {}

    @property
    def of_turns(self) -> dict[str, str]:
        return self.turns.fields if self.turns else {}

    def name_of(self, choice: Choice) -> str | None:
        """What they are called for whom a choice is, where that is another than who looks."""
        return next((each.name for each in self.comers if each.key == choice.comer), None)

    def label_of(self, choice: Choice) -> str:
        """What a choice is called where it stands apart from who it is for."""
        return label_of(choice, self.comers)

    def has_place(self, comer: Comer) -> bool:
        """Whether another who comes has a place already, as far as who books may know."""
        return any(each.has_place for each in self.offer.choices if each.holder_id == comer.membership_id)

    @property
    def labels(self) -> Labels:
        """The labels of the fields of the form."""
        ticks = {each.field: _("Wie komt er?") for each in self.choosable}
        numbers = {choice.field: self.label_of(choice) for choice in self.offer.choices}
        return (
            ticks
            | numbers
            | ({self.course.field_of(self.course.to_come[0]): _("Welke keren?")} if self.course else {})
            | {
                "code": _("Code van de organisator"),
                **seat_labels(),
                "naam": _("Je naam"),
                "email": _("Je e-mailadres"),
                "klantcode": _("Code van je organisatie"),
                "kenmerk": _("Jullie kenmerk, bijvoorbeeld een bestelbon"),
            }
        )

    def bill(self, form: Form, total: Total) -> list[tuple[str, int]]:
        """The lines of the bill in cents: a price for each choice, and below zero the credit that pays."""
        lines = [
            (
                f"{self.label_of(choice)} \N{MULTIPLICATION SIGN} {places}"
                if places > 1
                else self.label_of(choice),
                choice.price_cents * places,
            )
            for choice in self.offer.choices
            if (places := form.places[choice.key])
        ]
        turns_cents = total.price_cents - sum(cents for _label, cents in lines)
        if turns_cents:
            lines.append((_("Met de beurtenkaart"), turns_cents))
        return [*lines, (_("Met krediet"), -total.credit_cents)] if total.credit_cents else lines

    def ways(self, total: Total) -> list[tuple[PayWith, str, str | None]]:
        """The ways to pay what credit does not, each in words, and what happens then."""
        return [(way, way_words(way, total), way_hint(way, total)) for way in total.paid_ways]

    def as_shown(self, form: Form) -> Form:
        """The form, with the total that it shows where that is of the dates and the card in it."""
        form = self.of_these_dates(form)
        is_as_shown = self.turns is None or self.turns.is_as_shown(form.typed)
        return form if is_as_shown else replace(form, seen=None)

    def of_these_dates(self, form: Form) -> Form:
        """The form, with the total that it shows where that is of the dates in it; one at least is chosen."""
        if self.course is None:
            return form
        errors = {**form.errors}
        if not self.course.chosen:
            errors[self.course.field_of(self.course.to_come[0])] = _("Kies minstens één keer.")
        return replace(form, errors=errors, seen=form.seen if self.course.is_as_shown(form.typed) else None)

    def total(self, form: Form, now: datetime) -> Total | None:
        """The total of the form; None when it has errors in its numbers, or no places."""
        if any(choice.field in form.errors for choice in self.offer.choices) or not any(form.places.values()):
            return None
        if self.course and not self.course.chosen:
            return None
        offer = self.offer
        if self.customer:
            offer = replace(offer, facts=replace(offer.facts, customers=[self.customer]))
        command = self.as_command(form.places, form.seats, form.wheelchairs)
        return compute_total(offer, command, form.places, now)

    def counts_for(self, form: Form, chosen: Sequence[str]) -> dict[str, str]:
        """The numbers of who still comes, by the fields of a page for these; who comes alone has no key."""
        stay = {each.membership_id for each in self.comers if each.value in chosen}
        moved = [
            (replace(choice, comer=choice.holder_id.hex if len(chosen) > 1 else ""), form.value(choice))
            for choice in self.offer.choices
            if choice.holder_id and choice.holder_id in stay
        ]
        return {choice.field: str(value)[:LONGEST_COUNT] for choice, value in moved}


class PriceForOther(Struct, frozen=True):
    """What a place costs another for whom one may book; None where there is no price for them.

    `has_place`: they have one already.
    """

    membership_id: UUID
    name: str
    price_cents: int | None
    has_place: bool


def prices_for_others(order: Order) -> list[PriceForOther]:
    """The lowest own price of each who comes, other than who looks."""
    found = []
    for comer, choices in order.by_comer:
        if comer and comer.helped:
            own = [choice.price_cents for choice in choices if choice.own and choice.most]
            name, has_place = comer.helped.given_name, order.has_place(comer)
            found.append(PriceForOther(comer.membership_id, name, min(own, default=None), has_place))
    return found
