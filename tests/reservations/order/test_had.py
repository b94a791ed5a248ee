"""What a place that somebody has already shows to who books for them: all of it, or nothing at all."""

import re
from datetime import date
from typing import Any

import pytest

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.identity.person.helpers import a_child, entrust
from tests.reservations.basket.baskets import press
from tests.reservations.order.test_one_each import HAS_IT, SOCIAL, value_of
from tests.reservations.order.test_tariffs import fields_in
from tests.reservations.order.test_who_comes import book_on, page_for
from tests.reservations.sessions.test_desk import text_of

OF_TWELVE, OF_SIXTEEN, OF_EIGHT = date(2013, 6, 1), date(2009, 6, 1), date(2017, 6, 1)
HAS_A_PLACE = "Jonas heeft al een plaats op deze datum."


async def family(world: World, born_on: date, *, discreet: bool) -> tuple[Resident, Resident, Session]:
    """A mother and a child with the social tariff, and a date of which that is half the price."""
    mother, session = await world.resident(), await world.session(price_cents=900)
    jonas = await a_child(world, mother, credit_cents=5000, born_on=born_on, name="Jonas")
    await world.execute("UPDATE passes.membership SET social_until = '2030-01-01'")
    await world.execute("UPDATE organisers.event SET is_discreet = $1", discreet)
    return mother, jonas, session


async def booked(world: World, who: Resident, session: Session) -> None:
    assert isinstance(await world.book(who, session, tariff=SOCIAL), Booked)


async def event_page(world: World, mother: Resident, session: Session) -> str:
    await world.sign_in(mother)
    return read(await world.client.get(f"/dender/evenementen/{session.event_id}"))


def read(page: Any) -> str:
    """The words of a page, but for the credit that is left, which a parent sees."""
    return re.sub(r"nog € \S+ krediet", "", text_of(page))


async def in_basket(world: World, mother: Resident, jonas: Resident, session: Session) -> Any:
    await world.sign_in(mother)
    numbers = {f"plaatsen-{SOCIAL}": "1", "voor": str(jonas.membership_id)}
    await world.post_form(f"/dender/mandje/{session.id}", **numbers)
    return await world.client.get("/dender/mandje")


def without_ids(page: Any) -> str:
    """What a reader sees of a page, and what stands in its numbers."""
    return read(page) + str([value_of(page, name) for name in fields_in(page)])


HIDDEN = pytest.mark.parametrize(("born_on", "discreet"), [(OF_TWELVE, True), (OF_SIXTEEN, False)])


@HIDDEN
async def test_no_page_for_a_parent_shows_a_place_that_is_hidden(
    world: World, born_on: date, *, discreet: bool
) -> None:
    mother, jonas, session = await family(world, born_on, discreet=discreet)
    await in_basket(world, mother, jonas, session)
    before = [
        await event_page(world, mother, session),
        without_ids(await page_for(world, session, mother, jonas)),
        read(await in_basket(world, mother, jonas, session)),
    ]
    await booked(world, jonas, session)
    await world.execute("UPDATE reservations.pool SET taken = taken - 1")

    after = [
        await event_page(world, mother, session),
        without_ids(await page_for(world, session, mother, jonas)),
        read(await in_basket(world, mother, jonas, session)),
    ]

    assert after == before
    assert HAS_IT not in "".join(after)
    assert "al een plaats" not in "".join(after)


@HIDDEN
async def test_the_booking_is_refused_in_words_that_tell_nothing(
    world: World, born_on: date, *, discreet: bool
) -> None:
    mother, jonas, session = await family(world, born_on, discreet=discreet)
    await booked(world, jonas, session)

    answer = await book_on(world, await page_for(world, session, mother, jonas))
    await in_basket(world, mother, jonas, session)
    from_basket = await press(world, "boek")

    assert answer.status_code == from_basket.status_code == 403
    for page in (answer, from_basket):
        assert "Je kan dit niet voor deze persoon doen" in text_of(page)
        assert "Eén plaats voor deze prijs" not in text_of(page)


@pytest.mark.parametrize(("born_on", "discreet"), [(OF_EIGHT, True), (OF_TWELVE, False)])
async def test_where_a_parent_sees_it_the_page_says_so_and_begins_with_no_place(
    world: World, born_on: date, *, discreet: bool
) -> None:
    mother, jonas, session = await family(world, born_on, discreet=discreet)
    await booked(world, jonas, session)

    event = await event_page(world, mother, session)
    page = await page_for(world, session, mother, jonas)

    assert HAS_A_PLACE in event
    assert "Voor Jonas" not in event
    assert HAS_A_PLACE in text_of(page)
    assert "en Jonas heeft die plaats al" in text_of(page)
    assert [value_of(page, name) for name in fields_in(page)] == ["0"]
    assert 'value="boek"' not in page.text


async def test_what_a_parent_booked_they_know_and_the_other_parent_does_not(world: World) -> None:
    mother, jonas, session = await family(world, OF_TWELVE, discreet=True)
    father = await world.resident()
    await entrust(world, jonas, father, kind="parental", powers=("see", "book", "pay"), ends_on=None)
    answer = await book_on(world, await page_for(world, session, mother, jonas))

    hers = await page_for(world, session, mother, jonas)
    his = await page_for(world, session, father, jonas)

    assert answer.status_code == 303
    assert HAS_A_PLACE in text_of(hers)
    assert "al een plaats" not in text_of(his)
    assert value_of(his, f"plaatsen-{SOCIAL}") == "1"
