"""From prices that hold their VAT to the amounts of an invoice, with no cent lost."""

from hypothesis import given
from hypothesis import strategies as st

from credits.invoice.amounts import amounts_of, part_of_line
from credits.invoice.invoice import InvoiceLine

RATES = st.sampled_from([(2100, None), (600, None), (0, None), (0, "Artikel 44")])
LINE = st.builds(
    lambda price, rate, part: InvoiceLine(1, "x", 2, "c", price, price * part // 4, "Btw", *rate),
    st.integers(1, 100_000),
    RATES,
    st.sampled_from([0, 1, 2, 3]),
)


@given(st.lists(LINE, min_size=1, max_size=5))
def test_net_tax_and_rounding_are_together_the_prices_that_people_saw(lines: list[InvoiceLine]) -> None:
    amounts = amounts_of(lines)

    assert amounts is not None
    assert amounts.gross_cents + amounts.rounding_cents == sum(each.price_cents for each in lines)
    assert amounts.payable_cents == sum(each.price_cents - each.credit_cents for each in lines)
    assert abs(amounts.rounding_cents) <= len(lines)


@given(st.lists(LINE, min_size=1, max_size=5))
def test_each_rate_has_the_net_amounts_of_its_lines(lines: list[InvoiceLine]) -> None:
    amounts = amounts_of(lines)

    assert amounts is not None
    assert sum(each.taxable_cents for each in amounts.groups) == amounts.net_cents
    for group in amounts.groups:
        exact = group.taxable_cents * group.rate_bp / 10_000
        assert abs(group.tax_cents - exact) <= 0.5


def test_reasons_of_what_is_exempt_stand_together() -> None:
    lines = [InvoiceLine(no, "x", 1, "c", 500, 0, "Vrij", 0, f"Artikel 44, {no}") for no in (6, 9)]

    amounts = amounts_of(lines)

    assert amounts is not None
    assert [(each.category, each.reason) for each in amounts.groups] == [
        ("E", "Artikel 44, 6; Artikel 44, 9")
    ]


def test_without_a_known_rate_there_are_no_amounts() -> None:
    assert amounts_of([InvoiceLine(1, "x", 1, "gone", 500, 0, None, None, None)]) is None


@given(LINE, st.data())
def test_a_part_of_a_line_has_its_share_of_the_credit(line: InvoiceLine, data: st.DataObject) -> None:
    money = line.price_cents - line.credit_cents
    cents = data.draw(st.integers(1, money))

    part = part_of_line(line, cents)

    assert part.price_cents - part.credit_cents == cents
    assert abs(part.credit_cents - line.credit_cents * cents / money) <= 0.5
    assert cents < money or part.price_cents == line.price_cents
