"""The form for the details of a member: names, address, contact, language and the way to be reached."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core import formats
from uit.core.one_line import one_line
from uit.core.phone import read_phone, written_phone
from uit.core.translation import gettext as _
from uit.identity.person.change import PastChange, PersonDetails
from uit.identity.person.consent import needs_consent
from uit.passes.membership.membership import Town
from uit.passes.registration.form import (
    MOST_LETTERS,
    address_kinds,
    born_error,
    consent_error,
    email_error,
    languages,
    ways,
)
from uit.web.form import Errors, Labels, only_errors, read_day, text_error

POSTCODE: Final = re.compile(r"[1-9][0-9]{3}")
MOST_IN_NUMBER: Final = 20


def detail_labels() -> Labels:
    return {
        "given_name": _("Voornaam"),
        "family_name": _("Familienaam"),
        "born_on": _("Geboortedatum"),
        "address_kind": _("Waar woont deze persoon?"),
        "street": _("Straat"),
        "house_number": _("Nummer en bus"),
        "postcode": _("Postcode"),
        "place": _("Plaats"),
        "refnis": _("Gemeente"),
        "email": _("E-mailadres"),
        "consent": _("Een ouder staat erbij en gaat akkoord met dit e-mailadres"),
        "phone": _("Telefoon"),
        "language": _("Taal"),
        "reached_by": _("Hoe bereiken we deze persoon?"),
        "name": _("Naam"),
        "address": _("Adres"),
    }


class HistoryRow(Struct, frozen=True):
    """A change of before, in words."""

    label: str
    before: str
    after: str
    at: datetime
    by_name: str | None
    by_person: bool


def history_rows(
    changes: Sequence[PastChange], towns: Labels, own_labels: Labels | None = None
) -> list[HistoryRow]:
    """The changes in words; with `own_labels`, as the person reads them."""
    labels = {**detail_labels(), **(own_labels or {})}
    words = {"refnis": towns, "address_kind": address_kinds(), "language": languages(), "reached_by": ways()}

    def said(field: str, value: str | None) -> str:
        if value is None:
            return _("niets")
        if field == "phone":
            return written_phone(value)
        return (
            formats.full_day(date.fromisoformat(value))
            if field == "born_on"
            else words.get(field, {}).get(value, value)
        )

    return [
        HistoryRow(
            labels[each.field],
            said(each.field, each.before),
            said(each.field, each.after),
            each.at,
            each.by_name,
            each.by_person,
        )
        for each in changes
    ]


class AddressForm(Struct, frozen=True, kw_only=True):
    """Where somebody lives, as sent. `none` needs no parts, and a municipality is asked of everybody."""

    address_kind: str = "home"
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    place: str = ""
    refnis: str = ""

    @property
    def has_parts(self) -> bool:
        return self.address_kind != "none"

    def errors(self, towns: Sequence[Town]) -> dict[str, str]:
        wrong = {
            "address_kind": "" if self.address_kind in address_kinds() else _("Kies waar."),
            "refnis": "" if self.refnis in {town.refnis for town in towns} else _("Kies de gemeente."),
        }
        return wrong | self._part_errors() if self.has_parts else wrong

    def _part_errors(self) -> dict[str, str]:
        postcode = bool(POSTCODE.fullmatch(self.postcode.strip()))
        return {
            "street": text_error(self.street, _("Vul de straat in."), MOST_LETTERS),
            "house_number": text_error(self.house_number, _("Vul het huisnummer in."), MOST_IN_NUMBER),
            "postcode": "" if postcode else _("Vul de vier cijfers in, zoals 9300."),
            "place": text_error(self.place, _("Vul de plaats in."), MOST_LETTERS),
        }

    def address(self) -> dict[str, str | None]:
        """The columns of the address. Of who has none, what stood in the fields is not kept."""
        parts = {
            name: one_line(getattr(self, name)) for name in ("street", "house_number", "postcode", "place")
        }
        kept = parts if self.has_parts else dict.fromkeys(parts)
        return {"address_kind": self.address_kind, "refnis": self.refnis, **kept}


class DetailsForm(AddressForm, frozen=True, kw_only=True):
    change_id: UUID
    given_name: str = ""
    family_name: str = ""
    born_on: str = ""
    email: str = ""
    phone: str = ""
    language: str = "nl"
    reached_by: str = "counter"
    consent: str = ""
    children: str = ""

    def read(self, known: PersonDetails, towns: Sequence[Town], today: date) -> PersonDetails | Errors:
        """What is wanted of somebody, or what is wrong. Below 13 a parent agrees to another address."""
        born_on = read_day(self.born_on)
        errors = {
            "given_name": text_error(self.given_name, _("Vul de voornaam in."), MOST_LETTERS),
            "family_name": text_error(self.family_name, _("Vul de familienaam in."), MOST_LETTERS),
            "born_on": born_error(born_on, today),
            **self.errors(towns),
            **contact_errors(self.email, self.phone),
            "consent": "" if self.has_consent(known.email, today) else consent_error(),
            "language": "" if self.language in languages() else _("Kies een taal."),
            "reached_by": reached_error(self.reached_by, self.email, self.phone, has_address=self.has_parts),
        }
        if wrong := only_errors(errors):
            return wrong
        return PersonDetails(
            id=known.id,
            given_name=one_line(self.given_name),
            family_name=one_line(self.family_name),
            born_on=born_on,
            email=self.email.strip().lower() or None,
            phone=read_phone(self.phone),
            language=self.language,
            reached_by=self.reached_by,
            **self.address(),
        )

    def has_consent(self, known_email: str | None, today: date) -> bool:
        """Whether a parent agreed, or need not: of who is older, and of an address that stays or goes."""
        wanted = self.email.strip().lower()
        stays = not wanted or wanted == known_email
        return stays or self.consent == "true" or not needs_consent(read_day(self.born_on), today)

    def has_new_consent(self, known_email: str | None, today: date) -> bool:
        """Whether a parent agreed now to another address."""
        wanted = self.email.strip().lower()
        asked = wanted not in {"", known_email} and needs_consent(read_day(self.born_on), today)
        return asked and self.consent == "true"


class ProtectForm(Struct, frozen=True):
    protected: str = ""

    @property
    def is_on(self) -> bool:
        return self.protected == "ja"


def filled_in(change_id: UUID, details: PersonDetails, refnis: str | None) -> DetailsForm:
    """The form as it opens, with what is known of somebody."""
    known = {
        name: "" if value is None else str(value)
        for name, value in details_of(details).items()
        if value is not None
    }
    reached_by = details.reached_by or ("email" if details.email else "counter")
    return DetailsForm(
        change_id=change_id,
        children="true",
        **{**known, "refnis": refnis or details.refnis or "", "reached_by": reached_by},
    )


def details_of(details: PersonDetails) -> Mapping[str, object]:
    own = {"change_id", "consent", "children"}
    return {name: getattr(details, name) for name in DetailsForm.__struct_fields__ if name not in own}


def contact_errors(email: str, phone: str) -> dict[str, str]:
    is_phone = not phone.strip() or read_phone(phone) is not None
    return {
        "email": email_error(email.strip()),
        "phone": "" if is_phone else _("Dit nummer klopt niet. Het ziet eruit als 0470 12 34 56."),
    }


def reached_error(way: str, email: str, phone: str, *, has_address: bool) -> str:
    """What a way to be reached needs and does not have."""
    missing = {
        "email": "" if email.strip() else _("Vul daarvoor een e-mailadres in."),
        "sms": "" if phone.strip() else _("Vul daarvoor een telefoonnummer in."),
        "letter": "" if has_address else _("Daarvoor is een adres nodig."),
        "counter": "",
    }
    return missing.get(way, _("Kies hoe."))
