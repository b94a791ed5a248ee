"""Who booked, as an organiser lists, searches, exports and prints it."""

from datetime import timedelta
from uuid import UUID

import pytest

from reservations.booking.answers import Booked
from reservations.booking.tickets import number_of
from reservations.booking_list import booking_list
from tests.builders import Session, World
from tests.reservations.booking_list.evening import an_evening, booked_as_guest, booked_by, somebody
from tests.reservations.box_office.tills import waiting
from tests.reservations.guest.guests import guest_books
from tests.reservations.sessions.test_desk import organised, page_of, text_of


async def listed(world: World, session: Session) -> str:
    return text_of(await world.client.get(f"{page_of(session)}/boekingen"))


@pytest.mark.parametrize(
    ("asks", "shown", "hidden"),
    [
        ("full", {"Émile Zola", "Gast Janssens"}, set()),
        ("first", {"Émile", "Gast"}, {"Zola", "Janssens"}),
        ("", set(), {"Émile", "Zola", "Gast", "Janssens"}),
    ],
)
async def test_the_list_has_the_name_that_its_organiser_asks_and_no_more(
    world: World, asks: str, shown: set[str], hidden: set[str]
) -> None:
    session = await an_evening(world, asks)
    zola = await booked_by(world, session, "Émile", "Zola", places=3)
    await booked_as_guest(world, session, "Gast Janssens")

    page = await listed(world, session)
    file = (await world.client.get(f"{page_of(session)}/boekingen/boekingen.csv")).text
    door = text_of(await world.client.get(f"{page_of(session)}/boekingen/deurlijst"))

    for text in (page, file, door):
        assert number_of(zola) in text
        assert {each for each in shown if each not in text} == set()
        assert {each for each in hidden if each in text} == set()


async def test_who_has_no_name_where_one_is_asked_misses_nothing(world: World) -> None:
    """A till sells without a name. Who booked before names were asked read that none is seen, and none is."""
    session = await organised(world)
    sold = "UPDATE reservations.line SET holder_id = NULL WHERE booking_id = $1"
    before, named = [await booked_by(world, session, "Émile", "Zola") for _ in range(2)]
    await world.execute(sold, before)
    world.clock.move(timedelta(minutes=1))
    await world.post_form(f"{page_of(session)}/activiteit", name="first")
    world.clock.move(timedelta(minutes=1))
    after = await booked_by(world, session, "Bilal", "Amrani")
    await world.execute(sold, after)

    for path in ("boekingen", "boekingen/deurlijst"):
        page = text_of(await world.client.get(f"{page_of(session)}/{path}"))
        assert f"{number_of(before)} geboekt voor er namen gevraagd werden" in page
        assert f"{number_of(after)} verkocht zonder naam" in page
        assert f"{number_of(named)} geboekt voor er namen gevraagd werden" in page
        assert "Émile" not in page
    one = text_of(await world.client.get(f"{page_of(session)}/boekingen/{before}"))
    assert "geboekt voor er namen gevraagd werden" in one


async def test_of_who_booked_when_a_first_name_was_asked_no_family_name_shows_later(world: World) -> None:
    session = await an_evening(world, "first")
    await booked_by(world, session, "Émile", "Zola")
    world.clock.move(timedelta(minutes=1))
    await world.post_form(f"{page_of(session)}/activiteit", name="full")
    world.clock.move(timedelta(minutes=1))
    await booked_by(world, session, "Bilal", "Amrani")

    page = text_of(await world.client.get(f"{page_of(session)}/boekingen"))

    assert ["Émile" in page, "Zola" in page, "Bilal Amrani" in page] == [True, False, True]


async def test_another_name_that_is_asked_leaves_since_when_one_is(world: World) -> None:
    session = await an_evening(world, "first")
    since = "SELECT names_asked_at FROM organisers.event WHERE id = $1"
    first = await world.value(since, session.event_id)
    world.clock.move(timedelta(minutes=5))

    await world.post_form(f"{page_of(session)}/activiteit", name="full")
    then = await world.value(since, session.event_id)
    await world.post_form(f"{page_of(session)}/activiteit", name="")

    assert first == then
    assert await world.value(since, session.event_id) is None


async def test_nothing_tells_who_pays_less_or_has_credit(world: World) -> None:
    session = await an_evening(world)
    until = world.clock.now().date() + timedelta(days=90)
    social = await world.resident(credit_cents=500, social_until=until)
    assert isinstance(await world.book(social, session, tariff="kansentarief"), Booked)

    page = await listed(world, session)
    file = (await world.client.get(f"{page_of(session)}/boekingen/boekingen.csv")).text
    own = f"{page_of(session)}/boekingen/{await world.value('SELECT id FROM reservations.booking')}"
    one, asked = [text_of(await world.client.get(each)) for each in (own, f"{own}/annuleren")]

    for text in (page, file, one, asked):
        assert "Yasmine Peeters" in text or text is asked
        assert not [each for each in ("kansentarief", "1,00", "1990", "kansen") if each in text.lower()]
    assert "in orde" in page


