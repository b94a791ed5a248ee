"""Letters on paper: with the address where an envelope with a window at the right shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from uit.core.formats import full_day
from uit.core.translation import gettext as _
from uit.identity.person.change import PersonDetails
from uit.passes.letters.letters import PrintedLetter
from uit.passes.typesetting import typeset
from uit.services.region import Region
from uit.web.view import TEMPLATES

FOLDER: Final = TEMPLATES / "passes" / "letters"


class LetterPaper(Struct, frozen=True):
    """`to` are the lines of the address; `paragraphs` have lines; `code` is one to sign in, or empty."""

    region: str
    help_phone: str
    to: list[str]
    day: str
    subject: str
    paragraphs: list[list[str]]
    code: str = ""


def paper_of(letter: PrintedLetter, region: Region, now: datetime) -> LetterPaper:
    street, town = f"{letter.street} {letter.house_number}", f"{letter.postcode} {letter.place}"
    paragraphs = [each.splitlines() for each in letter.body.strip().split("\n\n")]
    return LetterPaper(
        region.name,
        region.help_phone or "",
        [letter.name, street, town],
        full_day(now),
        letter.subject,
        paragraphs,
    )


def code_letter(person: PersonDetails, region: Region, code: str, address: str, now: datetime) -> LetterPaper:
    """The letter with a code to sign in. `address`: of the page to type it on."""
    lines = [
        person.full_name,
        f"{person.street} {person.house_number}",
        f"{person.postcode} {person.place}",
    ]
    paragraphs = [[_("Dag %(name)s", name=person.given_name)], *code_words(address, _("twee weken"))]
    subject = _("Je code om aan te melden")
    return LetterPaper(region.name, region.help_phone or "", lines, full_day(now), subject, paragraphs, code)


def code_slip(person: PersonDetails, region: Region, code: str, address: str, now: datetime) -> LetterPaper:
    paragraphs = code_words(address, _("een dag"))
    subject = _("Je code om aan te melden")
    return LetterPaper(
        region.name, region.help_phone or "", [person.given_name], full_day(now), subject, paragraphs, code
    )


def code_words(address: str, how_long: str) -> list[list[str]]:
    return [
        [_("Ga naar %(address)s en typ je code. Dat kan op elke computer, ook in de bib.", address=address)],
        [_("De code werkt één keer, %(how_long)s lang. Geef ze aan niemand.", how_long=how_long)],
        [_("Klaar? Meld je dan af.")],
    ]


async def print_letters(papers: Sequence[LetterPaper], at: datetime) -> bytes:
    """The PDF of letters, a page each, or more for a long one."""
    return await typeset(FOLDER / "letter.typ", {"letters": [structs.asdict(each) for each in papers]}, at)


async def print_slip(paper: LetterPaper, at: datetime) -> bytes:
    """The PDF of a slip, as large as a postcard."""
    return await typeset(FOLDER / "slip.typ", {"slip": structs.asdict(paper)}, at)
