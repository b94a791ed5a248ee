"""How a seller is paid, as typed at its desk."""

from typing import Any
from uuid import uuid4

import pytest

from credits.payments.seller import Seller, Ways
from reservations.payment.ways_form import WaysForm, read_ways, typed_of


def a_seller(**otherwise: Any) -> Seller:
    usual: dict[str, Any] = {
        "organiser_id": uuid4(), "name": "De Werf", "number": None, "agent_id": None, "mandate_id": None,
        "card_account": None, "card_open": False, "card_missing": [], "desk_hours": None,
        "desk_before_minutes": 30, "invoices": False, "cancel_fee_cents": 0, "signatories": [],
    }  # fmt: skip
    return Seller(**usual | otherwise)


def test_a_form_that_is_filled_in_is_read() -> None:
    typed = WaysForm(desk="ja", desk_hours="24", desk_before_minutes="45", fee="1,50")

    assert read_ways(typed) == Ways(24, 45, cancel_fee_cents=150)


def test_a_desk_that_is_not_ticked_takes_no_money_whatever_its_hours() -> None:
    typed = WaysForm(desk="", desk_hours="zo lang het kan", desk_before_minutes="", fee="0")

    assert read_ways(typed) == Ways(None, 0, cancel_fee_cents=0)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("desk_hours", "0"),
        ("desk_hours", ""),
        ("desk_hours", "-3"),
        ("desk_hours", "1441"),
        ("desk_before_minutes", "een half uur"),
        ("desk_before_minutes", "1441"),
        ("fee", ""),
        ("fee", "gratis"),
        ("fee", "-1"),
        ("fee", "50,01"),
        ("fee", "1,505"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nowhere_else(field: str, typed: str) -> None:
    form = WaysForm(**{"desk": "ja", field: typed})

    found = read_ways(form)

    assert isinstance(found, dict)
    assert list(found) == [field]


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = read_ways(WaysForm("ja", "x", "x", "x"))

    assert isinstance(found, dict)
    assert sorted(found) == ["desk_before_minutes", "desk_hours", "fee"]


@pytest.mark.parametrize("desk_hours", [None, 24])
def test_the_form_shows_how_things_are_and_changes_nothing_when_it_is_sent_as_it_is(
    desk_hours: int | None,
) -> None:
    seller = a_seller(desk_hours=desk_hours, desk_before_minutes=15, cancel_fee_cents=205)

    assert read_ways(typed_of(seller)) == Ways(desk_hours, 15, cancel_fee_cents=205)


def test_who_sells_for_the_first_time_sees_what_is_usual_and_has_not_chosen_it() -> None:
    assert typed_of(None) == WaysForm(desk="", desk_hours="48", desk_before_minutes="30", fee="0")
