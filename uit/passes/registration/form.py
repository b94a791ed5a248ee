"""The forms of the counter: searching, registering a person, giving a card, and the social tariff."""

from datetime import date
from typing import Final
from uuid import UUID

from babel import Locale
from msgspec import Struct, field

from uit.core.email_address import is_email
from uit.core.formats import LANGUAGE_FORMATS
from uit.core.one_line import one_line
from uit.core.secret import Secrets
from uit.core.translation import gettext as _
from uit.identity.errors import InszWrong
from uit.identity.person.consent import needs_consent
from uit.identity.person.insz import Insz, read_insz
from uit.identity.person.person import Person
from uit.passes.membership.ending import Why
from uit.passes.membership.membership import Applicant, Town
from uit.passes.membership.social_tariff import Proof, usual_social_end
from uit.passes.registration.likeness import Typed
from uit.web.form import Errors, Labels, only_errors, read_day, text_error

MOST_LETTERS: Final = 100
OLDEST: Final = date(1900, 1, 1)
LATEST_YEARS: Final = 2
LATEST_LAST_DAY_YEARS: Final = 10
LATEST_LEAVING_YEARS: Final = 1


def register_labels() -> Labels:
    return {
        "given_name": _("Voornaam"),
        "family_name": _("Familienaam"),
        "born_on": _("Geboortedatum"),
        "sure": _("Dit is iemand anders"),
        "refnis": _("Gemeente"),
        "insz": _("Rijksregisternummer"),
        "email": _("E-mailadres"),
        "consent": _("Een ouder staat erbij en gaat akkoord met dit e-mailadres"),
    }


def consent_error() -> str:
    return _("Onder 13 jaar gaat een ouder akkoord. Vraag het en vink het aan, of laat het adres leeg.")


def person_labels() -> Labels:
    """Those of the page of a person: the social tariff, the end of the membership and its last day."""
    return {
        "document_kind": _("Wat heb je gezien?"),
        "reference": _("Nummer of datum van het bewijs"),
        "until": _("Geldt tot en met"),
        "why": _("Waarom?"),
        "last_day": _("Laatste dag bij een verhuizing"),
        "ends_on": _("Loopt tot en met"),
    }


def documents() -> Labels:
    """What shows that somebody has the social tariff: each kind by its code, as the clerk sees it."""
    return {
        "increased_allowance": _("Verhoogde tegemoetkoming (klevertje of attest van het ziekenfonds)"),
        "ocmw": _("Attest van het OCMW"),
        "debt": _("Attest van budgetbegeleiding of schuldbemiddeling"),
        "asylum": _("Attest van een opvangcentrum"),
        "other": _("Ander bewijs"),
    }


def address_kinds() -> Labels:
    return {
        "home": _("Op een adres"),
        "reference": _("Heeft een referentieadres"),
        "none": _("Verblijft hier, zonder adres"),
    }


def languages() -> Labels:
    """Those in which we can say something, each by its own name."""
    return {code: str(Locale.parse(code).get_display_name()).capitalize() for code in LANGUAGE_FORMATS}


def ways() -> Labels:
    return {
        "email": _("Met een mail"),
        "sms": _("Met een sms"),
        "letter": _("Met een brief"),
        "counter": _("Aan de balie"),
    }


class SearchForm(Struct, frozen=True):
    """`register`: to register who was typed, instead of searching them."""

    typed: str = field(name="wie", default="")
    register: str = field(name="nieuw", default="")


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
    consent: str = ""

    def read(self, towns: list[Town], today: date, secrets: Secrets, *, mock: bool) -> Applicant | Errors:
        """The applicant, or the errors. Of the national number, only its key is passed on."""
        born_on, insz = read_day(self.born_on), self.insz.strip() and read_insz(self.insz, mock=mock)
        errors = {
            "given_name": text_error(self.given_name, _("Vul de voornaam in."), MOST_LETTERS),
            "family_name": text_error(self.family_name, _("Vul de familienaam in."), MOST_LETTERS),
            "born_on": born_error(born_on, today),
            "email": email_error(self.email.strip()),
            "consent": consent_error() if self.asks_consent(today) and self.consent != "true" else "",
            "insz": insz_error(insz),
            "refnis": "" if self.refnis in {town.refnis for town in towns} else _("Kies de gemeente."),
        }
        if wrong := only_errors(errors):
            return wrong
        key = None if not insz or isinstance(insz, InszWrong) else insz.key(secrets)
        said = {"sure": self.sure == "true", "has_consent": self.consent == "true"}
        return Applicant(self.membership_id, self._person(born_on), key, **said)

    def asks_consent(self, today: date) -> bool:
        """Whether a parent has to agree to the e-mail address."""
        return bool(self.email.strip()) and needs_consent(read_day(self.born_on), today)

    def typed(self, secrets: Secrets, *, mock: bool) -> Typed:
        """What was typed so far, whatever is wrong or missing."""
        insz = read_insz(self.insz, mock=mock)
        key = insz.key(secrets) if isinstance(insz, Insz) else None
        names = [one_line(each[:MOST_LETTERS]) for each in (self.given_name, self.family_name)]
        return Typed(
            " ".join(names) if all(names) else "", read_day(self.born_on), self.email.strip().lower(), key
        )

    def _person(self, born_on: date | None) -> Person:
        names = one_line(self.given_name), one_line(self.family_name)
        return Person(self.person_id, *names, born_on, self.email.strip().lower() or None, refnis=self.refnis)


