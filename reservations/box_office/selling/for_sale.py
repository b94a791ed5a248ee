"""The dates that a till can sell now, and one of them with its tariffs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.till.facts import read_till_facts
from credits.till.sale import SaleLine
from reservations.booking.commands import RequestedLine
from reservations.booking.services import BookingServices
from reservations.box_office.selling.selling import enrolled_lines, seated_lines, sold_lines
from reservations.box_office.till_page import OpenTill
from reservations.catalogue.agenda import Availability, SessionCard, read_cards
from reservations.cursor import Cursor, read_cursor
from reservations.errors import SessionUnknown
from reservations.order.course_order import CourseOrder, read_course_order
from reservations.order.form import Form
from reservations.order.offer import SessionOffer, read_course_offer, read_offer
from reservations.order.seat_choice import Hall, hall_of
from reservations.sessions.occupancy import SessionOccupancy, coming_sessions
from uit.core.errors import RefusalError
from uit.core.translation import DUTCH
from uit.database.statements import Executor

ON_SALE: Final = {Availability.OPEN, Availability.FULL}


class DateForSale(Struct, frozen=True):
    """A date of the organiser of a till, as its page shows it, and what that till can sell of it.

    With `course` all of that is sold, and not the date by itself.
    """

    card: SessionCard
    offer: SessionOffer
    course: CourseOrder | None = None

    @property
    def session_id(self) -> UUID:
        return self.card.session.id

    @property
    def hall(self) -> Hall | None:
        """Where the seats are, when they are numbered."""
        return None if self.course else hall_of(self.offer.facts.seating)

    def lines(self, form: Form) -> tuple[SaleLine, ...]:
        """What is sold by a form; nothing as long as something is wrong with it."""
        if form.errors:
            return ()
        if self.course:
            return enrolled_lines(self.course, self.offer, form.places)
        return sold_lines(self.card.session.name, self.offer, form.places)

    @property
    def asks_code(self) -> bool:
        """Whether a price that can be sold asks a code."""
        return any(choice.asks_code for choice in self.offer.choices)

    def requested(self, form: Form) -> tuple[RequestedLine, ...]:
        """What is booked by a form."""
        lines = seated_lines(self.session_id, self.offer, form)
        return self.course.lines(lines) if self.course else lines


async def date_for_sale(
    services: BookingServices, till: OpenTill, session_id: UUID, asked: Mapping[str, str] | None = None
) -> DateForSale:
    """With `asked`, which may name a course, what is sold in one is sold as that.

    Raises SessionUnknown for a date of another organiser, and for a card of turns, which needs a pass.
    """
    now = services.clock.now()
    async with services.database.reading() as connection:
        cards = await read_cards(connection, till.region_id, [session_id], None, now, language=DUTCH)
        course = await course_for_sale(connection, till, session_id, asked, now)
        offer: SessionOffer | None
        if course:
            offer = await read_course_offer(connection, till.region_id, [], course, session_id, at_desk=True)
        else:
            offer = (
                await read_offer(connection, till.region_id, [], session_id, at_desk=True) if cards else None
            )
        tills = await read_till_facts(connection, till.region_id, till.session.id)
    if offer is None or offer.session.organiser_id != till.organiser_id or offer.session.is_turn_card:
        raise RefusalError(SessionUnknown(session_id))
    return DateForSale(cards[0], replace(offer, facts=replace(offer.facts, tills=tills)), course)


async def course_for_sale(
    tx: Executor, till: OpenTill, session_id: UUID, asked: Mapping[str, str] | None, now: datetime
) -> CourseOrder | None:
    if asked is None:
        return None
    return await read_course_order(tx, till.region_id, session_id, asked, now)


async def dates_for_sale(
    services: BookingServices, till: OpenTill, after: str
) -> tuple[list[SessionOccupancy], Cursor | None]:
    """The coming dates that are on sale now, soonest first, and where the next page begins."""
    now = services.clock.now()
    async with services.database.reading() as connection:
        found, more = await coming_sessions(
            connection, till.region_id, till.organiser_id, now, read_cursor(after)
        )
        cards = await read_cards(
            connection, till.region_id, [each.id for each in found], None, now, language=DUTCH
        )
    on_sale = {card.session.id for card in cards if card.availability in ON_SALE}
    return [each for each in found if each.id in on_sale], more
