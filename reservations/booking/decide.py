"""The decision: pure, exact, in order of arrival.

Property tests compare it with a slow, obviously right model.
"""

from collections.abc import Sequence
from copy import copy, deepcopy
from datetime import datetime

from msgspec.structs import replace

from credits.errors import TillIdTaken
from credits.payments.payment import LENGTHENED
from credits.till.sale import Sale
from reservations.booking.actor import Actor, ByClient, ByPartner, ByStaff, ByWorker
from reservations.booking.answers import (
    Answer,
    Booked,
    Ended,
    Lengthened,
    Resized,
    Swapped,
)
from reservations.booking.change import change
from reservations.booking.change_ending import held_beside
from reservations.booking.change_errors import ChangePending
from reservations.booking.commands import (
    Book,
    CallOff,
    ChangeBooking,
    Command,
    Expire,
    GiveUp,
    Lengthen,
    Pay,
    PayAtDesk,
    Resize,
    StopPayment,
    Swap,
)
from reservations.booking.conditions import left_alone
from reservations.booking.counting import personal_lines, uses_of
from reservations.booking.ending import EndingLine, end_held, end_lines, ends_all, takes_part_of_open
from reservations.booking.facts import STANDING, Booking, Facts, Line, TicketEnd, TicketStatus
from reservations.booking.funding import Funding, fund
from reservations.booking.leaving import ending_of, refuse_torn
from reservations.booking.limits import address_of
from reservations.booking.lines import lines_for, refuse_acting
from reservations.booking.paying import pay, pay_at_desk
from reservations.booking.places import whole
from reservations.booking.refunding import given_at_once
from reservations.booking.remaining import Remaining
from reservations.booking.serving import WaitingLists
from reservations.booking.ticket_choice import choose, lines_of
from reservations.booking.who_waits import answer_who_waits
from reservations.errors import (
    AboveLicence,
    BelowTaken,
    BookingUnknown,
    CancellationIdTaken,
    CannotLengthen,
    IdTaken,
    NothingToSwap,
    PaymentOpen,
    PaymentUnknown,
    PoolUnknown,
    PriceChanged,
    RemainingChanged,
    SoldOut,
    SwapChanged,
)
from uit.core.errors import Refusal


def decide(facts: Facts, commands: Sequence[Command], now: datetime) -> list[Answer]:
    """Answer each command in order of arrival, exactly as if it came alone."""
    return decide_all(facts, commands, now)[0]


def decide_all(facts: Facts, commands: Sequence[Command], now: datetime) -> tuple[list[Answer], WaitingLists]:
    """The same, with what became of who waits: each line is served as soon as a command freed places.

    What came free otherwise goes to them before the first command is looked at.
    """
    remaining = Remaining(facts, now)
    lists = WaitingLists(remaining, book)
    answers: list[Answer] = []
    if commands:
        lists.serve_first(commands[0].region_id)
    for command in commands:
        answers.append(answer_one(remaining, command))
        lists.serve(command)
    return answers, lists


def answer_one(remaining: Remaining, command: Command) -> Answer:  # noqa: C901, PLR0911  one for each
    match command:
        case Book() | Swap():
            return take_once(remaining, command)
        case GiveUp():
            return give_up(remaining, command)
        case ChangeBooking():
            return change(remaining, command)
        case CallOff():
            return call_off(remaining, command)
        case Expire():
            return expire(remaining, command)
        case Pay():
            return pay(remaining, command)
        case PayAtDesk():
            return pay_at_desk(remaining, command)
        case StopPayment():
            return stop_payment(remaining, command)
        case Lengthen():
            return lengthen(remaining, command)
        case Resize():
            return resize(remaining, command)
        case _:
            return answer_who_waits(remaining, command)


def take_once(remaining: Remaining, command: Book | Swap) -> Answer:
    """A booking that is there already is answered as it stands, however it was made."""
    if isinstance(command, Swap):
        return stored(remaining, command.book) or swap(remaining, command)
    return stored(remaining, command) or book(remaining, command)


