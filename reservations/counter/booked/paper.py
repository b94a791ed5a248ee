"""Tickets on paper: a PDF on A6, one on each sheet, or on A4 with up to four, from `tickets.typ`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct, structs

from reservations.booking.tickets import Outing, Pass
from uit.core.formats import period
from uit.core.seat_format import seat
from uit.core.translation import gettext as _
from uit.passes.typesetting import typeset
from uit.services.region import Region
from uit.web.view import TEMPLATES

TYPST: Final = TEMPLATES / "reservations" / "counter" / "booked" / "tickets.typ"

Format = Literal["a6", "a4"]
FORMATS: Final[tuple[Format, ...]] = ("a6", "a4")


class PaperTicket(Struct, frozen=True):
    """What stands on a ticket: a first name where its organiser asks for it, never a price or a status.

    `code` is the QR code as SVG.
    """

    event: str
    when: str
    where: str
    place: str
    position: str
    number: str
    region: str
    code: str


def paper_tickets(
    passes: Sequence[Pass], outings: Mapping[UUID, Outing], region: Region
) -> list[PaperTicket]:
    """A paper for each ticket of a date that takes place, in their order."""
    return [
        paper_ticket(each, outings[each.ticket.session_id], region)
        for each in passes
        if each.ticket.session_id in outings
    ]


def paper_ticket(shown: Pass, outing: Outing, region: Region) -> PaperTicket:
    ticket = shown.ticket
    people = _("%(num)s personen", num=ticket.weight) if ticket.weight > 1 else ""
    where = seat(ticket.seat) if ticket.seat else ""
    address = f"{outing.street}, {outing.postal_code} {outing.town}" if outing.street else outing.town
    return PaperTicket(
        event=outing.name,
        when=period(outing.starts_at, outing.ends_at),
        where="\n".join(filter(None, [outing.venue, address])) or _("Plaats volgt"),
        place=" · ".join(filter(None, [ticket.first_name, ticket.label, people, where])),
        position=ticket.title,
        number=shown.number,
        region=region.name,
        code=str(shown.qr),
    )


async def print_tickets(tickets: Sequence[PaperTicket], paper: Format, printed_at: datetime) -> bytes:
    """The PDF. The same tickets give the same bytes; no network is used."""
    facts = {"tickets": [structs.asdict(each) for each in tickets], "paper": paper}
    return await typeset(TYPST, facts, printed_at)
