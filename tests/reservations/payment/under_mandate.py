"""Sales that an agent makes in its own name for organisers, and what the books say that it owes for them."""

from typing import Any
from uuid import UUID, uuid4

from reservations.booking.actor import ByStaff
from reservations.booking.answers import Booked
from reservations.booking.commands import ChosenTickets, GiveUp, Pay, PayWith
from reservations.payment.sold_for import book_sold_for
from tests.builders import Session, World
from tests.reservations.booking.sellers import make_mandate
from tests.reservations.payment.card_sale import OUR_OWN, CardSale
from uit.embedded.stripe_peer.peer import StripePeer

SET_AGENT = (
    "UPDATE credits.seller SET agent_id = $2, mandate_id = $3 WHERE region_id = 1 AND organiser_id = $1"
)
OWED = """
SELECT a.owner_id, sum(CASE t.debit_id WHEN a.id THEN t.amount_cents ELSE -t.amount_cents END)::int AS cents
FROM credits.transfer AS t
JOIN credits.account AS a ON a.kind = 'owed' AND a.id IN (t.debit_id, t.credit_id)
WHERE t.kind = 'sold_for'
GROUP BY a.owner_id
"""


async def an_agent(world: World) -> UUID:
    """The region's own organisation, which takes cards on the account of the installation."""
    agent_id = await world.organiser(name="Regio Dender")
    await world.seller(agent_id, account=OUR_OWN, desk_hours=48)
    return agent_id


async def give_mandate(world: World, organiser_id: UUID, agent_id: UUID) -> None:
    """From now on the agent sells for the organiser in its own name."""
    await world.seller(organiser_id, card=False, desk_hours=48)
    mandate_id = await make_mandate(world, organiser_id, agent_id)
    await world.execute(SET_AGENT, organiser_id, agent_id, mandate_id)


async def a_sale(world: World, peer: StripePeer) -> CardSale:
    """Two places of five euro that an agent sold by card for their organiser."""
    session = await world.session(20)
    await give_mandate(world, session.organiser_id, await an_agent(world))
    return await CardSale.made(world, peer, session=session)


async def sold_together(world: World, *sessions: Session) -> UUID:
    """A place of each session in one booking that was paid by card; its id."""
    who, payment_id = await world.resident(), uuid4()
    wanted = [(session, "base", 1) for session in sessions]
    command = world.command(who, wanted, pay_with=PayWith.CARD, payment_id=payment_id)
    answer = await world.services.turnstile.answer(command)
    assert isinstance(answer, Booked), answer
    (payment,) = answer.booking.payments
    pay = Pay(1, command.booking_id, payment_id, payment.amount_cents, f"pi_{payment_id.hex}")
    await world.services.turnstile.answer(pay)
    return command.booking_id


async def give_back(world: World, booking_id: UUID, line_no: int, *tickets: int) -> UUID:
    """Tickets of a line go back; the id of the refund, which is decided and not sent."""
    chosen = (ChosenTickets(line_no, tickets),)
    await world.services.turnstile.answer(GiveUp(1, booking_id, ByStaff(uuid4()), chosen))
    found = await world.value("SELECT id FROM credits.refund ORDER BY decided_at DESC, id DESC LIMIT 1")
    assert isinstance(found, UUID)
    return found


async def owed_cents(world: World, *organisers: UUID) -> list[int]:
    """What the books owe these organisers, after the worker looked."""
    while await book_sold_for(world.services):
        pass
    rows: list[Any] = await world.rows(OWED)
    found = {row["owner_id"]: row["cents"] for row in rows}
    return [found.get(each, 0) for each in organisers]
