"""Parts of a room: a ticket draws on its part and on the room, and nothing that is sold moves."""

from asyncio import gather
from uuid import UUID, uuid4

from reservations.booking.actor import ByStaff
from reservations.booking.answers import Booked
from reservations.booking.commands import GiveUp
from reservations.check import check_bookings
from reservations.errors import SoldOut
from reservations.places.errors import PartInItself, PartInUse
from reservations.places.parts import NewPart, arrange, make_part, remove_part
from tests.builders import Session, World
from uit.core.errors import Refusal
from uit.services.audit import Author


def author_in(world: World) -> Author:
    return Author(1, "staff", str(uuid4()), world.clock.now(), world.services.ids)


async def make(  # noqa: PLR0917  all that a part is
    world: World,
    session: Session,
    places: int = 2,
    name: str = "Balkon",
    within: str = "",
    codes: frozenset[str] = frozenset({"base"}),
    dates: tuple[UUID, ...] = (),
) -> UUID:
    part = NewPart(uuid4(), name, "part", places, within, codes)
    async with world.services.database.transaction() as tx:
        made = await make_part(tx, author_in(world), session.id, dates or [session.id], part)
    assert made is None
    return part.id


async def put(
    world: World, session: Session, tariffs: dict[str, str], parts: dict[str, str] | None = None
) -> Refusal | None:
    async with world.services.database.transaction() as tx:
        return await arrange(tx, author_in(world), session.id, [session.id], tariffs, parts or {})


async def book(world: World, session: Session, places: int = 1) -> object:
    return await world.book(await world.resident(credit_cents=100_00), session, places)


async def taken(world: World, pool_id: UUID) -> int:
    return int(await world.value("SELECT taken FROM reservations.pool WHERE id = $1", pool_id))


async def faults(world: World) -> list[str]:
    async with world.services.database.reading() as connection:
        return await check_bookings(connection)


async def test_a_ticket_counts_in_its_part_and_in_the_room(world: World) -> None:
    session = await world.session(10)
    balcony = await make(world, session, 2)

    assert isinstance(await book(world, session, 2), Booked)

    assert await book(world, session) == SoldOut(session.id, 1, 0, "base")
    assert [await taken(world, each) for each in (balcony, session.pool_id)] == [2, 2]
    assert await faults(world) == []


async def test_a_price_without_places_left_says_so_while_others_have_some(world: World) -> None:
    session = await world.session(10)
    await world.tariff(session, "jong", 300)
    await make(world, session, 2, codes=frozenset({"jong"}))
    headers = await world.api_client(session.organiser_id)
    line = {"session_id": str(session.id), "tariff": "jong", "places": 3}

    quoted = await world.client.post("/api/v1/quotes", json={"lines": [line]}, headers=headers)
    await world.execute("UPDATE reservations.pool SET capacity = 0 WHERE kind = 'part'")
    page = await world.client.get(f"/dender/evenementen/{session.event_id}?sessie={session.id}")

    refusal = quoted.json()["lines"][0]["refusal"]
    assert refusal["facts"]["tariff"] == "jong"
    assert "Voor deze prijs zijn er nog 2 plaatsen. Je vroeg er 3." in str(refusal)
    assert "Boek je plaats" in page.text
    assert page.text.count("alle plaatsen weg") == 1


async def test_what_was_sold_stays_where_it_was_and_comes_back_there(world: World) -> None:
    session = await world.session(10)
    before = await book(world, session, 3)
    balcony = await make(world, session, 2)
    after = await book(world, session, 2)
    assert isinstance(before, Booked)
    assert isinstance(after, Booked)
    await put(world, session, {"base": ""})

    for answer in (before, after):
        booking = answer.booking
        await world.services.turnstile.answer(GiveUp(1, booking.id, ByStaff(uuid4())))

    assert [await taken(world, each) for each in (balcony, session.pool_id)] == [0, 0]
    assert await faults(world) == []


async def test_a_part_of_a_part_counts_in_both(world: World) -> None:
    session = await world.session(10)
    balcony = await make(world, session, 5, codes=frozenset())
    row = await make(world, session, 3, "Rij 1", "Balkon")

    assert isinstance(await book(world, session, 2), Booked)
    assert [await taken(world, each) for each in (row, balcony, session.pool_id)] == [2, 2, 2]


async def test_no_part_is_in_itself(world: World) -> None:
    session = await world.session(10)
    await make(world, session, 5)
    await make(world, session, 3, "Rij 1", "Balkon")

    assert await put(world, session, {}, {"Balkon": "Rij 1"}) == PartInItself("Balkon")


async def test_a_part_is_made_of_all_dates_at_once(world: World) -> None:
    first = await world.session(10)
    second = await world.session(10, organiser_id=first.organiser_id)
    await make(world, first, dates=(first.id, second.id))

    assert await world.value("SELECT count(*) FROM reservations.pool WHERE kind = 'part'") == 2
    for session in (first, second):
        assert await book(world, session, 3) == SoldOut(session.id, 3, 2, "base")


async def test_a_part_in_which_nothing_counts_can_go(world: World) -> None:
    session = await world.session(10)
    balcony = await make(world, session)
    await book(world, session)

    async def remove() -> object:
        async with world.services.database.transaction() as tx:
            return await remove_part(tx, author_in(world), session.id, balcony)

    assert await remove() == PartInUse("Balkon")
    await put(world, session, {"base": ""})
    assert await remove() is None
    assert isinstance(await book(world, session, 5), Booked)
    assert await faults(world) == []


async def test_who_books_while_a_part_is_made_never_gets_more_than_it_has(world: World) -> None:
    session = await world.session(40)
    people = [await world.resident(credit_cents=500) for _ in range(16)]

    answers, part_id = await gather(
        gather(*(world.book(each, session) for each in people)), make(world, session, 3)
    )

    booked = [each.booking for each in answers if isinstance(each, Booked)]
    in_part = [each for each in booked if part_id in each.lines[0].pool_ids]
    assert len(in_part) == await taken(world, part_id) <= 3
    assert await taken(world, session.pool_id) == len(booked)
    assert await faults(world) == []
