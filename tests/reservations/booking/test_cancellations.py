"""A client gives up a booking of its own, or a part of it: once, however often it says so."""

from asyncio import gather
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response

from tests.builders import TONIGHT, Resident, Session, World
from tests.credits.books import figures
from tests.reservations.booking.test_api import Headers, body, put, stage, told
from tests.reservations.dates import call_off, faults, postpone

FIRST, SECOND = 1, 2


async def two_lines(
    world: World, places: tuple[int, int] = (2, 2), **when: Any
) -> tuple[Session, Session, Resident, Headers, str]:
    """A booking of two sessions of one organiser, at 5 and at 3 euro a place."""
    first, anna, headers = await stage(world, **when)
    second = await world.session(10, 300, organiser_id=first.organiser_id, **when)
    booking_id = str(uuid4())
    lines = [
        {"session_id": str(session.id), "tariff": "base", "places": count}
        for session, count in zip((first, second), places, strict=True)
    ]
    made = await put(world, headers, body(first, anna, lines=lines), booking_id)  # type: ignore[arg-type]
    assert made.status_code == 201, made.text
    return first, second, anna, headers, booking_id


async def give_up(
    world: World, headers: Headers, booking_id: str, *lines: dict[str, Any], name: str | None = None
) -> Response:
    document = {"cancellation_id": name or str(uuid4()), "lines": list(lines)}
    return await world.client.post(
        f"/api/v1/bookings/{booking_id}/cancellations", json=document, headers=headers
    )


async def give_all_up(world: World, headers: Headers, booking_id: str) -> Response:
    return await world.client.delete(f"/api/v1/bookings/{booking_id}", headers=headers)


def of_tickets(document: dict[str, Any]) -> list[tuple[int, int, str, str | None, int]]:
    """The line, number, status, end and returned cents of each ticket."""
    return [
        (line["no"], ticket["no"], ticket["status"], ticket["end"], ticket["returned_cents"])
        for line in document["lines"]
        for ticket in line["tickets"]
    ]


# A part


async def test_some_tickets_of_a_line_are_given_up_and_the_document_says_which(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)

    answer = await give_up(world, headers, booking_id, {"no": FIRST, "tickets": [2]})

    assert answer.status_code == 200
    assert of_tickets(answer.json()) == [
        (1, 1, "confirmed", None, 0),
        (1, 2, "cancelled", "given_up", 500),
        (2, 1, "confirmed", None, 0),
        (2, 2, "confirmed", None, 0),
    ]
    gone = answer.json()["lines"][0]["tickets"]
    assert [ticket["ended_at"] for ticket in gone] == [None, "2026-03-02T09:00:00Z"]
    assert await world.places_left(first) == 9
    assert await figures(world, anna) == (5000 - 1600 + 500, 1100, 0, 0, 0)
    assert await faults(world) == []


async def test_a_whole_line_is_given_up_when_no_tickets_are_named(world: World) -> None:
    first, second, anna, headers, booking_id = await two_lines(world)

    answer = await give_up(world, headers, booking_id, {"no": SECOND})

    assert [each[2] for each in of_tickets(answer.json())] == ["confirmed"] * 2 + ["cancelled"] * 2
    assert (await world.places_left(first), await world.places_left(second)) == (8, 10)
    assert await world.available_cents(anna) == 4000
    assert await faults(world) == []


async def test_what_was_booked_never_shrinks_and_what_came_back_adds_up(world: World) -> None:
    _, _, _, headers, booking_id = await two_lines(world)
    parts = ({"no": 1, "tickets": [1]}, {"no": 2}, {"no": 1})

    shown = [(await give_up(world, headers, booking_id, part)).json() for part in parts]

    assert [(each["price_cents"], each["credit_cents"]) for each in shown] == [(1600, 1600)] * 3
    assert [each["returned_cents"] for each in shown] == [500, 1100, 1600]
    assert [each["status"] for each in shown] == ["confirmed", "confirmed", "cancelled"]
    for document in shown:
        of_lines = [line["returned_cents"] for line in document["lines"]]
        assert [(line["price_cents"], line["credit_cents"]) for line in document["lines"]] == [
            (1000, 1000),
            (600, 600),
        ]
        assert of_lines == [
            sum(ticket["returned_cents"] for ticket in line["tickets"]) for line in document["lines"]
        ]
        assert sum(of_lines) == document["returned_cents"]


