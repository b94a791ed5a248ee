"""Mijn krediet: what a resident reads of their credit, with one entry for each outing."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

from credits.wallet import entry
from credits.wallet.lapse import lapse_due
from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.credits.books import a_programme, granted, held, settle
from tests.credits.wallet.test_statement import statement_of

HOME = "/dender/mijn-krediet"


def plain(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ").split())


async def told(world: World, who: Resident, query: str = "") -> str:
    """What happened, as the page of somebody tells it."""
    await world.sign_in(who)
    answer = await world.client.get(f"{HOME}{query}")
    assert answer.status_code == 200
    return plain(answer.text.partition("<tbody>")[2].partition("</tbody>")[0])


async def booked(world: World, who: Resident, session: Session, places: int = 1) -> UUID:
    answer = await world.book(who, session, places)
    assert isinstance(answer, Booked)
    return answer.booking.id


async def test_the_page_says_in_dutch_what_happened(world: World) -> None:
    anna, session = await world.resident(), await world.session(price_cents=300)
    await granted(world, await a_programme(world), anna)
    await world.purse(1, anna.membership_id, 300, lapses_in_days=3)
    world.clock.move(timedelta(hours=1))
    await booked(world, anna, session)
    await world.sign_in(anna)

    text = plain((await world.client.get(HOME)).text)

    assert "Je kan nog uitgeven" in text
    assert "Gekregen van Jong in Aalst 2 maart 2026 + € 50,00" in text
    assert "De kleine prins 12 maart 2026 Opzij gezet \N{MINUS SIGN} € 3,00" in text
    assert "tot en met 2 maart 2027" in text


async def test_an_outing_is_one_entry_whatever_became_of_its_credit(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=300)
    world.clock.move(timedelta(hours=1))
    holds = await held(world, anna, session)
    put_aside = await told(world, anna)
    await settle(world, *((hold, 300) for hold in holds))

    paid = await told(world, anna)

    assert put_aside.startswith("De kleine prins 12 maart 2026 Opzij gezet \N{MINUS SIGN} € 3,00 Gekregen")
    assert paid.startswith("De kleine prins 12 maart 2026 Uitgegeven \N{MINUS SIGN} € 3,00 Gekregen")
    assert paid.count("3,00") == 1


async def test_what_was_given_up_is_one_entry_that_took_nothing(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=300)
    world.clock.move(timedelta(hours=1))
    await world.cancel(await booked(world, anna, session))

    text = await told(world, anna)

    assert text.startswith("De kleine prins 12 maart 2026 Terug bij je krediet niets uitgegeven Gekregen")
    assert "3,00" not in text


async def test_of_a_part_that_was_given_up_the_rest_is_told(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=300)
    world.clock.move(timedelta(hours=1))
    booking_id = await booked(world, anna, session, places=2)
    await world.sign_in(anna)
    await world.post_form(f"/dender/boekingen/{booking_id}/annuleren", **{"ticket-1.1": "true"})

    text = await told(world, anna)

    assert "Opzij gezet \N{MINUS SIGN} € 3,00" in text
    assert "6,00" not in text


async def test_two_outings_of_one_booking_are_two_entries_and_two_prices_of_one_are_one(world: World) -> None:
    anna = await world.resident(credit_cents=1000, social_until=date(2027, 1, 1))
    first, second = [await world.session(price_cents=300, starts_in=timedelta(days=day)) for day in (10, 11)]
    world.clock.move(timedelta(hours=1))
    lines = [(first, "base", 1), (second, "base", 1), (first, "kansentarief", 1)]
    assert isinstance(await world.services.turnstile.answer(world.command(anna, lines)), Booked)

    text = await told(world, anna)

    assert text.count("De kleine prins") == 2
    assert "12 maart 2026 Opzij gezet \N{MINUS SIGN} € 3,60" in text
    assert "13 maart 2026 Opzij gezet \N{MINUS SIGN} € 3,00" in text


async def test_a_booking_that_was_erased_is_told_by_its_organiser(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=300)
    await settle(world, *((hold, 300) for hold in await held(world, anna, session)))
    await world.execute("DELETE FROM reservations.ticket")
    await world.execute("DELETE FROM reservations.line")

    assert "Een boeking bij De Werf 2 maart 2026 Uitgegeven \N{MINUS SIGN} € 3,00" in await told(world, anna)


async def test_what_lapsed_is_an_entry(world: World) -> None:
    anna = await world.resident()
    await world.purse(1, anna.membership_id, 700, lapses_in_days=1)
    world.clock.move(timedelta(days=3))
    await lapse_due(world.services, world.clock.now())

    assert "Vervallen: Cultuurkrediet 5 maart 2026 \N{MINUS SIGN} € 7,00" in await told(world, anna)


async def test_entries_follow_each_other_over_pages_without_a_gap_or_a_repeat(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=100, seats=20)
    bookings = []
    for _ in range(4):
        world.clock.move(timedelta(minutes=1))
        bookings.append(await booked(world, anna, session))
    most, entry.ENTRIES = entry.ENTRIES, 2
    await world.sign_in(anna)
    seen, address = list[str](), HOME

    while address:
        page = (await world.client.get(address)).text
        seen += re.findall(r'href="/dender/boekingen/([0-9a-f-]+)"', page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        address = further[1] if further else ""

    entry.ENTRIES = most
    assert seen == [str(each) for each in reversed(bookings)]


async def test_a_page_goes_on_where_it_ended_also_when_its_last_entry_changed_since(world: World) -> None:
    anna, session = await world.resident(credit_cents=1000), await world.session(price_cents=100, seats=20)
    bookings = []
    for _ in range(3):
        world.clock.move(timedelta(minutes=1))
        bookings.append(await booked(world, anna, session))
    most, entry.ENTRIES = entry.ENTRIES, 2
    await world.sign_in(anna)
    further = re.search(r'rel="next" href="([^"]+)"', (await world.client.get(HOME)).text)
    assert further
    world.clock.move(timedelta(minutes=1))
    await world.post_form(
        f"/dender/boekingen/{bookings[1]}/annuleren", welke="alle", aanbod="1.1", cancellation_id=uuid4()
    )

    second = (await world.client.get(further[1])).text

    entry.ENTRIES = most
    assert re.findall(r'href="/dender/boekingen/([0-9a-f-]+)"', second) == [str(bookings[0])]
    assert "Terug bij je krediet" in (await world.client.get(HOME)).text


async def test_after_the_last_entry_there_is_nothing_more_and_what_is_no_place_is_the_first_page(
    world: World,
) -> None:
    await world.sign_in(await world.resident(credit_cents=1000))

    after_all = (await world.client.get(f"{HOME}?na=1-{'0' * 32}")).text

    assert "Er is niets meer" in after_all
    assert "Je hebt nog geen krediet" not in after_all
    for typed in (str(uuid4()), "x", "\x00"):
        assert "Gekregen van" in (await world.client.get(HOME, params={"na": typed})).text


async def test_nobody_reads_what_another_did(world: World) -> None:
    anna, bilal = await world.resident(credit_cents=1000), await world.resident()
    await booked(world, anna, await world.session(price_cents=300))
    await world.sign_in(bilal)

    assert "De kleine prins" not in (await world.client.get(HOME)).text


async def test_somebody_without_credit_hears_where_to_ask(world: World) -> None:
    await world.sign_in(await world.resident())

    assert "Je hebt nog geen krediet" in (await world.client.get("/dender/mijn-krediet")).text


async def test_credit_that_no_organiser_takes_stands_apart_and_is_not_in_the_sum(world: World) -> None:
    anna, _ = await world.resident(credit_cents=2550), await world.session(price_cents=300)
    await granted(world, await a_programme(world), anna)
    await world.sign_in(anna)

    found = await statement_of(world, anna)
    text = (await world.client.get("/dender/mijn-krediet")).text
    start = (await world.client.get("/dender")).text

    assert (found.available_cents, found.spendable_cents, found.unspendable_cents) == (7550, 2550, 5000)
    assert [(each.programme, each.cents, each.spendable) for each in found.left] == [
        ("Cultuurkrediet", 2550, True),
        ("Jong in Aalst", 5000, False),
    ]
    assert text.count("nu nergens te gebruiken") == 1
    assert "75,50" not in text + start


async def test_nobody_reads_of_a_programme_that_they_have_nothing_of(world: World) -> None:
    anna = await world.resident()
    await granted(world, await a_programme(world), anna)
    await world.sign_in(anna)

    text = (await world.client.get("/dender/mijn-krediet")).text

    assert "Jong in Aalst" in text
    assert "Cultuurkrediet" not in text
