"""Whoever manages a booking changes it on its page: they choose, read what it costs, and say yes.

One date of the booking is changed at a time; what else it has stays.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import NotEnough, TillClosed
from reservations.booking.answers import Changed, as_refusal
from reservations.booking.change import plan_change, refuse_now
from reservations.booking.change_errors import NothingToChange, OnInvoice
from reservations.booking.change_rows import find_changes
from reservations.booking.change_stopping import stop_pending
from reservations.booking.changing import Changing
from reservations.booking.commands import AtTill, ChangeBooking, PayWith, bound_to
from reservations.booking.done import Done, done_of
from reservations.booking.own_booking import OwnBooking
from reservations.booking.price_code import CODES_FROM_ADDRESS, code_digest, code_limit
from reservations.booking.remaining import Remaining
from reservations.booking.services import BookingServices
from reservations.booking.ticket_choice import lines_of
from reservations.booking.turnstile import read_booking
from reservations.changes.at_till import TillForChange, TillSaid, settle
from reservations.changes.change_form import Seen, sent_in
from reservations.changes.change_view import (
    labels_of,
    planned_facts,
    seat_facts,
    took_of_one,
    turns_back,
    was_paid,
)
from reservations.changes.chosen import ChosenChange, choose
from reservations.changes.chosen_command import as_command, live
from reservations.enrolment.errors import EnrolmentTogether
from reservations.errors import BookingUnknown, CannotPayWith
from reservations.order.had import without_hint
from reservations.payment.opening import open_payment
from uit.core.errors import Refusal, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.web.form import form_id
from uit.web.view import Page, form_status


class Ways(Struct, frozen=True):
    """How a difference may be paid where somebody changes a booking: with credit in any case.

    `by_card`: by a payment page. `till`: at a desk, where `staff_id` does so at their word, and by a `waiver`
    the rules of the organiser do not hold.
    """

    by_card: bool = False
    till: TillForChange | None = None
    staff_id: UUID | None = None
    waiver: str | None = None


ONLINE: Final = Ways(by_card=True)
MOST_TYPED: Final = 100


async def change_page(
    services: BookingServices,
    tx: Executor,
    mine: OwnBooking,
    typed: Mapping[str, str],
    answer: Refusal | TillSaid | None = None,
) -> Page:
    """What somebody may choose, and once they chose, what it costs before they say yes."""
    status, facts = await change_facts(services, tx, mine, typed, answer=answer)
    return mine.here.page("changes/change", status, **facts)


async def change_facts(  # noqa: PLR0913, PLR0917  whose booking, where, and what was typed and answered
    services: BookingServices,
    tx: Executor,
    mine: OwnBooking,
    typed: Mapping[str, str],
    ways: Ways = ONLINE,
    answer: Refusal | TillSaid | None = None,
) -> tuple[int, dict[str, Any]]:
    """The status of the page and what it says; `answer` is what came of its form."""
    chosen = await choose(services, tx, mine, typed, ways.till)
    found: Changing | Refusal | None = refuse_enrolled(chosen) or refuse_ended(chosen)
    way = PayWith.CREDIT
    if found is None and chosen.form.is_complete and not chosen.is_choosing_seats:
        found, way = planned(chosen, services.clock.now(), ways)
    refusal = await refusal_of(tx, chosen, answer, found)
    said = answer if isinstance(answer, TillSaid) else TillSaid()
    errors = {**chosen.form.errors, **chosen.seat_errors}
    till = ways.till if way is PayWith.DESK else None
    known = {key: chosen.described[key] for key in ("own", "is_guest", "outings", "number", "booking")}
    return form_status(refusal, {**errors, **said.errors}), {
        "refusal": refusal,
        "errors": errors,
        **seat_facts(chosen),
        **planned_facts(found, till, typed, said),
        "turns": chosen.turns,
        "turns_back": turns_back(chosen, found),
        "was_paid": was_paid(chosen),
        "is_card_of_one": took_of_one(chosen),
        "pay_with": way,
        "slip": typed.get("slip"),
        "waivers": [],
        "change_id": services.ids.new(),
        "outing": chosen.outing,
        "asks_code": not ways.staff_id and any(row.asks_code for row in chosen.rows),
        "typed_code": typed.get("code", "") if mine.code_digest else "",
        "dates": chosen.dates,
        "rows": chosen.rows,
        "form": chosen.form,
        "labels": labels_of(chosen, till),
        "to": chosen.to,
        "course": chosen.enrolled.order.named_in(mine.here.language) if chosen.enrolled else None,
        "leave_at": f"{known['own']}/annuleren" if ways.by_card else None,
        **known,
    }


def refuse_enrolled(chosen: ChosenChange) -> EnrolmentTogether | None:
    """Whether the date is one of a course that cannot be changed any more: said before anything is chosen."""
    if chosen.enrolled:
        return None
    for line in chosen.booking.lines:
        if line.session_id == chosen.outing.session_id and live(line):
            for enrolment in chosen.facts.courses.enrolments:
                if line.no in enrolment.line_nos:
                    return EnrolmentTogether(chosen.booking.id, enrolment.course_id)
    return None


def refuse_ended(chosen: ChosenChange) -> NothingToChange | None:
    """Whether nothing is left of the booking that could be changed."""
    refusal = refuse_now(chosen.booking, lines_of(chosen.mine.by, chosen.booking))
    return refusal if isinstance(refusal, NothingToChange) else None


async def refusal_of(
    tx: Executor, chosen: ChosenChange, answer: Refusal | TillSaid | None, found: Changing | Refusal | None
) -> Refusal | None:
    """Why it was not done, or may not be, as whoever acts for another may read it."""
    refusal = next((each for each in (answer, found) if isinstance(each, Refusal)), None)
    if refusal and chosen.helped:
        return await without_hint(tx, chosen.mine.here.region.id, chosen.helped, refusal)
    return refusal


def planned(chosen: ChosenChange, now: datetime, ways: Ways) -> tuple[Changing | Refusal, PayWith]:
    """What it would be, paid with credit alone, or else as well by card, or at the till of a desk.

    Cash that goes back is given from that till at once.
    """
    remaining = Remaining(chosen.facts, now)
    found = plan_change(remaining, as_command(chosen, PayWith.CREDIT, staff_id=ways.staff_id))
    is_short = isinstance(found, NotEnough | CannotPayWith | OnInvoice)
    if is_short and ways.by_card:
        way = PayWith.CREDIT_THEN_CARD
        by_card = plan_change(remaining, as_command(chosen, way, staff_id=ways.staff_id))
        return (found if by_an_invoice_alone(found, by_card) else by_card), way
    if ways.till and (is_short or (isinstance(found, Changing) and found.given_cents(ways.till.seller_id))):
        return plan_change(remaining, as_command_at(ways.till, chosen)), PayWith.DESK
    return found, PayWith.CREDIT


def as_command_at(till: TillForChange, chosen: ChosenChange) -> ChangeBooking:
    """The change that was chosen, at a till that did not say yet what changes hands."""
    at_till = AtTill(till.origin(chosen.booking.id), 0)
    return as_command(chosen, PayWith.DESK, at_till, staff_id=till.staff_id)


def by_an_invoice_alone(found: Changing | Refusal, by_card: Changing | Refusal) -> bool:
    """Whether it stands on an invoice, and no card takes what that cannot: then that is why."""
    return isinstance(found, OnInvoice) and isinstance(by_card, CannotPayWith)


def as_seen(chosen: ChosenChange, seen: Seen, change_id: UUID, payment_id: UUID) -> ChangeBooking:
    """The same at the price that was shown, under the id of the form: sent twice, it is done once."""
    command = as_command(chosen, seen.pay_with)
    booking, by, sent = chosen.booking, command.by.as_stored(), sent_in(chosen.form.typed)
    return replace(
        command,
        change_id=change_id,
        digest=bound_to("POST", "page", booking.region_id, booking.id, by, sent),
        price_seen_cents=seen.price_cents,
        remaining_seen_cents=seen.remaining_cents,
        payment_id=payment_id,
        return_url=own_page(chosen.mine),
    )


def own_page(mine: OwnBooking) -> str | None:
    """Where a payment page leads back to who is signed in; the browser of others knows it."""
    own = mine.here.address("boekingen", mine.booking_id)
    return own if mine.own == own and not mine.is_guest else None


async def change_chosen(
    services: BookingServices, mine: OwnBooking, typed: Mapping[str, str], place: str
) -> str | Page:
    """Change it as it was shown; where it is paid, else where it is read, or the page again and why not.

    `place`: from where it is asked, which tries only so many codes.
    """
    mine, tried_too_often = await with_code(services, mine, typed, place)
    answer = tried_too_often or await make_change(services, mine, typed)
    if isinstance(answer, Changed):
        payment = (await open_payment(services, answer.booking)).open_payment
        return payment.url if payment and payment.url else mine.own + done_of(Done.CHANGED)
    async with services.database.reading() as tx:
        return await change_page(services, tx, mine, typed, answer)


async def with_code(
    services: BookingServices, mine: OwnBooking, typed: Mapping[str, str], place: str
) -> tuple[OwnBooking, Refusal | None]:
    """The booking with the code that was typed for a price, or that too many were tried."""
    code = typed.get("code", "")[:MOST_TYPED]
    if too_often := await code_limit(services.limiter, CODES_FROM_ADDRESS, place, code):
        return mine, too_often
    digest = code_digest(services.secrets.signing, mine.here.region.id, code)
    return replace(mine, code_digest=digest), None


async def make_change(
    services: BookingServices, mine: OwnBooking, typed: Mapping[str, str], ways: Ways = ONLINE
) -> Changed | Refusal | TillSaid | None:
    """Change it as it was shown, once for the id of the form; None where nothing was shown yet."""
    change_id = form_id(typed.get("change_id", ""), services.ids)
    async with services.database.reading() as tx:
        chosen = await choose(services, tx, mine, typed, ways.till)
        is_made = bool(await find_changes(tx, mine.here.region.id, [change_id], []))
    seen = chosen.form.seen
    if seen is None or not (is_made or chosen.form.is_complete):
        return None
    command = as_seen(chosen, seen, change_id, services.ids.new())
    command = replace(command, staff_id=ways.staff_id, waiver=ways.waiver)
    if seen.pay_with is PayWith.DESK and not is_made:
        if ways.till is None:
            return TillClosed(_("Je kassa"))
        settled = await settled_at_till(services, ways.till, chosen, command, typed)
        if not isinstance(settled, ChangeBooking):
            return settled
        command = settled
    answer = await services.turnstile.answer(command)
    return answer if isinstance(answer, Changed) else as_refusal(answer)


async def settled_at_till(
    services: BookingServices,
    till: TillForChange,
    chosen: ChosenChange,
    command: ChangeBooking,
    typed: Mapping[str, str],
) -> ChangeBooking | TillSaid | Refusal:
    """The change with its difference taken or given at a till; what is wrong in its form, or why not."""
    found = plan_change(Remaining(chosen.facts, services.clock.now()), as_command_at(till, chosen))
    if isinstance(found, Refusal):
        return found
    settled = await settle(services, till, found, typed, chosen.outing.name)
    if not isinstance(settled, AtTill):
        return settled
    return replace(command, at_till=settled, payment_id=settled.origin.payment_id)


async def let_go(services: BookingServices, mine: OwnBooking) -> str:
    """Let go of a change that waits to be paid, as one asked; where the booking is read that stands."""
    async with services.database.reading() as tx:
        booking = await read_booking(tx, mine.here.region.id, mine.booking_id)
    if booking is None or not lines_of(mine.by, booking):
        raise RefusalError(BookingUnknown(mine.booking_id))
    if booking.change:
        await stop_pending(services, booking, booking.change.id)
    return mine.own
