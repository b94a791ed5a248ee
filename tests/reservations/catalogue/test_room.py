"""Which time of a day a card shows: one that who looks can book, judged by the database as by a page."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

from reservations.booking.facts import Holder
from reservations.catalogue.agenda import Availability, read_cards
from reservations.catalogue.days import DayQuery, ListedDay, read_day_cards
from reservations.catalogue.search import Search
from tests.builders import Session, World
from tests.reservations.catalogue.test_agenda import found, text_of
from uit.core.clock import day_in_flanders

ENTITLED, BORN, LAPSED, UNKNOWN = (
    Holder(uuid4(), None, None, None, active=True, ends_on=None, social_until=until, born_on=born_on)
    for until, born_on in (
        (date(2027, 1, 1), date(1990, 5, 1)),
        (None, date(2014, 3, 3)),
        (date(2026, 3, 2), date(2008, 2, 29)),
        (None, None),
    )
)
VISITORS = (None, ENTITLED, BORN, LAPSED, UNKNOWN)
SESSIONS = (
    "status = 'scheduled'",
    "status = 'cancelled'",
    "sale_closes_at = '2026-03-01'",
    "sale_opens_at = '2026-03-03'",
)
TARIFFS = (
    "weight = 1",
    "eligibility = 'social'",
    "eligibility = 'member'",
    "age_to = 11",
    "age_from = 12",
    "age_from = 18, age_to = 64",
    "born_from = '2014-01-01', born_to = '2014-12-31'",
    "weight = 4",
    "least = 10",
    "pool_ids = '{}'",
    "active = false",
)


async def two_times(world: World, of_session: str, of_tariff: str, seats: int) -> Session:
    """A session with one tariff, and a later time of its event that anybody can book."""
    first = await world.session(seats, starts_in=timedelta(days=1))
    later = await world.session(starts_in=timedelta(days=1, hours=4))
    await world.execute("DELETE FROM reservations.tariff WHERE session_id = $1 AND code <> 'base'", first.id)
    await world.execute(f"UPDATE reservations.session SET {of_session} WHERE id = $1", first.id)
    await world.execute(f"UPDATE reservations.tariff SET {of_tariff} WHERE session_id = $1", first.id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", first.event_id, later.id
    )
    return first


async def test_a_card_shows_the_first_time_just_when_its_page_calls_it_open(world: World) -> None:
    now = world.clock.now()
    query = DayQuery(1, Search(day_in_flanders(now), None), now)
    cases = [(SESSIONS[0], tariff, seats) for tariff, seats in product(TARIFFS, (0, 3, 12))]
    cases += [(session, TARIFFS[0], 3) for session in SESSIONS[1:]]
    firsts = [(case, await two_times(world, *case)) for case in cases]
    seen = set()

    async with world.services.database.reading() as tx:
        for (case, first), (number, member) in product(firsts, enumerate(VISITORS)):
            day = ListedDay(now, first.event_id, now + timedelta(days=1))
            [card] = await read_day_cards(tx, query, [day], member)
            [alone] = await read_cards(tx, 1, [first.id], member, now, language="nl")
            is_open = alone.availability is Availability.OPEN
            assert (card.session.id == first.id) is is_open, (case, number)
            assert card.times == 2
            seen.add(is_open)
    assert seen == {True, False}


async def test_a_stranger_is_not_shown_a_time_that_has_only_places_for_who_has_a_pass(world: World) -> None:
    await two_times(world, SESSIONS[0], "eligibility = 'social'", 5)

    assert "2 tijdstippen vanaf 14 u" in text_of(await found(world))
    await world.sign_in(await world.resident(social_until=date(2027, 1, 1)))
    assert "2 tijdstippen vanaf 10 u" in text_of(await found(world))


async def test_this_week_in_a_town_is_what_is_in_it_and_not_what_is_called_so(world: World) -> None:
    for refnis, town in (("13025", "Mol"), ("13008", "Geel")):
        await world.execute(
            "INSERT INTO uit.municipality VALUES ($1, $2, $2, 'Antwerpen', '{}')", refnis, town
        )
    for refnis, called in (("13008", "Molenfeest"), ("13025", "Zwemmen")):
        session, venue = await world.session(starts_in=timedelta(days=1)), uuid4()
        await world.execute(
            "INSERT INTO organisers.venue (region_id, id, name, locality, postal_code, refnis)"
            " VALUES (1, $1, 'Zaal', 'Plaats', '', $2)",
            venue, refnis,
        )  # fmt: skip
        await world.execute(
            "UPDATE organisers.event SET venue_id = $1, name = $2 WHERE id = $3",
            venue, called, session.event_id,
        )  # fmt: skip
    anna = await world.resident()
    await world.execute("UPDATE passes.membership SET refnis = '13025' WHERE id = $1", anna.membership_id)
    await world.sign_in(anna)

    page = text_of((await world.client.get("/dender")).text)

    assert "Deze week in Mol" in page
    assert "Zwemmen" in page
    assert "Molenfeest" not in page
