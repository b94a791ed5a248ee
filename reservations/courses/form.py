"""The form of a course; what is wrong comes back per field."""

import re
from collections.abc import Collection, Container, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from organisers.activity import as_text
from organisers.uitdatabank.field import Words
from reservations.activities.about.form import OTHER_LANGUAGES, language_names, written
from reservations.activities.dates.pattern import Slot
from reservations.courses.making import (
    CourseOnSale,
    CourseRules,
    DateForCourse,
    NewCourse,
    PriceForCourse,
    StoredCoursePrice,
)
from reservations.enrolment.course import ALL, MOST_DATES, CoursePrice, Late, Leaving
from uit.core.formats import euro, typed_euro
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import cash_error, read_cash
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, text_error

MOST_LETTERS: Final = 100
MOST_CENTS: Final = 10_000_000
STEP: Final = re.compile(r"\s*(\d{1,2})\s*[:=]\s*(\S+)\s*", re.ASCII)
WHOLE, CHOICE = "geheel", "keuze"
TABLE_OF: Final = "tabel-van"
"""The field with the code of the price that the table is of."""
DATE: Final = "datum-"
"""How the name of the box of a date begins."""


class CourseForm(Struct, frozen=True):
    """What was typed for a course of these dates, at these prices.

    `typed` has a box for each date (`datum-`) and an amount for each price (`prijs-`).
    """

    id: UUID
    typed: Mapping[str, str]
    dates: Sequence[DateForCourse]
    prices: Sequence[PriceForCourse]

    def get(self, name: str, default: str = "") -> str:
        return self.typed.get(name, default)

    def has(self, date_: DateForCourse) -> bool:
        return bool(self.typed.get(date_field(date_.id)))

    @property
    def chosen(self) -> list[DateForCourse]:
        return [each for each in self.dates if self.has(each)]

    def of_slots(self, slots: Collection[Slot]) -> "CourseForm":
        """The form with the dates ticked that begin with one of these, and no others."""
        starts = {each.starts_at for each in slots}
        boxes = {date_field(each.id): "true" for each in self.dates if each.starts_at in starts}
        rest = {name: value for name, value in self.typed.items() if not name.startswith(DATE)}
        return replace(self, typed=rest | boxes)

    def read(self, today: date) -> NewCourse | Errors:
        """The course; else what is wrong with the form."""
        errors = self._errors(today)
        if errors:
            return errors
        late = Late(self.get("laat"))
        rules = CourseRules(
            self.id,
            one_line(self.get("naam")),
            read_number(self.get("minstens"), MOST_DATES) if self.get("verkoop") == CHOICE else None,
            late,
            None if late is Late.NO else read_day(self.get("tot")),
            Leaving(self.get("uitschrijven")),
            as_text(self.names),
        )
        whole = [CoursePrice(code, ALL, cents) for code, cents in self._whole.items()]
        steps, of = self._steps() if late is Late.TABLE else {}, self.table_price
        tables = by_steps(whole, steps, self._whole[of.code]) if steps and of else []
        return NewCourse(rules, [each.id for each in self.chosen], [*whole, *tables])

    @property
    def table_price(self) -> PriceForCourse | None:
        """The price that the table is of: that of which it was, or the first; None before there is one."""
        named = next((each for each in self.prices if each.code == self.get(TABLE_OF)), None)
        return named if named and named.code in self._whole else first_price(self.prices, self._whole)

    @property
    def names(self) -> Words:
        """What it is called in other languages, as it was typed."""
        return written({code: self.get(name_field(code)) for code in OTHER_LANGUAGES}, one_line)

    @property
    def _whole(self) -> dict[str, int]:
        """The price of all at each price that was filled in, and the social one that follows from it."""
        typed = {each.code: read_cash(self.get(price_field(each.code))) for each in self.prices}
        found = {code: cents for code, cents in typed.items() if cents is not None}
        return found | followed(self.prices, found)

    def _steps(self) -> dict[int, int] | None:
        """What the price of the table is when so many dates are to come; None when that cannot be read."""
        lines = [line for line in self.get("tabel").splitlines() if line.strip()]
        matches = [STEP.fullmatch(line) for line in lines]
        found = {int(match[1]): read_cash(match[2]) for match in matches if match}
        good = {
            dates: cents
            for dates, cents in found.items()
            if cents is not None and cents <= MOST_CENTS and 0 < dates <= MOST_DATES
        }
        return good if good and len(good) == len(lines) else None

    def _errors(self, today: date) -> Errors:
        until, least = self.get("tot").strip(), read_number(self.get("minstens"), MOST_DATES)
        chooses = self.get("verkoop") == CHOICE
        found = {
            "naam": text_error(self.get("naam"), _("Geef de cursus een naam."), MOST_LETTERS),
            **{
                name_field(code): text_error(self.get(name_field(code)), "", MOST_LETTERS)
                for code in OTHER_LANGUAGES
            },
            "datums": self._dates_error(),
            **self._price_errors(),
            "minstens": _("Vul een getal in van 1 tot %(most)s.", most=MOST_DATES)
            if chooses and not least
            else "",
            "laat": "" if self.get("laat") in set(Late) else _("Kies een van deze."),
            "tot": _("Kies een dag die nog komt.") if until and not is_to_come(until, today) else "",
            "tabel": self._table_error() if self.get("laat") == Late.TABLE else "",
            "uitschrijven": "" if self.get("uitschrijven") in set(Leaving) else _("Kies een van deze."),
        }
        return only_errors(found)

    def _dates_error(self) -> str:
        ticked = [name for name, value in self.typed.items() if name.startswith(DATE) and value]
        if len(ticked) > len(self.chosen):
            return _("Een datum gaat niet meer door. Kijk na wat blijft.")
        if len(self.chosen) < 2:  # noqa: PLR2004  one date is no course
            return _("Kies minstens twee datums.")
        return _("Kies hoogstens %(most)s datums.", most=MOST_DATES) if len(self.chosen) > MOST_DATES else ""

    def _table_error(self) -> str:
        if self._steps() is None:
            return _(
                "Schrijf op elke lijn een aantal keren en een prijs tot %(most)s, zoals 8: 65.",
                most=euro(MOST_CENTS),
            )
        named = next((each for each in self.prices if each.code == self.get(TABLE_OF)), None)
        other = self.table_price
        if named is None or other is None or named == other:
            return ""
        return _(
            "Dit waren de prijzen voor %(old)s, en die liet je leeg. Schrijf die voor %(new)s.",
            old=named.name,
            new=other.name,
        )

    def _price_errors(self) -> Errors:
        errors = {}
        for each in self.prices:
            text = self.get(price_field(each.code)).strip()
            too_much = (read_cash(text) or 0) > MOST_CENTS
            most = _("Kies een bedrag tot %(most)s.", most=euro(MOST_CENTS)) if too_much else ""
            errors[price_field(each.code)] = (cash_error(text) or most) if text else ""
        if self.prices and not any(self.get(price_field(each.code)).strip() for each in self.prices):
            errors[price_field(self.prices[0].code)] = _("Zeg wat de hele cursus kost.")
        return errors