def stored(remaining: Remaining, command: Book) -> Answer | None:
    """A repeat with the same content gets the booking as it stands now; other content is a conflict."""
    booking = remaining.booking(command.booking_id)
    if booking is None:
        return IdTaken(command.booking_id) if command.booking_id in remaining.elsewhere else None
    return Booked(booking, new=False) if booking.digest == command.digest else IdTaken(command.booking_id)


def book(remaining: Remaining, command: Book) -> Answer:
    """Everything or nothing: a good pass and lines, places in every pool, the price, the money for all."""
    unsold = refuse_sale(remaining, command.sale) if command.sale else None
    lines = unsold or refuse_acting(remaining, command.by, command.lines) or lines_for(remaining, command)
    if isinstance(lines, Refusal):
        return lines
    wanted, uses = whole(lines), uses_of(command.booking_id, lines, remaining)
    address = address_of(command)
    refusal = (
        remaining.turns.refusal(command, lines, remaining.now)
        or remaining.lacking(wanted)
        or remaining.yearly.refusal(uses)
        or remaining.limits.refusal(lines, remaining.sessions, remaining.groups, address)
        or remaining.seats.seat(lines, command.lines)
    )
    if refusal:
        return refusal
    price_cents = sum([line.price_cents for line in lines])
    if command.price_seen_cents is not None and command.price_seen_cents != price_cents:
        return PriceChanged(command.price_seen_cents, price_cents)
    funding = Funding([]) if command.entry_id else fund(command, lines, remaining)
    if isinstance(funding, Refusal):
        return funding
    changed = remaining_changed(command, sum([line.remaining_cents for line in lines]))
    if changed:
        return changed
    remaining.take(wanted, funding.holds)
    remaining.personal.take(command.booking_id, lines, remaining.sessions)
    remaining.yearly.take(uses)
    remaining.limits.take(command.booking_id, lines, remaining.sessions, address)
    remaining.turn_cards.take(command.booking_id, lines)
    if funding.order and funding.payment:
        remaining.customers[funding.order.customer_id].open_cents += funding.payment.amount_cents
    if command.sale:
        remaining.write(command.sale)
    turns = remaining.turns.use(command, lines, remaining.now)
    answer = booked(remaining, command, lines, funding)
    return replace(answer, uses=uses, turns=turns) if uses or turns else answer


def refuse_sale(remaining: Remaining, sale: Sale) -> Refusal | None:
    """Why a till may not sell now, or not under these ids; None when it may."""
    refusal = remaining.till_refusal(sale)
    is_new = sale.id not in remaining.receipts and sale.payment_id not in remaining.payments
    return refusal or (None if is_new else TillIdTaken(sale.id))


def remaining_changed(command: Book, remaining_cents: int) -> RemainingChanged | None:
    """Whether something else is left to pay than the client saw, or than a till took."""
    for seen in (command.remaining_seen_cents, command.sale.taken_cents if command.sale else None):
        if seen is not None and seen != remaining_cents:
            return RemainingChanged(seen, remaining_cents)
    return None


def booked(remaining: Remaining, command: Book, lines: list[Line], funding: Funding) -> Booked:
    held_until = command.held_until or funding.held_until
    if held_until:
        for line in lines:
            line.tickets = [replace(each, status=TicketStatus.HELD) for each in line.tickets]
    booking = Booking(
        region_id=command.region_id,
        id=command.booking_id,
        digest=command.digest,
        channel=command.channel,
        by=command.by.as_stored(),
        made_at=remaining.now,
        held_until=held_until,
        lines=lines,
        payments=[funding.payment] if funding.payment else [],
    )
    last = max(remaining.sessions[line.session_id].ends_at for line in lines) if command.guest else None
    return Booked(
        booking,
        new=True,
        holds=tuple(funding.holds),
        guest=command.guest,
        last_session_at=last,
        invoice=funding.order,
        sale=command.sale,
        personal=personal_lines(remaining, lines),
        partner=command.by if isinstance(command.by, ByPartner) else None,
        clerk_id=command.clerk_id,
        entry_id=command.entry_id,
    )


