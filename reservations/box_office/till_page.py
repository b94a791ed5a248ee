"""What the pages share on which money is taken at a till: who works there, and what is due."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from credits.till.rounding import cash_rounding
from credits.till.sale import Paid, Sale, SaleLine, SaleOrigin, compose_sale
from credits.till.till import TillOwner, TillSession
from credits.till.till_desk import TillDesk, owner_and_open_session_here, session_facts, till_desk_here
from reservations.booking.services import BookingServices
from reservations.box_office.payment_form import PaymentForm, anew, labels, ways
from reservations.box_office.till_at_work import TillAtWork
from uit.core.errors import Refusal
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest
from uit.web.view import Page, page


class FindForm(Struct, frozen=True):
    """What was typed or scanned to find a booking: its number, that of a receipt, or the code of a ticket."""

    nummer: str = ""


class OpenTill(Struct, frozen=True):
    """A till at work, and the desk that it stands at."""

    desk: TillDesk
    owner: TillOwner
    session: TillSession

    @property
    def region_id(self) -> int:
        return self.desk.region.id

    @property
    def organiser_id(self) -> UUID:
        return self.desk.worker.organiser_id

    @property
    def at_work(self) -> TillAtWork:
        return TillAtWork(self.session.id, self.session.till, self.session.seller_id)

    def address(self, *parts: object) -> str:
        return self.desk.address(self.session.id, *parts)

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        shared = self.desk.facts(self.owner) | session_facts(self.desk, self.session) | {"refusal": None}
        folder = "reservations" if template.startswith("changes/") else "reservations/box_office"
        return page(f"{folder}/{template}.html", status, **shared | facts)

    def payment_facts(
        self, form: PaymentForm | None, lines: Sequence[SaleLine], credit_cents: int = 0
    ) -> dict[str, Any]:
        """What a page needs on which the money for these lines is taken, less what credit pays."""
        ids = self.desk.author.ids
        due_cents = sum(line.amount_cents for line in lines) - credit_cents
        credit = [(_("Met krediet"), -credit_cents)] if credit_cents else []
        return {
            "bill": [(bill_words(line), line.amount_cents) for line in lines] + credit,
            "form": form or PaymentForm(ids.new(), ids.new()),
            "due_cents": due_cents,
            "cash_cents": due_cents + cash_rounding(due_cents, due_cents),
            "ways": ways(due_cents),
            "labels": labels(),
            "change_cents": None,
        }

    def anew(self, form: PaymentForm, refusal: Refusal) -> PaymentForm:
        """The form that comes back after a refusal."""
        return anew(form, refusal, self.desk.author.ids)

    def origin(self, booking_id: UUID, payment_id: UUID | None = None) -> SaleOrigin:
        """What a sale at this till says of where it was made."""
        return SaleOrigin(
            seller_id=self.session.seller_id,
            till_session_id=self.session.id,
            sold_by=self.desk.worker.staff_id,
            sold_on=self.desk.author.today,
            booking_id=booking_id,
            payment_id=payment_id,
        )

    def sale(
        self, form: PaymentForm, booking_id: UUID, lines: tuple[SaleLine, ...], paid: Paid, payment_id: UUID
    ) -> Sale:
        """The sale of these lines at this till, under the ids of its form."""
        origin = self.origin(booking_id, payment_id)
        return compose_sale(form.receipt_id, origin, lines, paid, self.desk.author.ids)


async def note_found(services: BookingServices, till: OpenTill, booking_id: UUID) -> None:
    """Write to the audit trail whose booking was looked up, as it is of people at a counter."""
    async with services.database.transaction() as tx:
        await till.desk.author.note(tx, "booking.find", "booking", booking_id)


def bill_words(line: SaleLine) -> str:
    return f"{line.places} \N{MULTIPLICATION SIGN} {line.words}" if line.places > 1 else line.words


async def open_till_here(request: StaffRequest, services: BookingServices, session_id: UUID) -> OpenTill:
    """The till that an address names, where it is open and theirs who asks."""
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        return OpenTill(desk, *await owner_and_open_session_here(connection, desk, session_id))
