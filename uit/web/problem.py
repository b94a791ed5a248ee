"""A refusal in words: for a machine as RFC 9457, for a person as a page.

The words stand in `templates/refusals/`. A file holds, for each language, the blocks `nl_title` (always the
same), `nl` (what is the matter, with the facts) and `nl_next` (what to do now). Amounts and times in them
are said the way of their language.
"""

import re
from datetime import date
from functools import lru_cache
from html import unescape

import msgspec
from litestar.enums import MediaType
from litestar.response import Response
from litestar.status_codes import HTTP_401_UNAUTHORIZED
from msgspec import Struct

from uit.core.errors import Refusal
from uit.core.formats import LANGUAGE_FORMATS
from uit.web.response import EncodedResponse
from uit.web.view import environment, today, wait

LANGUAGES = tuple(LANGUAGE_FORMATS)
SPACES = re.compile(r"[ \t\r\n]+")
PROBLEM_JSON = "application/problem+json"
# The language of a tag, and its weight.
WISH = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE)


class Words(Struct, frozen=True):
    title: str
    detail: str
    next: str


def words_of(refusal: Refusal, language: str) -> Words:
    """Title, what is the matter, and the next step, in one of LANGUAGES, as plain text."""
    return words_on(refusal, language, today())


@lru_cache(maxsize=4096)
def words_on(refusal: Refusal, language: str, _today: date | None) -> Words:
    """Remembered for a day, since on another the same facts may need a year."""
    template = environment().get_template(f"refusals/{refusal.code}.html")
    facts = msgspec.structs.asdict(refusal)
    context = template.new_context({**facts, "refusal": refusal, "language": language})
    blocks = (f"{language}_title", language, f"{language}_next")
    return Words(*(tidy(unescape("".join(template.blocks[name](context)))) for name in blocks))


def tidy(text: str) -> str:
    """One line, whose no-break spaces stay: they keep an amount together."""
    return SPACES.sub(" ", text).strip(" ")


def titles_of(code: str) -> dict[str, str]:
    """The title of a code in every language: the part of its words that needs no facts."""
    template = environment().get_template(f"refusals/{code}.html")
    context = template.new_context()
    return {language: "".join(template.blocks[f"{language}_title"](context)) for language in LANGUAGES}


environment().globals["words_of"] = words_of


def asked_language(header: str | None) -> str:
    """The first language of an Accept-Language header that we have, else Dutch (RFC 9110, 12.5.4)."""
    if not header:
        return "nl"
    read = [WISH.fullmatch(part) for part in header.split(",")[:20]]
    wishes = [(-float(wish[2] or 1), order, wish[1].lower()) for order, wish in enumerate(read) if wish]
    return next((tag for weight, _, tag in sorted(wishes) if weight < 0 and tag in LANGUAGES), "nl")


def problem(refusal: Refusal, language: str, base: str) -> EncodedResponse:
    """RFC 9457, with our `code`, the `next` step, and the facts of the refusal as members."""
    headers = {"Content-Language": language, **wait(refusal), **challenge(refusal)}
    return EncodedResponse(
        problem_document(refusal, language, base, today()), refusal.status, PROBLEM_JSON, headers
    )


@lru_cache(maxsize=4096)
def problem_document(refusal: Refusal, language: str, base: str, _today: date | None) -> bytes:
    """Remembered, since "sold out" is said to thousands in the same words."""
    words = words_of(refusal, language)
    return msgspec.json.encode(
        {
            "type": f"{base}/problems/{refusal.code}",
            "title": words.title,
            "status": refusal.status,
            "detail": words.detail,
            "code": refusal.code,
            "next": words.next,
            **msgspec.structs.asdict(refusal),
        }
    )


def challenge(refusal: Refusal) -> dict[str, str]:
    """How to prove who one is, which every 401 says (RFC 9110, 11.6.1)."""
    return {"WWW-Authenticate": "Bearer"} if refusal.status == HTTP_401_UNAUTHORIZED else {}


def refusal_page(refusal: Refusal) -> Response[str]:
    """A page that says what is the matter and what to do: for a refusal that no form can show."""
    content = (
        environment().get_template("refusal.html").render(refusal=refusal, words=words_of(refusal, "nl"))
    )
    return Response(content, status_code=refusal.status, media_type=MediaType.HTML, headers=wait(refusal))
