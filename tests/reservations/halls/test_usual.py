"""A hall is usual for an activity or for a place, so that its new dates have numbered seats by themselves."""

from typing import Any
from uuid import UUID, uuid4

from tests.builders import Session, World
from tests.reservations.halls.dates.test_desk import desk
from tests.reservations.seats.world import HALL, plan_of, seated
from tests.reservations.sessions.test_desk import text_of


async def hung(world: World, session: Session) -> UUID | None:
    """The plan of a date."""
    plan_id = await world.value(
        "SELECT plan_id FROM reservations.seated_session WHERE session_id = $1", session.id
    )
    return UUID(str(plan_id)) if plan_id else None


async def beside(world: World, session: Session) -> Session:
    """Another date of the same activity, which is there already."""
    other = await world.session(organiser_id=session.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", session.event_id, other.id
    )
    return other


async def later_date(world: World, session: Session) -> UUID:
    """A date of the same activity that is made now."""
    return UUID(
        str(
            await world.value(
                "INSERT INTO reservations.session SELECT (json_populate_record(s, json_build_object("
                "'id', gen_random_uuid()))).* FROM reservations.session AS s WHERE id = $1 RETURNING id",
                session.id,
            )
        )
    )


async def at_a_place(world: World, *sessions: Session) -> None:
    venue_id = uuid4()
    await world.execute("INSERT INTO organisers.venue (region_id, id, name) VALUES (1, $1, 'Zaal')", venue_id)
    for each in sessions:
        await world.execute(
            "UPDATE organisers.event SET venue_id = $1 WHERE id = $2", venue_id, each.event_id
        )


async def hang(world: World, own: str, plan_id: object, reach: str) -> Any:
    return await world.post_form(f"{own}/plan", zaal=str(plan_id), voor=reach)


async def test_a_plan_for_an_activity_hangs_at_its_dates_and_at_those_that_come(world: World) -> None:
    session = await world.session()
    other, plan_id = await beside(world, session), await plan_of(world, session)
    own = await desk(world, session)

    answer = await hang(world, own, plan_id, "activiteit")
    new_id = await later_date(world, session)

    assert answer.headers["location"] == f"{own}?gedaan=overal"
    assert await hung(world, session) == await hung(world, other) == plan_id
    assert await world.value("SELECT plan_id FROM reservations.seated_session WHERE session_id = $1", new_id)


async def test_new_dates_get_the_plan_that_was_saved_last_of_the_hall(world: World) -> None:
    session = await world.session()
    plan_id = await plan_of(world, session)
    await hang(world, await desk(world, session), plan_id, "activiteit")
    newer = await plan_of(world, session, *HALL[:2])
    await world.execute(
        "UPDATE reservations.seat_plan SET hall_id = $1, made_at = made_at + interval '1 hour' WHERE id = $2",
        plan_id, newer,
    )  # fmt: skip

    new_id = await later_date(world, session)

    found = await world.value("SELECT plan_id FROM reservations.seated_session WHERE session_id = $1", new_id)
    assert found == newer
    assert await hung(world, session) == plan_id


async def test_a_date_keeps_its_own_plan_when_another_is_hung_for_all(world: World) -> None:
    session = await world.session()
    other = await seated(world, organiser_id=session.organiser_id)
    await world.execute(
        "UPDATE reservations.session SET event_id = $1 WHERE id = $2", session.event_id, other.id
    )
    before, plan_id = await hung(world, other), await plan_of(world, session)

    await hang(world, await desk(world, session), plan_id, "activiteit")

    assert await hung(world, other) == before != plan_id


async def test_a_plan_for_a_place_is_for_all_activities_of_the_organiser_there(world: World) -> None:
    session = await world.session()
    other = await world.session(organiser_id=session.organiser_id)
    stranger = await world.session()
    await at_a_place(world, session, other, stranger)
    plan_id = await plan_of(world, session)
    own = await desk(world, session)

    await hang(world, own, plan_id, "plek")
    new_id, foreign_id = await later_date(world, other), await later_date(world, stranger)

    seated_ids = {row[0] for row in await world.rows("SELECT session_id FROM reservations.seated_session")}
    assert seated_ids == {session.id, other.id, new_id}
    assert foreign_id not in seated_ids
    assert "Nieuwe datums in" in text_of(await world.client.get(own))


async def test_an_activity_may_have_no_plan_in_a_place_that_has_one(world: World) -> None:
    session = await world.session()
    other = await world.session(organiser_id=session.organiser_id)
    await at_a_place(world, session, other)
    own = await desk(world, session)
    await hang(world, own, await plan_of(world, session), "plek")

    answer = await hang(world, own.replace(str(session.id), str(other.id)), "geen", "activiteit")
    new_id = await later_date(world, other)

    assert answer.headers["location"].endswith("?gedaan=weg")
    assert await hung(world, other) is None
    assert not await world.value("SELECT 1 FROM reservations.seated_session WHERE session_id = $1", new_id)


async def test_a_plan_stays_once_somebody_has_a_seat(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.book(anna, session, 2)
    own = await desk(world, session)

    answer = await hang(world, own, "geen", "datum")

    assert answer.status_code == 409
    assert "Tickets met een stoel: 2." in answer.text
    assert await hung(world, session)
