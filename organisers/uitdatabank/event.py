"""Events as publiq publishes them: the JSON-LD of UiTdatabank's Entry API and Search API 3, as structs.

The format is described at https://docs.publiq.be/docs/uitdatabank; older records, which the Search API still
gives, write some things otherwise (plain names, flat addresses), and are read as well.
"""

import hashlib
import html
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

from organisers.uitdatabank.field import Field, Unreadable, UnreadableError, Words, clean, in_language
from organisers.uitdatabank.occurrence import (
    CalendarType,
    Occurrence,
    State,
    read_calendar,
)
from organisers.uitdatabank.price import Price, read_prices

SOURCE: Final = "uitdatabank"

Attendance = Literal["offline", "online", "mixed"]
ATTENDANCES: Final[dict[str, Attendance]] = {"offline": "offline", "online": "online", "mixed": "mixed"}
OFFLINE: Final[Attendance] = "offline"
TERM_DOMAINS: Final = {"eventtype", "theme", "facility"}
PUBLISHED: Final = {"APPROVED", "READY_FOR_VALIDATION"}

# The id of the place that publiq gives to every event that is only online.
ONLINE_PLACE: Final = "00000000-0000-0000-0000-000000000000"
OLDEST: Final = 120
NO_AGES: Final[tuple[int | None, int | None]] = (None, None)
NO_BIRTH_DATES: Final[tuple[date | None, date | None]] = (None, None)

_LD_ID: Final = re.compile(
    r"https?://(?P<host>[^/\s]+)/(?P<kind>event|place|organizer)s?/(?P<uuid>[0-9a-f-]{32,36})/?",
    re.IGNORECASE,
)
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S{1,500}", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
_AGES: Final = re.compile(r"([0-9]{0,3})\s*-\s*([0-9]{0,3})")
_FROM_AGE: Final = re.compile(r"([0-9]{1,3})\s*\+")
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
    """Where and when publiq says that people can book; times in UTC, and the first is before the last."""

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
    - `age_from` and `age_to` are in years, both included; None is no limit. `born_from` and `born_to` are the
      birth dates that it is meant for, likewise.
    - It is shown from `visible_from` until `visible_to`; None is no limit.
    - Without `prices` the price is unknown; a free event has a price of 0.
    - `published` is False for an event that is a draft, refused or deleted, which is neither shown nor sold.
    - `audience` is everyone, members, education or childrenOnly.
    - `dropped` is what its record says and nobody can read; it is left out of the other fields. Without
      `dates_complete`, dates are among it, so that a date that is missing here may well take place.
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
    born_from: date | None = None
    born_to: date | None = None
    visible_from: datetime | None = None
    visible_to: datetime | None = None
    dates_complete: bool = True
    dropped: tuple[Unreadable, ...] = ()


def read_event(raw: object, today: date) -> Event | Unreadable:
    """The event of a decoded JSON document, or the first reason why it cannot be read. Raises nothing.

    A document is refused for what it is (its id, name, kind and state), for a calendar without any date, and
    for an organiser that cannot be told, because that is the seller. Any other field that cannot be read is
    left out; without its prices an event is not sold. `today` is the day in Flanders from which opening hours
    become day slots (see `read_calendar`).
    """
    try:
        return _read_event(Field(raw), today)
    except UnreadableError as error:
        return error.unreadable


