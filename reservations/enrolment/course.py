"""A course: dates of an activity that one enrols for together, and what that costs. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.enrolment.errors import CourseBegun, NotAllOfCourse, TooFewDates
from reservations.errors import TariffUnknown
from uit.core.clock import day_in_flanders
from uit.core.errors import Refusal

MOST_DATES: Final = 40
ALL: Final = 0
"""Under this number of dates stands the price of a whole course."""


class Late(StrEnum):
    """What somebody pays who enrols once a course has begun: they cannot, a share, or by a table."""

    NO = "no"
    SHARE = "share"
    TABLE = "table"


class Leaving(StrEnum):
    """What is given back to who leaves: each date by its own limit, or all of them before it begins."""

    TO_COME = "to_come"
    BEFORE_START = "before_start"


class CourseDate(Struct, frozen=True):
    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    sale_closes_at: datetime

    def is_to_come(self, now: datetime) -> bool:
        """Whether it can still be enrolled for."""
        return self.status == "scheduled" and now < self.sale_closes_at

    def is_behind(self, now: datetime) -> bool:
        return self.status != "cancelled" and self.sale_closes_at <= now


class CoursePrice(Struct, frozen=True):
    """The price of one place at a tariff, for ALL dates or when so many `dates` are to come."""

    tariff: str
    dates: int
    price_cents: int


class Priced(Struct, frozen=True):
    """What one place comes to. `is_bound`: its dates are sold together, and given up together.

    `cents` is None where each of them has its own price.
    """

    cents: int | None
    is_bound: bool


class Course(Struct, frozen=True):
    """Who chooses dates takes `choice_least` at the least; None: only all of it is sold.

    `dates` in order of their start, none once it is not sold any more. `late_until`: the last day to enrol
    late. `names`: what it is called in other languages than Dutch.
    """

    id: UUID
    name: str
    choice_least: int | None
    late: Late
    late_until: date | None
    leaving: Leaving
    dates: tuple[CourseDate, ...]
    prices: tuple[CoursePrice, ...]
    names: Mapping[str, str] = {}

    def named_in(self, language: str) -> "Course":
        """The course by its name in a language, else in Dutch."""
        return replace(self, name=self.names.get(language) or self.name)

    @property
    def sells_single_dates(self) -> bool:
        return self.choice_least == 1

    @property
    def session_ids(self) -> tuple[UUID, ...]:
        return tuple(each.session_id for each in self.dates)

    @property
    def tariffs(self) -> list[str]:
        """The tariffs at which all of it is sold."""
        return [each.tariff for each in self.prices if each.dates == ALL]

    def to_come(self, now: datetime) -> list[CourseDate]:
        return [each for each in self.dates if each.is_to_come(now)]

    def has_begun(self, now: datetime) -> bool:
        return any(each.is_behind(now) for each in self.dates)

    def takes_all(self, now: datetime) -> bool:
        """Whether one can enrol for all that is to come: before it begins, or as long as who is late may."""
        if not self.to_come(now) or not self.has_begun(now):
            return bool(self.to_come(now))
        in_time = self.late_until is None or day_in_flanders(now) <= self.late_until
        return self.late is not Late.NO and in_time

    def whole_cents(self, tariff: str, now: datetime) -> int | None:
        """What all that is to come costs at a tariff; None where it is not sold so.

        What is called off is not paid for. A share is rounded down, for who pays.
        """
        left, full = len(self.to_come(now)), self._price(tariff, ALL)
        if full is None or not self.takes_all(now):
            return None
        if self.has_begun(now) and self.late is Late.TABLE:
            steps = [each for each in self.prices if each.tariff == tariff and each.dates >= max(left, 1)]
            return min([full, *(each.price_cents for each in steps)])
        return full * left // len(self.dates)

    def priced(
        self, tariff: str, chosen: Collection[UUID], single_cents: int, now: datetime
    ) -> Priced | Refusal:
        """What one place in these dates costs, which are `single_cents` by themselves.

        All that is to come costs what it says for that. Fewer dates have their own prices, and never cost
        more together than all. At a tariff without a price for all, each date has its own, also all of them;
        where only all is sold, nobody gets it at that.
        """
        left = {each.session_id for each in self.to_come(now)}
        whole = self.whole_cents(tariff, now)
        if {*chosen} == left and whole is not None:
            return Priced(whole, is_bound=True)
        if self.choice_least is None:
            if tariff not in self.tariffs and chosen:
                return TariffUnknown(min(chosen), tariff)
            return CourseBegun(self.id) if {*chosen} == left else NotAllOfCourse(self.id, len(left))
        if len(chosen) < min(self.choice_least, len(self.dates)):
            return TooFewDates(self.id, len(chosen), self.choice_least)
        if whole is not None and whole < single_cents:
            return Priced(whole, is_bound=True)
        return Priced(None, is_bound=self.choice_least > 1)

    def _price(self, tariff: str, dates: int) -> int | None:
        found = (each.price_cents for each in self.prices if (each.tariff, each.dates) == (tariff, dates))
        return next(found, None)


class Enrolment(Struct, frozen=True):
    """The lines of a booking that were sold together.

    `leave_until`: until when they may be given up, where that is another moment than of each date.
    """

    booking_id: UUID
    no: int
    course_id: UUID
    line_nos: tuple[int, ...]
    leave_until: datetime | None


class CourseFacts(Struct, frozen=True):
    """The courses of the dates that a batch is about, and what its bookings enrolled for."""

    courses: tuple[Course, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()

    def named_in(self, language: str) -> "CourseFacts":
        """The same, with courses by their names in a language."""
        return replace(self, courses=tuple(each.named_in(language) for each in self.courses))


NO_COURSES: Final = CourseFacts()


def share_out(cents: int, dates: int) -> list[int]:
    """The part of a price that is for each of so many dates; together all of it, none a cent too many."""
    upto = [cents * no // dates for no in range(dates + 1)]
    return [later - before for before, later in pairwise(upto)]
