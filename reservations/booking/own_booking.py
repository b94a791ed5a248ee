"""A booking as whoever may manage it sees it: its holder, who claimed it, or a guest with its link.

They share its pages; what differs is how they are known, at which address, and as whom they act.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import read_made_for, stored_as, viewer_of
from reservations.booking.actor import Actor, ByGuest, ByHolder, ByRepresentative
from reservations.booking.answers import Ended, as_refusal
from reservations.booking.commands import Lengthen
from reservations.booking.done import Done, done_of, notice_after
from reservations.booking.enrolled import courses_of, one_for_all, read_opening
from reservations.booking.facts import Booking
from reservations.booking.giving_up import (
    GivableTicket,
    as_command,
    chosen_in,
    givable,
    read_facts,
    waits_for_card,
)
from reservations.booking.refunding import line_fee_cents
from reservations.booking.returns import Return, credit_in, less_credit, returns_of_booking
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    MOST_TICKETS,
    TICKETS_SHOWN,
    Outing,
    Relation,
    as_code,
    as_pass,
    cancel_limits,
    cancel_until,
    number_of,
    outings_seen,
    read_relation,
    read_tickets,
    read_together,
)
from reservations.booking.to_pay import never_opened, read_to_pay, read_vendor_of_booking
from reservations.booking.turn_cards import turns_back
from reservations.booking.viewer import Viewer
from reservations.booking.visit import Visit, open_visit
from reservations.booking.whether_they_come import WhereToAnswer, read_whether_they_come
from reservations.errors import BookingUnknown
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.formats import joined
from uit.core.seal import WaitingSeal, seal_waiting
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.authentication import AnyRequest
from uit.web.form import form_id
from uit.web.view import Page

SQL = Statements(__name__)


class NextBooking(Struct, frozen=True):
    """What is still in a basket, by the name of what comes first."""

    name: str


class OfferedEntry(Struct, frozen=True):
    """The place in a line of who got an offer, and until when they may answer."""

    id: UUID
    answer_by: datetime


read_next = SQL.maybe("read_next", NextBooking)
read_taken_by_changes = SQL.value("read_taken_by_changes", int)
read_offered_entry = SQL.maybe("read_offered_entry", OfferedEntry)


class OwnBooking(Struct, frozen=True):
    """Who looks at a booking that they may manage, at which address it is theirs, and as whom they act.

    `viewer` says what of it they see; a guest sees all. `own_name`: what they are called, where somebody else
    looks. `code_digest`: of the code that they typed for a price, once that try was counted.
    """

    here: Visit
    booking_id: UUID
    own: str
    by: Actor
    is_guest: bool = False
    viewer: Viewer | None = None
    own_name: str | None = None
    code_digest: str | None = None


@asynccontextmanager
async def open_own_booking(
    request: AnyRequest, services: BookingServices, booking_id: UUID
) -> AsyncIterator[tuple[OwnBooking, Executor]]:
    """A booking that a resident holds, claimed or made for another, and the connection its page reads with.

    Who claimed it acts as the guest who made it. Raises BookingUnknown when it is not there, elsewhere, or
    somebody else's, and when they may not act for that other any more.
    """
    async with open_visit(request, services) as (here, tx):
        mine = await find_own(tx, here, booking_id, services.clock.now()) if here.person_id else None
        if mine is None:
            raise RefusalError(BookingUnknown(booking_id))
        yield mine, tx


async def find_own(tx: Executor, here: Visit, booking_id: UUID, now: datetime) -> OwnBooking | None:
    """A booking that somebody holds, claimed or made for others; None when it is none of that."""
    assert here.person_id
    region, person_id = here.region, here.person_id
    relation = await read_relation(tx, region.id, booking_id, person_id, stored_as(person_id))
    if relation is None:
        return None
    own_id = relation.own_id if relation.is_holder else None
    viewer = Viewer(person_id, own_id)
    if relation.is_maker:
        viewer = await viewer_of(tx, region, person_id, own_id, day_in_flanders(now))
    by = actor_of(relation, viewer, booking_id)
    own = here.address("boekingen", booking_id)
    return OwnBooking(here, booking_id, own, by, viewer=viewer) if by else None


def actor_of(relation: Relation, viewer: Viewer, booking_id: UUID) -> Actor | None:
    """As whom they act: for all of theirs who are in it, for themselves, or as the guest who made it.

    Who made it for others and comes instead of them still acts for them, so that they may come after all.
    """
    theirs = tuple(each for each in viewer.helped_ids if each in relation.holder_ids)
    if relation.is_maker and (theirs or (viewer.own_id and viewer.helped_ids)):
        return ByRepresentative(viewer.person_id, theirs, viewer.own_id)
    if viewer.own_id:
        return ByHolder(viewer.own_id)
    return ByGuest(str(booking_id)) if relation.has_claimed else None


async def own_booking(request: AnyRequest, services: BookingServices, booking_id: UUID) -> OwnBooking:
    """As `open_own_booking`, for who does something with it: its connection is free again."""
    async with open_own_booking(request, services, booking_id) as (mine, _tx):
        return mine


async def read_described(services: BookingServices, tx: Executor, mine: OwnBooking) -> dict[str, Any]:
    """What every page about one booking tells. Raises BookingUnknown when it is not there any more."""
    region_id = mine.here.region.id
    outings = await outings_seen(tx, region_id, [mine.booking_id], mine.viewer, mine.here.language)
    facts = await read_facts(tx, region_id, mine.booking_id)
    if not outings or not facts.bookings:
        raise RefusalError(BookingUnknown(mine.booking_id))
    whole = facts.bookings[0]
    booking = mine.viewer.part_of(whole) if mine.viewer else whole
    tickets = givable(facts, mine.by, services.clock.now())
    waits = waits_for_card(whole)
    who: dict[str, Any] = {
        "own": mine.own,
        "is_guest": mine.is_guest,
        "waits_for_card": waits,
        "all_or_nothing": waits,
    }
    who["courses"] = courses_of(booking, outings, facts.courses.named_in(mine.here.language))
    who["enrolments"] = facts.courses.enrolments
    who["turns_back"] = turns_back(booking, facts.turn_cards.uses)
    facts_of_booking = described(booking, outings, tickets)
    returns = await net_returns(tx, booking, facts_of_booking["returns"])
    return facts_of_booking | who | {"returns": returns} | await who_comes(tx, mine, whole, booking)


async def net_returns(tx: Executor, booking: Booking, returns: Sequence[Return]) -> list[Return]:
    """What came back and stayed: less the credit that went to other places of it in the same moment."""
    if not credit_in(returns):
        return [*returns]
    lines = [line.no for line in booking.lines]
    taken = await read_taken_by_changes(tx, booking.region_id, booking.id, lines) or 0
    return less_credit(returns, taken)


async def who_comes(tx: Executor, mine: OwnBooking, whole: Booking, seen: Booking) -> dict[str, Any]:
    """Who made it for whom, as far as whoever looks sees them. `comers`: by line, where they are several."""
    maker = whole.by.representative_id
    found = await read_made_for(tx, whole.region_id, whole.id, maker) if maker else []
    names = {each.membership_id: each.given_name for each in found}
    holders = list(dict.fromkeys(each for line in seen.lines if (each := line.holder_id) and each in names))
    own_id = mine.viewer.own_id if mine.viewer else None
    own = {own_id: mine.own_name or _("jou")}
    is_maker = mine.viewer is not None and mine.viewer.person_id == maker
    return {
        "made_by": found[0].made_by if found and not is_maker else None,
        "made_for": joined([own.get(each, names[each]) for each in holders]),
        "comers": {line.no: names[line.holder_id] for line in seen.lines if line.holder_id}
        if len(holders) > 1
        else {},
        "is_part": seen is not whole,
    }


def described(
    booking: Booking, outings: Sequence[Outing], tickets: Sequence[GivableTicket]
) -> dict[str, Any]:
    """A booking for its page. `tickets` can be given up; `credit_cents` is without what is back.

    `limits`: until when, date by date, where that is not the same for all that can be given up.
    """
    returns, sessions = returns_of_booking(booking), {each.session_id for each in tickets}
    by_date = [each for each in cancel_limits(outings) if each[0].session_id in sessions]
    return {
        "booking_id": booking.id,
        "booking": booking,
        "outings": outings,
        "number": number_of(booking.id),
        "credit_cents": booking.credit_cents - credit_in(returns),
        "payments": [each for each in booking.payments if each.stands],
        "returns": returns,
        "kept_cents": sum(line_fee_cents(booking, line) for line in booking.lines),
        "unopened": never_opened(booking),
        "givable": tickets,
        "cancel_until": cancel_until(outings),
        "limits": by_date if len({limit for _, limit in by_date}) > 1 else [],
    }


async def tickets_page(
    services: BookingServices, tx: Executor, mine: OwnBooking, first: int, done: str = "", **more: object
) -> Page:
    """The tickets with their QR, from the one at `first`. Saved or printed, the page works offline.

    `done`: what led here. `more`: what its face knows besides.
    """
    facts: dict[str, Any] = {**await read_described(services, tx, mine), **more}
    first = max(0, min(first, MOST_TICKETS))
    region_id, key = mine.here.region.id, services.secrets.signing
    holders, enrolments = holders_shown(mine, facts["booking"]), facts["enrolments"]
    found = await read_opening(tx, (region_id, mine.booking_id), first, holders, enrolments)
    together = [] if first or facts["is_part"] else await read_together(tx, region_id, mine.booking_id)
    together = one_for_all(together, enrolments)
    booking = facts["booking"]
    to_pay = {"to_pay": None} if facts["is_part"] else await read_to_pay(tx, booking, services.clock.now())
    vendor = await read_vendor_of_booking(tx, booking)
    coming = await next_in_basket(tx, mine.here, booking)
    return mine.here.page(
        "booking/tickets",
        codes=[as_code(key, region_id, mine.booking_id, each) for each in together],
        passes=[as_pass(key, region_id, mine.booking_id, ticket) for ticket in found[:TICKETS_SHOWN]],
        earlier=max(first - TICKETS_SHOWN, 0) if first else None,
        further=first + TICKETS_SHOWN if len(found) > TICKETS_SHOWN else None,
        vendor=vendor,
        next_booking=coming,
        offer=await read_offer_to_answer(services, tx, mine, booking),
        asked=await read_whether_they_come(services, tx, mine.here, mine.by, facts["outings"]),
        flash=notice_after(done, to_pay["to_pay"], stands=any(each.live_places for each in facts["outings"])),
        is_unpaid=done in {Done.STOPPED, Done.UNSEEN},
        over={each.session_id for each in facts["outings"] if each.ends_at <= services.clock.now()},
        **to_pay,
        **facts,
    )


async def read_offer_to_answer(
    services: BookingServices, tx: Executor, mine: OwnBooking, booking: Booking
) -> WhereToAnswer | None:
    """That it is an offer to who waited, and where they say yes or no; None for any other booking."""
    if booking.held_until is None or booking.payments:
        return None
    entry = await read_offered_entry(tx, mine.here.region.id, booking.id)
    if entry is None:
        return None
    token = seal_waiting(services.secrets.signing, WaitingSeal(mine.here.region.id, entry.id))
    return WhereToAnswer(mine.here.address("wachtlijst", token), entry.answer_by)


def holders_shown(mine: OwnBooking, booking: Booking) -> list[UUID] | None:
    """Whose tickets are shown; None for all, where it was not made for others."""
    if mine.viewer is None or booking.by.representative_id is None:
        return None
    return [line.holder_id for line in booking.lines if line.holder_id]


async def next_in_basket(tx: Executor, here: Visit, booking: Booking) -> NextBooking | None:
    """What comes after this booking, where one made it of a basket in this browser and something is left."""
    if here.basket is None:
        return None
    booked = [(line.session_id, line.tariff_code, line.holder_id) for line in booking.lines]
    is_made_of_it = here.basket.booking_id == booking.id
    left = here.basket.less(booked) if is_made_of_it else here.basket.lines
    return await read_next(tx, here.region.id, left[0].session_id, here.language) if left else None


async def cancel_page(
    services: BookingServices,
    tx: Executor,
    mine: OwnBooking,
    status: int = 200,
    session_id: UUID | None = None,
    **more: object,
) -> Page:
    """What can be given up, ticket by ticket, and what comes back; of one date where that goes by itself."""
    facts = await read_described(services, tx, mine)
    facts |= of_one_date(facts, session_id)
    holders = holders_shown(mine, facts["booking"])
    found = await read_tickets(tx, mine.here.region.id, mine.booking_id, MOST_TICKETS, 0, holders)
    shown = {(each.line_no, each.no): (each.position, each.label) for each in found}
    form: dict[str, Any] = {"cancellation_id": services.ids.new(), "shown": shown, "typed": {}}
    return mine.here.page(
        "booking/cancel", status, **{"refusal": None, "errors": {}, **form, **facts, **more}
    )


def of_one_date(facts: Mapping[str, Any], session_id: UUID | None) -> dict[str, Any]:
    """What can be given up of a date and that date; all as it is where it was sold together with others."""
    theirs = [each for each in facts["givable"] if each.session_id == session_id]
    if not theirs or any(each.others or each.follows for each in theirs):
        return {}
    return {
        "givable": theirs,
        "outings": [each for each in facts["outings"] if each.session_id == session_id],
    }


async def give_up_chosen(
    services: BookingServices, mine: OwnBooking, typed: Mapping[str, str]
) -> Page | None:
    """Give up what was chosen in the form; None when that is done, else the form again with the reason."""
    chosen = chosen_in(typed)
    if not chosen:
        async with services.database.reading() as tx:
            return await ask_again(services, tx, mine, typed)
    cancellation_id = form_id(typed.get("cancellation_id", ""), services.ids)
    command = as_command(mine.here.region.id, mine.booking_id, mine.by, cancellation_id, chosen)
    answer = await services.turnstile.answer(command)
    if isinstance(answer, Ended):
        return None
    refusal = as_refusal(answer)
    async with services.database.reading() as tx:
        return await cancel_page(services, tx, mine, refusal.status, refusal=refusal, typed=typed)


async def take_longer(services: BookingServices, mine: OwnBooking) -> str:
    """Hold the places for longer while they are paid for, once; where that is read.

    Raises what the turnstile refuses.
    """
    answer = await services.turnstile.answer(Lengthen(mine.here.region.id, mine.booking_id, mine.by))
    if isinstance(answer, Refusal):
        raise RefusalError(answer, redirect_to=mine.own)
    return mine.own + done_of(Done.LENGTHENED)


async def ask_again(
    services: BookingServices, tx: Executor, mine: OwnBooking, typed: Mapping[str, str]
) -> Page:
    """The form again when nothing was chosen."""
    facts = await read_described(services, tx, mine)
    fields = [each.field for each in facts["givable"][:1]]
    errors = dict.fromkeys(fields, _("Kies minstens één ticket."))
    return await cancel_page(services, tx, mine, 422 if fields else 409, errors=errors, typed=typed)
