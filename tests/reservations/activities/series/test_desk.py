"""Dates that were made by one pattern stay together: they are named, added to, and changed at once."""

from typing import Any
from uuid import UUID

from reservations.booking.answers import Booked
from reservations.booking.notifications import MOVED
from tests.builders import Session, World
from tests.reservations.activities.making import TUESDAYS, begin, event_of, fill_in, made
from tests.reservations.sessions.test_desk import text_of

TIMES = """
    SELECT to_char(starts_at AT TIME ZONE 'Europe/Brussels', 'DD/MM HH24:MI')
    FROM reservations.session WHERE series_id IS NOT NULL ORDER BY starts_at
"""
SERIES = TUESDAYS["reeks"]


async def on_sale(world: World) -> str:
    """The page of an activity of one evening and a series of four Tuesdays, which are sold."""
    this = await begin(world, await world.organiser())
    await fill_in(world, this)
    await made(world, this, "reeks", TUESDAYS)
    await world.post_form(f"{this}/publiceren")
    return this


async def times(world: World) -> list[str]:
    return [row[0] for row in await world.rows(TIMES)]


async def dates(world: World) -> list[UUID]:
    rows = await world.rows(
        "SELECT id FROM reservations.session WHERE series_id IS NOT NULL ORDER BY starts_at"
    )
    return [row["id"] for row in rows]


async def booked(world: World, this: str, session_id: UUID) -> None:
    event_id = event_of(this)
    organiser_id = await world.value("SELECT organiser_id FROM organisers.event WHERE id = $1", event_id)
    session = Session(1, session_id, organiser_id, event_id, session_id)
    await world.session(organiser_id=organiser_id)
    assert isinstance(await world.book(await world.resident(credit_cents=9000), session, 3), Booked)


async def change(world: World, this: str, **typed: Any) -> Any:
    return await world.post_form(f"{this}/wanneer/reeksen/{SERIES}", **{"scope": "alle", **typed})


async def test_dates_of_a_series_stay_together_once_they_are_sold(world: World) -> None:
    this = await on_sale(world)

    shown = text_of(await world.client.get(f"{this}/wanneer"))

    assert "Elke dinsdag, 4 keer" in shown
    assert "van 20:00 tot 22:00" in shown
    assert await times(world) == ["14/04 20:00", "21/04 20:00", "28/04 20:00", "05/05 20:00"]


async def test_more_dates_are_added_to_a_series(world: World) -> None:
    this = await on_sale(world)

    form = await world.client.get(f"{this}/wanneer/reeks?reeks={SERIES}")
    await made(world, this, "reeks", TUESDAYS | {"first": "2026-05-12", "last": "2026-05-19"})

    assert 'value="20:00"' in form.text
    assert f'name="reeks" value="{SERIES}"' in form.text
    assert "Elke dinsdag, 6 keer" in text_of(await world.client.get(f"{this}/wanneer/reeksen/{SERIES}"))


async def test_before_several_dates_change_it_is_said_whom_that_touches(world: World) -> None:
    this = await on_sale(world)
    await booked(world, this, (await dates(world))[1])

    asked = text_of(await change(world, this, starts="20:30", ends="22:30"))

    assert "4 datums veranderen" in asked
    assert "1 boeking gaat mee." in asked
    assert (await times(world))[0] == "14/04 20:00"


async def test_who_booked_goes_along_to_the_new_hour_and_is_told(world: World) -> None:
    this = await on_sale(world)
    await booked(world, this, (await dates(world))[1])

    for _ in range(2):
        await change(world, this, starts="20:30", ends="22:30", stap="ja")

    assert await times(world) == ["14/04 20:30", "21/04 20:30", "28/04 20:30", "05/05 20:30"]
    assert await world.value("SELECT count(*) FROM uit.outbox WHERE topic = $1", MOVED) == 1
    assert "van 20:30 tot 22:30" in text_of(await world.client.get(f"{this}/wanneer"))


async def test_one_date_and_all_that_follow_get_other_places(world: World) -> None:
    this = await on_sale(world)
    _, second, third, _ = await dates(world)
    await booked(world, this, third)

    await change(world, this, scope="vanaf", date=second, places="2", stap="ja")

    rows = await world.rows(
        "SELECT p.capacity FROM reservations.session AS s JOIN reservations.pool AS p ON p.id = s.id"
        " WHERE s.series_id IS NOT NULL ORDER BY s.starts_at"
    )
    assert [row["capacity"] for row in rows] == [40, 2, 3, 2]


async def test_when_one_books_changes_for_one_date_alone(world: World) -> None:
    this = await on_sale(world)
    first, *_ = await dates(world)

    await change(world, this, scope="een", date=first, closes="48", stap="ja")

    early = "SELECT id FROM reservations.session WHERE sale_closes_at = starts_at - interval '48 hours'"
    assert [row["id"] for row in await world.rows(early)] == [first]


async def test_what_is_wrong_comes_back_as_it_was_typed(world: World) -> None:
    this = await on_sale(world)

    nothing = await change(world, this)
    wrong = await change(world, this, scope="een", starts="laat", places="900")

    assert "Vul in wat er verandert." in text_of(nothing)
    assert 'value="laat"' in wrong.text
    assert "Kies een datum." in text_of(wrong)
    assert [each.status_code for each in (nothing, wrong)] == [422] * 2


async def test_a_series_of_another_activity_is_no_page(world: World) -> None:
    await on_sale(world)
    other = await begin(world, await world.organiser(name="Chiro"), "Bal")

    answers = [
        await world.client.get(f"{other}/wanneer/reeksen/{SERIES}"),
        await world.client.get(f"{other}/wanneer/reeks?reeks={SERIES}"),
        await made(world, other, "reeks", TUESDAYS),
    ]

    assert [each.status_code for each in answers] == [404] * 3
