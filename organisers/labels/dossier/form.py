"""Reading the dossier of a municipality from forms; errors are by field."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final, Literal

from msgspec import Struct

from organisers.labels.criteria.criteria import Criterion, Kind
from organisers.labels.dossier.answer import LONGEST, PROOF, Answer, Texts, fields_of, plain, read_answers
from organisers.labels.dossier.draft import TypedAnswer
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, read_number

VERSION: Final = "-versie"
"""How the name of the hidden field ends that says which version of a field the page showed."""
MOST_VERSIONS: Final = 1_000_000
KIND_CHOICES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "day": ("day",),
    "stay": ("stay",),
    "both": ("day", "stay"),
}


class DossierPart(Struct, frozen=True):
    """One page of the form: a section, and how far it is."""

    no: int
    section: str
    answers: list[Answer]
    is_begun: bool

    @property
    def open(self) -> list[Answer]:
        return [each for each in self.answers if each.is_open]

    @property
    def state(self) -> Literal["todo", "busy", "done"]:
        if not self.open:
            return "done" if self.is_begun else "todo"
        return "busy" if self.is_begun else "todo"


def parts_of(asked: Sequence[Criterion], texts: Texts) -> list[DossierPart]:
    """The parts in the order of the set: the sections that follow each other."""
    sections = [(section, list(each)) for section, each in groupby(asked, lambda each: each.section)]
    return [
        DossierPart(no, section, read_answers(each, texts), any(texts.get(name) for name in fields_of(each)))
        for no, (section, each) in enumerate(sections, 1)
    ]


def claim_labels(asked: Sequence[Criterion]) -> Labels:
    """The labels of the fields for claims, in their order; that of a proof begins with its question."""
    return {"kinds": _("Waarvoor vraag je het label?")} | in_pairs(
        asked, "", PROOF, _("Waar kunnen we dat nakijken?")
    )


def in_pairs(asked: Sequence[Criterion], first: str, ending: str, label: str) -> dict[str, str]:
    """The labels of two fields for each criterion: its question with `first` behind it, and with `label`."""
    labels = {}
    for each in asked:
        labels[each.code] = f"{each.question} {first}".strip()
        labels[f"{each.code}{ending}"] = f"{each.question} {label}"
    return labels


def figure_error(criterion: Criterion) -> str:
    """The error for a wrong figure."""
    if criterion.most is None:
        return _("Vul een getal in, zoals 12 of 7,5.")
    most = f"{criterion.most:,}".replace(",", ".")
    return _("Vul een getal in van 0 tot %(most)s, zoals 12 of 7,5.", most=most)


def too_long() -> str:
    return _("Dat is te lang. Zeg het korter.")


def read_typed(asked: Sequence[Criterion], fields: Texts) -> list[TypedAnswer]:
    """What is typed in the fields of these criteria that were sent, and which version was on the page.

    What is too long to keep is left out; `claim_errors` says so.
    """
    return [
        TypedAnswer(name, text, read_number(fields.get(f"{name}{VERSION}", ""), MOST_VERSIONS))
        for name in fields_of(asked)
        if name in fields and len(text := plain(fields[name])) <= LONGEST
    ]


def claim_errors(answers: Sequence[Answer], of_others: Texts) -> Errors:
    """What is wrong with answers, and where somebody else typed something else meanwhile."""
    errors = {}
    for each in answers:
        code = each.criterion.code
        if each.fault:
            errors[each.fault] = figure_error(each.criterion) if each.fault == code else too_long()
        for name in (code, f"{code}{PROOF}"):
            if name in of_others:
                errors[name] = taken_error(each.criterion, name, of_others[name])
    return errors


def taken_error(criterion: Criterion, name: str, text: str) -> str:
    """That somebody else answered meanwhile, and what."""
    if not text:
        return _("Iemand anders maakte dit intussen leeg. Kijk na wat het moet zijn en bewaar opnieuw.")
    is_choice = criterion.answer == "yes_no" and name == criterion.code
    shown = {"1": _("ja"), "0": _("nee")}.get(text, text) if is_choice else text
    return _(
        "Iemand anders vulde hier intussen “%(text)s” in. Kijk na wat het moet zijn en bewaar opnieuw.",
        text=shown,
    )