async def test_a_repeat_gets_the_same_answer_and_changes_nothing_more(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)
    line, name = {"no": 1, "tickets": [1]}, str(uuid4())
    answer = await give_up(world, headers, booking_id, line, name=name)
    world.clock.move(timedelta(hours=1))

    again = await gather(*(give_up(world, headers, booking_id, line, name=name) for _ in range(5)))

    assert {each.content for each in again} == {answer.content}
    assert {each.status_code for each in again} == {200}
    assert (await world.places_left(first), await world.available_cents(anna)) == (9, 3900)


async def test_a_repeat_is_answered_also_when_the_limit_has_passed_since(world: World) -> None:
    _, _, _, headers, booking_id = await two_lines(world, starts_in=timedelta(hours=30))
    line, name = {"no": 1, "tickets": [1]}, str(uuid4())
    await give_up(world, headers, booking_id, line, name=name)
    world.clock.move(timedelta(hours=10))

    again = await give_up(world, headers, booking_id, line, name=name)
    another = await give_up(world, headers, booking_id, {"no": 1, "tickets": [2]})

    assert again.status_code == 200
    assert told(another) == (409, "reservations.too_late")
    assert another.json()["line_no"] == 1


async def test_the_same_id_with_other_content_is_a_conflict(world: World) -> None:
    _, _, anna, headers, booking_id = await two_lines(world)
    name = str(uuid4())
    await give_up(world, headers, booking_id, {"no": 1, "tickets": [1]}, name=name)

    for line in ({"no": 1, "tickets": [2]}, {"no": 1}, {"no": 2, "tickets": [1]}):
        answer = await give_up(world, headers, booking_id, line, name=name)
        assert told(answer) == (409, "reservations.cancellation_id_taken")
    assert await world.available_cents(anna) == 3900


async def test_the_same_id_for_another_booking_is_a_conflict(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)
    other, name, line = uuid4(), str(uuid4()), {"no": 1, "tickets": [1]}
    await put(world, headers, body(first, anna), other)
    await give_up(world, headers, booking_id, line, name=name)

    answer = await give_up(world, headers, str(other), line, name=name)

    assert told(answer) == (409, "reservations.cancellation_id_taken")


async def test_of_one_id_for_two_things_at_the_same_moment_one_is_done(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)
    other, name, line = uuid4(), str(uuid4()), {"no": 1, "tickets": [1]}
    await put(world, headers, body(first, anna, 2), other)

    answers = await gather(
        *(give_up(world, headers, each, line, name=name) for each in (booking_id, str(other)) * 3)
    )

    assert Counter(each.status_code for each in answers) == {200: 3, 409: 3}
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'cancelled'") == 1


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ({"no": 3}, {"line_no": 3}),
        ({"no": 1, "tickets": [3]}, {"line_no": 1, "ticket_no": 3}),
        ({"no": 1, "tickets": [1, 1000]}, {"line_no": 1, "ticket_no": 1000}),
    ],
)
async def test_a_line_or_a_ticket_that_is_not_there_is_named_and_nothing_ends(
    world: World, line: dict[str, Any], facts: dict[str, int]
) -> None:
    _, _, anna, headers, booking_id = await two_lines(world)

    answer = await give_up(world, headers, booking_id, {"no": 2}, line)

    assert told(answer) == (404, "reservations.line_unknown")
    assert {name: answer.json()[name] for name in facts} == facts
    assert await world.available_cents(anna) == 3400


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{}],
        [{"no": 0}],
        [{"no": 1, "tickets": []}],
        [{"no": 1, "tickets": [0]}],
        [{"no": 1, "all": True}],
    ],
)
async def test_what_is_no_cancellation_is_a_clear_no(world: World, lines: list[dict[str, Any]]) -> None:
    _, _, anna, headers, booking_id = await two_lines(world)

    assert told(await give_up(world, headers, booking_id, *lines)) == (422, "ground.not_understood")
    assert await world.available_cents(anna) == 3400


