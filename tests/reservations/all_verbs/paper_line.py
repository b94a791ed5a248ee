"""On paper somebody waits: a line for each activity, served from the front whenever a place comes free."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from reservations.booking.actor import ByGuest, ByHolder, ByWorker
from reservations.booking.commands import (
    AcceptOffer,
    Book,
    Command,
    DeclineOffer,
    JoinWaitingList,
    LeaveWaitingList,
    Lengthen,
    ServeWaitingList,
)
from reservations.booking.keys import Keys, keys_of
from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.paper_booking import by_credit, end, fund, unpaid
from tests.reservations.all_verbs.records import Booking, Entry, Line, Wanted
from tests.reservations.all_verbs.seen import Seen
from tests.reservations.all_verbs.town import DAY

TOO_NEAR = timedelta(minutes=30)


def join(paper: Paper, command: JoinWaitingList) -> str:
    who = command.membership_id or (command.guest.email if command.guest else "")
    [wanted] = command.lines
    entry = Entry(
        command.entry_id,
        who,
        command.event_id,
        command.session_ids,
        wanted.tariff,
        wanted.places,
        command.channel,
    )
    standing = [each for each in paper.line if each.state in {"waiting", "offered"}]
    if any(each.id == entry.id for each in standing):
        return "InWaitingList"
    if any((each.who, each.event_id) == (who, entry.event_id) for each in standing):
        return "reservations.already_waiting"
    for session_id in command.session_ids:
        if refused := refused_of_date(paper, entry, session_id):
            return refused
    paper.line.append(entry)
    return "InWaitingList"


def refused_of_date(paper: Paper, entry: Entry, session_id: UUID) -> str | None:
    line = lines_of(paper, entry, session_id)[0]
    places = sum(each.weight for each in line.tickets)
    if refused := paper.not_on_sale(session_id):
        return refused
    if any(places > paper.capacities[key] for key in line.pool_ids):
        return "reservations.waits_in_vain"
    return None if paper.lacks([line]) else "reservations.places_free"


def lines_of(paper: Paper, entry: Entry, session_id: UUID, places: int | None = None) -> list[Line]:
    holder_id = entry.who if isinstance(entry.who, UUID) else None
    wanted = Wanted(session_id, entry.tariff, places or entry.places, holder_id)
    return [paper.line_of(1, wanted, entry.channel)]


def leave(paper: Paper, command: LeaveWaitingList) -> str:
    entry = next((each for each in paper.line if each.id == command.entry_id), None)
    if entry is None or entry.state != "waiting":
        return "reservations.not_waiting"
    entry.state, entry.kept = "left", None
    return "LeftWaitingList"


def accept(paper: Paper, command: AcceptOffer, seen: Seen) -> str:
    booking = paper.bookings.get(command.booking_id)
    if booking is None:
        return "reservations.booking_unknown"
    if booking.payments or any(ticket.status == "confirmed" for _, ticket in booking.tickets):
        return "Accepted"
    is_whole = all(ticket.status == "held" for _, ticket in booking.tickets)
    if not booking.held_until or booking.held_until <= paper.now or not is_whole:
        return "reservations.offer_over"
    refused = paper.not_on_sale(booking.lines[0].session_id) or unpaid(paper, command.pay_with, booking.lines)
    if refused:
        return refused
    if left_to_pay(paper, command, booking) != command.remaining_seen_cents:
        return "reservations.remaining_changed"
    fund(paper, booking, command.pay_with, command.payment_id, seen)
    return "Accepted"


def left_to_pay(paper: Paper, command: AcceptOffer, booking: Booking) -> int:
    price = sum(each.price_cents for each in booking.lines)
    return price - by_credit(paper, command.pay_with, booking.lines)


def decline(paper: Paper, command: DeclineOffer) -> str:
    booking = paper.bookings.get(command.booking_id)
    if booking is None:
        return "reservations.booking_unknown"
    if booking.payments or any(ticket.status == "confirmed" for _, ticket in booking.tickets):
        return "reservations.offer_over"
    end(paper, booking, [(line, ticket, "given_up") for line, ticket in booking.standing])
    return "Ended"


# Serving


def follow(paper: Paper) -> None:
    """What became of offers, and of what was kept."""
    for each in paper.line:
        if each.kept and not each.kept.held:
            each.kept = None
        if each.state == "offered" and each.offer_id:
            each.state = state_by(paper.bookings[each.offer_id])


def state_by(booking: Booking) -> str:
    statuses = {ticket.status for _, ticket in booking.tickets}
    if "confirmed" in statuses:
        return "accepted"
    if "held" in statuses:
        return "accepted" if booking.payments else "offered"
    if "cancelled" not in statuses:
        return "expired"
    return "over" if any(ticket.ending == "called_off" for _, ticket in booking.tickets) else "declined"


def serve_first(paper: Paper, commands: Sequence[Command], seen: Seen) -> None:
    """Before a batch: who waits for a date with room has it before who asks now.

    A batch that only takes looks for them where it could take something that they could have.
    """
    keys = keys_of(commands)
    if all(isinstance(each, Book | Lengthen) for each in commands):
        there = {key for one in keys.sessions if has_any(paper, one) for key in paper.dates[one].pool_ids}
        waited_for = {one for each in waiting_for(paper, there) for one in each.session_ids}
        if not any(has_any(paper, one) and one not in paper.called_off for one in waited_for):
            return
    before = paper.all_free()
    events = events_touched(paper, keys, commands)
    follow(paper)
    waiting = [each for each in paper.line if each.state == "waiting" and each.event_id in events]
    due = [each.event_id for each in waiting if any(is_open(paper, one) for one in each.session_ids)]
    for event_id in dict.fromkeys(due):
        go_through(paper, event_id, seen)
    serve(paper, before, None, seen)


def is_open(paper: Paper, session_id: UUID) -> bool:
    """Whether there is any room, by what every place of a date draws on."""
    pools = [key for key in paper.dates[session_id].pool_ids if paper.pools[key].kind in {"room", "shared"}]
    return all(paper.free(key) > 0 for key in pools)


def has_any(paper: Paper, session_id: UUID) -> bool:
    """The same, where seats are numbered also by these."""
    date = paper.dates[session_id]
    return is_open(paper, session_id) and (not date.seats or bool(paper.free_seats(date)))


def waiting_for(paper: Paper, pool_ids: Iterable[UUID]) -> list[Entry]:
    """Who waits for a date that draws on any of these."""
    wanted = {*pool_ids}
    return [
        each
        for each in paper.line
        if each.state == "waiting"
        and any(wanted & {*paper.dates[one].pool_ids} for one in each.session_ids)
    ]  # fmt: skip


def events_touched(paper: Paper, keys: Keys, commands: Sequence[Command]) -> set[UUID]:
    """The activities whose lines a batch may touch; where places are kept in them, also those beside."""
    bookings = [each for each in paper.every_booking() if each.id in keys.bookings]
    drawn = {key for one in keys.sessions for key in paper.dates[one].pool_ids}
    drawn |= {key for each in bookings for line in each.lines for key in line.pool_ids}
    events = {each.event_id for each in waiting_for(paper, drawn)}
    events |= {
        each.event_id for each in paper.line if each.state == "offered" and each.offer_id in keys.bookings
    }
    of_line = JoinWaitingList | LeaveWaitingList | ServeWaitingList
    events |= {each.event_id for each in commands if isinstance(each, of_line)}
    keeping = [
        each for each in paper.line if each.state == "waiting" and each.event_id in events and each.kept
    ]
    kept = {key for each in keeping for one in each.session_ids for key in paper.dates[one].pool_ids}
    return events | {each.event_id for each in waiting_for(paper, kept)}


def serve(paper: Paper, before: dict[UUID, int], asked: UUID | None, seen: Seen) -> None:
    """Go through the line of each activity for which more is free than before, until nothing moves."""
    while True:
        follow(paper)
        free = paper.all_free()
        events = dict.fromkeys(each.event_id for each in paper.line if each.state == "waiting")
        due = [
            event_id
            for event_id in events
            if event_id == asked or any(free[key] > before[key] for key in pools_of(paper, event_id))
        ]
        if not due:
            return
        for event_id in due:
            go_through(paper, event_id, seen)
        before, asked = free, None


def pools_of(paper: Paper, event_id: UUID) -> set[UUID]:
    """What the dates draw on that somebody waits for."""
    waiting = [each for each in paper.line if each.state == "waiting" and each.event_id == event_id]
    drawn = {key for each in waiting for one in each.session_ids for key in paper.dates[one].pool_ids}
    return {key for key in drawn if paper.pools[key].kind != "allotment"}


def go_through(paper: Paper, event_id: UUID, seen: Seen) -> None:
    """Each in order gets the first of their dates that has all they asked, or keeps what there is."""
    waiting = [each for each in paper.line if each.state == "waiting" and each.event_id == event_id]
    for each in waiting:
        each.kept = None
    for each in waiting:
        dates = sorted(each.session_ids, key=lambda one: (paper.dates[one].starts_at, one))
        could = [one for one in dates if may_have(paper, each, one)]
        fits = next((one for one in could if has_room(paper, each, one)), None)
        if fits:
            offer(paper, each, fits, seen)
        elif paper.keeps[event_id]:
            keep(paper, each, [one for one in could if not would_fit(paper, each, one)])


def may_have(paper: Paper, entry: Entry, session_id: UUID) -> bool:
    is_near = paper.dates[session_id].sale_closes_at - paper.now <= TOO_NEAR
    return not is_near and paper.not_on_sale(session_id) is None


def has_room(paper: Paper, entry: Entry, session_id: UUID) -> bool:
    wanted = [Wanted(session_id, entry.tariff, entry.places, None)]
    return would_fit(paper, entry, session_id) and paper.not_seated(wanted) is None


def would_fit(paper: Paper, entry: Entry, session_id: UUID) -> bool:
    """Whether there is room by the counted places, wherever the seats are."""
    return fitting(paper, entry, session_id) >= entry.places


def fitting(paper: Paper, entry: Entry, session_id: UUID) -> int:
    tariff = paper.dates[session_id].tariffs[entry.tariff]
    return max(0, min(paper.free(key) // tariff.weight for key in tariff.pool_ids))


def keep(paper: Paper, entry: Entry, session_ids: Sequence[UUID]) -> None:
    """Of the dates of which anything can be kept the one with most, the first of equals."""
    early = [each for each in session_ids if paper.now < paper.dates[each].sale_closes_at - DAY]
    best = max(early, key=lambda each: fitting(paper, entry, each), default=None)
    places = min(entry.places, fitting(paper, entry, best)) if best else 0
    if best and places:
        entry.kept = Booking(
            entry.id, ByWorker(), entry.channel, paper.now, lines_of(paper, entry, best, places)
        )
        entry.kept.held_until = paper.dates[best].sale_closes_at - DAY
        for _, ticket in entry.kept.tickets:
            ticket.status = "held"


def offer(paper: Paper, entry: Entry, session_id: UUID, seen: Seen) -> None:
    booking_id = uuid5(entry.id, "offer")
    by = ByHolder(entry.who) if isinstance(entry.who, UUID) else ByGuest(str(booking_id))
    booking = Booking(booking_id, by, entry.channel, paper.now, lines_of(paper, entry, session_id))
    wanted = [Wanted(session_id, entry.tariff, entry.places, booking.lines[0].holder_id)]
    for line in booking.lines:
        line.pay(0)
        for ticket in line.tickets:
            ticket.status = "held"
    paper.adopt_seats(booking.lines, wanted, seen, booking_id)
    booking.held_until = seen.booking(booking_id).held_until
    assert booking.held_until
    assert paper.now < booking.held_until <= paper.dates[session_id].sale_closes_at
    paper.bookings[booking_id] = booking
    entry.state, entry.offer_id = "offered", booking_id
