"""What the page of a change says: its seats, what stays, comes and ends, and what changes hands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from reservations.booking.changing import Changing
from reservations.booking.facts import Line, Ticket
from reservations.booking.visit import with_fields
from reservations.box_office.payment_form import labels as payment_labels
from reservations.changes.at_till import TillForChange, TillSaid, difference_facts
from reservations.changes.chosen import ChosenChange
from reservations.order.seat_choice import BOX
from uit.core.errors import Refusal
from uit.core.translation import gettext as _


def seat_facts(chosen: ChosenChange) -> dict[str, Any]:
    """What the page knows of seats, and the way back from the hall."""
    return {
        "seats": chosen.seats,
        "is_choosing": chosen.is_choosing_seats,
        "places": chosen.places,
        "back": with_fields(f"{chosen.described['own']}/wijzigen", chosen.form.without_seats),
    }


def planned_facts(
    found: Changing | Refusal | None, till: TillForChange | None, typed: Mapping[str, str], said: TillSaid
) -> dict[str, Any]:
    """What it would be, and what of it changes hands at a till."""
    if not isinstance(found, Changing):
        return {"planned": None, "difference": None}
    difference = difference_facts(till, found, typed, said) if till else None
    return {"planned": found, "difference": difference, **by_date_of(found)}


def took_of_one(chosen: ChosenChange) -> bool:
    """Whether the booking took a turn of a card that is for its holder alone."""
    cards = {each.key: each for each in chosen.facts.turn_cards.cards}
    taken = [
        cards.get(each.card) for each in chosen.facts.turn_cards.uses if each.booking_id == chosen.booking.id
    ]
    return any(card and not card.rules.shared for card in taken)


def was_paid(chosen: ChosenChange) -> bool:
    """Whether anything was ever paid for the date that changes: money, credit or a turn of a card."""
    booking, took = chosen.booking, {each.line_no for each in chosen.facts.turn_cards.uses}
    money_came_in = any(each.stands_since for each in booking.payments)
    return any(
        line.credit_cents or line.no in took or (money_came_in and line.remaining_cents)
        for line in booking.lines
        if line.session_id == chosen.outing.session_id
    )


def turns_back(chosen: ChosenChange, found: Changing | Refusal | None) -> int:
    """How many turns come back to cards; below nought, how many more are taken."""
    if not isinstance(found, Changing):
        return 0
    took = {each.line_no for each in chosen.facts.turn_cards.uses if each.booking_id == chosen.booking.id}
    ended = sum(len(tickets) for line, tickets in found.content.ending if line.no in took)
    return ended - sum(len(line.tickets) for line in found.lines if line.turn_card)


def by_date_of(planned: Changing) -> dict[str, Any]:
    """What stays, comes and ends, once for each date."""
    new = [(line, tuple(line.tickets)) for line in planned.lines]
    ended = [(line, tickets) for line, tickets in planned.content.ending]
    again = {same_place(*each) for each in new if each[0].is_bound} & {same_place(*each) for each in ended}
    return {
        "kept": by_date([*planned.content.kept, *(each for each in new if same_place(*each) in again)]),
        "coming": by_date([each for each in new if same_place(*each) not in again]),
        "ending": by_date([each for each in ended if same_place(*each) not in again]),
    }


def same_place(line: Line, tickets: Sequence[Ticket]) -> tuple[UUID, str, UUID | None, int]:
    """What makes a date of a course the same, though it is sold anew with the others."""
    return line.session_id, line.tariff_code, line.holder_id, len(tickets)


def by_date(parts: Iterable[tuple[Line, Sequence[Ticket]]]) -> list[tuple[Line, list[Ticket]]]:
    """Tickets of lines together by their dates, each with the first line of it."""
    found: dict[UUID, tuple[Line, list[Ticket]]] = {}
    for line, tickets in parts:
        found.setdefault(line.session_id, (line, []))[1].extend(tickets)
    return list(found.values())


def labels_of(chosen: ChosenChange, till: TillForChange | None) -> dict[str, str]:
    """Each field of the form by its name, as an error leads to it."""
    of_rows = {row.field: row.label for row in chosen.rows}
    return (
        of_rows
        | {BOX: _("Je stoelen"), "code": _("Code van de organisator")}
        | dict(payment_labels() if till else {})
    )
