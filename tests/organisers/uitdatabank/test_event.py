from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisers.uitdatabank.event import Event, Image, read_event
from organisers.uitdatabank.field import Unreadable, in_language
from organisers.uitdatabank.host import Address, Contact
from tests.organisers.uitdatabank.feed import TODAY, dropped, read, record, refuse, spoiled

SEEDS = ("single", "multiple", "periodic", "permanent", "online", "tariffs", "older")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def paths(value: object, way: str = "") -> list[str]:
    """Every way into a document, as `spoiled` takes it."""
    steps: list[tuple[object, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    found = [f"{way}.{step}".lstrip(".") for step, _ in steps]
    return found + [path for step, inner in steps for path in paths(inner, f"{way}.{step}".lstrip("."))]


ALL_PATHS = [(seed, path) for seed in SEEDS for path in paths(record(seed))]


@given(JSON)
def test_no_document_whatever_makes_reading_raise(document: object) -> None:
    assert isinstance(read_event(document, TODAY), Unreadable)


@given(st.sampled_from(ALL_PATHS), JSON)
def test_no_field_whatever_makes_reading_raise(at: tuple[str, str], value: object) -> None:
    assert isinstance(read_event(spoiled(*at, value), TODAY), Event | Unreadable)


@given(st.sampled_from(ALL_PATHS), JSON)
def test_what_is_taken_in_fits_a_database(at: tuple[str, str], value: object) -> None:
    event = read_event(spoiled(*at, value), TODAY)

    if isinstance(event, Event):
        assert "\x00" not in repr(event)
        repr(event).encode()
        assert all(session.starts_at < session.ends_at for session in event.occurrences)
        assert len({session.key for session in event.occurrences}) == len(event.occurrences)
        assert all(price.price_cents >= 0 for price in event.prices)


@pytest.mark.parametrize("seed", SEEDS)
def test_reading_twice_says_the_same(seed: str) -> None:
    assert read(record(seed)) == read(record(seed))


def test_an_event_says_what_it_is() -> None:
    event = read(record("single"))

    assert event.foreign_id == "https://io.uitdatabank.example/event/6f0c0b4e-35f2-4a0d-9f0a-1c5b7d7f2a01"
    assert event.name == {"nl": "Avond van het trage lied", "fr": "La soirée de la chanson lente"}
    assert [(term.domain, term.label) for term in event.terms] == [
        ("eventtype", "Concert"),
        ("theme", "Folk en wereldmuziek"),
        ("facility", "Rolstoeltoegankelijk"),
    ]
    assert (event.age_from, event.age_to, event.audience) == (12, None, "everyone")
    assert event.published


def test_a_description_loses_its_markup_and_keeps_its_lines() -> None:
    description = read(record("single")).description

    assert description == {"nl": "Drie zangers, één piano & veel tijd.\nDeuren om 19.30 uur.\nEr is een bar."}


def test_a_script_that_hides_in_a_description_ends_as_text() -> None:
    event = read(spoiled("single", "description.nl", "Kom <script>alert(1)</script>&lt;b&gt; af &#0;"))

    assert event.description == {"nl": "Kom alert(1)<b> af \N{REPLACEMENT CHARACTER}"}


def test_a_venue_in_brussels_has_both_its_addresses() -> None:
    venue = read(record("single")).venue

    assert venue is not None
    assert venue.name == {"nl": "Zaal Het Kompas", "fr": "Salle La Boussole"}
    assert venue.address["nl"] == Address("Windroosstraat 3", "1000", "Brussel", "BE")
    assert venue.address["fr"].locality == "Bruxelles"
    assert (venue.latitude, venue.longitude) == (50.8466, 4.3528)


def test_an_organiser_can_be_reached() -> None:
    organiser = read(record("single")).organiser

    assert organiser is not None
    assert in_language(organiser.name) == "Trage Klanken vzw"
    assert organiser.contact == Contact(
        phones=("02 000 00 11",),
        emails=("hallo@trageklanken.example",),
        urls=("https://trageklanken.example", "https://tickets.trageklanken.example"),
    )


def test_the_main_image_comes_first_with_what_is_known_of_it() -> None:
    assert read(record("single")).images == (
        Image("https://images.uitdatabank.example/affiche.jpeg", "Affiche", "M. De Tekenaar"),
        Image("https://images.uitdatabank.example/zaal.jpeg", "De zaal met de piano", "Trage Klanken vzw"),
    )


def test_booking_opens_and_closes_when_the_record_says() -> None:
    info = read(record("single")).booking_info

    assert info is not None
    assert info.url == "https://tickets.trageklanken.example/traag"
    assert info.opens_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert info.closes_at == datetime(2026, 4, 17, 16, tzinfo=UTC)


def test_an_event_online_has_a_link_and_no_venue() -> None:
    event = read(record("online"))

    assert (event.attendance, event.online_url) == ("online", "https://video.example/sterren")
    assert event.venue is None
    assert (event.age_from, event.age_to) == (9, 14)


def test_an_older_record_with_plain_names_is_read_as_well() -> None:
    event = read(record("older"))

    assert event.name == {"nl": "Wandeling langs de dijk"}
    assert event.venue is not None
    assert event.venue.address == {"nl": Address("Sluisweg 1", "9470", "Denderleeuw", "BE")}
    assert event.organiser is not None
    assert event.organiser.contact.emails == ("stap@dijkstappers.example",)
    assert [(price.code, price.price_cents) for price in event.prices] == [("base", 250), ("leden", 125)]
    assert [image.url for image in event.images] == ["https://media.uitdatabank.example/dijk.jpg"]
    assert [term.domain for term in event.terms] == ["eventtype"]


@pytest.mark.parametrize(
    "spelling",
    [
        "http://io.uitdatabank.example/event/6f0c0b4e-35f2-4a0d-9f0a-1c5b7d7f2a01",
        "https://io.uitdatabank.example/events/6F0C0B4E-35F2-4A0D-9F0A-1C5B7D7F2A01",
        "https://IO.uitdatabank.example/event/6f0c0b4e-35f2-4a0d-9f0a-1c5b7d7f2a01/",
    ],
)
def test_every_spelling_of_an_id_is_the_same_event(spelling: str) -> None:
    assert read(spoiled("single", "@id", spelling)).foreign_id == read(record("single")).foreign_id


def test_a_place_without_id_is_known_by_its_name_and_address() -> None:
    first, again = read(record("older")).venue, read(spoiled("older", "name", "Een andere wandeling")).venue
    elsewhere = read(spoiled("older", "location.address.streetAddress", "Sluisweg 2")).venue

    assert first is not None
    assert again is not None
    assert elsewhere is not None
    assert first.foreign_id == again.foreign_id
    assert first.foreign_id.startswith("urn:uitdatabank:place:")
    assert first.foreign_id != elsewhere.foreign_id


@pytest.mark.parametrize("status", ["DRAFT", "REJECTED", "DELETED"])
def test_what_publiq_does_not_show_is_not_published(status: str) -> None:
    assert not read(spoiled("single", "workflowStatus", status)).published


@pytest.mark.parametrize(
    ("said", "ages"),
    [
        ("6-12", (6, 12)),
        ("-12", (None, 12)),
        ("18-", (18, None)),
        ("6+", (6, None)),
        ("-", (None, None)),
        ("3-999", (3, None)),
    ],
)
def test_ages_are_years_or_no_limit(said: str, ages: tuple[int | None, int | None]) -> None:
    event = read(spoiled("single", "typicalAgeRange", said))

    assert (event.age_from, event.age_to) == ages


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "ftp://oud.example", "zie mail", 7, [], "https://a b"]
)
def test_what_is_no_web_link_never_becomes_one(link: object) -> None:
    event = read_event(spoiled("online", "onlineUrl", link), TODAY)

    assert isinstance(event, Unreadable) or event.online_url is None


