"""Who looks at which region, and the addresses and pages of that region for them."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from reservations.booking.member import Member, read_member
from reservations.booking.services import BookingServices
from reservations.booking.tickets import Outing, outings_of
from reservations.cursor import Cursor
from uit.identity.authentication import AnyRequest, recognise, region_here
from uit.identity.visitor import Resident, Staff
from uit.services.region import Region
from uit.web.view import Page, page


class Visit(Struct, frozen=True):
    """Who looks at which region. `member` is None for strangers, and for residents without a pass of it."""

    region: Region
    person_id: UUID | None
    member: Member | None
    is_staff: bool = False

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        who = {"signed_in": self.person_id is not None, "is_staff": self.is_staff}
        return page(f"reservations/{template}.html", status, region=self.region, **who, **facts)

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, *map(str, parts)])


async def read_visit(request: AnyRequest, services: BookingServices) -> Visit:
    """Who looks at a page of which region."""
    region, visitor = await region_here(request), await recognise(request)
    if not isinstance(visitor, Resident):
        return Visit(region, None, None, is_staff=isinstance(visitor, Staff))
    async with services.database.reading() as connection:
        return Visit(region, visitor.person_id, await read_member(connection, region.id, visitor.person_id))


def next_page(address: str, typed: Mapping[str, str], more: Cursor | None) -> str | None:
    return with_fields(address, {**typed, "na": more.as_text()}) if more else None


def with_fields(address: str, typed: Mapping[str, str]) -> str:
    kept = {name: text for name, text in typed.items() if text}
    return f"{address}?{urlencode(kept)}"


async def own_outings(services: BookingServices, here: Visit, booking_id: UUID) -> list[Outing]:
    """The outings of a booking of the visitor in this region; none when it is not theirs or not here."""
    if here.person_id is None:
        return []
    async with services.database.reading() as connection:
        return await outings_of(connection, here.region.id, here.person_id, booking_id)
