"""A message reaches a person by their own way: one place decides."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.booking.notifications import ENDED, MADE, POSTPONED, BookingMessage, notify_holder
from tests.builders import Resident, World
from uit.services.mail import MailRefused
from uit.web.caught_mail import CaughtText
from uit.web.view import TEMPLATES

HOME = (
    "UPDATE identity.person SET email = NULL, address_kind = 'home', street = 'Kerkstraat',"
    " house_number = '1', postcode = '9300', place = 'Aalst' WHERE id = $1"
)

SESSION = "SELECT id FROM reservations.session"


async def booked_by(world: World, anna: Resident) -> UUID:
    answer = await world.book(anna, await world.session(price_cents=300))
    assert isinstance(answer, Booked)
    return answer.booking.id


async def tell(world: World, booking_id: UUID, topic: str, message_id: UUID) -> None:
    payload = await world.value(
        "SELECT payload::text FROM uit.outbox WHERE key = $1 AND topic = $2", booking_id, topic
    )
    message = BookingMessage(message_id, 1, booking_id, topic, payload)
    assert await notify_holder(world.services, message) is None


async def letters(world: World) -> list[Any]:
    return await world.rows("SELECT region_id, id, person_id, kind, subject, body FROM identity.letter")


async def test_who_has_no_mail_address_gets_a_letter_once_without_a_link(world: World) -> None:
    anna, message_id = await world.resident(credit_cents=5000), uuid4()
    await world.execute(HOME, anna.person_id)
    booking_id = await booked_by(world, anna)
    await world.cancel(booking_id)
    await world.execute("UPDATE identity.person SET reached_by = 'letter' WHERE id = $1", anna.person_id)

    for _ in range(2):
        await tell(world, booking_id, ENDED, message_id)

    [letter] = await letters(world)
    assert (letter["region_id"], letter["id"], letter["person_id"]) == (1, message_id, anna.person_id)
    assert letter["subject"].startswith("Geannuleerd: De kleine prins")
    assert "€\xa03,00 krediet terug" in letter["body"]
    assert "http" not in letter["body"]
    assert world.mails == []


async def test_a_letter_of_a_booking_says_how_one_comes_in_and_cancels_without_a_link(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    await world.execute(HOME, anna.person_id)
    await world.execute("UPDATE identity.person SET reached_by = 'letter' WHERE id = $1", anna.person_id)

    await tell(world, await booked_by(world, anna), MADE, uuid4())

    [letter] = await letters(world)
    assert "Toon je pas aan de deur: dat is je ticket." in letter["body"]
    assert "Bel ons of kom langs, voor" in letter["body"]
    assert "http" not in letter["body"]
    assert "via dezelfde link" not in letter["body"]


async def test_who_chose_the_counter_or_did_without_is_told_nothing(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    booking_id = await booked_by(world, anna)
    await world.execute("UPDATE identity.person SET reached_by = 'counter' WHERE id = $1", anna.person_id)
    await tell(world, booking_id, MADE, uuid4())
    await world.execute("UPDATE identity.person SET reached_by = NULL WHERE id = $1", anna.person_id)
    await world.execute(
        "INSERT INTO identity.message_setting VALUES ($1, 'booked', 'off', now())", anna.person_id
    )
    await tell(world, booking_id, MADE, uuid4())

    assert world.mails == []
    assert await letters(world) == []


async def test_what_may_not_be_missed_waits_at_the_counter_for_who_has_no_other_way(world: World) -> None:
    anna, message_id = await world.resident(credit_cents=5000), uuid4()
    booking_id = await booked_by(world, anna)
    await world.execute("UPDATE identity.person SET email = NULL WHERE id = $1", anna.person_id)
    await tell(world, booking_id, MADE, uuid4())
    await world.execute("UPDATE reservations.session SET status = 'postponed'")
    message = BookingMessage(
        message_id, 1, booking_id, POSTPONED, '{"session_id": "%s"}' % await world.value(SESSION)
    )
    for _ in range(2):
        assert await notify_holder(world.services, message) is None

    assert [tuple(each) for each in await world.rows("SELECT id, is_for_counter FROM identity.letter")] == [
        (message_id, True)
    ]


async def test_who_died_is_told_nothing_and_a_double_is_reached_as_who_they_are(world: World) -> None:
    anna, double = await world.resident(credit_cents=5000), await world.resident(credit_cents=5000)
    booking_id = await booked_by(world, double)
    await world.execute(
        "UPDATE identity.person SET merged_into = $2, email = NULL WHERE id = $1",
        double.person_id,
        anna.person_id,
    )
    await tell(world, booking_id, MADE, uuid4())
    await world.execute("UPDATE identity.person SET died_on = '2026-03-01'")
    await tell(world, booking_id, MADE, uuid4())

    assert [mail["To"] for mail in world.mails] == [anna.email]


async def test_who_wants_text_messages_gets_each_once_and_short(
    world: World, texts: Callable[[], list[CaughtText]]
) -> None:
    anna, message_id = await world.resident(credit_cents=5000), uuid4()
    await world.execute(
        "UPDATE identity.person SET reached_by = 'sms', phone = '+32470123456' WHERE id = $1", anna.person_id
    )
    booking_id = await booked_by(world, anna)
    for _ in range(2):
        await tell(world, booking_id, MADE, message_id)
    await world.cancel(booking_id)
    await tell(world, booking_id, ENDED, uuid4())

    ended, made = texts()
    assert made.to == ended.to == "+32470123456"
    assert made.text.startswith("Geboekt: De kleine prins, do 12 mrt")
    assert made.text.endswith("Toon je pas aan de deur: dat is je ticket.")
    assert len(made.text) <= 160
    assert "Geannuleerd: De kleine prins" in ended.text
    assert "Je kreeg € 3,00 krediet terug." in ended.text
    assert world.mails == []


def test_what_a_person_may_be_told_by_mail_can_be_a_text_message() -> None:
    """A guest, and who is asked for help, have an address alone."""
    by_address_alone = {"mail_link", "mail_ask", "mail_guest", "mail_questions", "mail_leaving"}
    folders = (
        "reservations/booking",
        "reservations/own_data",
        "reservations/helping",
        "passes/decisions",
    )
    mails = {path for folder in folders for path in (TEMPLATES / folder).glob("mail_*.txt")}
    named = {path.with_suffix("") for path in mails if not path.name.endswith(".sms.txt")}

    without = {path.name for path in named if not path.with_name(f"{path.name}.sms.txt").exists()}
    assert without == by_address_alone


@pytest.mark.parametrize("at_home", ["home", None])
async def test_what_a_mailbox_refuses_for_good_goes_on_paper_or_waits_at_the_counter(
    world: World, at_home: str | None
) -> None:
    anna = await world.resident(credit_cents=5000)
    booking_id = await booked_by(world, anna)
    await world.execute(HOME, anna.person_id)
    await world.execute("UPDATE identity.person SET email = 'anna', address_kind = $1", at_home)
    await world.execute("UPDATE reservations.session SET status = 'postponed'")
    session_id, refused = await world.value(SESSION), []
    for topic, payload in ((MADE, "{}"), (POSTPONED, f'{{"session_id": "{session_id}"}}')):
        message = BookingMessage(uuid4(), 1, booking_id, topic, payload)
        refused += [await notify_holder(world.services, message) for _ in range(2)]

    assert all(isinstance(each, MailRefused) for each in refused)
    assert [tuple(each) for each in await world.rows("SELECT kind, is_for_counter FROM identity.letter")] == [
        ("changed", at_home is None)
    ]
