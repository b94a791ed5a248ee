"""What every visitor may see: assets, and the page that explains a problem's code."""

from litestar import get
from litestar.params import FromPath
from litestar.response import File, Template
from litestar.types import ControllerRouterHandler

from uit.ground.errors import CATALOGUE, NotFound, Refused
from uit.ground.web.problem import titles_of
from uit.ground.web.view import asset_path, page
from uit.ground.web.who import ANYBODY

FOR_EVER = "public, max-age=31536000, immutable"


@get("/assets/{version:str}/{name:str}", opt=ANYBODY, include_in_schema=False)
async def serve_asset(version: FromPath[str], name: FromPath[str]) -> File:
    path = asset_path(version, name)
    if path is None:
        raise Refused(NotFound())
    return File(path, content_disposition_type="inline", headers={"Cache-Control": FOR_EVER})


@get("/problems/{code:str}", opt=ANYBODY, include_in_schema=False)
async def explain(code: FromPath[str]) -> Template:
    """Where the `type` of a problem document leads: what the code means, in every language."""
    if code not in CATALOGUE:
        raise Refused(NotFound())
    return page("problem.html", code=code, titles=titles_of(code))


ROUTES: list[ControllerRouterHandler] = [serve_asset, explain]
