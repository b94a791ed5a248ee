"""A ticket ends or a date changes, as holder, door, organiser and region see it, without script."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from playwright.async_api import expect

from reservations.settlement.earning import settle_session
from tests.journeys.conftest import Announce, Evening, address_of_database, in_database
from tests.journeys.steps import Street, Visitor
from tests.town import Town
from uit.core.clock import BRUSSELS, SystemClock
from uit.core.ids import TimeOrderedIds
from uit.core.seal import PassSeal, seal_pass
from uit.core.secret import read_or_make
from uit.database.pool import Database
from uit.example.people import YASMINE

TICKET = ".qr figcaption"


async def book(street: Street, evening: Evening, places: int = 1) -> Visitor:
    """Yasmine, with the page of her booking open."""
    yasmine = await street.arrive("resident")
    await yasmine.book(evening.name, evening.day, evening.town, places)
    return yasmine


async def open_date(street: Street, evening: Evening) -> Visitor:
    """The organiser, with the page of the date open."""
    organiser = await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    await organiser.follow(evening.name)
    return organiser


async def find(visitor: Visitor, evening: Evening) -> None:
    """The public page of an evening, by way of the agenda."""
    await visitor.find(evening.name, evening.day, evening.town)


async def scan(organiser: Visitor, ticket: str) -> None:
    await organiser.fill(ticket=ticket)
    await organiser.press("Kijk na")


# A holder gives up a part


async def test_a_holder_gives_up_one_of_three_tickets(street: Street, announce: Announce) -> None:
    evening = announce("Een van drie", 7).evening
    yasmine = await book(street, evening, places=3)
    booking = yasmine.page.url
    await yasmine.follow("Annuleren")
    await yasmine.reads("Welke tickets geef je terug?", "€ 0,20 terug", "€ 1,00 terug")

    await yasmine.press("Annuleer wat ik aankruiste")
    await yasmine.reads("Kies minstens één ticket.")
    await yasmine.tick("Ticket 2")
    await yasmine.press("Annuleer wat ik aankruiste")

    assert yasmine.page.url == f"{booking}?gedaan=teruggegeven"
    await yasmine.reads(
        "Dat deel is geannuleerd.",
        "Ticket 1",
        "Ticket 3",
        "1 plaats geannuleerd",
        "€ 1,00 krediet terug",
    )
    await yasmine.reads_mail(YASMINE.email, evening.name, "Een deel van je boeking", "€ 1,00 krediet terug")


# A date is called off


async def test_an_organiser_calls_a_date_off_after_somebody_came_in(street: Street, tonight: Evening) -> None:
    yasmine, organiser = await book(street, tonight), await open_date(street, tonight)
    await scan(organiser, await yasmine.read(TICKET))
    await organiser.reads("Welkom, 1 persoon")

    await organiser.follow("Afgelasten")
    await organiser.reads("ook van wie al binnen was")
    await organiser.fill(reason="De stroom viel uit.")
    await organiser.press("Ja, gelast af")

    await organiser.reads("Afgelast. Alles wat betaald werd, gaat terug.")
    anybody = await street.arrive()
    await find(anybody, tonight)
    await anybody.reads("Gaat niet door", "De stroom viel uit.")
    await yasmine.waits_to_read("Dit gaat niet door", "De stroom viel uit.", "Je kreeg € 0,20 krediet terug")
    await yasmine.reads_mail(YASMINE.email, tonight.name, "De stroom viel uit.", "€ 0,20 krediet terug")


async def test_an_organiser_calls_a_date_off_that_was_settled(
    street: Street, town: Town, tonight: Evening
) -> None:
    yasmine, organiser = await book(street, tonight), await open_date(street, tonight)
    await yasmine.reads("Annuleren kon tot")
    await settle_at_the_limit(town, tonight.name)

    await organiser.follow("Afgelasten")
    await organiser.press("Ja, gelast af")

    await yasmine.waits_to_read("Dit gaat niet door", "Je kreeg € 0,20 krediet terug")
    await yasmine.reads_mail(YASMINE.email, tonight.name, "€ 0,20 krediet terug")
    assert await in_database(town, EARNED, tonight.name) == 0


EARNED = """
SELECT sum(CASE t.kind WHEN 'settle' THEN t.amount_cents ELSE -t.amount_cents END)
FROM organisers.event AS e
JOIN reservations.session AS s ON s.region_id = e.region_id AND s.event_id = e.id
JOIN reservations.line AS l ON l.region_id = s.region_id AND l.session_id = s.id
JOIN credits.transfer AS t ON t.region_id = l.region_id AND t.booking_id = l.booking_id
WHERE e.name = $1 AND t.kind IN ('settle', 'reversal')
"""


async def settle_at_the_limit(town: Town, event: str) -> None:
    """Settle an event that can no longer be cancelled, as where that is the rule of the programme."""
    rules = await in_database(
        town, "SELECT json_object_agg(programme_id, earning) FROM credits.programme_version"
    )
    await in_database(town, "UPDATE credits.programme_version SET earning = 'cancellation_limit'")
    await in_database(
        town,
        "UPDATE reservations.session AS s SET due_at = now() FROM organisers.event AS e"
        " WHERE e.name = $1 AND s.region_id = e.region_id AND s.event_id = e.id",
        event,
    )
    database, clock = await Database.open(address_of_database(town), connections=1), SystemClock()
    while (await settle_session(database, TimeOrderedIds(clock), clock.now())).more:
        pass
    await database.close()
    await in_database(
        town,
        "UPDATE credits.programme_version AS v SET earning = r.value::credits.earning_rule"
        " FROM json_each_text($1) AS r (programme_id, value) WHERE v.programme_id = r.programme_id::uuid",
        rules,
    )
    assert await in_database(town, EARNED, event) == 20


async def test_of_two_dates_in_one_booking_only_the_one_that_is_called_off_ends(
    street: Street, town: Town, announce: Announce
) -> None:
    first, second = (announce("Twee avonden", 7, 8)).evenings
    yasmine = await street.arrive("resident")
    await yasmine.go(f"/dender/boekingen/{await book_with_api(yasmine, town, first.name)}")
    await yasmine.reads("Ticket 2 van 2")

    organiser = await open_date(street, first)
    await organiser.follow("Afgelasten")
    await organiser.tick("Meteen alles terug")
    await organiser.press("Ja, gelast af")

    await yasmine.waits_to_read("Gaat niet door", "Ticket 2", "€ 0,20 krediet terug")
    await yasmine.reads("Geboekt", "Geannuleerd")
    await yasmine.reads_mail(YASMINE.email, second.name, "Dit gaat niet door", "Je andere tickets blijven")


async def book_with_api(yasmine: Visitor, town: Town, event: str) -> UUID:
    """A till books all dates of an event at once, with the pass of Yasmine: pages book one at a time."""
    api, booking_id = yasmine.page.request, uuid4()
    client = town.example["api_client"]
    form = {"grant_type": "client_credentials", **client}
    token = (await (await api.post(f"{town.base}/oauth/token", form=form)).json())["access_token"]
    sessions = str(
        await in_database(
            town,
            "SELECT string_agg(s.id::text, ' ') FROM reservations.session AS s"
            " JOIN organisers.event AS e ON e.region_id = s.region_id AND e.id = s.event_id"
            " WHERE e.name = $1",
            event,
        )
    ).split()
    lines = [{"session_id": session_id, "tariff": "kansentarief", "places": 1} for session_id in sessions]
    answer = await api.put(
        f"{town.base}/api/v1/bookings/{booking_id}",
        headers={"Authorization": f"Bearer {token}"},
        data={"pass_token": await pass_of(town), "lines": lines},
    )
    assert answer.status == 201, await answer.text()
    return booking_id


async def pass_of(town: Town) -> str:
    card = await in_database(
        town,
        "SELECT c.id FROM passes.card AS c"
        " JOIN passes.membership AS m ON m.region_id = c.region_id AND m.id = c.membership_id"
        " WHERE m.region_id = 1 AND m.person_id = $1 AND c.state = 'active' LIMIT 1",
        YASMINE.person_id,
    )
    secrets = read_or_make(town.home / "secrets.json")
    return seal_pass(secrets.signing, PassSeal(1, UUID(str(card)), 1))


# A date comes later, or at another hour


async def test_a_date_that_is_postponed_lets_people_leave_and_goes_on_after_all(
    street: Street, tonight: Evening
) -> None:
    yasmine, organiser = await book(street, tonight, places=2), await open_date(street, tonight)
    anybody = await street.arrive()
    ticket = await yasmine.read(TICKET)
    await organiser.follow("Uitstellen")
    await organiser.reads("niemand wordt binnengelaten")
    await organiser.fill(reason="De zanger is ziek.")
    await organiser.press("Ja, stel uit")
    await organiser.reads("Uitgesteld. Wie boekte, krijgt bericht.")

    await find(anybody, tonight)
    await anybody.reads("Uitgesteld", "De zanger is ziek.")
    await expect(organiser.page.locator("[name='ticket']")).to_have_count(0)
    await yasmine.go(yasmine.page.url)
    await yasmine.reads("Dit is uitgesteld", "De zanger is ziek.", "Je kan altijd annuleren.")
    await yasmine.reads_not("Toon dit aan de deur")
    await yasmine.follow("Annuleren")
    await yasmine.tick("Ticket 2")
    await yasmine.press("Annuleer wat ik aankruiste")
    await yasmine.reads("Ticket 1", "€ 0,20 krediet terug")
    booking = yasmine.page.url
    await yasmine.reads_mail(YASMINE.email, tonight.name, "Was gepland op", "De zanger is ziek.")

    await organiser.follow("Gaat toch door")
    await organiser.press("Ja, het gaat door")
    await organiser.reads("Het gaat door.")
    await scan(organiser, ticket)
    await organiser.reads("Welkom, 1 persoon")
    await yasmine.go(booking)
    await yasmine.reads_not("Dit is uitgesteld")
    await yasmine.reads_mail(YASMINE.email, tonight.name, "Gaat toch door", "Je ticket blijft geldig.")


async def test_a_date_that_is_moved_shows_its_new_hour_and_lets_people_leave(
    street: Street, tonight: Evening
) -> None:
    yasmine, organiser = await book(street, tonight), await open_date(street, tonight)
    await yasmine.reads("Annuleren kon tot")
    later = (SystemClock().now() + timedelta(minutes=80)).astimezone(BRUSSELS)

    await organiser.follow("Naar een ander moment")
    await organiser.fill(starts="later")
    await organiser.press("Ja, verplaats")
    await organiser.reads("Vul een uur in, zoals 20:00.")
    await organiser.fill(day=str(later.date()), starts=f"{later:%H:%M}", ends="05:55")
    await organiser.press("Ja, verplaats")

    hour = f"{later.hour} u" if later.minute == 0 else f"{later.hour}.{later:%M} u"
    await organiser.reads("Verplaatst. Wie boekte, krijgt bericht.", hour)
    await yasmine.go(yasmine.page.url)
    await yasmine.reads("Ander moment", hour, "Eerst was dit")
    booking = yasmine.page.url
    await yasmine.reads_mail(YASMINE.email, tonight.name, hour, "Je krijgt je krediet helemaal terug.")
    await yasmine.go(booking)
    await yasmine.follow("Annuleren")
    await yasmine.press("Ja, annuleer mijn plaats")
    await yasmine.reads("Je boeking is geannuleerd", "€ 0,20 krediet terug")


# An event disappears at its source


async def test_an_organiser_decides_that_an_event_that_is_gone_at_its_source_goes_on(
    street: Street, announce: Announce
) -> None:
    event = announce("Weg bij de bron", 9)
    yasmine = await book(street, event.evening)

    event.says(workflowStatus="DELETED")

    await yasmine.go(yasmine.page.url)
    await yasmine.reads("Dit is nog niet zeker", "Wacht op de organisator")
    organiser = await street.arrive("organiser")
    await organiser.follow("Organisator")
    await organiser.follow("Boekingen")
    task = organiser.page.get_by_role("article").filter(has_text=event.evening.name)
    await organiser.reads("heeft deze activiteit teruggetrokken", "1 persoon heeft een ticket.")
    async with organiser.page.expect_event("load"):
        await task.get_by_role("link", name="Gaat toch door").first.click()
    await organiser.look()
    await organiser.press("Ja, het gaat door")
    await organiser.reads("Het gaat door.")
    await yasmine.go(yasmine.page.url)
    await yasmine.reads("Geboekt")
    await yasmine.reads_not("Wacht op de organisator")


async def test_after_three_days_a_programme_officer_decides_in_place_of_the_organiser(
    street: Street, town: Town, announce: Announce
) -> None:
    event = announce("Drie dagen stil", 10)
    yasmine = await book(street, event.evening)
    officer = await street.arrive("programme_officer")
    await officer.follow("Beslissingen")
    await officer.reads_not(event.evening.name)

    event.says(workflowStatus="DELETED")
    await three_days_later(town, event.evening)

    await officer.go(officer.page.url)
    await officer.reads(event.evening.name, "De organisator besliste drie dagen niets.")
    task = officer.page.get_by_role("article").filter(has_text=event.evening.name)
    async with officer.page.expect_event("load"):
        await task.get_by_role("link", name=re.compile("^Afgelasten")).click()
    await officer.look()
    await officer.press("Ja, gelast af")

    await officer.reads("Afgelast. Alles wat betaald werd, gaat terug.")
    await officer.reads_not(event.evening.name)
    await yasmine.waits_to_read("Dit gaat niet door", "Je kreeg € 0,20 krediet terug")


async def three_days_later(town: Town, evening: Evening) -> None:
    await in_database(
        town,
        "UPDATE reservations.task AS t SET opened_at = t.opened_at - interval '3 days',"
        " escalates_at = t.escalates_at - interval '3 days'"
        " FROM reservations.session AS s JOIN organisers.event AS e ON e.id = s.event_id"
        " WHERE s.id = t.session_id AND e.name = $1",
        evening.name,
    )
