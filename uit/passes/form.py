"""What a clerk typed about a person, read field by field: values, or a text for each field that is wrong."""

import re
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct, field

from uit.ground.secret import Secrets
from uit.identity.errors import InszWrong
from uit.identity.insz import read_insz
from uit.identity.person import Person
from uit.passes.membership import Applicant, Proof, Town, usual_social_end

MOST_LETTERS: Final = 100
OLDEST: Final = date(1900, 1, 1)
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}", re.ASCII)
LATEST_YEARS: Final = 2

DOCUMENTS: Final = {
    "increased_allowance": "Verhoogde tegemoetkoming (klevertje of attest van het ziekenfonds)",
    "ocmw": "Attest van het OCMW",
    "debt": "Attest van budgetbegeleiding of schuldbemiddeling",
    "asylum": "Attest van een opvangcentrum",
    "other": "Ander bewijs",
}

Errors = dict[str, str]


class SearchForm(Struct, frozen=True):
    typed: str = field(name="wie", default="")


class IssueForm(Struct, frozen=True):
    card_id: UUID
    kind: str


class ReplaceForm(Struct, frozen=True):
    new_card_id: UUID


class RegisterForm(Struct, frozen=True):
    """The fields as they were sent. `sure`: the clerk saw the namesake and means somebody else."""

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
        """The applicant, or what is wrong. The national register number leaves this form as a key only."""
        born_on, insz = read_date(self.born_on), self.insz.strip() and read_insz(self.insz, mock=mock)
        errors = {
            "given_name": name_error(self.given_name, "voornaam"),
            "family_name": name_error(self.family_name, "familienaam"),
            "born_on": born_error(born_on, today),
            "email": email_error(self.email.strip()),
            "insz": "Dit nummer klopt niet. Kijk de 11 cijfers na." if isinstance(insz, InszWrong) else "",
            "refnis": "" if self.refnis in {town.refnis for town in towns} else "Kies de gemeente.",
        }
        if any(errors.values()):
            return {name: text for name, text in errors.items() if text}
        key = None if not insz or isinstance(insz, InszWrong) else insz.key(secrets)
        return Applicant(self.membership_id, self._person(born_on), key, sure=self.sure == "true")

    def _person(self, born_on: date | None) -> Person:
        names = squeeze(self.given_name), squeeze(self.family_name)
        return Person(self.person_id, *names, born_on, self.email.strip().lower() or None, refnis=self.refnis)


class SocialForm(Struct, frozen=True):
    attestation_id: UUID
    document_kind: str = ""
    reference: str = ""
    until: str = ""

    def read(self, officer_id: UUID, today: date) -> Proof | Errors:
        until, reference = read_date(self.until), squeeze(self.reference)
        errors = {
            "document_kind": "" if self.document_kind in DOCUMENTS else "Kies wat je gezien hebt.",
            "reference": text_error(
                reference, "Schrijf waaraan je het bewijs herkent: een nummer of een datum."
            ),
            "until": until_error(until, today),
        }
        if until is None or any(errors.values()):
            return {name: text for name, text in errors.items() if text}
        return Proof(self.attestation_id, officer_id, self.document_kind, reference, until)


def first_social_form(attestation_id: UUID, today: date) -> SocialForm:
    return SocialForm(attestation_id, until=usual_social_end(today).isoformat())


def squeeze(text: str) -> str:
    return " ".join(text.split())


def read_date(text: str) -> date | None:
    """A day as a date field sends it, or as people type it where there is none."""
    day_first = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text.strip(), re.ASCII)
    try:
        return (
            date(*map(int, reversed(day_first.groups()))) if day_first else date.fromisoformat(text.strip())
        )
    except ValueError:
        return None


def text_error(text: str, empty: str) -> str:
    if not text:
        return empty
    if len(text) > MOST_LETTERS:
        return f"Dit is te lang. Gebruik hoogstens {MOST_LETTERS} letters."
    return "" if text.isprintable() else "Hier staat een teken in dat we niet kunnen bewaren."


def name_error(text: str, what: str) -> str:
    return text_error(squeeze(text), f"Vul de {what} in.")


def born_error(born_on: date | None, today: date) -> str:
    if born_on is None:
        return "Vul de geboortedatum in, zoals 17/05/1990."
    return "" if OLDEST <= born_on <= today else "Deze datum kan niet. Kijk het jaar na."


def email_error(text: str) -> str:
    fits = not text or (len(text) <= MOST_LETTERS and EMAIL.fullmatch(text))
    return "" if fits else "Dit adres klopt niet. Het ziet eruit als naam@voorbeeld.be."


def until_error(until: date | None, today: date) -> str:
    if until is None:
        return "Vul in tot welke dag het bewijs geldt, zoals 30/04/2027."
    fits = today <= until <= date(today.year + LATEST_YEARS, 12, 31)
    return "" if fits else "Deze dag kan niet. Hij ligt na vandaag en ten laatste binnen twee jaar."
