"""What a booking can be refused for. The words stand in `templates/refusals/`."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from reservations.waiting_line.length import WaitingHere
from uit.core.age import asks_age
from uit.core.errors import Refusal


class SessionUnknown(Refusal, code="reservations.session_unknown", status=404):
    session_id: UUID


class BookingUnknown(Refusal, code="reservations.booking_unknown", status=404):
    booking_id: UUID


class NumberUnknown(Refusal, code="reservations.number_unknown", status=404):
    """What was typed or scanned at a till names no booking that can be dealt with there."""


class GuestLinkUnknown(Refusal, code="reservations.guest_link_unknown", status=404):
    """The link of a guest opens nothing: it is not whole, there is a newer one, or its term is over."""


class NoPassHere(Refusal, code="reservations.no_pass_here", status=409):
    """Who is signed in has no pass of this region."""


class MayNotAct(Refusal, code="reservations.may_not_act", status=403):
    """Who acts for another may not do this for them, or not any more; the refusal does not say which."""


class ClaimUnknown(Refusal, code="reservations.claim_unknown", status=404):
    """No booking of a guest has this number with this code."""


class AddressUnproven(Refusal, code="reservations.address_unproven", status=409):
    """The link in the guest's mail was not opened yet, so nobody knows whose address it is."""


class ClaimedBefore(Refusal, code="reservations.claimed_before", status=409):
    """The booking was claimed by somebody else."""


class TariffUnknown(Refusal, code="reservations.tariff_unknown", status=422):
    session_id: UUID
    tariff: str


class NotYourSession(Refusal, code="reservations.not_your_session", status=403):
    session_id: UUID


class OtherRegion(Refusal, code="reservations.other_region", status=409):
    """The pass belongs to another region than the session, or the lines to several regions."""

    session_id: UUID


class SessionCancelled(Refusal, code="reservations.session_cancelled", status=409):
    session_id: UUID


class NotOnSale(Refusal, code="reservations.not_on_sale", status=409):
    """Without a moment, its sale rests, or it is sold elsewhere."""

    session_id: UUID
    opens_at: datetime | None
    closed_at: datetime | None


class SoldOut(Refusal, code="reservations.sold_out", status=409):
    """In places: a ticket for a family of four asks four of them. `waiting`: where one can wait for them.

    `tariff`: only its own places are gone, those of a part of the room; at other prices there are more.
    """

    session_id: UUID
    places_asked: int
    places_left: int
    tariff: str | None = None
    waiting: WaitingHere | UnsetType = UNSET


class NotForYou(Refusal, code="reservations.not_for_you", status=409):
    """The tariff is for others. Says no more of who comes: why would tell a client their age or status.

    For which ages a tariff is stands beside it, and here. `asks_pass`: no pass was shown.
    """

    session_id: UUID
    tariff: str
    age_from: int | None = None
    age_to: int | None = None
    born_from: date | None = None
    born_to: date | None = None
    asks_pass: bool = False

    @property
    def asks_age(self) -> bool:
        """Whether it is only for some, by how old they are."""
        return asks_age(self.age_from, self.age_to, self.born_from, self.born_to)


class TooFewPlaces(Refusal, code="reservations.too_few_places", status=409):
    """The tariff is sold for a group, from so many places on."""

    session_id: UUID
    tariff: str
    places_asked: int
    places_least: int


class OnePlaceEach(Refusal, code="reservations.one_place_each", status=409):
    session_id: UUID
    tariff: str


class LookAgain(Refusal, code="reservations.look_again", status=409):
    """What was shown is no longer so; why is not said, as it would tell of somebody's own price."""


class CannotPayWith(Refusal, code="reservations.cannot_pay_with", status=409):
    """This date cannot be paid that way, or not any more."""

    session_id: UUID
    pay_with: str


class SeveralSellers(Refusal, code="reservations.several_sellers", status=409):
    """Money goes to one seller at a time, and at a desk to one organiser: each gets a booking of its own."""

    organiser_ids: tuple[UUID, ...]


class BasketFull(Refusal, code="reservations.basket_full", status=409):
    """A basket holds so many lines and no more."""

    most: int


