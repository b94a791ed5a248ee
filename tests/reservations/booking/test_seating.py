from asyncio import gather
from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from reservations.seats.plan import PlanLine
from tests.builders import World
from tests.reservations.booking.test_api import put, told
from tests.reservations.seats.world import block, line, seated, seats_taken


async def test_who_chooses_no_seat_gets_the_best_together(world: World) -> None:
    session, anna = await seated(world, best_row="B"), await world.resident(credit_cents=5000)

    answer = await world.book(anna, session, 2)

    assert isinstance(answer, Booked)
    assert [ticket.seat for ticket in answer.booking.lines[0].tickets] == ["B-3", "B-4"]
    assert await seats_taken(world, session) == ["B-3", "B-4"]


async def test_who_chooses_seats_gets_those(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers, booking_id = await world.api_client(session.organiser_id), uuid4()

    made = await put(world, headers, line(session, anna, 2, seats=["A-1", "C-6"]), booking_id)
    again = await put(world, headers, line(session, anna, 2, seats=["A-1", "C-6"]), booking_id)

    assert (made.status_code, again.status_code) == (201, 200)
    assert [ticket["seat"] for ticket in made.json()["lines"][0]["tickets"]] == ["A-1", "C-6"]
    assert again.json() == made.json()


async def test_a_seat_that_is_gone_is_refused_with_the_nearest_that_is_free(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    await put(world, headers, line(session, anna, 1, seats=["B-3"]))

    answer = await put(world, headers, line(session, anna, 2, seats=["B-3", "B-4"]))

    assert told(answer) == (409, "reservations.seats_taken")
    assert answer.json()["seats"] == ["B-3"]
    assert answer.json()["nearest"] == ["A-3"]
    assert await seats_taken(world, session) == ["B-3"]
    assert await world.places_left(session) == 17


async def test_a_seat_chosen_twice_is_refused(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)

    answer = await put(world, headers, line(session, anna, 2, seats=["B-3", "B-3"]))

    assert told(answer) == (409, "reservations.seats_taken")


async def test_seats_that_make_no_sense_are_refused(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    bare = await world.session(organiser_id=session.organiser_id)
    headers = await world.api_client(session.organiser_id)

    unknown = await put(world, headers, line(session, anna, 1, seats=["Z-1"]))
    miscounted = await put(world, headers, line(session, anna, 3, seats=["A-1", "A-2"]))
    unnumbered = await put(world, headers, line(bare, anna, 1, seats=["A-1"]))

    assert told(unknown) == (422, "reservations.seat_unknown")
    assert told(miscounted) == (422, "reservations.seats_miscounted")
    assert told(unnumbered) == (422, "reservations.not_numbered")


async def test_a_companion_gets_the_seat_beside_the_wheelchair(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)

    made = await put(world, headers, line(session, anna, 2, wheelchairs=1))
    second = await put(world, headers, line(session, anna, 1, wheelchairs=1))

    assert [ticket["seat"] for ticket in made.json()["lines"][0]["tickets"]] == ["C-1", "C-2"]
    assert told(second) == (409, "reservations.no_seats")
    assert second.json()["for_wheelchairs"] is True


async def test_more_wheelchairs_than_places_are_refused(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)

    answer = await put(world, headers, line(session, anna, 1, wheelchairs=2))

    assert told(answer) == (422, "reservations.seats_miscounted")


async def test_a_blocked_seat_is_nobodys(world: World) -> None:
    session, anna = await seated(world, PlanLine("A", 1, 3)), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    await block(world, session, "A-2")

    best = await put(world, headers, line(session, anna, 2))
    chosen = await put(world, headers, line(session, anna, 1, seats=["A-2"]))
    more = await put(world, headers, line(session, anna, 1))

    assert best.status_code == 201
    assert told(chosen) == (409, "reservations.seats_taken")
    assert told(more) == (409, "reservations.no_seats")
    assert await seats_taken(world, session) == ["A-1", "A-3"]


async def test_lines_of_one_booking_sit_together(world: World) -> None:
    session = await seated(world, best_row="A")
    anna, bilal = await world.resident(credit_cents=5000), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    body = line(session, anna)
    body["lines"] += [{**body["lines"][0], "pass_token": bilal.token, "places": 2}]  # type: ignore[operator,index]

    made = (await put(world, headers, body)).json()

    seats = [ticket["seat"] for each in made["lines"] for ticket in each["tickets"]]
    assert sorted(seats) == ["A-1", "A-2", "A-3"]


async def test_a_seat_is_free_again_when_its_ticket_ends(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 2))
    anna, bilal = await world.resident(credit_cents=5000), await world.resident(credit_cents=5000)
    made = await world.book(anna, session, 2)
    assert isinstance(made, Booked)

    await world.cancel(made.booking.id)
    again = await world.book(bilal, session, 2)

    assert isinstance(again, Booked)
    assert await seats_taken(world, session) == ["A-1", "A-2"]


async def test_what_ends_and_what_is_booked_at_the_same_moment_share_no_seat(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 4))
    people = [await world.resident(credit_cents=50000) for _ in range(4)]
    made = [await world.book(each, session) for each in people]

    await gather(
        *(world.cancel(each.booking.id) for each in made if isinstance(each, Booked)),
        *(world.book(each, session) for each in people * 2),
    )

    assert await seats_taken(world, session) == ["A-1", "A-2", "A-3", "A-4"]


async def test_two_who_want_the_same_seat_at_the_same_moment_do_not_both_get_it(world: World) -> None:
    session = await seated(world)
    people = [await world.resident(credit_cents=5000) for _ in range(8)]
    headers = await world.api_client(session.organiser_id)

    answers = await gather(*(put(world, headers, line(session, each, 1, seats=["B-3"])) for each in people))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert await seats_taken(world, session) == ["B-3"]


async def test_a_quote_says_which_seats_one_would_get(world: World) -> None:
    session, anna = await seated(world, best_row="B"), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)

    quote = await world.client.post("/api/v1/quotes", json=line(session, anna, 2), headers=headers)
    gone = line(session, anna, 1, seats=["Z-9"])
    refused = await world.client.post("/api/v1/quotes", json=gone, headers=headers)

    assert quote.json()["lines"][0]["seats"] == ["B-3", "B-4"]
    assert refused.json()["lines"][0]["refusal"]["code"] == "reservations.seat_unknown"
    assert await seats_taken(world, session) == []


async def test_a_companion_who_would_sit_across_the_aisle_is_refused_and_named_seats_are_not(
    world: World,
) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    await put(world, headers, line(session, anna, 1, seats=["C-2"]))

    apart = await put(world, headers, line(session, anna, 2, wheelchairs=1))
    alone = await put(world, headers, line(session, anna, 1, wheelchairs=1), uuid4())

    assert told(apart) == (409, "reservations.seats_apart")
    assert alone.status_code == 201
    await world.cancel(UUID(alone.json()["booking_id"]))
    named = await put(world, headers, line(session, anna, 2, seats=["C-1", "A-1"]))
    assert named.status_code == 201
