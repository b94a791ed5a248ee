"""What is free of a date with numbered seats: no more than there are seats, whatever its pool has."""

from datetime import timedelta

from reservations.booking.answers import Booked
from reservations.catalogue.listing import read_documents
from reservations.live.evenings import read_evenings
from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.reservations.activities.making import event_of, published
from tests.reservations.box_office.tills import address, at_the_till
from tests.reservations.seats.world import block, seat_by_plan, seated
from tests.reservations.sessions.test_desk import desk, text_of


async def left(world: World, session: Session, weight: int = 1) -> int:
    return int(
        await world.value(
            "SELECT reservations.tickets_left(1, $1, ARRAY[$2::uuid], $3, 1, 'page', NULL)",
            session.id, session.pool_id, weight,
        )
    )  # fmt: skip


async def test_a_blocked_row_is_not_said_to_be_free(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 5), PlanLine("B", 1, 5), price_cents=0)
    assert isinstance(await world.book(await world.resident(), session, 2), Booked)
    taken = await world.rows("SELECT seat FROM reservations.ticket")
    free = sorted({f"{row}-{no}" for row in "AB" for no in range(1, 6)} - {each[0] for each in taken})

    await block(world, session, *free[:5])
    page = await world.client.get(f"/dender/evenementen/{session.event_id}?sessie={session.id}")

    assert await left(world, session) == 3
    assert await left(world, session, weight=2) == 1
    assert "3 plaatsen" in text_of(page)


async def test_a_seat_that_is_taken_and_blocked_is_gone_once(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 5), price_cents=0)
    await world.tariff(session, "gezin", 0, weight=2)
    assert isinstance(await world.book(await world.resident(), session, tariff="gezin"), Booked)
    seats = await world.value("SELECT seat FROM reservations.ticket")

    await block(world, session, *seats.split(","))

    assert await left(world, session) == 3


async def test_where_no_seats_are_numbered_it_is_what_the_pool_has(world: World) -> None:
    assert await left(world, await world.session(seats=7)) == 7


async def test_a_till_and_a_desk_say_what_anybody_is_told_is_free(world: World) -> None:
    rows, soon = (PlanLine("A", 1, 5), PlanLine("B", 1, 5)), timedelta(hours=3)
    session = await seated(world, *rows, price_cents=0, starts_in=soon, cancel_before=timedelta())
    assert isinstance(await world.book(await world.resident(), session, 2), Booked)
    taken = {each[0] for each in await world.rows("SELECT seat FROM reservations.ticket")}
    free = sorted({f"{row}-{no}" for row in "AB" for no in range(1, 6)} - taken)
    await block(world, session, *free[:7])
    drawer = await at_the_till(world, session)

    sold = text_of(await world.client.get(address(drawer, "verkoop")))
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    pages = {
        each: text_of(await world.client.get(f"{desk(session)}/{each}"))
        for each in (
            "",
            "vandaag",
            "dertig-dagen",
            f"sessies/{session.id}",
        )
    }

    assert "1 van 3 plaatsen vrij" in sold
    assert {each for each, page in pages.items() if "2 / 3" not in page} == set()
    assert "Van 10 plaatsen zijn er 7 niet te boeken" in pages[f"sessies/{session.id}"]


async def test_what_is_told_live_and_to_a_client_has_no_blocked_seats(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 5), price_cents=0)
    await block(world, session, "A-1", "A-2")

    async with world.services.database.reading() as connection:
        live = await read_evenings(connection, 1, [session.id])
        documents = await read_documents(connection, 1, [session.id], None)

    assert [each.capacity for each in live] == [3]
    assert '"places_left" : 3, "capacity" : 3' in documents[0].document


async def test_the_page_of_an_activity_says_the_same_of_its_dates(world: World) -> None:
    organiser_id = await world.organiser()
    this = await published(world, organiser_id)
    session_id = await world.value("SELECT id FROM reservations.session ORDER BY starts_at LIMIT 1")
    session = Session(1, session_id, organiser_id, event_of(this), session_id)
    await seat_by_plan(world, session, PlanLine("A", 1, 5))
    await block(world, session, "A-1", "A-2")

    page = await world.client.get(this)

    assert "0 / 3" in text_of(page)
