"""A pass that is shown at a box office: whose it is, and what that permits there, for its own dates alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.till.facts import read_till_facts
from reservations.booking.member import Member, read_member
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.box_office.order_at_till import OrderAtTill
from reservations.box_office.till_page import OpenTill
from reservations.catalogue.agenda import read_cards
from reservations.errors import (
    LookAgain,
    NotForYou,
    OnePlaceEach,
    PriceChanged,
    SessionUnknown,
    SoldOut,
)
from reservations.order.choice import Choice
from reservations.order.course_order import read_course_order
from reservations.order.form import Form
from reservations.order.offer import SessionOffer, read_course_offer, read_offer
from reservations.order.order import Order
from reservations.order.turn_card_order import turn_card_order
from reservations.order.who_comes import Comer
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.person.person import read_person
from uit.passes.membership.membership import read_membership
from uit.passes.permission.permission import (
    NewPermission,
    PermissionKind,
    give,
    holder_of_shown,
    read_box_office_permission,
)
from uit.services.look import Look, write_looks


class ShownPass(Struct, frozen=True):
    """Who showed a pass at a till. Of them it says the name, and nothing else."""

    till: OpenTill
    permission_id: UUID
    person_id: UUID
    member: Member
    name: str

    def address(self, *parts: object) -> str:
        return self.till.address("pas", self.permission_id, *parts)


async def permit_shown(
    services: BookingServices, till: OpenTill, token: str, given_id: UUID
) -> Refusal | str:
    """Write down that a pass was shown, once for the id of the form; the address where one goes on."""
    author, worker = till.desk.author, till.desk.worker
    async with services.database.transaction() as tx:
        shown = await holder_of_shown(tx, services.secrets.signing, author, token)
        if isinstance(shown, Refusal):
            return shown
        given = NewPermission(given_id, shown, PermissionKind.PASS, organiser_id=worker.organiser_id)
        await give(tx, author, worker.staff_id, given)
        membership = await read_membership(tx, till.region_id, shown)
        assert membership is not None
        key = str(worker.organiser_id)
        seen = Look(given_id, membership.person_id, author.now, "organiser", key, "price")
        await write_looks(tx, till.region_id, [seen])
    return till.address("pas", given_id)


async def shown_here(tx: Executor, till: OpenTill, permission_id: UUID) -> ShownPass:
    """Raises NotFound half an hour later, for another member of staff, and at another organiser."""
    worker, author = till.desk.worker, till.desk.author
    permission = await read_box_office_permission(
        tx, till.region_id, permission_id, worker.staff_id, worker.organiser_id, author.now
    )
    membership = await read_membership(tx, till.region_id, permission.membership_id) if permission else None
    if membership is None or not membership.is_active(author.today):
        raise RefusalError(NotFound())
    person = await read_person(tx, membership.person_id)
    member = await read_member(tx, till.region_id, membership.person_id)
    assert person is not None
    assert member is not None
    return ShownPass(till, permission_id, person.id, member, person.full_name)


class PassOrder(Struct, frozen=True):
    """Places for who showed a pass. Which price is theirs the box office neither sees nor chooses."""

    shown: ShownPass
    at_till: OrderAtTill

    def seated(self, form: Form) -> "PassOrder":
        """The same with what a form says of seats."""
        return replace(self, at_till=self.at_till.seated(form))

    @property
    def choices(self) -> list[Choice]:
        """What there is for anybody; a price of their own hides behind the common one."""
        choices, words = self.at_till.order.offer.choices, self.words
        common = [each for each in choices if not each.personal]
        personal = [replace(each, label=words, personal=False) for each in choices if each.personal]
        return [as_anybodys(each, words) for each in common] or personal

    @property
    def words(self) -> str:
        """What is sold at a price that has no name."""
        return _("Beurtenkaart") if self.at_till.order.sold_as else _("Gewone plaats")

    def places(self, typed: Mapping[str, int]) -> dict[str, int]:
        """The places by their tariffs: one at their own price first, where they may have it still."""
        own = next((each for each in self.at_till.order.offer.open if each.personal), None)
        common = next((each for each in self.at_till.order.offer.open if each.is_common), None)
        if own is None or common is None or not typed.get(common.code):
            return dict(typed)
        return {**typed, own.code: 1, common.code: typed[common.code] - 1}


async def is_sold(tx: Executor, order: PassOrder, typed: Mapping[str, int]) -> bool:
    """Whether this form has booked so many places already. At which prices, it does not say itself."""
    made = order.at_till.order
    booking = await read_booking(tx, made.region_id, made.booking_id)
    if booking is None or booking.by != made.actor(typed).as_stored():
        return False
    sessions = {line.session_id for line in booking.lines}
    dates = {*made.course.chosen} if made.course else {made.card.session.id}
    places = sum(len(line.tickets) for line in booking.lines)
    return sessions == dates and places == sum(typed.values()) * len(dates)


def as_anybodys(choice: Choice, common: str) -> Choice:
    """A choice as it says nothing of who chooses; what anybody may have is called `common`."""
    is_named = not (choice.personal or choice.is_common)
    label = choice.label if is_named else common
    return replace(choice, label=label, own=False, personal=False, is_proven=False, along=False)


async def read_pass_order(
    tx: Executor, shown: ShownPass, session_id: UUID, booking_id: UUID, asked: Mapping[str, str]
) -> PassOrder:
    """`asked` may name a card of turns. Raises SessionUnknown for a date of another organiser."""
    till, member = shown.till, shown.member
    cards = await read_cards(tx, till.region_id, [session_id], member, till.desk.author.now, language=DUTCH)
    comers = [Comer(member.id)]
    course = await read_course_order(tx, till.region_id, session_id, {}, till.desk.author.now)
    offer: SessionOffer | None
    if course:
        offer = await read_course_offer(tx, till.region_id, comers, course, session_id)
    else:
        offer = await read_offer(tx, till.region_id, comers, session_id) if cards else None
    if offer is None or offer.session.organiser_id != till.organiser_id:
        raise RefusalError(SessionUnknown(session_id))
    tills = await read_till_facts(tx, till.region_id, till.session.id)
    offer = replace(offer, facts=replace(offer.facts, tills=tills))
    turns = None if course else turn_card_order(offer.facts, comers, asked)
    order = Order(till.region_id, comers, booking_id, cards[0], offer, course=course, turns=turns)
    worker = till.desk.worker
    at_till = OrderAtTill(order, till.at_work, till.desk.author, worker.staff_id, "box_office")
    return PassOrder(shown, at_till)


def without_own_price(refusal: Refusal) -> Refusal:
    """The refusal as a box office may read it: those that tell of a price of somebody's own say no more."""
    if isinstance(refusal, SoldOut):
        return replace(refusal, tariff=None)
    return LookAgain() if isinstance(refusal, OnePlaceEach | PriceChanged | NotForYou) else refusal


def fields_of(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.field: choice.label for choice in choices}
