"""Cookies, for modules that may not import Litestar."""

from litestar import datastructures

Cookie = datastructures.Cookie
CSRF_COOKIE = "uit_csrf"
"""What every form of a browser is tied to: a secret of that browser."""


def make_cookie(name: str, value: str, seconds: int, path: str, *, secure: bool) -> Cookie:
    """A cookie that no script reads and no other site sends. 0 seconds remove it."""
    return Cookie(
        key=name,
        value=value,
        path=path,
        max_age=seconds,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
