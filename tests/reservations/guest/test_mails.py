"""What a guest is told by mail: the same as a holder, with the link of their booking."""

import re
from datetime import date, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from reservations.booking.actor import ByGuest
from reservations.booking.answers import Booked, Ended, Paid
from reservations.booking.commands import ChosenTickets, GiveUp, Pay, PayAtDesk, PayWith
from reservations.booking.expiry import expire_due
from reservations.booking.notifications import HELD, MADE, BookingMessage, notify_holder
from reservations.booking.returns import EndedTicketNote, numbers_of
from reservations.booking.tickets import TicketPosition
from tests.builders import World
from tests.credits.payments.test_mandate import by_mandate
from tests.credits.till.drawers import a_drawer
from tests.reservations.booking.test_notifications import html_of, made, mail_about, text_of
from tests.reservations.dates import call_off, deliver, move, plain, postpone, restore
from tests.reservations.guest.guests import (
    EMAIL,
    as_guest,
    choice_in,
    claim_in,
    guest_books,
    guest_pays,
    link_in,
    link_of,
    takes_money,
)
from uit.services.mail import MailRefused


async def test_the_first_mail_of_a_guest_has_the_link_and_says_what_it_is_for(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))

    [mail] = await deliver(world)

    assert mail["To"] == EMAIL
    assert str(mail["Subject"]).startswith("Je ticket: De kleine prins")
    assert link_in(text_of(mail)) == link_in(html_of(mail)) == link_of(world, booking_id, mailed=True)
    for words in (plain(mail), html_of(mail)):
        assert "Dag Lotte Maes" in words
        assert "zonder account" in words
        assert "met dit e-mailadres" in words or words == plain(mail)
        assert claim_in(text_of(mail))["code"] in words
    assert (await world.client.get(link_in(text_of(mail)))).status_code == 200


