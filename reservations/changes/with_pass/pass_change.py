"""A booking of who showed a pass at a till, with other places: which price is theirs the till never sees."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.till.sale import SaleOrigin
from reservations.booking.actor import ByHolder
from reservations.booking.change import plan_change
from reservations.booking.changing import Changing
from reservations.booking.commands import AtTill, ChangeBooking, PayWith, bound_to
from reservations.booking.own_booking import OwnBooking
from reservations.booking.remaining import Remaining
from reservations.booking.services import BookingServices
from reservations.booking.turnstile import read_booking
from reservations.booking.viewer import Viewer
from reservations.booking.visit import Visit
from reservations.box_office.held import is_sold_by
from reservations.box_office.with_pass.shown import ShownPass
from reservations.changes.at_till import TillForChange
from reservations.changes.change_form import PLACES, DateChange, Row, read_form, sent_in
from reservations.changes.chosen import ChosenChange, choose
from reservations.changes.chosen_command import as_command
from reservations.errors import BookingUnknown
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.web.form import read_number


class PlacesAtTill(Struct, frozen=True):
    """Places of a date as the till sees them: a price of somebody's own hides behind the common one."""

    field: str
    label: str
    rows: Sequence[Row]

    @property
    def has(self) -> int:
        return sum(row.has for row in self.rows)

    @property
    def weight(self) -> int:
        """How many places each of them takes: only a price with a name takes more than one."""
        return self.rows[0].weight

    def share_out(self, places: int) -> dict[str, str]:
        """So many places over the rows, at their own price first; the last takes what is left."""
        found, left = dict[str, str](), places
        for row in self.rows:
            taken = left if row is self.rows[-1] else min(left, row.most)
            found[row.field], left = str(taken), left - taken
        return found


class PassChange(Struct, frozen=True):
    """What is chosen for a booking of who showed a pass, and at which till its difference is settled."""

    shown: ShownPass
    till: TillForChange
    chosen: ChosenChange
    places: Sequence[PlacesAtTill]
    typed: Mapping[str, str]

    @property
    def own(self) -> str:
        return self.chosen.mine.own

    def planned(self, now: datetime) -> Changing | Refusal | None:
        """What it would be; None where nothing is chosen yet."""
        if not self.chosen.form.is_complete:
            return None
        return plan_change(Remaining(self.chosen.facts, now), self.command(AtTill(self.origin, 0)))

    @property
    def origin(self) -> SaleOrigin:
        return self.till.origin(self.chosen.booking.id)

    def command(self, at_till: AtTill) -> ChangeBooking:
        return as_command(self.chosen, PayWith.DESK, at_till, staff_id=self.till.staff_id)

    def bound(self, change_id: UUID, at_till: AtTill) -> ChangeBooking:
        """The change under the id of the form, bound to what was asked and what was shown."""
        command, booking = self.command(at_till), self.chosen.booking
        content = booking.region_id, booking.id, command.by.as_stored(), sent_in(self.typed)
        return replace(
            command,
            change_id=change_id,
            digest=bound_to("POST", "pas", *content),
            payment_id=at_till.origin.payment_id,
        )


async def read_pass_change(
    services: BookingServices, tx: Executor, shown: ShownPass, booking_id: UUID, typed: Mapping[str, str]
) -> PassChange:
    """Raises BookingUnknown for what is not of who showed the pass, or not all of this organiser."""
    booking = await read_booking(tx, shown.till.region_id, booking_id)
    is_theirs = booking and any(line.holder_id == shown.member.id for line in booking.lines)
    if booking is None or not is_theirs or not is_sold_by(booking, shown.till.organiser_id):
        raise RefusalError(BookingUnknown(booking_id))
    till = till_of(shown)
    chosen = await choose(services, tx, own_booking_of(shown, booking_id), typed, till, with_courses=False)
    places = places_of(chosen.rows)
    dates = DateChange(chosen.outing.session_id, chosen.to)
    form = read_form(at_their_prices(typed, places), chosen.rows, dates)
    people = sum(form.places[row.field] * row.weight for row in chosen.rows)
    form = replace(form, wheelchairs=chosen.seats.asked_wheelchairs({}, people))
    return PassChange(shown, till, replace(chosen, form=form), places, typed)


def own_booking_of(shown: ShownPass, booking_id: UUID) -> OwnBooking:
    """The booking as they would see it themselves: what they hold of it is theirs to change."""
    here = Visit(shown.till.desk.region, shown.person_id, shown.member)
    viewer = Viewer(shown.person_id, shown.member.id)
    own = shown.address("boekingen", booking_id)
    return OwnBooking(here, booking_id, own, ByHolder(shown.member.id), viewer=viewer)


def till_of(shown: ShownPass) -> TillForChange:
    desk = shown.till.desk
    return TillForChange(shown.till.at_work, desk.author, desk.worker.staff_id)


def places_of(rows: Sequence[Row]) -> list[PlacesAtTill]:
    """What the till asks: how many places, and of each price that has a name how many."""
    plain = [row for row in rows if row.is_plain and (row.has or not row.is_had)]
    plain.sort(key=lambda row: not row.is_personal)
    named = [row for row in rows if not row.is_plain]
    found = [(_("Gewone plaats"), plain)] if plain else []
    found += [(row.label, [row]) for row in named]
    return [PlacesAtTill(f"{PLACES}{no}", label, theirs) for no, (label, theirs) in enumerate(found, start=1)]


def at_their_prices(typed: Mapping[str, str], places: Sequence[PlacesAtTill]) -> dict[str, str]:
    """What was typed, by the fields of the rows. What is no number goes to the first row as it is."""
    found = dict(typed)
    for each in places:
        text = typed.get(each.field)
        if text is None:
            continue
        number = read_number(text or "0", sum(row.most for row in each.rows))
        found |= {each.rows[0].field: text} if number is None else each.share_out(number)
    return found
