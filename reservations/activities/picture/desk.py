"""The picture of an activity at the desk of its organiser: sent, described, and taken away."""

from typing import Any, Final
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template
from litestar.types import ControllerRouterHandler

from organisers.activity import lock_activity
from organisers.event_picture import Picture, find_own, remove_picture, set_picture, set_words
from reservations.activities.about.form import OTHER_LANGUAGES, language_names
from reservations.activities.activity import read_activity
from reservations.activities.activity_desk import ACTIVITIES, OWN, activity_facts, home_of
from reservations.activities.picture.form import PictureForm, labels
from reservations.activities.picture.image import MOST_BYTES
from reservations.booking.services import BookingServices
from reservations.sessions.organiser_desk import OrganiserDesk, desk_here
from uit.core.errors import NotFound, RefusalError
from uit.database.statements import Executor
from uit.identity.authentication import StaffRequest, author_here
from uit.services.audit import Author
from uit.web.form import Errors
from uit.web.sent_body import WITH_FILE
from uit.web.view import UNPROCESSABLE, page, see_other

SENDING: Final = {**OWN, **WITH_FILE}
OWN_COPY: Final = "private, max-age=3600"
GivenServices = NamedDependency[BookingServices]


@get("/{event_id:uuid}/foto", opt=OWN)
async def show_picture(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Template:
    return await picture_page(services, await desk_here(request), event_id)


@get("/{event_id:uuid}/foto/{version:str}", opt=OWN)
async def own_picture(
    request: StaffRequest, event_id: FromPath[UUID], version: FromPath[str], services: GivenServices
) -> Response[bytes]:
    desk = await desk_here(request)
    async with services.database.reading() as connection:
        found = await find_own(connection, *desk.organiser_key, event_id, version)
    if found is None:
        raise RefusalError(NotFound())
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": OWN_COPY})


@post("/{event_id:uuid}/foto", opt=SENDING)
async def save_picture(
    request: StaffRequest, event_id: FromPath[UUID], services: GivenServices
) -> Template | Redirect:
    """Keep the picture that was sent, or other words for the one that is there."""
    desk, author, typed = await desk_here(request), await author_here(request), await sent_picture(request)
    async with services.database.transaction() as tx:
        await lock_here(tx, desk, event_id)
        activity = await read_activity(tx, *desk.organiser_key, event_id)
        picture = typed.read(has_picture=bool(activity.picture))
        if not isinstance(picture, dict):
            await keep_picture(tx, author, event_id, typed, picture)
    if isinstance(picture, dict):
        return await picture_page(services, desk, event_id, typed, picture)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


@post("/{event_id:uuid}/foto/weg", opt=OWN)
async def take_away(request: StaffRequest, event_id: FromPath[UUID], services: GivenServices) -> Redirect:
    desk, author = await desk_here(request), await author_here(request)
    async with services.database.transaction() as tx:
        await lock_here(tx, desk, event_id)
        await remove_picture(tx, author, event_id)
    return see_other(f"{home_of(desk)}/{event_id}?gedaan=bewaard")


async def lock_here(tx: Executor, desk: OrganiserDesk, event_id: UUID) -> None:
    """Raises NotFound for an activity of another organiser. One from a source has a picture here too."""
    if await lock_activity(tx, *desk.organiser_key, event_id) is None:
        raise RefusalError(NotFound())


async def sent_picture(request: StaffRequest) -> PictureForm:
    sent: dict[str, Any] = dict(await request.form())
    file = sent.get("picture")
    content = await file.read() if isinstance(file, UploadFile) else b""
    alts = {code: str(sent.get(f"alt_{code}", "")) for code in OTHER_LANGUAGES}
    return PictureForm(str(sent.get("alt", "")), str(sent.get("credit", "")), content, alts)


async def keep_picture(
    tx: Executor, author: Author, event_id: UUID, typed: PictureForm, picture: Picture | None
) -> None:
    if picture is None:
        await set_words(tx, author, event_id, typed.caption)
    else:
        await set_picture(tx, author, event_id, picture)


async def picture_page(
    services: BookingServices,
    desk: OrganiserDesk,
    event_id: UUID,
    typed: PictureForm | None = None,
    errors: Errors | None = None,
) -> Template:
    async with services.database.reading() as connection:
        facts = await activity_facts(connection, desk, event_id)
    activity = facts["activity"]
    return page(
        "reservations/activities/picture/picture.html",
        UNPROCESSABLE if errors else 200,
        **facts,
        typed=typed or PictureForm(activity.alt, activity.credit, alts=activity.alt_words),
        errors=errors or {},
        labels=labels(),
        languages=language_names(),
        most_bytes=MOST_BYTES,
    )


DESK: Final = (show_picture, own_picture, save_picture, take_away)

ROUTES: list[ControllerRouterHandler] = [Router(ACTIVITIES, route_handlers=DESK, include_in_schema=False)]