def first_price(prices: Sequence[PriceForCourse], filled: Container[str]) -> PriceForCourse | None:
    """The price that others follow: the first of those filled in that is not social, else the first."""
    found = [each for each in prices if each.code in filled]
    return next((each for each in found if not each.is_social), found[0] if found else None)


def followed(prices: Sequence[PriceForCourse], whole: Mapping[str, int]) -> dict[str, int]:
    """The social price that was left empty: the part of the first price that it is of single dates."""
    first = first_price(prices, whole)
    if first is None or first.is_social or not first.price_cents:
        return {}
    return {
        each.code: min(whole[first.code] * each.price_cents // first.price_cents, MOST_CENTS)
        for each in prices
        if each.is_social and each.code not in whole
    }


def by_steps(whole: Sequence[CoursePrice], steps: Mapping[int, int], of_cents: int) -> list[CoursePrice]:
    """What each price is when so many dates are to come, and never more than for all.

    In proportion to the price that the table is of, which is `of_cents` for all; rounded down.
    """
    return [
        CoursePrice(
            each.tariff, dates, min(cents * each.price_cents // of_cents if of_cents else 0, each.price_cents)
        )
        for each in whole
        for dates, cents in steps.items()
    ]


def is_to_come(text: str, today: date) -> bool:
    day = read_day(text)
    return day is not None and day >= today


def date_field(session_id: UUID) -> str:
    return DATE + session_id.hex


def name_field(language: str) -> str:
    return f"naam_{language}"


def price_field(code: str) -> str:
    return f"prijs-{code}"


def first_form(
    course_id: UUID, dates: Sequence[DateForCourse], prices: Sequence[PriceForCourse]
) -> CourseForm:
    """All dates that are of no course yet."""
    ticked = {date_field(each.id): "true" for each in dates if each.course_id is None}
    rules = {"verkoop": WHOLE, "minstens": "1", "laat": Late.SHARE, "uitschrijven": Leaving.TO_COME}
    return CourseForm(course_id, ticked | rules, dates, prices)


def form_of(
    course: CourseOnSale,
    stored: Sequence[StoredCoursePrice],
    dates: Sequence[DateForCourse],
    prices: Sequence[PriceForCourse],
) -> CourseForm:
    """A course as it was saved."""
    ticked = {date_field(each.id): "true" for each in dates if each.course_id == course.id}
    whole = {price_field(each.tariff): typed_euro(each.price_cents) for each in stored if each.dates == ALL}
    first = first_price(prices, [each.tariff for each in stored])
    steps = [each for each in stored if first and each.dates != ALL and each.tariff == first.code]
    typed = {
        "naam": course.name,
        "verkoop": WHOLE if course.choice_least is None else CHOICE,
        "minstens": str(course.choice_least or 1),
        "laat": course.late,
        "tot": course.late_until.isoformat() if course.late_until else "",
        "tabel": "\n".join(f"{each.dates}: {typed_euro(each.price_cents)}" for each in steps),
        "uitschrijven": course.leaving,
        TABLE_OF: first.code if steps and first else "",
    }
    names = msgspec.json.decode(course.names, type=Words)
    others = {name_field(code): names.get(code, "") for code in OTHER_LANGUAGES}
    return CourseForm(course.id, ticked | whole | typed | others, dates, prices)


def labels(prices: Sequence[PriceForCourse]) -> Labels:
    of_prices = {price_field(each.code): _("Prijs: %(name)s", name=each.name) for each in prices}
    of_names = {
        name_field(code): _("Naam in het %(language)s", language=language)
        for code, language in language_names().items()
    }
    return (
        of_prices
        | of_names
        | {
            "naam": _("Hoe heet de cursus?"),
            "datums": _("Welke datums horen erbij?"),
            "verkoop": _("Wat verkoop je?"),
            "minstens": _("Hoeveel keren minstens?"),
            "laat": _("Mag iemand later instappen?"),
            "tot": _("Tot welke dag?"),
            "tabel": _("Prijzen voor wie later instapt"),
            "uitschrijven": _("Wat krijgt terug wie zich uitschrijft?"),
        }
    )
