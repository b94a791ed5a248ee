"""What the database says of a town and what stands on paper, in the same words, and where they differ."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.reservations.all_verbs.paper import Paper
from tests.reservations.all_verbs.records import WAITS, Entry
from tests.reservations.all_verbs.seen import Seen, SeenBooking, SeenEntry

Account = dict[str, dict[Any, object]]
Standing = tuple[UUID, str, UUID | None, list[tuple[UUID, str, int]]]
"""Who stands in a line, what became of them, their offer, and what is kept for them."""


def differences(one: Account, other: Account) -> list[tuple[str, object, object, object]]:
    """Where two accounts of a town are not the same."""
    return [
        (name, key, one[name].get(key), other[name].get(key))
        for name in one
        for key in one[name] | other[name]
        if one[name].get(key) != other[name].get(key)
    ]


def on_paper(paper: Paper) -> Account:
    return {
        "pools": {key: (paper.capacities[key], paper.taken(key), paper.apart(key)) for key in paper.pools},
        "credit": dict(paper.credit),
        "bookings": {
            each.id: (
                each.held_until,
                [
                    (line.no, ticket.no, ticket.status, ticket.ending, ticket.seat)
                    for line, ticket in each.tickets
                ],
                sorted((one.id, one.cents, one.status) for one in each.payments),
                sum(one.back_cents for one in each.payments),
            )
            for each in paper.bookings.values()
        },
        "line": in_line((each.id, each.state, each.offer_id, kept_for(each)) for each in paper.line),
    }


def as_it_is(seen: Seen) -> Account:
    by_id: dict[UUID | None, SeenBooking] = {each.id: each for each in seen.bookings}
    return {
        "pools": {each.id: (each.capacity, each.taken, each.held) for each in seen.pools},
        "credit": dict(seen.credit),
        "bookings": {
            each.id: (
                each.held_until,
                [(one.line_no, one.no, one.status, one.ending, one.seat) for one in each.tickets],
                sorted((one.id, one.amount_cents, one.status) for one in each.payments),
                sum(one.refunded_cents for one in each.payments),
            )
            for each in seen.bookings
            if not each.is_of_nobody
        },
        "line": in_line(
            (each.id, each.state, each.booking_id, kept_in(each, by_id.get(each.kept_booking_id)))
            for each in seen.waiting
        ),
    }


def in_line(found: Iterable[Standing]) -> dict[Any, object]:
    """What became of each, and the order of who still stands in a line."""
    every = list(found)
    order = [each[0] for each in every if each[1] in WAITS]
    return {each[0]: each[1:] for each in every} | {"order": order}


def kept_for(entry: Entry) -> list[tuple[UUID, str, int]]:
    lines = entry.kept.lines if entry.kept and entry.state == "waiting" else []
    return [(line.session_id, line.tariff, len(line.tickets)) for line in lines]


def kept_in(entry: SeenEntry, booking: SeenBooking | None) -> list[tuple[UUID, str, int]]:
    lines = booking.lines if booking and entry.state == "waiting" else []
    counts = Counter(each.line_no for each in booking.tickets) if booking else Counter[int]()
    return [(each.session_id, each.tariff_code, counts[each.no]) for each in lines]
