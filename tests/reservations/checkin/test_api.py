"""Programs of an organiser let people in by a pass, and by the code of a booking."""

from asyncio import gather
from uuid import uuid4

from httpx import Response

from tests.builders import TONIGHT, Resident, Session, World
from tests.reservations.booking.test_api import Headers, booked, stage, told
from tests.reservations.checkin.test_party import a_holder, book, inside, number_of, whole


async def enter(world: World, headers: Headers, **fields: object) -> Response:
    sent = {name: str(field) if name.endswith("_id") else field for name, field in fields.items()}
    return await world.client.post("/api/v1/checkins", json=sent, headers=headers)


async def a_house(world: World, places: int = 2) -> tuple[Session, Resident, Headers]:
    """A session, somebody who has tickets for it, and a client of its organiser."""
    session = await world.session(**TONIGHT)
    return session, await a_holder(world, session, places), await world.api_client(session.organiser_id)


async def test_a_pass_lets_in_whom_its_holder_has_tickets_for(world: World) -> None:
    session, anna, headers = await a_house(world)
    booking_id, checkin_id = await world.value("SELECT id FROM reservations.booking"), uuid4()

    answer = await enter(world, headers, pass_token=anna.token, session_id=session.id, checkin_id=checkin_id)

    assert answer.status_code == 201
    assert answer.json() == {
        "checkin_id": str(checkin_id),
        "session_id": str(session.id),
        "event": "De kleine prins",
        "starts_at": "2026-03-02T13:00:00Z",
        "people": 2,
        "party": 2,
        "party_inside": 2,
        "used_at": "2026-03-02T09:00:00Z",
        "tickets": [{"booking_id": str(booking_id), "line_no": 1, "no": no, "people": 1} for no in (1, 2)],
    }


async def test_a_part_comes_in_once_however_often_it_is_sent(world: World) -> None:
    session, anna, headers = await a_house(world, places=3)
    part = {"pass_token": anna.token, "session_id": session.id, "places": 2, "checkin_id": uuid4()}

    answers = await gather(*(enter(world, headers, **part) for _ in range(3)))
    other = await enter(world, headers, **part | {"places": 1})

    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert told(other) == (409, "reservations.checkin_id_taken")
    assert await inside(world) == 2


async def test_a_check_in_names_a_ticket_or_a_pass_and_a_pass_its_session(world: World) -> None:
    session, anna, headers = await a_house(world)
    ways: list[dict[str, object]] = [
        {},
        {"session_id": session.id},
        {"pass_token": anna.token},
        {"pass_token": anna.token, "session_id": session.id, "ticket": "T"},
        {"pass_token": anna.token, "session_id": session.id, "places": 0},
        {"pass_token": "", "session_id": session.id},
    ]

    for fields in ways:
        answer = await enter(world, headers, **fields)
        assert told(answer) == (422, "ground.not_understood"), fields
    missing = await enter(world, headers, pass_token=anna.token)
    assert (missing.json()["where"], missing.json()["why"]) == ("session_id", "missing")
    assert await inside(world) == 0


async def test_a_ticket_of_another_session_is_refused_and_stays_unused(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    other = await world.session(organiser_id=session.organiser_id, **TONIGHT)
    (ticket,) = await booked(world, session, anna, headers)

    refused = await enter(world, headers, ticket=ticket, session_id=other.id)
    stayed = await inside(world)
    entered = await enter(world, headers, ticket=ticket, session_id=session.id)

    assert told(refused) == (409, "reservations.other_session")
    assert refused.json()["session_id"] == str(session.id)
    assert (stayed, entered.status_code) == (0, 201)


async def test_the_code_of_a_booking_is_a_ticket_for_all_or_some(world: World) -> None:
    session, anna, headers = await stage(world, **TONIGHT)
    code = whole(world, await book(world, anna, session, places=3))

    some = await enter(world, headers, ticket=code, places=1)
    rest = await enter(world, headers, ticket=code, session_id=session.id)

    assert (some.json()["people"], some.json()["party_inside"]) == (1, 1)
    assert (rest.json()["people"], rest.json()["party_inside"]) == (2, 3)


async def test_a_miss_names_other_dates_of_this_organiser_alone(world: World) -> None:
    tonight = await world.session(**TONIGHT)
    later, elsewhere = await world.session(organiser_id=tonight.organiser_id), await world.session()
    anna, client = await a_holder(world, later), {tonight.organiser_id, elsewhere.organiser_id}
    await book(world, anna, elsewhere)
    headers = await world.api_client(*client)

    answer = await enter(world, headers, pass_token=anna.token, session_id=tonight.id)

    assert told(answer) == (404, "reservations.nothing_here")
    assert [each["session_id"] for each in answer.json()["coming"]] == [str(later.id)]


async def test_a_pass_opens_no_session_of_others_and_none_that_is_not_there(world: World) -> None:
    session, anna, _ = await a_house(world)
    stranger = await world.api_client(await world.organiser())

    theirs = await enter(world, stranger, pass_token=anna.token, session_id=session.id)
    nowhere = await enter(world, stranger, pass_token=anna.token, session_id=uuid4())
    unknown = await enter(world, stranger, pass_token=anna.token[:-1], session_id=session.id)

    assert told(theirs) == (403, "reservations.not_your_session")
    assert told(nowhere) == (404, "reservations.session_unknown")
    assert told(unknown) == (404, "passes.pass_unknown")
    assert await inside(world) == 0


async def test_a_number_with_its_birth_year_opens_this_session_and_is_limited(world: World) -> None:
    session, anna, headers = await a_house(world)
    number = await number_of(world, anna)
    wrong = [
        await enter(world, headers, pass_token=f"{number} {year}", session_id=session.id)
        for year in range(1950, 1956)
    ]
    other = await world.api_client(session.organiser_id)

    right = await enter(world, other, pass_token=f"{number} 1990", session_id=session.id)

    codes = [told(each) for each in wrong]
    assert codes == [(404, "reservations.number_opens_nothing")] * 5 + [(429, "ground.too_often")]
    assert "Retry-After" in wrong[-1].headers
    assert right.json()["people"] == 2


async def test_a_number_and_a_birth_year_book_nothing(world: World) -> None:
    session, anna, headers = await a_house(world)
    line = {"session_id": str(session.id), "tariff": "base", "places": 1}
    typed = {"pass_token": f"{await number_of(world, anna)} 1990", "lines": [line]}

    booking = await world.client.put(f"/api/v1/bookings/{uuid4()}", json=typed, headers=headers)

    assert told(booking) == (404, "passes.pass_unknown")
