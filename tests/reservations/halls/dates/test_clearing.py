"""A row is blocked on which people sit: whom it concerns comes first, then they move, and they are told."""

import re
from typing import Any
from uuid import UUID

from reservations.booking.answers import Booked
from reservations.halls.dates.clearing import relocations
from reservations.halls.dates.sitting import read_seated_date
from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.identity.message.test_reach import HOME, letters
from tests.reservations.changes.town import booked, line
from tests.reservations.dates import deliver
from tests.reservations.halls.dates.test_desk import desk, tickets
from tests.reservations.seats.test_families import family, family_evening
from tests.reservations.seats.world import block, seated, seats_taken
from tests.reservations.sessions.test_desk import text_of

HIDDEN = re.compile(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"')
ROWS = (PlanLine("A", 1, 4), PlanLine("B", 1, 4), PlanLine("C", 1, 4))


async def sold(world: World, *lines: PlanLine, places: int = 2) -> tuple[Session, UUID]:
    """A hall in which somebody has seats in the first row."""
    session, anna = await seated(world, *lines, best_row="A"), await world.resident(credit_cents=5000)
    made = await world.book(anna, session, places)
    assert isinstance(made, Booked)
    await deliver(world)
    return session, made.booking.id


async def ask(world: World, own: str) -> Any:
    return await world.post_form(own, rij="A", waarom="Een camera", stap="dicht")


async def yes(world: World, own: str, page: Any) -> Any:
    """Press the button that moves them."""
    return await world.post_form(f"{own}/ontruimen", **dict(HIDDEN.findall(page.text)))


async def test_whom_it_concerns_is_said_first_with_where_they_would_go(world: World) -> None:
    session, _ = await sold(world, *ROWS)
    own = await desk(world, session)

    page = await ask(world, own)

    assert page.status_code == 200
    assert "Dat raakt 2 tickets. Er is nog niets gebeurd." in text_of(page)
    assert "rij B, stoel" in text_of(page)
    assert await world.value("SELECT count(*) FROM reservations.blocked_seat") == 0


async def test_they_move_together_the_row_is_blocked_and_a_repeat_changes_nothing(world: World) -> None:
    session, _ = await sold(world, *ROWS)
    own, before = await desk(world, session), await tickets(world, session)
    page = await ask(world, own)

    answers = [await yes(world, own, page) for _ in range(2)]

    assert {each.headers["location"] for each in answers} == {f"{own}?gedaan=ontruimd"}
    assert {*await tickets(world, session)} <= {"B-1", "B-2", "B-3", "B-4"}
    assert {*(await tickets(world, session)).values()} == {*before.values()}
    assert await world.value("SELECT count(*) FROM reservations.blocked_seat") == 4
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat.move'") == 2


async def test_who_was_moved_is_told_with_old_and_new_seat_and_the_same_ticket(world: World) -> None:
    session, _ = await sold(world, *ROWS)
    own = await desk(world, session)
    await yes(world, own, await ask(world, own))
    [first, second] = await seats_taken(world, session)

    [mail] = await deliver(world)

    said = " ".join(mail.get_body(("plain",)).get_content().split())
    assert mail["Subject"].startswith("Andere stoel: De kleine prins")
    assert f"Nu: rij B, stoel {first[-1]} en {second[-1]}" in said
    assert "Eerst: rij A, stoel" in said
    assert "Je ticket en de code blijven dezelfde." in said


async def test_nobody_is_told_of_a_seat_that_they_do_not_have_any_more(world: World) -> None:
    session, _ = await sold(world, *ROWS, places=1)
    own, before = await desk(world, session), await tickets(world, session)
    [key] = before.values()

    await world.post_form(f"{own}/{key}", naar="C-1")
    await world.post_form(f"{own}/{key}", naar="C-2")

    assert [mail["Subject"] for mail in await deliver(world)] == [
        "Andere stoel: De kleine prins, do 12 mrt, 10 u"
    ]


async def test_where_there_is_no_room_it_says_so_and_offers_nothing(world: World) -> None:
    session, _ = await sold(world, PlanLine("A", 1, 2), PlanLine("B", 1, 2))
    await block(world, session, "B-1")
    own = await desk(world, session)

    page = await ask(world, own)

    assert "Niet iedereen kan elders zitten" in text_of(page)
    assert "ontruimen" not in page.text


async def test_a_seat_that_was_taken_meanwhile_is_said_and_the_page_proposes_anew(world: World) -> None:
    session, _ = await sold(world, *ROWS)
    own = await desk(world, session)
    page = await ask(world, own)
    await block(world, session, "B-1", "B-2", "B-3", "B-4")

    answer = await yes(world, own, page)

    assert answer.status_code == 409
    assert "Intussen bezet: rij B" in text_of(answer)
    assert "rij C, stoel" in text_of(answer)
    assert await world.value("SELECT count(*) FROM reservations.blocked_seat WHERE seat LIKE 'A-%'") == 0


async def test_a_wheelchair_goes_to_a_place_for_one_with_who_sits_beside(world: World) -> None:
    rows = (
        PlanLine("A", 1, 4, wheelchair=(1,), companion=(2,)),
        PlanLine("B", 1, 6, wheelchair=(6,), companion=(5,)),
    )
    session = await seated(world, *rows, price_cents=0)
    headers = await world.api_client(session.organiser_id)
    await booked(
        world, headers, {"session_id": str(session.id), "tariff": "base", "places": 2, "wheelchairs": 1}
    )
    async with world.services.database.reading() as tx:
        date = await read_seated_date(tx, session.region_id, session.id)
    assert date

    found = relocations(date, ["A-1", "A-2", "A-3", "A-4"])

    assert [(each.ticket.seat, each.to) for each in found] == [("A-1", "B-6"), ("A-2", "B-5")]


async def test_a_family_moves_to_as_many_seats_beside_each_other(world: World) -> None:
    session, headers = await family_evening(world)
    await booked(world, headers, family(session))
    own, before = await desk(world, session), await tickets(world, session)
    [key] = before.values()
    page = (await world.client.get(f"{own}/{key}")).text

    await world.post_form(f"{own}/{key}", naar="B-3,B-4,B-5,B-6")

    assert "rij B, stoel 1, 2, 3 en 4" in page
    assert await seats_taken(world, session) == ["B-3,B-4,B-5,B-6"]


async def test_who_gets_letters_reads_of_their_other_seat_by_letter_without_a_link(world: World) -> None:
    session, booking_id = await sold(world, *ROWS, places=1)
    holder = await world.value(
        "SELECT m.person_id FROM passes.membership AS m JOIN reservations.line AS l ON l.holder_id = m.id"
        " WHERE l.booking_id = $1",
        booking_id,
    )
    await world.execute(HOME, holder)
    await world.execute("UPDATE identity.person SET reached_by = 'letter' WHERE id = $1", holder)
    own, before = await desk(world, session), await tickets(world, session)

    [key] = before.values()
    await world.post_form(f"{own}/{key}", naar="C-1")
    await deliver(world)

    [letter] = await letters(world)
    assert letter["subject"].startswith("Andere stoel: De kleine prins")
    assert "Nu: rij C, stoel 1" in letter["body"]
    assert "http" not in letter["body"]


WHEELCHAIRS = (
    PlanLine("A", 1, 4, wheelchair=(1,)),
    PlanLine("B", 1, 4),
    PlanLine("C", 1, 4, wheelchair=(4,)),
)


async def with_a_wheelchair(world: World) -> Session:
    """Two people on A-1, which is for a wheelchair, and A-2."""
    session, anna = await seated(world, *WHEELCHAIRS), await world.resident(credit_cents=5000)
    headers = await world.api_client(session.organiser_id)
    await booked(world, headers, line(session, 2, anna) | {"seats": ["A-1", "A-2"]})
    return session


async def test_who_sits_beside_a_wheelchair_moves_with_it(world: World) -> None:
    session = await with_a_wheelchair(world)
    own = await desk(world, session)

    await yes(world, own, await ask(world, own))

    assert await seats_taken(world, session) == ["C-3", "C-4"]


async def test_that_somebody_would_not_be_beside_the_wheelchair_any_more_is_said_first(world: World) -> None:
    session = await with_a_wheelchair(world)
    own = await desk(world, session)
    alone = {"stoel-A-2": "A-2", "waarom": "Een camera", "stap": "dicht"}

    page = await world.post_form(own, **alone)

    assert "niet meer naast de rolstoel" in text_of(page)
    assert "A-2" in await seats_taken(world, session)
