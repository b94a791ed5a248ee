"""Reading findings and decisions from forms; errors are by field."""

from collections.abc import Sequence
from uuid import UUID

from organisers.labels.criteria.criteria import Criterion, Kind
from organisers.labels.decision.decision import Ruling, Verdict
from organisers.labels.dossier.answer import LONGEST, Texts, read_figure, read_text
from organisers.labels.dossier.assess import Finding
from organisers.labels.dossier.form import figure_error, in_pairs, too_long
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, read_day


def finding_labels(asked: Sequence[Criterion]) -> Labels:
    return in_pairs(asked, _("Je stelt vast"), "_ground", _("Op welke grond?"))


def verdict_labels(kind: Kind) -> Labels:
    """The labels of the fields of a decision on a kind."""
    ruling = {"day": _("Label voor dagtoerisme"), "stay": _("Label voor verblijfstoerisme")}
    return {
        f"{kind}_ruling": ruling[kind],
        f"{kind}_deviation": _("Wijk je af van de uitkomst? Waarom?"),
        f"{kind}_reasons": _("Waarom beslis je dit?"),
        f"{kind}_notified_on": _("Wanneer krijgt de gemeente het besluit?"),
    }


def read_findings(asked: Sequence[Criterion], fields: Texts) -> tuple[list[Finding], Errors]:
    """The findings in a form, and the errors. A ground without a figure: the figure cannot be established.

    A question without figure and ground is skipped.
    """
    findings, errors = [], {}
    for criterion in asked:
        figure, ground = read_figure(criterion, fields), read_text(fields, f"{criterion.code}_ground")
        if figure == "wrong":
            errors[criterion.code] = figure_error(criterion)
        elif len(ground) > LONGEST:
            errors[f"{criterion.code}_ground"] = too_long()
        elif ground or figure is not None:
            findings.append(Finding(criterion.code, figure, ground))
    return findings, errors


def read_verdict(
    decision_id: UUID, dossier_id: UUID, kind: Kind, fields: Texts, rulings: Sequence[Ruling]
) -> tuple[Verdict | None, Errors]:
    """The decision in a form, whose field names start with the kind; None and the errors if it is wrong."""
    typed = {name: read_text(fields, f"{kind}_{name}") for name in ("ruling", "reasons", "deviation")}
    ruling = next((each for each in rulings if each == typed["ruling"]), None)
    notified_on = read_day(read_text(fields, f"{kind}_notified_on"))
    errors = {f"{kind}_{name}": too_long() for name in ("reasons", "deviation") if len(typed[name]) > LONGEST}
    if ruling is None:
        errors[f"{kind}_ruling"] = _("Kies wat je beslist.")
    if notified_on is None:
        errors[f"{kind}_notified_on"] = _("Vul een dag in.")
    if errors or ruling is None or notified_on is None:
        return None, errors
    verdict = Verdict(
        decision_id, dossier_id, kind, ruling, typed["reasons"], notified_on, typed["deviation"]
    )
    return verdict, {}
