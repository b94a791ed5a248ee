"""Reading the claims of a municipality from forms; errors are by field."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from organisers.labels.criteria.criteria import Criterion, Kind
from organisers.labels.dossier.claim import Claim
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels

WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3}){1,3}|[0-9]{1,12}")
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST: Final = 10_000

YES_OR_NO: Final = {"1": 1, "0": 0}
KIND_CHOICES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "day": ("day",),
    "stay": ("stay",),
    "both": ("day", "stay"),
}

Fields = Mapping[str, str]


def claim_labels(asked: Sequence[Criterion]) -> Labels:
    """The labels of the fields for claims; the label of a proof begins with its question."""
    questions = {each.code: each.question for each in asked}
    proofs = after_question(asked, "_proof", _("Waar kunnen we dat nakijken?"))
    return {"kinds": _("Waarvoor vraag je het label?"), **questions, **proofs}


def after_question(asked: Sequence[Criterion], ending: str, label: str) -> Labels:
    return {f"{each.code}{ending}": f"{each.question} {label}" for each in asked}


def read_text(fields: Fields, name: str) -> str:
    """The text of a field, with plain line ends and without control characters."""
    return UNPRINTABLE.sub("", fields.get(name, "").replace("\r\n", "\n")).strip()


def read_figure(criterion: Criterion, fields: Fields) -> int | Literal["wrong"] | None:
    """The figure in a field; None when it is empty. A thousand may be written as 1.000 or 1 000.

    "wrong" for a text that is not a figure, and for a figure above `most` of the criterion.
    """
    typed = read_text(fields, criterion.code)
    if criterion.answer == "yes_no":
        return YES_OR_NO.get(typed)
    if not typed:
        return None
    figure = int(re.sub("[. ]", "", typed)) if WHOLE_NUMBER.fullmatch(typed) else None
    return "wrong" if figure is None or (criterion.most is not None and figure > criterion.most) else figure


def figure_error(criterion: Criterion) -> str:
    """The error for a wrong figure."""
    if criterion.most is None:
        return _("Vul een geheel getal in, zonder komma.")
    most = f"{criterion.most:,}".replace(",", ".")
    return _("Vul een geheel getal in van 0 tot %(most)s, zonder komma.", most=most)


def too_long() -> str:
    return _("Dat is te lang. Zeg het korter.")


def read_claims(
    asked: Sequence[Criterion], given: Mapping[str, Claim], fields: Fields
) -> tuple[list[Claim], Errors]:
    """The claims in a form, and the errors. An empty field is skipped, unless it had a claim before."""
    claims, errors = [], {}
    for criterion in asked:
        figure, proof = read_figure(criterion, fields), read_text(fields, f"{criterion.code}_proof")
        if figure == "wrong":
            errors[criterion.code] = figure_error(criterion)
        elif len(proof) > LONGEST:
            errors[f"{criterion.code}_proof"] = too_long()
        elif figure is not None:
            claims.append(Claim(criterion.code, figure, proof))
        elif criterion.code in given:
            errors[criterion.code] = _("Hier stond al een antwoord. Vul het opnieuw in.")
    return claims, errors
