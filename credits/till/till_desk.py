"""The desk of the tills of an organiser that an address names, and the facts that its pages share."""

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from credits.errors import NotASeller, NotYourTill, TillCounted
from credits.till.counter.counter import CLERK, towns_of
from credits.till.form import labels
from credits.till.till import TillDone, TillOwner, TillSession, TillWorker, find_session, read_till_owner
from uit.core.errors import NotFound, Refusal, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here, region_here, roles_here, staff
from uit.services.audit import Author
from uit.services.region import Region
from uit.web.form import Errors
from uit.web.view import UNPROCESSABLE, Page, form_again, page

TILL: Final = staff("organiser", "box_office", "clerk", within_town=True)
"""Who works at a till: the organiser's own staff, and clerks where it stands at their counter."""
OWN_STAFF: Final = staff("organiser", "box_office")
LEAD: Final = staff("organiser")
ADDRESS: Final = "/{region:str}/organisaties/{organiser_id:uuid}/kassa"


class TillDesk(Struct, frozen=True):
    """The tills of an organiser, and who is at work there."""

    region: Region
    author: Author
    worker: TillWorker

    def address(self, *parts: object) -> str:
        organiser = ["", self.region.slug, "organisaties", self.worker.organiser_id, "kassa"]
        return "/".join(map(str, [*organiser, *parts]))

    def page(self, template: str, owner: TillOwner, **facts: object) -> Page:
        return page(f"credits/till/{template}.html", refusal=None, **self.facts(owner) | facts)

    def form_again(self, template: str, owner: TillOwner, wrong: Refusal | Errors, **facts: object) -> Page:
        """The page of a form again, with a refusal above it, or with what is wrong per field."""
        path, shared = f"credits/till/{template}.html", self.facts(owner) | facts
        if isinstance(wrong, Refusal):
            return form_again(path, wrong, **shared)
        return page(path, UNPROCESSABLE, refusal=None, **shared | {"errors": wrong})

    def facts(self, owner: TillOwner) -> dict[str, Any]:
        """What every page of a till shows, also the one on which it sells."""
        home = self.address()
        return {
            "region": self.region,
            "owner": owner,
            "leads": self.worker.leads,
            "at_counter": self.worker.at_counter,
            "home": home,
            "organiser_url": home.removesuffix("/kassa"),
        }


async def till_desk_here(request: StaffRequest) -> TillDesk:
    """The desk of a request. Who is there as the organiser leads the others; a clerk is at a counter."""
    author, roles = await author_here(request), await roles_here(request)
    worker = TillWorker(
        author.region_id,
        request.path_params["organiser_id"],
        request.user.staff_id,
        author.now,
        author.ids,
        leads=any(role.role == "organiser" for role in roles),
        at_counter=all(role.role == CLERK for role in roles),
        towns=towns_of(roles),
    )
    return TillDesk(await region_here(request), author, worker)


async def owner_here(tx: Executor, desk: TillDesk) -> TillOwner:
    """The organiser of the desk. Raises NotFound when there is none."""
    owner = await read_till_owner(tx, desk.region.id, desk.worker.organiser_id)
    if owner is None:
        raise RefusalError(NotFound())
    return owner


async def seller_here(tx: Executor, desk: TillDesk) -> TillOwner:
    """The organiser of the desk. Raises NotASeller while nobody sells for it for money."""
    owner = await owner_here(tx, desk)
    if owner.seller_id is None:
        raise RefusalError(NotASeller())
    return owner


async def session_here(tx: Executor, desk: TillDesk, session_id: UUID) -> TillSession:
    """A session of the desk, for whoever may read it. Raises TillUnknown for one of another organiser."""
    session = await find_session(tx, desk.worker, session_id)
    if not isinstance(session, TillSession):
        raise RefusalError(session)
    return session


async def own_session_here(tx: Executor, desk: TillDesk, session_id: UUID) -> TillSession:
    """A session in which this member of staff works, or which they may close.

    Else raises NotYourTill, which leads a browser to the tills.
    """
    session = await session_here(tx, desk, session_id)
    if not desk.worker.leads and session.opened_by != desk.worker.staff_id:
        raise RefusalError(NotYourTill(session.till), redirect_to=other_tills(desk))
    return session


def other_tills(desk: TillDesk) -> str:
    """The page of the tills, to which a till that is a colleague's leads, and which then says so."""
    return f"{desk.address()}?bezet=ja"


def page_of(desk: TillDesk, session: TillSession) -> str:
    """The page at which a session is: open, counted, or closed."""
    if session.closed_at is not None:
        return desk.address(session.id, "verslag")
    return desk.address(session.id, "sluiten") if session.counted_at is not None else desk.address(session.id)


async def owner_and_session_here(
    tx: Executor, desk: TillDesk, session_id: UUID
) -> tuple[TillOwner, TillSession]:
    """The organiser of the desk, and a session in which they work or which they may close."""
    return await owner_here(tx, desk), await own_session_here(tx, desk, session_id)


async def owner_and_open_session_here(
    tx: Executor, desk: TillDesk, session_id: UUID
) -> tuple[TillOwner, TillSession]:
    """The same for a page of a session that is open. Leads a browser on to where a counted one is."""
    owner, session = await owner_and_session_here(tx, desk, session_id)
    if session.counted_at is not None:
        raise RefusalError(TillCounted(session.till), redirect_to=page_of(desk, session))
    return owner, session


def session_facts(desk: TillDesk, session: TillSession) -> dict[str, Any]:
    own = session.opened_by == desk.worker.staff_id
    shared = {"labels": labels(), "errors": {}}
    return {"session": session, "own": own, "address": desk.address(session.id), **shared}


async def note(tx: Executor, desk: TillDesk, act: str, done: TillDone, **facts: int | str) -> None:
    """Write an act in a session to the audit trail, unless the same form did it before."""
    if done.new:
        await desk.author.note(tx, act, "till_session", done.session.id, **facts)
