"""Of a date that is off or postponed, a desk reads what is true of its bookings, and lets nobody in."""

import pytest

from tests.builders import Session, World
from tests.reservations.booking_list.evening import booked_by
from tests.reservations.checkin.test_pages import make_link
from tests.reservations.choosing.dates import A_WEEK, take_all_back, two_dates
from tests.reservations.dates import call_off, postpone
from tests.reservations.outcomes.test_outcomes import link_of
from tests.reservations.sessions.test_desk import organised, page_of, text_of

LETS_IN = (
    "Scan een ticket",
    "Maak een deurlink",
    "Pas het aantal plaatsen aan",
    "Verdeel de plaatsen",
    "Deurlijst",
)


async def booked_evening(world: World) -> Session:
    """Anna and Bo booked, by their names."""
    first, _ = await two_dates(world)
    await world.sign_in_staff("organiser", organiser_id=first.organiser_id)
    await world.post_form(f"{page_of(first)}/activiteit", name="first")
    return first


async def read(world: World, session: Session, path: str = "") -> str:
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return text_of(await world.client.get(f"{page_of(session)}{path}"))


async def test_who_has_to_choose_still_chooses_and_who_took_it_back_is_not_there(world: World) -> None:
    first = await booked_evening(world)
    ids = [await booked_by(world, first, name, "Claes") for name in ("Anna", "Bo")]
    await call_off(world, first, choose=A_WEEK)
    await take_all_back(world, await link_of(world, first, ids[1]))

    page = await read(world, first, "/boekingen")
    file = (await world.client.get(f"{page_of(first)}/boekingen/boekingen.csv")).text
    own = await read(world, first, f"/boekingen/{ids[0]}")

    assert "Anna" in page
    assert "Bo " not in page
    assert "kiest nog" in page
    assert "in orde" not in page
    assert "Hier staat alleen wie nog kiest." in page
    assert file.splitlines()[1].endswith(";kiest nog")
    assert "kiest nog" in own
    for offered in ("Zet binnen", "Nog niet binnen", "Druk de tickets af"):
        assert offered not in own


@pytest.mark.parametrize("how", ["cancelled", "postponed", "scheduled"])
async def test_only_a_date_that_takes_place_offers_to_let_people_in(world: World, how: str) -> None:
    first = await booked_evening(world)
    booking_id = await booked_by(world, first, "Anna", "Claes")
    before = await read(world, first)
    if how == "cancelled":
        await call_off(world, first, choose=A_WEEK)
    if how == "postponed":
        await postpone(world, first)

    page, own = await read(world, first), await read(world, first, f"/boekingen/{booking_id}")

    assert all(each in before for each in LETS_IN)
    assert [each in page for each in LETS_IN] == [how == "scheduled"] * len(LETS_IN)
    assert ("Nu komt niemand binnen." in page) == (how != "scheduled")
    assert ("in orde" in own) == (how == "scheduled")
    assert ("wacht op een nieuwe datum" in own) == (how == "postponed")


async def test_a_volunteer_at_the_door_reads_that_nobody_comes_in(world: World) -> None:
    session = await organised(world)
    await world.post_form(await make_link(world, session))

    before = text_of(await world.client.get("/deur"))
    await postpone(world, session)
    after = text_of(await world.client.get("/deur"))

    assert ["Klaar" in before, "Klaar" in after] == [True, False]
    assert ["Nu komt niemand binnen" in each for each in (before, after)] == [False, True]
