"""Events as publiq publishes them: the JSON-LD of UiTdatabank's Entry API and Search API 3, as structs.

The format is described at https://docs.publiq.be/docs/uitdatabank; older records, which the Search API still
gives, write some things otherwise (plain names, flat addresses), and are read as well.
"""

import hashlib
import html
import re
from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

from organisers.uitdatabank.field import Field, Unreadable, UnreadableError, Words, clean, in_language
from organisers.uitdatabank.occurrence import (
    CALENDAR_TYPES,
    CalendarType,
    Occurrence,
    State,
    read_occurrences,
    read_state,
)
from organisers.uitdatabank.price import Price, read_prices

SOURCE: Final = "uitdatabank"

Attendance = Literal["offline", "online", "mixed"]
ATTENDANCES: Final[dict[str, Attendance]] = {"offline": "offline", "online": "online", "mixed": "mixed"}
TERM_DOMAINS: Final = {"eventtype", "theme", "facility"}
PUBLISHED: Final = {"APPROVED", "READY_FOR_VALIDATION"}

# The id of the place that publiq gives to every event that is only online.
ONLINE_PLACE: Final = "00000000-0000-0000-0000-000000000000"
OLDEST: Final = 120

_LD_ID: Final = re.compile(
    r"https?://(?P<host>[^/\s]+)/(?P<kind>event|place|organizer)s?/(?P<uuid>[0-9a-f-]{32,36})/?",
    re.IGNORECASE,
)
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S{1,500}", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_AGES: Final = re.compile(r"([0-9]{0,3})\s*-\s*([0-9]{0,3})")
_BREAK: Final = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


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


class BookingInfo(Struct, frozen=True):
    """Where and when publiq says that people can book; times in UTC."""

    phone: str
    email: str
    url: str
    opens_at: datetime | None
    closes_at: datetime | None


class TaxonomyTerm(Struct, frozen=True):
    """A classification: `domain` is eventtype, theme or facility; `id` is publiq's and stable."""

    id: str
    label: str
    domain: str


class Image(Struct, frozen=True):
    url: str
    description: str
    copyright_holder: str


class Event(Struct, frozen=True):
    """An event, with the data of UiTdatabank that uit uses.

    - `foreign_id` is its URI in one spelling: publiq writes `/event/` and `/events/`, http and https.
    - `organiser` is None when the record names none; `venue` is None for an event that is only online.
    - `description` is plain text by language, without markup.
    - `age_from` and `age_to` are in years, both included; None is no limit.
    - Without `prices` the price is unknown; a free event has a price of 0.
    - `published` is False for an event that is a draft, refused or deleted, which is neither shown nor sold.
    - `audience` is everyone, members, education or childrenOnly.
    """

    foreign_id: str
    name: Words
    description: Words
    main_language: str
    calendar_type: CalendarType
    occurrences: tuple[Occurrence, ...]
    state: State
    venue: Venue | None
    organiser: Organiser | None
    prices: tuple[Price, ...]
    terms: tuple[TaxonomyTerm, ...]
    attendance: Attendance
    online_url: str | None
    age_from: int | None
    age_to: int | None
    audience: str
    images: tuple[Image, ...]
    contact: Contact
    booking_info: BookingInfo | None
    published: bool


def read_event(raw: object, today: date) -> Event | Unreadable:
    """The event of a decoded JSON document, or the first reason why it cannot be read. Raises nothing.

    `today` is the day in Flanders from which opening hours become day slots (see `read_occurrences`).
    """
    try:
        return _read_event(Field(raw), today)
    except UnreadableError as error:
        return error.unreadable


def _read_event(event: Field, today: date) -> Event:
    _check_is_event(event)
    language = event.get("mainLanguage").text_or_blank() or "nl"
    attendance = event.get("attendanceMode").choice(ATTENDANCES, "offline")
    age_from, age_to = _read_ages(event.get("typicalAgeRange", "typicalAgeRangeConverted"))
    return Event(
        foreign_id=_read_id(event.get("@id"), "event"),
        name=_read_name(event, language),
        description=_read_description(event.get("description"), language),
        main_language=language,
        calendar_type=event.get("calendarType").choice(CALENDAR_TYPES),
        occurrences=read_occurrences(event, language, today),
        state=read_state(event, language),
        venue=_read_venue(event.get("location"), language, attendance),
        organiser=_read_organiser(event.get("organizer"), language),
        prices=read_prices(event.get("priceInfo"), language),
        terms=_read_terms(event.get("terms")),
        attendance=attendance,
        online_url=_link(event.get("onlineUrl")),
        age_from=age_from,
        age_to=age_to,
        audience=event.get("audience").get("audienceType").text_or_blank() or "everyone",
        images=_read_images(event),
        contact=_read_contact(event.get("contactPoint")),
        booking_info=_read_booking_info(event.get("bookingInfo")),
        published=(event.get("workflowStatus").text_or_blank() or "APPROVED") in PUBLISHED,
    )


def _check_is_event(event: Field) -> None:
    if not isinstance(event.value, dict):
        event.refuse("is not a JSON object")
    if not event.value:
        event.refuse("is empty")
    kind = event.get("@type")
    if not kind.empty and kind.text() != "Event":
        kind.refuse("is not Event")
    if event.get("name").empty and event.get("calendarType").empty and not event.get("@id").empty:
        event.refuse("is only a link to an event; ask the Search API for it with embed=true")


