"""Seats in words. A seat is known by its row and number, as `C-12`."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from uit.core.translation import DUTCH, LANGUAGE


class SeatFormat(Struct, frozen=True):
    """`str.format` texts of one language for seats of one row, and the words between them.

    `to_word` stands between the first and the last of many that follow each other.
    """

    of_row: str
    several_of_row: str
    and_word: str
    to_word: str


MANY: Final = 5
SEAT_FORMATS: Final = {
    DUTCH: SeatFormat("rij {row}, stoel {seats}", "rij {row}, stoel {seats}", "en", "tot"),
    "fr": SeatFormat("rang {row}, siège {seats}", "rang {row}, sièges {seats}", "et", "à"),
    "en": SeatFormat("row {row}, seat {seats}", "row {row}, seats {seats}", "and", "to"),
}


def seats(keys: Sequence[str], language: str | None = None) -> str:
    """Seats in words and in order, those of one row together: "rij C, stoel 12 en 13; rij D, stoel 1".

    A key may be of several, with commas between.
    """
    one_by_one = sorted(map(row_and_number, ",".join(keys).split(",")), key=place_in_hall) if keys else []
    text = SEAT_FORMATS.get(language or LANGUAGE.get().code, SEAT_FORMATS[DUTCH])
    return "; ".join(
        of_row(row, [number for _, number in parts], text)
        for row, parts in groupby(one_by_one, key=lambda part: part[0])
    )


def of_row(row: str, numbers: Sequence[str], text: SeatFormat) -> str:
    if len(numbers) == 1:
        return text.of_row.format(row=row, seats=numbers[0])
    *before, last = runs_in(numbers, text)
    if not before:
        return text.several_of_row.format(row=row, seats=last)
    return text.several_of_row.format(row=row, seats=f"{', '.join(before)} {text.and_word} {last}")


def runs_in(numbers: Sequence[str], text: SeatFormat) -> list[str]:
    """The numbers, with the first and the last for many that follow each other."""
    runs: list[list[str]] = []
    for number in numbers:
        follows = runs and number.isdecimal() and runs[-1][-1].isdecimal()
        if follows and int(number) == int(runs[-1][-1]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    found: list[str] = []
    for run in runs:
        found += [f"{run[0]} {text.to_word} {run[-1]}"] if len(run) >= MANY else run
    return found


def row_and_number(key: str) -> tuple[str, str]:
    row, _, number = key.rpartition("-")
    return row, number


def place_in_hall(part: tuple[str, str]) -> tuple[int, str, int]:
    """By row and number as people count: B before AA, and 9 before 10."""
    row, number = part
    return len(row), row, int(number) if number.isdecimal() else 0


def seat(key: str, language: str | None = None) -> str:
    """The seat of a ticket in words: "rij C, stoel 12"."""
    return seats([key], language)
