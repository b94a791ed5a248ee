"""The sessions, pools and tariffs of a published event. Pure.

UiTdatabank has less data than a box office needs, so these rules complete it:

- An event without prices, without a known capacity, or that is not public, is not sold here: its sessions
  are `sold_elsewhere`, and the page refers to the organiser. So is one whose visibility or birth dates nobody
  can read, and a date of which nobody can read whether it takes place. What is for nobody here has no tariff.
  A capacity of 0 is known: that date is full, and so is one that is only said to be sold out.
- The capacity in UiTdatabank is the licensed capacity of the pool; it can be raised in UiTdatabank only. An
  organiser may set a lower capacity by hand, which stays until the licensed capacity is below it.
- Places that are not available in UiTdatabank (`remainingCapacity`, sold out) were sold through other
  channels, as far as `counting` tells, and are held in the pool.
- A price for a whole group, and a price that publiq calculated for a card system, are left out.
- The name of a tariff says for how many a ticket is, from how many it is sold and for which ages. One that
  speaks of a family or a group and does not say for how many waits, unsold, until its organiser says so; what
  they said stays. Who was born outside the years of an event can have none of its tariffs.
- Beside the base price there is a social tariff: the share of the base price that the distribution key of
  the region leaves to the holder, unless the organiser has one. A free event has none, and nor has one whose
  base price is for several people.
- A session is on sale until it starts; a day slot and a span, such as a whole day or a fair, until it ends,
  but not a camp, nor where people stay the night: nobody joins those on their last day at the full price.
  Narrower limits of the organiser hold, and nothing is sold before or after its event is visible. Bookings
  can be cancelled until a day before the start.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import asdict, replace

from organisers.event import domain_of, is_camp, is_public
from organisers.uitdatabank.event import Event
from organisers.uitdatabank.field import in_language
from organisers.uitdatabank.occurrence import Occurrence, State
from organisers.uitdatabank.price import Price
from organisers.uitdatabank.tariff_name import FOR_ANYBODY, read_rule
from reservations.sessions.changing import Status
from uit.core.period import is_span

CANCEL_BEFORE: Final = timedelta(hours=24)
BASE: Final = "base"
SOCIAL: Final = "kansentarief"
SOCIAL_NAME: Final = "Kansentarief"
LONGEST_CODE: Final = 40
DAY_SLOTS: Final = {"periodic", "permanent"}
FULL_BP: Final = 10_000


class PlannedPool(Struct, frozen=True):
    """The pool of one session; it has the id of the session. `counted`: its source ever said a capacity."""

    id: UUID
    licensed_capacity: int
    capacity: int
    taken: int
    held: int
    counted: bool


class PlannedSession(Struct, frozen=True):
    id: UUID
    event_id: UUID
    organiser_id: UUID
    domain: str
    starts_at: datetime
    ends_at: datetime
    sale_opens_at: datetime | None
    sale_closes_at: datetime
    cancel_until: datetime
    status: Status
    status_reason: str | None


class PlannedTariff(Struct, frozen=True):
    """A tariff of every session of an event. One that `waits` is not sold until its organiser says how."""

    event_id: UUID
    code: str
    name: str
    price_cents: int
    eligibility: str
    rank: int
    weight: int
    least: int
    age_from: int | None
    age_to: int | None
    born_from: date | None
    born_to: date | None
    waits: bool


def session_row(
    event: Event, occurrence: Occurrence, event_id: UUID, organiser_id: UUID, pool: PlannedPool
) -> PlannedSession:
    """The session of an occurrence, with the id of its pool."""
    sale_opens_at, sale_closes_at = sale_period(event, occurrence)
    state = occurrence.state
    return PlannedSession(
        id=pool.id,
        event_id=event_id,
        organiser_id=organiser_id,
        domain=domain_of(event),
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        sale_opens_at=sale_opens_at,
        sale_closes_at=sale_closes_at,
        cancel_until=occurrence.starts_at - CANCEL_BEFORE,
        status=status(event, state, pool),
        status_reason=in_language(state.reason) or None,
    )


def status(event: Event, state: State, pool: PlannedPool) -> Status:
    if state.status in {"cancelled", "postponed"}:
        return state.status
    is_sure = state.status == "scheduled"
    sold_here = is_sure and seat_prices(event) and (pool.counted or state.sold_out)
    return "scheduled" if sold_here else "sold_elsewhere"


def sale_period(event: Event, occurrence: Occurrence) -> tuple[datetime | None, datetime]:
    """The times between which places are sold; the first is None when the sale begins at once."""
    until = sold_until(event, occurrence)
    limits = event.booking_info
    opens = [limits.opens_at if limits else None, event.visible_from]
    closes = [limits.closes_at if limits else None, event.visible_to]
    return max(filter(None, opens), default=None), min(filter(None, [*closes, until]))


def sold_until(event: Event, occurrence: Occurrence) -> datetime:
    """The last moment at which somebody can come in."""
    return occurrence.ends_at if can_be_joined(event, occurrence) else occurrence.starts_at


def can_be_joined(event: Event, occurrence: Occurrence) -> bool:
    """Whether one may come in while it runs; who is at a camp or stays the night came at its start."""
    if occurrence.overnight or is_camp(event):
        return False
    return event.calendar_type in DAY_SLOTS or is_span(occurrence.starts_at, occurrence.ends_at)


def new_pool(pool_id: UUID) -> PlannedPool:
    return PlannedPool(pool_id, 0, 0, 0, 0, counted=False)


def fit_pool(pool: PlannedPool, state: State, elsewhere: int) -> PlannedPool:
    """The pool with the capacity of UiTdatabank, which never goes below the places taken.

    What is said to be sold out has no place left, whatever was sold elsewhere.
    """
    if state.capacity is None:
        return pool
    licensed = max(state.capacity, pool.taken)
    by_hand = pool.capacity < pool.licensed_capacity
    return replace(
        pool,
        licensed_capacity=licensed,
        capacity=max(min(pool.capacity, licensed) if by_hand else licensed, pool.taken),
        held=licensed - pool.taken if state.sold_out else min(elsewhere, licensed - pool.taken),
        counted=True,
    )


def unavailable_at_source(state: State) -> int | None:
    """How many places are not left in UiTdatabank; None when it says no number."""
    if state.capacity is None or state.places_left is None:
        return None
    return state.capacity - state.places_left


def seat_prices(event: Event) -> list[Price]:
    """The prices of one place; none without a base price, or when nobody may buy one here."""
    if not may_be_sold(event):
        return []
    prices = [price for price in event.prices if price.category != "uitpas" and not price.for_group]
    return prices if any(price.code == "base" for price in prices) else []


def may_be_sold(event: Event) -> bool:
    """Whether it is there for anybody, and it is known for whom and when."""
    return is_public(event) and event.limits_known


def tariff_rows(event: Event, event_id: UUID, social_bp: int) -> list[PlannedTariff]:
    """The tariffs. `social_bp`: the part of the base price, in basis points, that the social tariff is."""
    prices = seat_prices(event)
    rows = [tariff_row(event, event_id, rank, price) for rank, price in enumerate(prices)]
    return with_social(rows, social_bp)


def with_social(rows: Sequence[PlannedTariff], social_bp: int) -> list[PlannedTariff]:
    """The tariffs of an event, with the social one that follows from its base price where it has none."""
    base = next((row for row in rows if row.code == BASE and is_for_one(row)), None)
    if not base or not base.price_cents or any(row.code == SOCIAL for row in rows):
        return list(rows)
    cents = share(base.price_cents, social_bp)
    social = {"code": SOCIAL, "name": SOCIAL_NAME, "eligibility": "social"}
    return [*rows, replace(base, price_cents=cents, rank=len(rows), **social)]


def is_for_one(tariff: PlannedTariff) -> bool:
    return tariff.weight == tariff.least == 1 and not tariff.waits


def tariff_row(event: Event, event_id: UUID, rank: int, price: Price) -> PlannedTariff:
    code, name = fit_code(price.code), in_language(price.name)
    rule = read_rule(name)
    return PlannedTariff(
        event_id=event_id,
        code=code,
        name=name,
        price_cents=price.price_cents,
        eligibility="social" if code == SOCIAL else "anyone",
        rank=rank,
        **asdict(rule or FOR_ANYBODY),
        born_from=event.born_from,
        born_to=event.born_to,
        waits=rule is None,
    )


def fit_code(code: str) -> str:
    """A code of at most 40 characters; the end of a longer one becomes a digest, so it stays unique."""
    if len(code) <= LONGEST_CODE:
        return code
    return f"{code[:31]}-{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def share(cents: int, bp: int) -> int:
    """A share of an amount; `bp` are basis points. Rounded half up to a cent."""
    return (cents * bp + FULL_BP // 2) // FULL_BP


def still_to_come(occurrences: Sequence[Occurrence], now: datetime) -> list[Occurrence]:
    return [occurrence for occurrence in occurrences if occurrence.ends_at > now]
