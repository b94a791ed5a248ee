"""The page on which one books says where to wait for what is full, also for those who come together."""

from uuid import uuid4

from tests.builders import World
from tests.identity.person.helpers import a_child
from tests.reservations.waiting.lines import join, sold_out


async def test_a_full_date_says_how_many_wait_and_leads_there(world: World) -> None:
    session, _ = await sold_out(world)
    await join(world, await world.resident(), session)
    mother = await world.resident()
    lotte = await a_child(world, mother)
    await world.sign_in(mother)
    who = {"voor": f"ik,{lotte.membership_id}"}

    page = (await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}", params=who)).text

    assert f"/dender/sessies/{session.id}/wachtlijst?voor=ik%2C{lotte.membership_id}" in page
    assert "Er staat 1 aanvraag vóór jou." in page
