"""Who waits for a date with numbered seats: what is offered to them are seats, held and named."""

from typing import Any
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.seats.errors import NoSeats
from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session, World
from tests.reservations.dates import plain
from tests.reservations.seats.world import block, seated, seats_taken
from tests.reservations.waiting.lines import accept, join, offer_of
from tests.reservations.waiting.test_pages import deliver, link


async def full_hall(world: World, seats: int = 4) -> tuple[Session, list[Booked]]:
    """A row that is sold, seat by seat."""
    session = await seated(world, PlanLine("A", 1, seats), price_cents=0)
    made: list[Any] = [await world.book(await world.resident(), session) for _ in range(seats)]
    return session, made


async def seats_of(world: World, booking_id: UUID) -> list[str]:
    rows = await world.rows(
        "SELECT seat FROM reservations.ticket WHERE booking_id = $1 ORDER BY no", booking_id
    )
    return [row["seat"] for row in rows]


async def test_an_offer_holds_the_seats_that_came_free_and_names_them(world: World) -> None:
    session, made = await full_hall(world)
    bilal = await world.resident()
    entry_id = await join(world, bilal, session)
    [freed] = await seats_of(world, made[1].booking.id)

    await world.cancel(made[1].booking.id)
    offered = await seats_of(world, await offer_of(world, entry_id))
    answer = await accept(world, bilal, entry_id)

    assert offered == [freed]
    assert not isinstance(answer, Exception)
    assert await seats_taken(world, session) == ["A-1", "A-2", "A-3", "A-4"]


async def test_two_who_wait_together_are_offered_two_seats_once_two_are_free(world: World) -> None:
    session, made = await full_hall(world)
    anna: Resident = await world.resident()
    entry_id = await join(world, anna, session, places=2)
    freed = [*await seats_of(world, made[0].booking.id), *await seats_of(world, made[1].booking.id)]

    await world.cancel(made[0].booking.id)
    await world.cancel(made[1].booking.id)

    assert sorted(await seats_of(world, await offer_of(world, entry_id))) == sorted(freed)


async def test_the_mail_and_the_page_of_an_offer_name_its_seats(world: World) -> None:
    session, made = await full_hall(world)
    entry_id = await join(world, await world.resident(), session)
    await world.cancel(made[2].booking.id)
    [seat] = await seats_of(world, await offer_of(world, entry_id))

    await deliver(world)
    page = (await world.client.get(link(world, entry_id))).text

    [mail] = [each for each in world.mails if "Er is plaats voor jou" in each["Subject"]]
    assert f"Stoelen: rij A, stoel {seat[-1]}" in page
    assert f"Stoelen: rij A, stoel {seat[-1]}" in plain(mail)


async def test_who_finds_every_seat_gone_or_blocked_is_led_to_the_line_and_may_join_it(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 4), price_cents=0)
    await block(world, session, "A-1", "A-2", "A-3", "A-4")
    anna = await world.resident()
    await world.sign_in(anna)

    page = await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}")
    entry_id = await join(world, anna, session)
    await world.execute("DELETE FROM reservations.blocked_seat WHERE seat = 'A-2'")
    newcomer = await world.book(await world.resident(), session)

    assert "Alle gewone stoelen zijn weg." in page.text
    assert f"/dender/sessies/{session.id}/wachtlijst" in page.text
    assert await seats_of(world, await offer_of(world, entry_id)) == ["A-2"]
    assert isinstance(newcomer, NoSeats)
