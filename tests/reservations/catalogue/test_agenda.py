"""Finding what is on, by day, place and name."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from reservations.catalogue.search import FIELDS, Search, read_search, search_words
from reservations.cursor import Cursor, read_cursor
from tests.builders import Resident, Session, World

STARTS = re.compile(r"<p>\s+(\w\w \d+\xa0\w+, [\d.]+\xa0u)")


async def venue(world: World, session: Session, name: str, town: str, postal_code: str) -> None:
    """Give the event of a session a place."""
    made = uuid4()
    await world.execute(
        "INSERT INTO organisers.venue (region_id, id, name, locality, postal_code)"
        " VALUES ($1, $2, $3, $4, $5)",
        session.region_id, made, name, town, postal_code,
    )  # fmt: skip
    await world.execute("UPDATE organisers.event SET venue_id = $1 WHERE id = $2", made, session.event_id)


async def name(world: World, session: Session, words: str) -> None:
    await world.execute("UPDATE organisers.event SET name = $1 WHERE id = $2", words, session.event_id)


async def found(world: World, **typed: str) -> str:
    answer = await world.client.get("/dender/agenda", params=typed)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def text_of(page: str) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ").split())


async def test_without_days_it_begins_today_and_does_not_end_with_the_week(world: World) -> None:
    await name(world, await world.session(starts_in=timedelta(days=3)), "Morgen is dichtbij")
    await name(world, await world.session(starts_in=timedelta(days=9)), "Later dit voorjaar")

    page = await found(world)

    assert page.index("Morgen is dichtbij") < page.index("Later dit voorjaar")
    assert "Later dit voorjaar" not in await found(world, tot="2026-03-08")


async def test_who_looks_for_something_finds_it_on_any_day(world: World) -> None:
    await world.session(starts_in=timedelta(days=200))

    assert "De kleine prins" in await found(world, waar="prins")
    assert "De kleine prins" in await found(world, waar="prins", van="2026-06-01")
    assert "De kleine prins" in await found(world, soort="culture")
    assert "Zoek op alle dagen" in await found(world, waar="prins", van="2026-03-02", tot="2026-03-09")


async def test_the_start_page_searches_and_leads_on_to_next_week(world: World) -> None:
    await world.session(starts_in=timedelta(days=10))
    for signed_in in (False, True):
        if signed_in:
            await world.sign_in(await world.resident())
        start = (await world.client.get("/dender")).text

        assert {'name="waar"', 'name="van"'} <= set(re.findall(r'name="\w+"', start))
        [further] = links(start, "Volgende week")
        assert "De kleine prins" in (await world.client.get(further)).text


def links(page: str, words: str) -> list[str]:
    """Where the first link with these words goes, if there is one."""
    return [unescape(href) for href in re.findall(rf'href="([^"]*)">\s*{words}\s*</a>', page)[:1]]


async def test_a_town_a_postal_code_a_room_and_a_title_all_find(world: World) -> None:
    session, other = (
        await world.session(starts_in=timedelta(days=2)),
        await world.session(starts_in=timedelta(days=2), organiser_id=await world.organiser(name="Zwemclub")),
    )
    await venue(world, session, "De Werf", "Aalst", "9300")
    await name(world, other, "Zwemmen op zondag")

    for words in ("aalst", "9300", "werf", "kleine PRINS"):
        page = await found(world, waar=words)
        assert "De kleine prins" in page, words
        assert "Zwemmen op zondag" not in page, words


async def test_signs_that_like_knows_are_only_signs(world: World) -> None:
    await world.session(starts_in=timedelta(days=2))

    for words in ("%", "_", "\\", "\x00", "'; DROP TABLE", "🎭" * 100, "é\u0301\u202e"):
        assert "De kleine prins" not in await found(world, waar=words) or not search_words(words)


async def test_a_kind_leaves_the_others_out(world: World) -> None:
    await world.session(starts_in=timedelta(days=2), domain="sport")

    assert "De kleine prins" in await found(world, soort="sport")
    assert "De kleine prins" not in await found(world, soort="youth")


async def test_days_that_are_none_come_back_with_what_is_wrong(world: World) -> None:
    for day in ("0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30", "morgen", "\x00", "1" * 500):
        answer = await world.client.get("/dender/agenda", params={"van": day})

        assert answer.status_code == 422, day
        assert "Dit is geen dag die wij kennen" in answer.text
    assert 'value="morgen"' in (await world.client.get("/dender/agenda?van=morgen")).text


async def test_an_end_before_the_start_and_an_unknown_kind_are_told(world: World) -> None:
    answer = await world.client.get("/dender/agenda?van=2026-05-02&tot=2026-05-01&soort=opera")

    assert answer.status_code == 422
    assert "Kies een latere dag" in answer.text
    assert "Deze soort bestaat niet" in answer.text


async def test_pages_follow_each_other_and_show_every_day_once(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 59, every=timedelta(days=1))
    address, pages = "/dender/agenda", []
    for _ in range(3):
        pages.append((await world.client.get(address)).text)
        [address] = links(pages[-1], "Toon meer") or [""]
    starts = [start for page in pages for start in STARTS.findall(page)]

    assert [len(STARTS.findall(page)) for page in pages] == [24, 24, 12]
    assert len(set(starts)) == 60
    assert not address


async def test_what_is_over_unpublished_or_elsewhere_is_not_shown(world: World) -> None:
    gone = await world.session(starts_in=timedelta(hours=-3))
    hidden = await world.session(starts_in=timedelta(days=1))
    await world.execute("UPDATE organisers.event SET published = false WHERE id = $1", hidden.event_id)
    await world.session(region_id=2, starts_in=timedelta(days=1))

    assert "De kleine prins" not in await found(world, van="2026-03-01", tot="2026-03-31")
    assert (await world.client.get(f"/dender/evenementen/{hidden.event_id}")).status_code == 404
    assert "Er zijn geen dagen meer" in (await world.client.get(f"/dender/evenementen/{gone.event_id}")).text


async def test_places_are_said_in_words(world: World) -> None:
    for seats in (0, 1, 3, 12):
        await world.session(seats=seats, starts_in=timedelta(days=1))

    page = await found(world)

    for words in ("Alle plaatsen zijn weg", "Laatste plaats", "Laatste 3 plaatsen", "Nog 12 plaatsen"):
        assert words in page


async def test_a_resident_sees_their_price_and_a_stranger_the_full_one(world: World) -> None:
    session = await world.session(price_cents=1500, starts_in=timedelta(days=1))
    address = f"/dender/evenementen/{session.event_id}"

    stranger = (await world.client.get(address)).text
    await world.sign_in(await world.resident(social_until=date(2027, 1, 1)))
    resident = (await world.client.get(address)).text

    assert "€\xa015,00" in stranger
    assert "€\xa03,00" not in stranger
    assert "Voor jou" in resident
    assert "€\xa03,00" in resident


async def tariff(world: World, session: Session, code: str, cents: int, age_to: int | None = None) -> None:
    await world.execute(
        "INSERT INTO reservations.tariff"
        " (region_id, session_id, code, name, price_cents, pool_ids, rank, age_to)"
        " VALUES (1, $1, $2, initcap($2), $3, $4, 1, $5)",
        session.id, code, cents, [session.pool_id], age_to,
    )  # fmt: skip


async def tariff_for_children(world: World, session: Session, cents: int) -> None:
    await tariff(world, session, "kind", cents)


async def test_a_tariff_that_is_no_longer_sold_lends_neither_its_places_nor_its_price(world: World) -> None:
    session, quota = await world.session(seats=40, price_cents=900), uuid4()
    await tariff_for_children(world, session, 400)
    await world.execute("INSERT INTO reservations.pool VALUES (1, $1, NULL, 'Kind', 3, 3)", quota)
    await world.execute("UPDATE reservations.tariff SET pool_ids = $1 WHERE code = 'kind'", [quota])

    await world.execute("UPDATE reservations.tariff SET active = (code = 'kind')")
    children_only = text_of(await found(world, waar="prins"))
    await world.execute("UPDATE reservations.tariff SET active = (code <> 'kind')")
    all_but_children = text_of(await found(world, waar="prins"))

    assert "€ 4,00 Laatste 3 plaatsen" in children_only
    assert "€ 9,00 Nog 40 plaatsen" in all_but_children


async def test_a_price_starts_from_something_and_free_goes_up_to_something(world: World) -> None:
    cheap, free, child = [await world.session(price_cents=cents) for cents in (900, 1100, 1200)]
    await tariff_for_children(world, cheap, 400)
    await tariff(world, free, "vrijwilliger", 0)
    await tariff_for_children(world, child, 0)

    listed = text_of(await found(world, waar="prins"))
    alone = [
        text_of((await world.client.get(f"/dender/evenementen/{each.event_id}")).text)
        for each in (free, child)
    ]

    assert "vanaf € 4,00" in listed
    assert "van gratis tot € 11,00" in listed
    assert "gratis voor kinderen, anders € 12,00" in listed
    assert "Prijs van gratis tot € 11,00" in alone[0]
    assert "Prijs gratis voor kinderen, anders € 12,00" in alone[1]
    assert "vanaf gratis" not in (listed + "".join(alone)).lower()


async def as_seen_by(world: World, who: Resident, session: Session) -> tuple[str, str, str]:
    """What somebody reads in the agenda, on the event's page, and where they book: up to their sum."""
    await world.sign_in(who)
    listed = text_of(await found(world, waar="prins"))
    alone = text_of((await world.client.get(f"/dender/evenementen/{session.event_id}")).text)
    form = await world.client.get(f"/dender/sessies/{session.id}/boeken", follow_redirects=True)
    return listed, alone, text_of(form.text)


