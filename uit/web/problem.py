"""Refusals as responses: a problem document (RFC 9457) for machines, a page for people.

The texts are in `templates/refusals/`. A file has three blocks for each language: `nl_title` (the same for
every refusal with the code), `nl` (what is wrong, with the facts) and `nl_next` (what to do now). Amounts and
times are in the format of the language.
"""

import re
from datetime import date
from functools import lru_cache
from html import unescape

import msgspec
from litestar.enums import MediaType
from litestar.response import Response
from litestar.status_codes import HTTP_401_UNAUTHORIZED
from msgspec import UNSET, Struct

from uit.core.errors import Refusal
from uit.core.formats import LANGUAGE_FORMATS
from uit.core.translation import DUTCH
from uit.web.response import EncodedResponse
from uit.web.view import environment, language_now, retry_after_header, today

LANGUAGES = tuple(LANGUAGE_FORMATS)
SPACES = re.compile(r"[ \t\r\n]+")
PROBLEM_JSON = "application/problem+json"
# A language range of Accept-Language: the primary language, and the weight `q` (RFC 9110, 12.4.2 and 12.5.4).
LANGUAGE_RANGE = re.compile(
    r"\s*([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE
)


class Words(Struct, frozen=True):
    title: str
    detail: str
    next: str


def words_of(refusal: Refusal, language: str) -> Words:
    """The title, the detail and the next step of a refusal, in one of LANGUAGES, as plain text."""
    return (words_on_day if may_be_typed(refusal) else cached_words)(refusal, language, today())


def may_be_typed(refusal: Refusal) -> bool:
    """Whether a fact is a text, which may be what somebody typed: it is not cached then."""
    facts = (getattr(refusal, name) for name in refusal.__struct_fields__)
    return any(isinstance(fact, str | tuple) for fact in facts)


def words_on_day(refusal: Refusal, language: str, _today: date | None) -> Words:
    """By day, because dates of another year than the present one are written with the year."""
    template = environment().get_template(f"refusals/{refusal.code}.html")
    facts = msgspec.structs.asdict(refusal)
    context = template.new_context({**facts, "refusal": refusal, "language": language})
    blocks = (f"{language}_title", language, f"{language}_next")
    return Words(*(collapse_spaces(unescape("".join(template.blocks[name](context)))) for name in blocks))


cached_words = lru_cache(maxsize=4096)(words_on_day)


def collapse_spaces(text: str) -> str:
    """The text on one line. No-break spaces stay, because they keep an amount together."""
    return SPACES.sub(" ", text).strip(" ")


def titles_of(code: str) -> dict[str, str]:
    """The title of a code by language: the only text of a refusal that has no facts."""
    template = environment().get_template(f"refusals/{code}.html")
    context = template.new_context()
    return {language: "".join(template.blocks[f"{language}_title"](context)) for language in LANGUAGES}


environment().globals["words_of"] = words_of


def preferred_language(header: str | None) -> str:
    """The language of LANGUAGES that an Accept-Language header prefers, else Dutch (RFC 9110, 12.5.4)."""
    if not header:
        return DUTCH
    read = [LANGUAGE_RANGE.fullmatch(part) for part in header.split(",")[:20]]
    ranges = [
        (-float(range_[2] or 1), order, range_[1].lower()) for order, range_ in enumerate(read) if range_
    ]
    return next((tag for weight, _, tag in sorted(ranges) if weight < 0 and tag in LANGUAGES), DUTCH)


def problem(refusal: Refusal, language: str, base: str) -> EncodedResponse:
    """A problem document (RFC 9457), with the `code`, the `next` step and the facts as members."""
    headers = {"Content-Language": language, **retry_after_header(refusal), **challenge(refusal)}
    make = problem_document if may_be_typed(refusal) else cached_document
    document = make(refusal, language, base, today())
    return EncodedResponse(document, refusal.status, PROBLEM_JSON, headers)


def problem_document(refusal: Refusal, language: str, base: str, _today: date | None) -> bytes:
    words = words_of(refusal, language)
    return msgspec.json.encode(
        {
            "type": f"{base}/problems/{refusal.code}",
            "title": words.title,
            "status": refusal.status,
            "detail": words.detail,
            "code": refusal.code,
            "next": words.next,
            **{name: fact for name, fact in msgspec.structs.asdict(refusal).items() if fact is not UNSET},
        }
    )


cached_document = lru_cache(maxsize=4096)(problem_document)
"""A refusal such as "sold out" is sent many times with the same facts."""


def challenge(refusal: Refusal) -> dict[str, str]:
    """The WWW-Authenticate header that every 401 must have (RFC 9110, 11.6.1)."""
    return {"WWW-Authenticate": "Bearer"} if refusal.status == HTTP_401_UNAUTHORIZED else {}


def refusal_page(refusal: Refusal) -> Response[str]:
    """A page with the texts of a refusal, for a refusal that is not shown above a form."""
    content = (
        environment()
        .get_template("refusal.html")
        .render(refusal=refusal, words=words_of(refusal, language_now()))
    )
    return Response(
        content, status_code=refusal.status, media_type=MediaType.HTML, headers=retry_after_header(refusal)
    )
