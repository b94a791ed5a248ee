"""What an agent owes of a payment goes on being owed when the money stays for other lines."""

from datetime import timedelta

from tests.builders import World
from tests.reservations.changes.town import booked, changed, line, pay
from tests.reservations.dates import faults
from tests.reservations.payment.under_mandate import an_agent, give_mandate, owed_cents


async def test_money_that_stays_for_another_date_is_owed_to_the_same_organiser(world: World) -> None:
    first = await world.session(10, 500)
    other = await world.session(10, 700, organiser_id=first.organiser_id)
    await give_mandate(world, first.organiser_id, await an_agent(world))
    headers = await world.api_client(first.organiser_id)
    before = await booked(world, headers, line(first, 2), pay_with="card")
    await pay(world, before, before["payment"])
    assert await owed_cents(world, first.organiser_id) == [1000]
    world.clock.move(timedelta(minutes=1))

    waiting = await changed(world, headers, before, line(other, 2), pay_with="card")
    await pay(world, waiting, waiting["pending_change"]["payment"])

    assert await owed_cents(world, first.organiser_id) == [1400]
    assert await faults(world) == []


async def test_money_for_a_date_of_another_organiser_goes_back_and_is_asked_anew(world: World) -> None:
    first, other = await world.session(10, 500), await world.session(10, 500)
    for each in (first, other):
        await world.seller(each.organiser_id)
    headers = await world.api_client(first.organiser_id, other.organiser_id)
    before = await booked(world, headers, line(first, 1), pay_with="card")
    await pay(world, before, before["payment"])
    world.clock.move(timedelta(minutes=1))

    waiting = await changed(world, headers, before, line(other, 1), pay_with="card")
    paid = await pay(world, waiting, waiting["pending_change"]["payment"])

    assert waiting["pending_change"]["payment"]["amount_cents"] == 500
    assert paid.ended
    assert [each.refund.amount_cents for each in paid.ended.refunds] == [500]
    assert await faults(world) == []
