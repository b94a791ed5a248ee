"""Who booked for another changes who comes, among those for whom they may book, and nobody else does."""

from reservations.booking.answers import Booked
from tests.builders import World
from tests.identity.person.helpers import a_child
from tests.reservations.booking.test_acting import book_for
from tests.reservations.booking.test_giving_up import words
from tests.reservations.changes.test_pages import said_yes
from tests.reservations.dates import faults, statuses


async def test_a_parent_lets_another_child_come_instead(world: World) -> None:
    parent = await world.resident()
    lotte, noor = [await a_child(world, parent, credit_cents=1000) for _ in range(2)]
    session = await world.session(10, 500)
    booked = await book_for(world, parent, lotte, session)
    assert isinstance(booked, Booked)
    await world.sign_in(parent)
    own = f"/dender/boekingen/{booked.booking.id}"
    field = "aantal-base.{0.membership_id.hex}".format
    asked = {"stap": "bekijk", field(lotte): "0", field(noor): "1"}

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))

    assert "Nieuw: 1 plaats" in words(shown)
    assert await statuses(world, booked.booking.id) == ["cancelled", "confirmed"]
    assert [await world.available_cents(each) for each in (lotte, noor)] == [1000, 500]
    acts = await world.rows("SELECT actor_id FROM uit.audit WHERE act = 'booking.change_for'")
    assert [each[0] for each in acts] == [str(parent.person_id)]
    assert await faults(world) == []


async def test_a_parent_comes_instead_of_their_child(world: World) -> None:
    parent = await world.resident(credit_cents=1000)
    lotte = await a_child(world, parent, credit_cents=1000)
    session = await world.session(10, 500)
    booked = await book_for(world, parent, lotte, session)
    assert isinstance(booked, Booked)
    await world.sign_in(parent)
    own = f"/dender/boekingen/{booked.booking.id}"
    field = "aantal-base.{0.membership_id.hex}".format
    asked = {"stap": "bekijk", field(lotte): "0", field(parent): "1"}

    shown = (await world.client.get(f"{own}/wijzigen", params=asked)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(shown))
    paid = [await world.available_cents(each) for each in (lotte, parent)]
    back = {"stap": "bekijk", field(lotte): "1", field(parent): "0"}
    after = (await world.client.get(f"{own}/wijzigen", params=back)).text
    await world.post_form(f"{own}/wijzigen", **said_yes(after))

    assert "Nieuw: 1 plaats" in words(shown)
    assert paid == [1000, 500]
    assert [await world.available_cents(each) for each in (lotte, parent)] == [500, 1000]
    assert await statuses(world, booked.booking.id) == ["cancelled", "cancelled", "confirmed"]
    assert await faults(world) == []


async def test_a_parent_who_is_too_old_for_a_price_does_not_get_it(world: World) -> None:
    parent = await world.resident(credit_cents=1000)
    lotte = await a_child(world, parent, credit_cents=1000)
    session = await world.session(10, 500)
    await world.tariff(session, "kind", 200, age_to=17)
    booked = await book_for(world, parent, lotte, session)
    assert isinstance(booked, Booked)
    await world.sign_in(parent)

    shown = (await world.client.get(f"/dender/boekingen/{booked.booking.id}/wijzigen")).text

    assert f"aantal-kind.{lotte.membership_id.hex}" in shown
    assert f"aantal-base.{parent.membership_id.hex}" in shown
    assert f"aantal-kind.{parent.membership_id.hex}" not in shown
