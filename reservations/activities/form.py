"""How an activity begins, or is copied, as the forms of the desk have it."""

from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.activity import NewActivity
from organisers.uitdatabank.field import Words
from uit.core.one_line import one_line
from uit.core.translation import DUTCH
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_number, text_error

MOST_TITLE: Final = 90
MOST_WEEKS: Final = 104
LANGUAGES_OF_COPY: Final = ("nl", "fr", "en", "de")
DOMAINS: Final = ("culture", "sport", "youth", "tourism")


def labels() -> Labels:
    return {
        "title": _("Hoe heet het?"),
        "domain": _("Wat voor activiteit is het?"),
        "weeks": _("Hoeveel weken later?"),
    }


def domain_choices() -> list[tuple[str, str]]:
    return [
        ("culture", _("Cultuur")),
        ("sport", _("Sport")),
        ("youth", _("Jeugd")),
        ("tourism", _("Uitstap")),
    ]


def title_error(text: str) -> str:
    return text_error(text, _("Geef het een titel."), MOST_TITLE)


def domain_error(text: str) -> str:
    return "" if text in DOMAINS else _("Kies wat het is.")


class NewForm(Struct, frozen=True):
    """What was typed for a new activity."""

    event_id: str = ""
    title: str = ""
    domain: str = ""

    def read(self, event_id: UUID, organiser_id: UUID) -> NewActivity | Errors:
        errors = only_errors({"title": title_error(self.title), "domain": domain_error(self.domain)})
        return errors or NewActivity(event_id, organiser_id, one_line(self.title), self.domain)


class CopyForm(Struct, frozen=True):
    """What was typed for a copy; without weeks it has no dates."""

    event_id: str = ""
    title: str = ""
    weeks: str = ""
    title_fr: str = ""
    title_en: str = ""
    title_de: str = ""

    @property
    def others(self) -> Words:
        """The titles in other languages, as they were typed."""
        typed = {"fr": self.title_fr, "en": self.title_en, "de": self.title_de}
        return {code: one_line(text) for code, text in typed.items() if one_line(text)}

    def titles(self, known: Words) -> Words:
        """By language; those in languages that the form does not ask are as they are `known`."""
        unasked = {code: text for code, text in known.items() if code not in LANGUAGES_OF_COPY}
        return unasked | {"nl": one_line(self.title)} | self.others

    def errors(self, texts: Words) -> Errors:
        """What is wrong. `texts`: what comes along, by language; each needs its title."""
        bad_weeks = bool(self.weeks.strip()) and not self.shifted_by
        missing = _("De tekst in die taal komt mee. Schrijf ook de titel.")
        return only_errors(
            {
                "title": title_error(self.title),
                **{
                    f"title_{code}": text_error(
                        self.others.get(code, ""), missing if texts.get(code) else "", MOST_TITLE
                    )
                    for code in LANGUAGES_OF_COPY
                    if code != DUTCH
                },
                "weeks": _("Vul een getal in van 1 tot %(most)s, of laat dit leeg.", most=MOST_WEEKS)
                if bad_weeks
                else "",
            }
        )

    @property
    def shifted_by(self) -> int:
        """How many weeks later the dates of the copy are; 0 when it has none."""
        return read_number(self.weeks, MOST_WEEKS) or 0
