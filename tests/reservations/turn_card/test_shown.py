"""What is left of a card, where its holder looks."""

from datetime import timedelta

from tests.builders import World
from tests.reservations.sessions.test_desk import text_of
from tests.reservations.turn_card.world import buy, card_date, take


async def test_who_has_a_card_sees_what_is_left_and_until_when(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, months=6))
    await take(world, anna, session, card)
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/boekingen/{card.booking_id}"))
    listed = text_of(await world.client.get("/dender/mijn-boekingen"))

    assert "Je beurtenkaart" in page
    assert "Nog 9 beurten. Boek een datum" in page
    assert "Geldig tot en met 2 september 2026" in page
    assert "Toon dit aan de deur" not in page
    assert "De kaart teruggeven?" not in page
    assert "Zet dit in je agenda" not in page
    assert "Plaats volgt" not in page
    assert "geldig tot en met 2 september 2026" in listed
    assert "nog 9 beurten" in listed


async def test_a_card_that_is_over_says_so_and_invites_to_nothing(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session, months=1))
    world.clock.move(timedelta(days=40))
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/boekingen/{card.booking_id}"))

    assert "Deze kaart is voorbij. Ze was geldig tot en met 2 april 2026." in page
    assert "10 beurten niet gebruikt" in page
    assert "Kies een datum" not in page
    assert "nog 10 beurten" not in page.lower()


async def test_a_place_says_that_a_turn_paid_for_it(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    answer = await take(world, anna, session, card)
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/boekingen/{answer.booking.id}"))  # type: ignore[union-attr]

    assert "Betaald met je beurtenkaart 1 beurt" in page
    assert "gratis" not in page


async def test_an_unused_card_is_given_back_on_its_own_page(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/boekingen/{card.booking_id}"))
    cancel = await world.client.get(f"/dender/boekingen/{card.booking_id}/annuleren")

    assert "De kaart teruggeven? Dat kan voor ma 16 mrt" in page
    assert "Wil je je beurtenkaart teruggeven?" in text_of(cancel)
    assert "Ja, geef de kaart terug" in text_of(cancel)
    assert "4000" not in page


async def test_who_holds_a_card_is_led_to_a_date_and_to_no_second_card(world: World) -> None:
    session = await world.session()
    anna = await world.resident(credit_cents=5000)
    sold = await card_date(world, session)
    await buy(world, anna, sold)
    await world.sign_in(anna)

    of_card = text_of(await world.client.get(f"/dender/evenementen/{sold.event_id}"))
    of_date = text_of(await world.client.get(f"/dender/evenementen/{session.event_id}"))

    assert "Je hebt nog 10 beurten. Je beurtenkaart is geldig tot en met 2 maart 2027." in of_card
    assert "Boek een datum Koop nog een kaart" in of_card
    assert "Je hebt nog 10 beurten." in of_date
    assert "Een plaats kost je één beurt." in of_date
    assert "Kom je vaker?" not in of_date
    for page in (of_card, of_date):
        assert "Je krediet betaalt" not in page


async def test_who_shows_no_pass_is_told_that_a_card_needs_one(world: World) -> None:
    sold = await card_date(world, await world.session())
    address = f"/dender/evenementen/{sold.event_id}"

    as_guest = text_of(await world.client.get(address))
    await world.sign_in(await world.resident(credit_cents=5000))
    with_pass = text_of(await world.client.get(address))

    assert "Een beurtenkaart staat op een UiTPAS. Toon je pas aan de balie, of meld je aan." in as_guest
    assert "Koop de kaart" not in as_guest
    assert "Koop de kaart" in with_pass
