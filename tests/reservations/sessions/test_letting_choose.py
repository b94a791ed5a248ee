"""Who calls a date off says whether those who booked may choose, and until which day."""

import pytest

from tests.builders import Session, World
from tests.reservations.choosing.dates import booked_two, two_dates
from tests.reservations.dates import statuses
from tests.reservations.sessions.test_desk import page_of, text_of

TO_CHOOSE = {"reason": "Ziek.", "choice": "kies", "choice_day": "2026-03-09"}


async def at_the_desk(world: World, session: Session) -> str:
    """The address of the page that calls it off, for its organiser."""
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    return f"{page_of(session)}/wijzigen/afgelasten"


async def test_the_organiser_lets_them_choose_to_the_end_of_a_day(world: World) -> None:
    first, _ = await two_dates(world)
    _, booking_id = await booked_two(world, first)
    address = await at_the_desk(world, first)

    shown = text_of(await world.client.get(address))
    answer = await world.post_form(address, **TO_CHOOSE)

    assert "Er is nog 1 andere datum. Je kan wie boekte laten kiezen." in shown
    assert answer.headers["location"] == f"{page_of(first)}?gedaan=laten-kiezen"
    until = await world.value("SELECT choose_until FROM reservations.session WHERE id = $1", first.id)
    assert f"{until:%d %H:%M}" == "09 23:00"
    assert await statuses(world, booking_id) == ["confirmed", "confirmed"]


@pytest.mark.parametrize("day", ["", "2026-03-02", "2026-04-02", "morgen"])
async def test_a_day_that_cannot_be_is_asked_again_with_what_was_typed(world: World, day: str) -> None:
    first, _ = await two_dates(world)
    address = await at_the_desk(world, first)

    again = await world.post_form(address, **TO_CHOOSE | {"choice_day": day})

    assert again.status_code == 422
    assert "Kies een dag" in text_of(again)
    assert 'value="Ziek."' in again.text
    assert await world.value("SELECT count(*) FROM reservations.session WHERE status = 'cancelled'") == 0


async def test_of_an_only_date_all_goes_back_at_once(world: World) -> None:
    session = await world.session()
    address = await at_the_desk(world, session)

    assert "Kiezen kan tot en met" not in text_of(await world.client.get(address))
    answer = await world.post_form(address, reason="Ziek.", choice="")

    assert answer.headers["location"].endswith("?gedaan=afgelasten")
    assert (
        await world.value("SELECT choose_until FROM reservations.session WHERE id = $1", session.id) is None
    )
