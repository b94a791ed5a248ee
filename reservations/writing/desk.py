"""An organiser writes to all who booked one of its sessions: shown first, then sent, then who got it."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from reservations.booking.services import BookingServices
from reservations.booking_list.booking_list import names_of_bookings
from reservations.event_settings.settings import read_settings
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts, desk_here, read_session
from reservations.sessions.sold_as_card import ALSO_CARDS
from reservations.writing.form import MessageForm, labels
from reservations.writing.readers import count_reach
from reservations.writing.written import (
    list_messages,
    may_be_written_to,
    missed_first,
    read_copies,
    send_message,
)
from uit.core.errors import NotFound, RefusalError, TooOften
from uit.core.translation import gettext as _
from uit.identity.authentication import StaffRequest, author_here, staff
from uit.identity.message.kind import WRITTEN
from uit.services.limit import Limit
from uit.web.form import form_id
from uit.web.view import UNPROCESSABLE, form_again, page, see_other

GivenServices = NamedDependency[BookingServices]
WRITER: Final = staff("organiser") | ALSO_CARDS
WRITE: Final = "reservations/writing/write.html"
OK: Final = 200
SEND: Final = "stuur"
PER_SESSION: Final = Limit("messages to who booked a session", 5, 86_400)
PER_ORGANISER: Final = Limit("messages of an organiser", 30, 86_400)


@get("/", opt=WRITER)
async def show_messages(request: StaffRequest, services: GivenServices) -> Template:
    """What was written so far, and an empty form."""
    facts = await writing_facts(services, await desk_here(request))
    return page(WRITE, **facts, form=MessageForm(), reach=None)


@post("/", opt=WRITER, status_code=OK)
async def write(
    request: StaffRequest, services: GivenServices, data: URLEncodedBody[MessageForm]
) -> Template | Redirect:
    """Show a message as its readers get it, and to how many it goes; or send it, once for its id."""
    desk, author = await desk_here(request), await author_here(request)
    facts = await writing_facts(services, desk)
    if not facts["may_write"]:
        raise RefusalError(NotFound())
    if data.errors:
        return page(WRITE, UNPROCESSABLE, **facts | {"errors": data.errors, "form": data, "reach": None})
    message_id = form_id(data.message_id, services.ids)
    if data.stap != SEND:
        async with services.database.transaction() as tx:
            texts = services.texter is not None
            reach = await count_reach(tx, (desk.region.id, desk.session_id), WRITTEN, author.now, texts=texts)
            await author.note(tx, "message.preview", "session", desk.session_id)
        return page(WRITE, **facts | {"message_id": message_id}, form=data, reach=reach)
    is_new = message_id not in {each.id for each in facts["messages"]}
    if is_new and (too_often := await count_sent(services, desk)):
        return form_again(WRITE, too_often, **facts, form=data, reach=None)
    async with services.database.transaction() as tx:
        await send_message(tx, desk, author, message_id, data.words)
    return see_other(f"{desk.address}/berichten/{message_id}?gedaan=ja")


async def count_sent(services: BookingServices, desk: OrganiserDesk) -> TooOften | None:
    return await services.limiter.count(PER_SESSION, str(desk.session_id)) or await services.limiter.count(
        PER_ORGANISER, str(desk.organiser_id)
    )


@get("/{written_id:uuid}", opt=WRITER)
async def show_message(
    request: StaffRequest, written_id: FromPath[UUID], services: GivenServices, gedaan: FromQuery[str] = ""
) -> Template:
    """One message: who got it and who did not, by the name that the organiser asks."""
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        facts = {**await desk_facts(connection, desk), "session": await read_session(connection, desk)}
        messages = await list_messages(connection, *desk.key)
        copies = await read_copies(connection, *desk.key, written_id)
        names = await names_of_bookings(connection, desk)
    message = next((each for each in messages if each.id == written_id), None)
    if message is None:
        raise RefusalError(NotFound())
    missed, waiting, got = missed_first(copies)
    flash = _("Je bericht is onderweg. Ververs deze pagina om te zien wie het kreeg.")
    shown: dict[str, Any] = {
        "message": message,
        "missed": missed,
        "waiting": waiting,
        "got": got,
        "names": names,
    }
    return page(
        "reservations/writing/message.html", **facts, **shown, flash=flash if gedaan and waiting else None
    )


async def writing_facts(services: BookingServices, desk: OrganiserDesk) -> dict[str, Any]:
    """The facts for WRITE; its form sets `form`, `errors` and `reach`."""
    async with services.database.reading() as connection:
        facts, session = await desk_facts(connection, desk), await read_session(connection, desk)
        settings = await read_settings(connection, desk.region.id, desk.session_id)
        messages = await list_messages(connection, *desk.key)
    shown = {
        "session": session,
        "settings": settings,
        "messages": messages,
        "own": f"{desk.address}/berichten",
    }
    may_write = session.expected > 0 and may_be_written_to(session, services.clock.now())
    form: dict[str, Any] = {
        "labels": labels(),
        "errors": {},
        "message_id": services.ids.new(),
        "may_write": may_write,
    }
    return {**facts, **shown, **form}


ROUTES: list[ControllerRouterHandler] = [
    Router(
        f"{ADDRESS}/sessies/{{session_id:uuid}}/berichten",
        route_handlers=[show_messages, write, show_message],
        include_in_schema=False,
    )
]
