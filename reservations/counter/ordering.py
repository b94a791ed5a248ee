"""A booking at the counter before it is made: who comes, what it costs, and how it is paid there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.till.facts import read_till_facts
from reservations.booking.acting import HelpedMember
from reservations.booking.facts import Holder
from reservations.booking.member import read_member
from reservations.booking.visit import with_fields
from reservations.box_office.order_at_till import OrderAtTill, TillTotal
from reservations.box_office.payment_form import labels as payment_labels
from reservations.box_office.till_at_work import find_till_at_work
from reservations.catalogue.agenda import read_cards
from reservations.counter.at_counter import AtCounter, others_of
from reservations.errors import SessionUnknown
from reservations.order.course_order import read_course_order
from reservations.order.form import Form
from reservations.order.offer import read_course_offer, read_offer
from reservations.order.order import Order
from reservations.order.turn_card_order import turn_card_order
from reservations.order.who_comes import WHO, Choosable, Comer, choosable, comers, who_fields
from reservations.turn_card_sales.on_sale import TurnCardOnSale, read_on_sale
from uit.core.errors import RefusalError
from uit.core.formats import joined
from uit.database.statements import Executor
from uit.web.form import Labels


class Coming(Struct, frozen=True):
    """Who comes of who is at the counter and all for whom they may book; `others` are those."""

    here: AtCounter
    comers: list[Comer]
    others: Sequence[HelpedMember]

    @property
    def who(self) -> dict[str, str]:
        """The field of an address that says so, where it is not who is at the counter alone."""
        return who_fields(self.comers)

    @property
    def names(self) -> str:
        return joined([each.name or "" for each in self.comers])

    @property
    def choosable(self) -> list[Choosable]:
        here = self.here
        return choosable(here.id, self.others, self.comers, here.holder.given_name)


class CounterOrder(Struct, frozen=True):
    """What is booked at the counter for whom; `turn_cards` are those that can be bought for it."""

    coming: Coming
    at_till: OrderAtTill
    turn_cards: Sequence[TurnCardOnSale] = ()

    @property
    def here(self) -> AtCounter:
        return self.coming.here

    @property
    def order(self) -> Order:
        return self.at_till.order

    @property
    def own_address(self) -> str:
        return self.here.address("boeken", self.order.card.session.id, self.order.booking_id)

    @property
    def address(self) -> str:
        """The same, for who comes."""
        return with_fields(self.own_address, self.order.who)

    @property
    def labels(self) -> Labels:
        return {**self.order.labels, **payment_labels()}

    def seated(self, form: Form) -> "CounterOrder":
        """The same with what a form says of seats."""
        return replace(self, at_till=self.at_till.seated(form))

    def with_code(self, code_digest: str | None) -> "CounterOrder":
        """The same with the code that a clerk typed for a price."""
        return replace(self, at_till=self.at_till.with_code(code_digest))

    def total(self, form: Form, now: datetime) -> TillTotal | None:
        """None when the form has errors, or no places."""
        return None if form.errors or not any(form.places.values()) else self.at_till.total(form.places, now)


async def read_order(  # noqa: PLR0913, PLR0917  who is at the counter, and what they book for whom
    tx: Executor, here: AtCounter, session_id: UUID, booking_id: UUID, asked: Mapping[str, str], now: datetime
) -> CounterOrder:
    """`asked` may say who comes, where that is not who is at the counter alone, and in what course.

    Raises SessionUnknown, CourseUnknown, CourseBegun, and MayNotAct for somebody for whom they may not book.
    """
    region_id, coming = here.desk.region.id, await read_coming(tx, here, asked.get(WHO, ""))
    language = here.holder.language
    cards = await read_cards(tx, region_id, [session_id], here.holder, now, language=language)
    if not cards:
        raise RefusalError(SessionUnknown(session_id))
    course = await read_course_order(tx, region_id, session_id, asked, now, language=language)
    if course:
        offer = await read_course_offer(tx, region_id, coming.comers, course, session_id)
    else:
        offer = await read_offer(tx, region_id, coming.comers, session_id, day=here.desk.counter.today)
    till = await find_till_at_work(
        tx, region_id, offer.session.organiser_id, here.staff_id, here.desk.counter.towns
    )
    if till:
        tills = await read_till_facts(tx, region_id, till.id)
        offer = replace(offer, facts=replace(offer.facts, tills=tills))
    order = Order(
        region_id, coming.comers, booking_id, cards[0], offer,
        person_id=here.open.person.id, choosable=coming.choosable, course=course,
        turns=None if course else turn_card_order(offer.facts, coming.comers, asked),
    )  # fmt: skip
    at_till = OrderAtTill(order, till, here.desk.counter, here.staff_id, "counter")
    on_sale = await read_on_sale(tx, region_id, cards[0].session.event_id, now, language)
    return CounterOrder(coming, at_till, on_sale)


async def read_coming(tx: Executor, here: AtCounter, who: str) -> Coming:
    """Who comes. Raises MayNotAct for somebody for whom they may not book."""
    others = await others_of(tx, here)
    return Coming(here, comers(here.id, others, who, here.holder.given_name), others)


async def holder_of_price(tx: Executor, coming: Coming) -> Holder | None:
    """Whose price a list shows: that of who comes alone. Of several it says what a place costs anybody."""
    if len(coming.comers) > 1:
        return None
    helped = coming.comers[0].helped
    if helped is None:
        return coming.here.holder
    return await read_member(tx, coming.here.desk.region.id, helped.person_id)
