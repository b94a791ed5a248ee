"""What who buys a card of turns, and who books with it, is told: by mail, by text message and on paper."""

from reservations.booking.answers import Booked
from reservations.booking.notifications import ENDED, MADE
from reservations.printed_sheet.printed_sheet import print_sheet
from tests.builders import World
from tests.reservations.booking.test_notifications import html_of, tell
from tests.reservations.booking.test_notifications import text_of as text_of_mail
from tests.reservations.catalogue.test_event import plain
from tests.reservations.printed_sheet.test_printed_sheet import sheet_of
from tests.reservations.turn_card.world import buy, card_date, take


async def test_who_buys_a_card_is_mailed_how_many_turns_and_until_when(world: World) -> None:
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, await world.session()))

    assert await tell(world, card.booking_id, MADE) is None

    [mail] = world.mails
    assert mail["Subject"] == "Je beurtenkaart: De kleine prins"
    assert "nog 10 beurten, geldig tot en met 2\xa0maart 2027" in text_of_mail(mail)
    for words in (text_of_mail(mail), html_of(mail)):
        assert "Teruggeven kan via dezelfde link, voor ma 16\xa0mrt" in words
        assert "toon het aan de deur" not in words
        assert "plaatsen boekte" not in words
        assert "agenda" not in words


async def test_a_card_that_is_never_given_back_says_so_in_its_mail(world: World) -> None:
    anna = await world.resident(credit_cents=4000)
    sold = await card_date(world, await world.session(), give_back_days=0)
    card = await buy(world, anna, sold)

    await tell(world, card.booking_id, MADE)

    [mail] = world.mails
    assert "De kaart geef je niet terug." in text_of_mail(mail)
    assert "De kaart geef je niet terug." in html_of(mail)


async def test_who_books_with_a_turn_is_mailed_that_it_paid(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    answer = await take(world, anna, session, card)
    assert isinstance(answer, Booked)

    await tell(world, answer.booking.id, MADE)

    [mail] = world.mails
    assert mail["Subject"].startswith("Je ticket: De kleine prins")
    assert "Betaald met je beurtenkaart: 1 beurt" in text_of_mail(mail)
    assert "Betaald met krediet" not in html_of(mail)


async def test_a_card_on_paper_has_what_is_left_and_no_code_for_a_door(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    await take(world, anna, session, card)

    sheet = await sheet_of(world, anna)
    [printed, place] = sorted(sheet.outings, key=lambda each: len(each.codes))

    assert printed.when == "geldig tot en met 2\xa0maart 2027"
    assert "1 kaart, €\xa040,00" in printed.facts
    assert "Nog 9 beurten." in printed.facts
    assert (len(printed.codes), len(place.codes)) == (0, 1)
    assert (await print_sheet(sheet, world.clock.now())).startswith(b"%PDF")


async def test_who_gave_a_card_back_is_mailed_what_it_was_and_no_moment(world: World) -> None:
    anna = await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, await world.session()))
    await world.cancel(card.booking_id)

    await tell(world, card.booking_id, ENDED)

    [mail] = world.mails
    assert "geldig tot en met 2\xa0maart 2027" in text_of_mail(mail)
    assert "ma 2\xa0mrt" not in text_of_mail(mail)


async def test_who_gives_up_a_place_is_mailed_that_the_turn_came_back(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    answer = await take(world, anna, session, card)
    assert isinstance(answer, Booked)
    await world.cancel(answer.booking.id)

    await tell(world, answer.booking.id, ENDED)

    [mail] = world.mails
    assert "Je kreeg 1 beurt terug op je beurtenkaart." in text_of_mail(mail)
    assert "Je kreeg 1 beurt terug op je beurtenkaart." in html_of(mail)
    assert "krediet terug" not in text_of_mail(mail)


async def test_every_page_that_ends_a_place_says_that_the_turn_comes_back(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=4000)
    card = await buy(world, anna, await card_date(world, session))
    answer = await take(world, anna, session, card)
    assert isinstance(answer, Booked)
    await world.sign_in(anna)
    own = f"/dender/boekingen/{answer.booking.id}"

    asked = plain((await world.client.get(f"{own}/annuleren")).text)
    await world.cancel(answer.booking.id)
    ended = plain((await world.client.get(own)).text)

    assert "Je krijgt 1 beurt terug op je beurtenkaart, meteen." in asked
    assert "Je kreeg 1 beurt terug op je beurtenkaart." in ended