async def test_a_price_for_you_is_the_one_that_booking_asks(world: World) -> None:
    session = await world.session(price_cents=600)
    await tariff(world, session, "kind-tot-12-jaar", 0, age_to=11)
    await tariff(world, session, "min-18-jaar", 450, age_to=17)
    await tariff(world, session, "lid-van-de-bib", 50)
    adult, youth = await world.resident(), await world.resident(born_on=date(2009, 6, 1))
    child, entitled = (
        await world.resident(born_on=date(2017, 6, 1)),
        await world.resident(social_until=date(2027, 1, 1)),
    )

    for who, listed, asked in (
        (adult, "€ 6,00 Nog", "€ 6,00"),
        (youth, "€ 4,50 voor jou", "€ 4,50"),
        (child, "gratis voor jou", "€ 0,00"),
        (entitled, "€ 1,20 voor jou", "€ 1,20"),
    ):
        agenda, event, form = await as_seen_by(world, who, session)
        price = asked if who is not child else "gratis"
        assert listed in agenda
        assert ("voor jou" in agenda) == (who is not adult)
        assert f"Voor jou {price}" in event
        assert f"Samen {asked}" in form or f"Je betaalt {asked}" in form


async def test_who_has_no_pass_here_sees_where_prices_start_and_none_that_is_theirs(world: World) -> None:
    session = await world.session(price_cents=600)
    await tariff(world, session, "kind-3-12-jaar", 300)
    await world.sign_in(await world.resident(region_id=2))

    listed = text_of(await found(world, waar="prins"))
    alone = text_of((await world.client.get(f"/dender/evenementen/{session.event_id}")).text)

    assert "vanaf € 3,00" in listed
    assert "Vanaf € 3,00" in alone
    assert "voor jou" not in (listed + alone).lower()


