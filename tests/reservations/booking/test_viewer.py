"""A booking for several: who sees what of it, and who gives up what."""

import re
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from tests.builders import Resident, World
from tests.identity.person.helpers import a_child, entrust
from tests.passes.letters.letters import live
from tests.reservations.booking.test_acting import book_for, book_together
from tests.reservations.booking.test_notifications import text_of as mail_of
from tests.reservations.dates import deliver
from tests.reservations.sessions.test_desk import text_of

LIST = "/dender/mijn-boekingen"


async def a_family(world: World) -> tuple[Resident, Resident, Resident, UUID]:
    """A mother with Lotte and Bram, and what she booked for the three of them."""
    mother = await world.resident(credit_cents=2000)
    lotte = await a_child(world, mother, credit_cents=2000)
    bram = await a_child(world, mother, credit_cents=2000, name="Bram")
    booked = await book_together(world, mother, [lotte, bram], await world.session(), along=True)
    assert isinstance(booked, Booked)
    return mother, lotte, bram, booked.booking.id


async def mailed_at(world: World, who: Resident, address: str) -> None:
    await world.execute("UPDATE identity.person SET email = $2 WHERE id = $1", who.person_id, address)


async def page_of(world: World, who: Resident, address: str) -> str:
    await world.sign_in(who)
    return text_of(await world.client.get(address))


async def test_who_booked_sees_the_tickets_of_all_each_under_a_name(world: World) -> None:
    mother, _lotte, _bram, booking_id = await a_family(world)

    page = await page_of(world, mother, f"/dender/boekingen/{booking_id}")

    assert "Voor jou, Lotte en Bram. Jij boekte dit." in page
    assert "Voor iedereen samen" in page
    assert all(f"Ticket {number} van 3" in page for number in (1, 2, 3))
    assert "€ 15,00" in page


async def test_the_list_says_for_whom_the_places_are(world: World) -> None:
    mother, *_others = await a_family(world)
    await world.book(mother, await world.session())

    listed = await page_of(world, mother, LIST)

    assert "3 plaatsen voor jou, Lotte en Bram" in listed
    assert listed.count("voor jou") == 1


async def test_who_comes_along_sees_their_own_ticket_and_amount_alone(world: World) -> None:
    _mother, lotte, _bram, booking_id = await a_family(world)

    page = await page_of(world, lotte, f"/dender/boekingen/{booking_id}")
    listed = await page_of(world, lotte, LIST)
    asked = await page_of(world, lotte, f"/dender/boekingen/{booking_id}/annuleren")

    assert "Yasmine Peeters boekte dit voor jou." in page
    assert "Bram" not in page + listed + asked
    assert "1 plaats voor jou" in listed
    assert "Voor iedereen samen" not in page
    assert "€ 5,00" in page
    assert "€ 15,00" not in page
    assert "1 plaats" in listed
    assert "Ticket" not in asked


async def test_the_list_and_the_start_page_have_what_one_booked_for_another(world: World) -> None:
    mother, father = await world.resident(), await world.resident()
    lotte = await a_child(world, mother, father, credit_cents=2000)
    booked = await book_for(world, mother, lotte, await world.session())
    assert isinstance(booked, Booked)
    own = f"/dender/boekingen/{booked.booking.id}"

    seen = [await page_of(world, mother, each) for each in (LIST, "/dender")]
    await world.sign_in(mother)
    listed = (await world.client.get(LIST)).text
    of_father = [await page_of(world, father, each) for each in (LIST, "/dender")]

    assert own in listed
    assert all("De kleine prins" in page for page in seen)
    assert "Je hebt nog niets geboekt" in of_father[0]
    assert "Je volgende uitstap" not in of_father[1]


async def test_what_one_booked_goes_from_the_list_with_the_power(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=2000), await world.resident()
    await entrust(world, anna, bilal, powers=("book", "pay"))
    await book_for(world, bilal, anna, await world.session())

    before = await page_of(world, bilal, LIST)
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())
    after = await page_of(world, bilal, LIST)

    assert "De kleine prins" in before
    assert "De kleine prins" not in after


async def test_who_booked_gives_up_for_one_and_the_others_are_not_told(world: World) -> None:
    mother, lotte, bram, booking_id = await a_family(world)
    await mailed_at(world, bram, "bram@example.org")
    await mailed_at(world, lotte, "lotte@example.org")
    await world.sign_in(mother)
    page = await world.client.get(f"/dender/boekingen/{booking_id}/annuleren")
    offered = re.findall(r'name="aanbod"\s+value="([^"]*)"', page.text)[0]

    answer = await world.post_form(
        f"/dender/boekingen/{booking_id}/annuleren",
        **{"ticket-3.1": "true", "aanbod": offered, "cancellation_id": str(uuid4())},
    )
    for _ in range(3):
        await deliver(world)

    assert answer.status_code == 303
    assert offered == "1.1 2.1 3.1"
    assert await world.available_cents(bram) == 2000
    ended = {mail["To"] for mail in world.mails if "geannuleerd" in str(mail["Subject"]).lower()}
    assert ended == {mother.email, "bram@example.org"}


async def test_each_who_comes_is_mailed_their_own_part_and_who_booked_the_whole(world: World) -> None:
    mother, lotte, _bram, _id = await a_family(world)
    await mailed_at(world, lotte, "lotte@example.org")

    for _ in range(2):
        await deliver(world)

    by_address = {mail["To"]: mail_of(mail) for mail in world.mails}
    assert set(by_address) == {mother.email, "lotte@example.org"}
    assert "de boeking die je voor jezelf, Lotte en Bram maakte" in by_address[mother.email]
    assert "3 plaatsen" in by_address[mother.email]
    assert "1 plaats" in by_address["lotte@example.org"]
    assert "Bram" not in by_address["lotte@example.org"]
    assert "Yasmine boekte dit voor jou." in by_address["lotte@example.org"]
    assert "boekte dit voor jou" not in by_address[mother.email]


async def test_who_booked_for_others_reads_on_paper_that_they_show_their_own_pass(world: World) -> None:
    mother, lotte, bram, _id = await a_family(world)
    await world.execute("UPDATE identity.person SET email = NULL, reached_by = 'letter'")
    for each in (mother, lotte, bram):
        await live(world, each)

    await deliver(world)

    told = await world.rows("SELECT person_id, body FROM identity.letter")
    by_person = {each["person_id"]: each["body"] for each in told}
    assert "Wie komt, toont de eigen pas aan de deur" in by_person[mother.person_id]
    assert "Toon je pas" not in by_person[mother.person_id]


async def test_who_comes_along_is_not_asked_to_pay_for_the_others(world: World) -> None:
    mother = await world.resident()
    lotte, bram = [await a_child(world, mother, credit_cents=cents) for cents in (2000, 0)]
    session = await world.session()
    await world.seller(session.organiser_id, desk_hours=48)
    booked = await book_together(world, mother, [lotte, bram], session, pay_with=PayWith.DESK)
    assert isinstance(booked, Booked)
    own = f"/dender/boekingen/{booked.booking.id}"

    hers, theirs = await page_of(world, mother, own), await page_of(world, lotte, own)

    assert "Nog te betalen: € 5,00" in hers
    assert "Nog te betalen:" not in theirs
