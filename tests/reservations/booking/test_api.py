"""The API as an integrator meets it: bookings and check-ins, and what it says to nonsense."""

from asyncio import gather
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from httpx import ASGITransport, AsyncClient, Response
from litestar.types import Receive, Scope, Send

from tests.builders import TONIGHT, Resident, Session, World
from uit.core.seal import PassSeal, TicketSeal, seal_pass, seal_ticket

Headers = dict[str, str]
JSON = {"Content-Type": "application/json"}


async def stage(
    world: World, credit_cents: int = 5000, *, seats: int = 10, price_cents: int = 500, **when: Any
) -> tuple[Session, Resident, Headers]:
    """A session, somebody with credit, and a client of its organiser."""
    session = await world.session(seats, price_cents, **when)
    return session, await world.resident(credit_cents), await world.api_client(session.organiser_id)


def body(
    session: Session, who: Resident, places: object = 1, tariff: str = "base", **more: object
) -> dict[str, object]:
    line = {"session_id": str(session.id), "tariff": tariff, "places": places}
    return {"lines": [line], "pass_token": who.token, "pay_with": "credit", **more}


async def put(world: World, headers: Headers, document: object, booking_id: UUID | None = None) -> Response:
    return await world.client.put(f"/api/v1/bookings/{booking_id or uuid4()}", json=document, headers=headers)


