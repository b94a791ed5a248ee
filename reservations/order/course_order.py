"""What somebody enrols for: a course, all of its dates that are to come or those that they chose."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.commands import RequestedLine
from reservations.booking.course_facts import find_courses
from reservations.catalogue.agenda import TariffOnSale
from reservations.enrolment.course import Course, CourseDate, Leaving, Priced, share_out
from reservations.enrolment.errors import CourseBegun, CourseUnknown
from uit.core.errors import RefusalError
from uit.core.translation import DUTCH
from uit.database.statements import Executor
from uit.web.form import read_id

COURSE: Final = "reeks"
"""The field of an address or form that names a course."""
DATES: Final = "keren"
"""The field with the dates that were chosen, between commas; without it all that are to come."""
NO_DATES: Final = "geen"
TICK: Final = "keer-"
ASKED: Final = "kiest-keren"
"""The field of a form that asks which dates: where no box is ticked, none is chosen."""


class CourseOrder(Struct, frozen=True):
    """A course, and the dates of it that somebody takes. `to_come` in order of their start."""

    course: Course
    to_come: Sequence[CourseDate]
    chosen: Sequence[UUID]
    has_begun: bool
    takes_all: bool
    at: datetime

    @property
    def has_all(self) -> bool:
        return len(self.chosen) == len(self.to_come)

    @property
    def may_choose(self) -> bool:
        return self.course.choice_least is not None and len(self.to_come) > 1

    @property
    def dates(self) -> list[CourseDate]:
        """The dates that were chosen."""
        return [each for each in self.to_come if each.session_id in self.chosen]

    def is_apart(self, tariff: str) -> bool:
        """Whether each date has its own price at a tariff, since all of them together have none."""
        return tariff not in self.course.tariffs

    @property
    def gives_back_to_come(self) -> bool:
        return self.course.leaving is Leaving.TO_COME

    @property
    def fields(self) -> dict[str, str]:
        """What an address says of it."""
        some = {} if self.has_all else {DATES: ",".join(map(str, self.chosen))}
        return {COURSE: str(self.course.id), **some}

    @property
    def asked_again(self) -> dict[str, str]:
        """The same for an address that is to say what is wrong with it."""
        return self.fields if self.chosen else {COURSE: str(self.course.id), DATES: NO_DATES}

    def named_in(self, language: str) -> "CourseOrder":
        return replace(self, course=self.course.named_in(language))

    def field_of(self, date: CourseDate) -> str:
        """The name of the box of a date."""
        return TICK + date.session_id.hex

    def is_as_shown(self, typed: Mapping[str, str]) -> bool:
        """Whether a form is for the dates whose total it shows."""
        return typed.get(DATES, "") == self.fields.get(DATES, "")

    def lines(self, lines: Sequence[RequestedLine]) -> tuple[RequestedLine, ...]:
        """Lines of one date, for each of the dates."""
        return tuple(
            replace(line, session_id=session_id, course_id=self.course.id)
            for line in lines
            for session_id in self.chosen
        )

    def parts(self, tariff: str, single_cents: Sequence[int]) -> list[int]:
        """What one place costs on each of the dates, which cost so much by themselves."""
        priced = self.course.priced(tariff, self.chosen, sum(single_cents), self.at)
        if not isinstance(priced, Priced) or priced.cents is None:
            return [*single_cents]
        return share_out(priced.cents, len(single_cents))

    def tariffs(self, tariffs: Sequence[TariffOnSale]) -> list[TariffOnSale]:
        """What it is sold at: what each of its dates has, at the price of all, as far as each has places."""
        by_code: dict[str, list[TariffOnSale]] = {}
        for each in tariffs:
            by_code.setdefault(each.code, []).append(each)
        whole = [of_one for of_one in by_code.values() if len(of_one) == max(1, len(self.chosen))]
        return [
            replace(of_one[0], price_cents=self._cents(of_one), places_left=least_left(of_one))
            for of_one in sorted(whole, key=lambda of_one: of_one[0].rank)
            if self.may_choose or not self.is_apart(of_one[0].code)
        ]

    def _cents(self, of_one: Sequence[TariffOnSale]) -> int:
        return sum(self.parts(of_one[0].code, [each.price_cents for each in of_one]))


def least_left(tariffs: Sequence[TariffOnSale]) -> int | None:
    """How many are left on each of the dates; None where no date counts them."""
    return min((each.places_left for each in tariffs if each.places_left is not None), default=None)


async def read_course_order(  # noqa: PLR0913  what is asked, when, in which language
    tx: Executor,
    region_id: int,
    session_id: UUID,
    asked: Mapping[str, str],
    now: datetime,
    *,
    language: str = DUTCH,
) -> CourseOrder | None:
    """What an address or a form asks for, or all of a course whose dates are not sold by themselves.

    None where it is no course. Raises CourseUnknown, CourseBegun.
    """
    found = (await find_courses(tx, region_id, [session_id], language=language)).courses
    course_id = read_id(asked.get(COURSE, ""))
    if COURSE in asked:
        course = next((each for each in found if each.id == course_id), None)
        if course is None:
            raise RefusalError(CourseUnknown(course_id))
    else:
        course = next((each for each in found if not each.sells_single_dates), None)
        if course is None:
            return None
    order = order_of(course, asked, now)
    if not order.to_come:
        raise RefusalError(CourseBegun(course.id))
    return order


def order_of(course: Course, asked: Mapping[str, str], now: datetime) -> CourseOrder:
    to_come = course.to_come(now)
    ids = [each.session_id for each in to_come]
    if ASKED in asked:
        ids = [each for each in ids if asked.get(TICK + each.hex)]
    elif DATES in asked:
        ids = [each for each in ids if str(each) in asked[DATES].split(",")]
    return CourseOrder(course, to_come, ids, course.has_begun(now), course.takes_all(now), now)
