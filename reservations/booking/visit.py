"""Who looks at which region, and the addresses and pages of that region for them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from msgspec import Struct

from reservations.booking.acting import HelpedMember, helped_members, viewer_of
from reservations.booking.contact import guest_path
from reservations.booking.member import Member, language_of, read_member
from reservations.booking.services import BookingServices
from reservations.booking.viewer import Viewer
from reservations.cursor import Cursor
from reservations.kept_basket import KeptBasket, basket_name, open_kept_basket
from uit.core.clock import day_in_flanders
from uit.core.translation import DUTCH
from uit.database.statements import Executor
from uit.identity.authentication import AnyRequest, recognise, region_here
from uit.identity.visitor import Resident, Staff
from uit.services.region import Region
from uit.web.cookie import cookie_name
from uit.web.reading_language import reading_language
from uit.web.view import Page, page


class Visit(Struct, frozen=True):
    """Who looks at which region. `member` is None for strangers, and for residents without a pass of it.

    `basket`: what they chose there and did not book yet. `by_link`: a link knows them, nobody signed in.
    `language`: in which they read what organisers write.
    """

    region: Region
    person_id: UUID | None
    member: Member | None
    is_staff: bool = False
    basket: KeptBasket | None = None
    by_link: bool = False
    language: str = DUTCH

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        who = {
            "signed_in": self.person_id is not None and not self.by_link,
            "is_staff": self.is_staff,
            "in_basket": len(self.basket.lines) if self.basket else 0,
        }
        return page(f"reservations/{template}.html", status, region=self.region, **who, **facts)

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, *map(str, parts)])


@asynccontextmanager
async def open_visit(
    request: AnyRequest,
    services: BookingServices,
    reading: AbstractAsyncContextManager[Executor] | None = None,
) -> AsyncIterator[tuple[Visit, Executor]]:
    """Who looks at a page of which region, and the one connection that the page reads with."""
    region, visitor = await region_here(request), await recognise(request)
    async with reading or services.database.reading() as connection:
        if not isinstance(visitor, Resident):
            basket = basket_of(request, services, region, None)
            is_staff, language = isinstance(visitor, Staff), reading_language(request, services.settings)
            here = Visit(region, None, None, is_staff=is_staff, basket=basket, language=language)
        else:
            member = await read_member(connection, region.id, visitor.person_id)
            basket = basket_of(request, services, region, visitor.person_id)
            own = member.language if member else await language_of(connection, visitor.person_id)
            language = reading_language(request, services.settings, own or DUTCH)
            here = Visit(region, visitor.person_id, member, basket=basket, language=language)
        yield here, connection


async def read_visit(request: AnyRequest, services: BookingServices) -> Visit:
    """Who looks, where nothing else is read with the same connection."""
    async with open_visit(request, services) as (here, _):
        return here


def basket_of(
    request: AnyRequest, services: BookingServices, region: Region, person_id: UUID | None
) -> KeptBasket | None:
    """What the browser keeps of this region for this person, or for a stranger; None if nothing."""
    kept = request.cookies.get(cookie_name(basket_name(region.id), services.settings))
    return open_kept_basket(services.secrets.signing, kept, region.id, person_id) if kept else None


def own_address(services: BookingServices, here: Visit, booking_id: UUID) -> str:
    """Where whoever books finds the booking: a guest by a link of its own."""
    if here.member:
        return here.address("boekingen", booking_id)
    return here.address(guest_path(services.secrets.signing, here.region.id, booking_id))


async def viewer_here(tx: Executor, here: Visit, now: datetime) -> Viewer:
    """Who looks at their own bookings, with those for whom they may book."""
    assert here.person_id
    own_id = here.member.id if here.member else None
    return await viewer_of(tx, here.region, here.person_id, own_id, day_in_flanders(now))


async def read_others(tx: Executor, here: Visit, now: datetime) -> list[HelpedMember]:
    """All for whom who looks may book in this region."""
    if here.person_id is None:
        return []
    region, day = here.region, day_in_flanders(now)
    found = await helped_members(tx, region.id, here.person_id, day, region.own_outings_from)
    return [each for each in found if each.powers.book]


def next_page(address: str, typed: Mapping[str, str], more: Cursor | None) -> str | None:
    return with_fields(address, {**typed, "na": more.as_text()}) if more else None


def with_fields(address: str, typed: Mapping[str, str]) -> str:
    """An address with these fields, beside those it has or in their place; what is empty is left out."""
    path, _, before = address.partition("?")
    kept = {name: text for name, text in (dict(parse_qsl(before)) | dict(typed)).items() if text}
    return f"{path}?{urlencode(kept)}" if kept else path
