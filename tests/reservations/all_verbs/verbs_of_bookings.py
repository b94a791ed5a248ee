"""What is asked about bookings, by the roll of small numbers."""

from dataclasses import replace
from uuid import UUID

from credits.payments.checkout import note_opened
from credits.payments.payment import TO_PAY, PaymentStatus
from reservations.booking.actor import Actor, ByClient, ByGuest, ByHolder, ByStaff
from reservations.booking.commands import (
    Book,
    ChangeBooking,
    ChosenTickets,
    Command,
    Expire,
    GiveUp,
    GuestContact,
    Lengthen,
    Pay,
    PayWith,
    Resize,
    StopPayment,
    bound_to,
)
from reservations.payment.opening import hold_for, lock_booking
from tests.reservations.all_verbs.play import STAFF, Numbers, Play
from tests.reservations.all_verbs.records import Booking, Line, Payment, Wanted


async def book(play: Play, dice: Numbers) -> Command:
    """By a member, a client for them or for a guest, or a guest: one line, or two of one organiser."""
    booking_id = play.new_id()
    who = dice.one_of(play.town.people)
    by = dice.one_of(list[Actor]([ByHolder(who.membership_id), play.client(), ByGuest(str(booking_id))]))
    is_guest = isinstance(by, ByGuest) or (isinstance(by, ByClient) and dice.one_of([False, True]))
    holder_id = None if is_guest else who.membership_id
    first = play.wanted(dice, holder_id)
    of = play.paper.dates[first.session_id].session.organiser_id
    more = [play.wanted(dice, holder_id, of=of)] if dice.one_of([False, False, True]) else []
    lines = tuple(play.requested(each, by) for each in sensible([first, *more]))
    return Book(
        play.region_id,
        booking_id,
        bound_to(booking_id, lines),
        by,
        lines,
        "api" if isinstance(by, ByClient) else "page",
        pay_with=dice.one_of(ways(holder_id)),
        payment_id=play.new_id(),
        guest=GuestContact("An", "an@example.org") if is_guest else None,
    )


def ways(holder_id: UUID | None) -> list[PayWith]:
    if holder_id is None:
        return [PayWith.CARD, PayWith.CARD, PayWith.CREDIT]
    return [PayWith.CREDIT, PayWith.CREDIT_THEN_CARD, PayWith.CARD]


async def give_up(play: Play, dice: Numbers) -> Command | None:
    """All of it, a line or a ticket, by who made it or by staff."""
    booking = play.booking(dice)
    if booking is None:
        return None
    line = dice.one_of(booking.lines)
    ticket = ChosenTickets(line.no, (dice.one_of(line.tickets).no,))
    chosen = dice.one_of([(), (ticket,), (ChosenTickets(line.no),)])
    return GiveUp(play.region_id, booking.id, by_whom(dice, booking), chosen)


def by_whom(dice: Numbers, booking: Booking) -> Actor:
    return dice.one_of([booking.by, booking.by, ByStaff(STAFF)])


async def change(play: Play, dice: Numbers) -> Command | None:
    """Other content of one organiser, for who is in it or for another: all of it, a part, or more."""
    booking = play.booking(dice)
    if booking is None:
        return None
    last = booking.lines[-1]
    holder_id = last.holder_id
    if holder_id and isinstance(booking.by, ByClient):
        others = [each.membership_id for each in play.town.people]
        holder_id = dice.one_of([holder_id, holder_id, *others])
    of = dice.one_of([last.organiser_id, last.organiser_id, *play.town.organisers])
    content = [fewer_or_more(dice, each) for each in new_content(play, dice, booking, holder_id, of)]
    by = booking.by if holder_id is None else by_whom(dice, booking)
    lines = tuple(play.requested(each, by) for each in sensible(content))
    change_id = play.new_id()
    return ChangeBooking(
        play.region_id,
        booking.id,
        change_id,
        bound_to(change_id, lines),
        by,
        lines,
        pay_with=dice.one_of(ways(holder_id)),
        payment_id=play.new_id(),
    )


