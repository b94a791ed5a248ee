"""Somebody who acts for another, where a test needs it to be so."""

from datetime import date
from uuid import UUID, uuid4

from tests.builders import Resident, World
from uit.identity.person.representation import Kind, Power

TODAY = date(2026, 3, 2)


async def entrust(
    world: World,
    who: Resident,
    whom: Resident,
    *,
    kind: Kind = "trusted",
    powers: tuple[Power, ...] = ("see", "book"),
    ends_on: date | None = date(2027, 3, 2),
    limit_cents: int | None = None,
) -> UUID:
    """Somebody gives another powers, which are accepted, and checked where a court gave them."""
    made, now = uuid4(), world.clock.now()
    await world.execute(
        "INSERT INTO identity.representation (id, kind, person_id, representative_id, powers, limit_cents,"
        " proof, starts_on, ends_on, created_at, accepted_at, checked_on) VALUES"
        " ($1, $2::identity.representation_kind, $3, $4, $5, $6, 'formulier 12', $7, $8, $9, $9, $7)",
        made, kind, who.person_id, whom.person_id, list(powers), limit_cents, TODAY, ends_on, now,
    )  # fmt: skip
    return made


async def a_child(
    world: World,
    *parents: Resident,
    credit_cents: int = 0,
    born_on: date = date(2017, 6, 1),
    name: str = "Lotte",
) -> Resident:
    """A child of these parents, without an e-mail address."""
    child = await world.resident(credit_cents, born_on=born_on)
    await world.execute(
        "UPDATE identity.person SET given_name = $2, email = NULL WHERE id = $1", child.person_id, name
    )
    for parent in parents:
        await entrust(world, child, parent, kind="parental", powers=("see", "book", "pay"), ends_on=None)
    return child
