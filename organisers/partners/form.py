"""The form that adds a partner; what is wrong comes back per field."""

from typing import Final

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.identity.partner.partner import KINDS, NewPartner
from uit.web.enterprise_number import bare_number, enterprise_error
from uit.web.form import Errors, Labels, only_errors, text_error

MOST_LETTERS: Final = 80


def labels() -> Labels:
    return {
        "name": _("Naam"),
        "kind": _("Wat voor organisatie is het?"),
        "enterprise_number": _("Ondernemingsnummer"),
    }


class PartnerForm(Struct, frozen=True):
    """What was typed. `partner_id` is of the form: sent twice, it is one partner."""

    partner_id: str = ""
    name: str = ""
    kind: str = ""
    enterprise_number: str = ""

    def read(self) -> NewPartner | Errors:
        number = bare_number(self.enterprise_number)
        errors = {
            "name": text_error(self.name, _("Vul een naam in."), MOST_LETTERS),
            "kind": "" if self.kind in KINDS else _("Kies wat voor organisatie het is."),
            "enterprise_number": enterprise_error(number) if number else "",
        }
        return only_errors(errors) or NewPartner(one_line(self.name), self.kind, number or None)
