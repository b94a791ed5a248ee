"""The member who is signed in and looks at their own pages of a region."""

from uuid import UUID

from msgspec import Struct

from uit.core.errors import RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import ResidentRequest, region_here
from uit.identity.errors import NotSignedIn
from uit.passes.counter import Counter
from uit.passes.membership.membership import Membership, membership_of
from uit.services.region import Region
from uit.web.connection import services_of
from uit.web.view import Page, page

HOME = "mijn-gegevens"


class OwnPage(Struct, frozen=True):
    """Who looks, where. `author`: of what they change themselves."""

    region: Region
    author: Counter
    person_id: UUID
    in_basket: int

    def address(self, *parts: object) -> str:
        return "/".join(["", self.region.slug, HOME, *map(str, parts)])

    def page(self, template: str, status: int = 200, **facts: object) -> Page:
        """A page of theirs, with the way to their other pages."""
        who = {"signed_in": True, "in_basket": self.in_basket, "own": self.address()}
        return page(template, status, region=self.region, **who, **facts)


async def own_page_here(request: ResidentRequest) -> OwnPage:
    region, person_id, services = await region_here(request), request.user.person_id, services_of(request)
    author = Counter(region.id, "person", str(person_id), services.clock.now(), services.ids)
    return OwnPage(region, author, person_id, services.in_basket(request.cookies, region.id, person_id))


async def open_own(tx: Executor, own: OwnPage) -> Membership:
    """Their membership of this region. Who has none is led to the page that says how to get a pass."""
    membership = await membership_of(tx, own.region.id, own.person_id)
    if membership is None:
        raise no_pass(own)
    return membership


def no_pass(own: OwnPage) -> RefusalError:
    """Where somebody without a pass of this region is sent."""
    return RefusalError(NotSignedIn(own.address()), redirect_to=f"/{own.region.slug}/mijn-pas")
