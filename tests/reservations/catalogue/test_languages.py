"""What an organiser wrote in several languages is read in the one that somebody chose."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import reservations
from reservations.booking.notifications import MADE
from reservations.waiting.place import place_path
from tests.builders import Session, World
from tests.reservations.booking.test_notifications import made, tell
from tests.reservations.booking.test_notifications import text_of as words_of_mail
from tests.reservations.catalogue.test_listing import find
from tests.reservations.counter.helpers import at_the_counter
from tests.reservations.enrolment.world import make_course
from tests.reservations.guest.guests import guest_books, link_of
from tests.reservations.order.test_enrol import open_form
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import card_date
from tests.reservations.waiting.lines import join

WORDS = """
    UPDATE organisers.event SET name = 'De kleine prins', description = 'Een verhaal.',
        name_translations = '{"nl": "De kleine prins", "fr": "Le petit prince"}',
        description_translations = '{"nl": "Een verhaal.", "fr": "Une histoire."}'
    WHERE id = $1
"""


async def written(world: World) -> Session:
    session = await world.session(20)
    await world.execute(WORDS, session.event_id)
    return session


def page_of(event_id: UUID) -> str:
    return f"/dender/evenementen/{event_id}"


async def test_nobody_reads_another_language_unasked(world: World) -> None:
    session = await written(world)

    answer = await world.client.get(page_of(session.event_id), headers={"Accept-Language": "fr"})

    assert "De kleine prins" in text_of(answer)
    assert "Le petit prince" not in answer.text
    assert f'href="/taal/fr?terug={page_of(session.event_id)}"' in answer.text


async def test_who_chose_a_language_reads_title_and_text_in_it_and_the_agenda(world: World) -> None:
    session = await written(world)

    chosen = await world.client.get(f"/taal/fr?terug={page_of(session.event_id)}")
    answer = await world.client.get(chosen.headers["location"])
    agenda = await world.client.get("/dender/agenda")

    assert '<h1 lang="fr">Le petit prince</h1>' in answer.text
    assert '<p lang="fr">Une histoire.</p>' in answer.text
    assert "Nederlands" in text_of(answer)
    assert "Le petit prince" in text_of(agenda)


async def test_what_is_not_written_in_it_is_read_in_dutch(world: World) -> None:
    session = await written(world)
    await world.client.get("/taal/de")

    answer = await world.client.get(page_of(session.event_id))

    assert "<h1>De kleine prins</h1>" in answer.text


@pytest.mark.parametrize("elsewhere", ["//kwaad.example", "/\\kwaad.example", "https://kwaad.example", "x"])
async def test_nobody_is_sent_to_another_address(world: World, elsewhere: str) -> None:
    answer = await world.client.get("/taal/fr", params={"terug": elsewhere})

    assert answer.headers["location"] == "/"


async def test_an_address_with_letters_of_any_language_is_gone_back_to(world: World) -> None:
    answer = await world.client.get("/taal/fr", params={"terug": "/café?wie=Zoë"})

    assert answer.headers["location"] == "/caf%C3%A9?wie=Zo%C3%AB"


async def test_no_other_language_can_be_chosen(world: World) -> None:
    assert (await world.client.get("/taal/xx")).status_code == 404


async def test_a_ticket_and_its_mail_are_in_the_language_of_who_reads_them(world: World) -> None:
    session = await written(world)
    anna = await world.resident(credit_cents=2000)
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)
    booking_id = await made(world, anna, session)

    await tell(world, booking_id, MADE)
    await world.sign_in(anna)
    own = await world.client.get(f"/dender/boekingen/{booking_id}")

    assert "Le petit prince" in text_of(own)
    assert "Le petit prince" in words_of_mail(world.mails[0])


async def test_a_program_reads_the_name_in_every_language(world: World) -> None:
    session = await written(world)

    found = await find(world, [session.organiser_id])

    assert found["sessions"][0]["event"]["names"] == {"nl": "De kleine prins", "fr": "Le petit prince"}


async def test_who_chose_a_language_reads_it_in_the_basket_and_the_waiting_list(world: World) -> None:
    session = await written(world)
    await world.client.get("/taal/fr")

    await world.post_form(f"/dender/mandje/{session.id}")
    basket = await world.client.get("/dender/mandje")
    order = await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}")
    waiting = await world.client.get(f"/dender/sessies/{session.id}/wachtlijst")

    assert ["Le petit prince" in text_of(page) for page in (basket, order, waiting)] == [True] * 3


async def test_who_waits_reads_dutch_where_they_chose_it_though_they_read_french_else(world: World) -> None:
    session, anna = await written(world), await world.resident()
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)
    await world.execute("UPDATE reservations.pool SET taken = capacity")
    own = f"/dender/{place_path(world.services.secrets.signing, 1, await join(world, anna, session))}"

    before = await world.client.get(own)
    await world.client.get("/taal/nl")
    after = await world.client.get(own)

    assert ["Le petit prince" in text_of(page) for page in (before, after)] == [True, False]


async def test_a_guest_who_chose_a_language_reads_their_tickets_in_it(world: World) -> None:
    session = await written(world)
    await world.execute("UPDATE reservations.tariff SET price_cents = 0")
    link = link_of(world, await guest_books(world, session))

    before = await world.client.get(link)
    await world.client.get("/taal/fr")
    after = await world.client.get(link)

    assert ["Le petit prince" in text_of(page) for page in (before, after)] == [False, True]


async def test_who_has_no_pass_here_reads_in_their_own_language(world: World) -> None:
    session = await written(world)
    anna = await world.resident(region_id=2)
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)
    await world.sign_in(anna)

    answer = await world.client.get(page_of(session.event_id))

    assert "Le petit prince" in text_of(answer)


async def test_a_course_is_enrolled_for_and_read_in_a_language(world: World) -> None:
    course, anna = await make_course(world, 3), await world.resident(9000)
    await world.execute(WORDS, course.first.event_id)
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)
    await world.sign_in(anna)

    _, address = await open_form(world, course)
    order = await world.client.get(address)

    assert "Le petit prince" in text_of(order)


async def test_a_card_of_turns_is_named_in_a_language_where_it_is_offered_and_where_it_is_sold(
    world: World,
) -> None:
    session = await written(world)
    card = await card_date(world, session)
    await world.execute(
        """UPDATE organisers.event SET name_translations = '{"fr": "Carte de dix"}' WHERE id = $1""",
        card.event_id,
    )
    await world.client.get("/taal/fr?terug=/")

    offered = await world.client.get(page_of(session.event_id))
    sold = await world.client.get(page_of(card.event_id))

    assert "Carte de dix" in text_of(offered)
    assert "Le petit prince" in text_of(sold)


async def test_a_counter_names_it_as_who_is_helped_reads_it(world: World) -> None:
    session = await written(world)
    anna = await world.resident(credit_cents=2000)
    await world.execute("UPDATE identity.person SET language = 'fr' WHERE id = $1", anna.person_id)
    await at_the_counter(world, anna)
    home = f"/dender/balie/personen/{anna.membership_id}/boeken"

    order = await world.client.get(f"{home}/{session.id}/{uuid4()}")

    assert "Le petit prince" in text_of(order)


NAMED = re.compile(r"\be\.name\b(?!\))")
"""The name of an activity, but for where it stands last in a `coalesce`, after that in a language."""
IN_DUTCH = {
    "activities": "its organiser writes it, and sees each language beside the other",
    "box_office": "a till of its organiser, whose receipts are in Dutch",
    "catalogue/sql/listing.sql": "programs read every language",
    "courses/sql/making.sql": "its organiser",
    "courses/sql/stranded.sql": "its organiser",
    "checkin": "a door of its organiser",
    "event_settings": "its organiser",
    "groups": "a partner",
    "halls": "its organiser",
    "helping": "the log of a counter",
    "invoices": "an invoice is in Dutch",
    "mandates": "the log of an organisation",
    "measures": "officers",
    "own_data": "what is kept, as it is kept",
    "payment": "who pays back, and the books of who takes the money",
    "sessions": "its organiser",
    "tariffs": "its organiser",
    "today": "its organiser",
    "turn_card_sales/sql/making.sql": "its organiser",
    "waiting/sql/lines.sql": "its organiser",
    "absences/sql/rule.sql": "its organiser",
    "waiting_room/sql/room.sql": "one page for all who wait",
    "waiting_room/sql/rush_dates.sql": "its organiser",
    "writing": "its organiser wrote it in Dutch",
}


def test_each_statement_names_an_activity_in_a_language_or_says_why_in_dutch() -> None:
    """A statement that names one plainly shows a Dutch title to whoever reads."""
    home = Path(reservations.__file__).parent
    plain = {
        str(path.relative_to(home))
        for path in home.rglob("*.sql")
        for line in path.read_text().splitlines()
        if NAMED.search(line)
    }

    assert {each for each in plain if not any(each.startswith(known) for known in IN_DUTCH)} == set()
    assert {known for known in IN_DUTCH if not any(each.startswith(known) for each in plain)} == set()
