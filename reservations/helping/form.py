"""The form by which somebody asks another for help: who, what they may do, and until when."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from uit.core.email_address import is_email
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.identity.person.asked_help import Ask
from uit.identity.person.powers import a_year_after
from uit.passes.card.number import is_valid, without_separators
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, read_day, text_error

LONGEST_NAME: Final = 100
POWERS: Final = ("see", "book", "pay")
EXAMPLE: Final = "20"


def labels() -> Labels:
    """The labels of the fields of the form."""
    return {
        "naam": _("Voornaam en naam van wie jou helpt"),
        "bereik": _("E-mailadres of pasnummer van die persoon"),
        "see": _("Zien hoeveel krediet ik heb en waar ik naartoe ga"),
        "book": _("Voor mij boeken"),
        "pay": _("Betalen met mijn krediet"),
        "bedrag": _("Hoeveel euro hoogstens, per boeking"),
        "tot": _("Tot en met welke dag?"),
    }


def read_ask(typed: Mapping[str, str], ask_id: UUID, today: date) -> Ask | Errors:
    """What is asked, or by field what has to change. Paying asks an amount, and that one may book."""
    reached, powers = typed.get("bereik", "").strip(), [each for each in POWERS if typed.get(each)]
    number, ends_on = without_separators(reached), read_day(typed.get("tot", ""))
    errors = only_errors(
        {
            "naam": text_error(typed.get("naam", ""), _("Vul de naam in."), LONGEST_NAME),
            "bereik": ""
            if is_email(reached) or is_valid(number)
            else _("Vul een e-mailadres of pasnummer in."),
            "see": "" if powers else _("Kies minstens één ding dat deze persoon mag doen."),
            "pay": _("Wie betaalt, moet ook mogen boeken.") if powers in (["pay"], ["see", "pay"]) else "",
            "bedrag": euro_error(typed.get("bedrag", ""), EXAMPLE) if "pay" in powers else "",
            "tot": day_error(ends_on, today),
        }
    )
    if errors or ends_on is None:
        return errors
    by_mail = is_email(reached)
    return Ask(
        id=ask_id,
        name=one_line(typed["naam"]),
        email=reached.lower() if by_mail else None,
        card_number=None if by_mail else number,
        powers=powers,
        limit_cents=read_euro(typed["bedrag"]) if "pay" in powers else None,
        ends_on=ends_on,
    )


def day_error(day: date | None, today: date) -> str:
    """What is wrong with the last day: a trusted person helps for twelve months at most."""
    if day is None:
        return _("Vul een dag in, zoals 1/9/2026.")
    return "" if today <= day <= a_year_after(today) else _("Kies een dag binnen de twaalf maanden.")