def new_content(
    play: Play, dice: Numbers, booking: Booking, holder_id: UUID | None, of: UUID
) -> list[Wanted]:
    kept = [
        Wanted(each.session_id, each.tariff, len(each.standing), each.holder_id, seats_of(each))
        for each in booking.lines
        if each.standing and (each.organiser_id, each.holder_id) == (of, holder_id)
    ]
    new = [play.wanted(dice, holder_id, of=of)]
    return dice.one_of([new, kept + new, kept[:1], kept]) or new


def fewer_or_more(dice: Numbers, wanted: Wanted) -> Wanted:
    """The same, or a place fewer or more with any seats."""
    places = max(1, wanted.places + dice.one_of([0, 0, -1, 1]))
    return replace(wanted, places=places, seats=wanted.seats if places == len(wanted.seats) else ())


def sensible(content: list[Wanted]) -> list[Wanted]:
    """Each seat once, and lines with any seats beside: a seat that is asked for twice makes no sense."""
    chosen = [seat for each in content for seat in each.seats]
    if len({*chosen}) == len(chosen):
        return content
    return [replace(each, seats=()) for each in content]


def seats_of(line: Line) -> tuple[str, ...]:
    return tuple(ticket.seat for ticket in line.standing if ticket.seat)


async def pay(play: Play, dice: Numbers) -> Command | None:
    """As the provider says that it came in, in time, late or once more."""
    found = payment(play, dice)
    if found is None:
        return None
    booking, paid = found
    wallets = tuple(sorted({line.holder_id for line in booking.lines if line.holder_id}))
    return Pay(play.region_id, booking.id, paid.id, paid.cents, f"pi_{paid.id}", wallets)


async def open_page(play: Play, dice: Numbers) -> None:
    """The provider answers, beside the turnstile: from now on there is time to pay."""
    every = play.paper.bookings.values()
    booking = play.booking(dice, [each for each in every if each.open_payment])
    payment = booking.open_payment if booking else None
    if booking is None or payment is None or payment.is_opened:
        return
    play.told.append(f"the page to pay {booking.id} is open")
    keys, now = (play.region_id, booking.id), play.paper.now
    async with play.town.world.services.database.transaction() as tx:
        await lock_booking(tx, *keys)
        assert await note_opened(tx, play.region_id, payment.id, f"cs_{payment.id}", "https://pay.test", now)
        await hold_for(tx, *keys, now + TO_PAY)
    assert booking.held_until
    payment.is_opened, booking.held_until = True, max(booking.held_until, now + TO_PAY)


async def lengthen(play: Play, dice: Numbers) -> Command | None:
    """Mostly of one whose page is open."""
    every = list(play.paper.bookings.values())
    opened = [each for each in every if each.open_payment and each.open_payment.is_opened]
    booking = play.booking(dice, dice.one_of([opened or every, opened or every, every]))
    return Lengthen(play.region_id, booking.id, booking.by) if booking else None


async def stop_payment(play: Play, dice: Numbers) -> Command | None:
    found = payment(play, dice)
    if found is None:
        return None
    status = dice.one_of([PaymentStatus.EXPIRED, PaymentStatus.FAILED])
    return StopPayment(play.region_id, found[0].id, found[1].id, status)


def payment(play: Play, dice: Numbers) -> tuple[Booking, Payment] | None:
    """One of them, the last first; mostly one that is awaited."""
    every = [each for each in play.paper.bookings.values() if each.payments]
    awaited = [each for each in every if each.open_payment]
    booking = play.booking(dice, dice.one_of([awaited or every, awaited or every, every]))
    return (booking, dice.one_of(booking.payments[::-1])) if booking else None


async def expire(play: Play, dice: Numbers) -> Command | None:
    """One whose time is over, if there is one."""
    held = [each for each in play.paper.every_booking() if each.held_until]
    due = [each for each in held if each.held_until and each.held_until <= play.paper.now]
    booking = play.booking(dice, due or held)
    return Expire(play.region_id, booking.id) if booking else None


async def resize(play: Play, dice: Numbers) -> Command:
    date = dice.one_of(play.town.dates)
    pool_id = dice.one_of(sorted(date.pool_ids, key=lambda key: play.paper.pools[key].kind != "room"))
    capacity = dice.one_of([4, 5, 3, 2, 6, 8, 10, 11, 0])
    return Resize(play.region_id, date.session.id, pool_id, capacity, STAFF)
