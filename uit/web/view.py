"""Pages: the Jinja environment, hashed assets, and the answers that a page handler gives."""

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar.enums import MediaType
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from uit.core import formats as words
from uit.core.clock import Clock, day_in_flanders
from uit.core.errors import Refusal
from uit.core.settings import PROJECT

Page = Template
"""What a page handler answers, for modules that pass one on and need not know the framework."""

TEMPLATES = PROJECT / "templates"
ASSETS = TEMPLATES / "assets"

Said = TypeVar("Said", int, date, datetime)
Moment = TypeVar("Moment", date, datetime)


def spoken(say: Callable[[Said, str], str]) -> Callable[[Context, Said], str]:
    """A filter that speaks the `language` of its place: Dutch, unless a refusal is said in another."""

    @pass_context
    def speak(context: Context, what: Said) -> str:
        return say(what, context.get("language", words.DUTCH))

    return speak


CLOCK: Final[ContextVar[Clock | None]] = ContextVar("clock", default=None)
"""By which it is said whether a day is of this year: macros, which have no context, say days too."""


def today() -> date | None:
    """The day on which something is said; None where nobody set the clock."""
    clock = CLOCK.get()
    return None if clock is None else day_in_flanders(clock.now())


def dated(say: Callable[[Moment, str, date | None], str]) -> Callable[[Context, Moment], str]:
    """A filter that speaks as `spoken`, and tells the year when it is another than this one."""
    return spoken(lambda when, language: say(when, language, today()))


FILTERS: Final = {
    "euro": spoken(words.euro),
    "day": dated(words.day),
    "full_day": spoken(words.full_day),
    "hour": spoken(words.hour),
    "moment": dated(words.moment),
    "duration": spoken(words.duration),
}


@cache
def environment() -> Environment:
    """Every template escapes, knows words for money and time, and fails on a name that is not there."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(FILTERS)
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """The address of an asset, which changes with its content and so may be kept for ever."""
    content = (ASSETS / name).read_bytes()
    return f"/assets/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def render(template: str, **facts: object) -> str:
    """A template as text: for mails and for tests."""
    return environment().get_template(template).render(**facts)


def page(template: str, status: int = 200, **facts: object) -> Template:
    return Template(template_name=template, context=facts, status_code=status, media_type=MediaType.HTML)


def form_again(template: str, refusal: Refusal, **facts: object) -> Template:
    """The same form, with what was filled in, and the refusal above it."""
    again = page(template, status=refusal.status, refusal=refusal, **facts)
    again.headers.update(wait(refusal))
    return again


def wait(refusal: Refusal) -> dict[str, str]:
    """How long to wait before another try, as a header, where the refusal says it."""
    seconds = getattr(refusal, "retry_after_seconds", None)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def see_other(address: str) -> Redirect:
    """After a write: a page that can be loaded again."""
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)


def asset_path(digest: str, name: str) -> Path | None:
    """The file behind an asset's address; None when it is not one of ours, or not this version."""
    path = ASSETS / name
    known = path.is_file() and path.parent == ASSETS and asset(name) == f"/assets/{digest}/{name}"
    return path if known else None
