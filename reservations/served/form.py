"""The forms of a social service: whom it helps, and the proof of a tariff."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.passes.membership.social_tariff import Proof
from uit.web.form import Errors, Labels, only_errors, read_day, required_id, text_error

LONGEST_DOSSIER: Final = 40
FURTHEST_YEARS: Final = 3
KINDS: Final = ("ocmw", "mutuality", "debt", "other")


def kinds() -> Labels:
    """What shows that somebody has the social tariff, as a social worker sees it."""
    return {
        "ocmw": _("Attest van het OCMW"),
        "mutuality": _("Attest van het ziekenfonds"),
        "debt": _("Bewijs van schuldhulp"),
        "other": _("Een ander bewijs"),
    }


def labels() -> Labels:
    return {
        "pas": _("Scan de pas"),
        "dossier": _("Nummer van het dossier"),
        "kind": _("Welk bewijs zag je?"),
        "until": _("Geldig tot en met"),
    }


def read_dossier(typed: Mapping[str, str]) -> str | Errors:
    text = typed.get("dossier", "")
    wrong = text_error(text, _("Vul het nummer van het dossier in."), LONGEST_DOSSIER)
    return {"dossier": wrong} if wrong else one_line(text)


def read_proof(typed: Mapping[str, str], dossier: str, staff_id: UUID, today: date) -> Proof | Errors:
    """The proof, by the number of the dossier: that is what an auditor sees of it."""
    until, kind = read_day(typed.get("until", "")), typed.get("kind", "")
    errors = only_errors(
        {
            "kind": "" if kind in KINDS else _("Kies welk bewijs je zag."),
            "until": until_error(until, today),
        }
    )
    if errors or until is None:
        return errors
    return Proof(required_id(typed, "proof_id"), staff_id, kind, dossier, until)


def until_error(until: date | None, today: date) -> str:
    if until is None:
        return _("Vul een dag in, zoals 1/9/2026.")
    if today <= until <= today.replace(year=today.year + FURTHEST_YEARS, day=1):
        return ""
    return _("Kies een dag binnen de %(years)s jaar.", years=FURTHEST_YEARS)