async def test_no_personal_data_and_no_link_stand_in_the_subject(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    booking_id = await desk_books(world, *[session])
    await give_up(world, booking_id)

    for mail in await deliver(world):
        assert not any(words in str(mail["Subject"]) for words in ("Lotte", "@", "gast/", "example.org"))


async def test_a_holder_is_told_nothing_of_links_and_codes(world: World) -> None:
    await made(world, await world.resident(credit_cents=5000), await world.session())

    [mail] = await deliver(world)

    assert "gast/" not in text_of(mail) + html_of(mail)
    assert "toevoegen" not in text_of(mail) + html_of(mail)
    assert "omdat je met je pas plaatsen boekte" in html_of(mail)


async def test_forty_people_of_one_mailbox_each_get_a_link_and_a_code_of_their_own(world: World) -> None:
    session = await world.session(seats=50, price_cents=0)
    for _ in range(40):
        await guest_books(world, session)

    mails = await deliver(world)

    assert len({link_in(text_of(mail)) for mail in mails}) == 40
    assert len({claim_in(text_of(mail))["code"] for mail in mails}) == 40


async def test_an_address_that_takes_no_mail_breaks_nothing_else(world: World) -> None:
    session = await world.session(price_cents=0)
    booking_id, other = await guest_books(world, session, email="lotte"), await guest_books(world, session)

    refused = await notify_holder(world.services, BookingMessage(uuid4(), 1, booking_id, MADE))
    told = await notify_holder(world.services, BookingMessage(uuid4(), 1, other, MADE))

    assert (isinstance(refused, MailRefused), told) == (True, None)
    assert (await world.client.get(link_of(world, booking_id))).status_code == 200


async def test_a_guest_whose_address_was_erased_is_told_nothing(world: World) -> None:
    booking_id = await guest_books(world, await world.session(price_cents=0))
    await world.execute("DELETE FROM reservations.contact")

    assert await notify_holder(world.services, BookingMessage(uuid4(), 1, booking_id, MADE)) is None
    assert world.mails == []


async def test_a_guest_is_told_what_becomes_of_their_date(world: World) -> None:
    session = await world.session(price_cents=0)
    booking_id = await guest_books(world, session)
    await deliver(world)
    await postpone(world, session)
    [postponed] = await deliver(world)
    await restore(world, session)
    [restored] = await deliver(world)
    await move(world, session, timedelta(days=1))
    [moved] = await deliver(world)
    await call_off(world, session, reason="De zaal is stuk.")
    [off] = await deliver(world)

    assert "De zaal is stuk." in plain(off)
    for mail in (postponed, moved):
        assert "/dender/gast/" in (await world.client.get(choice_in(text_of(mail)))).text
    assert link_in(text_of(restored)) == link_of(world, booking_id, mailed=True)
    assert not any("krediet" in plain(mail) for mail in (postponed, restored, moved))


# The desk


async def desk_books(world: World, *sessions: object) -> UUID:
    [session] = sessions
    command = as_guest(session, pay_with=PayWith.DESK, payment_id=uuid4(), places=2)  # type: ignore[arg-type]
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def give_up(world: World, booking_id: UUID, *chosen: ChosenTickets) -> None:
    command = GiveUp(1, booking_id, ByGuest(str(booking_id)), chosen)
    assert isinstance(await world.services.turnstile.answer(command), Ended)


async def test_who_pays_at_the_desk_is_told_how_much_until_when_and_the_number(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    booking_id = await desk_books(world, session)

    subject, bodies = await mail_about(world, booking_id, HELD)

    assert subject == "Betaal € 10,00 aan de kassa voor wo 4 mrt, 10 u De kleine prins"
    tail = booking_id.hex[-8:].upper()
    for words in bodies:
        assert "Betaal € 10,00 aan de kassa van De Werf, voor wo 4 mrt, 10 u." in words
        assert f"Nummer van je boeking {tail[:4]}-{tail[4:]}" in words
        assert "zonder account" in words


async def test_what_is_discreet_is_named_in_no_mail_by_its_seller_or_by_a_link(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    await world.execute("UPDATE organisers.event SET is_discreet = true")
    booking_id = await desk_books(world, session)

    _, held = await mail_about(world, booking_id, HELD)
    await call_off(world, session)
    await restore(world, session)
    await deliver(world)

    assert "Waar, lees je bij je boeking." in held[0]
    for mail in world.mails:
        for words in (str(mail["Subject"]), text_of(mail), html_of(mail)):
            assert "De Werf" not in words
            assert str(session.event_id) not in words
    assert any("gaat toch door" in text_of(mail) for mail in world.mails)


async def test_under_a_mandate_both_mails_name_who_sells(world: World) -> None:
    session = await world.session(price_cents=500)
    agent = await by_mandate(world, session)
    await takes_money(world, session)
    await world.execute(
        "UPDATE organisers.organiser SET name = 'Regio Dender', enterprise_number = '0876543270'"
        " WHERE id = $1",
        agent,
    )
    booking_id = await desk_books(world, session)

    _, held = await mail_about(world, booking_id, HELD)
    drawer = await a_drawer(world, seller_id=agent)
    payment_id = await world.value("SELECT id FROM credits.payment WHERE booking_id = $1", booking_id)
    sale = replace(drawer.sale(1000), booking_id=booking_id, payment_id=payment_id)
    assert isinstance(await world.services.turnstile.answer(PayAtDesk(1, booking_id, sale)), Paid)
    _, booked = await mail_about(world, booking_id, MADE)

    for words in held:
        assert "aan de kassa van De Werf, voor" in words
        assert re.search(r"Verkoper:? Regio Dender \(0876\.543\.270\)", words)
    for words in booked:
        assert "Verkoper Regio Dender (0876.543.270)" in words


async def test_a_holder_who_pays_at_the_desk_is_told_so_too(world: World) -> None:
    anna, session = await world.resident(credit_cents=200), await world.session(price_cents=500)
    await takes_money(world, session)
    command = world.command(anna, [(session, "base", 1)], pay_with=PayWith.DESK, payment_id=uuid4())
    assert isinstance(await world.services.turnstile.answer(command), Booked)

    _, bodies = await mail_about(world, command.booking_id, HELD)

    for words in bodies:
        assert "Betaal € 3,00 aan de kassa van De Werf" in words
        assert "zonder account" not in words


async def test_what_is_not_held_any_more_is_not_to_be_paid(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    booking_id = await desk_books(world, session)
    world.clock.move(timedelta(days=3))
    await expire_due(world.services)

    assert await notify_holder(world.services, BookingMessage(uuid4(), 1, booking_id, HELD)) is None
    assert world.mails == []


# What comes back


async def paid(world: World, *, credit_cents: int = 0, places: int = 3) -> tuple[object, UUID]:
    """Somebody paid 5 euro for each place by card, but for what credit paid; the date and the booking."""
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    if credit_cents:
        anna = await world.resident(credit_cents=credit_cents)
        command = world.command(
            anna, [(session, "base", places)], pay_with=PayWith.CREDIT_THEN_CARD, payment_id=uuid4()
        )
        await world.services.turnstile.answer(command)
    else:
        command = await guest_pays(world, session, places=places)
    assert command.payment_id is not None
    pay = Pay(1, command.booking_id, command.payment_id, 500 * places - credit_cents, "py_1")
    assert isinstance(await world.services.turnstile.answer(pay), Paid)
    world.clock.move(timedelta(minutes=1))
    await deliver(world)
    return session, command.booking_id


def both(mail: EmailMessage) -> list[str]:
    """Its plain text and its HTML."""
    return [plain(mail), html_of(mail).replace("\N{NO-BREAK SPACE}", " ")]


async def test_a_part_that_is_given_up_names_its_tickets_and_what_goes_to_the_card(world: World) -> None:
    _, booking_id = await paid(world)
    await give_up(world, booking_id, ChosenTickets(1, (1, 3)))

    [mail] = await deliver(world)

    for words in (plain(mail), html_of(mail).replace("\N{NO-BREAK SPACE}", " ")):
        assert "Tickets 1, 3" in words
        assert (
            "Je krijgt € 10,00 terug op de rekening of kaart waarmee je betaalde. Dat duurt enkele dagen."
            in words
        )
        assert "krediet" not in words


async def test_the_fee_of_an_organiser_is_said_before_and_where_it_was_kept(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session, cancel_fee_cents=150)
    command = await guest_pays(world, session, places=3)
    assert command.payment_id is not None
    await world.services.turnstile.answer(Pay(1, command.booking_id, command.payment_id, 1500, "py_1"))
    world.clock.move(timedelta(minutes=1))
    [booked] = await deliver(world)
    await give_up(world, command.booking_id, ChosenTickets(1, (1,)))
    [part] = await deliver(world)
    world.clock.move(timedelta(minutes=1))
    await give_up(world, command.booking_id)
    [rest] = await deliver(world)

    would_keep = "De organisator houdt dan per ticket hoogstens € 1,50 van wat je betaalde."
    assert all(would_keep in each for each in both(booked))
    assert all("De organisator houdt € 1,50 van wat je betaalde." in each for each in both(part))
    assert all("De organisator houdt € 3,00 van wat je betaalde." in each for each in both(rest))


async def test_who_is_called_off_keeps_all_and_reads_of_no_fee(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session, cancel_fee_cents=150)
    command = await guest_pays(world, session)
    assert command.payment_id is not None
    await world.services.turnstile.answer(Pay(1, command.booking_id, command.payment_id, 500, "py_1"))
    world.clock.move(timedelta(minutes=1))
    await call_off(world, session)

    [mail] = await deliver(world)

    assert all("De organisator houdt" not in each for each in both(mail))


async def test_a_second_part_tells_only_what_came_back_by_it(world: World) -> None:
    _, booking_id = await paid(world)
    await give_up(world, booking_id, ChosenTickets(1, (1, 3)))
    world.clock.move(timedelta(minutes=1))
    await give_up(world, booking_id)

    _, second = await deliver(world)

    assert "Je krijgt € 5,00 terug op de rekening of kaart waarmee je betaalde." in plain(second)
    assert "Geannuleerd: Ticket 2" in plain(second)


async def test_a_date_that_is_called_off_says_what_came_back_by_each_way(world: World) -> None:
    session, _ = await paid(world, credit_cents=300, places=1)
    await call_off(world, session)  # type: ignore[arg-type]
    await world.execute("UPDATE credits.refund SET status = 'sent', arrives_on = $1", date(2026, 3, 9))

    [mail] = await deliver(world)

    assert "Je kreeg € 3,00 krediet terug." in plain(mail)
    assert (
        "Je krijgt € 2,00 terug op de rekening of kaart waarmee je betaalde, ten laatste op ma 9 mrt."
        in plain(mail)
    )
    assert "Geannuleerd: Ticket" not in plain(mail)


@pytest.mark.parametrize(("way", "nothing_to_do"), [("card", True), ("cash", False)])
async def test_who_has_cash_waiting_at_a_till_is_not_told_that_there_is_nothing_to_do(
    world: World, way: str, *, nothing_to_do: bool
) -> None:
    session, _ = await paid(world, places=1)
    await call_off(world, session)  # type: ignore[arg-type]
    await world.execute("UPDATE credits.refund SET way = $1::credits.refund_way, code = 'K7QM'", way)

    [mail] = await deliver(world)

    for words in (plain(mail), html_of(mail)):
        assert ("Je hoeft niets te doen." in words) == nothing_to_do


@pytest.mark.parametrize(
    ("way", "status", "said"),
    [
        (
            "card",
            "done",
            "waarmee je betaalde. Je ziet het ten laatste op do 12 mrt bij je bank.",
        ),
        ("card", "failed", "We konden € 5,00 niet terugzetten op de rekening of kaart waarmee je betaalde."),
        ("cash", "due", "Je krijgt € 5,00 terug aan de kassa van de organisator. Toon daar deze code: K7QM"),
        ("cash", "done", "Je kreeg € 5,00 terug aan de kassa."),
        ("transfer", "sent", "Je krijgt € 5,00 terug met een overschrijving."),
        ("transfer", "done", "Je kreeg € 5,00 terug met een overschrijving."),
        ("credit_note", "due", "Je krijgt een creditnota van € 5,00."),
        ("credit_note", "done", "Je kreeg een creditnota van € 5,00."),
    ],
)
async def test_each_way_back_has_its_own_words(world: World, way: str, status: str, said: str) -> None:
    _, booking_id = await paid(world, places=1)
    await give_up(world, booking_id)
    await world.execute(
        "UPDATE credits.refund SET way = $1::credits.refund_way, status = $2::credits.refund_status,"
        " code = 'K7QM', done_at = CASE WHEN $2 = 'done' THEN decided_at END",
        way, status,
    )  # fmt: skip

    [mail] = await deliver(world)
    page = (await world.client.get(link_of(world, booking_id))).text.replace("\N{NO-BREAK SPACE}", " ")

    assert said in plain(mail)
    assert said in page


async def test_a_payment_that_came_too_late_is_said_to_be_on_its_way_back(world: World) -> None:
    session = await world.session(seats=1, price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session)
    world.clock.move(timedelta(hours=1))
    await expire_due(world.services)
    taken = await guest_pays(world, session)
    assert command.payment_id is not None
    await world.services.turnstile.answer(Pay(1, command.booking_id, command.payment_id, 500, "py_1"))

    [mail] = await deliver(world)

    assert str(mail["Subject"]).startswith("Je geld komt terug: De kleine prins")
    assert "Je betaling kwam aan toen we je plaatsen niet meer konden vrijhouden." in plain(mail)
    assert (
        "Je krijgt € 5,00 terug op de rekening of kaart waarmee je betaalde. Dat duurt enkele dagen."
        in plain(mail)
    )
    page = (await world.client.get(link_of(world, command.booking_id))).text
    assert "Je betaling kwam te laat: je plaatsen waren al weg." in page
    assert "Je krijgt €\xa05,00 terug op de rekening of kaart waarmee je betaalde." in page
    assert taken.booking_id != command.booking_id


async def test_who_paid_twice_is_told_so_and_keeps_the_booking(world: World) -> None:
    session = await world.session(price_cents=500)
    await takes_money(world, session)
    command = await guest_pays(world, session)
    assert command.payment_id is not None
    drawer = await a_drawer(world, seller_id=session.organiser_id)
    sale = replace(drawer.sale(500), booking_id=command.booking_id, payment_id=uuid4())
    await world.services.turnstile.answer(PayAtDesk(1, command.booking_id, sale))
    await deliver(world)
    await world.services.turnstile.answer(Pay(1, command.booking_id, command.payment_id, 500, "py_1"))

    [mail] = await deliver(world)
    page = (await world.client.get(link_of(world, command.booking_id))).text

    assert "Je betaalde twee keer voor hetzelfde." in plain(mail)
    assert "Verder verandert er niets aan je boeking." in plain(mail)
    assert "Wat je te veel betaalde" in page
    assert "Van tickets die je niet meer hebt" not in page


def test_tickets_are_named_as_their_page_counts_them() -> None:
    session, positions = UUID(int=1), [TicketPosition(1, no, no) for no in range(1, 9)]
    named = [
        EndedTicketNote(session, 1, no, "given_up", 0)  # type: ignore[arg-type]
        for no in (7, 2, 4, 5, 6)
    ]

    assert numbers_of(named, session, positions) == "2, 4-7"
    assert numbers_of(named[:1], session, positions[:1]) == ""
