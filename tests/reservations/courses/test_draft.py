"""A draft becomes a course as it is published: its dates are never sold one by one."""

import re
from typing import Any
from uuid import uuid4

from tests.builders import World
from tests.reservations.activities.making import TUESDAYS, begin, fill_in, made
from tests.reservations.sessions.test_desk import text_of

BOX = re.compile(r'<input[^>]*name="(datum-\w+)"[^>]*>')
WHOLE = {
    "naam": "Zangles",
    "prijs-base": "24",
    "verkoop": "geheel",
    "laat": "share",
    "uitschrijven": "to_come",
}
SOLD = """
    SELECT count(*) AS dates, count(d.course_id) AS of_course
    FROM reservations.session AS s
    LEFT JOIN reservations.course_date AS d ON d.region_id = 1 AND d.session_id = s.id
"""


def boxes(page: Any) -> dict[str, bool]:
    """The boxes of dates that a form has, and whether each is ticked."""
    return {found[1]: " checked" in found[0] for found in BOX.finditer(page.text)}


async def a_draft(world: World) -> str:
    """All of it filled in, with an evening and four Tuesdays that were made together."""
    this = await begin(world, await world.organiser())
    await fill_in(world, this)
    assert (await made(world, this, "reeks", TUESDAYS)).status_code == 303
    return this


async def test_a_draft_is_published_as_a_course(world: World) -> None:
    this, course_id = await a_draft(world), uuid4()
    offered = await world.client.get(this)
    form = await world.client.get(f"{this}/cursussen/{course_id}")

    ticked = dict.fromkeys(boxes(form), "true")
    answer = await world.post_form(f"{this}/cursussen/{course_id}", **WHOLE, **ticked)
    again = await world.post_form(f"{this}/cursussen/{course_id}", **WHOLE, **ticked)

    assert "Publiceer het als een cursus" in text_of(offered)
    assert "Bewaar en publiceer" in text_of(form)
    assert answer.headers["location"] == f"{this}?gedaan=cursus"
    assert tuple((await world.rows(SOLD))[0]) == (5, 5)
    assert again.headers["location"] == f"{this}/cursussen?gedaan=bewaard"
    acts = await world.rows("SELECT act FROM uit.audit WHERE act IN ('activity.publish', 'course.make')")
    assert sorted(each["act"] for each in acts) == ["activity.publish", "course.make"]


async def test_an_activity_and_its_course_lead_to_each_other(world: World) -> None:
    this, course_id = await a_draft(world), uuid4()
    own = f"{this}/cursussen/{course_id}"
    ticked = dict.fromkeys(boxes(await world.client.get(own)), "true")

    answer = await world.post_form(own, **WHOLE, **ticked)
    activity = await world.client.get(answer.headers["location"])
    course = await world.client.get(own)

    assert "Gepubliceerd als cursus." in text_of(activity)
    assert "Samen te koop, als cursus Zangles · 0 plaatsen ingeschreven" in text_of(activity)
    assert "enkel alles samen: die datums zijn niet los te boeken" in text_of(activity)
    assert f'href="{own}"' in activity.text
    assert f'<a href="{this}">Quiz van de harmonie</a>' in course.text


async def test_the_dates_of_a_series_are_ticked_and_the_others_are_sold_by_themselves(world: World) -> None:
    this = await a_draft(world)
    address = f"{this}/cursussen/{uuid4()}"
    series = await world.client.get(f"{this}/wanneer/reeksen/{TUESDAYS['reeks']}")

    form = await world.client.get(f"{address}?reeks={TUESDAYS['reeks']}")
    ticked = {box: "true" for box, is_ticked in boxes(form).items() if is_ticked}
    await world.post_form(address, **WHOLE, **ticked)

    assert f"?reeks={TUESDAYS['reeks']}" in series.text
    assert "Verkoop ze samen, als een cursus" in text_of(series)
    assert list(boxes(form).values()) == [False, True, True, True, True]
    assert tuple((await world.rows(SOLD))[0]) == (5, 4)


async def test_what_is_wrong_publishes_nothing_and_is_said(world: World) -> None:
    this = await a_draft(world)
    address = f"{this}/cursussen/{uuid4()}"
    ticked = dict.fromkeys(boxes(await world.client.get(address)), "true")

    answer = await world.post_form(address, **WHOLE | {"prijs-base": ""}, **ticked)

    assert "Zeg wat de hele cursus kost." in text_of(answer)
    assert await world.value("SELECT count(*) FROM reservations.session") == 0


async def test_a_draft_of_which_something_is_missing_is_filled_in_first(world: World) -> None:
    this = await begin(world, await world.organiser())
    await made(world, this, "reeks", TUESDAYS)
    address = f"{this}/cursussen/{uuid4()}"
    ticked = dict.fromkeys(boxes(await world.client.get(address)), "true")

    listed = text_of(await world.client.get(f"{this}/cursussen"))
    answer = await world.post_form(address, **WHOLE, **ticked)

    assert "Vul eerst de activiteit in" in listed
    assert answer.status_code == 409
    assert await world.value("SELECT count(*) FROM reservations.session") == 0
