"""What a holder is told by mail."""

from datetime import timedelta
from email.message import EmailMessage
from uuid import UUID

from reservations.booking.commands import Booked
from reservations.booking.notifications import ENDED, MADE, notify_holder
from reservations.booking.services import BookingServices
from tests.builders import Resident, Session, World
from uit.services.mail import MailAway, Mailer, MailRefused


async def tell(
    world: World, booking_id: UUID, topic: str, region_id: int = 1
) -> MailAway | MailRefused | None:
    """Deliver the last message of the outbox about this, or one without content where there is none."""
    payload = await world.value(
        "SELECT payload::text FROM uit.outbox WHERE key = $1 AND topic = $2 ORDER BY id DESC LIMIT 1",
        booking_id,
        topic,
    )
    return await notify_holder(world.services, region_id, booking_id, topic, payload or "{}")


async def made(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    answer = await world.book(who, session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    return text_of(mail, "html")


async def test_the_holder_gets_a_mail_with_what_when_and_the_way_to_the_ticket(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session, places=2)

    assert await tell(world, booking_id, MADE) is None

    [mail] = world.mails
    assert mail["To"] == anna.email
    assert mail["Subject"].startswith("Je ticket: De kleine prins, do 12")
    for words in (text_of(mail), html_of(mail)):
        assert "€\xa010,00" in words
        assert f"http://testserver.local/dender/boekingen/{booking_id}" in words


async def test_a_way_to_cancel_is_told_only_while_there_is_one(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    tonight = await world.session(starts_in=timedelta(hours=3))
    for each in (session, tonight):
        await tell(world, await made(world, anna, each), MADE)

    early, late = world.mails
    for early_words, late_words in ((text_of(early), text_of(late)), (html_of(early), html_of(late))):
        assert "Annuleer via dezelfde link, voor wo 11" in early_words
        assert "Deze plaatsen kan je niet meer annuleren." in late_words
        assert "Annuleer via" not in late_words


async def test_who_cancelled_is_told_what_came_back(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session(price_cents=300)
    booking_id = await made(world, anna, session)
    await world.cancel(booking_id)

    await tell(world, booking_id, ENDED)

    assert "€\xa03,00 krediet terug" in text_of(world.mails[0])
    assert "€\xa03,00 krediet terug" in html_of(world.mails[0])


async def test_nobody_is_told_what_is_no_longer_so(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    assert await tell(world, booking_id, ENDED) is None
    await world.cancel(booking_id)

    assert await tell(world, booking_id, MADE) is None
    assert await tell(world, booking_id, ENDED, region_id=2) is None
    assert world.mails == []


async def test_who_has_no_address_is_not_mailed(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.execute("UPDATE identity.person SET email = NULL")

    assert await tell(world, booking_id, MADE) is None
    assert world.mails == []


async def test_a_mail_server_that_is_away_is_told_to_the_worker(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    away = Mailer("smtp://127.0.0.1:9", "uit <noreply@example.org>")
    services = BookingServices(**{**vars(world.services), "mailer": away})

    assert isinstance(await notify_holder(services, 1, booking_id, MADE, "{}"), MailAway)


async def test_a_cancelled_session_is_told_with_its_reason(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.execute(
        "UPDATE reservations.session SET status = 'cancelled', status_reason = 'De acteur is ziek.'"
        " WHERE id = $1",
        session.id,
    )
    await world.cancel(booking_id)

    await tell(world, booking_id, ENDED)

    assert "Dit gaat niet door" in text_of(world.mails[0])
    assert "De acteur is ziek." in text_of(world.mails[0])


async def test_a_name_with_odd_signs_stays_one_subject(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.execute("UPDATE organisers.event SET name = $1", "Bach & <zoon>\r\nBcc: x@example.org")

    await tell(world, booking_id, MADE)

    [mail] = world.mails
    assert mail["Subject"].startswith("Je ticket: Bach & <zoon> Bcc: x@example.org, do 12")
    assert mail["Bcc"] is None
