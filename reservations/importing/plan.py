"""From an event as it is published to what can be booked: sessions, places and prices. Pure.

UiTdatabank says less than a box office needs, so:

- An event without prices, or without a capacity that is known here or there, is not sold here: its sessions
  are `sold_elsewhere` and the page sends people to the organiser. The same holds for what is not public.
- The capacity that it names is the licence of the pool: a higher one has to come from there. An organiser may
  sell less; a lower capacity that was set by hand stays until UiTdatabank goes below it.
- Places that it says are gone (`remainingCapacity`, sold out) went through other channels: they are held.
- A price for a whole group is no price of a place, and left out. So is what publiq works out for a card
  system. An age in the name of a tariff binds nobody: the door looks at it. It does tell
  whose own price it is.
- Beside the base price there is the social tariff: the share of it that the region's distribution key leaves
  to the holder, unless the organiser names one. A free event needs none.
- A session is on sale until it starts, a day slot until it ends; the organiser's own limits count where they
  are narrower. Bookings can be cancelled until a day before the start.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from organisers.event import domain_of, is_public
from organisers.uitdatabank.event import Event
from organisers.uitdatabank.field import say
from organisers.uitdatabank.occurrence import Occurrence, State
from organisers.uitdatabank.price import Price

CANCEL_BEFORE: Final = timedelta(hours=24)
SOCIAL: Final = "kansentarief"
SOCIAL_NAME: Final = "Kansentarief"
LONGEST_CODE: Final = 40
DAY_SLOTS: Final = {"periodic", "permanent"}
WHOLE_BP: Final = 10_000


class PlannedPool(Struct, frozen=True):
    """The places of one session that the import fills; its id is the session's."""

    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int


class PlannedSession(Struct, frozen=True):
    id: UUID
    event_id: UUID
    organiser_id: UUID
    domain: str
    attendance: str
    starts_at: datetime
    ends_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime
    cancel_until: datetime
    status: str
    status_reason: str | None


class PlannedTariff(Struct, frozen=True):
    """A price of every session of an event."""

    event_id: UUID
    code: str
    name: str
    price_cents: int
    eligibility: str
    rank: int


def session_row(
    event: Event, occurrence: Occurrence, event_id: UUID, organiser_id: UUID, pool: PlannedPool
) -> PlannedSession:
    """The session that an occurrence is, with the id of its pool."""
    sale_opens_at, sale_closes_at = sale(event, occurrence)
    state = occurrence.state
    return PlannedSession(
        id=pool.id,
        event_id=event_id,
        organiser_id=organiser_id,
        domain=domain_of(event),
        attendance=event.attendance,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        sale_opens_at=sale_opens_at,
        sale_closes_at=sale_closes_at,
        cancel_until=occurrence.starts_at - CANCEL_BEFORE,
        status=status(event, state, pool),
        status_reason=say(state.reason) or None,
    )


def status(event: Event, state: State, pool: PlannedPool) -> str:
    if state.status != "scheduled":
        return state.status
    sold_here = is_public(event) and seat_prices(event) and pool.licensed_capacity
    return "scheduled" if sold_here else "sold_elsewhere"


def sale(event: Event, occurrence: Occurrence) -> tuple[datetime | None, datetime]:
    """From when (None: at once) and until when places are sold."""
    until = occurrence.ends_at if event.calendar_type in DAY_SLOTS else occurrence.starts_at
    limits = event.booking_info
    if limits is None:
        return None, until
    return limits.opens_at, min(until, limits.closes_at or until)


def new_pool(pool_id: UUID, state: State) -> PlannedPool:
    return fit(PlannedPool(pool_id, 0, 0, 0, 0), state)


def fit(pool: PlannedPool, state: State) -> PlannedPool:
    """The pool as UiTdatabank now says it. No ticket is taken back: `taken` is the least that it becomes."""
    if state.capacity is None:
        return pool
    licensed = max(state.capacity, pool.taken)
    by_hand = pool.capacity < pool.licensed_capacity
    return replace(
        pool,
        licensed_capacity=licensed,
        capacity=max(min(pool.capacity, licensed) if by_hand else licensed, pool.taken),
        held=min(gone_elsewhere(state, state.capacity), licensed - pool.taken),
    )


def gone_elsewhere(state: State, capacity: int) -> int:
    if state.sold_out:
        return capacity
    return 0 if state.places_left is None else capacity - state.places_left


def seat_prices(event: Event) -> list[Price]:
    """The prices of one place; none when there is no base price among them."""
    prices = [price for price in event.prices if price.category != "uitpas" and not price.for_group]
    return prices if any(price.code == "base" for price in prices) else []


def tariff_rows(event: Event, event_id: UUID, social_bp: int) -> list[PlannedTariff]:
    """What a place costs. `social_bp`: the part of the base price that a holder of the social tariff pays."""
    prices = seat_prices(event)
    rows = [tariff_row(event_id, rank, price) for rank, price in enumerate(prices)]
    base_cents = next((price.price_cents for price in prices if price.code == "base"), 0)
    if base_cents and all(row.code != SOCIAL for row in rows):
        cents = share(base_cents, social_bp)
        rows.append(PlannedTariff(event_id, SOCIAL, SOCIAL_NAME, cents, "social", len(rows)))
    return rows


def tariff_row(event_id: UUID, rank: int, price: Price) -> PlannedTariff:
    code = fit_code(price.code)
    eligibility = "social" if code == SOCIAL else "anyone"
    return PlannedTariff(event_id, code, say(price.name), price.price_cents, eligibility, rank)


def fit_code(code: str) -> str:
    """A code of at most 40 characters; of a longer one the end becomes a digest, so that two stay two."""
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[:31]}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def share(cents: int, bp: int) -> int:
    """A share in hundredths of a percent, rounded half up to a cent."""
    return (cents * bp + WHOLE_BP // 2) // WHOLE_BP


def still_to_come(occurrences: Sequence[Occurrence], now: datetime) -> list[Occurrence]:
    return [occurrence for occurrence in occurrences if occurrence.ends_at > now]
