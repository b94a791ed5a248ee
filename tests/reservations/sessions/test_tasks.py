"""What a date needs a person to decide: its organiser at once, and after three days its region."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from reservations.sessions import changing
from reservations.sessions.changing import lock_sessions
from reservations.sessions.task import NewTask, open_tasks
from tests.builders import Session, World
from tests.reservations.dates import author, booked, call_off_all, deliver, faults, restore, status_of
from tests.reservations.sessions.test_desk import desk, page_of, text_of

THREE_DAYS = timedelta(days=3)
REGION = "/dender/taken"


async def in_doubt(world: World) -> Session:
    """A session with two people, of which its source knows nothing any more."""
    session, anna = await world.session(), await world.resident(credit_cents=1000)
    await booked(world, anna, session, places=2)
    await deliver(world)
    await doubt(world, session)
    return session


async def doubt(world: World, session: Session) -> None:
    """As an import does."""
    async with world.services.database.transaction() as tx:
        locked = await lock_sessions(tx, 1, [session.id])
        await changing.suspend(tx, author(world), locked)
        wanted = [NewTask("withdrawn_at_source", session.id, session.organiser_id)]
        await open_tasks(tx, 1, wanted, world.services.ids, world.clock.now())


async def decisions(world: World) -> list[str | None]:
    return [row[0] for row in await world.rows("SELECT decision::text FROM reservations.task ORDER BY id")]


async def test_the_desk_of_the_organiser_shows_it_at_once_with_how_many_it_touches(world: World) -> None:
    session = await in_doubt(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    page = await world.client.get(desk(session))

    assert "UiTdatabank heeft deze activiteit teruggetrokken." in text_of(page)
    assert "2 mensen hebben een ticket." in text_of(page)
    for verb in ("afgelasten", "verplaatsen", "hervatten"):
        assert f'href="{page_of(session)}/wijzigen/{verb}"' in page.text


async def test_another_organiser_does_not_see_it(world: World) -> None:
    await in_doubt(world)
    own = await world.session()
    await world.sign_in_staff("organiser", organiser_id=own.organiser_id)

    assert "teruggetrokken" not in text_of(await world.client.get(desk(own)))


async def test_the_region_sees_it_after_three_days_and_not_before(world: World) -> None:
    await in_doubt(world)
    shown = []
    for wait in (timedelta(), THREE_DAYS - timedelta(seconds=1), timedelta(seconds=1)):
        world.clock.move(wait)
        await world.sign_in_staff("programme_officer")
        shown.append("De kleine prins" in text_of(await world.client.get(REGION)))

    assert shown == [False, False, True]


async def test_the_region_sees_nothing_of_another_region(world: World) -> None:
    await in_doubt(world)
    world.clock.move(THREE_DAYS)
    await world.sign_in_staff("programme_officer", region_id=2)

    assert (await world.client.get(REGION)).status_code == 403
    assert "De kleine prins" not in text_of(await world.client.get("/kust/taken"))


@pytest.mark.parametrize(
    ("verb", "decision", "status"),
    [("afgelasten", "called_off", "cancelled"), ("hervatten", "goes_on", "scheduled")],
)
async def test_what_its_organiser_decides_ends_the_task(
    world: World, verb: str, decision: str, status: str
) -> None:
    session = await in_doubt(world)
    staff_id = await world.sign_in_staff("organiser", organiser_id=session.organiser_id)

    answer = await world.post_form(f"{page_of(session)}/wijzigen/{verb}")

    assert answer.status_code == 303
    assert (await decisions(world), await status_of(world, session)) == ([decision], status)
    assert await world.value("SELECT decided_by FROM reservations.task") == staff_id
    assert "teruggetrokken" not in text_of(await world.client.get(desk(session)))
    await call_off_all(world.services)
    assert await faults(world) == []


@pytest.mark.parametrize(
    ("verb", "decision", "status"),
    [("afgelasten", "called_off", "cancelled"), ("hervatten", "goes_on", "scheduled")],
)
async def test_what_waits_three_days_its_region_may_decide(
    world: World, verb: str, decision: str, status: str
) -> None:
    session = await in_doubt(world)
    await world.sign_in_staff("programme_officer")
    address = f"{page_of(session)}/wijzigen/{verb}"
    assert (await world.post_form(address)).status_code == 403
    world.clock.move(THREE_DAYS)
    await world.sign_in_staff("programme_officer")

    asked = await world.client.get(address)
    done, again = await world.post_form(address), await world.post_form(address)

    assert "Boekingen 1 Mensen 2" in text_of(asked)
    assert done.headers["location"] == again.headers["location"] == f"{REGION}?gedaan={verb}"
    assert (await decisions(world), await status_of(world, session)) == ([decision], status)
    after = text_of(await world.client.get(done.headers["location"]))
    assert "Niets wacht op jou" in after


async def test_a_date_that_comes_in_doubt_again_is_asked_again(world: World) -> None:
    session = await in_doubt(world)
    await restore(world, session)

    await doubt(world, session)

    assert sorted(await decisions(world), key=str) == [None, "goes_on"]


async def test_a_task_that_is_asked_twice_is_one(world: World) -> None:
    session = await in_doubt(world)

    await doubt(world, session)

    assert await decisions(world) == [None]


async def test_who_is_no_officer_sees_no_list_of_the_region(world: World) -> None:
    session = await in_doubt(world)
    for role, scope in (("organiser", session.organiser_id), ("clerk", None)):
        await world.sign_in_staff(role, organiser_id=scope)
        assert (await world.client.get(REGION)).status_code == 403
    await world.sign_in(await world.resident())
    assert (await world.client.get(REGION)).status_code == 403
    assert (await world.client.get(f"/dender/organisaties/{uuid4()}")).status_code == 403


async def test_the_decisions_of_a_region_have_the_menu_of_its_desk(world: World) -> None:
    await world.sign_in_staff("programme_officer")

    menus = []
    for address in ("/dender/programmas", REGION):
        page = (await world.client.get(address)).text
        menus.append(re.findall(r'href="([^"]+)"', page[page.index("<nav") : page.index("</nav>")]))

    assert menus[0] == menus[1]
    assert {"/dender/verkopers", "/dender/verschillen"} <= set(menus[1])
