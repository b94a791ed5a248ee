"""The form of a seat plan: a table with a line for a row, or for several that are alike. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from reservations.halls.plan import NewPlan, StoredHallPlan
from reservations.seats.companions import is_for_wheelchair, neighbours
from reservations.seats.plan import MOST_SEATS, PlanLine, Seat, SeatKind, SeatPlan, key_of, spots_of
from uit.core.one_line import one_line
from uit.core.seat_format import seats as in_words
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, number_wanted, read_number

MOST_LINES: Final = 150
MOST_NUMBER: Final = 999
LONGEST_NAME: Final = 80
FIRST_LINES: Final = 8
MORE_LINES: Final = 6
ROW_NAME: Final = re.compile(r"[^\W_]{1,8}")
ROW_NAMES: Final = re.compile(r"([A-Z])\s?-\s?([A-Z])|([0-9]{1,2})\s?-\s?([0-9]{1,2})")
NUMBERS: Final = re.compile(r"([0-9]{1,3})(?:\s?-\s?([0-9]{1,3}))?")
NOT_SAVED: Final = UUID(int=0)
"""What a plan is known by that is looked at and not saved."""
COLUMNS: Final = ("rij", "van", "tot", "stap", "gang", "weg", "rolstoel", "begeleider", "zicht")


class PlanForm(Struct, frozen=True):
    """The form as filled in: `shown` lines, the texts by field, and what is wrong with them."""

    typed: Mapping[str, str]
    shown: int
    errors: Errors = {}
    lines: Sequence[PlanLine] = ()

    def value(self, column: str, line: int) -> str:
        return self.typed.get(f"{column}-{line}", "1" if column == "stap" else "")

    @property
    def name(self) -> str:
        return one_line(self.typed.get("naam", ""))

    @property
    def best_row(self) -> str | None:
        return self.typed.get("beste", "").strip() or None

    def as_plan(self, plan_id: UUID, hall_id: UUID | None, venues: Sequence[UUID]) -> NewPlan:
        """The plan to save; a place that is not one of theirs is none."""
        venue_id = next((each for each in venues if str(each) == self.typed.get("plek")), None)
        return NewPlan(plan_id, hall_id, self.name, venue_id, self.best_row, self.lines)

    @property
    def labels(self) -> Labels:
        """The labels of the fields, in the order of the page."""
        named = {"naam": _("Naam van de zaal"), "plek": _("Waar"), "beste": _("Beste rij")}
        return named | {
            f"{column}-{line}": self.label(column, line) for line in range(self.shown) for column in COLUMNS
        }

    def label(self, column: str, line: int) -> str:
        """What a field is called where it stands apart from its head."""
        return _("%(head)s, regel %(line)s", head=heads()[COLUMNS.index(column)], line=line + 1)


def heads() -> list[str]:
    """What the columns are called."""
    return [
        _("Rij"),
        _("Van"),
        _("Tot"),
        _("Telt"),
        _("Gang na"),
        _("Geen stoel"),
        _("Rolstoel"),
        _("Begeleider"),
        _("Minder zicht"),
    ]


def explained() -> list[tuple[str, str]]:
    """What a column is for, where its head does not say it by itself."""
    telt, gang, weg, rolstoel, ernaast, zicht = heads()[3:]
    return [
        (telt, _("of de nummers één voor één gaan, of om de twee: 1, 3, 5")),
        (gang, _("na deze stoelen loopt een gang: 7 is tussen 7 en de volgende")),
        (weg, _("nummers die er niet zijn, zoals aan een pilaar")),
        (rolstoel, _("plaatsen voor een rolstoel")),
        (ernaast, _("stoelen vlak naast een rolstoelplaats, voor wie begeleidt")),
        (zicht, _("stoelen vanwaar je minder ziet. Wie boekt, leest het")),
    ]


def empty_form() -> PlanForm:
    return PlanForm({}, FIRST_LINES)


def form_of(plan: StoredHallPlan) -> PlanForm:
    """The form with a plan that is there."""
    typed = {"naam": plan.name, "plek": str(plan.venue_id or ""), "beste": plan.best_row or ""}
    alike = list(alike_lines(plan.plan_lines))
    for no, lines in enumerate(alike):
        typed |= {f"{column}-{no}": text for column, text in zip(COLUMNS, texts_of(lines), strict=True)}
    return PlanForm(typed, len(alike) + 1, lines=plan.plan_lines)


def alike_lines(lines: Sequence[PlanLine]) -> Iterator[list[PlanLine]]:
    """Rows that follow each other by name and have the same seats, which one line of the table can say."""
    group: list[PlanLine] = []
    for line in lines:
        names = row_names(f"{group[0].name}-{line.name}") if group else []
        follows = names == [*(each.name for each in group), line.name]
        if group and not (follows and replace(line, name=group[0].name) == group[0]):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def texts_of(lines: Sequence[PlanLine]) -> list[str]:
    line, name = lines[0], f"{lines[0].name}-{lines[-1].name}" if len(lines) > 1 else lines[0].name
    lists = (line.aisles, line.missing, line.wheelchair, line.companion, line.restricted)
    return [name, str(line.first), str(line.last), str(line.step), *map(as_text, lists)]


def as_text(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def read_plan_form(typed: Mapping[str, str]) -> PlanForm:
    """The form as it was sent. Lines without a row are left out."""
    shown = min(read_number(typed.get("regels", ""), MOST_LINES) or FIRST_LINES, MOST_LINES)
    form = PlanForm(typed, shown)
    errors = name_errors(form)
    by_no: dict[int, list[PlanLine]] = {}
    for no in range(shown):
        if any(form.value(column, no).strip() for column in COLUMNS if column != "stap"):
            by_no[no], wrong = read_line(form, no)
            errors |= wrong
    lines = [line for found in by_no.values() for line in found]
    errors = errors or plan_errors(form, lines) or companion_errors(lines, by_no)
    return replace(form, errors=errors, lines=lines)


def name_errors(form: PlanForm) -> Errors:
    if not form.name:
        return {"naam": _("Vul een naam in, zoals Grote zaal.")}
    if len(form.name) > LONGEST_NAME:
        return {"naam": _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=LONGEST_NAME)}
    return {}


def read_line(form: PlanForm, no: int) -> tuple[list[PlanLine], Errors]:
    """The rows of one line of the table, or what is wrong with it."""
    names = row_names(form.value("rij", no).strip())
    first, last = (read_number(form.value(each, no), MOST_NUMBER) for each in ("van", "tot"))
    lists = {column: read_numbers(form.value(column, no)) for column in COLUMNS[4:]}
    errors = {
        f"{column}-{no}": _("Schrijf nummers zoals 3, 5-7.") for column, each in lists.items() if each is None
    }
    if not names:
        errors[f"rij-{no}"] = _("Schrijf een rij zoals C, of A-J voor rijen die gelijk zijn.")
    for column, number in (("van", first), ("tot", last)):
        if not number:
            errors[f"{column}-{no}"] = number_wanted(1, MOST_NUMBER)
    if errors or not first or not last:
        return [], errors
    step = 2 if form.value("stap", no) == "2" else 1
    numbers = [each or () for each in lists.values()]
    lines = [PlanLine(name, first, last, step, *numbers) for name in names]
    astray = {column for column, each in lists.items() if not {*(each or ())} <= {*lines[0].numbers}}
    return lines, {f"{column}-{no}": _("Die nummers staan niet op deze regel.") for column in astray}


def row_names(text: str) -> list[str]:
    """One row, or those of `A-J` or `1-12`."""
    found = ROW_NAMES.fullmatch(text)
    if found and found[1]:
        return [chr(each) for each in range(ord(found[1]), ord(found[2]) + 1)]
    if found:
        return [str(each) for each in range(int(found[3]), int(found[4]) + 1)]
    return [text] if ROW_NAME.fullmatch(text) else []


def read_numbers(text: str) -> tuple[int, ...] | None:
    """The numbers of `3, 5-7`; None when it cannot be read."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    found = [NUMBERS.fullmatch(part) for part in parts]
    if not all(found):
        return None
    return tuple(number for each in found if each for number in numbers_in(each))


