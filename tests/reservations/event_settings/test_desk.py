"""What an organiser says of an activity: discreet, and whether tickets carry a first name."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from reservations.booking.answers import Booked
from reservations.booking.notifications import MADE
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child
from tests.passes.letters.letters import a_letter, live
from tests.reservations.booking.test_notifications import tell
from tests.reservations.booking.test_notifications import text_of as mail_of
from tests.reservations.choosing.dates import A_WEEK, two_dates
from tests.reservations.dates import call_off, deliver, plain, postpone
from tests.reservations.sessions.test_desk import page_of, text_of

A_TEENAGER = date(2013, 6, 1)
WHY = "De begeleidster van de rouwgroep is ziek."


def address_of(session: Session) -> str:
    return f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/activiteit"


async def say(world: World, session: Session, **ticked: str) -> None:
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    answer = await world.post_form(address_of(session), **ticked)
    assert answer.headers["location"] == f"{address_of(session)}?gedaan=ja"


async def booked(world: World, who: Resident, session: Session) -> UUID:
    answer = await world.book(who, session)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def seen_by(world: World, parent: Resident, child: Resident) -> str:
    await world.sign_in(parent)
    return text_of(await world.client.get(f"/dender/wie-help-ik/{child.membership_id}"))


async def test_a_parent_of_twelve_sees_what_is_discreet_as_an_amount_alone(world: World) -> None:
    mother = await world.resident()
    jonas = await a_child(world, mother, credit_cents=2000, born_on=A_TEENAGER, name="Jonas")
    session, other = await world.session(price_cents=300), await world.session(price_cents=200)
    await world.execute("UPDATE organisers.event SET name = 'Praatgroep' WHERE id = $1", session.event_id)
    await say(world, session, discreet="true")
    for each in (session, other):
        await booked(world, jonas, each)

    page = await seen_by(world, mother, jonas)

    assert "Een activiteit: € 3,00 krediet" in page
    assert "De kleine prins" in page
    assert "Praatgroep" not in page


async def test_a_parent_of_a_child_of_eight_sees_all(world: World) -> None:
    mother = await world.resident()
    lotte, session = await a_child(world, mother, credit_cents=2000), await world.session(price_cents=300)
    await say(world, session, discreet="true")
    await booked(world, lotte, session)

    assert "De kleine prins" in await seen_by(world, mother, lotte)


async def test_who_shares_it_is_seen(world: World) -> None:
    mother = await world.resident()
    jonas = await a_child(world, mother, credit_cents=2000, born_on=A_TEENAGER, name="Jonas")
    session = await world.session(price_cents=300)
    await say(world, session, discreet="true")
    await booked(world, jonas, session)
    given_id = await world.value("SELECT id FROM identity.representation")

    await world.sign_in(jonas)
    page = text_of(await world.client.get("/dender/wie-helpt-mij"))
    await world.post_form(f"/dender/wie-helpt-mij/{given_id}/delen", deel="ja")

    assert "maar niet als de organisator dat discreet noemt" in page
    assert "De kleine prins" in await seen_by(world, mother, jonas)


async def test_from_sixteen_a_parent_sees_amounts_of_all_and_no_titles(world: World) -> None:
    mother = await world.resident()
    noor = await a_child(world, mother, credit_cents=2000, born_on=date(2009, 6, 1), name="Noor")
    await booked(world, noor, await world.session(price_cents=300))

    page = await seen_by(world, mother, noor)

    assert "Een activiteit: € 3,00 krediet" in page
    assert "De kleine prins" not in page


async def test_a_mail_does_not_name_what_is_discreet_and_the_own_page_does(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=300)
    await say(world, session, discreet="true")
    booking_id = await booked(world, anna, session)

    await tell(world, booking_id, MADE)
    await world.sign_in(anna)

    [mail] = world.mails
    assert "De kleine prins" not in mail_of(mail) + str(mail["Subject"])
    assert "De Werf" not in mail_of(mail)
    assert "Een activiteit" in mail_of(mail)
    assert "De kleine prins" in text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))


@pytest.mark.parametrize("how", ["at once", "to choose", "longer", "postponed"])
async def test_why_a_discreet_date_changes_is_on_the_page_and_in_no_message(world: World, how: str) -> None:
    """Its organiser may have typed there what nobody else has to know."""
    anna, (session, _) = await world.resident(credit_cents=2000), await two_dates(world)
    booking_id = await booked(world, anna, session)
    await deliver(world)
    await say(world, session, discreet="true")
    if how == "postponed":
        await postpone(world, session, WHY)
    else:
        await call_off(world, session, reason=WHY, choose=None if how == "at once" else A_WEEK)
    if how == "longer":
        await deliver(world)
        longer = f"{page_of(session)}/geworden/langer"
        assert (await world.post_form(longer, day="20/3/2026", reason=WHY)).status_code == 303

    [mail] = await deliver(world)
    await world.sign_in(anna)
    own = text_of(await world.client.get(f"/dender/boekingen/{booking_id}"))

    assert "ouwgroep" not in plain(mail) + mail_of(mail) + str(mail["Subject"])
    assert "Waarom, lees je op de pagina van je boeking." in plain(mail)
    assert WHY in own


async def test_a_letter_of_before_that_was_not_printed_names_it_no_more(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=300)
    await world.execute("UPDATE identity.person SET email = NULL, reached_by = 'letter'")
    await live(world, anna)
    await world.execute("UPDATE organisers.organiser SET phone = '+3253000000'")
    await booked(world, anna, session)
    await deliver(world)
    printed = await a_letter(world, anna.person_id)
    about = "SELECT subject || body FROM identity.letter WHERE id <> $1"
    before = await world.value(about, printed)
    await world.execute(
        "UPDATE identity.letter SET body = 'De kleine prins', batch_id = id WHERE id = $1", printed
    )

    await say(world, session, discreet="true")
    after = await world.value(about, printed)

    assert before.count("De kleine prins") == 2
    assert "De Werf" in before
    assert after.count("Een activiteit") == 2
    assert not any(word in after for word in ("De kleine prins", "De Werf", "+3253000000", "53 00"))
    assert await world.value("SELECT body FROM identity.letter WHERE id = $1", printed) == "De kleine prins"


async def test_a_letter_of_before_that_was_not_printed_says_no_more_why(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=300)
    await world.execute("UPDATE identity.person SET email = NULL, reached_by = 'letter'")
    await live(world, anna)
    await booked(world, anna, session)
    await postpone(world, session, f"{WHY} De kleine prins komt later.")
    await deliver(world)
    about = "SELECT string_agg(body, '') FROM identity.letter"

    before = await world.value(about)
    await say(world, session, discreet="true")
    after = await world.value(about)

    assert WHY in before
    assert "ouwgroep" not in after
    assert "Waarom, lees je op de pagina van je boeking." in after


async def test_a_first_name_stands_on_a_ticket_where_it_is_asked(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=300)
    own = f"/dender/boekingen/{await booked(world, anna, session)}"
    await world.sign_in(anna)
    before = text_of(await world.client.get(own))
    await say(world, session, name="first")
    await world.sign_in(anna)

    after = text_of(await world.client.get(own))

    assert "Yasmine · Gewone plaats" not in before
    assert "Yasmine · Gewone plaats" in after


async def test_an_import_leaves_it_and_a_repeat_writes_no_second_act(world: World) -> None:
    session = await world.session()

    await say(world, session, discreet="true")
    await say(world, session, discreet="true")
    page = await world.client.get(address_of(session))

    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'event.settings'") == 1
    assert "checked" in page.text


async def test_another_organiser_says_nothing_of_it(world: World) -> None:
    session, other = await world.session(), await world.organiser(name="Elders")
    await world.sign_in_staff("organiser", organiser_id=other)

    refused = await world.post_form(
        f"/dender/organisaties/{other}/sessies/{session.id}/activiteit", discreet="true"
    )

    assert refused.status_code == 404
    assert not await world.value("SELECT is_discreet FROM organisers.event")


async def test_who_books_reads_by_which_name_the_organiser_knows_them(world: World) -> None:
    anna, session = await world.resident(credit_cents=2000), await world.session(price_cents=300)
    book = f"/dender/sessies/{session.id}/boeken/{uuid4()}?plaatsen-base=1"
    said = {}
    for asked in ("", "first", "full"):
        await say(world, session, name=asked)
        await world.sign_in(anna)
        said[asked] = text_of(await world.client.get(book))

    assert "Wie dit organiseert, ziet" not in said[""]
    assert "ziet de voornaam van wie komt" in said["first"]
    assert "ziet de naam en de voornaam van wie komt" in said["full"]