def _read_event(event: Field, today: date) -> Event:
    _check_is_event(event)
    language = event.get("mainLanguage").optional_text() or "nl"
    attendance = event.get("attendanceMode").lenient(_read_attendance, OFFLINE)
    age_from, age_to = event.get("typicalAgeRange", "typicalAgeRangeConverted").lenient(_read_ages, NO_AGES)
    born_from, born_to = event.get("birthdateRange").lenient(_read_birth_dates, NO_BIRTH_DATES)
    calendar = read_calendar(event, language, today)
    return Event(
        foreign_id=_read_id(event.get("@id"), "event"),
        name=_read_name(event, language),
        description=_read_description(event.get("description"), language),
        main_language=language,
        calendar_type=calendar.type,
        occurrences=calendar.occurrences,
        state=calendar.state,
        venue=event.get("location").lenient(lambda place: _read_venue(place, language, attendance), None),
        organiser=_read_organiser(event.get("organizer"), language),
        prices=event.get("priceInfo").lenient(lambda prices: read_prices(prices, language), ()),
        terms=_read_terms(event.get("terms")),
        attendance=attendance,
        online_url=_link(event.get("onlineUrl")),
        age_from=age_from,
        age_to=age_to,
        audience=_read_audience(event),
        images=_read_images(event),
        contact=event.get("contactPoint").lenient(_read_contact, Contact()),
        booking_info=event.get("bookingInfo").lenient(_read_booking_info, None),
        published=(event.get("workflowStatus").text_or_blank() or "APPROVED") in PUBLISHED,
        born_from=born_from,
        born_to=born_to,
        visible_from=event.get("availableFrom").lenient(_read_optional_instant, None),
        visible_to=event.get("availableTo").lenient(_read_optional_last_instant, None),
        dates_complete=calendar.complete,
        dropped=tuple(dict.fromkeys(event.dropped)),
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
    words = description.lenient(lambda field: field.markup_words(language), Words())
    return {code: _plain_text(text) for code, text in words.items()}


def _plain_text(markup: str) -> str:
    """The text of HTML, one line for each paragraph."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return clean("\n".join(line for line in lines if line))


def _read_attendance(mode: Field) -> Attendance:
    return mode.choice(ATTENDANCES, OFFLINE)


def _read_audience(event: Field) -> str:
    if event.get("childrenOnly").value is True:
        return "childrenOnly"
    read = event.get("audience").lenient(lambda audience: audience.get("audienceType").text_or_blank(), "")
    return read or "everyone"


def _read_ages(ages: Field) -> tuple[int | None, int | None]:
    """The ages of `6-12`, `6-`, `6+`, `-12` or `-`. An upper age above OLDEST means no upper age."""
    if ages.empty:
        return NO_AGES
    match = _AGES.fullmatch(_FROM_AGE.sub(r"\1-", ages.text()))
    if match is None:
        ages.refuse("is not a range of ages such as 6-12")
    age_from, age_to = (int(age) if age else None for age in match.groups())
    if age_to is not None and age_to > OLDEST:
        age_to = None
    if (age_from or 0) > (OLDEST if age_to is None else age_to):
        ages.refuse("starts above the age it ends with")
    return age_from, age_to


def _read_birth_dates(dates: Field) -> tuple[date | None, date | None]:
    first, last = dates.get("from"), dates.get("to")
    born_from, born_to = None if first.empty else first.day(), None if last.empty else last.day()
    if born_from and born_to and born_from > born_to:
        dates.refuse("ends before it begins")
    return born_from, born_to


def _read_optional_instant(field: Field) -> datetime | None:
    return None if field.empty else field.instant()


def _read_optional_last_instant(field: Field) -> datetime | None:
    return None if field.empty else field.last_instant()


def _read_venue(place: Field, event_language: str, attendance: Attendance) -> Venue | None:
    """The venue. A place without an id is identified by its name and address."""
    if attendance == "online":
        return None
    if place.empty:
        place.refuse("is missing")
    if ONLINE_PLACE in place.get("@id").text_or_blank():
        return None
    language = place.get("mainLanguage").optional_text() or event_language
    name = _read_name(place, language)
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
    """The organiser. One without an id is identified by its name, and has no separate contact point.

    One that says neither is none, as if it were left out; one that says the one and not the other is refused.
    """
    if organizer.empty or not _says_who(organizer):
        return None
    contact = organizer.get("contactPoint")
    language = organizer.get("mainLanguage").optional_text() or event_language
    name = _read_name(organizer, language)
    homepage = organizer.get("url")
    return Organiser(
        foreign_id=_read_id_or_digest(organizer, "organizer", [in_language(name)]),
        name=name,
        contact=(organizer if contact.empty else contact).lenient(
            lambda found: _read_contact(found, homepage), Contact()
        ),
    )


def _says_who(organizer: Field) -> bool:
    if organizer.get("@id").empty and organizer.get("name").empty:
        organizer.drop("has neither an id nor a name")
        return False
    return True


def _read_contact(contact: Field, homepage: Field | None = None) -> Contact:
    urls = [link for link in map(_link, [homepage or Field(None), *_as_list(contact, "url")]) if link]
    emails = [email.optional_text() for email in _as_list(contact, "email")]
    phones = [phone.optional_text() for phone in _as_list(contact, "phone")]
    return Contact(
        phones=tuple(filter(None, phones)),
        emails=tuple(email for email in emails if _EMAIL.fullmatch(email)),
        urls=tuple(dict.fromkeys(urls)),
    )


def _as_list(field: Field, name: str) -> Sequence[Field]:
    found = field.get(name)
    return [found] if isinstance(found.value, str) else found.lenient(Field.items, ())


def _link(field: Field) -> str | None:
    """An http link, or None for any other text, which must not be used in an href."""
    text = field.optional_text()
    return text if _LINK.fullmatch(text) else None


def _read_booking_info(info: Field) -> BookingInfo | None:
    if info.empty:
        return None
    opens_at = info.get("availabilityStarts").lenient(_read_optional_instant, None)
    closes_at = info.get("availabilityEnds").lenient(_read_optional_last_instant, None)
    if opens_at and closes_at and closes_at <= opens_at:
        info.get("availabilityEnds").drop("is before availabilityStarts: places are sold without either")
        opens_at = closes_at = None
    return BookingInfo(
        phone=info.get("phone").optional_text(),
        email=info.get("email").optional_text(),
        url=_link(info.get("url")) or "",
        opens_at=opens_at,
        closes_at=closes_at,
    )


def _read_terms(terms: Field) -> tuple[TaxonomyTerm, ...]:
    """The terms of TERM_DOMAINS. Other domains, such as those of actors before 2016, are left out."""
    return tuple(term for term in terms.lenient_items(_read_term) if term.domain in TERM_DOMAINS)


def _read_term(term: Field) -> TaxonomyTerm:
    return TaxonomyTerm(
        id=term.get("id").text(),
        label=term.get("label").optional_text(),
        domain=term.get("domain").text_or_blank(),
    )


def _read_images(event: Field) -> tuple[Image, ...]:
    """The images, the main image first. Older records leave out the scheme of its address."""
    media = event.get("mediaObject").lenient_items(_read_image)
    main = _image_url(event.get("image"))
    found = {image.url: image for image in media if image.url}
    if main:
        found = {main: found.get(main, Image(main, "", ""))} | found
    return tuple(found.values())


def _read_image(media: Field) -> Image:
    return Image(
        url=_image_url(media.get("contentUrl")),
        description=media.get("description").optional_text(),
        copyright_holder=media.get("copyrightHolder").optional_text(),
    )


def _image_url(field: Field) -> str:
    text = field.optional_text()
    text = f"https:{text}" if text.startswith("//") else text
    return text if _LINK.fullmatch(text) else ""
