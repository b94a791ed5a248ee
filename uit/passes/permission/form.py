"""The form on which a clerk says what permits them to act for somebody."""

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.identity.person.person import Person
from uit.passes.permission.permission import PermissionKind
from uit.passes.permission.word import LEAST_LETTERS, MOST_LETTERS, as_heard
from uit.web.form import Errors, Labels, only_errors, text_error

FIRST: Final = "boeken"
ID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WHO: Final = rf"(ik|{ID})"
NEXT: Final = re.compile(
    rf"(persoon|gegevens|overzicht\.pdf|(boeken|boekingen)(/{ID}){{0,2}}(/annuleren)?"
    rf"(\?voor={WHO}((,|%2C){WHO}){{0,20}})?)",
    re.ASCII,
)
"""The pages of a person that ask for a permission first, and that one goes on to."""


class Said(Struct, frozen=True):
    """What a clerk says they saw or heard. `text`: the scanned pass, the code or the word."""

    kind: PermissionKind
    document_kind: str | None = None
    text: str = ""


def labels() -> Labels:
    return {
        "token": _("Scan de pas"),
        "soort": _("Hoe weet je wie het is?"),
        "document": _("Welk document?"),
        "woord": _("Het woord dat je hoort"),
        "code": _("De code die je hoort"),
        "nieuw_woord": _("Woord voor aan de telefoon"),
    }


def documents() -> Labels:
    """What shows who somebody is: each kind by its code. Its number is written down nowhere."""
    return {
        "identity_card": _("Identiteitskaart, Kids-ID of paspoort"),
        "annex": _("Bijlage (aanvraag, verlies of verlenging)"),
        "orange_card": _("Oranje kaart of attest van immatriculatie"),
        "shelter": _("Papier van een opvangcentrum of een dienst"),
        "other": _("Iets anders met een naam en een foto"),
    }


def kinds(person: Person, *, has_word: bool) -> list[tuple[str, str, str | None]]:
    """The ways that are open, besides a pass and a code, each in words."""
    found: list[tuple[str, str, str | None]] = [
        (PermissionKind.DOCUMENT.value, _("Ik zag een document"), None),
        (PermissionKind.KNOWN.value, _("Ik ken deze persoon"), _("Je naam komt erbij te staan.")),
    ]
    if person.phone:
        called = _("Ik belde terug naar %(number)s", number=person.phone)
        found.append((PermissionKind.CALLBACK.value, called, _("Alleen om te boeken en te annuleren.")))
    if has_word:
        words = _("Aan de telefoon zei iemand het woord")
        found.append((PermissionKind.WORD.value, words, _("Alleen om te boeken en te annuleren.")))
    return found


def read_next(typed: Mapping[str, str]) -> str:
    """The page that the clerk came for."""
    found = NEXT.fullmatch(typed.get("verder", ""))
    return found[0] if found else FIRST


def read_said(typed: Mapping[str, str], person: Person, *, has_word: bool) -> Said | Errors:
    """What was said, or what is wrong by field."""
    text = typed.get("soort", "")
    if text == PermissionKind.PASS:
        scanned = typed.get("token", "").strip()
        return Said(PermissionKind.PASS, text=scanned) if scanned else {"token": _("Scan de pas.")}
    if text == PermissionKind.CODE:
        code = typed.get("code", "").strip()
        return Said(PermissionKind.CODE, text=code) if code else {"code": _("Vul de code in.")}
    if text not in {each[0] for each in kinds(person, has_word=has_word)}:
        return {"soort": _("Kies wat je zag of hoorde.")}
    kind, document, word = PermissionKind(text), typed.get("document", ""), typed.get("woord", "").strip()
    if kind is PermissionKind.DOCUMENT and document not in documents():
        return {"document": _("Kies welk document je zag.")}
    if kind is PermissionKind.WORD and not word:
        return {"woord": _("Vul het woord in.")}
    return Said(
        kind,
        document if kind is PermissionKind.DOCUMENT else None,
        word if kind is PermissionKind.WORD else "",
    )


def word_errors(typed: Mapping[str, str], person: Person) -> Errors:
    """What is wrong with a new word: too short, or what others know too."""
    word = typed.get("nieuw_woord", "")
    heard, known = as_heard(word), {as_heard(person.given_name), as_heard(person.family_name)}
    said = text_error(word, _("Vul een woord in."), MOST_LETTERS)
    if not said and (len(heard) < LEAST_LETTERS or heard in known):
        said = _("Kies een woord van minstens %(least)s letters, en geen naam.", least=LEAST_LETTERS)
    return only_errors({"nieuw_woord": said})
