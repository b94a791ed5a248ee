"""A pass shows the age of one: who comes along at a price for an age shows theirs at the door."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from reservations.booking.answers import Booked
from reservations.errors import NotForYou
from tests.builders import Resident, Session, World
from tests.reservations.changes.test_changes import stage
from tests.reservations.changes.town import booked, change, line, refused
from uit.core.age import age_fits, born_between

YOUNG, MOTHER = date(2009, 1, 1), date(1987, 1, 1)
SHOWN = "-26 jaar · toon je leeftijd"


async def with_young_price(world: World) -> Session:
    session = await world.session(price_cents=1000, starts_in=timedelta(days=1))
    await world.tariff(session, "jong", 200, name="-26 jaar", age_to=25)
    return session


async def book(world: World, who: Resident, session: Session, **places: int) -> UUID:
    command = world.command(who, [(session, code, count) for code, count in places.items()])
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    return answer.booking.id


async def labels(world: World, booking_id: UUID) -> list[str]:
    """What a ticket and a door say of each ticket."""
    rows = await world.rows(
        "SELECT reservations.label_at_door(1, booking_id, line_no, no) FROM reservations.ticket"
        " WHERE booking_id = $1 AND status = 'confirmed' ORDER BY line_no, no",
        booking_id,
    )
    return [row[0] for row in rows]


async def test_of_three_places_of_somebody_young_two_are_for_who_shows_their_age(world: World) -> None:
    session, young = await with_young_price(world), await world.resident(5000, born_on=YOUNG)

    first = await book(world, young, session, jong=3)
    world.clock.move(timedelta(minutes=1))
    again = await book(world, young, session, jong=1)

    assert await labels(world, first) == ["-26 jaar", SHOWN, SHOWN]
    assert await labels(world, again) == [SHOWN]


async def test_a_mother_takes_a_child_without_a_pass_along_and_not_its_price_for_herself(
    world: World,
) -> None:
    session, mother = await with_young_price(world), await world.resident(5000, born_on=MOTHER)

    alone = await world.book(mother, session, tariff="jong")
    beside = await book(world, mother, session, base=1, jong=2)

    assert alone == NotForYou(session.id, "jong", age_to=25)
    assert await labels(world, beside) == ["", SHOWN, SHOWN]


async def test_a_companion_is_no_place_of_ones_own(world: World) -> None:
    session, mother = await with_young_price(world), await world.resident(5000, born_on=MOTHER)
    await world.tariff(session, "begeleider", 0)
    await world.execute(
        "INSERT INTO reservations.tariff_condition"
        " (region_id, event_id, code, for_companion, decided_at, decided_by)"
        " VALUES (1, $1, 'begeleider', true, now(), $1)",
        session.event_id,
    )

    answer = await world.services.turnstile.answer(
        world.command(mother, [(session, "jong", 1), (session, "begeleider", 1)])
    )

    assert isinstance(answer, NotForYou)


async def test_who_has_a_social_place_brings_somebody_else_at_the_price_for_an_age(world: World) -> None:
    session = await with_young_price(world)
    young = await world.resident(5000, born_on=YOUNG, social_until=date(2040, 1, 1))

    booking_id = await book(world, young, session, kansentarief=1, jong=1)

    assert await labels(world, booking_id) == ["", SHOWN]


async def test_the_place_of_ones_own_may_stand_in_the_booking_that_changes(world: World) -> None:
    first, other, anna, headers = await stage(world)
    await world.tariff(first, "kind", 100, name="Kind", age_to=11)
    await world.tariff(other, "kind", 100, name="Kind", age_to=11)
    before = await booked(world, headers, line(first, 1, anna))

    with_child = await change(world, headers, before, line(first, 1, anna), line(first, 1, anna, "kind"))
    child_alone = await change(world, headers, before, line(other, 1, anna, "kind"))

    assert with_child.status_code == 200, with_child.text
    assert refused(child_alone) == (409, "reservations.not_for_you")
    assert await labels(world, UUID(before["booking_id"])) == ["", "Kind · toon je leeftijd"]


BANDS = [
    (None, None, None, None),
    (None, 25, None, None),
    (18, None, None, None),
    (3, 12, date(2013, 2, 1), None),
    (None, None, date(2000, 2, 29), date(2008, 12, 31)),
]
BIRTHS = [None, date(2000, 2, 29), date(2008, 3, 1), date(2008, 2, 29), date(2013, 12, 31), date(1950, 1, 1)]


@pytest.mark.parametrize("band", BANDS)
async def test_the_door_and_the_turnstile_reckon_ages_alike(
    world: World, band: tuple[int | None, int | None, date | None, date | None]
) -> None:
    for born_on in BIRTHS:
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2025, 12, 31)):
            said = await world.value(
                "SELECT reservations.age_fits($1::date, $2::date, $3::smallint, $4::smallint, $5, $6)",
                born_on, day, *band,
            )  # fmt: skip
            assert said == (age_fits(born_on, *band[:2], day) and born_between(born_on, *band[2:])), (
                born_on,
                day,
            )
