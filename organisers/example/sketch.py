"""Short descriptions of example events, and the JSON-LD that UiTdatabank would publish for them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import NAMESPACE_DNS, uuid5

from msgspec import Struct

from uit.core.clock import BRUSSELS

HOST: Final = "uitdatabank.example"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
DAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# The ids of publiq's event types and themes.
TYPES: Final = {
    "Begeleide uitstap of rondleiding": "0.7.0.0.0",
    "Concert": "0.50.4.0.0",
    "Cursus met open sessies": "0.3.1.0.1",
    "Dansvoorstelling": "0.54.0.0.0",
    "Film": "0.50.6.0.0",
    "Kamp of vakantie": "0.57.0.0.0",
    "Lessenreeks": "0.3.1.0.0",
    "Lezing of congres": "0.3.2.0.0",
    "Spel of quiz": "0.50.21.0.0",
    "Party of fuif": "0.49.0.0.0",
    "Sport en beweging": "0.59.0.0.0",
    "Tentoonstelling": "0.0.0.0.0",
    "Theatervoorstelling": "0.55.0.0.0",
}
THEMES: Final = {
    "Circus": "0.52.0.0.0",
    "Creativiteit": "1.42.0.0.0",
    "Erfgoed": "1.40.0.0.0",
    "Folk en wereldmuziek": "1.8.4.0.0",
    "Geschiedenis": "1.11.0.0.0",
    "Gezondheid en wellness": "1.62.0.0.0",
    "Jazz en blues": "1.8.2.0.0",
    "Klassieke muziek": "1.8.1.0.0",
    "Literatuur": "1.10.0.0.0",
    "Milieu en natuur": "1.64.0.0.0",
    "Pop en rock": "1.8.3.1.0",
    "Voeding": "1.65.0.0.0",
    "Wetenschap": "1.25.0.0.0",
}


class Place(Struct, frozen=True):
    name: str
    street: str
    postal_code: str
    locality: str
    latitude: float
    longitude: float


class Host(Struct, frozen=True):
    """An organiser; `mailbox` is the part of its e-mail address before the @."""

    name: str
    mailbox: str
    phone: str


class On(Struct, frozen=True):
    """A date: a weekday (0 is Monday) of one of the next six weeks (0 to 5), at a time in Brussels."""

    week: int
    weekday: int
    at: str
    minutes: int
    places: int
    called_off: str = ""
    sold_out: bool = False
    childcare: tuple[str, str] | None = None


class Open(Struct, frozen=True):
    weekdays: tuple[int, ...]
    opens: str
    closes: str


class Sketch(Struct, frozen=True, kw_only=True):
    """The short description of an event: with `dates`, or with `open_hours` and `places` at each opening.

    Prices are in cents. `weeks` is how long the opening hours hold; 0 is permanently.
    """

    name: str
    text: str
    host: Host
    place: Place | None
    kind: str
    theme: str = ""
    dates: tuple[On, ...] = ()
    open_hours: tuple[Open, ...] = ()
    weeks: int = 0
    places: int = 0
    base_cents: int
    tariffs: tuple[tuple[str, int], ...] = ()
    ages: str = "-"
    online_url: str = ""


def write_event(sketch: Sketch, region: str, today: date) -> dict[str, object]:
    """The JSON-LD of an event. Its id is derived from its region and name."""
    event = _head(sketch, region, today)
    return event | (_dates(sketch.dates, today) if sketch.dates else _opening(sketch, today))


def write_event_at(sketch: Sketch, region: str, starts_at: datetime) -> dict[str, object]:
    """The JSON-LD of an event with a single date at `starts_at`, which is part of its id."""
    local = starts_at.astimezone(BRUSSELS)
    named = {"@id": _id("event", f"{region}/{sketch.name}/{local.isoformat()}")}
    return _head(sketch, region, local.date()) | named | _calendar([_sub_event(0, sketch.dates[0], local)])


def _head(sketch: Sketch, region: str, today: date) -> dict[str, object]:
    event: dict[str, object] = {
        "@id": _id("event", f"{region}/{sketch.name}"),
        "@context": "/contexts/event",
        "@type": "Event",
        "mainLanguage": "nl",
        "languages": ["nl"],
        "completedLanguages": ["nl"],
        "name": {"nl": sketch.name},
        "description": {"nl": sketch.text},
        "terms": _terms(sketch),
        "typicalAgeRange": sketch.ages,
        "audience": {"audienceType": "everyone"},
        "attendanceMode": "offline" if sketch.place else "online",
        "location": _location(sketch.place),
        "organizer": _organizer(sketch.host),
        "priceInfo": _price_info(sketch, region),
        "contactPoint": _contact_point(sketch.host),
        "labels": ["UiTPAS"],
        "workflowStatus": "APPROVED",
        "created": _moment(today - timedelta(days=30), "09:00").isoformat(),
        "modified": _moment(today - timedelta(days=7), "14:30").isoformat(),
    }
    if sketch.online_url:
        event["onlineUrl"] = sketch.online_url
    return event


def _id(kind: str, name: str) -> str:
    return f"https://{HOST}/{kind}/{uuid5(NAMESPACE_DNS, f'{HOST}/{name}')}"


def _terms(sketch: Sketch) -> list[dict[str, str]]:
    terms = [{"id": TYPES[sketch.kind], "label": sketch.kind, "domain": "eventtype"}]
    if sketch.theme:
        terms.append({"id": THEMES[sketch.theme], "label": sketch.theme, "domain": "theme"})
    return terms


def _location(place: Place | None) -> dict[str, object]:
    if place is None:
        nowhere = f"https://{HOST}/place/00000000-0000-0000-0000-000000000000"
        return {"@id": nowhere, "@type": "Place", "name": {"nl": "Online"}}
    return {
        "@id": _id("place", f"{place.locality}/{place.name}"),
        "@type": "Place",
        "mainLanguage": "nl",
        "name": {"nl": place.name},
        "address": {
            "nl": {
                "addressCountry": "BE",
                "addressLocality": place.locality,
                "postalCode": place.postal_code,
                "streetAddress": place.street,
            }
        },
        "geo": {"latitude": place.latitude, "longitude": place.longitude},
    }


def _organizer(host: Host) -> dict[str, object]:
    return {
        "@id": _id("organizers", host.name),
        "@type": "Organizer",
        "mainLanguage": "nl",
        "name": {"nl": host.name},
        "contactPoint": _contact_point(host),
    }


def _contact_point(host: Host) -> dict[str, list[str]]:
    return {"phone": [host.phone], "email": [f"{host.mailbox}@voorbeeld.example"], "url": []}


def _price_info(sketch: Sketch, region: str) -> list[dict[str, object]]:
    prices = [("base", "Basistarief", sketch.base_cents)]
    prices += [("tariff", name, cents) for name, cents in sketch.tariffs]
    if sketch.base_cents:
        prices.append(("uitpas", f"Kansentarief met UiTPAS {region.capitalize()}", sketch.base_cents // 5))
    return [
        {"category": category, "name": {"nl": name}, "price": _euro(cents), "priceCurrency": "EUR"}
        for category, name, cents in prices
    ]


def _euro(cents: int) -> int | float:
    """An amount in euro as publiq writes it: a whole number has no decimals."""
    return cents / 100 if cents % 100 else cents // 100


def _dates(dates: Sequence[On], today: date) -> dict[str, object]:
    in_order = sorted(dates, key=lambda on: (_day(on, today), on.at))
    moments = [_moment(_day(on, today), on.at) for on in in_order]
    return _calendar(
        [_sub_event(number, *each) for number, each in enumerate(zip(in_order, moments, strict=True))]
    )


def _calendar(numbered: Sequence[dict[str, object]]) -> dict[str, object]:
    return {
        "calendarType": "multiple" if len(numbered) > 1 else "single",
        "startDate": numbered[0]["startDate"],
        "endDate": numbered[-1]["endDate"],
        "availableTo": numbered[-1]["endDate"],
        "status": {"type": "Available"},
        "bookingAvailability": {"type": "Available"},
        "subEvent": numbered,
    }


def _sub_event(number: int, on: On, starts: datetime) -> dict[str, object]:
    # In local time: the end of a camp is at the same hour when daylight saving time begins or ends meanwhile.
    ends = starts + timedelta(minutes=on.minutes)
    places: dict[str, object] = {"type": "Unavailable" if on.sold_out else "Available", "capacity": on.places}
    if on.sold_out:
        places["remainingCapacity"] = 0
    sub_event: dict[str, object] = {
        "id": number,
        "@type": "Event",
        "startDate": starts.isoformat(),
        "endDate": ends.isoformat(),
        "status": {"type": "Unavailable", "reason": {"nl": on.called_off}}
        if on.called_off
        else {"type": "Available"},
        "bookingAvailability": places,
    }
    if on.childcare:
        sub_event["childcare"] = dict(zip(("start", "end"), on.childcare, strict=True))
    return sub_event


def _day(on: On, today: date) -> date:
    """The day of a date: the first such weekday after today, and `week` weeks later."""
    return today + timedelta(days=(on.weekday - today.weekday() - 1) % 7 + 1, weeks=on.week)


def _opening(sketch: Sketch, today: date) -> dict[str, object]:
    hours = [
        {"opens": o.opens, "closes": o.closes, "dayOfWeek": [DAY_NAMES[day] for day in o.weekdays]}
        for o in sketch.open_hours
    ]
    always: dict[str, object] = {
        "calendarType": "permanent",
        "status": {"type": "Available"},
        "bookingAvailability": {"type": "Available", "capacity": sketch.places},
        "openingHours": hours,
    }
    if not sketch.weeks:
        return always
    ends = _moment(today + timedelta(weeks=sketch.weeks), "23:59").isoformat()
    starts = _moment(today, "00:00").isoformat()
    return always | {"calendarType": "periodic", "startDate": starts, "endDate": ends, "availableTo": ends}


def _moment(day: date, clock_time: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), BRUSSELS)
