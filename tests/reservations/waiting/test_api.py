"""A client of an organiser is told where to wait, waits, takes an offer and leaves."""

from typing import Any
from uuid import UUID, uuid4

from httpx import Response

from reservations.seats.plan import PlanLine
from tests.builders import Resident, Session, World
from tests.reservations.booking.test_api import Headers, body, put, told
from tests.reservations.dates import faults
from tests.reservations.seats.world import block, seated
from tests.reservations.waiting.lines import join, sold_out, state

CREATED, OK, CONFLICT, NOT_FOUND, FORBIDDEN, UNPROCESSABLE = 201, 200, 409, 404, 403, 422
ADDRESS = "/api/v1/waiting"


async def full(world: World, seats: int = 2, **more: Any) -> tuple[Session, list[UUID], Headers]:
    session, booked = await sold_out(world, seats, **more)
    return session, booked, await world.api_client(session.organiser_id)


def asked(session: Session, who: Resident | None = None, places: int = 1, **more: object) -> dict[str, Any]:
    whose = {"pass_token": who.token} if who else {"guest": {"name": "Lies", "email": "lies@example.org"}}
    lines = [{"tariff": "base", "places": places}]
    return {"entry_id": str(uuid4()), "session_ids": [str(session.id)], "lines": lines, **whose, **more}


async def post(world: World, headers: Headers, document: object, path: str = "") -> Response:
    return await world.client.post(f"{ADDRESS}{path}", json=document, headers=headers)


async def get(world: World, headers: Headers, entry_id: str) -> Response:
    return await world.client.get(f"{ADDRESS}/{entry_id}", headers=headers)


async def test_sold_out_says_where_to_wait_and_how_many_are_before(world: World) -> None:
    session, _, headers = await full(world)
    await join(world, await world.resident(), session)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}

    refused = await put(world, headers, body(session, await world.resident()))
    quoted = await world.client.post("/api/v1/quotes", json={"lines": [line]}, headers=headers)

    where = {
        "address": f"{world.services.settings.address}/dender/sessies/{session.id}/wachtlijst",
        "before": 1,
    }
    assert told(refused) == (CONFLICT, "reservations.sold_out")
    assert refused.json()["waiting"] == where
    assert "Er staat 1 aanvraag vóór jou." in refused.json()["next"]
    assert quoted.json()["lines"][0]["refusal"]["facts"]["waiting"] == where


async def test_a_hall_without_a_free_seat_says_where_to_wait(world: World) -> None:
    session = await seated(world, PlanLine("A", 1, 2), price_cents=0)
    headers = await world.api_client(session.organiser_id)
    await block(world, session, "A-1", "A-2")

    refused = await put(world, headers, body(session, await world.resident()))

    assert told(refused) == (CONFLICT, "reservations.no_seats")
    assert refused.json()["waiting"]["address"].endswith(f"/dender/sessies/{session.id}/wachtlijst")
    assert "Nog niemand staat vóór jou." in refused.json()["next"]


async def test_what_is_there_to_be_had_says_nothing_of_a_line(world: World) -> None:
    session = await world.session(seats=3)
    headers = await world.api_client(session.organiser_id)

    refused = await post(world, headers, asked(session, await world.resident()))

    assert told(refused) == (CONFLICT, "reservations.places_free")


async def test_a_place_is_asked_once_however_often_it_is_sent(world: World) -> None:
    session, _, headers = await full(world)
    document = asked(session, await world.resident())

    first, again = await post(world, headers, document), await post(world, headers, document)
    other = await post(world, headers, {**document, "lines": [{"tariff": "base", "places": 2}]})

    assert (first.status_code, again.status_code) == (CREATED, OK)
    assert first.json() == again.json()
    assert first.json()["state"] == "waiting"
    assert told(other) == (CONFLICT, "reservations.waiting_id_taken")


async def test_an_offer_is_taken_and_is_a_booking_of_that_client(world: World) -> None:
    session, booked, headers = await full(world)
    anna = await world.resident()
    entry = (await post(world, headers, asked(session, anna))).json()["entry_id"]
    await world.cancel(booked[0])

    offer = (await get(world, headers, entry)).json()["offer"]
    held = await world.client.get(f"/api/v1/bookings/{offer['booking_id']}", headers=headers)
    taken = await post(world, headers, {}, f"/{entry}/acceptance")
    again = await post(world, headers, {}, f"/{entry}/acceptance")

    assert held.json()["status"] == "held"
    assert taken.json()["status"] == again.json()["status"] == "confirmed"
    assert (await get(world, headers, entry)).json()["state"] == "accepted"
    assert await faults(world) == []