def numbers_in(found: re.Match[str]) -> Iterator[int]:
    yield from range(int(found[1]), int(found[2] or found[1]) + 1)


def companion_errors(lines: Sequence[PlanLine], by_no: Mapping[int, Sequence[PlanLine]]) -> Errors:
    """The seats beside a wheelchair that are beside none, by the line of the table that says so."""
    plan, errors = SeatPlan(NOT_SAVED, lines), {}
    for no, found in by_no.items():
        keys = [key_of(line.name, number) for line in found for number in line.companion]
        astray = [each for each in keys if each in plan.seats and is_astray(plan, plan.seats[each])]
        if astray:
            errors[f"begeleider-{no}"] = _(
                "Niet naast een rolstoelplaats: %(seats)s. Zet er een naast, of laat het nummer hier weg.",
                seats=in_words(astray),
            )
    return errors


def is_astray(plan: SeatPlan, seat: Seat) -> bool:
    """Whether a seat is for who comes along with a wheelchair, and beside none."""
    return seat.kind is SeatKind.COMPANION and not any(map(is_for_wheelchair, neighbours(plan, seat)))


def without_company(plan: SeatPlan) -> list[str]:
    """The places for a wheelchair that have no seat beside them."""
    theirs = [each for each in plan.seats.values() if is_for_wheelchair(each)]
    return [each.key for each in theirs if all(map(is_for_wheelchair, neighbours(plan, each)))]


def plan_errors(form: PlanForm, lines: Sequence[PlanLine]) -> Errors:
    """What is wrong with the plan as a whole."""
    seats = [
        key_of(name, spot[0])
        for name in dict.fromkeys(line.name for line in lines)
        for spot in spots_of(lines, name)
        if spot
    ]
    if not seats:
        return {"rij-0": _("Schrijf minstens één rij met stoelen.")}
    if len(seats) > MOST_SEATS:
        return {"rij-0": _("Een plan heeft hoogstens %(most)s stoelen.", most=MOST_SEATS)}
    twice, count = Counter(seats).most_common(1)[0]
    if count > 1:
        row, _dash, number = twice.rpartition("-")
        return {"rij-0": _("Rij %(row)s heeft twee keer een stoel %(number)s.", row=row, number=number)}
    if form.best_row and form.best_row not in {line.name for line in lines}:
        return {"beste": _("Die rij staat niet op het plan.")}
    return {}
