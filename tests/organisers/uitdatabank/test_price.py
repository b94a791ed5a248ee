from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisers.uitdatabank.price import MAX_PRICE_CENTS
from tests.organisers.uitdatabank.feed import dropped, read, record, spoiled


def cents(price: object) -> int:
    return read(spoiled("single", "priceInfo.0.price", price)).prices[0].price_cents


def without_prices(event: dict[str, Any]) -> str:
    """Why an event that comes in has no prices."""
    assert read(event).prices == ()
    [why] = [each for each in dropped(event) if each.startswith("priceInfo")]
    return why


@given(st.integers(0, MAX_PRICE_CENTS))
def test_every_amount_is_exact_however_json_writes_it(amount_cents: int) -> None:
    exact = Decimal(amount_cents) / 100

    assert cents(float(exact)) == cents(str(exact.quantize(Decimal("0.01")))) == amount_cents


@pytest.mark.parametrize(
    ("price", "amount"), [(10, 1000), (0, 0), (-0.0, 0), (0.1 + 0.2, None), ("7,95", 795)]
)
def test_an_amount_is_a_number_or_its_text(price: object, amount: int | None) -> None:
    if amount is None:
        assert "is not in whole cents" in without_prices(spoiled("single", "priceInfo.0.price", price))
    else:
        assert cents(price) == amount


@pytest.mark.parametrize(
    "price",
    [
        None,
        "",
        "gratis",
        True,
        [],
        {},
        -1,
        -0.01,
        10_000.01,
        1e300,
        float("nan"),
        float("inf"),
        10.555,
        "1e3",
    ],
)
def test_with_what_is_no_amount_an_event_has_no_prices_at_all(price: object) -> None:
    assert without_prices(spoiled("single", "priceInfo.0.price", price)).startswith("priceInfo[0].price ")


def test_a_tariff_has_a_code_that_a_person_recognises() -> None:
    prices = read(record("tariffs")).prices

    assert [(price.code, price.price_cents) for price in prices if not price.for_group] == [
        ("base", 1050),
        ("min-26-jaar", 795),
        ("plus-26-jaar", 900),
        ("een-ouder-en-kind", 29),
        ("uitpas-kansentarief-met-uitpas-dender", 210),
    ]


def test_a_minimum_is_not_taken_for_a_minus() -> None:
    prices = read(spoiled("tariffs", "priceInfo.1.name.nl", "Min. 18 jaar")).prices

    assert "minimum-18-jaar" in {price.code for price in prices}


def test_names_that_differ_in_a_sign_only_keep_codes_apart() -> None:
    codes = [price.code for price in read(record("tariffs")).prices if price.for_group]
    reordered = record("tariffs")
    reordered["priceInfo"].reverse()

    assert len(set(codes)) == 2
    assert all(code.startswith("groep-") for code in codes)
    assert {price.code for price in read(reordered).prices} >= set(codes)


def test_with_one_name_for_two_prices_an_event_has_no_prices() -> None:
    wrong = without_prices(spoiled("tariffs", "priceInfo.2.name.nl", "-26 jaar"))

    assert wrong == "priceInfo has two prices with one name: min-26-jaar"


def test_a_tariff_needs_a_name_and_the_base_price_does_not() -> None:
    assert without_prices(spoiled("tariffs", "priceInfo.1.name", None)) == "priceInfo[1].name is missing"
    assert read(spoiled("tariffs", "priceInfo.0.name", None)).prices[0].name == {"nl": "Basistarief"}


def test_with_a_price_in_other_money_an_event_has_no_prices() -> None:
    dollars = spoiled("tariffs", "priceInfo.0.priceCurrency", "USD")

    assert without_prices(dollars) == "priceInfo[0].priceCurrency is none of EUR"


def test_no_price_at_all_is_not_the_same_as_free() -> None:
    assert read(spoiled("single", "priceInfo", [])).prices == ()
    assert read(record("online")).prices[0].price_cents == 0


def test_a_name_in_signs_alone_still_gives_a_code() -> None:
    assert read(spoiled("tariffs", "priceInfo.1.name.nl", "★★")).prices[1].code == "tariff"
