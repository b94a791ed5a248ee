"""Words for people, which are written in Dutch where they are said and looked up when they are said.

A module says `from uit.core.translation import gettext as _` and calls `_("Kies een gemeente.")` inside a
function, never at its top: the language is that of the request, and a word at the top would be read once.
"""

from contextvars import ContextVar
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from msgspec import Struct

from uit.core.settings import PROJECT

DUTCH: Final = "nl"
DOMAIN: Final = "uit"
CATALOGUES: Final = PROJECT / "locale"


class Language(Struct, frozen=True):
    """A language by its code (ISO 639-1), with what the Dutch words are in it."""

    code: str
    catalogue: NullTranslations


IN_DUTCH: Final = Language(DUTCH, NullTranslations())
LANGUAGE: Final = ContextVar("language", default=IN_DUTCH)
"""The language in which words are said now. Nothing sets it yet, so everything is Dutch."""


def read_language(code: str, folder: Path = CATALOGUES) -> Language:
    """The language of `<folder>/<code>/LC_MESSAGES/uit.mo`. Raises FileNotFoundError when there is none."""
    return Language(code, translation(DOMAIN, folder, [code]))


def gettext(text: str, /, **values: object) -> str:
    """The text in the language of now, with its values: `_("Kies 1 tot %(most)s maanden.", most=60)`.

    As in a template, a percent sign that is meant is written twice.
    """
    return look_up(text) % values


def look_up(text: str) -> str:
    return LANGUAGE.get().catalogue.gettext(text)


def look_up_number(one: str, many: str, number: int) -> str:
    return LANGUAGE.get().catalogue.ngettext(one, many, number)