def test_an_empty_php_list_counts_as_an_empty_object() -> None:
    event = read(record("multiple"))

    assert event.contact == Contact()
    assert event.booking_info is None


@pytest.mark.parametrize(
    ("path", "value", "where", "why"),
    [
        ("@id", None, "@id", "is missing"),
        ("@id", "geen adres", "@id", "is not a URI"),
        ("@id", "https://io.uitdatabank.example/place/" + "0" * 32, "@id", "another kind of thing (place)"),
        ("@type", "Place", "@type", "is not Event"),
        ("name", {}, "name", "is missing"),
        ("name", 12, "name", "is not an object"),
        ("calendarType", "weekly", "calendarType", "is none of single, multiple, periodic, permanent"),
        ("organizer.name", None, "organizer.name", "is missing"),
        ("organizer.@id", "Trage Klanken", "organizer.@id", "is not a URI"),
        ("workflowStatus", 7, "workflowStatus", "is not a text"),
        ("subEvent.0.startDate", "morgen", "subEvent[0].startDate", "is not a date and time: 'morgen'"),
        ("subEvent.0.startDate", "0001-01-01T00:00:00+02:00", "subEvent[0].startDate", "is in the year 1"),
        ("subEvent.0.endDate", "2026-04-17T19:00:00+02:00", "subEvent[0].endDate", "is before the start"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: str, value: object, where: str, why: str) -> None:
    wrong = refuse(spoiled("single", path, value))

    assert wrong.where == where
    assert why in wrong.why


@pytest.mark.parametrize(
    ("path", "value", "where", "why"),
    [
        ("mainLanguage", 7, "mainLanguage", "is not a text"),
        ("name.nl", ["a"], "name.nl", "is not a text"),
        ("name.fr", ["a"], "name.fr", "is not a text"),
        ("description", 7, "description", "is not an object"),
        ("description.nl", 7, "description.nl", "is not a text"),
        ("attendanceMode", "hybrid", "attendanceMode", "is none of offline, online, mixed"),
        ("audience", ["members"], "audience", "is not an object"),
        ("location", None, "location", "is missing"),
        ("location.name", None, "location.name", "is missing"),
        ("location.address", "Gent", "location.address", "is not an object"),
        ("location.geo", "51,4", "location.geo", "is not an object"),
        ("organizer.contactPoint", ["mail"], "organizer.contactPoint", "is not an object"),
        ("typicalAgeRange", "kinderen", "typicalAgeRange", "is not a range of ages"),
        ("typicalAgeRange", "4/10", "typicalAgeRange", "is not a range of ages"),
        ("typicalAgeRange", "12-6", "typicalAgeRange", "starts above the age it ends with"),
        ("birthdateRange", {"from": "2018"}, "birthdateRange.from", "is not a date"),
        ("birthdateRange", {"from": "2018-01-02", "to": "2018-01-01"}, "birthdateRange", "before it begins"),
        ("availableFrom", "straks", "availableFrom", "is not a date and time"),
        ("terms.0.id", "", "terms[0].id", "is missing"),
        ("terms", "Concert", "terms", "is not a list"),
        ("mediaObject.0", "foto", "mediaObject[0]", "is not an object"),
        ("onlineUrl", 7, "onlineUrl", "is not a text"),
        ("contactPoint", [{"email": ["a@b.example"]}], "contactPoint", "is not an object"),
        ("contactPoint", {"email": [7]}, "contactPoint.email[0]", "is not a text"),
        ("bookingInfo", [[]], "bookingInfo", "is not an object"),
        ("bookingInfo.phone", 7, "bookingInfo.phone", "is not a text"),
        ("bookingInfo.availabilityEnds", "2026-02-01", "bookingInfo.availabilityEnds", "before availability"),
        ("subEvent.0.status.type", "Maybe", "subEvent[0].status.type", "is none of Available"),
        ("subEvent.0.childcare", {"start": "vroeg"}, "subEvent[0].childcare.start", "is not a time of day"),
        ("subEvent.0.bookingAvailability.capacity", -1, "subEvent[0].bookingAvailability.capacity", "whole"),
        (
            "subEvent.0.bookingAvailability.capacity",
            12.5,
            "subEvent[0].bookingAvailability.capacity",
            "whole",
        ),
        (
            "subEvent.0.bookingAvailability.remainingCapacity",
            121,
            "subEvent[0].bookingAvailability.remainingCapacity",
            "is more than the capacity",
        ),
        ("priceInfo.0.price", "gratis", "priceInfo[0].price", "is not an amount: 'gratis'"),
        ("priceInfo.0.category", "tariff", "priceInfo", "does not have exactly one base price"),
        ("priceInfo", "gratis", "priceInfo", "is not a list"),
        ("bookingInfo.availabilityStarts", "?", "bookingInfo.availabilityStarts", "is not a date and time"),
    ],
)
def test_what_an_event_can_do_without_is_left_out_with_its_place(
    path: str, value: object, where: str, why: str
) -> None:
    left_out = read(spoiled("single", path, value)).dropped

    assert [each.where for each in left_out] == [where]
    assert why in left_out[0].why


def test_an_organiser_without_id_and_name_is_none_and_its_venue_stands_for_it() -> None:
    event = spoiled("single", "organizer", {"email": "hallo@trageklanken.example"})

    assert read(event).organiser is None
    assert dropped(event) == ["organizer has neither an id nor a name"]


def test_booking_from_or_until_a_day_is_from_its_start_or_until_its_end() -> None:
    event = record("single")
    event["bookingInfo"] |= {"availabilityStarts": "2026-03-01", "availabilityEnds": "2026-04-16"}

    info = read(event).booking_info
    assert info is not None
    assert info.opens_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert info.closes_at == datetime(2026, 4, 16, 21, 59, 59, tzinfo=UTC)


def test_a_booking_window_that_ends_before_it_begins_is_no_window() -> None:
    info = read(spoiled("single", "bookingInfo.availabilityEnds", "2026-02-01")).booking_info

    assert info is not None
    assert (info.opens_at, info.closes_at) == (None, None)


def test_an_event_for_children_only_and_for_birth_dates_says_so() -> None:
    event = read(
        record("single")
        | {"childrenOnly": True, "birthdateRange": {"from": "2018-01-01", "to": "2018-12-31"}}
    )

    assert event.audience == "childrenOnly"
    assert (event.born_from, event.born_to) == (date(2018, 1, 1), date(2018, 12, 31))


def test_an_event_for_the_children_of_members_is_for_members() -> None:
    event = record("single") | {"childrenOnly": True, "audience": {"audienceType": "members"}}

    assert read(event).audience == "members"


def test_an_event_is_visible_from_and_until_a_moment() -> None:
    event = read(
        record("single") | {"availableFrom": "2026-02-01T10:00:00+01:00", "availableTo": "2026-04-17"}
    )

    assert event.visible_from == datetime(2026, 2, 1, 9, tzinfo=UTC)
    assert event.visible_to == datetime(2026, 4, 17, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Rock &amp; Roll", "Rock & Roll"),
        ("Rock &amp;amp; Roll", "Rock & Roll"),
        ("Caf&eacute; &#39;t Hoekje", "Caf\N{LATIN SMALL LETTER E WITH ACUTE} 't Hoekje"),
        ("R&D &notities", "R&D &notities"),
        ("Het teken &amp;amp;lt;", "Het teken &lt;"),
    ],
)
def test_an_entity_in_a_text_is_decoded_at_most_twice(said: str, meant: str) -> None:
    event = spoiled("single", "name.nl", said)
    event["organizer"]["name"] = event["location"]["name"] = {"nl": said}

    read_back = read(event)
    assert read_back.venue is not None
    assert read_back.organiser is not None
    names = [read_back.name, read_back.venue.name, read_back.organiser.name]
    assert [in_language(each) for each in names] == [meant, meant, meant]


@pytest.mark.parametrize("document", [None, [], "event", 3, [{"@id": "x"}]])
def test_what_is_no_object_is_no_event(document: object) -> None:
    assert refuse(document) == Unreadable("", "is not a JSON object")


def test_an_empty_object_is_no_event() -> None:
    assert refuse({}) == Unreadable("", "is empty")


def test_a_bare_link_says_how_to_get_the_event_itself() -> None:
    link = {"@id": record("single")["@id"], "@type": "Event"}

    assert "embed=true" in refuse(link).why


def test_a_wrong_reads_as_a_sentence() -> None:
    assert str(Unreadable("subEvent[1].startDate", "is missing")) == "subEvent[1].startDate is missing"
    assert str(Unreadable("", "is not UTF-8")) == "is not UTF-8"


def test_a_day_of_today_far_away_is_no_trouble() -> None:
    assert read(record("permanent"), date(2199, 12, 31)).occurrences