def reasons() -> dict[Why, str]:
    """Why a clerk ends a membership, as the clerk sees it."""
    return {
        "moved": _("Verhuisd naar een andere regio"),
        "died": _("Overleden"),
        "asked": _("Vraagt het zelf"),
    }


class WantedEnd(Struct, frozen=True):
    """`last_day`: until when who moves is a member still; None: until today."""

    why: Why
    last_day: date | None = None


class EndForm(Struct, frozen=True):
    """`last_day` is asked of who moves, and may be empty."""

    why: str = ""
    last_day: str = ""

    def read(self, today: date) -> WantedEnd | Errors:
        chosen = next((why for why in reasons() if why == self.why), None)
        if chosen is None:
            return {"why": _("Kies waarom.")}
        if chosen != "moved" or not self.last_day.strip():
            return WantedEnd(chosen)
        day = read_day(self.last_day)
        if day is None or not today <= day <= date(today.year + LATEST_LEAVING_YEARS, 12, 31):
            return {"last_day": _("Kies een dag, ten laatste eind volgend jaar. Of laat leeg.")}
        return WantedEnd(chosen, day if day > today else None)


class LastDayForm(Struct, frozen=True):
    """The last day of a membership; empty for none."""

    ends_on: str = ""

    def read(self, today: date) -> date | Errors | None:
        if not self.ends_on.strip():
            return None
        day = read_day(self.ends_on)
        if day is None:
            return {"ends_on": _("Vul een dag in, zoals 31/8/2027. Of laat leeg.")}
        if today <= day <= date(today.year + LATEST_LAST_DAY_YEARS, 12, 31):
            return day
        return {"ends_on": _("Deze dag kan niet. Hij is vandaag of later, en ten laatste binnen tien jaar.")}


class SocialForm(Struct, frozen=True):
    attestation_id: UUID
    document_kind: str = ""
    reference: str = ""
    until: str = ""

    def read(self, officer_id: UUID, today: date) -> Proof | Errors:
        until = read_day(self.until)
        no_reference = _("Schrijf waaraan je het bewijs herkent: een nummer of een datum.")
        errors = {
            "document_kind": "" if self.document_kind in documents() else _("Kies wat je gezien hebt."),
            "reference": text_error(self.reference, no_reference, MOST_LETTERS),
            "until": until_error(until, today),
        }
        if until is None or any(errors.values()):
            return only_errors(errors)
        return Proof(self.attestation_id, officer_id, self.document_kind, one_line(self.reference), until)


def first_social_form(attestation_id: UUID, today: date) -> SocialForm:
    return SocialForm(attestation_id, until=usual_social_end(today).isoformat())


def born_error(born_on: date | None, today: date) -> str:
    if born_on is None:
        return _("Vul de geboortedatum in, zoals 17/05/1990.")
    return "" if OLDEST <= born_on <= today else _("Deze datum kan niet. Kijk het jaar na.")


def email_error(text: str) -> str:
    if not text or is_email(text):
        return ""
    return _("Dit adres klopt niet. Het ziet eruit als naam@voorbeeld.be.")


def insz_error(read: Insz | InszWrong | str) -> str:
    return _("Dit nummer klopt niet. Kijk de 11 cijfers na.") if isinstance(read, InszWrong) else ""


def until_error(until: date | None, today: date) -> str:
    if until is None:
        return _("Vul in tot welke dag het bewijs geldt, zoals 30/04/2027.")
    fits = today <= until <= date(today.year + LATEST_YEARS, 12, 31)
    return "" if fits else _("Deze dag kan niet. Hij ligt na vandaag en ten laatste binnen twee jaar.")
