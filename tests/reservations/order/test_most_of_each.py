"""Of a price of which only some is for each, the page says before the last press that somebody has theirs."""

from uuid import uuid4

from tests.builders import World
from tests.identity.person.helpers import a_child
from tests.reservations.conditions import ask, live_together
from tests.reservations.sessions.test_desk import text_of

RULE = "hoogstens 1"


async def test_who_has_as_many_as_one_may_reads_so_before_they_book(world: World) -> None:
    session, anna = await world.session(price_cents=0), await world.resident()
    await ask(world, session, "base", most_per_person=1)
    await world.sign_in(anna)
    address = f"/dender/sessies/{session.id}/boeken/{uuid4()}"
    before = text_of(await world.client.get(address))
    await world.book(anna, session)

    after = text_of(await world.client.get(address))

    assert "Bevestig" in before
    assert "Bevestig" not in after
    assert RULE in after


async def test_a_household_is_counted_and_who_has_what_is_not_said(world: World) -> None:
    session, anna, bilal = await world.session(price_cents=0), await world.resident(), await world.resident()
    await ask(world, session, "base", most_per_household=1)
    await live_together(world, anna, bilal)
    await world.book(bilal, session)
    await world.sign_in(anna)

    page = text_of(await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}"))

    assert "Bevestig" not in page
    assert "Yasmine" not in page


async def test_where_others_come_nothing_of_it_is_told(world: World) -> None:
    session, mother = await world.session(price_cents=0), await world.resident()
    lotte = await a_child(world, mother)
    await ask(world, session, "base", most_per_person=1)
    await world.book(lotte, session)
    await world.sign_in(mother)
    who = {"voor": str(lotte.membership_id), f"plaatsen-{'base'}": "1"}

    page = text_of(await world.client.get(f"/dender/sessies/{session.id}/boeken/{uuid4()}", params=who))

    assert "Bevestig" in page
