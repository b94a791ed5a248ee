"""The port to a card terminal, and the plain one: a clerk types what the slip says."""

import pytest

from credits.errors import TerminalReferenceWrong
from credits.till.terminal import ManualTerminal, Terminal, TerminalPayment, has_card_number

PLAIN: Terminal = ManualTerminal()


async def test_the_reference_on_the_slip_is_the_reference_of_the_payment() -> None:
    assert await PLAIN.take(TerminalPayment(500, "  A1B2  4711 ")) == "A1B2 4711"


@pytest.mark.parametrize("slip", ["", "   ", "x" * 41])
async def test_a_payment_without_a_short_reference_is_refused(slip: str) -> None:
    assert await PLAIN.take(TerminalPayment(500, slip)) == TerminalReferenceWrong()


@pytest.mark.parametrize("slip", ["4111111111111111", "4111 1111 1111 1111", "kaart 5555-5555-5555-4444"])
async def test_the_number_of_a_card_is_never_taken(slip: str) -> None:
    assert await PLAIN.take(TerminalPayment(500, slip)) == TerminalReferenceWrong()


def test_a_long_number_that_is_no_card_may_be_a_reference() -> None:
    assert not has_card_number("4111111111111112")
    assert not has_card_number("123456")
