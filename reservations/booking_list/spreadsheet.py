"""The list of who booked as a file for a spreadsheet. What somebody typed runs nothing there."""

from collections.abc import Iterator, Sequence

from credits.bookkeeping.spreadsheet import amount, harmless
from reservations.booking_list.booking_list import ListedBooking
from reservations.event_settings.settings import NameAsked
from reservations.sessions.occupancy import Attendance
from uit.core import seat_format
from uit.core.translation import gettext as _


def rows_of(found: Sequence[ListedBooking], asks: NameAsked, session: Attendance) -> Iterator[list[str]]:
    """A line of heads, and one for each booking; no column of names where none is asked.

    Where seats are numbered, a column has them. Of a date that is off, the last says how its bookings stand.
    """
    named, off = asks is not NameAsked.NONE, [session.off_words] if session.off_words else []
    seated = any(each.seats for each in found)
    heads = [_("Nummer"), _("Naam"), _("Plaatsen"), _("Binnen"), _("Nog te betalen"), _("Notitie")]
    more = ([_("Stoelen")] if seated else []) + ([_("Hoe staat het?")] if off else [])
    yield [head for head in heads if named or head != _("Naam")] + more
    for each in found:
        name = [harmless(each.name)] if named else []
        counts = [str(each.places), str(each.inside), amount(each.to_pay_cents)]
        seats = [seat_format.seats(each.seats)] if seated else []
        yield [each.number, *name, *counts, harmless(each.note), *seats, *off]
