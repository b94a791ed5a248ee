"""Cookies, for modules that may not import Litestar."""

from typing import Final

from litestar import datastructures

from uit.core.settings import Settings

Cookie = datastructures.Cookie
SESSION_COOKIE: Final = "uit_session"
BROWSER_COOKIE: Final = "uit_csrf"
"""A secret of a browser in which nobody signed in: what its forms are bound to."""
DEVICE_COOKIE: Final = "uit_device"
"""What a browser is known by in which somebody signed in before."""


def make_cookie(name: str, value: str, seconds: int | None, path: str, *, secure: bool) -> Cookie:
    """A cookie that no script reads and no other site sends.

    0 seconds remove it; None keeps it for as long as the browser is open.
    """
    return Cookie(
        key=name,
        value=value,
        path=path,
        max_age=seconds,
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def build_cookie(name: str, value: str, seconds: int | None, settings: Settings) -> Cookie:
    """A cookie for all pages of the installation, under its `cookie_name`."""
    return make_cookie(cookie_name(name, settings), value, seconds, "/", secure=settings.secure)


def cookie_name(name: str, settings: Settings) -> str:
    """The name of a cookie. Over TLS it has the prefix `__Host-`, so that other hosts cannot set it."""
    return f"__Host-{name}" if settings.secure else name
