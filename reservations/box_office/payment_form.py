"""How somebody pays at a till: cash, on the terminal, or partly each. What is wrong comes back per field."""

import re
from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from credits.errors import TerminalReferenceWrong, TillIdTaken
from credits.till.rounding import cash_rounding
from credits.till.sale import Paid
from credits.till.terminal import Terminal, TerminalPayment
from uit.core.errors import Refusal
from uit.core.formats import euro
from uit.core.ids import Ids
from uit.core.translation import gettext as _
from uit.web.amount import cash_error, read_cash
from uit.web.form import Errors, Labels, read_number, required_id

MOST_CENTS = 10_000_000
FIELDS = ("due", "way", "terminal", "slip", "given", "change")
SIGNED = re.compile(r"-?\d{1,9}", re.ASCII)


class PaymentForm(Struct, frozen=True):
    """What was typed: the way, what goes on the terminal when it is partly each, and its slip.

    `receipt_id` and `payment_id` are of the form, so that sending it twice takes the money once; `due` is
    what it showed in cents. `given`: what the customer puts down in cash, which nothing obliges to fill in;
    `change`: what the page said to give back of it, in cents.
    """

    receipt_id: UUID
    payment_id: UUID
    due: str = ""
    way: str = "cash"
    terminal: str = ""
    slip: str = ""
    given: str = ""
    change: str = ""

    @property
    def due_cents(self) -> int | None:
        return read_number(self.due, MOST_CENTS)


def payment_form_in(fields: Mapping[str, str]) -> PaymentForm:
    """The form on a page that asks for more. Raises NotUnderstood where its ids are not there."""
    texts = {name: fields[name] for name in FIELDS if name in fields}
    return PaymentForm(required_id(fields, "receipt_id"), required_id(fields, "payment_id"), **texts)


def anew(form: PaymentForm, refusal: Refusal, ids: Ids) -> PaymentForm:
    """The form that comes back: with new ids, where a sale of before has those that it had."""
    if not isinstance(refusal, TillIdTaken):
        return form
    return replace(form, receipt_id=ids.new(), payment_id=ids.new())


def labels() -> Labels:
    return {
        "way": _("Hoe wordt er betaald?"),
        "given": _("Wat geeft de klant?"),
        "slip": _("Referentie op het bonnetje van de terminal"),
        "terminal": _("Hoeveel met de kaart?"),
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


class Change(Struct, frozen=True):
    """What goes back in hand of what a customer gave."""

    cents: int


def read_change(form: PaymentForm, due_cents: int, credit_cents: int) -> Change | Errors | None:
    """What goes back of what the customer gives in cash, where the page did not say it yet; else None.

    None also where nothing was filled in, or nothing is paid in cash.
    """
    on_terminal = terminal_cents(form, due_cents)
    if not form.given.strip() or on_terminal is None or on_terminal == due_cents:
        return None
    given = read_cash(form.given)
    if given is None:
        return {"given": cash_error(form.given)}
    cash_cents = due_cents - on_terminal
    change_cents = given - cash_cents - cash_rounding(due_cents + credit_cents, cash_cents)
    if change_cents < 0:
        return {"given": _("Dat is %(cents)s te weinig.", cents=euro(-change_cents))}
    return None if read_number(form.change, MOST_CENTS) == change_cents else Change(change_cents)


async def read_change_or_payment(
    form: PaymentForm, due_cents: int, credit_cents: int, terminal: Terminal
) -> Paid | Change | Errors:
    """How the due amount is paid; or first what goes back in hand, where that was not said yet."""
    change = read_change(form, due_cents, credit_cents)
    return change if change is not None else await read_payment(form, due_cents, credit_cents, terminal)


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


def read_difference(typed: str) -> int | None:
    """The difference that a page showed, in cents; below zero it goes to the customer."""
    return int(typed) if SIGNED.fullmatch(typed) else None