def _read_id(ld_id: Field, kind: str) -> str:
    uri = ld_id.text()
    match = _LD_ID.fullmatch(uri)
    if match and match["kind"].lower() != kind:
        ld_id.refuse(f"is the id of another kind of thing ({match['kind'].lower()})")
    if match:
        return f"https://{match['host']}/{kind}/{match['uuid']}".lower()
    if not _URI.fullmatch(uri):
        ld_id.refuse("is not a URI")
    return uri


def _read_name(field: Field, language: str) -> Words:
    name = field.get("name").words(language)
    if not name:
        field.get("name").refuse("is missing")
    return name


def _read_description(description: Field, language: str) -> Words:
    words = description.words(language)
    return {code: _plain_text(text) for code, text in words.items()}


def _plain_text(markup: str) -> str:
    """The text of HTML, one line for each paragraph."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return clean("\n".join(line for line in lines if line))


def _read_ages(ages: Field) -> tuple[int | None, int | None]:
    """The ages of `6-12`, `6-`, `-12` or `-`. An upper age above OLDEST means no upper age."""
    if ages.empty:
        return None, None
    match = _AGES.fullmatch(ages.text())
    if match is None:
        ages.refuse("is not a range of ages such as 6-12")
    age_from, age_to = (int(age) if age else None for age in match.groups())
    if age_to is not None and age_to > OLDEST:
        age_to = None
    if (age_from or 0) > (OLDEST if age_to is None else age_to):
        ages.refuse("starts above the age it ends with")
    return age_from, age_to


def _read_venue(place: Field, event_language: str, attendance: Attendance) -> Venue | None:
    """The venue. A place without an id is identified by its name and address."""
    if attendance == "online" or ONLINE_PLACE in place.get("@id").text_or_blank():
        return None
    if place.empty:
        place.refuse("is missing")
    language = place.get("mainLanguage").text_or_blank() or event_language
    name = _read_name(place, language)
    address = _read_addresses(place.get("address"), language)
    known_by = [in_language(name), *(f"{where.postal_code} {where.street}" for where in address.values())]
    return Venue(
        foreign_id=_read_id_or_digest(place, "place", known_by),
        name=name,
        address=address,
        latitude=place.get("geo").get("latitude").coordinate(90),
        longitude=place.get("geo").get("longitude").coordinate(180),
    )


def _read_id_or_digest(field: Field, kind: str, known_by: list[str]) -> str:
    if not field.get("@id").empty:
        return _read_id(field.get("@id"), kind)
    digest = hashlib.sha256("\n".join(known_by).casefold().encode()).hexdigest()
    return f"urn:{SOURCE}:{kind}:{digest[:32]}"


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


def _read_organiser(organizer: Field, event_language: str) -> Organiser | None:
    """The organiser. One without an id is identified by its name, and has no separate contact point."""
    if organizer.empty:
        return None
    contact = organizer.get("contactPoint")
    language = organizer.get("mainLanguage").text_or_blank() or event_language
    name = _read_name(organizer, language)
    return Organiser(
        foreign_id=_read_id_or_digest(organizer, "organizer", [in_language(name)]),
        name=name,
        contact=_read_contact(organizer if contact.empty else contact, organizer.get("url")),
    )


def _read_contact(contact: Field, homepage: Field | None = None) -> Contact:
    urls = [link for link in map(_link, [homepage or Field(None), *_as_list(contact, "url")]) if link]
    emails = [email.text_or_blank() for email in _as_list(contact, "email")]
    phones = [phone.text_or_blank() for phone in _as_list(contact, "phone")]
    return Contact(
        phones=tuple(filter(None, phones)),
        emails=tuple(email for email in emails if _EMAIL.fullmatch(email)),
        urls=tuple(dict.fromkeys(urls)),
    )


def _as_list(field: Field, name: str) -> list[Field]:
    found = field.get(name)
    return [found] if isinstance(found.value, str) else found.items()


def _link(field: Field) -> str | None:
    """An http link, or None for any other text, which must not be used in an href."""
    text = field.text_or_blank()
    return text if _LINK.fullmatch(text) else None


def _read_booking_info(info: Field) -> BookingInfo | None:
    if info.empty:
        return None
    opens, closes = info.get("availabilityStarts"), info.get("availabilityEnds")
    return BookingInfo(
        phone=info.get("phone").text_or_blank(),
        email=info.get("email").text_or_blank(),
        url=_link(info.get("url")) or "",
        opens_at=None if opens.empty else opens.instant(),
        closes_at=None if closes.empty else closes.instant(),
    )


def _read_terms(terms: Field) -> tuple[TaxonomyTerm, ...]:
    """The terms of TERM_DOMAINS. Other domains, such as those of actors before 2016, are left out."""
    read = [
        TaxonomyTerm(
            id=term.get("id").text(),
            label=term.get("label").text_or_blank(),
            domain=term.get("domain").text_or_blank(),
        )
        for term in terms.items()
    ]
    return tuple(term for term in read if term.domain in TERM_DOMAINS)


def _read_images(event: Field) -> tuple[Image, ...]:
    """The images, the main image first. Older records leave out the scheme of its address."""
    media = [_read_image(item) for item in event.get("mediaObject").items()]
    main = _image_url(event.get("image"))
    found = {image.url: image for image in media if image.url}
    if main:
        found = {main: found.get(main, Image(main, "", ""))} | found
    return tuple(found.values())


def _read_image(media: Field) -> Image:
    return Image(
        url=_image_url(media.get("contentUrl")),
        description=media.get("description").text_or_blank(),
        copyright_holder=media.get("copyrightHolder").text_or_blank(),
    )


def _image_url(field: Field) -> str:
    text = field.text_or_blank()
    text = f"https:{text}" if text.startswith("//") else text
    return text if _LINK.fullmatch(text) else ""
