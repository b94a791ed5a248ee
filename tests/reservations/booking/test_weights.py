"""A ticket for several people: what it takes of a date, and for how many and for whom a tariff is sold."""

from asyncio import gather
from datetime import date
from uuid import UUID, uuid4

import pytest

from reservations.booking.actor import ByClient, ByStaff
from reservations.booking.answers import Answer, Booked, Ended
from reservations.booking.commands import Book, GuestContact, RequestedLine
from reservations.errors import NotForYou, SoldOut, TooFewPlaces
from tests.builders import Session, World
from tests.reservations.dates import faults
from uit.core.errors import Busy

IN_2018 = {"born_from": date(2018, 1, 1), "born_to": date(2018, 12, 31)}


async def test_a_ticket_for_a_family_takes_four_places_and_gives_them_back(world: World) -> None:
    session, anna = await world.session(seats=10), await world.resident(credit_cents=9000)
    await world.tariff(session, "gezin", 2400, weight=4)

    booked = await world.book(anna, session, places=2, tariff="gezin")
    assert isinstance(booked, Booked)
    assert (booked.booking.price_cents, await world.places_left(session)) == (4800, 2)
    assert await faults(world) == []

    closed = await world.cancel(booked.booking.id)
    assert isinstance(closed, Ended)
    assert await world.places_left(session) == 10
    assert await faults(world) == []


async def test_a_family_that_does_not_fit_is_told_how_many_places_it_asked(world: World) -> None:
    session, anna = await world.session(seats=3), await world.resident(credit_cents=9000)
    await world.tariff(session, "gezin", 2400, weight=4)

    by_lock = await world.book(anna, session, tariff="gezin")
    without_lock = await world.book(anna, session, tariff="gezin")

    assert by_lock == without_lock == SoldOut(session.id, 4, 3)
    assert isinstance(await world.book(anna, session, places=3), Booked)


async def test_families_and_others_who_book_at_once_never_oversell(world: World) -> None:
    session = await world.session(seats=11)
    await world.tariff(session, "gezin", 2400, weight=4)
    people = [await world.resident(credit_cents=9000) for _ in range(8)]

    answers = await gather(
        *(
            world.book(each, session, tariff="gezin" if n % 2 else "base", places=1 if n % 2 else 2)
            for n, each in enumerate(people)
        )
    )

    taken = sum(
        line.weight for answer in answers if isinstance(answer, Booked) for line in answer.booking.lines
    )
    assert 8 <= taken <= 11
    assert await world.places_left(session) == 11 - taken


async def test_a_group_tariff_is_sold_from_its_lowest_number_on(world: World) -> None:
    session, anna = await world.session(seats=30), await world.resident(credit_cents=9000)
    await world.tariff(session, "groep", 300, least=10)

    assert await world.book(anna, session, places=9, tariff="groep") == TooFewPlaces(
        session.id, "groep", 9, 10
    )
    assert isinstance(await world.book(anna, session, places=10, tariff="groep"), Booked)


async def test_who_was_born_a_day_outside_the_years_is_refused_and_who_was_born_within_is_not(
    world: World,
) -> None:
    session = await world.session(price_cents=500)
    await world.tariff(session, "kind", 100, **IN_2018)
    births = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1)]
    people = [await world.resident(credit_cents=500, born_on=born_on) for born_on in births]

    answers = [await world.book(each, session, tariff="kind") for each in people]

    assert [type(answer) for answer in answers] == [NotForYou, Booked, Booked, NotForYou]


async def by(world: World, session: Session, actor: ByClient | ByStaff, tariff: str) -> Answer | Busy:
    line = RequestedLine(session.id, tariff, 1, None)
    guest = GuestContact("Ann", "ann@example.org") if isinstance(actor, ByClient) else None
    return await world.services.turnstile.answer(
        Book(session.region_id, uuid4(), "cd" * 16, actor, (line,), "api", guest=guest)
    )


@pytest.mark.parametrize("limits", [{"age_to": 17}, {"age_from": 65}, IN_2018])
async def test_a_guest_and_a_seller_at_a_desk_book_a_price_for_an_age_which_is_seen_there(
    world: World, limits: dict[str, int | date]
) -> None:
    session = await world.session()
    await world.tariff(session, "leeftijd", 0, **limits)

    guest = await by(world, session, ByClient("stad", frozenset([session.organiser_id])), "leeftijd")
    at_a_desk = await by(world, session, ByStaff(UUID(int=1)), "leeftijd")

    assert isinstance(guest, Booked)
    assert isinstance(at_a_desk, Booked)


async def test_nobody_at_a_desk_gives_the_social_tariff_without_a_pass(world: World) -> None:
    session = await world.session()

    assert await by(world, session, ByStaff(UUID(int=1)), "kansentarief") == NotForYou(
        session.id, "kansentarief", asks_pass=True
    )


async def test_an_application_of_before_sells_only_what_it_knows(world: World) -> None:
    """While a deployment runs, one without weights reads the same rows: a family is no one place to it."""
    session = await world.session()
    await world.tariff(session, "gezin", 2400, weight=4)
    await world.tariff(session, "groep", 300, least=10)
    await world.tariff(session, "kind", 0, **IN_2018)

    codes = await world.value(
        "SELECT array_agg(t ->> 'code' ORDER BY t ->> 'code')"
        " FROM reservations.facts(1, ARRAY[$1::uuid], '{}', '{}', '{}', '{}') AS f,"
        " json_array_elements(f -> 'sessions' -> 0 -> 'tariffs') AS t",
        session.id,
    )

    assert codes == ["base", "kansentarief"]
