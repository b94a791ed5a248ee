"""An organiser writes to all who booked: shown first, sent once, and it reads who got it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.writing import sending
from tests.builders import Session, World
from tests.passes.letters.letters import live
from tests.reservations.booking_list.evening import an_evening, booked_as_guest, booked_by, somebody
from tests.reservations.groups.groups import a_group, a_partner, booked
from tests.reservations.groups.test_telling import worker_of
from tests.reservations.sessions.test_desk import page_of, text_of
from tests.reservations.turn_card.world import buy, card_date
from uit.database.outbox import Deliverer
from uit.entrypoints.topics import topics

WORDS = {"subject": "Andere zaal", "body": "We spelen in zaal 2.\n\nTot straks"}


def own(session: Session) -> str:
    return f"{page_of(session)}/berichten"


async def send(world: World, session: Session, message_id: UUID | None = None, **more: str) -> Any:
    form = {"message_id": message_id or uuid4(), **WORDS, "stap": "stuur", **more}
    return await world.post_form(own(session), **form)


async def deliver_all(world: World) -> None:
    """As the worker does, until nothing waits."""
    services = world.services
    outbox = Deliverer(services.database, world.clock, services.ids, topics(services))
    while (await outbox.deliver_due()).more:
        pass


async def a_full_evening(world: World, asks: str = "full") -> Session:
    """One by mail, one by letter, one guest, and one whom nobody can reach."""
    session = await an_evening(world, asks)
    await booked_by(world, session, "Anna", "Claes")
    for given, family in (("Bilal", "Amrani"), ("Cato", "Maes")):
        who = await somebody(world, given, family)
        assert isinstance(await world.book(who, session), Booked)
        await world.execute("UPDATE identity.person SET email = NULL WHERE id = $1", who.person_id)
        if given == "Bilal":
            await live(world, who)
    await booked_as_guest(world, session, "Dirk Gast")
    await world.execute("DELETE FROM uit.outbox")
    return session


async def test_it_is_shown_first_with_how_many_get_it_by_which_way(world: World) -> None:
    session = await a_full_evening(world)

    shown = await world.post_form(own(session), **WORDS, stap="kijk")

    assert "Naar 4 boekingen : 2 per mail, 1 brief, 1 niet bereikt" in text_of(shown)
    assert await world.value("SELECT count(*) FROM reservations.written_message") == 0


async def test_it_goes_out_once_and_says_who_got_it_and_who_did_not(world: World) -> None:
    session, form = await a_full_evening(world), uuid4()
    for _ in range(2):
        assert (await send(world, session, form)).status_code == 303
    await deliver_all(world)

    page = text_of(await world.client.get(f"{own(session)}/{form}"))

    assert "2 per mail, 1 brief, 1 niet bereikt" in page
    missed, _, got = page.partition("Kreeg het niet")[2].partition("Kreeg het ")
    assert ("Cato Maes" in missed, "Cato Maes" in got) == (True, False)
    assert all(each in got for each in ("Anna Claes · mail", "Bilal Amrani · brief", "Dirk Gast · mail"))
    assert len(world.mails) == 2


async def test_a_mail_greets_its_reader_and_is_answered_to_the_organiser(world: World) -> None:
    session = await an_evening(world)
    await world.execute("UPDATE organisers.organiser SET email = 'hallo@dewerf.example'")
    await booked_by(world, session, "Anna", "Claes")
    await world.execute("DELETE FROM uit.outbox")
    await send(world, session)
    await deliver_all(world)

    [mail] = world.mails
    body = mail.get_body(("plain",))

    assert (mail["Subject"], mail["Reply-To"]) == ("Andere zaal", "hallo@dewerf.example")
    assert body is not None
    assert "Dag Anna\n\nWe spelen in zaal 2.\n\nTot straks\n" in body.get_content().replace("\r", "")


async def test_no_page_shows_an_address_of_who_booked(world: World) -> None:
    session, form = await a_full_evening(world), uuid4()
    shown = await world.post_form(own(session), **WORDS, stap="kijk")
    await send(world, session, form)
    await deliver_all(world)

    after = [await world.client.get(each) for each in (own(session), f"{own(session)}/{form}")]

    assert not [each for each in (shown, *after) if "@example.org" in each.text]


async def test_of_what_is_discreet_a_mail_names_neither_activity_nor_organiser(world: World) -> None:
    session = await an_evening(world)
    await world.post_form(f"{page_of(session)}/activiteit", discreet="true")
    await booked_by(world, session, "Anna", "Claes")
    await world.execute("DELETE FROM uit.outbox")
    await send(world, session, subject="Praatgroep")
    await deliver_all(world)

    [mail] = world.mails

    assert mail["Subject"] == "Een bericht over je boeking"
    assert not [each for each in ("De kleine prins", "De Werf", "Praatgroep") if each in mail.as_string()]


async def test_a_long_list_goes_out_in_steps_and_each_gets_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    session = await an_evening(world)
    for _ in range(5):
        await booked_by(world, session, "Anna", "Claes")
    await world.execute("DELETE FROM uit.outbox")
    await send(world, session)
    await deliver_all(world)

    assert len(world.mails) == 5
    assert await world.value("SELECT count(*) FROM reservations.written_copy WHERE outcome = 'sent'") == 5
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'message.spread'") == 3


async def test_who_switched_it_off_gets_nothing(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes")
    await world.execute("DELETE FROM uit.outbox")
    await world.execute(
        "INSERT INTO identity.message_setting SELECT id, 'written', 'off', $1 FROM identity.person",
        world.clock.now(),
    )
    await send(world, session)
    await deliver_all(world)

    assert world.mails == []
    assert await world.value("SELECT outcome FROM reservations.written_copy") == "nobody"


async def test_an_address_that_refuses_for_good_is_said(world: World) -> None:
    session, form = await an_evening(world), uuid4()
    await booked_by(world, session, "Anna", "Claes")
    await world.execute("DELETE FROM uit.outbox")
    await world.execute("UPDATE identity.person SET email = 'geen adres'")
    await send(world, session, form)
    await deliver_all(world)

    page = text_of(await world.client.get(f"{own(session)}/{form}"))

    assert "1 niet bereikt" in page
    assert await world.value("SELECT outcome FROM reservations.written_copy") == "failed"


async def test_what_is_missing_is_asked_and_nothing_is_lost(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes")

    empty = await world.post_form(own(session), subject="Andere zaal", body=" ", stap="stuur")
    too_long = await world.post_form(own(session), subject="a" * 101, body="b" * 2001, stap="stuur")

    assert (empty.status_code, too_long.status_code) == (422, 422)
    assert "Bericht: Schrijf een bericht." in text_of(empty)
    assert 'value="Andere zaal"' in empty.text
    assert "b" * 2001 in too_long.text


async def test_five_a_day_for_a_session_and_a_repeat_does_not_count(world: World) -> None:
    session, form = await an_evening(world), uuid4()
    await booked_by(world, session, "Anna", "Claes")
    answers = [await send(world, session) for _ in range(4)]
    answers += [await send(world, session, form) for _ in range(2)]

    sixth = await send(world, session)

    assert {each.status_code for each in answers} == {303}
    assert sixth.status_code == 429
    assert "We spelen in zaal 2." in sixth.text
    assert await world.value("SELECT count(*) FROM reservations.written_message") == 5


async def test_a_month_after_a_date_nobody_is_written_to(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes")
    await world.execute(
        "UPDATE reservations.session SET ends_at = $1, starts_at = $1", world.clock.now() - timedelta(days=31)
    )

    page = text_of(await world.client.get(own(session)))

    assert "meer dan 30 dagen voorbij" in page
    assert (await send(world, session)).status_code == 404


async def test_messages_of_another_organiser_are_not_there(world: World) -> None:
    other, form = await an_evening(world), uuid4()
    await booked_by(world, other, "Anna", "Claes")
    await send(world, other, form)
    session = await an_evening(world)
    strange = page_of(session).replace(str(session.id), str(other.id))

    assert (await world.client.get(f"{strange}/berichten")).status_code == 404
    assert (await world.client.get(f"{own(session)}/{form}")).status_code == 404
    assert (await world.post_form(f"{strange}/berichten", **WORDS, stap="stuur")).status_code == 404


async def test_a_group_is_reached_by_who_works_with_it_and_the_preview_counts_it(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Anna", "Claes")
    partner_id = await a_partner(world)
    one, two = await worker_of(world, partner_id), await worker_of(world, partner_id)
    await booked(world, await a_group(world, credit_cents=2000, partner_id=partner_id), session, 8)
    await world.execute("DELETE FROM uit.outbox")
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    shown, form = await world.post_form(own(session), **WORDS, stap="kijk"), uuid4()
    await send(world, session, form)
    await deliver_all(world)

    assert "Naar 2 boekingen : 2 per mail 1 boeking is van een groep" in text_of(shown)
    assert {one, two} < {str(mail["To"]) for mail in world.mails}
    assert len(world.mails) == 3
    assert "2 per mail" in text_of(await world.client.get(f"{own(session)}/{form}"))


async def test_a_group_with_which_nobody_works_any_more_did_not_get_it(world: World) -> None:
    session, form = await an_evening(world), uuid4()
    await booked(world, await a_group(world, credit_cents=2000), session, 8)
    await world.execute("DELETE FROM uit.outbox")

    await send(world, session, form)
    await deliver_all(world)

    assert "1 niet bereikt" in text_of(await world.client.get(f"{own(session)}/{form}"))


async def test_who_has_a_card_of_turns_is_written_to_and_no_moment_is_named(world: World) -> None:
    session = await an_evening(world)
    card = await card_date(world, session)
    await buy(world, await world.resident(5000), card)
    await world.resident(5000)
    await world.execute("DELETE FROM uit.outbox")
    cards = f"/dender/organisaties/{session.organiser_id}/activiteiten/{session.event_id}/beurtenkaarten"

    led = await world.client.get(cards)
    form = text_of(await world.client.get(own(card)))
    shown = text_of(await world.post_form(own(card), **WORDS, stap="kijk"))
    sent = await send(world, card)
    await deliver_all(world)

    assert f'href="{own(card)}"' in led.text
    assert "Schrijf naar wie de kaart kocht" in form
    assert "Naar 1 boeking : 1 per mail" in shown
    assert "Wie kocht de kaart?" in text_of(await world.client.get(sent.headers["location"]))
    [mail] = world.mails
    body, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert body is not None
    assert page is not None
    assert "Over: De kleine prins\n" in body.get_content().replace("\r", "")
    assert "Wanneer" not in page.get_content()