async def test_the_door_list_says_the_price_that_a_door_looks_at_and_none_that_tells_a_status(
    world: World,
) -> None:
    """As a scan says it, so that an age can be looked at on paper too."""
    session = await an_evening(world)
    await world.tariff(session, "min-26", 0, name="-26 jaar", age_to=25)
    await guest_books(world, session, places=2, tariff="min-26")
    until = world.clock.now().date() + timedelta(days=90)
    social = await world.resident(credit_cents=500, social_until=until)
    booked = await world.book(social, session, tariff="kansentarief")
    assert isinstance(booked, Booked)
    guest_id = await world.value("SELECT booking_id FROM reservations.line WHERE tariff_code = 'min-26'")

    door = text_of(await world.client.get(f"{page_of(session)}/boekingen/deurlijst"))
    one, other = [
        text_of(await world.client.get(f"{page_of(session)}/boekingen/{each}"))
        for each in (guest_id, booked.booking.id)
    ]
    file = (await world.client.get(f"{page_of(session)}/boekingen/boekingen.csv")).text

    assert f"Lotte Maes {number_of(guest_id)} 2 -26 jaar · toon je leeftijd" in door
    assert "1 persoon · -26 jaar · toon je leeftijd" in one
    assert not [each for each in (door, one, other, file) if "kansen" in each.lower()]
    assert "26" not in file.partition("Lotte")[2]


async def test_a_door_list_without_such_a_price_has_no_column_for_it(world: World) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Émile", "Zola")

    door = text_of(await world.client.get(f"{page_of(session)}/boekingen/deurlijst"))

    assert "Plaatsen Te betalen Notitie" in door


async def test_what_is_still_to_be_paid_stands_beside_the_name(world: World) -> None:
    session = await an_evening(world)
    await world.seller(session.organiser_id, desk_hours=48)
    await waiting(world, await somebody(world, "Anna", "Claes", credit_cents=0), session)

    page = await listed(world, session)
    file = (await world.client.get(f"{page_of(session)}/boekingen/boekingen.csv")).text

    assert "nog te betalen € 5,00" in page
    assert ";Anna Claes;1;0;5,00;" in file


@pytest.mark.parametrize("typed", ["zOLA", "emile z", " Émile  Zola "])
async def test_a_name_is_found_by_a_part_of_it_however_it_is_written(world: World, typed: str) -> None:
    session = await an_evening(world)
    await booked_by(world, session, "Émile", "Zola")
    await booked_by(world, session, "Bilal", "Amrani")

    found = text_of(await world.post_form(f"{page_of(session)}/boekingen", wie=typed))

    assert "Émile Zola" in found
    assert "Bilal" not in found


async def test_a_booking_is_found_by_its_number_where_no_name_is_asked(world: World) -> None:
    session = await an_evening(world, "")
    wanted, other = [await booked_by(world, session, "An", "Maes") for _ in range(2)]

    found = text_of(await world.post_form(f"{page_of(session)}/boekingen", wie=number_of(wanted).lower()))
    by_name = text_of(await world.post_form(f"{page_of(session)}/boekingen", wie="Maes"))

    assert number_of(wanted) in found
    assert number_of(other) not in found
    assert "Niemand gevonden" in by_name


async def test_a_search_says_in_the_trail_that_it_was_made_and_not_for_whom(world: World) -> None:
    session = await an_evening(world)
    await world.post_form(f"{page_of(session)}/boekingen", wie="Zola")

    facts = await world.value("SELECT facts::text FROM uit.audit WHERE act = 'bookings.search'")

    assert facts == '{"found": 0}'


async def test_pages_follow_each_other_in_the_order_of_names(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking_list, "PAGE", 2)
    session = await an_evening(world)
    for name in ("Cas", "Ada", "Élise", "Bo", "Dina"):
        await booked_by(world, session, name, "Maes")

    names, address = [], f"{page_of(session)}/boekingen"
    while address:
        page = (await world.client.get(address)).text
        names += [each for each in ("Ada", "Bo", "Cas", "Dina", "Élise") if f">{each} Maes<" in page]
        _, _, rest = page.partition('rel="next" href="')
        address = rest.partition('"')[0]

    assert names == ["Ada", "Bo", "Cas", "Dina", "Élise"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
async def test_what_somebody_typed_runs_nothing_in_a_spreadsheet(world: World, begin: str) -> None:
    session = await an_evening(world)
    await booked_as_guest(world, session, f"{begin}cmd|' /C calc'!A0")

    sent = await world.client.get(f"{page_of(session)}/boekingen/boekingen.csv")

    assert sent.text.startswith(
        "\N{ZERO WIDTH NO-BREAK SPACE}Nummer;Naam;Plaatsen;Binnen;Nog te betalen;Notitie"
    )
    assert f";'{begin}cmd" in sent.text
    assert sent.headers["cache-control"] == "no-store"


async def test_the_list_of_another_organiser_is_not_there(world: World) -> None:
    other = await an_evening(world)
    booking_id: UUID = await booked_by(world, other, "Émile", "Zola")
    session = await an_evening(world)
    strange = page_of(session).replace(str(session.id), str(other.id))

    for path in ("boekingen", "boekingen/boekingen.csv", "boekingen/deurlijst", f"boekingen/{booking_id}"):
        assert (await world.client.get(f"{strange}/{path}")).status_code == 404, path
        assert (await world.client.get(f"{page_of(other)}/{path}")).status_code == 403, path
    assert (await world.client.get(f"{page_of(session)}/boekingen/{booking_id}")).status_code == 404
    assert "Zola" not in await listed(world, session)
