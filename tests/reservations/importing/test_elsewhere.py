"""The source says another place: who booked is told once, and may leave, as when a desk moves it."""

import copy
from typing import Any
from uuid import uuid4

import pytest

from tests.builders import World
from tests.reservations.activities.making import HALL
from tests.reservations.dates import deliver, faults, plain, start_of
from tests.reservations.importing.events import Import, concerts, guest, places, session_of, sessions_of
from tests.reservations.importing.test_moved import EVENING, LATER

NEXT_DAY = "2026-03-14 20:00"


def at_another_place(event: dict[str, Any], name: str = "Zaal De Kring", street: str = "Molendries 8") -> Any:
    """The event in a place of another record, with this name and street."""
    moved = copy.deepcopy(event)
    location = moved["location"]
    location["@id"] += "-elders"
    location["name"] = {"nl": name}
    location["address"]["nl"]["streetAddress"] = street
    return moved


async def test_who_booked_is_told_once_where_it_is_now_and_may_leave(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING, NEXT_DAY))
    first, second = await sessions_of(town)
    await guest(town, first, 2)
    await deliver(town)

    reports = [await take_in(at_another_place(concerts(EVENING, NEXT_DAY))) for _ in range(2)]

    assert [each.done.elsewhere for each in reports] == [1, 0]
    [mail] = await deliver(town)
    assert "Andere plaats" in str(mail["Subject"])
    assert "Zaal De Kring" in plain(mail)
    assert "/keuze/" in plain(mail)
    moved = "SELECT id FROM reservations.session WHERE moved_from = starts_at"
    assert await town.value(moved) == first.id != second.id
    acts = await town.rows("SELECT actor_kind, facts::text FROM uit.audit WHERE act = 'session.move'")
    assert [tuple(each) for each in acts] == [("system", '{"what": "place"}')]
    assert await faults(town) == []


async def test_another_time_and_place_at_once_is_one_message(town: World, take_in: Import) -> None:
    await take_in(concerts(EVENING))
    session = await session_of(town)
    await guest(town, session, 2)
    before = await start_of(town, session)
    await deliver(town)

    await take_in(at_another_place(concerts(LATER)))

    [mail] = await deliver(town)
    assert "Eerst: vr 13 mrt, 20 u" in plain(mail)
    assert "Zaal De Kring" in plain(mail)
    assert await town.value("SELECT moved_from FROM reservations.session") == before


@pytest.mark.parametrize("words", ["corrected", "same place twice"])
async def test_who_goes_to_the_same_place_is_not_told(town: World, take_in: Import, words: str) -> None:
    event = concerts(EVENING)
    await take_in(event)
    await guest(town, await session_of(town), 2)
    await deliver(town)
    here = event["location"]
    other = at_another_place(event, here["name"]["nl"].upper(), here["address"]["nl"]["streetAddress"])
    if words == "corrected":
        other = copy.deepcopy(event)
        other["location"]["name"]["nl"] += " (grote zaal)"

    report = await take_in(other)

    assert report.done.changed == 1
    assert (report.done.elsewhere, await deliver(town)) == (0, [])


async def test_what_is_said_here_of_the_place_goes_before_the_source(town: World, take_in: Import) -> None:
    event = concerts(EVENING)
    await take_in(event)
    session = await session_of(town)
    await guest(town, session, 2)
    await town.sign_in_staff("organiser", organiser_id=session.organiser_id)
    this = f"/dender/organisaties/{session.organiser_id}/activiteiten/{session.event_id}/waar"
    said = await town.post_form(this, **HALL, venue_id=uuid4())
    await deliver(town)

    await take_in(at_another_place(event, "Sporthal", "Sportlaan 1"))

    assert said.status_code == 303
    assert await deliver(town) == []


async def test_a_date_that_is_called_off_as_well_is_not_told_of_its_place(
    town: World, take_in: Import
) -> None:
    await take_in(concerts(EVENING))
    await guest(town, await session_of(town), 2)
    await deliver(town)
    gone = at_another_place(concerts(EVENING))
    gone["subEvent"][0] |= {"status": {"type": "Unavailable"}} | places(20)

    report = await take_in(gone)

    assert report.done.elsewhere == 0
