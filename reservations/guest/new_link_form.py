"""The form of a guest who asks for a new link; what is wrong comes back per field."""

from typing import Final

from msgspec import Struct

from uit.core.email_address import is_email
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, text_error

LONGEST_NUMBER: Final = 20


class NewLinkForm(Struct, frozen=True):
    """What was typed."""

    number: str = ""
    email: str = ""

    def errors(self) -> Errors:
        wrong_email = _("Vul een e-mailadres in, zoals naam@voorbeeld.be.")
        return only_errors(
            {
                "number": text_error(self.number, _("Vul het nummer van je boeking in."), LONGEST_NUMBER),
                "email": "" if is_email(self.email.strip()) else wrong_email,
            }
        )


def labels() -> Labels:
    return {"number": _("Nummer van je boeking"), "email": _("E-mailadres waarmee je boekte")}
