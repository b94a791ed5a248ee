"""What somebody may choose where a date is another than they booked, by the link of their message.

A date that was called off: another date, online, or all of it back. One that comes later or at another time:
the same, or they keep what they have.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import RefundWay
from reservations.booking.actor import ByGuest
from reservations.booking.answers import Ended, as_refusal
from reservations.booking.choice_link import PATH
from reservations.booking.commands import GiveUp
from reservations.booking.contact import guest_path, read_contact
from reservations.booking.facts import Booking
from reservations.booking.giving_up import GivableTicket, as_chosen, as_command
from reservations.booking.member import read_member
from reservations.booking.own_booking import OwnBooking, find_own, read_described
from reservations.booking.services import BookingServices
from reservations.booking.tickets import Outing
from reservations.booking.visit import Visit, open_visit
from reservations.changes.chosen import OtherDate, other_dates
from reservations.errors import BookingUnknown, GuestLinkUnknown
from uit.core.errors import Refusal, RefusalError
from uit.core.seal import ChoiceSeal, open_choice
from uit.database.statements import Executor
from uit.identity.authentication import AnyRequest


class Stage(StrEnum):
    """How it stands with a date for who booked it."""

    CHOOSE = "choose"
    POSTPONED = "postponed"
    MOVED = "moved"
    OVER = "over"


class Back(Struct, frozen=True):
    """What comes back of all of it: credit, money by `way`, less what is kept, and `turns` of a card."""

    credit_cents: int
    money_cents: int
    way: RefundWay | None
    turns: int = 0


class OpenChoice(Struct, frozen=True):
    """A booking of a date that is another now, by whose link it is, and where they find all of it."""

    mine: OwnBooking
    session_id: UUID
    booking_address: str


@asynccontextmanager
async def open_choice_page(
    request: AnyRequest, services: BookingServices, token: str
) -> AsyncIterator[tuple[OpenChoice, Executor]]:
    """What a link chooses for, and the connection that its page reads with.

    Who has it acts as whom it was sent to. Raises GuestLinkUnknown for a link that is not ours, of another
    region, or older than the last of a guest, and BookingUnknown where it is not theirs any more.
    """
    seal = open_choice(services.secrets.signing, token)
    if seal is None:
        raise RefusalError(GuestLinkUnknown())
    async with open_visit(request, services) as (here, tx):
        if seal.region_id != here.region.id:
            raise RefusalError(GuestLinkUnknown())
        mine, address = await whose(tx, services, here, seal)
        mine = replace(mine, own=here.address(PATH, token))
        yield OpenChoice(mine, seal.session_id, address), tx


async def whose(
    tx: Executor, services: BookingServices, here: Visit, seal: ChoiceSeal
) -> tuple[OwnBooking, str]:
    """The booking as whom the link was sent to has it, and its own address."""
    if seal.person_id is None:
        contact = await read_contact(tx, seal.region_id, seal.booking_id)
        if contact is None or contact.link_version != seal.version:
            raise RefusalError(GuestLinkUnknown())
        path = guest_path(services.secrets.signing, seal.region_id, seal.booking_id, seal.version)
        by = ByGuest(str(seal.booking_id))
        return OwnBooking(here, seal.booking_id, "", by, is_guest=True), here.address(path)
    member = await read_member(tx, here.region.id, seal.person_id)
    theirs = replace(here, person_id=seal.person_id, member=member, basket=None, by_link=True)
    mine = await find_own(tx, theirs, seal.booking_id, services.clock.now())
    if mine is None:
        raise RefusalError(BookingUnknown(seal.booking_id))
    return mine, mine.own


async def choice_facts(services: BookingServices, tx: Executor, choice: OpenChoice) -> dict[str, Any]:
    """What the page says: how it stands, the other dates, and what would come back."""
    mine, now = choice.mine, services.clock.now()
    described = await read_described(services, tx, mine)
    outing = next((each for each in described["outings"] if each.session_id == choice.session_id), None)
    if outing is None:
        raise RefusalError(BookingUnknown(mine.booking_id))
    tickets = [each for each in described["givable"] if each.session_id == choice.session_id]
    dates = await dates_for(tx, choice, outing, now)
    goes_to = [] if outing.is_enrolled else goes_instead(described["outings"], outing)
    known = {key: described[key] for key in ("own", "is_guest", "booking", "number", "returns", "turns_back")}
    return {
        **known,
        "outing": outing,
        "stage": stage_of(outing, tickets),
        "dates": dates,
        "goes_to": goes_to,
        "back": back_of(tickets),
        "unsettled_until": unsettled_until(described["booking"]),
        "is_given_whole": not described["all_or_nothing"] or len(tickets) == len(described["givable"]),
        "booking_address": choice.booking_address,
        "cancellation_id": services.ids.new(),
    }


async def is_of_course(services: BookingServices, tx: Executor, choice: OpenChoice) -> bool:
    """Whether the date was sold together with others, so that it is given back and becomes no other."""
    described = await read_described(services, tx, choice.mine)
    return any(each.session_id == choice.session_id and each.is_enrolled for each in described["outings"])


async def dates_for(tx: Executor, choice: OpenChoice, outing: Outing, now: datetime) -> list[OtherDate]:
    """The other dates that they may choose; none where it is one of a course, whose others are theirs."""
    if outing.is_enrolled:
        return []
    dates = await other_dates(tx, choice.mine.here.region.id, choice.session_id, now)
    return [each for each in dates if each.id != choice.session_id]


def goes_instead(outings: Sequence[Outing], outing: Outing) -> list[Outing]:
    """The dates of the same activity to which they go."""
    return [
        each
        for each in outings
        if each.event_id == outing.event_id and each.live_places and each is not outing
    ]


def stage_of(outing: Outing, tickets: Sequence[GivableTicket]) -> Stage:
    """`tickets`: those that they may give up now."""
    if outing.is_to_choose:
        return Stage.CHOOSE
    if not tickets or not outing.live_places:
        return Stage.OVER
    if outing.session_status == "postponed":
        return Stage.POSTPONED
    return Stage.MOVED if outing.has_moved else Stage.OVER


def unsettled_until(booking: Booking) -> datetime | None:
    """Until when its places are held for a payment or an answer; None where it stands, changed or not."""
    return booking.held_until if booking.change is None else None


def back_of(tickets: Sequence[GivableTicket]) -> Back:
    return Back(
        sum(each.credit_cents for each in tickets),
        sum(each.money_cents for each in tickets),
        next((each.way for each in tickets if each.way), None),
        sum(each.turns for each in tickets),
    )


def with_room(dates: Sequence[OtherDate], places: int) -> list[OtherDate]:
    """The dates that have room for all of them."""
    return [each for each in dates if each.places_left >= places]


async def take_back(services: BookingServices, choice: OpenChoice, cancellation_id: UUID) -> Refusal | None:
    """Give all of the date back; nothing where that was done before."""
    async with services.database.reading() as tx:
        described = await read_described(services, tx, choice.mine)
    of_date = [each for each in described["givable"] if each.session_id == choice.session_id]
    command = all_back(choice.mine, of_date, cancellation_id)
    if command is None:
        return None
    answer = await services.turnstile.answer(command)
    return None if isinstance(answer, Ended) else as_refusal(answer)


def all_back(mine: OwnBooking, tickets: Sequence[GivableTicket], cancellation_id: UUID) -> GiveUp | None:
    """The command that gives these tickets up; None where there is nothing left to give."""
    if not tickets:
        return None
    chosen = as_chosen((each.line_no, each.no) for each in tickets)
    return as_command(mine.here.region.id, mine.booking_id, mine.by, cancellation_id, chosen)
