"""The forms of credit: opening a programme, admitting an organiser, granting and reversing credit."""

from typing import Any, Final, get_args
from uuid import UUID

from msgspec import Struct

from credits.programme.programme import Earning, Leaving, Moving, Opening, Rules
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.passes.membership.membership import Town
from uit.web.amount import euro_error, read_euro
from uit.web.enterprise_number import bare_number, enterprise_error
from uit.web.form import Errors, Labels, only_errors, read_number, text_error

MOST_LETTERS: Final = 80
OLDEST: Final = 120
LONGEST_MONTHS: Final = 60
DOMAINS: Final = ("culture", "sport", "youth", "tourism")


def labels() -> Labels:
    return {
        "name": _("Naam"),
        "funder": _("Wie betaalt?"),
        "enterprise_number": _("Ondernemingsnummer van wie betaalt"),
        "budget": _("Budget in euro"),
        "amount": _("Bedrag per persoon in euro"),
        "age_from": _("Vanaf welke leeftijd"),
        "age_to": _("Tot en met welke leeftijd"),
        "refnis": _("Waar wonen ze?"),
        "valid_months": _("Hoeveel maanden kan je het gebruiken?"),
        "on_moving": _("Wat als iemand verhuist naar een andere gemeente van de regio?"),
        "on_leaving": _("Wat als iemand de regio verlaat?"),
        "earning": _("Wanneer krijgt de organisator het geld?"),
        "organiser": _("Laat een organisator toe"),
    }


class ProgrammeForm(Struct, frozen=True):
    """The fields as sent: amounts in euro; an empty age is no limit, an empty `refnis` the whole region."""

    programme_id: UUID
    name: str = ""
    funder: str = ""
    enterprise_number: str = ""
    budget: str = ""
    amount: str = ""
    age_from: str = ""
    age_to: str = ""
    refnis: str = ""
    social_only: str = ""
    culture: str = ""
    sport: str = ""
    youth: str = ""
    tourism: str = ""
    valid_months: str = "12"
    on_moving: str = "stop"
    on_leaving: str = "keep"
    earning: str = "attendance"

    def read(self, region_id: int, towns: list[Town], *, first: bool) -> Opening | Errors:
        """The programme to open, or the errors. `first`: the form also has the region's legal entity."""
        number = bare_number(self.enterprise_number)
        errors = {
            "name": text_error(self.name, _("Geef het programma een naam."), MOST_LETTERS),
            "funder": text_error(self.funder, _("Schrijf wie dit betaalt."), MOST_LETTERS),
            "enterprise_number": enterprise_error(number) if first else "",
            **self._money_errors(),
            **self._rule_errors(),
            "refnis": refnis_error(self.refnis, towns),
        }
        if wrong := only_errors(errors):
            return wrong
        return Opening(
            region_id=region_id,
            id=self.programme_id,
            name=one_line(self.name),
            funder=one_line(self.funder),
            budget_cents=read_euro(self.budget) or 0,
            rules=self._rules(),
            enterprise_number=number if first else None,
        )

    def _money_errors(self) -> Errors:
        budget, amount = read_euro(self.budget), read_euro(self.amount)
        too_much = budget is not None and amount is not None and amount > budget
        return {
            "budget": euro_error(self.budget, "60.000"),
            "amount": _("Dit is meer dan het budget.") if too_much else euro_error(self.amount, "50"),
        }

    def _rule_errors(self) -> Errors:
        low, high = read_number(self.age_from, OLDEST), read_number(self.age_to, OLDEST)
        swapped = low is not None and high is not None and low > high
        wrong = _("Schrijf een leeftijd tussen 0 en %(most)s, of laat het leeg.", most=OLDEST)
        return {
            "age_from": wrong if self.age_from.strip() and low is None else "",
            "age_to": _("Dit is lager dan de eerste leeftijd.")
            if swapped
            else wrong
            if self.age_to.strip() and high is None
            else "",
            "valid_months": ""
            if read_number(self.valid_months, LONGEST_MONTHS)
            else _("Kies 1 tot %(most)s maanden.", most=LONGEST_MONTHS),
            "on_moving": "" if self.on_moving in get_args(Moving) else _("Kies wat er dan gebeurt."),
            "on_leaving": "" if self.on_leaving in get_args(Leaving) else _("Kies wat er dan gebeurt."),
            "earning": ""
            if self.earning in get_args(Earning)
            else _("Kies wanneer de organisator het geld krijgt."),
        }

    def _rules(self) -> Rules:
        earning: Any = self.earning
        on_moving: Any = self.on_moving
        on_leaving: Any = self.on_leaving
        return Rules(
            amount_cents=read_euro(self.amount) or 0,
            valid_months=read_number(self.valid_months, LONGEST_MONTHS) or 0,
            earning=earning,
            age_from=read_number(self.age_from, OLDEST),
            age_to=read_number(self.age_to, OLDEST),
            social_only=self.social_only == "true",
            refnis=[self.refnis] if self.refnis else [],
            domains=[name for name in DOMAINS if getattr(self, name) == "true"],
            on_moving=on_moving,
            on_leaving=on_leaving,
        )


class AdmitForm(Struct, frozen=True):
    """`organiser`: an id, or `all` of the region."""

    organiser: str = ""


class GrantForm(Struct, frozen=True):
    grant_id: UUID
    programme_id: UUID


class ReverseGrantForm(Struct, frozen=True):
    reversal_id: UUID
    release_id: UUID
    reason: str = ""


def refnis_error(refnis: str, towns: list[Town]) -> str:
    return "" if refnis in {"", *(town.refnis for town in towns)} else _("Kies een gemeente.")
