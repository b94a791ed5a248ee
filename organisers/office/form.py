"""The forms of who runs a region: a colleague, an organiser and a client, with what is wrong per field."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.organiser import NewOrganiser
from uit.core.email_address import is_email
from uit.core.one_line import one_line
from uit.core.origin import is_origin, origin_of
from uit.core.translation import gettext as _
from uit.identity.client.client import NewClient
from uit.identity.client.scope import EVERY_SCOPE
from uit.identity.staff.role import GIVEN_IN_REGION, OF_A_PARTNER, OF_AN_ORGANISER, PERHAPS_OF_A_TOWN
from uit.identity.staff.staff import Colleague
from uit.identity.visitor import Role
from uit.web.enterprise_number import bare_number, enterprise_error
from uit.web.form import Errors, Labels, only_errors, read_id, text_error

MOST_LETTERS: Final = 80
CHOSEN: Final = "organiser-"
"""How the fields begin of the organisers that a client is for."""


def staff_labels() -> Labels:
    return {
        "name": _("Naam"),
        "email": _("E-mailadres"),
        "role": _("Taak"),
        "organiser": _("Voor welke organisator?"),
        "partner": _("Voor welke partner?"),
        "refnis": _("Voor welke gemeente?"),
        "mail": _("Stuur ook een mail"),
    }


def organiser_labels() -> Labels:
    return {
        "name": _("Naam"),
        "enterprise_number": _("Ondernemingsnummer"),
        "email": _("E-mailadres voor bezoekers"),
    }


def client_labels() -> Labels:
    return {
        "name": _("Naam"),
        "organisers": _("Voor welke organisatoren?"),
        "scopes": _("Wat mag het?"),
        "origin": _("Adres van de webwinkel"),
    }


def scope_words() -> Mapping[str, str]:
    """What each scope of the API is called."""
    return {
        "read": _("Datums en eigen boekingen lezen"),
        "quote": _("Vragen wat plaatsen kosten"),
        "book": _("Boeken"),
        "cancel": _("Eigen boekingen annuleren"),
        "check_in": _("Tickets scannen"),
        "invoice": _("Facturen ophalen en terugmelden"),
    }


class Known(Struct, frozen=True):
    """What a role can be limited to in a region, by id or REFNIS code."""

    organisers: Collection[UUID]
    partners: Collection[UUID]
    towns: Collection[str]


class StaffForm(Struct, frozen=True):
    """Somebody to invite, as it was typed.

    `organiser`, `partner` and `refnis` are empty for the whole region.
    """

    name: str = ""
    email: str = ""
    role: str = ""
    organiser: str = ""
    partner: str = ""
    refnis: str = ""
    mail: str = ""

    def read(self, region_id: int, known: Known) -> Colleague | Errors:
        """The colleague with one role of this region, or the errors."""
        organiser_id = read_id(self.organiser) if self.role in OF_AN_ORGANISER else None
        partner_id = read_id(self.partner) if self.role in OF_A_PARTNER else None
        refnis = self.refnis if self.role in PERHAPS_OF_A_TOWN else ""
        errors = {
            "name": text_error(self.name, _("Vul een naam in."), MOST_LETTERS),
            "email": "" if is_email(self.email.strip()) else _("Dit is geen e-mailadres. Kijk het na."),
            "role": "" if self.role in GIVEN_IN_REGION else _("Kies een taak."),
            "organiser": _("Kies een organisator.")
            if self.role in OF_AN_ORGANISER and organiser_id not in known.organisers
            else "",
            "partner": _("Kies een partner.")
            if self.role in OF_A_PARTNER and partner_id not in known.partners
            else "",
            "refnis": _("Kies een gemeente van de regio.") if refnis and refnis not in known.towns else "",
        }
        if wrong := only_errors(errors):
            return wrong
        role = Role(self.role, region_id, organiser_id, refnis or None, partner_id)
        return Colleague(one_line(self.name), self.email.strip().lower(), [role])


class OrganiserForm(Struct, frozen=True):
    """What was typed. `organiser_id` is of the form: sent twice, it is one organiser."""

    organiser_id: str = ""
    name: str = ""
    enterprise_number: str = ""
    email: str = ""

    def read(self) -> NewOrganiser | Errors:
        number, email = bare_number(self.enterprise_number), self.email.strip()
        errors = {
            "name": text_error(self.name, _("Vul een naam in."), MOST_LETTERS),
            "enterprise_number": enterprise_error(number) if number else "",
            "email": _("Dit is geen e-mailadres. Kijk het na.") if email and not is_email(email) else "",
        }
        return only_errors(errors) or NewOrganiser(one_line(self.name), number or None, email or None)


class ClientForm(Struct, frozen=True):
    """A client as it was typed; `organisers` are ids, `scopes` of EVERY_SCOPE."""

    name: str = ""
    origin: str = ""
    organisers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset(EVERY_SCOPE)

    @classmethod
    def of_fields(cls, fields: Mapping[str, str]) -> "ClientForm":
        chosen = frozenset(name.removeprefix(CHOSEN) for name in fields if name.startswith(CHOSEN))
        scopes = frozenset(scope for scope in EVERY_SCOPE if scope in fields)
        return cls(fields.get("name", ""), fields.get("origin", ""), chosen, scopes)

    def read(self, region_id: int, organisers: Collection[UUID]) -> NewClient | Errors:
        chosen = [each for each in organisers if str(each) in self.organisers]
        origin = self.origin.strip().lower().rstrip("/")
        errors = {
            "name": text_error(self.name, _("Vul een naam in."), MOST_LETTERS),
            "organisers": "" if chosen else _("Kies minstens één organisator."),
            "scopes": "" if self.scopes else _("Kies minstens één ding."),
            "origin": origin_error(origin) if origin else "",
        }
        if wrong := only_errors(errors):
            return wrong
        scopes = [each for each in EVERY_SCOPE if each in self.scopes]
        return NewClient(region_id, one_line(self.name), chosen, [origin] if origin else [], scopes)


def origin_error(text: str) -> str:
    if is_origin(text):
        return ""
    meant = origin_of(text)
    if meant and is_origin(meant):
        return _("Schrijf alleen het begin van het adres: %(origin)s.", origin=meant)
    return _("Schrijf het adres zoals https://tickets.voorbeeld.be.")
