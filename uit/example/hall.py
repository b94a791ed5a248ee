"""A hall of the example with numbered seats, and the dates that have its plan."""

from typing import Final
from uuid import UUID

from reservations.booking.services import BookingServices
from reservations.halls.dates.sitting import hang
from reservations.halls.plan import NewPlan, save_plan
from reservations.seats.plan import PlanLine
from uit.example.season import upcoming
from uit.example.town import DENDER, stable_id
from uit.services.audit import Author

NUMBERED: Final = "Het gewicht van water"
"""An event of 140 places, as many as the hall has seats."""
ROWS: Final = (
    *(PlanLine(name, 1, 14, aisles=(7,)) for name in "ABCDEFGHI"),
    PlanLine("J", 1, 14, aisles=(7,), wheelchair=(1, 14), companion=(2, 13), restricted=(7, 8)),
)


async def hang_hall(services: BookingServices, organisers: dict[str, UUID]) -> None:
    """Number the seats of an event that has no bookings yet. Nothing of it is done twice."""
    author = Author(DENDER.region_id, "system", "example", services.clock.now(), services.ids)
    for session in await upcoming(services, organisers, NUMBERED):
        plan = NewPlan(stable_id("seat plan", NUMBERED), None, "De zolder", None, "D", ROWS)
        async with services.database.transaction() as tx:
            await save_plan(tx, author, session.organiser_id, plan)
            refusal = await hang(tx, author, session.session_id, plan.seat_plan)
        assert refusal is None, refusal