def button_of(page: str) -> str:
    """Which session the main button of an event's page books."""
    return str(re.findall(r'href="/dender/sessies/([^/]+)/boeken">\s*Boek je plaats', page)[0])


async def test_the_date_that_was_clicked_is_the_one_that_its_page_shows_first_and_books(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=1))
    await world.more_sessions(session, 2, every=timedelta(days=1))
    await world.execute(
        "INSERT INTO reservations.tariff (region_id, session_id, code, name, price_cents, pool_ids)"
        " SELECT region_id, id, 'base', 'Basis', 700, pool_ids FROM reservations.session WHERE id <> $1",
        session.id,
    )
    address = re.findall(r'href="(/dender/evenementen/[^"]+)"', await found(world))[-1]

    page = (await world.client.get(address)).text

    assert button_of(page) == address.partition("?sessie=")[2] != str(session.id)
    assert "do 5 mrt" in text_of(page).partition("Boek je plaats")[0]
    assert "maart di 3 wo 4 do 5" in text_of(page).partition("Boek je plaats")[2]


async def test_a_chosen_date_that_is_none_of_this_event_is_politely_ignored(world: World) -> None:
    session, other = await world.session(), await world.session()
    gone = await world.session(starts_in=timedelta(hours=-3))
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", session.event_id, gone.id
    )
    abroad = await world.session(region_id=2)

    for typed in (other.id, gone.id, abroad.id, uuid4(), "", "zaterdag", "\x00", "1" * 500):
        answer = await world.client.get(
            f"/dender/evenementen/{session.event_id}", params={"sessie": str(typed)}
        )
        assert answer.status_code == 200, typed
        assert button_of(answer.text) == str(session.id)