async def test_a_line_or_a_ticket_that_is_named_twice_ends_once(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)

    answer = await give_up(
        world, headers, booking_id, {"no": 1, "tickets": [1, 1]}, {"no": 1, "tickets": [1, 2]}
    )

    assert answer.status_code == 200
    assert [each[4] for each in of_tickets(answer.json())] == [500, 500, 0, 0]
    assert (await world.places_left(first), await world.available_cents(anna)) == (10, 4400)
    assert await faults(world) == []


async def test_a_ticket_that_ended_before_ends_no_second_time(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)
    await give_up(world, headers, booking_id, {"no": 1, "tickets": [1]})

    answer = await give_up(world, headers, booking_id, {"no": 1, "tickets": [1, 2]})

    assert [each[4] for each in of_tickets(answer.json())] == [500, 500, 0, 0]
    assert (await world.places_left(first), await world.available_cents(anna)) == (10, 4400)


async def test_a_used_ticket_is_in_the_way_of_what_was_asked_with_it(world: World) -> None:
    _, second, anna, headers, booking_id = await two_lines(world, **TONIGHT)
    await check_in(world, headers, booking_id, line=0)

    for line in ({"no": 1, "tickets": [1]}, {"no": 1, "tickets": [1, 2]}):
        refused = await give_up(world, headers, booking_id, {"no": 2}, line)
        assert told(refused) == (409, "reservations.already_used")
        assert refused.json()["line_no"] == 1
    rest = await give_up(world, headers, booking_id, {"no": 1, "tickets": [2]}, {"no": 2})

    assert rest.status_code == 200
    assert [each[2] for each in of_tickets(rest.json())] == ["attended", "cancelled"] + ["cancelled"] * 2
    assert rest.json()["status"] == "attended"
    assert await world.places_left(second) == 10
    assert await world.available_cents(anna) == 4500


async def check_in(world: World, headers: Headers, booking_id: str, line: int, ticket: int = 0) -> None:
    document = (await world.client.get(f"/api/v1/bookings/{booking_id}", headers=headers)).json()
    shown = document["lines"][line]["tickets"][ticket]["ticket"]
    answer = await world.client.post("/api/v1/checkins", json={"ticket": shown}, headers=headers)
    assert answer.status_code == 201


async def test_somebody_elses_booking_is_not_there(world: World) -> None:
    first, _, anna, _, booking_id = await two_lines(world)
    stranger = await world.api_client(first.organiser_id)

    answers = [
        await give_up(world, stranger, booking_id, {"no": 1}),
        await give_up(world, stranger, str(uuid4()), {"no": 1}),
    ]

    assert [told(each) for each in answers] == [(404, "reservations.booking_unknown")] * 2
    assert await world.available_cents(anna) == 3400


# All of it


async def test_a_booking_of_two_dates_is_cancelled_whole_and_a_repeat_is_answered_alike(world: World) -> None:
    _, _, anna, headers, booking_id = await two_lines(world)
    await give_up(world, headers, booking_id, {"no": 1, "tickets": [2]})

    first, again = [await give_all_up(world, headers, booking_id) for _ in range(2)]

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert (first.json()["status"], first.json()["returned_cents"]) == ("cancelled", 1600)
    assert await figures(world, anna) == (5000, 0, 0, 0, 0)
    assert await faults(world) == []


