"""Pages: the Jinja environment, hashed assets, and the responses of a page handler."""

import hashlib
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final, Protocol, TypeVar, runtime_checkable

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar.enums import MediaType
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from uit.core import formats, seat_format
from uit.core.clock import Clock, day_in_flanders
from uit.core.errors import Refusal
from uit.core.phone import written_phone
from uit.core.settings import PROJECT
from uit.core.translation import LANGUAGE, look_up, look_up_number
from uit.web.refill import (
    MOST_IN_TEXT,
    begin_form,
    end_form,
    form_comes_back,
    form_waits,
    ticked_before,
    typed_before,
)

Page = Template
"""The response of a page handler, for modules that may not import Litestar."""

TEMPLATES = PROJECT / "templates"
ASSETS = TEMPLATES / "assets"

Value = TypeVar("Value", int, str, date, datetime, Sequence[str])
Moment = TypeVar("Moment", date, datetime)


def in_page_language(format_value: Callable[[Value, str | None], str]) -> Callable[[Context, Value], str]:
    """A filter that formats in the `language` of the template context, or else of the page."""

    @pass_context
    def apply_filter(context: Context, what: Value) -> str:
        return format_value(what, context.get("language"))

    return apply_filter


CLOCK: Final[ContextVar[Clock | None]] = ContextVar("clock", default=None)
"""The clock of the request, for filters of dates: macros have no template context to read it from."""


def today() -> date | None:
    """The present day in Flanders; None where CLOCK is not set."""
    clock = CLOCK.get()
    return None if clock is None else day_in_flanders(clock.now())


def in_page_language_with_year(
    format_value: Callable[[Moment, str | None, date | None], str],
) -> Callable[[Context, Moment], str]:
    """A filter as `in_page_language` makes it, which adds the year when it is not the present year."""
    return in_page_language(lambda when, language: format_value(when, language, today()))


class Timed(Protocol):
    """What has a start and an end: a session, an outing, a task about one."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


@runtime_checkable
class Lasting(Protocol):
    """What may have no moment, but a last day on which it is good, as a card of turns; else None."""

    @property
    def good_until(self) -> date | None: ...


def of_period(
    format_period: Callable[[datetime, datetime, str | None, date | None], str],
) -> Callable[[Context, Timed], str]:
    """A filter for what is `Timed`, in the language of the page, with the year when it is not the present."""

    @pass_context
    def apply_filter(context: Context, what: Timed) -> str:
        return format_period(what.starts_at, what.ends_at, context.get("language"), today())

    return apply_filter


def or_good_until(say_period: Callable[[Context, Timed], str]) -> Callable[[Context, Timed], str]:
    """The same filter, which says of what is `Lasting` until when it is good."""

    @pass_context
    def apply_filter(context: Context, what: Timed) -> str:
        until = what.good_until if isinstance(what, Lasting) else None
        return formats.good_until(until, context.get("language")) if until else say_period(context, what)

    return apply_filter


UNPROCESSABLE: Final = HTTP_422_UNPROCESSABLE_ENTITY
"""The status of a form that comes back with what is wrong in its fields."""
FILTERS: Final = {
    "euro": in_page_language(formats.euro),
    "day": in_page_language_with_year(formats.day),
    "full_day": in_page_language(formats.full_day),
    "typed_euro": formats.typed_euro,
    "hour": in_page_language(formats.hour),
    "moment": in_page_language_with_year(formats.moment),
    "month": in_page_language_with_year(formats.month),
    "day_of_month": in_page_language(formats.day_of_month),
    "deadline": in_page_language_with_year(formats.deadline),
    "began": in_page_language_with_year(formats.began),
    "when": or_good_until(of_period(formats.period)),
    "start": or_good_until(of_period(formats.start)),
    "hours": of_period(formats.hours),
    "how_long": of_period(formats.how_long),
    "duration": in_page_language(formats.duration),
    "file_size": formats.file_size,
    "enterprise": formats.enterprise,
    "phone": written_phone,
    "seat": in_page_language(seat_format.seat),
    "seats": in_page_language(seat_format.seats),
}
REFILLING: Final = {
    each.__name__: each
    for each in (begin_form, end_form, form_comes_back, form_waits, ticked_before, typed_before)
}


@cache
def environment() -> Environment:
    """The Jinja environment: with escaping, the filters of FILTERS, and an error for an undefined name."""
    jinja = Environment(
        auto_reload=False,  # a page is made of ten files, and each was looked at on disk for every page
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    jinja.install_gettext_callables(look_up, look_up_number, newstyle=True)  # type: ignore[attr-defined]
    jinja.filters.update(FILTERS)
    jinja.globals.update(asset=asset, language_now=language_now, MOST_IN_TEXT=MOST_IN_TEXT, **REFILLING)
    return jinja


def language_now() -> str:
    """The code of the language in which a page is said."""
    return LANGUAGE.get().code


@cache
def asset(name: str) -> str:
    """The address of an asset. It holds a digest of the content, so browsers may cache it for ever."""
    content = (ASSETS / name).read_bytes()
    return f"/assets/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


def render(template: str, **facts: object) -> str:
    """A template as text: for mails and for tests."""
    return environment().get_template(template).render(**facts)


def page(template: str, status: int = 200, **facts: object) -> Template:
    return Template(template_name=template, context=facts, status_code=status, media_type=MediaType.HTML)


def form_again(template: str, refusal: Refusal, **facts: object) -> Template:
    """The page of a form again, with what was filled in and the refusal above the form."""
    again = page(template, status=refusal.status, refusal=refusal, **facts)
    again.headers.update(retry_after_header(refusal))
    return again


def retry_after_header(refusal: Refusal) -> dict[str, str]:
    """The header Retry-After when the refusal has `retry_after_seconds`, else no header."""
    seconds = getattr(refusal, "retry_after_seconds", None)
    return {} if seconds is None else {"Retry-After": str(seconds)}


def form_status(refusal: Refusal | None, wrong: object = None) -> int:
    """The status of a page with a form: that of its refusal, else of what is `wrong` in its fields."""
    if refusal:
        return refusal.status
    return UNPROCESSABLE if wrong else HTTP_200_OK


def see_other(address: str) -> Redirect:
    """A redirect with status 303, so that the page after a form can be loaded again."""
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)


def asset_path(digest: str, name: str) -> Path | None:
    """The file of an asset; None when there is no such file or the digest is of another version."""
    path = ASSETS / name
    is_current = path.is_file() and path.parent == ASSETS and asset(name) == f"/assets/{digest}/{name}"
    return path if is_current else None