def told(answer: Response) -> tuple[int, str]:
    """The status of a problem and its code, after a look at what RFC 9457 asks."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"].endswith(f"/problems/{problem['code']}")
    assert problem["title"]
    assert problem["detail"]
    assert problem["next"]
    return answer.status_code, problem["code"]


async def bookings(world: World) -> int:
    return int(await world.value("SELECT count(*) FROM reservations.booking"))


# Booking


async def test_a_booking_is_made_once_however_often_it_is_sent(world: World) -> None:
    session, anna, headers = await stage(world, seats=10)
    booking_id = uuid4()

    first = await put(world, headers, body(session, anna, 2), booking_id)
    again = await put(world, headers, body(session, anna, 2), booking_id)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert await world.places_left(session) == 8
    assert await world.available_cents(anna) == 4000


async def test_a_large_group_books_as_many_as_its_price_asks_and_more(world: World) -> None:
    session, anna, headers = await stage(world, seats=200)
    await world.tariff(session, "groep", 10, name="Groep", least=120)

    answer = await put(world, headers, body(session, anna, 125, "groep"))

    assert answer.status_code == 201
    assert await world.places_left(session) == 75


async def test_a_booking_tells_its_price_and_its_tickets(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id = uuid4()

    document = (await put(world, headers, body(session, anna, 2), booking_id)).json()

    line = document["lines"][0]
    assert (document["booking_id"], document["status"]) == (str(booking_id), "confirmed")
    assert (document["price_cents"], document["credit_cents"], line["places"]) == (1000, 1000, 2)
    assert [ticket["status"] for ticket in line["tickets"]] == ["confirmed", "confirmed"]
    assert len({ticket["ticket"] for ticket in line["tickets"]}) == 2


async def test_the_same_booking_sent_many_times_at_once_is_one(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id = uuid4()

    answers = await gather(*(put(world, headers, body(session, anna), booking_id) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert await world.available_cents(anna) == 4500


async def test_an_id_that_was_used_for_something_else_is_a_conflict(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id = uuid4()
    await put(world, headers, body(session, anna, 2), booking_id)

    assert told(await put(world, headers, body(session, anna, 3), booking_id)) == (
        409,
        "reservations.id_taken",
    )
    elsewhere = await world.api_client(session.organiser_id)
    assert told(await put(world, elsewhere, body(session, anna, 2), booking_id)) == (
        409,
        "reservations.id_taken",
    )


async def test_after_a_refusal_the_same_id_may_be_tried_again(world: World) -> None:
    session, anna, headers = await stage(world, seats=2)
    booking_id = uuid4()

    refused = await put(world, headers, body(session, anna, 3), booking_id)
    smaller = await put(world, headers, body(session, anna, 2), booking_id)

    assert told(refused) == (409, "reservations.sold_out")
    assert (refused.json()["places_asked"], refused.json()["places_left"]) == (3, 2)
    assert smaller.status_code == 201


async def test_another_price_than_was_seen_is_refused_and_not_charged(world: World) -> None:
    session, anna, headers = await stage(world, price_cents=500)

    other = await put(world, headers, body(session, anna, 2, price_seen_cents=900))
    right = await put(world, headers, body(session, anna, 2, price_seen_cents=1000))

    assert told(other) == (409, "reservations.price_changed")
    assert (other.json()["price_seen_cents"], other.json()["price_cents"]) == (900, 1000)
    assert right.status_code == 201


async def test_too_little_credit_tells_the_price_and_no_balance(world: World) -> None:
    session, anna, headers = await stage(world, credit_cents=499)

    answer = await put(world, headers, body(session, anna))

    assert told(answer) == (409, "credits.not_enough")
    assert answer.json()["price_cents"] == 500
    assert "499" not in answer.text
    assert "4,99" not in answer.text


async def test_a_social_tariff_is_refused_without_a_reason(world: World) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, headers, body(session, anna, tariff="kansentarief"))

    assert told(answer) == (409, "reservations.not_for_you")
    ages = {"age_from": None, "age_to": None, "born_from": None, "born_to": None}
    said = {"type", "title", "status", "detail", "code", "next", "session_id", "tariff", "asks_pass"}
    assert set(answer.json()) == said | set(ages)
    assert answer.json() == answer.json() | ages | {"asks_pass": False}


async def test_several_lines_are_booked_together_or_not_at_all(world: World) -> None:
    session, anna, headers = await stage(world)
    other = await world.session(seats=1, organiser_id=session.organiser_id)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}
    too_many, fitting = ({"session_id": str(other.id), "tariff": "base", "places": n} for n in (2, 1))

    refused = await put(world, headers, body(session, anna, lines=[line, too_many]))
    made = await put(world, headers, body(session, anna, lines=[line, fitting]))

    assert told(refused) == (409, "reservations.sold_out")
    assert made.status_code == 201
    assert (await world.places_left(session), await world.places_left(other)) == (9, 0)


async def test_what_is_not_there_is_not_found(world: World) -> None:
    session, anna, headers = await stage(world)
    nowhere = Session(1, uuid4(), session.organiser_id, uuid4(), uuid4())
    key = world.services.secrets.signing
    lost = seal_pass(key, PassSeal(1, uuid4(), 1))
    older = seal_pass(key, PassSeal(1, anna.card_id, 0))

    assert told(await put(world, headers, body(nowhere, anna))) == (404, "reservations.session_unknown")
    for token in (
        "P",
        "hallo",
        lost,
        older,
        anna.token[:-1],
        anna.token + "A",
        "ÿ\u0000☃",
        anna.token.lower(),
    ):
        unknown = await put(world, headers, body(session, anna, pass_token=token))
        assert told(unknown) == (404, "passes.pass_unknown")
    wrong = await put(world, headers, body(session, anna, tariff="gratis"))
    assert told(wrong) == (422, "reservations.tariff_unknown")
    assert await bookings(world) == 0


async def test_a_client_books_only_for_its_own_organisers(world: World) -> None:
    session, anna, _ = await stage(world)
    other = await world.api_client(await world.organiser())

    assert told(await put(world, other, body(session, anna))) == (403, "reservations.not_your_session")
    assert await world.places_left(session) == 10


async def test_a_blocked_pass_books_nothing(world: World) -> None:
    session, anna, headers = await stage(world)
    await world.execute("UPDATE passes.card SET state = 'blocked'")

    assert told(await put(world, headers, body(session, anna))) == (409, "passes.pass_not_active")


async def test_a_pass_of_another_region_is_refused(world: World) -> None:
    session, _, headers = await stage(world)
    visitor = await world.resident(credit_cents=5000, region_id=2)

    assert told(await put(world, headers, body(session, visitor))) == (409, "reservations.other_region")


# Reading and cancelling


async def test_a_booking_can_be_read_back_and_cancelled_twice(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id = uuid4()
    made = (await put(world, headers, body(session, anna, 2), booking_id)).json()
    address = f"/api/v1/bookings/{booking_id}"

    read = await world.client.get(address, headers=headers)
    first = await world.client.delete(address, headers=headers)
    second = await world.client.delete(address, headers=headers)

    assert (read.status_code, read.json()) == (200, made)
    assert (first.status_code, first.json()["status"]) == (200, "cancelled")
    assert (second.status_code, second.json()) == (200, first.json())
    assert (await world.places_left(session), await world.available_cents(anna)) == (10, 5000)


async def test_a_repeat_after_a_cancellation_tells_how_it_stands_now(world: World) -> None:
    session, anna, headers = await stage(world)
    booking_id = uuid4()
    await put(world, headers, body(session, anna), booking_id)
    await world.client.delete(f"/api/v1/bookings/{booking_id}", headers=headers)

    again = await put(world, headers, body(session, anna), booking_id)

    assert (again.status_code, again.json()["status"]) == (200, "cancelled")
    assert await world.places_left(session) == 10


async def test_somebody_elses_booking_is_not_there(world: World) -> None:
    session, anna, headers = await stage(world)
    stranger, booking_id = await world.api_client(session.organiser_id), uuid4()
    await put(world, headers, body(session, anna), booking_id)

    for ask in (world.client.get, world.client.delete):
        answer = await ask(f"/api/v1/bookings/{booking_id}", headers=stranger)
        assert told(answer) == (404, "reservations.booking_unknown")
    assert await world.places_left(session) == 9


async def test_after_the_limit_a_client_cannot_cancel(world: World) -> None:
    session, anna, headers = await stage(world)
    await world.execute(
        "UPDATE identity.access_token SET expires_at = $1", world.clock.now() + timedelta(days=30)
    )
    booking_id = uuid4()
    await put(world, headers, body(session, anna), booking_id)
    world.clock.move(timedelta(days=9, seconds=1))

    answer = await world.client.delete(f"/api/v1/bookings/{booking_id}", headers=headers)

    assert told(answer) == (409, "reservations.too_late")


# Check-ins


async def booked(
    world: World, session: Session, anna: Resident, headers: Headers, places: int = 1
) -> list[str]:
    answer = await put(world, headers, body(session, anna, places))
    return [each["ticket"] for each in answer.json()["lines"][0]["tickets"]]


async def check_in(world: World, headers: Headers, ticket: str, **more: object) -> Response:
    return await world.client.post("/api/v1/checkins", json={"ticket": ticket, **more}, headers=headers)


async def test_a_ticket_is_checked_in_without_a_name(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    tickets = await booked(world, session, anna, headers, places=2)
    checkin_id = str(uuid4())

    answer = await check_in(world, headers, tickets[0], checkin_id=checkin_id)

    assert answer.status_code == 201
    assert answer.json() == {
        "checkin_id": checkin_id,
        "session_id": str(session.id),
        "event": "De kleine prins",
        "starts_at": "2026-03-02T13:00:00Z",
        "people": 1,
        "party": 2,
        "party_inside": 1,
        "used_at": "2026-03-02T09:00:00Z",
        "tickets": [{"booking_id": await the_booking(world), "line_no": 1, "no": 1, "people": 1}],
    }


async def the_booking(world: World) -> str:
    return str(await world.value("SELECT id FROM reservations.booking"))


async def test_a_second_check_in_says_when_the_first_was(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    (ticket,) = await booked(world, session, anna, headers)
    await check_in(world, headers, ticket)
    world.clock.move(timedelta(minutes=5))

    again = await check_in(world, headers, ticket)

    assert told(again) == (409, "reservations.already_in")
    assert again.json()["used_at"] == "2026-03-02T09:00:00Z"


async def test_days_before_its_session_a_ticket_is_not_checked_in(world: World) -> None:
    session, anna, headers = await stage(world)
    (ticket,) = await booked(world, session, anna, headers)

    answer = await check_in(world, headers, ticket)

    assert told(answer) == (409, "reservations.checkin_too_early")
    assert answer.json()["opens_at"] == "2026-03-12T04:00:00Z"
    assert "Inchecken kan vanaf do 12 mrt, 5 u." in answer.json()["detail"].replace("\N{NO-BREAK SPACE}", " ")


async def test_a_check_in_repeated_under_its_id_is_answered_again(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    (ticket,) = await booked(world, session, anna, headers)
    checkin_id = str(uuid4())

    answers = await gather(*(check_in(world, headers, ticket, checkin_id=checkin_id) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.content for answer in answers}) == 1


async def test_tickets_that_are_not_ours_yours_or_good(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    (ticket,) = await booked(world, session, anna, headers)
    lost = seal_ticket(world.services.secrets.signing, TicketSeal(1, uuid4(), 1, 1))

    for unknown in ("T", "hallo", lost, anna.token, ticket[:-2], "☃" * 50, "\u0000"):
        assert told(await check_in(world, headers, unknown)) == (404, "reservations.ticket_unknown")
    stranger = await world.api_client(await world.organiser())
    assert told(await check_in(world, stranger, ticket)) == (403, "reservations.not_your_session")
    elsewhere = await world.api_client(session.organiser_id, region_id=2)
    assert told(await check_in(world, elsewhere, ticket)) == (403, "reservations.not_your_session")
    assert await world.value("SELECT count(*) FROM reservations.ticket WHERE status = 'attended'") == 0


async def test_a_cancelled_ticket_is_not_valid_and_a_used_one_cannot_be_cancelled(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    (cancelled,) = await booked(world, session, anna, headers)
    first = await world.value("SELECT id FROM reservations.booking")
    await world.client.delete(f"/api/v1/bookings/{first}", headers=headers)
    used_id = uuid4()
    used = (await put(world, headers, body(session, anna), used_id)).json()["lines"][0]["tickets"][0][
        "ticket"
    ]
    await check_in(world, headers, used)

    assert told(await check_in(world, headers, cancelled)) == (409, "reservations.ticket_not_valid")
    refused = await world.client.delete(f"/api/v1/bookings/{used_id}", headers=headers)
    assert told(refused) == (409, "reservations.already_used")


# Nonsense


WRONG_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"{}",
    b'{"lines": []}',
    b'{"lines": {}, "pass_token": "x"}',
    b"\xff\xfe{",
    b'{"lines": [{"session_id": "\\ud800"}]}',
    b'{"lines": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    b'{"a": 1, "lines": 1e999}',
]


@pytest.mark.parametrize("content", WRONG_BODIES, ids=range(len(WRONG_BODIES)))
async def test_a_body_that_is_not_a_booking_is_a_clear_no(world: World, content: bytes) -> None:
    headers = {**await world.api_client(await world.organiser()), **JSON}

    booking = await world.client.put(f"/api/v1/bookings/{uuid4()}", content=content, headers=headers)
    entry = await world.client.post("/api/v1/checkins", content=content, headers=headers)

    assert told(booking) == (422, "ground.not_understood")
    assert told(entry) == (422, "ground.not_understood")


@pytest.mark.parametrize("places", [0, -1, 1001, 1.5, "two", "2", None, True, 2**63, [1]])
async def test_a_number_of_places_that_cannot_be_is_a_clear_no(world: World, places: object) -> None:
    session, anna, headers = await stage(world)

    assert told(await put(world, headers, body(session, anna, places))) == (422, "ground.not_understood")
    assert await bookings(world) == 0


async def test_a_whole_number_may_be_written_as_json_schema_counts_it(world: World) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, headers, body(session, anna, 2.0))

    assert (answer.status_code, answer.json()["lines"][0]["places"]) == (201, 2)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/msgpack"]
)
async def test_a_body_that_says_it_is_no_json_is_a_clear_no(world: World, media_type: str) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, {**headers, "Content-Type": media_type}, body(session, anna))

    assert told(answer) == (415, "ground.not_json")
    assert await bookings(world) == 0


@pytest.mark.parametrize(
    "more",
    [
        {"price_seen_cents": -1},
        {"price_seen_cents": 10**12},
        {"price_seen_cents": "free"},
        {"pay_with": "gold"},
        {"pass_token": ""},
        {"pass_token": "x" * 201},
        {"pass_token": None},
        {"discount": 100},
        {"lines": [{"session_id": str(uuid4()), "tariff": "base", "places": 1}] * 41},
        {"lines": [{"session_id": "1", "tariff": "base", "places": 1}]},
        {"lines": [{"session_id": str(uuid4()), "tariff": "", "places": 1}]},
        {"lines": [{"session_id": str(uuid4()), "tariff": "x" * 41, "places": 1}]},
        {"lines": [{"session_id": str(uuid4()), "places": 1}]},
    ],
)
async def test_a_field_that_does_not_fit_is_a_clear_no(world: World, more: dict[str, object]) -> None:
    session, anna, headers = await stage(world)

    assert told(await put(world, headers, {**body(session, anna), **more})) == (422, "ground.not_understood")
    assert await bookings(world) == 0


@pytest.mark.parametrize("tariff", ["\u0000", "☃", "\u202ebase", "BASE", " base", "'; --"])
async def test_an_odd_tariff_is_unknown(world: World, tariff: str) -> None:
    session, anna, headers = await stage(world)

    answer = await put(world, headers, body(session, anna, tariff=tariff))

    assert told(answer) == (422, "reservations.tariff_unknown")


@pytest.mark.parametrize(
    "fields", [{"ticket": ""}, {"ticket": "T" * 201}, {"ticket": 1}, {"ticket": "T", "checkin_id": "1"}]
)
async def test_a_check_in_that_does_not_fit_is_a_clear_no(world: World, fields: dict[str, object]) -> None:
    headers = await world.api_client(await world.organiser())

    answer = await world.client.post("/api/v1/checkins", json=fields, headers=headers)

    assert told(answer) == (422, "ground.not_understood")


async def test_a_body_may_come_in_pieces(world: World) -> None:
    session, anna, headers = await stage(world)
    whole, booking_id = msgspec.json.encode(body(session, anna)), uuid4()

    async def pieces() -> AsyncIterator[bytes]:
        yield whole[:40]
        yield whole[40:]

    answer = await world.client.put(
        f"/api/v1/bookings/{booking_id}", content=pieces(), headers=headers | JSON
    )

    assert (answer.status_code, answer.json()["booking_id"]) == (201, str(booking_id))


async def test_a_body_as_long_as_announced_is_not_waited_for(world: World) -> None:
    session, anna, headers = await stage(world)
    parts: list[Any] = []

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def as_our_server_tells_it() -> Any:
            assert not parts, "the body was there already"
            parts.append(await receive())
            return {**parts[0], "more_body": True}

        await world.app(scope, as_our_server_tells_it, send)

    async with AsyncClient(transport=ASGITransport(served), base_url="http://testserver.local") as client:  # type: ignore[arg-type]
        answer = await client.put(f"/api/v1/bookings/{uuid4()}", json=body(session, anna), headers=headers)

    assert (answer.status_code, len(parts)) == (201, 1)


async def test_a_huge_body_is_refused(world: World) -> None:
    session, anna, headers = await stage(world)
    huge = body(session, anna, pass_token="x" * 1_100_000)

    assert told(await put(world, headers, huge)) == (413, "ground.too_large")


@pytest.mark.parametrize("booking_id", ["1", "nil", "../me", "%00", "☃", "0" * 300])
async def test_an_address_that_is_no_booking_is_not_there(world: World, booking_id: str) -> None:
    headers = await world.api_client(await world.organiser())

    answer = await world.client.get(f"/api/v1/bookings/{booking_id}", headers=headers)

    assert told(answer) == (404, "ground.not_found")


async def test_another_method_is_not_there(world: World) -> None:
    headers = await world.api_client(await world.organiser())

    answer = await world.client.patch(f"/api/v1/bookings/{uuid4()}", headers=headers)

    assert told(answer) == (405, "ground.method_not_there")


async def test_without_a_good_token_nobody_gets_in(world: World) -> None:
    session, anna, good = await stage(world)
    token = good["Authorization"]
    wrong = [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": token.replace("Bearer", "Basic")},
        {"Authorization": "☃".encode()},
    ]

    for headers in wrong:
        answer = await put(world, headers, body(session, anna))  # type: ignore[arg-type]
        assert told(answer) == (401, "identity.token_needed")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    await world.sign_in(anna)
    assert told(await put(world, {}, body(session, anna))) == (403, "ground.not_allowed")
    assert await bookings(world) == 0


@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [
        ("fr", "fr", "places"),
        ("en-GB,nl;q=0.5", "en", "places"),
        ("de", "nl", "plaatsen"),
        ("", "nl", "plaatsen"),
    ],
)
async def test_a_refusal_speaks_the_language_that_was_asked(
    world: World, asked: str, language: str, word: str
) -> None:
    session, anna, headers = await stage(world, seats=1)

    answer = await put(world, {**headers, "Accept-Language": asked}, body(session, anna, 2))

    assert told(answer) == (409, "reservations.sold_out")
    assert answer.headers["content-language"] == language
    assert word in answer.json()["detail"] + answer.json()["title"]
