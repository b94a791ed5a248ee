"""How a seller says that it paid back by transfer; what is wrong comes back per field."""

from datetime import date
from typing import Final

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, read_day, text_error

LONGEST_REFERENCE: Final = 80


class TransferForm(Struct, frozen=True):
    """What was typed."""

    paid_on: str = ""
    reference: str = ""


class Transfer(Struct, frozen=True):
    paid_on: date
    reference: str


def labels() -> Labels:
    return {"paid_on": _("Wanneer stortte je het?"), "reference": _("Mededeling of nummer op je uittreksel")}


def read_transfer(typed: TransferForm, decided_on: date, today: date) -> Transfer | Errors:
    """The transfer that the form says: from the day on which it was decided, and not after today."""
    paid_on = read_day(typed.paid_on)
    errors: Errors = {}
    if paid_on is None or not decided_on <= paid_on <= today:
        errors["paid_on"] = _("Kies een dag tussen de beslissing en vandaag.")
    wrong = text_error(typed.reference, _("Vul in wat op je uittreksel staat."), LONGEST_REFERENCE)
    if wrong:
        errors["reference"] = wrong
    return errors if errors or paid_on is None else Transfer(paid_on, one_line(typed.reference))
