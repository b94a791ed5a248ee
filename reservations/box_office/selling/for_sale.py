"""The dates that a till can sell now, and one of them with its tariffs."""

from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.till.facts import read_till_facts
from credits.till.sale import SaleLine
from reservations.booking.services import BookingServices
from reservations.box_office.selling.selling import sold_lines
from reservations.box_office.till_page import OpenTill
from reservations.catalogue.agenda import Availability, SessionCard, read_cards
from reservations.cursor import Cursor, read_cursor
from reservations.errors import SessionUnknown
from reservations.order.form import Form
from reservations.order.offer import SessionOffer, read_offer
from reservations.sessions.occupancy import SessionOccupancy, coming_sessions
from uit.core.errors import RefusalError

ON_SALE: Final = {Availability.OPEN, Availability.FULL}


class DateForSale(Struct, frozen=True):
    """A date of the organiser of a till, as its page shows it, and what that till can sell of it."""

    card: SessionCard
    offer: SessionOffer

    @property
    def session_id(self) -> UUID:
        return self.card.session.id

    def lines(self, form: Form) -> tuple[SaleLine, ...]:
        """What is sold by a form; nothing as long as something is wrong with it."""
        return () if form.errors else sold_lines(self.card.session.name, self.offer, form.places)


async def date_for_sale(services: BookingServices, till: OpenTill, session_id: UUID) -> DateForSale:
    """Raises SessionUnknown for a date of another organiser."""
    async with services.database.reading() as connection:
        cards = await read_cards(connection, till.region_id, [session_id], None, services.clock.now())
        offer = (
            await read_offer(connection, till.region_id, None, session_id, at_desk=True) if cards else None
        )
        tills = await read_till_facts(connection, till.region_id, till.session.id)
    if offer is None or offer.session.organiser_id != till.organiser_id:
        raise RefusalError(SessionUnknown(session_id))
    return DateForSale(cards[0], replace(offer, facts=replace(offer.facts, tills=tills)))


async def dates_for_sale(
    services: BookingServices, till: OpenTill, after: str
) -> tuple[list[SessionOccupancy], Cursor | None]:
    """The coming dates that are on sale now, soonest first, and where the next page begins."""
    now = services.clock.now()
    async with services.database.reading() as connection:
        found, more = await coming_sessions(
            connection, till.region_id, till.organiser_id, now, read_cursor(after)
        )
        cards = await read_cards(connection, till.region_id, [each.id for each in found], None, now)
    on_sale = {card.session.id for card in cards if card.availability in ON_SALE}
    return [each for each in found if each.id in on_sale], more
