from uuid import uuid4

import pytest

from reservations.halls.plan import StoredHallPlan
from reservations.halls.plan_form import empty_form, form_of, read_plan_form, row_names, without_company
from reservations.seats.plan import PlanLine, SeatPlan
from uit.database.statements import as_json


def sent(**lines: str) -> dict[str, str]:
    """A form with a name; `rij_0="A"` is the field `rij-0`."""
    return {"naam": "Grote zaal", "regels": "3"} | {
        name.replace("_", "-"): text for name, text in lines.items()
    }


def test_a_line_of_the_table_is_a_row() -> None:
    form = read_plan_form(
        sent(rij_0="C", van_0="1", tot_0="12", gang_0="6", weg_0="3-4", rolstoel_0="1", begeleider_0="2")
    )

    assert form.errors == {}
    assert form.lines == [PlanLine("C", 1, 12, aisles=(6,), missing=(3, 4), wheelchair=(1,), companion=(2,))]


def test_rows_that_are_alike_take_one_line() -> None:
    form = read_plan_form(sent(rij_0="A-C", van_0="9", tot_0="1", stap_0="2"))

    assert [line.name for line in form.lines] == ["A", "B", "C"]
    assert [*form.lines[0].numbers] == [9, 7, 5, 3, 1]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A", ["A"]),
        ("A-C", ["A", "B", "C"]),
        ("1 - 3", ["1", "2", "3"]),
        ("AA", ["AA"]),
        ("C-A", []),
        ("A B", []),
    ],
)
def test_a_row_is_named_by_a_letter_a_number_or_a_range(text: str, names: list[str]) -> None:
    assert row_names(text) == names


def test_all_that_is_wrong_is_said_by_its_field() -> None:
    form = read_plan_form(
        sent(rij_0="", van_0="1", tot_0="x", gang_0="a", rij_1="B", van_1="1", tot_1="4", weg_1="9")
    )

    assert set(form.errors) == {"rij-0", "tot-0", "gang-0", "weg-1"}


def test_a_plan_needs_a_name_seats_and_each_seat_once() -> None:
    nameless = read_plan_form(sent(rij_0="A", van_0="1", tot_0="4") | {"naam": " "})
    empty = read_plan_form(sent())
    twice = read_plan_form(sent(rij_0="A", van_0="1", tot_0="4", rij_1="A", van_1="4", tot_1="6"))

    assert "naam" in nameless.errors
    assert "rij-0" in empty.errors
    assert twice.errors["rij-0"] == "Rij A heeft twee keer een stoel 4."


def test_the_best_row_is_one_of_the_plan() -> None:
    form = read_plan_form(sent(rij_0="A", van_0="1", tot_0="4", beste="Z"))

    assert set(form.errors) == {"beste"}


def test_each_field_of_the_first_form_has_a_label() -> None:
    assert empty_form().labels["zicht-7"] == "Minder zicht, regel 8"


def test_a_plan_comes_back_with_one_line_for_rows_that_are_alike() -> None:
    rows = [PlanLine(name, 1, 9, aisles=(4,)) for name in "ABC"] + [PlanLine("D", 1, 9), PlanLine("F", 1, 9)]
    stored = StoredHallPlan(uuid4(), uuid4(), None, "Zaal", None, as_json(rows))

    form = form_of(stored)
    again = read_plan_form({**form.typed, "regels": str(form.shown)})

    assert [form.value("rij", no) for no in range(form.shown)] == ["A-C", "D", "F", ""]
    assert again.lines == rows


def test_a_seat_beside_a_wheelchair_is_beside_one_also_across_two_lines_of_a_row() -> None:
    apart = read_plan_form(
        sent(rij_0="A-B", van_0="1", tot_0="8", gang_0="4", rolstoel_0="4", begeleider_0="3, 5")
    )
    joined = read_plan_form(
        sent(
            rij_0="A", van_0="1", tot_0="4", rolstoel_0="4", rij_1="A", van_1="5", tot_1="8", begeleider_1="5"
        )
    )

    assert apart.errors == {
        "begeleider-0": "Niet naast een rolstoelplaats: rij A, stoel 5; rij B, stoel 5."
        " Zet er een naast, of laat het nummer hier weg."
    }
    assert joined.errors == {}


def test_a_wheelchair_place_that_has_no_seat_beside_it_is_known() -> None:
    lines = [PlanLine("A", 1, 6, aisles=(1,), wheelchair=(1, 6)), PlanLine("B", 1, 2, wheelchair=(1, 2))]

    assert without_company(SeatPlan(uuid4(), lines)) == ["A-1", "B-1", "B-2"]
