"""How somebody pays at a till: cash, on the terminal, or partly each. What is wrong comes back per field."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from credits.errors import TerminalReferenceWrong
from credits.till.rounding import cash_rounding
from credits.till.sale import Paid
from credits.till.terminal import Terminal, TerminalPayment
from uit.core.translation import gettext as _
from uit.web.amount import read_cash
from uit.web.form import Errors, Labels, read_number, required_id

MOST_CENTS = 10_000_000


class PaymentForm(Struct, frozen=True):
    """What was typed: the way, what goes on the terminal when it is partly each, and its slip.

    `receipt_id` and `payment_id` are of the form, so that sending it twice takes the money once; `due` is
    what it showed in cents.
    """

    receipt_id: UUID
    payment_id: UUID
    due: str = ""
    way: str = "cash"
    terminal: str = ""
    slip: str = ""

    @property
    def due_cents(self) -> int | None:
        return read_number(self.due, MOST_CENTS)


def payment_form_in(fields: Mapping[str, str]) -> PaymentForm:
    """The form on a page that asks for more. Raises NotUnderstood where its ids are not there."""
    texts = {name: fields[name] for name in ("due", "way", "terminal", "slip") if name in fields}
    return PaymentForm(required_id(fields, "receipt_id"), required_id(fields, "payment_id"), **texts)


def labels() -> Labels:
    return {
        "way": _("Hoe wordt er betaald?"),
        "terminal": _("Hoeveel met de kaart?"),
        "slip": _("Referentie op het bonnetje van de terminal"),
    }


def ways(due_cents: int) -> list[tuple[str, str, str | None]]:
    """The ways to pay, in words, with what is taken in cash."""
    return [
        ("cash", _("Cash"), None if not cash_rounding(due_cents, due_cents) else _("afgerond op 5 cent")),
        ("terminal", _("Met de kaart"), None),
        ("both", _("Deels cash, deels met de kaart"), None),
    ]


def terminal_cents(form: PaymentForm, due_cents: int) -> int | None:
    """What goes on the terminal; None when that is no part of the due amount."""
    match form.way:
        case "cash":
            return 0
        case "terminal":
            return due_cents
        case _:
            cents = read_cash(form.terminal)
            return cents if cents is not None and 0 < cents < due_cents else None


async def read_payment(
    form: PaymentForm, due_cents: int, credit_cents: int, terminal: Terminal
) -> Paid | Errors:
    """How the due amount is paid, after the terminal took its part."""
    on_terminal = terminal_cents(form, due_cents)
    if on_terminal is None:
        return {"terminal": _("Vul een bedrag in dat kleiner is dan wat er te betalen is, zoals 2,50.")}
    if not on_terminal:
        return Paid(credit_cents=credit_cents)
    reference = await terminal.take(TerminalPayment(on_terminal, form.slip))
    if isinstance(reference, TerminalReferenceWrong):
        return {
            "slip": _(
                "Neem het nummer over van het bonnetje van de terminal. Nooit het nummer van een kaart."
            )
        }
    return Paid(credit_cents=credit_cents, terminal_cents=on_terminal, reference=reference)
