"""What is left of a card, where its holder looks."""

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
    assert "geldig tot en met 2 september 2026" in listed
    assert "nog 9 beurten" in listed


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
