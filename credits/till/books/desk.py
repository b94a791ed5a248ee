"""What the tills of an organiser leave: receipts, the report of a session or a day, and past sessions."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from credits.till.books.given_back import GivenBack, read_given_back, refunds_of_receipt
from credits.till.books.receipt import Receipt, note_print, read_receipt, receipts_of_session
from credits.till.books.report import read_movements, read_report
from credits.till.till import closed_sessions, sessions_of_day
from credits.till.till_desk import (
    ADDRESS,
    OWN_STAFF,
    TILL,
    TillDesk,
    owner_here,
    session_here,
    till_desk_here,
)
from uit.core.errors import NotFound, RefusalError
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest
from uit.services.services import Services
from uit.web.form import read_day
from uit.web.view import see_other

NOW_TOO: Final = timedelta(seconds=1)

GivenServices = NamedDependency[Services]


class PrintForm(Struct, frozen=True):
    """`no`: how many times it is printed with this, as its page said, so that one press counts once."""

    no: int


def notice_after(act: str) -> str | None:
    return {
        "gesloten": _("De kassa is gesloten."),
        "terugbetaald": _("Het geld is teruggegeven. Druk het bewijs af voor de klant."),
    }.get(act)


@get("/{till_session_id:uuid}/verslag", opt=TILL)
async def show_report(
    request: StaffRequest,
    till_session_id: FromPath[UUID],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
) -> Template | Redirect:
    """The report of a session that is closed: until then, nobody at the desk sees what should be there."""
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, session = (
            await owner_here(connection, desk),
            await session_here(connection, desk, till_session_id),
        )
        if session.closed_at is None:
            return see_other(desk.address(session.id))
        report = await read_report(connection, desk.region.id, [session])
        movements = await read_movements(connection, desk.region.id, session.id)
        receipts = await receipts_of_session(connection, desk.region.id, desk.worker.organiser_id, session.id)
    facts: dict[str, Any] = {
        "report": report,
        "receipts": receipts,
        "session": session,
        "movements": movements,
        "flash": notice_after(gedaan),
    }
    return desk.page("books/report", owner, **facts)


@get("/dag", opt=OWN_STAFF)
async def show_day(request: StaffRequest, services: GivenServices, dag: FromQuery[str] = "") -> Template:
    """All sessions that were opened on a day together; those that are still open are named and not in it."""
    desk = await till_desk_here(request)
    day = read_day(dag) or desk.author.today
    async with services.database.reading() as connection:
        owner = await owner_here(connection, desk)
        sessions = await sessions_of_day(connection, desk.region.id, desk.worker.organiser_id, day)
        closed = [each for each in sessions if each.closed_at is not None]
        report = await read_report(connection, desk.region.id, closed)
    still_open = [each for each in sessions if each.closed_at is None]
    return desk.page("books/day", owner, day=day, report=report, still_open=still_open)


@get("/gesloten", opt=OWN_STAFF)
async def show_closed(request: StaffRequest, services: GivenServices, voor: FromQuery[str] = "") -> Template:
    desk = await till_desk_here(request)
    before = read_moment(voor) or desk.author.now + NOW_TOO
    async with services.database.reading() as connection:
        owner = await owner_here(connection, desk)
        sessions, more = await closed_sessions(connection, desk.region.id, desk.worker.organiser_id, before)
    next_page = f"{desk.address('gesloten')}?voor={moment_text(more)}" if more else None
    first = desk.address("gesloten") if voor else None
    return desk.page("books/closed", owner, sessions=sessions, previous=first, next_page=next_page)


def moment_text(at: datetime) -> str:
    """A moment as it stands in an address."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat()


def read_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


# Receipts


@get("/bonnen/{receipt_id:uuid}", opt=TILL)
async def show_receipt(
    request: StaffRequest, receipt_id: FromPath[UUID], services: GivenServices, afdruk: FromQuery[int] = 0
) -> Template:
    """A receipt on the screen. On paper it comes only right after the press that counted the print."""
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, receipt = await owner_here(connection, desk), await receipt_here(connection, desk, receipt_id)
        refunds = await refunds_of_receipt(connection, desk.region.id, receipt_id)
    printing = afdruk > 0 and afdruk == receipt.head.prints
    return desk.page("books/receipt", owner, receipt=receipt, printing=printing, refunds=refunds)


@post("/bonnen/{receipt_id:uuid}/afdrukken", opt=TILL)
async def print_receipt(
    request: StaffRequest,
    receipt_id: FromPath[UUID],
    data: URLEncodedBody[PrintForm],
    services: GivenServices,
) -> Redirect:
    """Count a print, and show it. A number that is not the next one was counted before."""
    desk = await till_desk_here(request)
    async with services.database.transaction() as tx:
        receipt = await receipt_here(tx, desk, receipt_id)
        is_next = data.no == receipt.head.prints + 1
        if is_next and await note_print(tx, desk.worker, receipt_id, data.no):
            await desk.author.note(tx, "receipt.print", "receipt", receipt_id, no=data.no)
    return see_other(f"{desk.address('bonnen', receipt_id)}?afdruk={data.no}")


async def receipt_here(tx: Executor, desk: TillDesk, receipt_id: UUID) -> Receipt:
    """A receipt of a till at which they may work. Raises NotFound, also for one of another organiser."""
    receipt = await read_receipt(tx, desk.region.id, desk.worker.organiser_id, receipt_id)
    if receipt is None:
        raise RefusalError(NotFound())
    await session_here(tx, desk, receipt.head.till_session_id)
    return receipt


# Money that was given back


@get("/teruggaven/{movement_id:uuid}", opt=TILL)
async def show_given_back(
    request: StaffRequest,
    movement_id: FromPath[UUID],
    services: GivenServices,
    gedaan: FromQuery[str] = "",
    afdruk: FromQuery[str] = "",
) -> Template:
    """What was given back in cash, to print for its customer. Nothing is had with it, so no print counts."""
    desk = await till_desk_here(request)
    async with services.database.reading() as connection:
        owner, given = await owner_here(connection, desk), await given_here(connection, desk, movement_id)
    facts = {"given": given, "printing": bool(afdruk), "flash": notice_after(gedaan)}
    return desk.page("books/given_back", owner, **facts)


async def given_here(tx: Executor, desk: TillDesk, movement_id: UUID) -> GivenBack:
    """A refund from a till at which they may work. Raises NotFound, also for one of another organiser."""
    given = await read_given_back(tx, desk.region.id, desk.worker.organiser_id, movement_id)
    if given is None:
        raise RefusalError(NotFound())
    await session_here(tx, desk, given.till_session_id)
    return given


ROUTES: list[ControllerRouterHandler] = [
    Router(
        ADDRESS,
        route_handlers=[show_report, show_day, show_closed, show_receipt, print_receipt, show_given_back],
        include_in_schema=False,
    )
]
