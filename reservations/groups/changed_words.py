"""What became of a date that a group booked, in words, and what it means for who works with it."""

from datetime import datetime
from typing import Literal

from uit.core.formats import deadline
from uit.core.translation import gettext as _
from uit.web.view import language_now, today

Change = Literal[
    "called_off",
    "choose",
    "longer",
    "withdrawn",
    "given_up",
    "changed",
    "postponed",
    "elsewhere",
    "other_hour",
    "other_date",
    "seats",
    "restored",
]
"""`choose`: called off, and the group chooses; `longer`: until later than was said."""


def heading(what: Change) -> str:
    return {
        "called_off": _("Gaat niet door"),
        "choose": _("Gaat niet door"),
        "longer": _("Langer de tijd om te kiezen"),
        "withdrawn": _("Plaatsen teruggenomen"),
        "given_up": _("Plaatsen teruggenomen"),
        "changed": _("Boeking gewijzigd"),
        "postponed": _("Uitgesteld"),
        "elsewhere": _("Andere plaats"),
        "other_hour": _("Ander uur"),
        "other_date": _("Nieuwe datum"),
        "seats": _("Andere stoelen"),
        "restored": _("Gaat toch door"),
    }[what]


def meaning(what: Change, until: datetime | None, *, is_live: bool) -> str:
    """What it means for the group. `until`: when its choice ends; `is_live`: its tickets are good."""
    if what in {"choose", "longer"} and until:
        return words_of_choice(until, is_longer=what == "longer")
    if what == "restored" and not is_live:
        return _("De tickets zijn niet meer geldig. Wil de groep toch komen? Boek dan opnieuw.")
    moved = _(
        "De tickets blijven geldig, op het nieuwe moment. Kan de groep dan niet? Geef ze terug voor het "
        "begint."
    )
    return {
        "called_off": _(
            "Het krediet en de tickets van het jaar zijn terug bij de groep. Je hoeft niets te doen."
        ),
        "withdrawn": _(
            "De organisator nam deze plaatsen terug. Het krediet en de tickets van het jaar zijn terug bij "
            "de groep."
        ),
        "given_up": _(
            "De organisator nam deze plaatsen terug, volgens de voorwaarden. De tickets van het jaar zijn "
            "terug bij de groep. Wat van het krediet terugkomt, staat bij de boeking."
        ),
        "changed": _(
            "De organisator wijzigde deze boeking. Zo staat ze nu. De groep betaalt er niet meer voor. Past "
            "dit niet? Bel de organisator."
        ),
        "postponed": _(
            "Er is nog geen nieuwe datum. De tickets blijven geldig, en we laten je weten wanneer het is. "
            "Wil je niet wachten? Geef ze terug op de pagina van de boeking."
        ),
        "elsewhere": _(
            "De tickets blijven geldig. Waar het nu is, staat bij de boeking. Kan de groep daar niet heen? "
            "Geef ze terug voor het begint."
        ),
        "other_hour": moved,
        "other_date": moved,
        "seats": _("De groep zit op andere stoelen. De tickets en de code blijven dezelfde."),
        "restored": _("De tickets blijven geldig."),
    }[what]


def words_of_choice(until: datetime, *, is_longer: bool) -> str:
    moment = deadline(until, language_now(), today())
    if is_longer:
        return _(
            "Kiezen kan nu voor %(moment)s, op de pagina van de boeking. Kies je niets, dan komt daarna "
            "alles terug bij de groep.",
            moment=moment,
        )
    return _(
        "Kies op de pagina van de boeking wat het wordt, voor %(moment)s. Kies je niets, dan komt daarna "
        "alles terug bij de groep.",
        moment=moment,
    )
