"""The pass on paper: a PDF of a page each, made by typst from `templates/passes/card/paper.typ`."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final

import segno
from markupsafe import Markup
from msgspec import Struct, structs
from typst import Compiler, Fonts

from uit.identity.person.person import Person
from uit.passes.card.card import Card
from uit.passes.card.number import grouped
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
    return await asyncio.to_thread(_compile, papers, printed_at)


def _compile(papers: Sequence[Paper], issued_at: datetime) -> bytes:
    """Compile with a compiler of its own, because two threads may print at once."""
    passes = {"passes": json.dumps([structs.asdict(each) for each in papers])}
    compiler = Compiler(FOLDER / "paper.typ", font_paths=fonts(), sys_inputs=passes)
    drawn = compiler.compile(format="pdf", timestamp=issued_at.replace(microsecond=0))  # typst takes no finer
    assert isinstance(drawn, bytes)
    return drawn


@cache
def fonts() -> Fonts:
    """The fonts of this machine, searched once because that takes longest."""
    return Fonts()