async def test_one_line_past_its_limit_is_named_and_nothing_ends(world: World) -> None:
    first, anna, headers = await stage(world, starts_in=timedelta(hours=30))
    second = await world.session(organiser_id=first.organiser_id)
    lines = [{"session_id": str(each.id), "tariff": "base", "places": 1} for each in (second, first)]
    booking_id = uuid4()
    await put(world, headers, body(first, anna, lines=lines), booking_id)
    world.clock.move(timedelta(hours=7))

    answer = await give_all_up(world, headers, str(booking_id))

    assert told(answer) == (409, "reservations.too_late")
    assert answer.json()["line_no"] == 2
    assert await world.available_cents(anna) == 4000


async def test_of_two_dates_with_one_called_off_the_other_is_cancelled(world: World) -> None:
    first, second, anna, headers, booking_id = await two_lines(world)
    await call_off(world, first)

    answer = await give_all_up(world, headers, booking_id)

    assert answer.status_code == 200
    assert [each[3] for each in of_tickets(answer.json())] == ["called_off"] * 2 + ["given_up"] * 2
    assert await world.available_cents(anna) == 5000
    assert await world.places_left(second) == 10


async def test_when_all_that_is_left_was_used_that_line_is_named(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world, places=(1, 1), **TONIGHT)
    await check_in(world, headers, booking_id, line=1)
    await call_off(world, first)

    answer = await give_all_up(world, headers, booking_id)

    assert told(answer) == (409, "reservations.already_used")
    assert answer.json()["line_no"] == 2
    assert await world.available_cents(anna) == 4700


async def test_a_postponed_line_is_left_and_the_other_past_its_limit_is_in_the_way(world: World) -> None:
    first, second, anna, headers, booking_id = await two_lines(world, starts_in=timedelta(hours=30))
    await postpone(world, first)
    world.clock.move(timedelta(hours=10))

    whole = await give_all_up(world, headers, booking_id)
    part = await give_up(world, headers, booking_id, {"no": 1})

    assert (told(whole), whole.json()["line_no"]) == ((409, "reservations.too_late"), 2)
    assert [each[3] for each in of_tickets(part.json())] == ["moved_away"] * 2 + [None] * 2
    assert (await world.places_left(first), await world.places_left(second)) == (10, 8)
    assert await world.available_cents(anna) == 4400


async def test_a_booking_of_before_the_pools_of_its_date_changed_is_cancelled(world: World) -> None:
    first, _, anna, headers, booking_id = await two_lines(world)
    hall = uuid4()
    await world.execute(
        "INSERT INTO reservations.pool (region_id, id, name, licensed_capacity, capacity)"
        " VALUES (1, $1, 'Grote zaal', 50, 50)",
        hall,
    )
    await world.execute("UPDATE reservations.session SET pool_ids = $1 WHERE id = $2", [hall], first.id)
    await world.execute(
        "UPDATE reservations.tariff SET pool_ids = $1 WHERE session_id = $2", [hall], first.id
    )

    part = await give_up(world, headers, booking_id, {"no": 1, "tickets": [1]})
    whole = await give_all_up(world, headers, booking_id)

    assert (part.status_code, whole.status_code) == (200, 200)
    assert await world.places_left(first) == 10
    assert await world.value("SELECT taken FROM reservations.pool WHERE id = $1", hall) == 0
    assert await world.available_cents(anna) == 5000
    assert await faults(world) == []


async def test_many_parts_at_the_same_moment_each_end_once(world: World) -> None:
    first, anna, headers = await stage(world)
    booking_id = uuid4()
    await put(world, headers, body(first, anna, 6), booking_id)

    answers = await gather(
        *(give_up(world, headers, str(booking_id), {"no": 1, "tickets": [no]}) for no in range(1, 7)),
        give_all_up(world, headers, str(booking_id)),
    )

    assert {each.status_code for each in answers} == {200}
    assert (await world.places_left(first), await world.available_cents(anna)) == (10, 5000)
    assert await faults(world) == []
