"""What an organiser asks for a price, in a test; and who lives together."""

from datetime import date
from uuid import UUID, uuid4

from tests.builders import Resident, Session, World

YESTERDAY_AND_BEFORE = date(2020, 1, 1)


async def ask(world: World, session: Session, code: str, **asked: object) -> None:
    """One condition of a price; `asked` are columns, such as `most_per_person`."""
    row = {"decided_at": world.clock.now(), "decided_by": uuid4(), **asked}
    await world.execute(
        f"INSERT INTO reservations.tariff_condition (region_id, event_id, code, {', '.join(row)})"
        f" VALUES ($1, $2, $3, {', '.join(f'${n}' for n in range(4, 4 + len(row)))})",
        session.region_id, session.event_id, code, *row.values(),
    )  # fmt: skip


async def live_together(world: World, *people: Resident) -> UUID:
    household_id = uuid4()
    for each in people:
        await world.execute(
            "INSERT INTO passes.household_member (region_id, household_id, membership_id, starts_on)"
            " VALUES ($1, $2, $3, $4)",
            each.region_id, household_id, each.membership_id, YESTERDAY_AND_BEFORE,
        )  # fmt: skip
    return household_id
