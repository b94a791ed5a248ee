"""What the pages on which a partner books share, for a group as for somebody for whom it acts."""

from collections.abc import Mapping
from typing import Any, Final, Protocol
from uuid import UUID

from reservations.booking.actor import ByGroup, ByPartner
from reservations.booking.commands import Book, GiveUp
from reservations.booking.facts import BookingActor
from reservations.booking.giving_up import givable, read_facts
from reservations.booking.tickets import cancel_until, number_of, outings_seen
from reservations.booking.to_pay import read_to_pay
from reservations.booking.visit import next_page
from reservations.catalogue.agenda import read_cards
from reservations.cursor import read_cursor
from reservations.errors import BookingUnknown
from reservations.groups.bookings import HOW_MANY, dates_on_sale, give_up_command, offered
from reservations.groups.order import SEEN, HowManyForm, PartnerOrder
from reservations.groups.partner_desk import PartnerDesk
from uit.core.errors import Refusal, RefusalError
from uit.core.ids import Ids
from uit.core.one_line import one_line
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.web.form import Errors, required_id
from uit.web.view import Page, form_status

LONGEST_SEARCH: Final = 60


class BookedFor(Protocol):
    """For whom a partner books, open at its desk. `called`: as its pages name them."""

    @property
    def desk(self) -> PartnerDesk: ...

    @property
    def called(self) -> str: ...

    @property
    def by(self) -> ByGroup | ByPartner: ...

    def made(self, by: BookingActor) -> bool:
        """Whether a booking that was made by this is one of theirs here."""

    def address(self, *parts: object) -> str: ...


async def dates_facts(  # noqa: PLR0913  for whom, and what is looked for
    tx: Executor, here: BookedFor, ids: Ids, search: str, after: str, *, with_rooms: bool = False
) -> dict[str, Any]:
    """What `groups/dates.html` shows of the dates that are on sale; `with_rooms` as in `dates_on_sale`."""
    text, region_id, now = one_line(search)[:LONGEST_SEARCH], here.desk.region.id, here.desk.author.now
    found, more = await dates_on_sale(tx, region_id, text, now, read_cursor(after), with_rooms=with_rooms)
    cards = await read_cards(tx, region_id, found, None, now, language=DUTCH)
    begin = here.address("boeken")
    return {
        "who": here.called,
        "back": here.address(),
        "text": text,
        "dates": [(card, f"{begin}/{card.session.id}/{ids.new()}") for card in cards],
        "first": begin if after else None,
        "next": next_page(begin, {"zoek": text}, more),
    }


def order_page(
    here: BookedFor, order: PartnerOrder, form: HowManyForm, refusal: Refusal | None = None
) -> Page:
    """The form with what it comes to, and above it why it is refused, or would be."""
    total = None if form.errors else order.total(form.places, here.desk.author.now)
    return here.desk.page(
        "groups/order",
        form_status(refusal, form.errors),
        who=here.called,
        back=here.address("boeken"),
        order=order,
        form=form,
        total=total,
        action=here.address("boeken", order.session.id, order.booking_id),
        errors=form.errors,
        refusal=refusal or (total.refusal if total else None),
        labels=order.labels,
    )


def read_book(here: BookedFor, order: PartnerOrder, form: HowManyForm, ids: Ids) -> Book | None:
    """The booking, once the form books and what it comes to is what was shown; else None."""
    total = None if form.errors else order.total(form.places, here.desk.author.now)
    if total is None or not form.is_booking or form.typed.get(SEEN) != total.seen:
        return None
    return total.bound(order.command(form.places), ids.new())


def read_give_up(here: BookedFor, booking_id: UUID, typed: Mapping[str, str]) -> GiveUp | Errors:
    cancellation_id = required_id(typed, "cancellation_id")
    return give_up_command(here.desk.region.id, booking_id, here.by, cancellation_id, typed)


async def booking_facts(  # noqa: PLR0913, PLR0917  whose booking, and what was typed there
    tx: Executor,
    here: BookedFor,
    ids: Ids,
    booking_id: UUID,
    typed: Mapping[str, str],
    errors: Errors | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """What was booked, and giving some of it back. Raises BookingUnknown for a booking of another."""
    region_id, now = here.desk.region.id, here.desk.author.now
    facts = await read_facts(tx, region_id, booking_id)
    outings = await outings_seen(tx, region_id, [booking_id], None)
    if not facts.bookings or not outings or not here.made(facts.bookings[0].by):
        raise RefusalError(BookingUnknown(booking_id))
    gives = givable(facts, here.by, now)
    return {
        "booking": facts.bookings[0],
        "number": number_of(booking_id),
        "outing": outings[0],
        "givable": gives,
        "offered": offered(gives),
        "cancel_until": cancel_until(outings),
        "cancellation_id": ids.new(),
        "address": here.address("boekingen", booking_id),
        "typed": typed,
        "errors": errors or {},
        "refusal": refusal,
        "labels": {HOW_MANY: _("Hoeveel plaatsen geef je terug?")},
        **await read_to_pay(tx, facts.bookings[0], now),
    }
