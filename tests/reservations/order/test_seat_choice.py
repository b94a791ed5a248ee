import re
from uuid import uuid4

from reservations.order.seat_choice import Comers, shared_out
from reservations.seats.plan import PlanLine
from tests.builders import Session, World
from tests.reservations.seats.world import block, seated, seats_taken


def address(session: Session, booking_id: object, *rest: str) -> str:
    return "/".join(["/dender/sessies", str(session.id), "boeken", str(booking_id), *rest])


async def test_the_page_says_which_seats_one_gets_and_books_those_that_were_best(world: World) -> None:
    session, anna = await seated(world, best_row="B"), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking = address(session, uuid4())

    shown = (await world.client.get(f"{booking}?plaatsen-base=2")).text
    seen = re.search(r'name="gezien" value="([^"]+)"', shown)
    assert seen
    await world.post_form(
        booking, **{"plaatsen-base": "2", "stap": "boek", "gezien": seen[1], "voor_lid": "ja"}
    )

    assert "We kiezen de beste stoelen voor je. Nu is dat rij B, stoel 3 en 4." in shown
    assert await seats_taken(world, session) == ["B-3", "B-4"]


async def test_the_button_leads_to_the_hall_with_the_numbers_that_were_typed(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking = address(session, uuid4())

    answer = await world.post_form(booking, **{"plaatsen-base": "2", "stap": "stoelen", "voor_lid": "ja"})

    assert answer.headers["location"] == f"{booking}/stoelen?plaatsen-base=2"


async def test_the_hall_has_a_box_for_each_free_seat_by_its_name(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await block(world, session, "A-1")
    await world.sign_in(anna)

    page = (await world.client.get(address(session, uuid4(), "stoelen"), params={"plaatsen-base": "2"})).text

    assert page.count('name="stoel"') == 17
    assert 'aria-label="Rij C, stoel 1, vrij, plaats voor een rolstoel"' in page
    assert "Stoel 1, bezet" in page
    assert page.index("Kies voor mij (beste stoelen)") < page.index('name="stoel"')


async def test_seats_that_were_ticked_are_booked(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking_id = uuid4()

    chosen = await world.client.get(
        address(session, booking_id, "stoelen"),
        params={"plaatsen-base": "2", "stoel": ["A-1", "C-6"], "klaar": "ja"},
        follow_redirects=False,
    )
    total = (await world.client.get(chosen.headers["location"])).text
    seen = re.search(r'name="gezien" value="([^"]+)"', total)
    assert seen
    sent = {"plaatsen-base": "2", "stoelen": "A-1,C-6", "stap": "boek", "gezien": seen[1], "voor_lid": "ja"}
    await world.post_form(address(session, booking_id), **sent)

    assert "Je koos rij A, stoel 1; rij C, stoel 6." in total
    assert await seats_taken(world, session) == ["A-1", "C-6"]


async def test_another_number_of_seats_than_places_is_said_with_what_was_ticked(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)

    answer = await world.client.get(
        address(session, uuid4(), "stoelen"),
        params={"plaatsen-base": "2", "stoel": ["A-4"], "klaar": "ja"},
    )

    assert answer.status_code == 422
    assert "Kies 2 stoelen. Je koos er 1." in answer.text
    assert re.search(r'value="A-4"[^>]* checked', answer.text)


async def test_a_seat_that_was_taken_meanwhile_is_said_with_the_nearest(world: World) -> None:
    session, anna = await seated(world, PlanLine("A", 1, 4)), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking = address(session, uuid4())
    await block(world, session, "A-1")

    page = await world.client.get(f"{booking}?plaatsen-base=1&stoelen=A-1")

    assert "Intussen bezet: rij A, stoel 1. Het dichtst daarbij en nog vrij: rij A, stoel 2." in page.text


async def test_a_wheelchair_is_asked_for_where_there_is_a_place_for_it(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)

    page = await world.client.get(f"{address(session, uuid4())}?plaatsen-base=2&rolstoel=1")

    assert "Hoeveel daarvan met een rolstoel?" in page.text
    assert "Nu is dat rij C, stoel 1 en 2." in page.text


def test_who_comes_along_sits_beside_a_wheelchair_and_not_in_it() -> None:
    along, others = Comers(1, along=True), Comers(2, along=False)

    assert shared_out([along, others], (), 1) == [((), 0), ((), 1)]
    assert shared_out([along, others], (), 3) == [((), 1), ((), 2)]


async def test_where_seats_are_not_numbered_nothing_is_said_of_them(world: World) -> None:
    session, anna = await world.session(), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking = address(session, uuid4())

    page = await world.client.get(f"{booking}?plaatsen-base=1&stoelen=A-1")
    hall = await world.client.get(f"{booking}/stoelen?plaatsen-base=1", follow_redirects=False)

    assert "stoel" not in page.text
    assert hall.status_code == 303


async def test_a_choice_that_takes_a_place_of_others_or_leaves_one_alone_is_told_so(world: World) -> None:
    session, anna = await seated(world), await world.resident(credit_cents=5000)
    await world.sign_in(anna)
    booking, alone = address(session, uuid4()), "Zo blijft er een stoel alleen over."
    kept = "Voor wie met een rolstoel komt: rij C, stoel 1. Komt zo niemand mee?"

    pages = [
        (await world.client.get(f"{booking}?plaatsen-base=2&stoelen={seats}")).text
        for seats in ("A-1,A-2", "A-2,A-3", "C-1,C-2")
    ]

    assert [alone in page for page in pages] == [False, True, False]
    assert [kept in page for page in pages] == [False, False, True]
