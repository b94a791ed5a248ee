"""What is sold out says where one can wait for it."""

from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from reservations.booking.services import BookingServices
from reservations.errors import SoldOut
from reservations.seats.errors import NoSeats, SeatsApart
from reservations.waiting_line.length import WaitingHere

T = TypeVar("T")


async def with_where_to_wait(services: BookingServices, region_id: int, answer: T) -> T:
    """An answer; where it says that places or seats are gone, with the line of the activity."""
    if not isinstance(answer, SoldOut | NoSeats | SeatsApart):
        return answer
    here = await line_of(services, region_id, answer.session_id)
    return replace(answer, waiting=here) if here else answer


async def line_of(services: BookingServices, region_id: int, session_id: UUID) -> WaitingHere | None:
    """The page on which one waits for a date; None while nobody can tell."""
    before = await services.line_lengths.of(region_id, session_id)
    region = await services.regions.by_id(region_id) if before is not None else None
    if region is None or before is None:
        return None
    return WaitingHere(f"{services.settings.address}/{region.slug}/sessies/{session_id}/wachtlijst", before)
