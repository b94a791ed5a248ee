import re
from asyncio import gather

from reservations.booking.answers import Booked
from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.reservations.booking_list.evening import booked_as_guest
from tests.reservations.changes.town import booked, line
from tests.reservations.seats.world import block, plan_of, seated, seats_taken


async def desk(world: World, session: Session) -> str:
    """The address of the seats of a date, for its organiser's own staff who are signed in."""
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return f"/dender/organisaties/{session.organiser_id}/sessies/{session.id}/stoelen"


async def tickets(world: World, session: Session) -> dict[str, str]:
    """What names the ticket of each seat in an address."""
    rows = await world.rows(
        "SELECT seat, booking_id || '.' || line_no || '.' || no AS key FROM reservations.ticket"
        " WHERE session_id = $1 AND seat IS NOT NULL",
        session.id,
    )
    return {row["seat"]: row["key"] for row in rows}


async def test_a_plan_gives_who_booked_before_the_best_seats_together(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    plan_id = await plan_of(world, session, best_row="B")
    await world.book(anna, session, 3)
    own = await desk(world, session)

    answer = await world.post_form(f"{own}/plan", zaal=str(plan_id))

    assert answer.headers["location"] == f"{own}?gedaan=plan"
    assert await seats_taken(world, session) == ["B-1", "B-2", "B-3"]
    assert await world.value("SELECT facts FROM uit.audit WHERE act = 'seat_plan.hang'")


async def test_a_plan_that_lacks_a_seat_that_was_sold_is_refused(world: World) -> None:
    session, anna = await seated(world, PlanLine("A", 1, 3)), await world.resident(credit_cents=5000)
    await world.book(anna, session, 3)
    other = await plan_of(world, session, PlanLine("A", 1, 2))
    own = await desk(world, session)

    answer = await world.post_form(f"{own}/plan", zaal=str(other))

    assert answer.status_code == 409
    assert "Niet op dit plan: rij A, stoel 3." in answer.text


async def test_a_row_is_blocked_with_a_reason_and_sold_again(world: World) -> None:
    session = await seated(world)
    own = await desk(world, session)

    await world.post_form(own, rij="A", waarom="Techniek", stap="dicht")
    closed = (await world.client.get(own)).text
    await world.post_form(own, stap="open", **{"stoel-A-1": "A-1"})

    assert "rij A, stoel 1: Techniek" in closed
    assert await world.value("SELECT count(*) FROM reservations.blocked_seat") == 5
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat.block'") == 1
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat.unblock'") == 1


async def test_blocking_asks_which_seats_and_why(world: World) -> None:
    session = await seated(world)
    own = await desk(world, session)

    answer = await world.post_form(own, stap="dicht")

    assert answer.status_code == 422
    assert re.findall(r'href="#(rij|waarom)"', answer.text) == ["rij", "waarom"]


async def test_who_moves_keeps_their_ticket(world: World) -> None:
    session, anna = await seated(world, best_row="A"), await world.resident(credit_cents=5000)
    await world.book(anna, session)
    own, before = await desk(world, session), await tickets(world, session)
    [seat] = before

    for _ in range(2):
        await world.post_form(f"{own}/{before[seat]}", naar="C-6")

    assert await tickets(world, session) == {"C-6": before[seat]}
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat.move'") == 1
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = 'booking.seated'") == 1


async def test_two_change_places(world: World) -> None:
    session, anna = await seated(world, PlanLine("A", 1, 2)), await world.resident(credit_cents=5000)
    await gather(world.book(anna, session), world.book(anna, session))
    own, before = await desk(world, session), await tickets(world, session)
    page = (await world.client.get(f"{own}/{before['A-1']}")).text

    await world.post_form(f"{own}/{before['A-1']}", naar="A-2")

    assert "rij A, stoel 2, wissel met" in page
    assert await tickets(world, session) == {"A-1": before["A-2"], "A-2": before["A-1"]}
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat.exchange'") == 2


async def test_nobody_moves_to_a_seat_that_is_blocked_or_not_there(world: World) -> None:
    session, anna = await seated(world, best_row="A"), await world.resident(credit_cents=5000)
    await block(world, session, "C-6")
    await world.book(anna, session)
    own, before = await desk(world, session), await tickets(world, session)
    [key] = before.values()

    blocked = await world.post_form(f"{own}/{key}", naar="C-6")
    unknown = await world.post_form(f"{own}/{key}", naar="Z-1")
    nowhere = await world.post_form(f"{own}/{key}", naar="")

    assert (blocked.status_code, unknown.status_code, nowhere.status_code) == (409, 422, 422)
    assert await tickets(world, session) == before


async def test_the_page_says_who_sits_where_by_the_number_of_their_booking(world: World) -> None:
    session, anna = await seated(world, best_row="A"), await world.resident(credit_cents=5000)
    made = await world.book(anna, session)
    await booked_as_guest(world, session, "Lotte Maes")
    own = await desk(world, session)

    unasked = (await world.client.get(own)).text
    await world.execute("UPDATE organisers.event SET asks_first_name = true WHERE id = $1", session.event_id)
    page = (await world.client.get(own)).text

    assert "Voornaam" not in unasked
    assert "Lotte" in page
    assert "Maes" not in page

    assert isinstance(made, Booked)
    assert "rij A, stoel 3" in page
    assert "Yasmine" in page
    assert "Peeters" not in page


async def test_a_date_of_another_organiser_is_not_there(world: World) -> None:
    session, other = await seated(world), await seated(world)
    own = await desk(world, session)
    theirs = own.replace(str(session.id), str(other.id))
    plan_id = await world.value("SELECT plan_id FROM reservations.seated_session LIMIT 1")

    seen = await world.client.get(theirs)
    hung = await world.post_form(f"{theirs}/plan", zaal=str(plan_id))
    closed = await world.post_form(theirs, rij="A", waarom="x", stap="dicht")

    assert [answer.status_code for answer in (seen, hung, closed)] == [404, 404, 404]


IN_ROW_C = (PlanLine("C", 1, 4, wheelchair=(1,)), PlanLine("D", 1, 4))


async def beside_a_wheelchair(world: World) -> Session:
    """Two people on C-1, which is for a wheelchair, and C-2."""
    session, anna = await seated(world, *IN_ROW_C), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    await booked(world, headers, line(session, 2, anna) | {"seats": ["C-1", "C-2"]})
    return session


async def test_who_sits_beside_a_wheelchair_is_moved_away_only_once_the_desk_says_that_they_may(
    world: World,
) -> None:
    session = await beside_a_wheelchair(world)
    own, keys = await desk(world, session), await tickets(world, session)

    asked = await world.post_form(f"{own}/{keys['C-2']}", naar="D-1")
    before = await seats_taken(world, session)
    await world.post_form(f"{own}/{keys['C-2']}", naar="D-1", apart="true")

    assert asked.status_code == 409
    assert "Ze mogen apart zitten" in asked.text
    assert before == ["C-1", "C-2"]
    assert await seats_taken(world, session) == ["C-1", "D-1"]


async def test_a_plan_on_which_a_wheelchair_loses_its_place_or_who_is_beside_it_is_refused(
    world: World,
) -> None:
    session = await beside_a_wheelchair(world)
    plain = await plan_of(world, session, PlanLine("C", 1, 4))
    aisle = await plan_of(world, session, PlanLine("C", 1, 4, aisles=(1,), wheelchair=(1,)))
    larger = await plan_of(world, session, PlanLine("C", 1, 6, wheelchair=(1,)))
    own = await desk(world, session)

    answers = [await world.post_form(f"{own}/plan", zaal=str(each)) for each in (plain, aisle, larger)]

    assert [each.status_code for each in answers] == [409, 409, 303]
    assert "Op dit plan is dit geen rolstoelplaats meer" in answers[0].text
