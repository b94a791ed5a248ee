"""Who waits, on their own pages: joins the line, hears of an offer, and answers it by one link."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

from reservations.booking.expiry import expire_due
from reservations.booking.price_code import code_digest
from reservations.waiting.join_form import date_field
from reservations.waiting.place import place_path
from tests.builders import Resident, Session, World
from tests.reservations.conditions import ask
from tests.reservations.counter.helpers import at_the_counter
from tests.reservations.dates import call_off, faults, plain
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.waiting.lines import LIES, join, offer_of, rule, sold_out, state
from uit.database.outbox import Deliverer
from uit.entrypoints.topics import topics

SEE_OTHER, UNPROCESSABLE, CONFLICT, NOT_FOUND = 303, 422, 409, 404


def link(world: World, entry_id: UUID) -> str:
    return f"/dender/{place_path(world.services.secrets.signing, 1, entry_id)}"


def asking(session: Session) -> str:
    return f"/dender/sessies/{session.id}/wachtlijst"


async def deliver(world: World) -> None:
    services = world.services
    deliverer = Deliverer(services.database, services.clock, services.ids, topics(services))
    while (await deliverer.deliver_due()).more:
        pass


async def waiting(world: World, places: int = 1) -> tuple[Session, list[UUID], Resident, UUID]:
    session, booked = await sold_out(world)
    anna = await world.resident()
    return session, booked, anna, await join(world, anna, session, places=places)


async def test_what_is_full_leads_to_its_line_and_says_how_many_wait(world: World) -> None:
    session, _, _, _ = await waiting(world)

    page = (await world.client.get(f"/dender/evenementen/{session.event_id}?sessie={session.id}")).text

    assert asking(session) in page
    assert "Er staat 1 aanvraag vóór jou." in page


async def test_a_member_joins_and_reads_their_place_in_the_line(world: World) -> None:
    session, _, _, _ = await waiting(world)
    await world.sign_in(await world.resident())
    fields = {date_field(session.id): "true", "plaatsen-base": 2, "entry_id": uuid4()}

    first = await world.post_form(asking(session), **fields)
    again = await world.post_form(asking(session), **fields)

    assert first.status_code == again.status_code == SEE_OTHER
    assert first.headers["location"] == again.headers["location"]
    page = await world.client.get(first.headers["location"])
    assert "Er staat 1 aanvraag vóór jou." in page.text
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_a_guest_says_who_they_are(world: World) -> None:
    session, _ = await sold_out(world)
    fields = {date_field(session.id): "true", "plaatsen-base": 1, "entry_id": uuid4()}

    missing = await world.post_form(asking(session), **fields)
    answer = await world.post_form(asking(session), **fields, naam=LIES.name, email=LIES.email)

    assert missing.status_code == UNPROCESSABLE
    assert "Vul je naam in." in missing.text
    assert answer.status_code == SEE_OTHER


async def test_what_is_wrong_comes_back_with_what_was_typed(world: World) -> None:
    session, _ = await sold_out(world)
    await world.sign_in(await world.resident())

    none = await world.post_form(asking(session), entry_id=uuid4(), **{"plaatsen-base": 0})
    many = await world.post_form(
        asking(session), entry_id=uuid4(), **{"plaatsen-base": 5, date_field(session.id): "true"}
    )

    assert none.status_code == UNPROCESSABLE
    assert "Kies minstens één datum." in none.text
    assert "Kies minstens één plaats." in none.text
    assert "Zoveel plaatsen zijn er niet" in many.text
    assert re.search(r'name="plaatsen-base"[^>]*value="5"', many.text)


async def test_who_could_book_is_led_there(world: World) -> None:
    session = await world.session(seats=3)
    await world.sign_in(await world.resident())

    answer = await world.post_form(
        asking(session), entry_id=uuid4(), **{"plaatsen-base": 2, date_field(session.id): "true"}
    )

    assert answer.status_code == CONFLICT
    assert f"/dender/sessies/{session.id}/boeken" in answer.text


async def test_the_rule_is_said_to_who_waits(world: World) -> None:
    session, _, _, entry = await waiting(world)
    passes_on = (await world.client.get(link(world, entry))).text
    await rule(world, session, "keep")
    keeps = (await world.client.get(link(world, entry))).text

    assert "gaan ze naar de volgende" in passes_on
    assert "houden we ze opzij" in keeps


async def test_one_link_accepts(world: World) -> None:
    _, booked, _, entry = await waiting(world)
    await world.cancel(booked[0])

    page = (await world.client.get(link(world, entry))).text
    answer = await world.post_form(f"{link(world, entry)}/ja", gezien=0)

    assert "Er is plaats voor jou" in page
    assert answer.status_code == SEE_OTHER
    assert answer.headers["location"] == link(world, entry)
    assert await state(world, entry) == "accepted"
    page = (await world.client.get(link(world, entry))).text
    assert "Je nam de plaatsen" in page
    assert "Toon je pas aan de deur: dat is je ticket." in page
    assert f"/dender/boekingen/{await offer_of(world, entry)}" in page
    assert await faults(world) == []


async def test_who_is_signed_in_and_accepts_comes_to_their_booking(world: World) -> None:
    _, booked, anna, entry = await waiting(world)
    await world.cancel(booked[0])
    await world.sign_in(anna)

    answer = await world.post_form(f"{link(world, entry)}/ja", gezien=0)

    assert answer.headers["location"] == f"/dender/boekingen/{await offer_of(world, entry)}"


async def test_another_who_is_signed_in_and_has_the_link_is_not_sent_to_what_is_not_theirs(
    world: World,
) -> None:
    _, booked, _, entry = await waiting(world)
    await world.cancel(booked[0])
    await world.sign_in(await world.resident())

    answer = await world.post_form(f"{link(world, entry)}/ja", gezien=0)

    assert answer.headers["location"] == link(world, entry)
    assert "Daarvoor meld je je eerst aan." in (await world.client.get(link(world, entry))).text


async def test_who_declines_an_offer_is_not_told_that_a_booking_was_cancelled(world: World) -> None:
    _, booked, _, entry = await waiting(world)
    await world.cancel(booked[0])
    await deliver(world)
    world.mails.clear()

    await world.post_form(f"{link(world, entry)}/nee")
    await deliver(world)

    assert await state(world, entry) == "declined"
    assert world.mails == []


async def test_whose_offer_is_called_off_is_told_once(world: World) -> None:
    session, booked = await sold_out(world, seats=1)
    entry = await join(world, LIES, session)
    await world.cancel(booked[0])
    await deliver(world)
    world.mails.clear()

    await call_off(world, session)
    await deliver(world)

    assert await state(world, entry) == "over"
    [mail] = [each for each in world.mails if each["To"] == LIES.email]
    assert str(mail["subject"]).startswith("Gaat niet door: De kleine prins")
    for part in ("plain", "html"):
        body = mail.get_body((part,))
        assert body
        text = body.get_content()
        assert "Wat we je aanboden van de wachtlijst, vervalt daarmee." in text
        assert f"/evenementen/{session.event_id}?sessie={session.id}" in text
        assert "Geannuleerd" not in text
        assert "/wijzigen" not in text


async def test_the_page_of_a_booking_that_is_an_offer_leads_to_the_answer(world: World) -> None:
    _, booked, anna, entry = await waiting(world)
    await world.cancel(booked[0])
    await world.sign_in(anna)

    page = (await world.client.get(f"/dender/boekingen/{await offer_of(world, entry)}")).text

    assert "Er is plaats voor jou" in page
    assert link(world, entry) in page
    assert "Toon dit aan de deur" not in page
    assert 'class="pass"' not in page
    assert "/annuleren" not in page
    for address in ("/dender", "/dender/mijn-boekingen"):
        listed = (await world.client.get(address)).text
        assert "Er is plaats: zeg ja of nee" in listed
        assert "Nog te betalen" not in listed


async def test_opening_the_link_does_nothing(world: World) -> None:
    _, booked, _, entry = await waiting(world)
    await world.cancel(booked[0])

    for _ in range(3):
        await world.client.get(link(world, entry))

    assert await state(world, entry) == "offered"


async def test_one_link_declines_and_one_leaves_the_line(world: World) -> None:
    session, booked, _, first = await waiting(world)
    second = await join(world, await world.resident(), session)
    await world.cancel(booked[0])

    await world.post_form(f"{link(world, first)}/nee")
    assert (await state(world, first), await state(world, second)) == ("declined", "offered")

    third = await join(world, await world.resident(), session)
    await world.post_form(f"{link(world, third)}/weg")
    again = await world.post_form(f"{link(world, third)}/weg")

    assert await state(world, third) == "left"
    assert again.status_code == SEE_OTHER
    assert "Je bent van de lijst" in (await world.client.get(link(world, third))).text


async def test_who_leaves_sets_free_what_was_kept_for_them(world: World) -> None:
    session, booked = await sold_out(world)
    await rule(world, session, "keep")
    group = await join(world, await world.resident(), session, places=3)
    alone = await join(world, await world.resident(), session)
    await world.cancel(booked[0])

    await world.post_form(f"{link(world, group)}/weg")

    assert await state(world, alone) == "offered"
    assert await faults(world) == []


async def test_an_offer_that_passed_says_so_and_leads_back_to_the_line(world: World) -> None:
    session, booked, _, entry = await waiting(world)
    await world.cancel(booked[0])
    world.clock.move(timedelta(days=3))

    late = await world.post_form(f"{link(world, entry)}/ja", gezien=0)
    await expire_due(world.services)

    assert "Je aanbod is voorbij" in late.text
    page = (await world.client.get(link(world, entry))).text
    assert "Je aanbod is voorbij" in page
    assert asking(session) in page


async def test_the_price_is_said_and_credit_that_changed_meanwhile_is_shown_again(world: World) -> None:
    session = await world.session(seats=1, price_cents=300)
    bilal, anna = await world.resident(credit_cents=300), await world.resident(credit_cents=1000)
    booked = await world.book(bilal, session)
    entry = await join(world, anna, session)
    await world.cancel(booked.booking.id)  # type: ignore[union-attr]

    page = (await world.client.get(link(world, entry))).text
    stale = await world.post_form(f"{link(world, entry)}/ja", gezien=100)
    answer = await world.post_form(f"{link(world, entry)}/ja", gezien=300)

    assert "€ 3,00" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "10,00" not in page
    assert await state(world, entry) == "accepted"
    assert (stale.status_code, answer.status_code) == (200, SEE_OTHER)
    assert await world.available_cents(anna) == 700


async def test_another_link_opens_nothing(world: World) -> None:
    _, _, _, entry = await waiting(world)

    mine = link(world, entry)

    for address in (f"{mine}x", link(world, uuid4()), mine.replace("dender", "kust")):
        assert (await world.client.get(address)).status_code == NOT_FOUND


async def test_each_step_is_mailed_with_the_one_link(world: World) -> None:
    _, booked, _, entry = await waiting(world)
    await deliver(world)
    await world.cancel(booked[0])
    await deliver(world)
    world.clock.move(timedelta(days=3))
    await expire_due(world.services)
    await deliver(world)

    mine = [each for each in world.mails if link(world, entry) in each.as_string().replace("=\n", "")]
    subjects = [str(each["subject"]) for each in mine]
    assert [each.partition(":")[0] for each in subjects] == [
        "Je staat op de wachtlijst",
        "Er is plaats voor jou",
        "Je plaatsen gingen naar iemand anders",
    ]


async def test_no_mail_names_what_is_discreet(world: World) -> None:
    session, booked, _, _ = await waiting(world)
    await world.execute("UPDATE organisers.event SET is_discreet = true WHERE id = $1", session.event_id)
    await world.cancel(booked[0])
    await deliver(world)

    offered = [each for each in world.mails if "Er is plaats" in str(each["subject"])]
    assert len(offered) == 1
    assert [each for each in offered if "kleine prins" in each.as_string()] == []


async def test_who_waits_for_a_date_that_is_called_off_is_told_and_waits_no_longer(world: World) -> None:
    session, _ = await sold_out(world, seats=1)
    entry_id = await join(world, LIES, session)
    await deliver(world)
    world.mails.clear()

    await call_off(world, session)
    await deliver(world)

    assert await state(world, entry_id) == "over"
    [mail] = [each for each in world.mails if each["To"] == LIES.email]
    assert "Je stond hiervoor op de wachtlijst. Die is nu voorbij." in plain(mail)
    assert "Deze wachtlijst is voorbij" in text_of(await world.client.get(link(world, entry_id)))


async def test_who_waits_for_another_date_as_well_goes_on_waiting(world: World) -> None:
    first, _ = await sold_out(world, seats=1)
    second, _ = await sold_out(world, seats=1, organiser_id=first.organiser_id)
    await world.execute("UPDATE reservations.session SET event_id = $1", first.event_id)
    entry_id = await join(world, LIES, first, second)

    await call_off(world, first)

    assert await state(world, entry_id) == "waiting"


async def test_who_waits_at_a_price_with_a_code_types_it_once(world: World) -> None:
    session, booked = await sold_out(world)
    digest = code_digest(world.services.secrets.signing, 1, "hop zolder")
    assert digest
    await ask(world, session, "base", code_digest=digest)
    await world.sign_in(await world.resident())
    entry_id = uuid4()
    fields = {date_field(session.id): "true", "plaatsen-base": 1, "entry_id": entry_id}

    page = await world.client.get(asking(session))
    without = await world.post_form(asking(session), **fields)
    wrong = await world.post_form(asking(session), **fields, code="another one")
    joined = await world.post_form(asking(session), **fields, code="Hop Zolder")
    await world.cancel(booked[0])

    assert 'name="code"' in page.text
    assert (without.status_code, wrong.status_code) == (UNPROCESSABLE, UNPROCESSABLE)
    assert "vraagt een code" in text_of(without)
    assert 'value="another one"' in wrong.text
    assert joined.status_code == SEE_OTHER
    assert await state(world, entry_id) == "offered"
    assert digest not in str(await world.rows("SELECT lines FROM reservations.waiting_entry"))


async def test_a_clerk_puts_somebody_on_the_list_without_typing_a_code(world: World) -> None:
    session, _ = await sold_out(world)
    anna = await world.resident()
    await ask(world, session, "base", code_digest="ab" * 16)
    await at_the_counter(world, anna)
    own = f"/dender/balie/personen/{anna.membership_id}/boekingen/wachtlijst/{session.id}"
    entry_id = uuid4()
    fields = {date_field(session.id): "true", "plaatsen-base": 1, "entry_id": entry_id}

    joined = await world.post_form(own, **fields)

    assert joined.status_code == SEE_OTHER, text_of(joined)
    assert await state(world, entry_id) == "waiting"