def stop_payment(remaining: Remaining, command: StopPayment) -> Answer:
    booking = remaining.booking(command.booking_id)
    payment = booking.payment(command.payment_id) if booking else None
    if booking is None or payment is None:
        return PaymentUnknown(command.booking_id, command.payment_id)
    if not payment.is_open:
        return Ended(booking)
    return ended(remaining, end_held(booking, remaining.now, command.status))


def lengthen(remaining: Remaining, command: Lengthen) -> Answer:
    """Only while it is held, for a payment by card whose page is open."""
    booking = remaining.booking(command.booking_id)
    lines = lines_of(command.by, booking) if booking else []
    if booking is None or not lines:
        return BookingUnknown(command.booking_id)
    if refusal := refuse_acting(remaining, command.by, lines):
        return refusal
    if booking.lengthened:
        return Lengthened(booking, new=False)
    payment = booking.open_payment
    if not (payment and payment.opened_at and booking.held_until and booking.held_until > remaining.now):
        return CannotLengthen(booking.id)
    booking = replace(booking, held_until=booking.held_until + LENGTHENED, lengthened=True)
    remaining.bookings[booking.id] = booking
    return Lengthened(booking, new=True)


def give_up(remaining: Remaining, command: GiveUp) -> Answer:
    """All the tickets that are chosen end, or none: the first line in the way is named."""
    booking = remaining.booking(command.booking_id)
    lines = lines_of(command.by, booking) if booking else []
    if booking is None or not lines:
        return BookingUnknown(command.booking_id)
    key = command.cancellation
    if key and key.id in remaining.cancellations:
        same = remaining.cancellations[key.id] == key.digest
        return Ended(booking) if same else CancellationIdTaken(key.id)
    chosen = refuse_acting(remaining, command.by, lines) or choose(booking, lines, command.chosen)
    if isinstance(chosen, Refusal):
        return chosen
    ending = ending_of(remaining, command, booking, chosen)
    if isinstance(ending, Refusal):
        return ending
    if refusal := refuse_part(remaining, command.by, booking, ending):
        return refusal
    if key:
        remaining.cancellations[key.id] = key.digest
    confirms = not remaining.is_past(booking)
    answer = end_lines(booking, ending, remaining.now, confirms=confirms)
    by_staff, given_on = isinstance(command.by, ByStaff), isinstance(command.by, ByWorker)
    return ended(remaining, replace(answer, cancellation=key, by_staff=by_staff, given_on=given_on))


def refuse_part(
    remaining: Remaining, by: Actor, booking: Booking, ending: Sequence[EndingLine]
) -> Refusal | None:
    """Whether a part may not end by itself: something waits, a companion stays alone, it was sold whole."""
    if booking.change and booking.held_until and not ends_all(booking, ending):
        return ChangePending(booking.id, booking.held_until)
    if takes_part_of_open(booking, ending):
        return PaymentOpen(booking.id)
    ends = {(each.line.no, ticket.no) for each in ending for ticket in each.tickets}
    return (
        left_alone(booking, remaining.sessions, ends)
        or refuse_torn(remaining, by, booking, ending)
        or remaining.turn_cards.refuse_ending(booking, ending)
    )


