"""Who has a card of turns is told once, a month before it ends, by the way they are reached."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reservations.booking.notifications import CARD_ENDS, BookingMessage, notify_holder
from reservations.turn_card_sales.ending import tell_of_ending_cards
from tests.builders import World
from tests.reservations.booking.test_notifications import html_of, tell, text_of
from tests.reservations.turn_card.world import buy, card_date, take
from tests.reservations.turn_card.world import turns_left as left_on

A_DAY = timedelta(days=1)


async def test_it_is_told_a_month_before_and_once(world: World) -> None:
    """Bought on the second of March for a year, it ends on that day a year later."""
    await buy(world, await world.resident(4000), await card_date(world, await world.session()))

    world.clock.move(334 * A_DAY)
    before = await tell_of_ending_cards(world.services)
    world.clock.move(4 * A_DAY)
    counts = [await tell_of_ending_cards(world.services) for _ in range(2)]

    assert (before, counts) == (0, [1, 0])
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = $1", CARD_ENDS) == 1


async def test_a_card_that_is_good_for_a_month_is_told_of_a_week_before(world: World) -> None:
    sold = await card_date(world, await world.session(), months=1)
    await buy(world, await world.resident(4000), sold)

    counts = []
    for days in (0, 20, 5):
        world.clock.move(days * A_DAY)
        counts.append(await tell_of_ending_cards(world.services))

    assert counts == [0, 0, 1]


async def test_nobody_is_told_of_a_card_that_is_used_up_given_back_or_over(world: World) -> None:
    session = await world.session()
    used, back, over = [
        await card_date(world, session, turns=2, months=each, shared=True) for each in (12, 12, 1)
    ]
    anna = await world.resident(20_000)
    card, given_back = await buy(world, anna, used), await buy(world, anna, back)
    await buy(world, anna, over)
    await take(world, anna, session, card, 2)
    await world.cancel(given_back.booking_id)

    world.clock.move(350 * A_DAY)

    assert await left_on(world, card) == 0
    assert await tell_of_ending_cards(world.services) == 0


async def test_the_mail_says_how_many_are_left_and_until_when(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    card = await buy(world, anna, await card_date(world, session))
    await take(world, anna, session, card)
    world.clock.move(340 * A_DAY)
    await tell_of_ending_cards(world.services)

    assert await tell(world, card.booking_id, CARD_ENDS) is None

    [mail] = world.mails
    assert mail["To"] == anna.email
    assert mail["Subject"] == "Je beurtenkaart loopt af: De kleine prins"
    assert "nog 9 beurten, geldig tot en met 2\xa0maart 2027" in text_of(mail)
    for words in (text_of(mail), html_of(mail)):
        assert "Boek nog een datum" in words
        assert f"/dender/boekingen/{card.booking_id}" in words
        assert "\N{EURO SIGN}" not in words


async def test_what_was_used_up_meanwhile_is_told_to_nobody(world: World) -> None:
    session, anna = await world.session(), await world.resident(4000)
    sold = await card_date(world, session, turns=2, shared=True)
    card = await buy(world, anna, sold)
    about = f'{{"session_id": "{sold.id}"}}'
    message = BookingMessage(uuid4(), 1, card.booking_id, CARD_ENDS, about)

    await notify_holder(world.services, message)
    await take(world, anna, session, card, 2)
    await notify_holder(world.services, message)

    assert len(world.mails) == 1


@pytest.mark.parametrize(("address", "way"), [("home", None), (None, "off")])
async def test_who_has_no_mailbox_reads_it_on_paper_and_who_does_without_nowhere(
    world: World, address: str | None, way: str | None
) -> None:
    anna = await world.resident(4000)
    card = await buy(world, anna, await card_date(world, await world.session()))
    if address:
        await world.execute(
            "UPDATE identity.person SET email = NULL, address_kind = $2 WHERE id = $1",
            anna.person_id,
            address,
        )
    else:
        await world.execute(
            "INSERT INTO identity.message_setting VALUES ($1, 'turn_card', $2, now())", anna.person_id, way
        )
    world.clock.move(340 * A_DAY)
    await tell_of_ending_cards(world.services)

    await tell(world, card.booking_id, CARD_ENDS)

    letters = await world.rows("SELECT kind, subject, body FROM identity.letter")
    assert world.mails == []
    assert [each["kind"] for each in letters] == (["turn_card"] if address else [])
    assert not any("http" in each["body"] for each in letters)
