"""A page that a region and each of its organisers have alike: at whose desk it is asked."""

from typing import Any
from uuid import UUID

from msgspec import Struct

from credits.region_desk import region_facts
from reservations.sessions.organiser_desk import desk_facts, desk_here
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest


class EitherDesk(Struct, frozen=True):
    """The desk of an organiser; with `organiser_id` None that of the region. `facts`: what its pages show."""

    region_id: int
    organiser_id: UUID | None
    home: str
    facts: dict[str, Any]


async def either_desk_here(request: StaffRequest, tx: Executor) -> EitherDesk:
    """The desk that the address of a request names."""
    if "organiser_id" in request.path_params:
        desk = await desk_here(request)
        return EitherDesk(desk.region.id, desk.organiser_id, desk.home, await desk_facts(tx, desk))
    facts = await region_facts(request)
    return EitherDesk(facts["region"].id, None, f"/{facts['region'].slug}", facts)
