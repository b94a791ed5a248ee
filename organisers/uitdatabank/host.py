"""Who organises an event in UiTdatabank, where it is, and how they can be reached."""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from organisers.uitdatabank.field import (
    MOST_LETTERS_OF_NAME,
    Field,
    Unreadable,
    UnreadableError,
    Words,
    in_language,
)
from uit.core.email_address import is_email

# The id of the place that publiq gives to every event that is only online.
ONLINE_PLACE: Final = "00000000-0000-0000-0000-000000000000"
_LD_ID: Final = re.compile(
    r"https?://(?P<host>[^/\s]+)/(?P<kind>event|place|organizer)s?/(?P<uuid>[0-9a-f-]{32,36})/?",
    re.IGNORECASE,
)
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S{1,500}", re.IGNORECASE)
LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)


class Address(Struct, frozen=True):
    street: str
    postal_code: str
    locality: str
    country: str


class Venue(Struct, frozen=True):
    """A venue, with its official address by language: in Brussels there are two."""

    foreign_id: str
    name: Words
    address: dict[str, Address]
    latitude: float | None
    longitude: float | None


class Contact(Struct, frozen=True):
    """A contact. Links that are not http and addresses without @ are left out."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Organiser(Struct, frozen=True):
    foreign_id: str
    name: Words
    contact: Contact


def read_id(ld_id: Field, kind: str) -> str:
    uri = ld_id.text()
    match = _LD_ID.fullmatch(uri)
    if match and match["kind"].lower() != kind:
        ld_id.refuse(f"is the id of another kind of thing ({match['kind'].lower()})")
    if match:
        return f"https://{match['host']}/{kind}/{match['uuid']}".lower()
    if not _URI.fullmatch(uri):
        ld_id.refuse("is not a URI")
    return uri


def read_name(field: Field, language: str) -> Words:
    """The name by language. One without a name is refused, and says why none could be read."""
    found = field.get("name")
    name = found.words(language, MOST_LETTERS_OF_NAME)
    if not name:
        of_name = [each for each in field.dropped if each.where.startswith(f"{found.where}.")]
        raise UnreadableError(of_name[-1] if of_name else Unreadable(found.where, "is missing"))
    return name


def read_venue(place: Field, event_language: str) -> Venue | None:
    """The venue; None for the place that stands for online. One without an id is known by its address."""
    if place.empty:
        place.refuse("is missing")
    if ONLINE_PLACE in place.get("@id").text_or_blank():
        return None
    language = place.get("mainLanguage").optional_text() or event_language
    name = read_name(place, language)
    address = place.get("address").lenient(
        lambda found: _read_addresses(found, language), dict[str, Address]()
    )
    known_by = [in_language(name), *(f"{where.postal_code} {where.street}" for where in address.values())]
    return Venue(
        foreign_id=_read_id_or_digest(place, "place", known_by),
        name=name,
        address=address,
        latitude=place.get("geo").lenient(lambda geo: geo.get("latitude").coordinate(90), None),
        longitude=place.get("geo").lenient(lambda geo: geo.get("longitude").coordinate(180), None),
    )


def _read_id_or_digest(field: Field, kind: str, known_by: list[str]) -> str:
    if not field.get("@id").empty:
        return read_id(field.get("@id"), kind)
    digest = hashlib.sha256("\n".join(known_by).casefold().encode()).hexdigest()
    return f"urn:uitdatabank:{kind}:{digest[:32]}"


def _read_addresses(address: Field, language: str) -> dict[str, Address]:
    if not address.get("addressLocality", "streetAddress", "postalCode").empty:
        return {language: _read_address(address)}
    return {code: _read_address(local) for code, local in address.fields().items() if not local.empty}


def _read_address(address: Field) -> Address:
    return Address(
        street=address.get("streetAddress").text_or_blank(),
        postal_code=address.get("postalCode").text_or_blank(),
        locality=address.get("addressLocality").text_or_blank(),
        country=address.get("addressCountry").text_or_blank() or "BE",
    )


def read_organiser(organizer: Field, event_language: str) -> Organiser | None:
    """The organiser. One without an id is identified by its name, and has no separate contact point.

    One that says neither is none, as if it were left out; one that says the one and not the other is refused.
    """
    if organizer.empty or not _says_who(organizer):
        return None
    contact = organizer.get("contactPoint")
    language = organizer.get("mainLanguage").optional_text() or event_language
    name = read_name(organizer, language)
    homepage = organizer.get("url")
    return Organiser(
        foreign_id=_read_id_or_digest(organizer, "organizer", [in_language(name)]),
        name=name,
        contact=(organizer if contact.empty else contact).lenient(
            lambda found: read_contact(found, homepage), Contact()
        ),
    )


def _says_who(organizer: Field) -> bool:
    if organizer.get("@id").empty and organizer.get("name").empty:
        organizer.drop("has neither an id nor a name")
        return False
    return True


def read_contact(contact: Field, homepage: Field | None = None) -> Contact:
    urls = [link for link in map(read_link, [homepage or Field(None), *_as_list(contact, "url")]) if link]
    emails = [read_email(email) for email in _as_list(contact, "email")]
    phones = [phone.optional_text() for phone in _as_list(contact, "phone")]
    return Contact(
        phones=tuple(filter(None, phones)),
        emails=tuple(filter(None, emails)),
        urls=tuple(dict.fromkeys(urls)),
    )


def read_email(field: Field) -> str:
    """An address that can be mailed; blank when there is none, and left out when it is something else."""
    address = field.optional_text()
    if address and not is_email(address):
        field.drop("is no e-mail address")
        return ""
    return address


def _as_list(field: Field, name: str) -> Sequence[Field]:
    found = field.get(name)
    return [found] if isinstance(found.value, str) else found.lenient(Field.items, ())


def read_link(field: Field) -> str | None:
    """An http link, or None for any other text, which must not be used in an href."""
    text = field.optional_text()
    return text if LINK.fullmatch(text) else None
