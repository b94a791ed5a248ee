"""The forms of decisions: noting one, asking to look again, answering, and who of a region looks again."""

from datetime import date
from typing import Final, cast

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.passes.decisions.decision import NewDecision, Outcome, ReviewSetting, What, what_words
from uit.web.form import Errors, Labels, only_errors, read_day, required_id, text_error

MOST_IN_TEXT: Final = 1000
BY_THEIR_VERBS: Final = {"grant_reversed", "membership_ended"}
"""What nobody decides without doing it: no clerk notes it. Of the rest some comes by itself as well."""


def decision_labels() -> Labels:
    return {
        "what": _("Wat beslis je?"),
        "ground": _("Waarom?"),
        "rule": _("Volgens welke regel?"),
        "from_on": _("Vanaf wanneer?"),
        "outcome": _("Wat is het antwoord?"),
        "answer": _("Leg het uit"),
    }


def labels_of_asking() -> Labels:
    return {"why": _("Waarom klopt het niet?")}


def setting_labels() -> Labels:
    return {
        "reviewer": _("Wie kijkt een beslissing opnieuw na?"),
        "complaints": _("Welke klachtendienst?"),
    }


def noted() -> Labels:
    """The decisions that a clerk notes, each as its person reads it."""
    return {what: words for what, words in what_words().items() if what not in BY_THEIR_VERBS}


def outcomes() -> dict[Outcome, str]:
    return {
        "changed": _("De beslissing verandert"),
        "kept": _("De beslissing blijft"),
    }


class DecisionForm(Struct, frozen=True):
    decision_id: str = ""
    what: str = ""
    ground: str = ""
    rule: str = ""
    from_on: str = ""

    def read(self) -> NewDecision | Errors:
        from_on = read_day(self.from_on)
        errors = {
            "what": "" if self.what in noted() else _("Kies wat je beslist."),
            "ground": text_error(self.ground, _("Schrijf waarom. De persoon leest dit."), MOST_IN_TEXT),
            "rule": text_error(self.rule, _("Schrijf volgens welke regel."), MOST_IN_TEXT),
            "from_on": "" if from_on else _("Vul een dag in, zoals 1/9/2026."),
        }
        if from_on is None or any(errors.values()):
            return only_errors(errors)
        made = required_id({"decision_id": self.decision_id}, "decision_id")
        return NewDecision(made, cast("What", self.what), one_line(self.ground), one_line(self.rule), from_on)


class AskAgainForm(Struct, frozen=True):
    why: str = ""

    def errors(self) -> Errors:
        missing = _("Schrijf kort wat er volgens jou niet klopt.")
        return only_errors({"why": text_error(self.why, missing, MOST_IN_TEXT)})


class AnswerForm(Struct, frozen=True):
    outcome: str = ""
    answer: str = ""

    @property
    def chosen(self) -> Outcome | None:
        return next((each for each in outcomes() if each == self.outcome), None)

    def errors(self) -> Errors:
        missing = _("Schrijf waarom. De persoon leest dit.")
        return only_errors(
            {
                "outcome": "" if self.chosen else _("Kies het antwoord."),
                "answer": text_error(self.answer, missing, MOST_IN_TEXT),
            }
        )


class SettingForm(Struct, frozen=True):
    reviewer: str = ""
    complaints: str = ""

    def read(self) -> ReviewSetting | Errors:
        errors = {
            "reviewer": text_error(
                self.reviewer, _("Vul een naam of functie in, met het adres."), MOST_IN_TEXT
            ),
            "complaints": text_error(self.complaints, _("Vul de dienst in, met het adres."), MOST_IN_TEXT),
        }
        return only_errors(errors) or ReviewSetting(one_line(self.reviewer), one_line(self.complaints))


def first_decision(decision_id: str, today: date) -> DecisionForm:
    return DecisionForm(decision_id, from_on=today.isoformat())
