"""What a seller reads back at its desk: a number, money, a credit note; what is wrong comes per field."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from credits.invoice.invoice import InvoicePayment
from credits.invoice.reading_back import Credited, Numbered, PaymentReversal
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, past_day_error, read_day, text_error

LONGEST_NUMBER: Final = 40
LONGEST_REFERENCE: Final = 60
LONGEST_REASON: Final = 200


class NumberForm(Struct, frozen=True):
    """Of an invoice or a credit note."""

    number: str = ""
    issued_on: str = ""

    def read(self, today: date) -> Numbered | Errors:
        """The number with its day, which is not to come."""
        errors = self.errors(today)
        issued_on = read_day(self.issued_on)
        return errors if errors or issued_on is None else Numbered(one_line(self.number), issued_on)

    def read_credited(self, refund_id: UUID, today: date) -> Credited | Errors:
        read = self.read(today)
        return Credited(refund_id, read.number, read.issued_on) if isinstance(read, Numbered) else read

    def errors(self, today: date) -> Errors:
        return only_errors(
            {
                "number": text_error(self.number, _("Vul het nummer in."), LONGEST_NUMBER),
                "issued_on": past_day_error(read_day(self.issued_on), today),
            }
        )


class BankLineForm(Struct, frozen=True):
    """A line of the bank. `back` is ticked where money went back to the customer."""

    amount: str = ""
    paid_on: str = ""
    reference: str = ""
    back: str = ""

    def read(self, today: date) -> InvoicePayment | Errors:
        """The line of the bank that the form says, on a day that is not to come."""
        cents, paid_on = read_euro(self.amount), read_day(self.paid_on)
        errors = only_errors(
            {
                "amount": euro_error(self.amount, "120,00"),
                "paid_on": past_day_error(paid_on, today),
                "reference": text_error(
                    self.reference, _("Vul de referentie van de bank in."), LONGEST_REFERENCE
                ),
            }
        )
        if errors or cents is None or paid_on is None:
            return errors
        return InvoicePayment(-cents if self.back else cents, paid_on, one_line(self.reference))


class ReversalForm(Struct, frozen=True):
    """Which line of the bank was noted by mistake, by its reference, and why."""

    line: str = ""
    reason: str = ""

    def read(self) -> PaymentReversal | Errors:
        errors = only_errors(
            {
                "line": text_error(self.line, _("Kies een verrichting."), LONGEST_REFERENCE),
                "reason": text_error(self.reason, _("Vul in wat er misging."), LONGEST_REASON),
            }
        )
        return errors or PaymentReversal(one_line(self.line), one_line(self.reason))


def labels() -> Labels:
    return {
        "number": _("Nummer"),
        "issued_on": _("Datum"),
        "amount": _("Bedrag in euro"),
        "paid_on": _("Dag op je rekening"),
        "reference": _("Referentie van de bank"),
        "line": _("Welke verrichting hoort hier niet?"),
        "reason": _("Wat ging er mis?"),
    }
