"""Events as publiq publishes them: the JSON-LD of UiTdatabank's Entry API and Search API 3, as structs.

The format is described at https://docs.publiq.be/docs/uitdatabank; older records, which the Search API still
gives, write some things otherwise (plain names, flat addresses), and are read as well.
"""

import html
import re
from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

from organisers.uitdatabank.field import Field, Unreadable, UnreadableError, Words, clean
from organisers.uitdatabank.host import (
    LINK,
    Contact,
    Organiser,
    Venue,
    read_contact,
    read_email,
    read_id,
    read_link,
    read_name,
    read_organiser,
    read_venue,
)
from organisers.uitdatabank.occurrence import (
    CalendarType,
    Occurrence,
    State,
    read_calendar,
)
from organisers.uitdatabank.price import Price, read_prices
from uit.core.age import OLDEST

SOURCE: Final = "uitdatabank"

Attendance = Literal["offline", "online", "mixed"]
ATTENDANCES: Final[dict[str, Attendance]] = {"offline": "offline", "online": "online", "mixed": "mixed"}
OFFLINE: Final[Attendance] = "offline"
TERM_DOMAINS: Final = {"eventtype", "theme", "facility"}
PUBLISHED: Final = {"APPROVED", "READY_FOR_VALIDATION"}

# An audience that cannot be read: it may be one that is not everyone.
UNKNOWN_AUDIENCE: Final = "unknown"
# What says when an event is there, and for whom: without it, it would be sold to anybody, and too early.
LIMITS: Final = {"availableFrom", "availableTo", "birthdateRange"}

NO_AGES: Final[tuple[int | None, int | None]] = (None, None)
NO_BIRTH_DATES: Final[tuple[date | None, date | None]] = (None, None)

_AGES: Final = re.compile(r"([0-9]{0,3})\s*-\s*([0-9]{0,3})")
_FROM_AGE: Final = re.compile(r"([0-9]{1,3})\s*\+")
_BREAK: Final = re.compile(r"<(?:br|/p|/li|/div|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


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
    - `audience` is everyone, members, education or childrenOnly; `unknown` when it cannot be read.
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

    @property
    def organiser_unreadable(self) -> bool:
        """Whether its record names an organiser of which nobody can tell who it is."""
        return not self.organiser and any(each.where == "organizer" for each in self.dropped)

    @property
    def limits_known(self) -> bool:
        """Whether all that says from when, until when and for whom it is there could be read."""
        return not any(each.where.partition(".")[0] in LIMITS for each in self.dropped)


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
        foreign_id=read_id(event.get("@id"), "event"),
        name=read_name(event, language),
        description=_read_description(event.get("description"), language),
        main_language=language,
        calendar_type=calendar.type,
        occurrences=calendar.occurrences,
        state=calendar.state,
        venue=None
        if attendance == "online"
        else event.get("location").lenient(lambda place: read_venue(place, language), None),
        organiser=read_organiser(event.get("organizer"), language),
        prices=event.get("priceInfo").lenient(lambda prices: read_prices(prices, language), ()),
        terms=_read_terms(event.get("terms")),
        attendance=attendance,
        online_url=read_link(event.get("onlineUrl")),
        age_from=age_from,
        age_to=age_to,
        audience=_read_audience(event),
        images=_read_images(event),
        contact=event.get("contactPoint").lenient(read_contact, Contact()),
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
    audience = event.get("audience").lenient(_read_audience_type, UNKNOWN_AUDIENCE)
    only_children = event.get("childrenOnly").value is True
    return "childrenOnly" if only_children and audience == "everyone" else audience


def _read_audience_type(audience: Field) -> str:
    return audience.get("audienceType").text_or_blank() or "everyone"


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
        email=read_email(info.get("email")),
        url=read_link(info.get("url")) or "",
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
    return text if LINK.fullmatch(text) else ""
