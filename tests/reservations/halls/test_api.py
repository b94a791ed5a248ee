from uuid import uuid4

from tests.builders import World
from tests.reservations.seats.world import block, seated


async def test_a_client_sees_the_hall_and_what_is_free(world: World) -> None:
    session, anna = await seated(world, best_row="A"), await world.resident(credit_cents=5000)
    await world.book(anna, session)
    await block(world, session, "A-1")
    headers = await world.api_client(session.organiser_id)

    document = (await world.client.get(f"/api/v1/sessions/{session.id}/seats", headers=headers)).json()

    assert document["numbered"] is True
    assert [row["row"] for row in document["rows"]] == ["A", "B", "C"]
    assert [seat["seat"] for seat in document["rows"][0]["seats"] if not seat["free"]] == ["A-1", "A-3"]
    assert document["rows"][2]["seats"][0]["kind"] == "wheelchair"


async def test_a_session_without_a_plan_has_no_rows(world: World) -> None:
    session = await world.session()
    headers = await world.api_client(session.organiser_id)

    document = (await world.client.get(f"/api/v1/sessions/{session.id}/seats", headers=headers)).json()

    assert document == {"session_id": str(session.id), "numbered": False, "rows": []}


async def test_a_session_of_others_is_not_there(world: World) -> None:
    session = await seated(world)
    headers = await world.api_client(await world.organiser())

    theirs = await world.client.get(f"/api/v1/sessions/{session.id}/seats", headers=headers)
    nobodys = await world.client.get(f"/api/v1/sessions/{uuid4()}/seats", headers=headers)

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
