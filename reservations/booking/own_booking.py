"""A booking as whoever may manage it sees it: its holder, who claimed it, or a guest with its link.

They share its pages; what differs is how they are known, at which address, and as whom they act.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from credits.payments.payment import PaymentMeans
from reservations.booking.acting import find_made_for, helped_members, read_made_for, stored_as
from reservations.booking.answers import Ended, as_refusal
from reservations.booking.commands import Actor, ByGuest, ByHolder, ByRepresentative, Lengthen
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
from reservations.booking.returns import returns_of_booking
from reservations.booking.services import BookingServices
from reservations.booking.tickets import (
    TICKETS_SHOWN,
    Outing,
    as_code,
    as_pass,
    cancel_until,
    find_claimant,
    find_holder,
    number_of,
    read_outings,
    read_tickets,
    read_together,
)
from reservations.booking.to_pay import ToPay, never_opened, read_to_pay, read_vendor_of_booking
from reservations.booking.visit import Visit, open_visit
from reservations.errors import BookingUnknown
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, RefusalError
from uit.core.formats import hour
from uit.core.translation import gettext as _
from uit.database.statements import Executor, Statements
from uit.identity.authentication import AnyRequest
from uit.web.form import form_id
from uit.web.view import Page

SQL = Statements(__name__)

MOST_TICKETS: Final = 10_000


class NextBooking(Struct, frozen=True):
    """What is still in a basket, by the name of what comes first."""

    name: str


read_next = SQL.maybe("read_next", NextBooking)


class OwnBooking(Struct, frozen=True):
    """Who looks at a booking that they may manage, at which address it is theirs, and as whom they act."""

    here: Visit
    booking_id: UUID
    own: str
    by: Actor
    is_guest: bool = False


class Done(StrEnum):
    """What somebody did who comes to the page of their booking.

    `STOPPED`: the payment page was left unpaid. `UNSEEN`: the provider did not tell yet how it stands.
    """

    STOPPED = "gestopt"
    UNSEEN = "betaald"
    LENGTHENED = "langer"
    CLAIMED = "toegevoegd"


def done_of(done: Done) -> str:
    """What is added to the address of a booking."""
    return f"?gedaan={done}"


def notice_after(done: str, to_pay: ToPay | None) -> str | None:
    """What that came to, as long as it is so: an address is opened again later."""
    if done == Done.CLAIMED:
        return _("Deze boeking staat nu bij je boekingen.")
    if to_pay is None or to_pay.means is not PaymentMeans.CARD:
        return None
    until = hour(to_pay.held_until)
    match done:
        case Done.STOPPED:
            return _("Je betaalde nog niets. Je plaatsen wachten op je tot %(until)s.", until=until)
        case Done.UNSEEN:
            return _(
                "We zien je betaling nog niet. Betaalde je? Betaal dan niet opnieuw: kijk over enkele minuten"
                " nog eens hier."
            )
        case Done.LENGTHENED:
            return _("Je hebt meer tijd. Je plaatsen wachten op je tot %(until)s.", until=until)
        case _:
            return None


@asynccontextmanager
async def open_own_booking(
    request: AnyRequest, services: BookingServices, booking_id: UUID
) -> AsyncIterator[tuple[OwnBooking, Executor]]:
    """A booking that a resident holds, claimed or made for another, and the connection its page reads with.

    Who claimed it acts as the guest who made it. Raises BookingUnknown when it is not there, elsewhere, or
    somebody else's, and when they may not act for that other any more.
    """
    async with open_visit(request, services) as (here, tx):
        own, key = here.address("boekingen", booking_id), (here.region.id, booking_id, here.person_id)
        by: Actor | None = None
        if here.member and await find_holder(tx, *key) is not None:
            by = ByHolder(here.member.id)
        elif here.member and await find_claimant(tx, *key) is not None:
            by = ByGuest(str(booking_id))
        elif here.person_id:
            by = await acting_by(tx, here, booking_id, services.clock.now())
        if by is None:
            raise RefusalError(BookingUnknown(booking_id))
        yield OwnBooking(here, booking_id, own, by), tx


async def acting_by(tx: Executor, here: Visit, booking_id: UUID, now: datetime) -> ByRepresentative | None:
    """As whom somebody acts on a booking that they made for another, as long as they may book for them."""
    assert here.person_id
    region, day = here.region, day_in_flanders(now)
    holder_id = await find_made_for(tx, region.id, booking_id, stored_as(here.person_id))
    helped = await helped_members(tx, region.id, here.person_id, day, region.own_outings_from)
    may = any(each.membership_id == holder_id and each.powers.book for each in helped)
    return ByRepresentative(here.person_id, holder_id) if may else None


async def own_booking(request: AnyRequest, services: BookingServices, booking_id: UUID) -> OwnBooking:
    """As `open_own_booking`, for who does something with it: its connection is free again."""
    async with open_own_booking(request, services, booking_id) as (mine, _tx):
        return mine


async def read_described(services: BookingServices, tx: Executor, mine: OwnBooking) -> dict[str, Any]:
    """What every page about one booking tells. Raises BookingUnknown when it is not there any more."""
    region_id = mine.here.region.id
    outings = await read_outings(tx, region_id, [mine.booking_id])
    facts = await read_facts(tx, region_id, mine.booking_id)
    if not outings or not facts.bookings:
        raise RefusalError(BookingUnknown(mine.booking_id))
    tickets = givable(facts, mine.by, services.clock.now())
    maker = facts.bookings[0].by.representative_id
    made_for = await read_made_for(tx, region_id, mine.booking_id, maker) if maker else None
    who = {"made_for": made_for, "is_theirs": isinstance(mine.by, ByRepresentative)}
    return {"own": mine.own, "is_guest": mine.is_guest, **who} | described(
        facts.bookings[0], outings, tickets
    )


def described(
    booking: Booking, outings: Sequence[Outing], tickets: Sequence[GivableTicket]
) -> dict[str, Any]:
    """A booking for its page. `tickets` can be given up; `all_or_nothing`: only together."""
    return {
        "booking_id": booking.id,
        "booking": booking,
        "outings": outings,
        "number": number_of(booking.id),
        "credit_cents": booking.credit_cents,
        "payments": [each for each in booking.payments if each.stands],
        "returns": returns_of_booking(booking),
        "kept_cents": sum(line_fee_cents(booking, line) for line in booking.lines),
        "unopened": never_opened(booking),
        "givable": tickets,
        "all_or_nothing": waits_for_card(booking),
        "waits_for_card": waits_for_card(booking),
        "cancel_until": cancel_until(outings),
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
    found = await read_tickets(tx, region_id, mine.booking_id, TICKETS_SHOWN, first)
    together = [] if first else await read_together(tx, region_id, mine.booking_id)
    to_pay = await read_to_pay(tx, facts["booking"], services.clock.now())
    vendor = await read_vendor_of_booking(tx, facts["booking"])
    coming = await next_in_basket(tx, mine.here, facts["booking"])
    live = sum(outing.live_tickets for outing in facts["outings"])
    return mine.here.page(
        "booking/tickets",
        codes=[as_code(key, region_id, mine.booking_id, each) for each in together],
        passes=[as_pass(key, region_id, mine.booking_id, ticket) for ticket in found],
        in_all=sum(outing.tickets for outing in facts["outings"]),
        earlier=max(first - TICKETS_SHOWN, 0) if first else None,
        further=first + TICKETS_SHOWN if first + TICKETS_SHOWN < live else None,
        vendor=vendor,
        next_booking=coming,
        flash=notice_after(done, to_pay["to_pay"]),
        is_unpaid=done in {Done.STOPPED, Done.UNSEEN},
        **to_pay,
        **facts,
    )


async def next_in_basket(tx: Executor, here: Visit, booking: Booking) -> NextBooking | None:
    """What comes after this booking, where one made it of a basket in this browser and something is left."""
    if here.basket is None:
        return None
    booked = [f"{line.session_id}/{line.tariff_code}" for line in booking.lines]
    is_made_of_it = here.basket.booking_id == booking.id
    left = here.basket.less(booked) if is_made_of_it else here.basket.lines
    return await read_next(tx, here.region.id, left[0].session_id) if left else None


async def cancel_page(
    services: BookingServices, tx: Executor, mine: OwnBooking, status: int = 200, **more: object
) -> Page:
    """What can be given up, ticket by ticket, and what comes back."""
    facts = await read_described(services, tx, mine)
    found = await read_tickets(tx, mine.here.region.id, mine.booking_id, MOST_TICKETS, 0)
    shown = {(each.line_no, each.no): (each.position, each.label) for each in found}
    form: dict[str, Any] = {"cancellation_id": services.ids.new(), "shown": shown, "typed": {}}
    return mine.here.page(
        "booking/cancel", status, **{"refusal": None, "errors": {}, **form, **facts, **more}
    )


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
        return await cancel_page(services, tx, mine, refusal.status, refusal=refusal)


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
