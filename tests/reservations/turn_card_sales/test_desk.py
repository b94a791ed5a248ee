"""Cards of turns for an activity, as browsers without script make them, and as people see and buy them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.turn_card.turn_card import TurnCardKey
from tests.builders import Session, World
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import take


def address_of(session: Session, *more: object) -> str:
    home = f"/dender/organisaties/{session.organiser_id}/activiteiten/{session.event_id}/beurtenkaarten"
    return "/".join((home, *map(str, more)))


async def make(world: World, session: Session, card_id: UUID, **others: str) -> Any:
    until = (world.clock.now() + timedelta(days=200)).date().isoformat()
    typed = {"naam": "Tien keer yoga", "beurten": "10", "prijs": "45", "maanden": "12", "tot": until}
    return await world.post_form(
        address_of(session, card_id), **typed | {"wie": "houder", "terug": "14"} | others
    )


async def at_desk(world: World) -> Session:
    session = await world.session()
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return session


async def sold_as(world: World) -> Session:
    """The date by which the one card is sold."""
    row = (await world.rows(
        "SELECT s.id, s.organiser_id, s.event_id FROM reservations.turn_card AS c"
        " JOIN reservations.session AS s ON s.id = c.session_id"
    ))[0]  # fmt: skip
    return Session(1, row["id"], row["organiser_id"], row["event_id"], row["id"])


async def test_a_card_is_made_once_and_bought_at_the_price_of_each(world: World) -> None:
    session, card_id = await at_desk(world), uuid4()
    anna = await world.resident(5000)
    bilal = await world.resident(5000, social_until=date(2099, 1, 1))

    await make(world, session, card_id)
    answer = await make(world, session, card_id)
    card = await sold_as(world)
    bought, cheaper = await world.book(anna, card), await world.book(bilal, card, tariff="kansentarief")

    assert answer.headers["location"] == f"{address_of(session)}?gedaan=bewaard"
    assert isinstance(bought, Booked)
    assert bought.booking.price_cents == 4500
    assert isinstance(cheaper, Booked)
    assert cheaper.booking.price_cents == 900
    used = await take(world, anna, session, TurnCardKey(bought.booking.id, 1, 1))
    assert isinstance(used, Booked)
    shown = text_of(await world.client.get(address_of(session)))
    assert "Verkocht 2 Beurten die nog open staan 19" in shown
    assert "ansentarief" not in shown
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'turn_card.make'") == 1


async def test_what_is_wrong_comes_back_with_what_was_typed(world: World) -> None:
    session = await at_desk(world)

    answer = await make(
        world,
        session,
        uuid4(),
        naam=" ",
        beurten="1",
        prijs="0",
        maanden="0",
        tot="1/1/2020",
        wie="x",
        terug="x",
    )

    said = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "Geef de kaart een naam", "van 2 tot 100", "Een beurtenkaart kost iets", "van 1 tot 36",
        "in de komende twee jaar", "Kies een van deze", "van 0 tot 90",
    ):  # fmt: skip
        assert words in said
    assert await world.value("SELECT count(*) FROM reservations.turn_card") == 0


async def test_a_card_is_for_other_activities_of_its_organiser_alone(world: World) -> None:
    session, strange = await at_desk(world), await world.session()
    own = await world.session(organiser_id=session.organiser_id)
    ticked = {f"ook-{each.event_id.hex}": "true" for each in (own, strange)}

    await make(world, session, uuid4(), **ticked)

    found = await world.rows("SELECT event_id FROM reservations.turn_card_event")
    assert {each["event_id"] for each in found} == {session.event_id, own.event_id}


async def test_an_agenda_leaves_a_card_out(world: World) -> None:
    session = await at_desk(world)

    await make(world, session, uuid4())
    card = await sold_as(world)
    await world.execute(
        "UPDATE reservations.session SET ends_at = ends_at + interval '1 hour' WHERE id = $1", card.id
    )

    assert (
        await world.value("SELECT count(*) FROM reservations.listing WHERE event_id = $1", card.event_id) == 0
    )
    assert "Tien keer yoga" not in text_of(await world.client.get("/dender/agenda"))


async def test_the_activity_leads_to_its_card_and_the_card_says_what_it_is(world: World) -> None:
    session = await at_desk(world)
    await make(world, session, uuid4())
    card = await sold_as(world)

    activity = await world.client.get(f"/dender/evenementen/{session.event_id}")
    own = text_of(await world.client.get(f"/dender/evenementen/{card.event_id}"))

    assert f"/dender/evenementen/{card.event_id}" in activity.text
    assert "10 beurten voor € 45,00" in text_of(activity)
    assert "10 beurten, 12 maanden geldig" in own
    assert "Een beurtenkaart staat op een UiTPAS." in own
    assert "De kleine prins" in own
    assert "niet meer annuleren" not in own


async def test_who_stops_selling_lets_who_has_one_use_it(world: World) -> None:
    session, anna = await at_desk(world), await world.resident(5000)
    await make(world, session, uuid4())
    card = await sold_as(world)
    bought = await world.book(anna, card)
    assert isinstance(bought, Booked)

    await world.post_form(address_of(session, card.id, "stoppen"))

    assert not isinstance(await world.book(anna, card), Booked)
    assert isinstance(await take(world, anna, session, TurnCardKey(bought.booking.id, 1, 1)), Booked)
    assert "niet meer te koop" in text_of(await world.client.get(address_of(session)))
    assert str(card.event_id) not in (await world.client.get(f"/dender/evenementen/{session.event_id}")).text


async def test_what_is_changed_of_its_sale_does_not_end_it(world: World) -> None:
    session = await at_desk(world)
    await make(world, session, uuid4())
    card = await sold_as(world)
    before = await world.value("SELECT sale_closes_at FROM reservations.session WHERE id = $1", card.id)

    home = f"/dender/organisaties/{session.organiser_id}/activiteiten/{card.event_id}"
    await world.post_form(f"{home}/plaatsen", plaatsen="500", zaal="500", sluit="0", annuleer="0")

    assert (
        await world.value("SELECT sale_closes_at FROM reservations.session WHERE id = $1", card.id) == before
    )


async def test_a_card_stands_with_what_it_is_for_and_not_among_dates_or_activities(world: World) -> None:
    session, card_id = await at_desk(world), uuid4()
    await make(world, session, card_id)
    home = f"/dender/organisaties/{session.organiser_id}"

    dates = text_of(await world.client.get(home))
    activities = text_of(await world.client.get(f"{home}/activiteiten"))
    cards = await world.client.get(address_of(session))
    card = await sold_as(world)

    assert "De kleine prins" in dates
    assert "De kleine prins" in activities
    assert "Tien keer yoga" not in dates + activities
    assert f'href="{home}/sessies/{card.id}/boekingen"' in cards.text
    assert (await world.client.get(f"{home}/sessies/{card.id}/boekingen")).status_code == 200


async def test_a_card_is_as_discreet_as_what_it_is_for_and_asks_the_name_that_those_ask(world: World) -> None:
    session = await at_desk(world)
    own = await world.session(organiser_id=session.organiser_id)
    await world.execute("UPDATE organisers.event SET asks_first_name = true, asks_full_name = false")
    await world.execute("UPDATE organisers.event SET is_discreet = true WHERE id = $1", own.event_id)
    settings = f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/activiteit"

    await make(world, session, uuid4(), **{f"ook-{own.event_id.hex}": "true"})
    card = await sold_as(world)
    made = await settings_of(world, card)
    await world.execute("UPDATE organisers.event SET is_discreet = false")
    await world.post_form(settings, discreet="true", name="")

    assert made == (True, True)
    assert await settings_of(world, card) == (True, False)


async def settings_of(world: World, session: Session) -> tuple[bool, bool]:
    """Whether an activity is discreet, and whether it asks a first name."""
    (row,) = await world.rows(
        "SELECT is_discreet, asks_first_name FROM organisers.event WHERE id = $1", session.event_id
    )
    return row["is_discreet"], row["asks_first_name"]
