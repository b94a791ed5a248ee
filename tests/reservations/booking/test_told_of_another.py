"""Who books for another is told of it, and who comes by their own way."""

from reservations.booking.answers import Booked
from reservations.booking.notifications import MADE
from tests.builders import World
from tests.identity.person.helpers import a_child, entrust
from tests.reservations.booking.test_acting import book_for
from tests.reservations.booking.test_notifications import html_of, tell, text_of
from tests.reservations.dates import deliver


async def test_a_mother_gets_the_ticket_of_a_child_without_an_address(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother, credit_cents=2000)
    booked = await book_for(world, mother, lotte, await world.session())
    assert isinstance(booked, Booked)

    assert await tell(world, booked.booking.id, MADE) is None

    [mail] = world.mails
    assert mail["To"] == mother.email
    for words in (text_of(mail), html_of(mail)):
        assert "Dit gaat over de boeking die je voor Lotte maakte." in words
        assert f"/dender/boekingen/{booked.booking.id}" in words


async def test_both_are_told_and_the_other_parent_is_not(world: World) -> None:
    anna, bilal, carl = [await world.resident(credit_cents=2000) for _ in range(3)]
    for helper in (bilal, carl):
        await entrust(world, anna, helper, powers=("book", "pay"))
    await book_for(world, bilal, anna, await world.session())

    await deliver(world)
    await deliver(world)

    assert {mail["To"] for mail in world.mails} == {anna.email, bilal.email}


async def test_a_parent_without_power_any_more_hears_nothing(world: World) -> None:
    mother = await world.resident()
    lotte = await a_child(world, mother, credit_cents=2000)
    booked = await book_for(world, mother, lotte, await world.session())
    await world.execute("UPDATE identity.representation SET revoked_at = $1", world.clock.now())
    assert isinstance(booked, Booked)

    await tell(world, booked.booking.id, MADE)

    assert world.mails == []
