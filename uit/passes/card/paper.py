"""The pass on paper: a PDF of a page each, made by typst from `templates/passes/card/paper.typ`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import segno
from markupsafe import Markup
from msgspec import Struct, structs

from uit.identity.person.person import Person
from uit.passes.card.card import Card
from uit.passes.card.number import grouped
from uit.passes.typesetting import typeset
from uit.services.region import Region
from uit.web.view import TEMPLATES

FOLDER: Final = TEMPLATES / "passes" / "card"
QUIET_ZONE: Final = 2


class Paper(Struct, frozen=True):
    """The content of the page: never a status, a balance or a birth date. `code` is the QR code as SVG."""

    given_name: str
    name: str
    number: str
    region: str
    help_phone: str
    code: str


def draw_code(token: str) -> Markup:
    """The QR code of a token as inline SVG, for a page and for paper."""
    drawing = segno.make(token, error="m", micro=False).svg_inline(omitsize=True, border=QUIET_ZONE)
    return Markup(drawing)  # noqa: S704  drawn by ourselves, from a token of ours


def paper_of(card: Card, person: Person, region: Region, signing_key: bytes) -> Paper:
    return Paper(
        given_name=person.given_name,
        name=f"{person.given_name} {person.family_name}",
        number=grouped(card.number),
        region=region.name,
        help_phone=region.help_phone or "",
        code=draw_code(card.token(signing_key)),
    )


async def print_paper(paper: Paper, issued_at: datetime) -> bytes:
    """The PDF of a pass. The same pass gives the same bytes; no network is used."""
    return await print_papers([paper], issued_at)


async def print_papers(papers: Sequence[Paper], printed_at: datetime) -> bytes:
    """The PDF of several passes, a page each."""
    facts = {"passes": [structs.asdict(each) for each in papers]}
    return await typeset(FOLDER / "paper.typ", facts, printed_at)
