"""What a form brings, read into what the verbs ask for. What is wrong comes back per field, in Dutch."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from organisers.labels.assess import Finding
from organisers.labels.claim import Claim
from organisers.labels.criteria import Criterion, Kind
from organisers.labels.decision import Ruling, Verdict
from uit.ground.form import Errors, Labels, read_day

WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[. ][0-9]{3}){1,3}|[0-9]{1,12}")
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST: Final = 10_000

KINDS_ASKED: Final = "Waarvoor vraag je het label?"
PROOF: Final = "Waar kunnen we dat nakijken?"
FOUND: Final = "Je stelt vast"
GROUND: Final = "Op welke grond?"
KIND_NAMES: Final[Mapping[Kind, str]] = {"day": "dagtoerisme", "stay": "verblijfstoerisme"}

YES_OR_NO: Final = {"1": 1, "0": 0}
WRONG_NUMBER: Final = "Vul een geheel getal in, zonder komma."
KEPT_BEFORE: Final = "Hier stond al een antwoord. Vul het opnieuw in."
TOO_LONG: Final = "Dat is te lang. Zeg het korter."
KIND_CHOICES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "day": ("day",),
    "stay": ("stay",),
    "both": ("day", "stay"),
}

Fields = Mapping[str, str]


def claim_labels(asked: Sequence[Criterion]) -> Labels:
    """What the fields of a municipality are called; those that share a name come after their question."""
    questions = {each.code: each.question for each in asked}
    return {"kinds": KINDS_ASKED, **questions, **after_question(asked, "_proof", PROOF)}


def finding_labels(asked: Sequence[Criterion]) -> Labels:
    return {**after_question(asked, "", FOUND), **after_question(asked, "_ground", GROUND)}


def after_question(asked: Sequence[Criterion], ending: str, label: str) -> Labels:
    return {f"{each.code}{ending}": f"{each.question} {label}" for each in asked}


def verdict_labels(kind: Kind) -> Labels:
    """What the fields of a decision on this kind are called."""
    return {
        f"{kind}_ruling": f"Label voor {KIND_NAMES[kind]}",
        f"{kind}_deviation": "Wijk je af van de uitkomst? Waarom?",
        f"{kind}_reasons": "Waarom beslis je dit?",
        f"{kind}_notified_on": "Wanneer krijgt de gemeente het besluit?",
    }


def read_text(fields: Fields, name: str) -> str:
    """What was typed, with plain line ends and without what no keyboard makes."""
    return UNPRINTABLE.sub("", fields.get(name, "").replace("\r\n", "\n")).strip()


def read_figure(criterion: Criterion, fields: Fields) -> int | Literal["wrong"] | None:
    """The figure of an answer; None when there is none. A thousand may be written as 1.000 or 1 000.

    A figure that cannot be true, because it is above the highest one, is wrong too.
    """
    typed = read_text(fields, criterion.code)
    if criterion.answer == "yes_no":
        return YES_OR_NO.get(typed)
    if not typed:
        return None
    figure = int(re.sub("[. ]", "", typed)) if WHOLE_NUMBER.fullmatch(typed) else None
    return "wrong" if figure is None or (criterion.most is not None and figure > criterion.most) else figure


def wrong_figure(criterion: Criterion) -> str:
    """What to fill in, for who filled in something else."""
    if criterion.most is None:
        return WRONG_NUMBER
    most = f"{criterion.most:,}".replace(",", ".")
    return f"Vul een geheel getal in van 0 tot {most}, zonder komma."


def read_claims(
    asked: Sequence[Criterion], given: Mapping[str, Claim], fields: Fields
) -> tuple[list[Claim], Errors]:
    """The answers in a form. A question without an answer is left for later, unless it had one before."""
    claims, errors = [], {}
    for criterion in asked:
        figure, proof = read_figure(criterion, fields), read_text(fields, f"{criterion.code}_proof")
        if figure == "wrong":
            errors[criterion.code] = wrong_figure(criterion)
        elif len(proof) > LONGEST:
            errors[f"{criterion.code}_proof"] = TOO_LONG
        elif figure is not None:
            claims.append(Claim(criterion.code, figure, proof))
        elif criterion.code in given:
            errors[criterion.code] = KEPT_BEFORE
    return claims, errors


def read_findings(asked: Sequence[Criterion], fields: Fields) -> tuple[list[Finding], Errors]:
    """The findings in a form. A ground without a figure: not to be established. Neither: left for later."""
    findings, errors = [], {}
    for criterion in asked:
        figure, ground = read_figure(criterion, fields), read_text(fields, f"{criterion.code}_ground")
        if figure == "wrong":
            errors[criterion.code] = wrong_figure(criterion)
        elif len(ground) > LONGEST:
            errors[f"{criterion.code}_ground"] = TOO_LONG
        elif ground or figure is not None:
            findings.append(Finding(criterion.code, figure, ground))
    return findings, errors


def read_verdict(
    decision_id: UUID, dossier_id: UUID, kind: Kind, fields: Fields, rulings: Sequence[Ruling]
) -> tuple[Verdict | None, Errors]:
    """The decision in a form, whose fields start with the kind; None when something in it is wrong."""
    typed = {name: read_text(fields, f"{kind}_{name}") for name in ("ruling", "reasons", "deviation")}
    ruling = next((each for each in rulings if each == typed["ruling"]), None)
    notified_on = read_day(read_text(fields, f"{kind}_notified_on"))
    errors = {f"{kind}_{name}": TOO_LONG for name in ("reasons", "deviation") if len(typed[name]) > LONGEST}
    if ruling is None:
        errors[f"{kind}_ruling"] = "Kies wat je beslist."
    if notified_on is None:
        errors[f"{kind}_notified_on"] = "Vul een dag in."
    if errors or ruling is None or notified_on is None:
        return None, errors
    verdict = Verdict(
        decision_id, dossier_id, kind, ruling, typed["reasons"], notified_on, typed["deviation"]
    )
    return verdict, {}