async def test_a_way_to_cancel_is_promised_only_while_there_is_one(world: World) -> None:
    session = await world.session(starts_in=timedelta(days=2))
    address = f"/dender/evenementen/{session.event_id}"

    early = text_of((await world.client.get(address)).text)
    world.clock.move(timedelta(days=1, seconds=1))
    late = text_of((await world.client.get(address)).text)

    assert "Gratis annuleren tot di 3 mrt, 10 u." in early
    assert "annuleren tot" not in late
    assert "Deze plaatsen kan je niet meer annuleren." in late


async def test_a_cancelled_session_says_so_and_why(world: World) -> None:
    session = await world.session()
    await world.execute(
        "UPDATE reservations.session SET status = 'cancelled', status_reason = 'De acteur is ziek.'"
        " WHERE id = $1",
        session.id,
    )

    page = (await world.client.get(f"/dender/evenementen/{session.event_id}")).text

    assert "Gaat niet door" in page
    assert "De acteur is ziek." in page
    assert "/boeken" not in page


async def test_an_online_event_says_that_it_is(world: World) -> None:
    session = await world.session()
    await world.execute("UPDATE organisers.event SET attendance = 'online' WHERE id = $1", session.event_id)

    assert (
        "Online. De link staat bij je ticket."
        in (await world.client.get(f"/dender/evenementen/{session.event_id}")).text
    )


@given(st.fixed_dictionaries({field: st.text() | st.dates().map(str) for field in FIELDS}))
def test_whatever_is_typed_it_is_a_search_or_told_wrong(typed: dict[str, str]) -> None:
    wanted = read_search(typed, date(2026, 3, 2))

    assert isinstance(wanted, Search) or (wanted and set(wanted) <= set(FIELDS))
    assert isinstance(wanted, dict) or wanted.from_day <= wanted.last_day


@given(st.integers(0, 10**15), st.uuids())
def test_a_cursor_reads_as_it_was_written(microseconds: int, key: UUID) -> None:
    found = read_cursor(f"{microseconds}-{key.hex}")

    assert isinstance(found, Cursor)
    assert found.as_text() == f"{microseconds}-{key.hex}"


@given(st.text())
def test_words_to_look_for_are_one_short_line(text: str) -> None:
    words = search_words(text)

    assert len(words) <= 80
    assert words.isprintable()


async def test_what_was_chosen_stands_beside_the_folded_filters(world: World) -> None:
    await world.session(starts_in=timedelta(days=2))

    page = await found(world, van="2026-03-03", tot="2026-03-09", soort="culture")

    assert "Kies dagen of een soort: di 3 mrt tot en met ma 9 mrt · Cultuur" in text_of(page)
    assert "<details open" not in page


async def test_a_page_further_on_leads_back_to_the_first(world: World) -> None:
    for days in range(30):
        await world.session(starts_in=timedelta(days=days + 1))
    first = await found(world, van="2026-03-02")
    [further] = links(first, "Toon meer")

    page = (await world.client.get(further)).text

    [back] = links(page, "Terug naar het begin")
    assert links((await world.client.get(back)).text, "Toon meer") == [further]
    assert not links(first, "Terug naar het begin")


async def test_the_start_page_shows_the_first_of_the_week_and_leads_to_all_of_it(world: World) -> None:
    for hours in range(8):
        await world.session(starts_in=timedelta(hours=hours + 1))

    [further] = links((await world.client.get("/dender")).text, "Toon meer")

    assert further == "/dender/agenda"