class ReturnUrlForeign(Refusal, code="reservations.return_url_foreign", status=403):
    """The address to come back to is not at an origin that is registered for this client."""

    return_url: str


class PaymentUnknown(Refusal, code="reservations.payment_unknown", status=404):
    """The booking has no such payment."""

    booking_id: UUID
    payment_id: UUID


class PaymentDiffers(Refusal, code="reservations.payment_differs", status=409):
    """What came in is not what was asked for. Nothing changed; a person has to look."""

    payment_id: UUID
    asked_cents: int
    paid_cents: int


class PaymentOpen(Refusal, code="reservations.payment_open", status=409):
    """It waits for a payment by `card`, of which no part can end, at a `desk`, or an `answer` to an offer."""

    booking_id: UUID
    waits_for: Literal["card", "desk", "answer"] = "card"


class NothingDue(Refusal, code="reservations.nothing_due", status=409):
    """The booking waits for no money: it was paid, it lapsed, its date is over, or it costs nothing."""

    booking_id: UUID


class AlreadyPaid(Refusal, code="reservations.already_paid", status=409):
    """At a till: the booking of this number stands and all of it is paid, whichever way."""

    number: str


class CardAway(Refusal, code="reservations.card_away", status=503):
    """The payment provider does not answer, or there is none."""


class CannotLengthen(Refusal, code="reservations.cannot_lengthen", status=409):
    """Nothing is held for a payment by card whose page is open."""

    booking_id: UUID


class PriceChanged(Refusal, code="reservations.price_changed", status=409):
    price_seen_cents: int
    price_cents: int


class RemainingChanged(Refusal, code="reservations.remaining_changed", status=409):
    """What is to be paid besides credit is another amount than the one that was seen."""

    remaining_seen_cents: int
    remaining_cents: int


class SwapChanged(Refusal, code="reservations.swap_changed", status=409):
    """Another difference than the one that was seen: nothing was swapped. Below zero goes to the customer."""

    due_seen_cents: int
    due_cents: int


class SwapOfPass(Refusal, code="reservations.swap_of_pass", status=409):
    """Tickets of who has a pass are not swapped at a till: their price is their own."""

    booking_id: UUID


class NothingToSwap(Refusal, code="reservations.nothing_to_swap", status=409):
    """None of the tickets that were chosen can be handed in any more."""

    booking_id: UUID


class IdTaken(Refusal, code="reservations.id_taken", status=409):
    """The booking id was used before for something else."""

    booking_id: UUID


class LineUnknown(Refusal, code="reservations.line_unknown", status=404):
    """The booking has no such line, or its line no such ticket."""

    booking_id: UUID
    line_no: int
    ticket_no: int | None = None


class CancellationIdTaken(Refusal, code="reservations.cancellation_id_taken", status=409):
    """Under this id other tickets were given up before."""

    cancellation_id: UUID


class TooLate(Refusal, code="reservations.too_late", status=409):
    """`line_no` names the line in the way: nothing of the booking was cancelled."""

    booking_id: UUID
    cancel_until: datetime
    line_no: int


class AlreadyUsed(Refusal, code="reservations.already_used", status=409):
    """Tickets of this line were used, so they can no longer be given up."""

    booking_id: UUID
    line_no: int


class SessionPostponed(Refusal, code="reservations.session_postponed", status=409):
    """The date comes later: nobody is checked in until it has another time."""

    session_id: UUID


class SessionOver(Refusal, code="reservations.session_over", status=409):
    """The date took place already: it can no longer be called off, postponed or moved."""

    session_id: UUID


class CannotGoOn(Refusal, code="reservations.cannot_go_on", status=409):
    """The date is not called off, postponed or in doubt, so there is nothing to restore."""

    session_id: UUID


class PoolUnknown(Refusal, code="reservations.pool_unknown", status=404):
    pool_id: UUID


class BelowTaken(Refusal, code="reservations.below_taken", status=409):
    capacity: int
    taken: int


class AboveLicence(Refusal, code="reservations.above_licence", status=409):
    capacity: int
    licensed_capacity: int


class StillOpen(Refusal, code="reservations.still_open", status=409):
    """Who asks is not erased yet: bookings to come, credit put aside, money to give back. For staff only."""

    bookings: int
    credit_cents: int
    refunds: int
