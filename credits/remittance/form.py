"""The form by which an agent says what it paid to an organiser; what is wrong comes back per field."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.remittance.remittance import Remittance
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, past_day_error, read_day, text_error

LONGEST_REFERENCE: Final = 80


def labels() -> Labels:
    return {
        "amount": _("Hoeveel stortte je?"),
        "paid_on": _("Wanneer stortte je het?"),
        "reference": _("Mededeling of nummer op je uittreksel"),
    }


class RemittanceForm(Struct, frozen=True):
    """What was typed. `remittance_id` is of the form: sent twice, it is one remittance."""

    remittance_id: UUID
    amount: str = ""
    paid_on: str = ""
    reference: str = ""

    def read(self, today: date) -> Remittance | Errors:
        """The remittance that the form says, on a day that is not to come."""
        cents, paid_on = read_euro(self.amount), read_day(self.paid_on)
        errors = only_errors(
            {
                "amount": euro_error(self.amount, "120,00"),
                "paid_on": past_day_error(paid_on, today),
                "reference": text_error(
                    self.reference, _("Vul in wat op je uittreksel staat."), LONGEST_REFERENCE
                ),
            }
        )
        if errors or cents is None or paid_on is None:
            return errors
        return Remittance(self.remittance_id, cents, one_line(self.reference), paid_on)
