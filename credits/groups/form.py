"""The forms of group passes: a new one, other terms, and credit; what is wrong comes back per field."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct

from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.passes.group.group import GroupTerms, NewGroup
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, read_day, read_id, read_number, text_error

MOST_LETTERS: Final = 80
MOST_TICKETS: Final = 100_000
EXAMPLE: Final = "250"


def labels() -> Labels:
    return {
        "programme": _("Uit welk programma?"),
        "amount": _("Hoeveel euro?"),
        "partner": _("Van welke partner?"),
        "name": _("Naam van de groep"),
        "tickets": _("Tickets per jaar aan kansentarief"),
        "until": _("Geldig tot en met"),
    }


class TermsForm(Struct, frozen=True):
    """How many tickets a group has in a year, and until when, as typed."""

    tickets: str = ""
    until: str = ""

    def read(self, today: date) -> GroupTerms | Errors:
        tickets, until = read_number(self.tickets, MOST_TICKETS), read_day(self.until)
        if tickets is None or until is None or until < today:
            return self.wrong(today)
        return GroupTerms(tickets, until)

    def wrong(self, today: date) -> Errors:
        until = read_day(self.until)
        tickets_wrong = read_number(self.tickets, MOST_TICKETS) is None
        late = _("Kies vandaag of een latere dag.")
        return only_errors(
            {
                "tickets": _("Vul een getal in, zoals 100.") if tickets_wrong else "",
                "until": _("Vul een dag in, zoals 1/9/2026.")
                if until is None
                else late
                if until < today
                else "",
            }
        )


class GroupForm(TermsForm, frozen=True):
    """What was typed. `group_id` is of the form: sent twice, it is one group."""

    group_id: str = ""
    partner: str = ""
    name: str = ""

    def read_new(self, partners: Collection[UUID], today: date) -> NewGroup | Errors:
        partner_id, terms = read_id(self.partner), self.read(today)
        errors = only_errors(
            {
                "partner": "" if partner_id in partners else _("Kies een partner."),
                "name": text_error(self.name, _("Geef de groep een naam."), MOST_LETTERS),
            }
        )
        if errors or not isinstance(terms, GroupTerms) or partner_id is None:
            return {**errors, **(terms if isinstance(terms, dict) else {})}
        return NewGroup(terms.tickets_a_year, terms.social_until, partner_id, one_line(self.name))


class GroupGrantForm(Struct, frozen=True):
    """Credit for a group, as typed: an amount of a programme."""

    grant_id: str = ""
    programme: str = ""
    amount: str = ""

    def read(self, programmes: Collection[UUID]) -> tuple[UUID, int] | Errors:
        programme_id, cents = read_id(self.programme), read_euro(self.amount)
        if programme_id in programmes and programme_id and cents:
            return programme_id, cents
        return only_errors(
            {
                "programme": "" if programme_id in programmes else _("Kies een programma."),
                "amount": euro_error(self.amount, EXAMPLE),
            }
        )
