"""Sessions with numbered seats, for tests."""

from uuid import UUID, uuid4

from reservations.seats.plan import PlanLine, SeatPlan
from tests.builders import Resident, Session, World
from uit.database.statements import as_json

HALL = (
    PlanLine("A", 1, 6),
    PlanLine("B", 1, 6),
    PlanLine("C", 1, 6, wheelchair=(1,), companion=(2,)),
)


async def plan_of(
    world: World, session: Session, *lines: PlanLine, best_row: str | None = None, name: str = "Grote zaal"
) -> UUID:
    """A plan of the organiser of a session, which nothing has yet."""
    plan_id, lines = uuid4(), lines or HALL
    seats = len(SeatPlan(plan_id, lines).seats)
    await world.execute(
        "INSERT INTO reservations.seat_plan"
        " (region_id, id, hall_id, organiser_id, name, best_row, lines, seats, made_at)"
        " VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)",
        session.region_id, plan_id, session.organiser_id, name, best_row, as_json(lines), seats,
        world.clock.now(),
    )  # fmt: skip
    return plan_id


async def seated(world: World, *lines: PlanLine, best_row: str | None = None, **more: object) -> Session:
    """A session with a plan, in which as many places are on sale as there are seats."""
    plan_lines = lines or HALL
    seats = len(SeatPlan(uuid4(), plan_lines).seats)
    session = await world.session(seats=seats, **more)  # type: ignore[arg-type]
    await seat_by_plan(world, session, *plan_lines, best_row=best_row)
    return session


async def seat_by_plan(world: World, session: Session, *lines: PlanLine, best_row: str | None = None) -> None:
    """Number the seats of a session that nobody booked, with as many on sale as the plan has."""
    plan_id = await plan_of(world, session, *lines, best_row=best_row)
    await world.execute(
        "INSERT INTO reservations.seated_session VALUES ($1, $2, $3, $4)",
        session.region_id, session.id, plan_id, world.clock.now(),
    )  # fmt: skip


async def block(world: World, session: Session, *seats: str) -> None:
    for seat in seats:
        await world.execute(
            "INSERT INTO reservations.blocked_seat VALUES ($1, $2, $3, 'Techniek', $4)",
            session.region_id, session.id, seat, world.clock.now(),
        )  # fmt: skip


async def seats_taken(world: World, session: Session) -> list[str]:
    """The seats of live tickets, one for each ticket."""
    rows = await world.rows(
        "SELECT coalesce(seat, '-') AS seat FROM reservations.ticket WHERE session_id = $1"
        " AND status IN ('held', 'confirmed', 'attended', 'no_show') ORDER BY seat",
        session.id,
    )
    return [row["seat"] for row in rows]


def line(session: Session, who: Resident, places: int = 1, **more: object) -> dict[str, object]:
    """The body of a booking of one line, as a client sends it."""
    asked = {"session_id": str(session.id), "tariff": "base", "places": places, **more}
    return {"lines": [asked], "pass_token": who.token}
