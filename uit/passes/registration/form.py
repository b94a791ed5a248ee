"""The forms of the counter: searching, registering a person, giving a card, and the social tariff."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct, field

from uit.core.secret import Secrets
from uit.identity.errors import InszWrong
from uit.identity.person.insz import read_insz
from uit.identity.person.person import Person
from uit.passes.membership.membership import Applicant, Proof, Town, usual_social_end
from uit.web.form import Errors, Labels, is_email, one_line, only_errors, read_day, text_error

MOST_LETTERS: Final = 100
OLDEST: Final = date(1900, 1, 1)
LATEST_YEARS: Final = 2
NO_REFERENCE: Final = "Schrijf waaraan je het bewijs herkent: een nummer of een datum."

REGISTER_LABELS: Final[Labels] = {
    "given_name": "Voornaam",
    "family_name": "Familienaam",
    "born_on": "Geboortedatum",
    "refnis": "Gemeente",
    "insz": "Rijksregisternummer",
    "email": "E-mailadres",
}
SOCIAL_LABELS: Final[Labels] = {
    "document_kind": "Wat heb je gezien?",
    "reference": "Nummer of datum van het bewijs",
    "until": "Geldt tot en met",
}
DOCUMENTS: Final = {
    "increased_allowance": "Verhoogde tegemoetkoming (klevertje of attest van het ziekenfonds)",
    "ocmw": "Attest van het OCMW",
    "debt": "Attest van budgetbegeleiding of schuldbemiddeling",
    "asylum": "Attest van een opvangcentrum",
    "other": "Ander bewijs",
}


class SearchForm(Struct, frozen=True):
    typed: str = field(name="wie", default="")


class IssueForm(Struct, frozen=True):
    card_id: UUID
    kind: str


class ReplaceForm(Struct, frozen=True):
    new_card_id: UUID


class RegisterForm(Struct, frozen=True):
    """The fields as sent. `sure`: the clerk confirmed that this is not the member with the same name."""

    membership_id: UUID
    person_id: UUID
    given_name: str = ""
    family_name: str = ""
    born_on: str = ""
    email: str = ""
    insz: str = ""
    refnis: str = ""
    sure: str = ""

    def read(self, towns: list[Town], today: date, secrets: Secrets, *, mock: bool) -> Applicant | Errors:
        """The applicant, or the errors. Of the national number, only its key is passed on."""
        born_on, insz = read_day(self.born_on), self.insz.strip() and read_insz(self.insz, mock=mock)
        errors = {
            "given_name": text_error(self.given_name, "Vul de voornaam in.", MOST_LETTERS),
            "family_name": text_error(self.family_name, "Vul de familienaam in.", MOST_LETTERS),
            "born_on": born_error(born_on, today),
            "email": email_error(self.email.strip()),
            "insz": "Dit nummer klopt niet. Kijk de 11 cijfers na." if isinstance(insz, InszWrong) else "",
            "refnis": "" if self.refnis in {town.refnis for town in towns} else "Kies de gemeente.",
        }
        if wrong := only_errors(errors):
            return wrong
        key = None if not insz or isinstance(insz, InszWrong) else insz.key(secrets)
        return Applicant(self.membership_id, self._person(born_on), key, sure=self.sure == "true")

    def _person(self, born_on: date | None) -> Person:
        names = one_line(self.given_name), one_line(self.family_name)
        return Person(self.person_id, *names, born_on, self.email.strip().lower() or None, refnis=self.refnis)


class SocialForm(Struct, frozen=True):
    attestation_id: UUID
    document_kind: str = ""
    reference: str = ""
    until: str = ""

    def read(self, officer_id: UUID, today: date) -> Proof | Errors:
        until = read_day(self.until)
        errors = {
            "document_kind": "" if self.document_kind in DOCUMENTS else "Kies wat je gezien hebt.",
            "reference": text_error(self.reference, NO_REFERENCE, MOST_LETTERS),
            "until": until_error(until, today),
        }
        if until is None or any(errors.values()):
            return only_errors(errors)
        return Proof(self.attestation_id, officer_id, self.document_kind, one_line(self.reference), until)


def first_social_form(attestation_id: UUID, today: date) -> SocialForm:
    return SocialForm(attestation_id, until=usual_social_end(today).isoformat())


def born_error(born_on: date | None, today: date) -> str:
    if born_on is None:
        return "Vul de geboortedatum in, zoals 17/05/1990."
    return "" if OLDEST <= born_on <= today else "Deze datum kan niet. Kijk het jaar na."


def email_error(text: str) -> str:
    return "" if not text or is_email(text) else "Dit adres klopt niet. Het ziet eruit als naam@voorbeeld.be."


def until_error(until: date | None, today: date) -> str:
    if until is None:
        return "Vul in tot welke dag het bewijs geldt, zoals 30/04/2027."
    fits = today <= until <= date(today.year + LATEST_YEARS, 12, 31)
    return "" if fits else "Deze dag kan niet. Hij ligt na vandaag en ten laatste binnen twee jaar."
