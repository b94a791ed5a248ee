"""What an organiser wrote in several languages is read in the one that somebody chose."""

from uuid import UUID

import pytest

from reservations.booking.notifications import MADE
from tests.builders import Session, World
from tests.reservations.booking.test_notifications import made, tell
from tests.reservations.booking.test_notifications import text_of as words_of_mail
from tests.reservations.catalogue.test_listing import find
from tests.reservations.sessions.test_desk import text_of

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
