"""What an activity is, as the form of its desk has it, in the languages that its organiser writes."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from organisers.activity import AboutActivity
from organisers.uitdatabank.field import Words
from reservations.activities.activity import Activity
from reservations.activities.form import MOST_TITLE, domain_error, title_error
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.age_band import TypedAges
from uit.web.form import Errors, Labels, only_errors, text_error, typed_number

OTHER_LANGUAGES: Final = ("fr", "en", "de")
MOST_TEXT: Final = 8_000
MOST_KIND: Final = 60
MOST_FACILITY: Final = 80
MOST_FACILITIES: Final = 40


def language_names() -> dict[str, str]:
    return {"fr": _("Frans"), "en": _("Engels"), "de": _("Duits")}


def labels() -> Labels:
    found = {
        "title": _("Titel"),
        "text": _("Waarover gaat het?"),
        "domain": _("Wat voor activiteit is het?"),
        "kind": _("Soort"),
        "age_from": _("Vanaf welke leeftijd?"),
        "age_to": _("Tot en met welke leeftijd?"),
        "facilities": _("Toegankelijkheid"),
        "more": _("Andere dingen die goed zijn om te weten"),
    }
    for code, name in language_names().items():
        found[f"title_{code}"] = _("Titel in het %(language)s", language=name)
        found[f"text_{code}"] = _("Tekst in het %(language)s", language=name)
    return found


def facilities() -> list[str]:
    """What a place may have for who needs it, in the words of UiTdatabank."""
    return [
        _("Voorzieningen voor rolstoelgebruikers"),
        _("Toegankelijk toilet"),
        _("Voorbehouden parkeerplaatsen"),
        _("Ringleiding"),
        _("Vlaamse Gebarentaal"),
        _("Audiobeschrijving"),
        _("Boventiteling"),
        _("Assistentiehonden welkom"),
        _("Prikkelarm"),
        _("Eenvoudige taal"),
        _("Begeleiding mogelijk"),
    ]


class AboutForm(Struct, frozen=True):
    """What was typed. `titles` and `texts` are by language, the Dutch ones too."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    domain: str
    kind: str
    age_from: str
    age_to: str
    facilities: tuple[str, ...]
    more: str

    def read(self) -> AboutActivity | Errors:
        errors = self.errors()
        if errors:
            return errors
        return AboutActivity(
            written(self.titles, one_line),
            written(self.texts, clean_text),
            self.domain,
            one_line(self.kind),
            self.all_facilities(),
            self.ages.lowest,
            self.ages.highest,
        )

    def all_facilities(self) -> tuple[str, ...]:
        own = (one_line(line) for line in self.more.splitlines())
        return tuple(dict.fromkeys([*self.facilities, *(line for line in own if line)]))

    def errors(self) -> Errors:
        found = {
            "title": title_error(self.titles["nl"]),
            "text": long_text_error(self.texts["nl"]),
            "domain": domain_error(self.domain),
            "kind": text_error(self.kind, "", MOST_KIND),
            **self.ages.errors(),
            "more": self.facilities_error(),
        }
        for code in OTHER_LANGUAGES:
            found[f"title_{code}"] = self.title_error_in(code)
            found[f"text_{code}"] = long_text_error(self.texts[code])
        return only_errors(found)

    def title_error_in(self, code: str) -> str:
        missing = _("Schrijf ook de titel in die taal.") if self.texts[code].strip() else ""
        return text_error(self.titles[code], missing, MOST_TITLE)

    @property
    def ages(self) -> TypedAges:
        return TypedAges(self.age_from, self.age_to)

    def facilities_error(self) -> str:
        if len(self.all_facilities()) > MOST_FACILITIES:
            return _("Zet er hoogstens %(most)s.", most=MOST_FACILITIES)
        too_long = any(len(each) > MOST_FACILITY for each in self.all_facilities())
        return _("Gebruik hoogstens %(most)s letters per lijn.", most=MOST_FACILITY) if too_long else ""


def written(typed: Mapping[str, str], clean: Callable[[str], str]) -> Words:
    """The words that were typed, by language; Dutch first. A language without words is left out."""
    cleaned = {code: clean(text) for code, text in typed.items()}
    return {code: text for code, text in cleaned.items() if text}


def clean_text(text: str) -> str:
    """With line ends as everywhere, and not as a browser sends them."""
    return text.replace("\r\n", "\n").strip()


def long_text_error(text: str) -> str:
    """What is wrong with a text of several lines: too long, or forbidden characters."""
    if len(text) > MOST_TEXT:
        return _("Dit is te lang. Gebruik hoogstens %(most)s letters.", most=MOST_TEXT)
    bad = any(not (sign.isprintable() or sign in "\r\n\t") for sign in text)
    return _("Hier staat een teken in dat we niet kunnen bewaren.") if bad else ""


def typed_about(fields: Mapping[str, str]) -> AboutForm:
    """The form as it was sent."""
    return AboutForm(
        {"nl": fields.get("title", "")} | {code: fields.get(f"title_{code}", "") for code in OTHER_LANGUAGES},
        {"nl": fields.get("text", "")} | {code: fields.get(f"text_{code}", "") for code in OTHER_LANGUAGES},
        fields.get("domain", ""),
        fields.get("kind", ""),
        fields.get("age_from", ""),
        fields.get("age_to", ""),
        tuple(each for n, each in enumerate(facilities()) if fields.get(f"facility_{n}")),
        fields.get("more", ""),
    )


def about_of(activity: Activity) -> AboutForm:
    """The form with what an activity is now."""
    known = facilities()
    return AboutForm(
        {code: activity.names.get(code, "") for code in ("nl", *OTHER_LANGUAGES)},
        {code: activity.texts.get(code, "") for code in ("nl", *OTHER_LANGUAGES)},
        activity.domain,
        activity.type_label,
        typed_number(activity.age_from),
        typed_number(activity.age_to),
        tuple(each for each in activity.facilities if each in known),
        "\n".join(each for each in activity.facilities if each not in known),
    )
