"""A swap at a till: what would go back for tickets, what others cost, and the command that does both."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from credits.payments.payment import Refund, RefundStatus
from credits.till.rounding import difference_rounding
from credits.till.sale import Sale
from reservations.booking.answers import Ended
from reservations.booking.commands import GiveUp, Swap
from reservations.booking.decide import decide
from reservations.booking.facts import Booking, Facts
from reservations.booking.giving_up import ALL, OFFERED, WHICH, chosen_in
from reservations.booking.refunding import given_at_once
from reservations.box_office.selling.selling import requested_lines, sale_command
from reservations.box_office.taking_back.handing_in import hand_in, read_waiver
from reservations.errors import NothingToSwap, SwapOfPass
from reservations.order.choice import Choice
from uit.core.errors import Refusal

TICKETS: Final = "tickets"
"""The field with the numbers of the tickets that are handed in, with spaces between."""


class GoingBack(Struct, frozen=True):
    """Tickets that would be handed in for others: the command, how many, and what goes back of them.

    `places` come free by it, by the id of their session. `cash_cents` is set against what the others cost;
    `other` goes back as it came.
    """

    command: GiveUp
    tickets: int
    places: Mapping[UUID, int]
    cash_cents: int
    other: tuple[Refund, ...]


def going_back(
    facts: Facts, typed: Mapping[str, str], till: tuple[UUID, UUID], act_id: UUID, now: datetime
) -> GoingBack | Refusal:
    """What would go back for the tickets of a form. `till`: its seller, and who works there.

    Refused: what cannot be given up, also without a waiver; tickets of who has a pass, since their price is
    their own and no till may show it; and a booking of which nothing is left.
    """
    seller_id, staff_id = till
    booking = facts.bookings[0]
    chosen = chosen_in({WHICH: ALL, OFFERED: typed.get(TICKETS, "")})
    command = hand_in((booking.region_id, booking.id), chosen, staff_id, read_waiver(typed), act_id)
    [answer] = decide(facts, [command], now)
    if isinstance(answer, Refusal):
        return answer
    assert isinstance(answer, Ended)
    if not chosen or not answer.tickets:
        return NothingToSwap(booking.id)
    ending = {each.line_no for each in answer.tickets}
    if any(line.holder_id for line in booking.lines if line.no in ending):
        return SwapOfPass(booking.id)
    given = given_at_once(answer, seller_id)
    return GoingBack(
        command,
        len(answer.tickets),
        places_by_session(answer),
        sum(each.refund.amount_cents for each in given),
        tuple(each.refund for each in answer.refunds if each not in given),
    )


def places_by_session(answer: Ended) -> dict[UUID, int]:
    ended = {(each.line_no, each.ticket_no) for each in answer.tickets}
    found: dict[UUID, int] = {}
    for line in answer.booking.lines:
        weight = sum(ticket.weight for ticket in line.tickets if (line.no, ticket.no) in ended)
        if weight:
            found[line.session_id] = found.get(line.session_id, 0) + weight
    return found


def act_of(booking_id: UUID) -> UUID:
    """The id under which tickets are given up for a booking: a form that is sent twice swaps once."""
    return uuid5(booking_id, "swap")


def with_room(choices: Sequence[Choice], freed: int) -> list[Choice]:
    """The tariffs of a date in which places come free by the swap itself."""
    return [replace(each, most=min(each.limit, each.most + -(-freed // each.weight))) for each in choices]


def swap_command(
    given_up: GoingBack, booking_id: UUID, session_id: UUID, places: Mapping[str, int], sale: Sale
) -> Swap:
    """Tickets for others. Where these are free there is no receipt, and what is given has the rounding."""
    book = sale_command(given_up.command.region_id, booking_id, requested_lines(session_id, places), sale)
    return Swap(
        region_id=given_up.command.region_id,
        booking_id=given_up.command.booking_id,
        give_up=given_up.command,
        book=book,
        staff_id=sale.sold_by,
        till_session_id=sale.till_session_id,
        seller_id=sale.seller_id,
        due_seen_cents=sale.total_cents - given_up.cash_cents,
        rounding_cents=0 if sale.total_cents else sale.rounding_cents,
    )


def given_or_taken(before: Booking, after: Booking) -> int | None:
    """What a swap came to in hand; below zero it went to the customer. None where nothing was swapped.

    What was given for it was decided in the same moment as the booking was made.
    """
    if not any(each.ended_at == after.made_at for line in before.lines for each in line.tickets):
        return None
    given = [
        refund.amount_cents
        for refund in before.refunds
        if refund.status is RefundStatus.DONE and refund.decided_at == after.made_at
    ]
    due_cents = after.price_cents - sum(given)
    return due_cents + difference_rounding(due_cents, due_cents)
