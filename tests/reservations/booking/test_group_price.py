"""Who keeps the price of a group when some of it go, and that this is said before somebody says yes."""

from uuid import UUID, uuid4

from reservations.booking.answers import Booked
from tests.builders import Resident, Session, World
from tests.reservations.sessions.test_desk import page_of, text_of

KEEPS = "te koop vanaf 10 tickets. Gaat er maar een deel weg, dan houden de anderen die prijs"
NOT_FEWER = "Wijzigen naar minder kan niet. Tickets annuleren wel: de anderen houden dan die prijs."


async def group(world: World, places: int = 10) -> tuple[Session, Resident, UUID]:
    session, anna = await world.session(seats=30), await world.resident(credit_cents=100_00)
    await world.tariff(session, "groep", 300, least=10)
    booked = await world.book(anna, session, places, "groep")
    assert isinstance(booked, Booked), booked
    return session, anna, booked.booking.id


async def test_a_resident_is_told_and_the_others_keep_it(world: World) -> None:
    _session, anna, booking_id = await group(world)
    await world.sign_in(anna)
    own = f"/dender/boekingen/{booking_id}"

    asked = text_of(await world.client.get(f"{own}/annuleren"))
    change = await world.client.get(f"{own}/wijzigen")
    two = {"ticket-1.1": "true", "ticket-1.2": "true", "cancellation_id": str(uuid4())}
    await world.post_form(f"{own}/annuleren", **two)
    after = text_of(await world.client.get(f"{own}/annuleren"))

    assert KEEPS in asked
    assert KEEPS in after
    assert NOT_FEWER in text_of(change)
    assert f'href="{own}/annuleren"' in change.text
    assert await world.available_cents(anna) == 100_00 - 8 * 300


async def test_its_organiser_is_told_where_it_cancels_and_where_it_changes(world: World) -> None:
    session, _anna, booking_id = await group(world)
    await world.sign_in_staff("organiser", organiser_id=session.organiser_id)
    own = f"{page_of(session)}/boekingen/{booking_id}"

    cancel = text_of(await world.client.get(f"{own}/annuleren"))
    change = text_of(await world.client.get(f"{own}/wijzigen"))

    assert KEEPS in cancel
    assert NOT_FEWER in change


async def test_of_a_price_for_one_nothing_is_said(world: World) -> None:
    session, anna = await world.session(seats=30), await world.resident(credit_cents=100_00)
    booked = await world.book(anna, session, 3)
    assert isinstance(booked, Booked)
    await world.sign_in(anna)

    asked = text_of(await world.client.get(f"/dender/boekingen/{booked.booking.id}/annuleren"))

    assert "groepsprijs" not in asked