async def test_credit_pays_when_it_is_taken_and_another_amount_than_was_seen_is_refused(world: World) -> None:
    session = await world.session(seats=1, price_cents=500)
    await world.seller(session.organiser_id, desk_hours=2)
    headers, anna = await world.api_client(session.organiser_id), await world.resident(300)
    booked: Any = await world.book(await world.resident(500), session)
    entry = (await post(world, headers, asked(session, anna))).json()["entry_id"]
    await world.cancel(booked.booking.id)

    offer = (await get(world, headers, entry)).json()["offer"]
    refused = await post(
        world, headers, {"remaining_seen_cents": 0, "pay_with": "desk"}, f"/{entry}/acceptance"
    )
    taken = await post(
        world, headers, {"remaining_seen_cents": 200, "pay_with": "desk"}, f"/{entry}/acceptance"
    )

    assert (offer["price_cents"], offer["credit_cents"], offer["remaining_by"]["desk"]) == (500, 300, 200)
    assert told(refused) == (CONFLICT, "reservations.remaining_changed")
    assert taken.json()["status"] == "held"
    assert await world.available_cents(anna) == 0
    assert await faults(world) == []


async def test_two_with_passes_wait_together_each_by_their_own(world: World) -> None:
    session, booked, headers = await full(world)
    anna, bilal = await world.resident(), await world.resident()
    lines = [
        {"tariff": "base", "places": 1},
        {"tariff": "base", "places": 1, "pass_token": bilal.token},
    ]
    entry = (await post(world, headers, asked(session, anna, lines=lines))).json()["entry_id"]
    for booking_id in booked:
        await world.cancel(booking_id)

    taken = await post(world, headers, {}, f"/{entry}/acceptance")

    holders = await world.rows(
        "SELECT holder_id FROM reservations.line WHERE booking_id = $1", taken.json()["booking_id"]
    )
    assert {row[0] for row in holders} == {anna.membership_id, bilal.membership_id}


async def test_who_leaves_or_declines_gives_it_to_the_next(world: World) -> None:
    session, booked, headers = await full(world)
    first = (await post(world, headers, asked(session, await world.resident()))).json()["entry_id"]
    second = await join(world, await world.resident(), session)
    third = (await post(world, headers, asked(session, await world.resident()))).json()["entry_id"]
    await world.cancel(booked[0])

    declined = await world.client.delete(f"{ADDRESS}/{first}", headers=headers)
    left = await world.client.delete(f"{ADDRESS}/{third}", headers=headers)
    again = await world.client.delete(f"{ADDRESS}/{third}", headers=headers)

    assert declined.json()["state"] == "declined"
    assert left.json()["state"] == again.json()["state"] == "left"
    assert await state(world, second) == "offered"


async def test_a_guest_waits_by_name_and_address(world: World) -> None:
    session, booked, headers = await full(world)
    alone = asked(session)
    mixed = asked(
        session, lines=[{"tariff": "base", "places": 1, "pass_token": (await world.resident()).token}]
    )

    entry = await post(world, headers, alone)
    refused = await post(world, headers, mixed)
    await world.cancel(booked[0])

    assert entry.status_code == CREATED
    assert told(refused) == (CONFLICT, "reservations.guest_waits_alone")
    assert (await get(world, headers, alone["entry_id"])).json()["state"] == "offered"


async def test_what_another_asked_is_not_there(world: World) -> None:
    session, booked, headers = await full(world)
    own = str(await join(world, await world.resident(), session))
    theirs = (await post(world, headers, asked(session, await world.resident()))).json()["entry_id"]
    other = await world.api_client((await world.session()).organiser_id)

    answers = [await get(world, headers, own), await get(world, other, theirs)]
    answers.append(await post(world, other, {}, f"/{theirs}/acceptance"))
    answers.append(await world.client.delete(f"{ADDRESS}/{theirs}", headers=other))

    assert [each.status_code for each in answers] == [NOT_FOUND] * 4
    assert booked


async def test_nobody_waits_at_another_organiser_or_for_two_activities_at_once(world: World) -> None:
    (session, _, headers), anna = await full(world), await world.resident()
    elsewhere, _ = await sold_out(world)
    both = asked(session, anna) | {"session_ids": [str(session.id), str(elsewhere.id)]}

    other = await post(world, await world.api_client(uuid4()), asked(session, anna))

    assert told(other) == (FORBIDDEN, "reservations.not_your_session")
    assert told(await post(world, headers, both)) == (CONFLICT, "reservations.other_activity")
    assert told(await post(world, headers, asked(session, anna, 5))) == (
        UNPROCESSABLE, "reservations.waits_in_vain",
    )  # fmt: skip
    unknown = asked(session, anna) | {"session_ids": [str(uuid4())]}
    assert told(await post(world, headers, unknown)) == (NOT_FOUND, "reservations.session_unknown")


async def test_reading_an_offer_is_limited_as_a_quote_is(world: World) -> None:
    session, booked, headers = await full(world)
    entry = (await post(world, headers, asked(session, await world.resident()))).json()["entry_id"]
    await world.cancel(booked[0])

    answers = [(await get(world, headers, entry)).status_code for _ in range(61)]

    assert answers == [OK] * 60 + [429]
