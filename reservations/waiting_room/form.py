"""The address that somebody without a pass enters a waiting room by."""

from msgspec import Struct

from uit.core.email_address import is_email
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors


def labels() -> Labels:
    return {"email": _("E-mailadres")}


class EnterForm(Struct, frozen=True):
    """What was typed; nothing by who is signed in with a pass."""

    email: str = ""

    def errors(self) -> Errors:
        wrong = "" if is_email(self.email.strip()) else _("Vul een e-mailadres in, zoals naam@voorbeeld.be.")
        return only_errors({"email": wrong})
