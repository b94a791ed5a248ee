"""The form by which somebody changes their own details. What needs a proof is asked at a counter."""

from typing import Final

from msgspec import structs

from uit.core.email_address import is_email
from uit.core.phone import read_phone
from uit.core.translation import gettext as _
from uit.identity.person.change import PersonDetails
from uit.passes.details.form import AddressForm, contact_errors, reached_error
from uit.passes.registration.form import languages
from uit.web.form import Errors, Labels, only_errors

OWN_KINDS: Final = ("home", "none")
KINDS_WITH_POST: Final = ("home", "reference")


def own_labels() -> Labels:
    return {
        "address_kind": _("Waar woon je?"),
        "street": _("Straat"),
        "house_number": _("Nummer en bus"),
        "postcode": _("Postcode"),
        "place": _("Plaats"),
        "email": _("E-mailadres"),
        "phone": _("Telefoon"),
        "language": _("Taal"),
        "reached_by": _("Hoe bereiken we je?"),
    }


def own_kinds() -> Labels:
    return {"home": _("Op een adres"), "none": _("Zonder adres")}


def own_ways() -> Labels:
    return {
        "email": _("Met een mail"),
        "sms": _("Met een sms"),
        "letter": _("Met een brief"),
        "counter": _("Ik vraag het zelf aan de balie"),
    }


class OwnDetailsForm(AddressForm, frozen=True, kw_only=True):
    """The fields as sent. The e-mail address is not among what is saved: it counts once it is confirmed."""

    email: str = ""
    phone: str = ""
    language: str = "nl"
    reached_by: str = "counter"

    def read(self, known: PersonDetails, *, keeps_address: bool = False) -> PersonDetails | Errors:
        """What is known of them with what they changed, but for the e-mail address.

        A reference address stays as it is, since it needs a proof, and that of a child.
        """
        is_kept = keeps_address or known.address_kind == "reference"
        errors = only_errors(
            {
                **({} if is_kept else self._address_errors()),
                "email": self._email_error(known),
                "phone": contact_errors("", self.phone)["phone"],
                "language": "" if self.language in languages() else _("Kies een taal."),
                "reached_by": reached_error(
                    self.reached_by,
                    self.email,
                    self.phone,
                    has_address=(known.address_kind in KINDS_WITH_POST) if is_kept else self.has_parts,
                ),
            }
        )
        if errors:
            return errors
        changed = {
            "phone": read_phone(self.phone),
            "language": self.language,
            "reached_by": self.reached_by,
            **({} if is_kept else self.address() | {"refnis": known.refnis}),
        }
        return structs.replace(known, **changed)

    def _address_errors(self) -> dict[str, str]:
        known_kind = self.address_kind in OWN_KINDS
        wrong = {"address_kind": "" if known_kind else _("Kies waar.")}
        return wrong | self._part_errors() if known_kind and self.has_parts else wrong

    def _email_error(self, known: PersonDetails) -> str:
        text = self.email.strip()
        if not text:
            missing = _("Vul je e-mailadres in. Wil je er geen meer? Vraag dat aan de balie.")
            return missing if known.email else ""
        return "" if is_email(text) else _("Dit adres klopt niet. Het ziet eruit als naam@voorbeeld.be.")

    def changes_address(self, known: PersonDetails) -> bool:
        """Whether another address was sent than the one that is known."""
        parts = {name: value for name, value in self.address().items() if name != "refnis"}
        return any(getattr(known, name) != value for name, value in parts.items())

    def new_email(self, known: PersonDetails) -> str | None:
        """The address that has to be confirmed; None where it is the one that we know, or none."""
        wanted = self.email.strip().lower()
        return wanted if wanted and wanted != known.email else None


def own_filled_in(known: PersonDetails) -> dict[str, str]:
    """The fields of the form as it opens."""
    filled = {name: str(value) for name in own_labels() if (value := getattr(known, name)) is not None}
    first = {"address_kind": "home", "reached_by": "email" if known.email else "counter"}
    return first | filled
