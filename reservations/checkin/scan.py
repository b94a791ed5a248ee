"""A ticket that is scanned or typed, at a desk or a door: found, and used."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.services import BookingServices
from reservations.checkin.checkin import CheckedIn, CheckinActor, Scan, Scope, check_in
from reservations.checkin.find_ticket import find_ticket
from reservations.errors import AlreadyIn
from uit.core.errors import Refusal
from uit.web.form import form_id

OK: Final = 200


class TicketForm(Struct, frozen=True):
    ticket: str = ""
    checkin_id: str = ""


class Scanned(Struct, frozen=True):
    """What a scan was answered, and of which booking the ticket is, where it is one."""

    answer: CheckedIn | Refusal
    booking_id: UUID | None = None

    @property
    def status(self) -> int:
        return self.answer.status if isinstance(self.answer, Refusal) else OK

    @property
    def is_in(self) -> bool:
        return isinstance(self.answer, CheckedIn | AlreadyIn)


async def scan_ticket(services: BookingServices, form: TicketForm, scope: Scope, by: CheckinActor) -> Scanned:
    checkin_id = form_id(form.checkin_id, services.ids)
    async with services.database.transaction() as tx:
        seal = await find_ticket(tx, form.ticket, scope, checkin_id, services.secrets.signing)
        if isinstance(seal, Refusal):
            return Scanned(seal)
        answer = await check_in(tx, Scan(seal, scope, by, checkin_id), services.clock, services.ids)
    return Scanned(answer, seal.booking_id)
