"""A sheet of paper with what somebody has: credit with its ends, and bookings with codes for the door.

It is complete for who never signs in: what is on it opens a door, and says whom to call.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from credits.wallet.statement import Statement, read_credit
from reservations.booking.tickets import Outing, coming_outings, drawn, number_of
from reservations.booking.viewer import Viewer
from uit.core.formats import deadline, euro, full_day, good_until, period
from uit.core.seal import TicketSeal, seal_ticket
from uit.core.seat_format import seat
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.passes.registration.counter_desk import OpenMember
from uit.passes.typesetting import typeset
from uit.services.region import Region
from uit.web.view import TEMPLATES

SQL = Statements(__name__)
MOST_TICKETS: Final = 200
SHEET: Final = TEMPLATES / "reservations" / "printed_sheet" / "sheet.typ"


class SheetTicket(Struct, frozen=True):
    booking_id: UUID
    session_id: UUID
    line_no: int
    no: int
    seat: str | None
    weight: int
    price_cents: int

    @property
    def words(self) -> str:
        """How many come in with it, and where they sit where seats are numbered."""
        people = _("1 persoon") if self.weight == 1 else _("%(num)s personen", num=self.weight)
        return f"{people} · {seat(self.seat)}" if self.seat else people


class SheetCode(Struct, frozen=True):
    """`drawing` is the QR code as SVG; `words` stand under it."""

    drawing: str
    words: str


class SheetOuting(Struct, frozen=True):
    """`facts` are lines; `codes` open the door: a card of turns has none."""

    name: str
    when: str
    facts: list[str]
    codes: list[SheetCode]


class Sheet(Struct, frozen=True):
    """`credit` are amounts with their end, one a line."""

    name: str
    region: str
    help_phone: str
    day: str
    total: str
    credit: list[str]
    outings: list[SheetOuting]


read_sheet_tickets = SQL.many("read_sheet_tickets", SheetTicket)


async def read_sheet(
    tx: Executor, member: OpenMember, region: Region, signing_key: bytes, now: datetime
) -> Sheet:
    """What somebody has in a region at this moment."""
    credit = await read_credit(tx, member.person.id, [region.id], now)
    outings = await coming_outings(tx, region.id, Viewer(member.person.id, member.membership.id), now)
    ids = list({each.booking_id for each in outings})
    tickets = await read_sheet_tickets(tx, region.id, ids, member.membership.id, MOST_TICKETS)
    theirs = [(each.undisclosed, tickets_of(each, tickets)) for each in outings]
    shown = [as_outing(each, found, signing_key, region.id, now) for each, found in theirs if found]
    return Sheet(
        name=member.person.full_name,
        region=region.name,
        help_phone=region.help_phone or "",
        day=full_day(now),
        total=euro(credit.available_cents),
        credit=credit_lines(credit),
        outings=shown,
    )


def credit_lines(credit: Statement) -> list[str]:
    return [
        _(
            "%(cents)s tot en met %(day)s: %(programme)s",
            cents=euro(each.cents),
            day=full_day(each.on),
            programme=each.programme,
        )
        for each in credit.left
    ]


def tickets_of(outing: Outing, tickets: Sequence[SheetTicket]) -> list[SheetTicket]:
    key = outing.booking_id, outing.session_id
    return [each for each in tickets if (each.booking_id, each.session_id) == key]


def as_outing(
    outing: Outing, tickets: Sequence[SheetTicket], signing_key: bytes, region_id: int, now: datetime
) -> SheetOuting:
    town = f"{outing.postal_code} {outing.town}".strip()
    facts = [
        ", ".join(filter(None, (outing.venue, outing.street, town))) or _("De plaats volgt."),
        f"{number_of_places(outing, tickets)}, {euro(sum(each.price_cents for each in tickets))}",
        _("Nummer van je boeking: %(number)s", number=number_of(outing.booking_id)),
        way_out_of(outing, now),
    ]
    if outing.phone:
        facts.append(_("Vragen? Bel %(name)s: %(phone)s.", name=outing.organiser, phone=outing.phone))
    codes = (
        []
        if outing.good_until
        else [
            SheetCode(
                drawn(
                    seal_ticket(signing_key, TicketSeal(region_id, outing.booking_id, each.line_no, each.no))
                ),
                each.words,
            )
            for each in tickets
        ]
    )
    until = outing.good_until
    when = good_until(until) if until else period(outing.starts_at, outing.ends_at)
    return SheetOuting(outing.name, when, facts, codes)


def number_of_places(outing: Outing, tickets: Sequence[SheetTicket]) -> str:
    number = sum(each.weight for each in tickets)
    if outing.good_until:
        return _("1 kaart") if number == 1 else _("%(num)s kaarten", num=number)
    return _("1 plaats") if number == 1 else _("%(num)s plaatsen", num=number)


def way_out_of(outing: Outing, now: datetime) -> str:
    """Until when places are given up; of a card of turns what is left of it."""
    if outing.turns_left is not None:
        left = outing.turns_left
        return _("Nog 1 beurt.") if left == 1 else _("Nog %(left)s beurten.", left=left)
    until = outing.starts_at if outing.has_moved else outing.cancel_until
    if until > now:
        return _("Annuleren kan tot %(moment)s.", moment=deadline(until))
    return _("Deze plaatsen kan je niet meer annuleren.")


async def print_sheet(sheet: Sheet, at: datetime) -> bytes:
    """The sheet as PDF, of as many pages as it needs."""
    return await typeset(
        SHEET, {"sheet": structs.asdict(sheet) | {"outings": [flat(each) for each in sheet.outings]}}, at
    )


def flat(outing: SheetOuting) -> dict[str, object]:
    return structs.asdict(outing) | {"codes": [structs.asdict(each) for each in outing.codes]}
