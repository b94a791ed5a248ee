"""What a seller agrees with an organisation, as a form of its desk says it; what is wrong comes per field."""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from credits.invoice.customer import Customer, CustomerDetails
from credits.invoice.ubl import ENTERPRISE
from uit.core.email_address import is_email
from uit.core.formats import typed_euro
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import euro_error, read_euro
from uit.web.enterprise_number import bare_number, enterprise_error
from uit.web.form import Errors, Labels, only_errors, read_day, read_number, text_error

LONGEST: Final = 100
LONGEST_CODE: Final = 12
MOST_TERM_DAYS: Final = 60
"""The law of 2 August 2002 lets no undertaking agree on more."""
PEPPOL: Final = re.compile(r"\d{4}:[A-Za-z0-9._-]{1,50}", re.ASCII)


class CustomerForm(Struct, frozen=True):
    """What was typed."""

    customer_id: str = ""
    name: str = ""
    enterprise_number: str = ""
    peppol_id: str = ""
    street: str = ""
    postal_code: str = ""
    town: str = ""
    email: str = ""
    contact: str = ""
    term_days: str = "30"
    limit: str = "1.000"
    starts_on: str = ""
    ends_on: str = ""

    @property
    def number(self) -> str:
        return bare_number(self.enterprise_number)

    def read(self) -> CustomerDetails | Errors:
        """What is agreed, or what is wrong with the form."""
        errors = self.errors()
        limit_cents, term_days = read_euro(self.limit), read_number(self.term_days, MOST_TERM_DAYS)
        starts_on = read_day(self.starts_on)
        if errors or limit_cents is None or not term_days or starts_on is None:
            return errors
        texts = self.name, self.street, self.postal_code, self.town, self.contact
        name, street, postal_code, town, contact = map(one_line, texts)
        return CustomerDetails(
            name,
            self.number,
            self.peppol_id.strip() or None,
            street,
            postal_code,
            town,
            self.email.strip(),
            contact,
            term_days,
            limit_cents,
            starts_on,
            read_day(self.ends_on),
        )

    def errors(self) -> Errors:
        peppol = self.peppol_id.strip()
        right_peppol = not peppol or is_peppol_id(peppol)
        return only_errors(
            {
                "name": text_error(self.name, _("Vul de naam in."), LONGEST),
                "enterprise_number": enterprise_error(self.number),
                "peppol_id": "" if right_peppol else _("Schrijf het zoals 0208:0123456749."),
                "street": text_error(self.street, _("Vul straat en nummer in."), LONGEST),
                "postal_code": text_error(self.postal_code, _("Vul de postcode in."), LONGEST_CODE),
                "town": text_error(self.town, _("Vul de gemeente in."), LONGEST),
                "contact": text_error(self.contact, _("Vul in wie je kan bellen of mailen."), LONGEST),
                "email": ""
                if is_email(self.email.strip())
                else _("Vul een e-mailadres in, zoals naam@voorbeeld.be."),
                "limit": euro_error(self.limit, "1.000"),
                **self.term_errors(),
            }
        )

    def term_errors(self) -> Errors:
        starts_on, ends_on = read_day(self.starts_on), read_day(self.ends_on)
        days = read_number(self.term_days, MOST_TERM_DAYS)
        bad_end = bool(self.ends_on.strip()) and ends_on is None
        return {
            "term_days": ""
            if days
            else _("Vul een aantal dagen in van 1 tot %(most)s.", most=MOST_TERM_DAYS),
            "starts_on": "" if starts_on else _("Vul een dag in, zoals 1/9/2026."),
            "ends_on": _("Vul een dag in, zoals 31/8/2027.") if bad_end else end_error(starts_on, ends_on),
        }


def is_peppol_id(text: str) -> bool:
    """Whether it is a scheme and a number. That of a Belgian enterprise is checked, as Peppol does."""
    scheme, _colon, number = text.partition(":")
    return bool(PEPPOL.fullmatch(text)) and not (scheme == ENTERPRISE and enterprise_error(number))


def end_error(starts_on: date | None, ends_on: date | None) -> str:
    too_early = starts_on and ends_on and ends_on < starts_on
    return _("De laatste dag komt na de eerste.") if too_early else ""


def labels() -> Labels:
    return {
        "name": _("Naam van de organisatie"),
        "enterprise_number": _("Ondernemingsnummer"),
        "peppol_id": _("Peppol-adres"),
        "street": _("Straat en nummer"),
        "postal_code": _("Postcode"),
        "town": _("Gemeente"),
        "contact": _("Contactpersoon"),
        "email": _("E-mailadres voor facturen"),
        "term_days": _("Betalen binnen zoveel dagen"),
        "limit": _("Hoogstens zoveel euro tegelijk open"),
        "starts_on": _("Eerste dag"),
        "ends_on": _("Laatste dag"),
    }


def typed_of(customer: Customer) -> CustomerForm:
    """The form as things are now."""
    return CustomerForm(
        str(customer.id),
        customer.name,
        customer.enterprise_number,
        customer.peppol_id or "",
        customer.street,
        customer.postal_code,
        customer.town,
        customer.email,
        customer.contact,
        str(customer.term_days),
        typed_euro(customer.limit_cents),
        customer.starts_on.isoformat(),
        customer.ends_on.isoformat() if customer.ends_on else "",
    )
