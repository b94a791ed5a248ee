import re
from datetime import timedelta
from uuid import uuid4

from tests.builders import World
from tests.reservations.seats.world import plan_of, seated

ROWS = {"naam": "Grote zaal", "regels": "8", "rij-0": "A-C", "van-0": "1", "tot-0": "10", "gang-0": "5"}


async def desk(world: World) -> str:
    """The address of an organiser's seat plans, for its own staff who are signed in."""
    organiser_id = await world.organiser()
    await world.sign_in_staff("organiser", organiser_id=organiser_id)
    return f"/dender/organisaties/{organiser_id}/zaalplannen"


async def test_a_plan_that_was_typed_is_drawn_and_then_saved(world: World) -> None:
    own = await desk(world)

    drawn = await world.post_form(f"{own}/nieuw", **ROWS, stap="teken")
    saved = await world.post_form(f"{own}/nieuw", **ROWS, stap="bewaar", plan=str(uuid4()))

    assert drawn.text.count("<title>rij ") == 30
    assert saved.headers["location"] == f"{own}?gedaan=ja"
    assert await world.value("SELECT seats FROM reservations.seat_plan") == 30
    assert "Grote zaal" in (await world.client.get(own)).text


async def test_a_plan_that_is_saved_twice_is_there_once(world: World) -> None:
    own, plan_id = await desk(world), str(uuid4())

    for _ in range(2):
        await world.post_form(f"{own}/nieuw", **ROWS, stap="bewaar", plan=plan_id)

    assert await world.value("SELECT count(*) FROM reservations.seat_plan") == 1
    assert await world.value("SELECT count(*) FROM uit.audit WHERE act = 'seat_plan.save'") == 1


async def test_what_is_changed_is_another_plan_of_the_hall_and_dates_keep_theirs(world: World) -> None:
    session = await seated(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    own = f"/dender/organisaties/{session.organiser_id}/zaalplannen"
    before = await world.value("SELECT plan_id FROM reservations.seated_session")
    shown = (await world.client.get(f"{own}/{before}")).text
    world.clock.move(timedelta(minutes=1))

    await world.post_form(f"{own}/{before}", **ROWS, stap="bewaar", plan=str(uuid4()))

    assert 'name="rij-2"' in shown
    assert await world.value("SELECT count(DISTINCT hall_id) FROM reservations.seat_plan") == 1
    assert await world.value("SELECT count(*) FROM reservations.seat_plan") == 2
    assert await world.value("SELECT plan_id FROM reservations.seated_session") == before
    assert "30" in (await world.client.get(own)).text


async def test_what_is_wrong_comes_back_with_what_was_typed(world: World) -> None:
    own = await desk(world)

    answer = await world.post_form(f"{own}/nieuw", **ROWS | {"tot-0": "veel"}, stap="bewaar")

    assert answer.status_code == 422
    assert re.search(r'value="veel"', answer.text)
    assert 'href="#tot-0"' in answer.text


async def test_more_lines_are_shown_when_asked(world: World) -> None:
    own = await desk(world)

    answer = await world.post_form(f"{own}/nieuw", **ROWS, stap="meer")

    assert 'name="rij-13"' in answer.text
    assert 'value="A-C"' in answer.text


async def test_a_plan_of_another_organiser_is_not_there(world: World) -> None:
    own = await desk(world)
    theirs = await plan_of(world, await world.session())

    answer = await world.client.get(f"{own}/{theirs}")

    assert answer.status_code == 404


async def test_the_form_of_a_plan_says_what_each_column_is_for(world: World) -> None:
    shown = (await world.client.get(f"{await desk(world)}/nieuw")).text

    terms = re.findall(r"<dt>([^<]+)</dt>", shown)
    assert terms == ["Telt", "Gang na", "Geen stoel", "Rolstoel", "Begeleider", "Minder zicht"]
    assert "na deze stoelen loopt een gang" in shown
    assert "stoelen vlak naast een rolstoelplaats, voor wie begeleidt" in shown


async def test_the_drawing_says_in_words_and_shapes_which_seats_are_for_a_wheelchair(world: World) -> None:
    own = await desk(world)
    kinds = {"rolstoel-0": "1", "begeleider-0": "2", "zicht-0": "10"}

    page = (await world.post_form(f"{own}/nieuw", **ROWS | kinds, stap="teken")).text
    legend = page[page.index('class="seat-legend"') : page.index("</ul>", page.index('class="seat-legend"'))]

    said = ("gewone stoel: 21", "naast een rolstoel: 3", "minder zicht: 3")
    assert [words for words in said if words not in legend] == []
    assert "plaats voor een rolstoel: 3" in legend
    assert "<title>rij A, stoel 1, plaats voor een rolstoel</title>" in page
    assert page.count('rx=".9"') == 4
    assert page.count('class="bar-below"') == 4
