"""A card terminal as a port: an amount goes out, a reference comes in. uit never sees a card."""

import re
from typing import Final, Protocol

from msgspec import Struct

from credits.errors import TerminalReferenceWrong
from uit.core.one_line import one_line

MOST_LETTERS: Final = 40
CARD_NUMBER: Final = re.compile(r"\d{13,19}", re.ASCII)


class TerminalPayment(Struct, frozen=True):
    """An amount to be paid by card. `slip`: what a clerk typed from the slip of a terminal on its own."""

    amount_cents: int
    slip: str = ""


class Terminal(Protocol):
    async def take(self, asked: TerminalPayment) -> str | TerminalReferenceWrong:
        """The reference of a payment that went through; under it the bank's statement names it.

        Called outside a transaction: a customer needs their time. Asking twice takes the money twice.
        """


class ManualTerminal:
    """A terminal that stands by itself: the clerk types the amount there, and here what its slip says."""

    async def take(self, asked: TerminalPayment) -> str | TerminalReferenceWrong:
        return read_slip(asked.slip)


def read_slip(typed: str) -> str | TerminalReferenceWrong:
    """The reference on a slip. Refused without one, and for a card number, which we may not keep."""
    reference = one_line(typed)
    if not reference or len(reference) > MOST_LETTERS or has_card_number(reference):
        return TerminalReferenceWrong()
    return reference


def has_card_number(text: str) -> bool:
    """Whether a text holds 13 to 19 figures, spaced or not, that pass the check of card numbers (Luhn)."""
    figures = re.sub(r"(?<=\d)[ .-](?=\d)", "", text)
    return any(passes_luhn(found) for found in CARD_NUMBER.findall(figures))


def passes_luhn(figures: str) -> bool:
    doubled = [int(figure) * (1 + place % 2) for place, figure in enumerate(reversed(figures))]
    return sum(sum(divmod(each, 10)) for each in doubled) % 10 == 0
