"""A course as the page of its activity shows it: its dates, what it costs whoever looks, and what is left."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from reservations.booking.course_facts import find_courses_of_event
from reservations.booking.entitlement import is_for_anybody
from reservations.booking.facts import Holder
from reservations.catalogue.agenda import TariffOnSale, may_have, read_tariffs
from reservations.enrolment.course import CourseDate
from reservations.order.course_order import CourseOrder, order_of
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor


class CourseCard(Struct, frozen=True):
    """`price_cents` is of all that is to come, None where that is not sold; `places_left` on each date."""

    order: CourseOrder
    price_cents: int | None
    is_reduced: bool
    places_left: int | None

    @property
    def name(self) -> str:
        return self.order.course.name

    @property
    def dates(self) -> Sequence[CourseDate]:
        return self.order.to_come

    @property
    def is_full(self) -> bool:
        return self.places_left is not None and self.places_left <= 0

    def holds(self, session_id: UUID) -> bool:
        """Whether a date is sold in this course alone."""
        course = self.order.course
        return session_id in course.session_ids and not course.sells_single_dates


async def read_course_cards(  # noqa: PLR0913  of what, for whom, when, in which language
    tx: Executor, region_id: int, event_id: UUID, member: Holder | None, now: datetime, *, language: str
) -> list[CourseCard]:
    """The courses of an activity that still go on."""
    found = await find_courses_of_event(tx, region_id, event_id)
    orders = [order_of(course.named_in(language), {}, now) for course in found.courses]
    orders = sorted((each for each in orders if each.to_come), key=lambda each: each.to_come[0].starts_at)
    dates = [each.session_id for order in orders for each in order.to_come]
    tariffs = await read_tariffs(tx, region_id, dates) if dates else []
    return [card_of(each, tariffs, member, now) for each in orders]


def card_of(
    order: CourseOrder, tariffs: Sequence[TariffOnSale], member: Holder | None, now: datetime
) -> CourseCard:
    day = day_in_flanders(order.to_come[0].starts_at)
    sold = order.tariffs([each for each in tariffs if each.session_id in order.chosen])
    theirs = [each for each in sold if (may_have(each, member, day) if member else is_for_anybody(each))]
    whole = [each for each in theirs if order.course.whole_cents(each.code, now) is not None]
    first = min(whole, key=lambda each: each.price_cents, default=None)
    left = max((each.places_left for each in theirs if each.places_left is not None), default=None)
    return CourseCard(
        order,
        first.price_cents if first else None,
        first is not None and first.eligibility == "social",
        left,
    )
