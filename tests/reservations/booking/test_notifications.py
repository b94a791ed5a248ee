"""What a holder is told by mail."""

import re
from datetime import timedelta
from email.message import EmailMessage
from html import unescape
from uuid import UUID, uuid4

import pytest

from reservations.booking.actor import ByClient, ByHolder
from reservations.booking.answers import Booked, Ended, Paid
from reservations.booking.commands import ChosenTickets, GiveUp, Pay, PayWith
from reservations.booking.expiry import expire_due
from reservations.booking.notifications import (
    ENDED,
    MADE,
    MOVED,
    POSTPONED,
    RESTORED,
    BookingMessage,
    notify_holder,
)
from reservations.booking.services import BookingServices
from tests.builders import CLIENT, Resident, Session, World
from tests.reservations.dates import booked, call_off, deliver, move, plain, postpone, restore
from uit.identity.message.reach import NotReached
from uit.services.mail import MailAway, Mailer


async def tell(world: World, booking_id: UUID, topic: str, region_id: int = 1) -> NotReached | None:
    """Deliver the last message of the outbox about this, or one without content where there is none."""
    payload = await world.value(
        "SELECT payload::text FROM uit.outbox WHERE key = $1 AND topic = $2 ORDER BY id DESC LIMIT 1",
        booking_id,
        topic,
    )
    return await notify_holder(
        world.services, BookingMessage(uuid4(), region_id, booking_id, topic, payload or "{}")
    )


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