def call_off(remaining: Remaining, command: CallOff) -> Answer:
    """Attendance or not: who was let in before the date was called off has been nowhere."""
    booking = remaining.booking(command.booking_id)
    if booking is None:
        return BookingUnknown(command.booking_id)
    session = remaining.sessions.get(command.session_id)
    if session is None or session.status != "cancelled":
        return Ended(booking)
    ending = [
        EndingLine(line, [each for each in line.tickets if each.status in STANDING], TicketEnd.CALLED_OFF)
        for line in booking.lines
        if line.session_id == session.id
    ]
    ending += held_beside(booking, session.id)
    confirms = not remaining.is_past(booking)
    answer = end_lines(booking, ending, remaining.now, confirms=confirms)
    return ended(remaining, replace(answer, was_offer=bool(answer.tickets) and booking.is_offer))


def expire(remaining: Remaining, command: Expire) -> Answer:
    booking = remaining.booking(command.booking_id)
    if booking is None:
        return BookingUnknown(command.booking_id)
    if booking.held_until is None or booking.held_until > remaining.now:
        return Ended(booking)
    return ended(remaining, end_held(booking, remaining.now))


def ended(remaining: Remaining, answer: Ended) -> Ended:
    remaining.give_back(answer)
    remaining.bookings[answer.booking.id] = answer.booking
    return answer


def swap(remaining: Remaining, command: Swap) -> Answer:
    """Both or neither: tried on a copy, so that a refusal leaves nothing behind for later commands."""
    tried = swap_for(deepcopy(remaining), command)
    return tried if isinstance(tried, Refusal) else swap_for(remaining, command)


def swap_for(remaining: Remaining, command: Swap) -> Answer:
    """What is given up goes back first, so that its places can be among those that are taken."""
    before = give_up(remaining, command.give_up)
    if not isinstance(before, Ended):
        return before
    if not before.tickets:
        return NothingToSwap(command.booking_id)
    unsold = remaining.till_refusal(command.origin(remaining.today))
    taken = unsold or book(remaining, command.book)
    if not isinstance(taken, Booked):
        return taken
    given = given_at_once(before, command.seller_id)
    due_cents = taken.booking.price_cents - sum(each.refund.amount_cents for each in given)
    if due_cents != command.due_seen_cents:
        return SwapChanged(command.due_seen_cents, due_cents)
    where = command.till_session_id, command.staff_id
    return Swapped(before, taken, given, due_cents, command.rounding_cents, *where)


def resize(remaining: Remaining, command: Resize) -> Answer:
    session = remaining.sessions.get(command.session_id)
    if session is None or command.pool_id not in session.pool_ids:
        return PoolUnknown(command.pool_id)
    pool = remaining.pools.by_id[command.pool_id]
    if pool.kind in {"allotment", "shared"}:
        return PoolUnknown(command.pool_id)
    if command.capacity < pool.taken + pool.held:
        return BelowTaken(command.capacity, pool.taken + pool.held)
    if command.capacity > pool.licensed_capacity:
        return AboveLicence(command.capacity, pool.licensed_capacity)
    changed = pool.capacity != command.capacity
    pool.capacity = command.capacity
    return Resized(command.region_id, copy(pool), changed, command.staff_id)


def sold_out_without_locks(remaining: Remaining, command: Book) -> Answer | None:
    """What a read without locks may already answer: the stored booking, or that the places are gone.

    Everything else takes the long way, where it is decided under the locks.
    """
    before = stored(remaining, command)
    if before:
        return before
    for requested in command.lines:
        session = remaining.sessions.get(requested.session_id)
        tariff = session and session.tariff(requested.tariff)
        by = command.by
        mine = session and (not isinstance(by, ByClient) or session.organiser_id in by.organiser_ids)
        if not session or not mine or not tariff or remaining.sale_refusal(session):
            return None
        asked = requested.places * tariff.weight
        drawn_on = remaining.pools.drawn_on(session, tariff, command)
        left = remaining.pools.left(dict.fromkeys(drawn_on, asked))
        lacking = [pool_id for pool_id in left if left[pool_id] < asked]
        if lacking:
            own = None if remaining.pools.bounds_all(lacking) else tariff.code
            return SoldOut(session.id, asked, min(left[each] for each in lacking), own)
    return None
