"""The page of an event: its facts, its prices, and the days and hours to choose from."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from tests.builders import Session, World
from tests.identity.person.helpers import a_child
from uit.core.clock import BRUSSELS

ON_PAGE = re.compile(r'href="(/dender/evenementen/[0-9a-f-]+\?[^"]*)"')
BOOKED = re.compile(r'href="/dender/sessies/([^/]+)/boeken"')
TO_CHOOSE = re.compile(r"\?sessie=([0-9a-f-]{36})")


def plain(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ").split())


def address_of(session: Session) -> str:
    return f"/dender/evenementen/{session.event_id}"


async def shown(world: World, address: str) -> str:
    answer = await world.client.get(address)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


async def said(world: World, session: Session) -> str:
    return plain(await shown(world, address_of(session)))


async def tariff(world: World, session: Session, name: str, cents: int) -> None:
    await world.execute(
        "INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids, rank)"
        " VALUES (1, $1, $2, $3, $4, $5, 1)",
        session.id, name.lower().replace(" ", "-"), name, cents, [session.pool_id],
    )  # fmt: skip


async def at(world: World, session: Session, starts: str, ends: str, **more: str) -> None:
    """Give a session these hours in Brussels."""
    first, last = (datetime.fromisoformat(each).replace(tzinfo=BRUSSELS) for each in (starts, ends))
    await world.execute(
        "UPDATE reservations.session SET starts_at = $2, ends_at = $3, sale_closes_at = $3,"
        " cancel_until = $2, status = $4::reservations.session_status WHERE id = $1",
        session.id, first, last, more.get("status", "scheduled"),
    )  # fmt: skip


async def status(world: World, session: Session, status: str, reason: str | None = None) -> None:
    await world.execute(
        "UPDATE reservations.session SET status = $2::reservations.session_status, status_reason = $3"
        " WHERE id = $1",
        session.id, status, reason,
    )  # fmt: skip


async def of_one_event(world: World, *starts: timedelta) -> list[Session]:
    """Sessions of one event, each with its own places and prices."""
    made = [await world.session(starts_in=each) for each in starts]
    for each in made[1:]:
        await world.execute(
            "UPDATE reservations.session SET event_id = $1 WHERE id = $2", made[0].event_id, each.id
        )
    return made


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2026-03-04T20:00", "2026-03-04T21:10", "wo 4 mrt, 20 u tot 21.10 u · 1 u 10"),
        ("2026-03-06T23:30", "2026-03-07T04:00", "vr 6 mrt, 23.30 u tot 4 u · 4 u 30"),
        ("2026-03-07T00:00", "2026-03-07T23:59:59", "za 7 mrt Plaats volgt"),
        ("2026-03-05T18:00", "2026-03-20T21:00", "do 5 mrt, 18 u tot vr 20 mrt, 21 u Plaats volgt"),
        ("2026-03-05T00:00", "2026-04-30T23:59:59", "5 mrt tot en met 30 apr Plaats volgt"),
        ("2026-03-02T00:00", "2027-03-02T23:59:59", "doorlopend Plaats volgt"),
        ("2026-10-25T02:30", "2026-10-25T04:00", "zo 25 okt, 2.30 u, zomertijd tot 4 u · 2 u 30"),
    ],
)
async def test_its_first_words_say_from_when_until_when(
    world: World, starts: str, ends: str, words: str
) -> None:
    session = await world.session()
    await at(world, session, starts, ends)

    assert f"De kleine prins {words}" in await said(world, session)


async def test_every_price_stands_in_a_table_with_ones_own_beside_it(world: World) -> None:
    session = await world.session(price_cents=1500)
    await tariff(world, session, "Lid van de bib", 1000)

    stranger = await said(world, session)
    await world.sign_in(await world.resident(social_until=date(2027, 1, 1)))
    entitled = await said(world, session)

    assert "Prijzen Voor wie Per ticket Gewone prijs € 15,00 Lid van de bib € 10,00" in stranger
    assert "voor jou" not in stranger
    assert "Gewone prijs € 15,00 Met jouw pas voor jou € 3,00 Lid van de bib € 10,00" in entitled
    assert "kansentarief" not in entitled.lower()


async def test_a_day_is_a_button_and_so_is_each_hour_of_the_day_that_is_chosen(world: World) -> None:
    morning, evening, later = await of_one_event(
        world, timedelta(days=1), timedelta(days=1, hours=8), timedelta(days=2)
    )

    page = await shown(world, address_of(morning))
    [*_, other_hour] = [each for each in ON_PAGE.findall(page) if str(evening.id) in each]
    chosen = await shown(world, unescape(other_hour))

    assert "Kies een dag maart di 3 wo 4, 10 u Kies een uur op di 3 mrt 10 u tot 12 u 18 u tot 20 u" in plain(
        page
    )
    assert BOOKED.findall(page) == [str(morning.id)]
    assert BOOKED.findall(chosen) == [str(evening.id)]
    assert f"?sessie={later.id}" in chosen


async def test_dates_at_one_hour_say_it_once(world: World) -> None:
    sessions = await of_one_event(world, *(timedelta(days=day) for day in (1, 8, 15)))

    page = await said(world, sessions[0])

    assert "Kies een dag Telkens 10 u tot 12 u maart di 3 di 10 di 17" in page


async def test_one_date_is_not_chosen(world: World) -> None:
    assert "Kies een dag" not in await said(world, await world.session())


async def test_a_long_series_is_walked_to_its_end_without_a_gap_or_a_repeat(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 39, every=timedelta(days=3))
    page, seen = await shown(world, address_of(session)), list[str]()

    while further := re.search(r'href="([^"]*\?na=[^"&]*#wanneer)"', page):
        seen += dict.fromkeys(TO_CHOOSE.findall(page))
        page = await shown(world, unescape(further[1]).partition("#")[0])
    seen += dict.fromkeys(TO_CHOOSE.findall(page))

    assert len(seen) == len(set(seen)) == 40


async def test_a_day_with_more_dates_than_a_page_is_walked_too(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 120, every=timedelta(minutes=5))
    page = await shown(world, address_of(session))
    further = re.search(r'href="([^"]*\?na=[^"&]*)#wanneer"', page)
    assert further

    both = {*TO_CHOOSE.findall(page), *TO_CHOOSE.findall(await shown(world, unescape(further[1])))}

    assert len(both) == 121


async def test_what_is_chosen_on_a_later_page_stays_on_that_page(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 39, every=timedelta(days=3))
    first = await shown(world, address_of(session))
    further = re.search(r'href="([^"]*\?na=[^"&]*)#wanneer"', first)
    assert further

    second = await shown(world, unescape(further[1]))
    last = unescape(ON_PAGE.findall(second)[-2])
    chosen = await shown(world, last)

    assert set(TO_CHOOSE.findall(chosen)) == set(TO_CHOOSE.findall(second))
    assert 'aria-current="true"' in chosen.partition(TO_CHOOSE.findall(last)[0])[2]


async def test_a_day_that_is_typed_is_shown_with_what_comes_after(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 39, every=timedelta(days=3))

    page = plain(await shown(world, f"{address_of(session)}?dag=2026-04-19"))

    assert "De kleine prins ma 20 apr," in page.partition("Kies een dag")[0]
    assert "Eerste dagen" in page
    assert "Op 19 april 2026 is er niets. Dit zijn de dagen erna." in page


async def test_a_day_that_was_typed_stays_in_its_box_and_is_answered(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 39, every=timedelta(days=3))
    address = address_of(session)

    there, none_left = [await shown(world, f"{address}?dag={day}") for day in ("2026-04-20", "1/9/2026")]
    unreadable = await world.client.get(address, params={"dag": "morgen"})

    assert 'value="2026-04-20"' in there
    assert "is er niets" not in there
    assert "Op 1 september 2026 is er niets. Dit zijn de eerste dagen." in plain(none_left)
    assert 'value="2026-09-01"' in none_left
    assert unreadable.status_code == 422
    assert 'value="morgen"' in unreadable.text
    assert "Dit is geen dag die wij kennen." in plain(unreadable.text)


async def test_a_day_on_which_something_runs_has_something(world: World) -> None:
    fair = await world.session()
    await world.more_sessions(fair, 39, every=timedelta(days=-3))
    await at(world, fair, "2026-03-01T10:00", "2026-03-20T18:00")

    assert "is er niets" not in await shown(world, f"{address_of(fair)}?dag=2026-03-15")


async def test_what_began_years_ago_and_still_runs_has_its_day(world: World) -> None:
    session = await world.session()
    await at(world, session, "2019-05-01T00:00", "2027-03-02T23:59:59")

    page = await said(world, session)

    assert "Er zijn geen dagen meer" not in page
    assert "Boek je plaats" in page


@pytest.mark.parametrize("typed", ["morgen", "0001-01-01", "9999-12-31", "2031-01-01", "\x00", "1" * 500])
async def test_a_day_without_dates_shows_the_first(world: World, typed: str) -> None:
    session = await world.session()

    answer = await world.client.get(address_of(session), params={"dag": typed})

    assert BOOKED.findall(answer.text) == [str(session.id)]


async def test_a_date_that_does_not_take_place_says_so_first_and_offers_another(world: World) -> None:
    off, other = await of_one_event(world, timedelta(days=1), timedelta(days=8))
    await status(world, off, "cancelled", "De acteur is ziek.")

    page = await shown(world, f"{address_of(off)}?sessie={off.id}")
    words = plain(page.partition('id="main"')[2])

    assert words.find("Dit gaat niet door: di 3 mrt, 10 u. De acteur is ziek.") < words.find(
        "De kleine prins"
    )
    assert "Was gepland op di 3 mrt, 10 u tot 12 u" in words
    assert "Er is nog plaats op een ander moment. di 10 mrt, 10 u" in words
    assert not [each for each in ("€", "In mandje", "annuleren", "Boek je plaats") if each in words]
    assert f"?sessie={other.id}" in page


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("cancelled", "Dit gaat niet door: do 12 mrt, 10 u."),
        ("postponed", "Dit is uitgesteld. Er is nog geen nieuwe datum."),
        ("suspended", "Dit is nog niet zeker. De organisator beslist nog of het doorgaat."),
    ],
)
async def test_what_became_of_the_only_date_comes_first_and_leads_to_the_agenda(
    world: World, became: str, words: str
) -> None:
    session = await world.session()
    await status(world, session, became, "Er waait een storm.")

    page = plain((await shown(world, address_of(session))).partition('id="main"')[2])

    assert re.search(f"{re.escape(words)} Er waait een storm. .*De kleine prins", page)
    assert "Kies iets anders" in page
    assert "€" not in page


async def test_days_that_cannot_be_booked_say_why_on_their_button(world: World) -> None:
    sessions = await of_one_event(world, *(timedelta(days=day) for day in (1, 2, 3, 4)))
    for session, became in zip(sessions[:2], ("cancelled", "postponed"), strict=True):
        await status(world, session, became)
    await world.execute("UPDATE reservations.pool SET taken = capacity WHERE id = $1", sessions[2].pool_id)

    page = await said(world, sessions[0])

    assert "di 3 · gaat niet door wo 4 · uitgesteld do 5 · vol vr 6" in page
    assert "De kleine prins vr 6 mrt, 10 u" in page


async def test_a_full_date_leads_to_one_with_places(world: World) -> None:
    full, other = await of_one_event(world, timedelta(days=1), timedelta(days=2))
    await world.execute("UPDATE reservations.pool SET taken = capacity WHERE id = $1", full.pool_id)

    page = await shown(world, f"{address_of(full)}?sessie={full.id}")

    assert "Alle plaatsen zijn weg" in plain(page)
    assert "Er is nog plaats op een ander moment. wo 4 mrt, 10 u" in plain(page)
    assert f'href="{address_of(full)}?sessie={other.id}"' in page


@pytest.mark.parametrize(
    ("contact", "way"),
    [
        ('{"booking_url": "https://voorbeeld.example/hop"}', 'href="https://voorbeeld.example/hop"'),
        ('{"phones": ["053 12 34 56"]}', 'href="tel:053123456"'),
        ('{"emails": ["hop@voorbeeld.example"]}', 'href="mailto:hop@voorbeeld.example"'),
        ('{"urls": ["https://voorbeeld.example"]}', 'href="https://voorbeeld.example"'),
    ],
)
async def test_what_is_sold_elsewhere_says_how_to_ask_its_organiser(
    world: World, contact: str, way: str
) -> None:
    session = await world.session()
    await status(world, session, "sold_elsewhere")
    await world.execute(
        "UPDATE organisers.event SET contact = $2::text::jsonb WHERE id = $1", session.event_id, contact
    )

    page = await shown(world, address_of(session))

    assert way in page.partition("<aside")[2].partition("</aside>")[0]
    assert "Vraag de organisator" in plain(page)
    assert "Boek je plaats" not in page


async def test_ages_stand_with_the_first_facts(world: World) -> None:
    session = await world.session()
    await world.execute(
        "UPDATE organisers.event SET age_from = 6, age_to = 12 WHERE id = $1", session.event_id
    )

    assert "Plaats volgt van 6 tot en met 12 jaar" in await said(world, session)


async def test_a_limit_at_midnight_is_the_end_of_the_day_before(world: World) -> None:
    session = await world.session()
    await at(world, session, "2026-03-07T00:00", "2026-03-07T23:59:59")

    assert "Gratis annuleren tot vr 6 mrt, 23.59 u." in await said(world, session)


async def test_a_sale_that_opens_with_a_day_says_that_day(world: World) -> None:
    session = await world.session()
    opens_at = datetime(2026, 3, 5, tzinfo=BRUSSELS)
    await world.execute(
        "UPDATE reservations.session SET sale_opens_at = $2 WHERE id = $1", session.id, opens_at
    )

    assert "Boeken kan vanaf do 5 mrt" in await said(world, session)
    assert "0 u" not in (await said(world, session)).partition("Boeken kan")[2].partition("Goed om")[0]


async def test_a_price_says_for_what_age_for_how_many_and_from_how_many(world: World) -> None:
    session = await world.session(price_cents=1500)
    for name in ("Jong", "Gezin", "Groep", "Geboren in 2018"):
        await tariff(world, session, name, 1000)
    for code, rule in (
        ("jong", "age_to = 17"),
        ("gezin", "weight = 4"),
        ("groep", "least = 10"),
        ("geboren-in-2018", "born_from = '2018-01-01', born_to = '2018-12-31'"),
    ):
        await world.execute(f"UPDATE reservations.tariff SET {rule} WHERE code = $1", code)

    page = await said(world, session)

    assert "Jong tot en met 17 jaar € 10,00" in page
    assert "Gezin neemt 4 plaatsen € 10,00" in page
    assert "Groep vanaf 10 plaatsen € 10,00" in page
    assert "Geboren in 2018 geboren in 2018 € 10,00" in page


async def test_what_a_place_has_for_who_needs_it_stands_among_the_facts(world: World) -> None:
    session = await world.session()
    await world.execute("UPDATE organisers.event SET facilities = '{Rolstoeltoegankelijk,Ringleiding}'")

    assert "Toegankelijkheid Rolstoeltoegankelijk, Ringleiding" in await said(world, session)


async def test_who_has_no_credit_for_what_only_credit_pays_asks_the_organiser(world: World) -> None:
    session = await world.session()

    stranger = await said(world, session)
    await world.sign_in(await world.resident())
    member = await said(world, session)

    assert "Dit betaal je met krediet op je pas." in stranger
    assert "Vraag de organisator hoe je boekt." in member
    assert "Boek je plaats" not in member


async def test_the_price_stands_for_each_for_whom_one_may_book(world: World) -> None:
    mother = await world.resident(credit_cents=200)
    await a_child(world, mother, credit_cents=9000)
    await a_child(world, mother, name="Jonas", born_on=date(2009, 6, 1))
    session = await world.session(price_cents=500)
    await world.seller(session.organiser_id)
    await world.tariff(session, "kind", 0, name="Kind", age_from=3, age_to=12)
    await world.sign_in(mother)

    page = await said(world, session)

    assert "Voor Lotte gratis" in page
    assert "Voor Jonas € 5,00" in page
    assert "Je krediet betaalt € 2,00. Jij betaalt nog € 3,00." in page


async def test_a_camp_that_is_not_for_a_mother_is_open_to_her_child(world: World) -> None:
    mother, session = await world.resident(), await world.session()
    await a_child(world, mother, name="Jonas", born_on=date(2009, 6, 1))
    await world.execute("UPDATE reservations.tariff SET active = false")
    await world.tariff(session, "kamp", 3000, name="8 tot 12 jaar", age_from=8, age_to=12)
    await world.sign_in(mother)

    too_old = await said(world, session)
    await a_child(world, mother)
    page = await said(world, session)

    assert "Alle plaatsen zijn weg" in too_old
    assert "Boek je plaats" not in too_old
    assert "Hier is geen prijs voor Jonas" in page
    assert "Voor Lotte € 30,00" in page
    assert "Boek je plaats" in page
    assert "Alle plaatsen zijn weg" not in page