async def test_the_mail_has_the_number_that_one_says_on_the_phone_and_whom_to_call(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    await world.execute("UPDATE organisers.organiser SET phone = NULL, email = NULL")
    await world.execute("UPDATE uit.region SET help_phone = '053 00 00 01' WHERE id = 1")
    contacts = [{}, {"email": "werf@example.org"}, {"email": "werf@example.org", "phone": "053 00 00 02"}]
    booking_id = await made(world, anna, session)
    tail = booking_id.hex[-8:].upper()
    for contact in contacts:
        for column, value in contact.items():
            await world.execute(
                f"UPDATE organisers.organiser SET {column} = $2 WHERE id = $1", session.organiser_id, value
            )
        await tell(world, booking_id, MADE)

    asked = [
        "Vragen? Bel 053 00 00 01.",
        "Vragen? Mail De Werf: werf@example.org.",
        "Vragen? Bel De Werf: 053 00 00 02.",
    ]
    assert len(world.mails) == len(asked)
    for mail, words in zip(world.mails, asked, strict=True):
        assert f"Nummer van je boeking: {tail[:4]}-{tail[4:]}" in text_of(mail)
        assert f"{tail[:4]}-{tail[4:]}" in html_of(mail)
        assert words in text_of(mail)
        assert words in html_of(mail)


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

    assert isinstance(await notify_holder(services, BookingMessage(uuid4(), 1, booking_id, MADE)), MailAway)


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


async def test_who_gave_one_of_two_dates_up_at_once_still_hears_of_the_other(world: World) -> None:
    first, anna = await world.session(), await world.resident(credit_cents=5000)
    second = await world.session(starts_in=timedelta(days=12), organiser_id=first.organiser_id)
    booking_id = await booked(world, anna, first, second)
    await give_up_line(world, anna, booking_id, 1)

    await tell(world, booking_id, MADE)

    [mail] = world.mails
    assert "za 14" in text_of(mail)
    assert "do 12" not in text_of(mail)


async def test_a_date_that_is_off_and_one_that_is_given_up_with_it_are_not_both_off(world: World) -> None:
    off, anna = await world.session(), await world.resident(credit_cents=5000)
    other = await world.session(starts_in=timedelta(days=12), organiser_id=off.organiser_id)
    booking_id = await booked(world, anna, off, other)
    await world.execute("UPDATE reservations.session SET status = 'cancelled' WHERE id = $1", off.id)
    await world.cancel(booking_id)

    await tell(world, booking_id, ENDED)

    [mail] = world.mails
    assert "Je boeking is geannuleerd." in text_of(mail)
    assert "Dit gaat niet door" not in text_of(mail)


async def give_up_line(world: World, who: Resident, booking_id: UUID, line_no: int) -> None:
    command = GiveUp(1, booking_id, ByHolder(who.membership_id), (ChosenTickets(line_no),))
    assert isinstance(await world.services.turnstile.answer(command), Ended)


async def test_a_name_with_odd_signs_stays_one_subject(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.execute("UPDATE organisers.event SET name = $1", "Bach & <zoon>\r\nBcc: x@example.org")

    await tell(world, booking_id, MADE)

    [mail] = world.mails
    assert mail["Subject"].startswith("Je ticket: Bach & <zoon> Bcc: x@example.org, do 12")
    assert mail["Bcc"] is None


# What happens to a date


async def mail_about(world: World, booking_id: UUID, topic: str) -> tuple[str, list[str]]:
    """The subject of the one mail for the last message about this, and its words in both bodies."""
    world.mails.clear()
    assert await tell(world, booking_id, topic) is None
    [mail] = world.mails
    return spaced(str(mail["Subject"])), [
        spaced(text_of(mail)),
        spaced(re.sub(r"<[^>]+>", " ", html_of(mail))),
    ]


def spaced(text: str) -> str:
    """On one line, with ordinary spaces and without colons: a mail with a layout has none after a label."""
    return " ".join(unescape(text).replace("\N{NO-BREAK SPACE}", " ").replace(": ", " ").split())


async def test_a_date_that_moved_is_told_with_both_moments_and_the_way_out(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await move(world, session, timedelta(minutes=30))

    subject, bodies = await mail_about(world, booking_id, MOVED)

    assert subject == "Ander uur De kleine prins, do 12 mrt, 10.30 u"
    for words in bodies:
        assert "Nu do 12 mrt, 10.30 u" in words
        assert "Eerst do 12 mrt, 10 u" in words
        assert "Je ticket blijft geldig, op het nieuwe moment." in words
        assert "neem alles terug, voor het begint. Je krijgt je krediet helemaal terug." in words


@pytest.mark.parametrize("topic", [MOVED, POSTPONED, RESTORED])
async def test_who_still_has_to_pay_is_not_told_that_a_ticket_is_good(world: World, topic: str) -> None:
    anna, session = await world.resident(), await world.session()
    await world.seller(session.organiser_id, desk_hours=2)
    command = world.command(anna, [(session, "base", 1)], pay_with=PayWith.DESK, payment_id=uuid4())
    held = await world.services.turnstile.answer(command)
    assert isinstance(held, Booked)
    await (move(world, session, timedelta(days=1)) if topic == MOVED else postpone(world, session))
    if topic == RESTORED:
        await restore(world, session)

    _, bodies = await mail_about(world, held.booking.id, topic)

    for words in bodies:
        assert "ticket blijft geldig" not in words
        assert "Je plaatsen zijn nog niet zeker. Rond je boeking af voor" in words


async def test_a_date_that_was_postponed_is_told_with_its_reason_and_no_new_moment(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await postpone(world, session, "De acteur is ziek.")

    subject, bodies = await mail_about(world, booking_id, POSTPONED)

    assert subject == "Uitgesteld De kleine prins"
    for words in bodies:
        assert "Was gepland op do 12 mrt, 10 u" in words
        assert "De acteur is ziek." in words
        assert "Er is nog geen nieuwe datum." in words
        assert "Kies een andere datum, of neem alles terug, wanneer je wil." in words


async def test_no_credit_is_promised_to_who_paid_none(world: World) -> None:
    anna = await world.resident()
    for topic in (MOVED, POSTPONED):
        session = await world.session(price_cents=0)
        booking_id = await made(world, anna, session)
        await (move(world, session, timedelta(days=1)) if topic == MOVED else postpone(world, session))

        _, bodies = await mail_about(world, booking_id, topic)

        assert all("krediet" not in words and "alles terug" in words for words in bodies)


async def test_a_date_that_goes_on_is_told_to_who_still_has_a_ticket(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await postpone(world, session)
    await restore(world, session)

    subject, bodies = await mail_about(world, booking_id, RESTORED)

    assert subject == "Gaat toch door De kleine prins, do 12 mrt, 10 u"
    for words in bodies:
        assert "Je ticket blijft geldig. Tot dan!" in words


async def test_who_gave_up_before_is_not_told_that_it_goes_on(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.cancel(booking_id)
    await postpone(world, session)
    await restore(world, session)

    topics = {row[0] for row in await world.rows("SELECT topic FROM uit.outbox WHERE key = $1", booking_id)}

    assert topics == {MADE, ENDED}


async def test_what_was_overtaken_is_not_told(world: World) -> None:
    """Postponed and moved while the mail server was away: only what is still so is told."""
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await postpone(world, session)
    await move(world, session, timedelta(days=1))
    await call_off(world, session)

    for topic in (POSTPONED, MOVED, RESTORED):
        assert await tell(world, booking_id, topic) is None

    assert world.mails == []


async def test_a_part_that_was_given_up_is_told_with_what_came_back_and_what_stays(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session(price_cents=300)
    booking_id = await made(world, anna, session, places=3)
    by = ByClient(CLIENT, frozenset({session.organiser_id}))
    await world.services.turnstile.answer(GiveUp(1, booking_id, by, (ChosenTickets(1, (2,)),)))

    subject, bodies = await mail_about(world, booking_id, ENDED)

    assert subject == "Deels geannuleerd De kleine prins, do 12 mrt, 10 u"
    for words in bodies:
        assert "Een deel van je boeking is geannuleerd" in words
        assert "Geannuleerde plaatsen 1" in words
        assert "Je kreeg € 3,00 krediet terug." in words
        assert "Je andere tickets blijven geldig." in words


async def test_of_two_dates_the_mail_names_the_one_that_is_called_off(world: World) -> None:
    anna = await world.resident(credit_cents=5000)
    off, other = await world.session(price_cents=300), await world.session(starts_in=timedelta(days=20))
    booking_id = await booked(world, anna, off, other)
    await call_off(world, off, reason="De zaal is beschadigd.")

    subject, bodies = await mail_about(world, booking_id, ENDED)

    assert subject == "Gaat niet door De kleine prins, do 12 mrt, 10 u"
    for words in bodies:
        assert "De zaal is beschadigd." in words
        assert "Je kreeg € 3,00 krediet terug." in words
        assert "Je andere tickets blijven geldig." in words
        assert "zo 22 mrt" not in words


async def test_what_staff_take_back_is_said_to_be_the_organisers_doing(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    booking_id = await made(world, anna, session)
    await world.cancel(booking_id)

    _, bodies = await mail_about(world, booking_id, ENDED)

    for words in bodies:
        assert "De organisator heeft deze plaatsen teruggenomen." in words


# Places that went unpaid


OPENED = "UPDATE credits.payment SET opened_at = made_at, checkout_id = 'cs_1', checkout_url = 'https://pay.example'"


async def lets_pass(world: World, *, credit_cents: int, opened: bool = True) -> tuple[Resident, UUID]:
    """Somebody who was to pay the rest of five euro by card, and whose places lapsed."""
    anna, session = await world.resident(credit_cents=credit_cents), await world.session(price_cents=500)
    await world.seller(session.organiser_id, account="")
    command = world.command(
        anna, [(session, "base", 1)], pay_with=PayWith.CREDIT_THEN_CARD, payment_id=uuid4()
    )
    assert isinstance(await world.services.turnstile.answer(command), Booked)
    if opened:
        await world.execute(OPENED)
    world.clock.move(timedelta(minutes=20))
    assert await expire_due(world.services) == 1
    return anna, command.booking_id


async def test_a_hold_that_lapsed_is_told_with_the_credit_that_stands_again(world: World) -> None:
    anna, booking_id = await lets_pass(world, credit_cents=300)

    subject, bodies = await mail_about(world, booking_id, ENDED)

    assert subject == "Je plaatsen zijn weer vrij De kleine prins, do 12 mrt, 10 u"
    assert world.mails[0]["To"] == anna.email
    for words in bodies:
        assert "Je betaling kwam niet binnen. Je plaatsen zijn vrijgegeven." in words
        assert "Je krediet staat terug € 3,00." in words
        assert "Komt je betaling later toch nog binnen?" in words
        assert "Boek opnieuw" in words


async def test_who_had_no_credit_in_it_reads_that_nothing_is_lost(world: World) -> None:
    _, booking_id = await lets_pass(world, credit_cents=0)

    _, bodies = await mail_about(world, booking_id, ENDED)

    for words in bodies:
        assert "Er is geen geld betaald je hoeft niets te doen." in words
        assert "krediet" not in words


async def test_who_never_saw_a_payment_page_is_not_told_that_they_did_not_pay(world: World) -> None:
    _, booking_id = await lets_pass(world, credit_cents=300, opened=False)

    _, bodies = await mail_about(world, booking_id, ENDED)

    for words in bodies:
        assert "De betaalpagina ging niet open. Dat lag niet aan jou." in words
        assert "niet binnen" not in words
        assert "toch nog binnen" not in words


async def test_a_hold_that_lapsed_is_told_once(world: World) -> None:
    await lets_pass(world, credit_cents=300)
    assert await expire_due(world.services) == 0

    assert len(await deliver(world)) == 1
    assert await deliver(world) == []


async def test_who_paid_after_all_before_the_mail_was_out_hears_of_their_ticket_alone(world: World) -> None:
    _, booking_id = await lets_pass(world, credit_cents=300)
    (payment_id, wallet_id) = (
        await world.rows(
            "SELECT p.id, l.wallet_id FROM credits.payment AS p"
            " JOIN reservations.line AS l ON l.booking_id = p.booking_id"
        )
    )[0]
    late = Pay(1, booking_id, payment_id, 200, "py_1", wallets=(wallet_id,))
    answer = await world.services.turnstile.answer(late)

    [mail] = await deliver(world)

    assert isinstance(answer, Paid)
    assert mail["Subject"].startswith("Je ticket")


async def test_who_did_not_come_to_the_desk_is_told_so_without_a_word_of_money_under_way(
    world: World,
) -> None:
    anna, session = await world.resident(credit_cents=300), await world.session(price_cents=500)
    await world.seller(session.organiser_id, desk_hours=2)
    command = world.command(anna, [(session, "base", 1)], pay_with=PayWith.DESK, payment_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(command), Booked)
    await deliver(world)
    world.clock.move(timedelta(hours=3))
    await expire_due(world.services)

    [mail] = await deliver(world)

    assert "Je betaling kwam niet binnen. Je plaatsen zijn vrijgegeven." in plain(mail)
    assert "Je krediet staat terug: € 3,00." in plain(mail)
    assert "later toch nog" not in plain(mail)


async def test_who_gave_their_hold_up_is_not_told_that_they_did_not_pay(world: World) -> None:
    anna, session = await world.resident(credit_cents=300), await world.session(price_cents=500)
    await world.seller(session.organiser_id, account="")
    command = world.command(
        anna, [(session, "base", 1)], pay_with=PayWith.CREDIT_THEN_CARD, payment_id=uuid4()
    )
    await world.services.turnstile.answer(command)
    await give_up_line(world, anna, command.booking_id, 1)
    world.clock.move(timedelta(minutes=20))
    assert await expire_due(world.services) == 0

    [mail] = await deliver(world)

    assert mail["Subject"].startswith("Geannuleerd")
    assert "niet binnen" not in plain(mail)


async def test_places_that_nothing_was_to_be_paid_for_lapse_without_a_mail(world: World) -> None:
    anna, session = await world.resident(credit_cents=5000), await world.session()
    until = world.clock.now() + timedelta(minutes=14)
    command = world.command(anna, [(session, "base", 1)], held_until=until)
    await world.services.turnstile.answer(command)
    world.clock.move(timedelta(minutes=14))
    await expire_due(world.services)

    for topic in (MADE, ENDED):
        assert await tell(world, command.booking_id, topic) is None
    assert world.mails == []
