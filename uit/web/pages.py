"""Assets, the page that explains the code of a problem, and the mails of the example."""

import asyncio
import re
from email.message import EmailMessage

from litestar import get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery
from litestar.response import File, Redirect, Template
from litestar.types import ControllerRouterHandler

from uit.core.errors import CATALOGUE, NotFound, RefusalError
from uit.services.services import Services
from uit.web.access import ANYBODY
from uit.web.caught_mail import caught, caught_texts
from uit.web.cookie import build_cookie
from uit.web.local_path import is_local
from uit.web.problem import titles_of
from uit.web.public import public_page
from uit.web.reading_language import READING, READING_COOKIE
from uit.web.view import ASSETS, asset_path, page, see_other

SECONDS_IN_YEAR = 365 * 24 * 60 * 60
LINK = re.compile(r"(https?://\S+)")
ROBOTS = (ASSETS / "robots").read_text()
FOR_EVER = "public, max-age=31536000, immutable"


@get("/assets/{version:str}/{name:str}", opt=ANYBODY, include_in_schema=False)
async def serve_asset(version: FromPath[str], name: FromPath[str]) -> File:
    path = asset_path(version, name)
    if path is None:
        raise RefusalError(NotFound())
    return File(path, filename=name, content_disposition_type="inline", headers={"Cache-Control": FOR_EVER})


@public_page("/robots.txt", include_in_schema=False, media_type=MediaType.TEXT)
async def robots() -> str:
    """What a program that copies pages may leave out: what leads to a booking, and what is somebody's own."""
    return ROBOTS


@public_page("/problems", include_in_schema=False)
async def list_problems() -> Template:
    """Every code with which this installation refuses, for who writes a program against it."""
    codes = [(code, CATALOGUE[code].status, titles_of(code)) for code in sorted(CATALOGUE)]
    return page("problems.html", codes=codes)


@public_page("/problems/{code:str}", include_in_schema=False)
async def explain(code: FromPath[str]) -> Template:
    """Where the `type` of a problem document leads: what the code means, in every language."""
    if code not in CATALOGUE:
        raise RefusalError(NotFound())
    return page("problem.html", code=code, titles=titles_of(code))


@get("/taal/{code:str}", opt=ANYBODY, include_in_schema=False)
async def read_in(
    code: FromPath[str], services: NamedDependency[Services], terug: FromQuery[str] = "/"
) -> Redirect:
    """Read from now on in a language what organisers wrote in it; the pages themselves stay Dutch."""
    if code not in READING:
        raise RefusalError(NotFound())
    answer = see_other(terug if is_local(terug) else "/")
    answer.set_cookie(build_cookie(READING_COOKIE, code, SECONDS_IN_YEAR, services.settings))
    return answer


@get("/voorbeeld/post", opt=ANYBODY, include_in_schema=False)
async def example_mails(services: NamedDependency[Services]) -> Template:
    """The mails and text messages that the example caught; there is no such page outside of it."""
    if not services.settings.is_example:
        raise RefusalError(NotFound())
    mails = await asyncio.to_thread(caught, services.settings.folder / "mail")
    texts = await asyncio.to_thread(caught_texts, services.settings.folder / "texts")
    return page("example_mails.html", mails=[(mail, text_of(mail)) for _, mail in mails], texts=texts)


def text_of(mail: EmailMessage) -> list[str]:
    """The plain text of a mail, cut into words that are links and words that are not."""
    body = mail.get_body(("plain",))
    return LINK.split(body.get_content()) if body else []


ROUTES: list[ControllerRouterHandler] = [serve_asset, robots, list_problems, explain, read_in, example_mails]
