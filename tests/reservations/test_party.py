"""What a booking brings to a session, and taking a check-in of it back."""

import re
from uuid import uuid4

from tests.builders import World
from tests.reservations.test_desk import organised, page_of, text_of, ticket


async def test_a_mistake_is_taken_back_from_the_page_of_its_booking(world: World) -> None:
    session = await organised(world)
    shown, checkin_id = await ticket(world, session, places=2), uuid4()
    scanned = await world.post_form(f"{page_of(session)}/binnen", ticket=shown, checkin_id=checkin_id)
    [booking] = re.findall(r'href="(/[^"]+/boekingen/[0-9a-f-]{36})"', scanned.text)
    before = text_of(await world.client.get(booking))

    answer = await world.post_form(f"{booking}/terug", ticket="1.1", checkin_id=checkin_id)
    after = text_of(await world.client.get(answer.headers["location"]))
    wrong = await world.post_form(f"{booking}/terug", ticket="2.9999", checkin_id=checkin_id)

    assert "Ticket 1.1 · 1 persoon Binnen om 10 u" in before
    assert "Ticket 1.2 · 1 persoon Nog niet binnen" in before
    assert "De check-in is teruggenomen. Het ticket is weer geldig." in after
    assert "Binnen om" not in after
    assert (wrong.status_code, "Dit is geen ticket van ons" in text_of(wrong)) == (404, True)
    acts = await world.rows("SELECT actor_kind, facts FROM uit.audit WHERE act = 'ticket.take_back'")
    assert [tuple(row) for row in acts] == [("staff", '{"line_no": 1, "ticket_no": 1}')]
