"""What a booking would cost now, and how it could be paid: read without a lock, and nothing is held."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from credits.invoice.terms import CustomerTerms
from reservations.booking.actor import CardProof, MembershipProof
from reservations.booking.commands import Book, PayWith
from reservations.booking.course_facts import with_courses_of
from reservations.booking.decide import decide
from reservations.booking.facts import Facts, GivenFor
from reservations.booking.limit_facts import with_counted
from reservations.booking.limits import address_of
from reservations.booking.quote import Quote, quote
from reservations.booking.seating import with_seats_of
from reservations.booking.split import QuotedBooking, split
from reservations.booking.to_pay import Vendor
from reservations.booking.turn_card_facts import with_cards_of
from reservations.order.had import NOTHING_HAD, PlacesHad
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal, TooOften
from uit.database.statements import Executor, Statements
from uit.services.limit import Limit, Limiter
from uit.services.look import Look, write_looks

SQL = Statements(__name__)
read_facts = SQL.value("read_facts", str)
people_of_cards = SQL.value("people_of_cards", list[UUID])

OF_CLIENT: Final = Limit("quotes of client", 1200, 60)
OF_PASS: Final = Limit("quotes of pass", 60, 3600)
SHARE_OF_CLIENT: Final = Limit("quotes of pass of client", 10, 3600)
"""A quote says what credit pays, so that many of one pass would follow its balance."""
OF_ADDRESS: Final = Limit("quotes of address", 60, 3600)
SHARE_OF_ADDRESS: Final = Limit("quotes of address of client", 10, 3600)
"""A quote for an address says what a booking would, and leaves no trace with whose it is."""

log = structlog.get_logger()


class Seller(Vendor, frozen=True):
    """Who sells, with the id by which money finds it."""

    id: UUID


read_sellers = SQL.many("read_sellers", Seller)


class Quoted(Struct, frozen=True):
    """A quote; `refusal` is why no way to pay is open for the lines that are not refused.

    `bookings` is how those lines are booked one after the other, and `sellers` who gets the money, by id.
    `facts` is what all of it follows from.
    """

    facts: Facts
    quote: Quote
    bookings: list[QuotedBooking]
    sellers: dict[UUID, Vendor]
    refusal: Refusal | None


async def check_limits(limiter: Limiter, client_id: str, command: Book) -> TooOften | None:
    """Count a quote for its client, for each pass in it and for the address of a guest.

    Whatever client asks, a pass has one count; above it, each other client keeps a share.
    """
    refusal = await limiter.count(OF_CLIENT, client_id)
    if address := address_of(command):
        refusal = refusal or await limiter.count_share(OF_ADDRESS, SHARE_OF_ADDRESS, (address,), (client_id,))
    for card_id in cards_of(command):
        refusal = refusal or await limiter.count_share(
            OF_PASS, SHARE_OF_CLIENT, (str(card_id),), (client_id,)
        )
    return refusal


async def read_quote(  # noqa: PLR0913  who asks for what, for whom, and by which powers
    tx: Executor,
    client_id: str,
    command: Book,
    now: datetime,
    customer: CustomerTerms | None = None,
    *,
    given: Sequence[GivenFor] = (),
    had: PlacesHad = NOTHING_HAD,
) -> Quoted:
    """The quote of a command that is not given. Who asked for which sessions is logged, and no amount.

    `given`: by what somebody acts for others, and then nothing tells of what is had at a price of which only
    some is for each; `had`: what those have already, of which some is hidden.
    """
    sessions = list({line.session_id for line in command.lines})
    log.info("quoted", client=client_id, sessions=[str(session_id) for session_id in sessions])
    shown = cards_of(command), memberships_of(command)
    document = await read_facts(tx, command.region_id, sessions, *shown)
    facts = await with_seats_of(tx, msgspec.json.decode(document, type=Facts), command.region_id)
    facts = await with_courses_of(tx, facts, command.region_id)
    if any(line.turn_card for line in command.lines):
        holders = [each.id for each in facts.holders]
        facts = await with_cards_of(tx, facts, command.region_id, holders)
    facts = had.without_hidden(replace(facts, given=list(given)))
    if not given:
        facts = await with_counted(tx, facts, command.region_id, [command], day_in_flanders(now))
    if customer:
        facts = replace(facts, customers=[customer])
        command = replace(command, invoice_customer_id=customer.id)
    quoted, bookings = quote(facts, command, now), split(facts, command, now)
    closed = None if quoted.pay_with else why_closed(facts, command, quoted, now)
    return Quoted(facts, quoted, bookings, await sellers_of(tx, command.region_id, bookings), closed)


async def note_looks(tx: Executor, client_id: str, command: Book, now: datetime) -> None:
    """That a program asked a price for whose pass was shown: once a day for each, whatever it asks."""
    cards, day = cards_of(command), day_in_flanders(now)
    people = await people_of_cards(tx, command.region_id, cards)
    looks = [
        Look(uuid5(each, f"{client_id} {day}"), each, now, "client", client_id, "price") for each in people
    ]
    await write_looks(tx, command.region_id, looks)


async def sellers_of(tx: Executor, region_id: int, bookings: Sequence[QuotedBooking]) -> dict[UUID, Vendor]:
    """Who gets the money of these bookings."""
    found = {each.seller_id for each in bookings if each.seller_id}
    return {each.id: each for each in await read_sellers(tx, region_id, list(found))} if found else {}


def cards_of(command: Book) -> Sequence[UUID]:
    """The cards that are shown, each once."""
    found = {line.holder.card_id: None for line in command.lines if isinstance(line.holder, CardProof)}
    return list(found)


def memberships_of(command: Book) -> Sequence[UUID]:
    """The memberships of who is signed in, each once."""
    found = {
        line.holder.membership_id: None for line in command.lines if isinstance(line.holder, MembershipProof)
    }
    return list(found)


def why_closed(facts: Facts, command: Book, quoted: Quote, now: datetime) -> Refusal | None:
    """Why the lines that can be had cannot be paid together; None when there are none."""
    lines = [line for line, answer in zip(command.lines, quoted.lines, strict=True) if answer.refusal is None]
    if not lines:
        return None
    answer = decide(facts, [replace(command, lines=tuple(lines), pay_with=PayWith.CREDIT_THEN_CARD)], now)[0]
    return answer if isinstance(answer, Refusal) else None
