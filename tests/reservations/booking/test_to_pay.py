"""What the page of a booking says of what is still to be paid: how much, where, and who sells."""

from uuid import uuid4

from reservations.booking.answers import Booked
from reservations.booking.commands import PayWith
from tests.builders import Resident, Session, World


async def test_who_pays_at_the_desk_goes_to_that_of_the_organiser_and_buys_from_who_sells(
    world: World,
) -> None:
    session, anna, agent_id = (
        await world.session(price_cents=500),
        await world.resident(),
        await world.organiser(),
    )
    for each in (session.organiser_id, agent_id):
        await world.seller(each, desk_hours=48)
    await world.execute(
        "UPDATE credits.seller SET agent_id = $2, mandate_id = $3 WHERE organiser_id = $1",
        session.organiser_id, agent_id, uuid4(),
    )  # fmt: skip
    await named(world, session.organiser_id, "De Werf")
    await named(world, agent_id, "Stad Dendermonde")

    page = await page_of_desk_booking(world, anna, session)

    assert "Betaal aan de kassa van De Werf." in page
    assert "Je koopt bij Stad Dendermonde" in page


async def test_an_organiser_that_sells_itself_is_the_seller(world: World) -> None:
    session, anna = await world.session(price_cents=500), await world.resident()
    await world.seller(session.organiser_id, desk_hours=48)
    await named(world, session.organiser_id, "De Werf")

    page = await page_of_desk_booking(world, anna, session)

    assert "Betaal aan de kassa van De Werf." in page
    assert "Je koopt bij De Werf" in page


async def page_of_desk_booking(world: World, who: Resident, session: Session) -> str:
    """The page of a booking that waits for money at a desk, as its holder reads it."""
    command = world.command(who, [(session, "base", 1)], pay_with=PayWith.DESK, payment_id=uuid4())
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    await world.sign_in(who)
    page = await world.client.get(f"/dender/boekingen/{answer.booking.id}")
    assert page.status_code == 200
    return str(page.text)


async def named(world: World, organiser_id: object, name: str) -> None:
    await world.execute("UPDATE organisers.organiser SET name = $2 WHERE id = $1", organiser_id, name)
