"""The id of a booking is known to others, and leads nobody else to what a guest booked."""

from typing import Any
from uuid import uuid4

import pytest

from tests.builders import World
from tests.reservations.guest.guests import EMAIL

LOTTE = {"naam": "Lotte Maes", "email": EMAIL}
MALLORY = {"naam": "Mallory", "email": "mallory@example.org"}


async def test_a_form_that_is_sent_again_leads_the_same_browser_to_the_same_booking(world: World) -> None:
    address, form = await a_form(world)
    first = await world.post_form(address, **form, **LOTTE)

    again = await world.post_form(address, **form, **LOTTE)

    assert "/gast/" in first.headers["location"]
    assert again.headers["location"] == first.headers["location"]
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1


@pytest.mark.parametrize("who", [MALLORY, LOTTE])
async def test_the_same_form_from_elsewhere_leads_to_no_booking(world: World, who: dict[str, str]) -> None:
    address, form = await a_form(world)
    await world.post_form(address, **form, **LOTTE)
    world.client.cookies.clear()

    answer = await world.post_form(address, **form, **who)

    assert answer.status_code == 409
    assert "/gast/" not in answer.text
    assert await world.value("SELECT count(*) FROM reservations.booking") == 1


async def a_form(world: World) -> tuple[str, dict[str, Any]]:
    """Where a guest books one place of a date, and the form with the total that they saw."""
    session = await world.session(price_cents=0)
    form = {"plaatsen-base": "1", "stap": "boek", "gezien": "0 0 0 base:1"}
    return f"/dender/sessies/{session.id}/boeken/{uuid4()}", form
