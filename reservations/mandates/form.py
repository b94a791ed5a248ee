"""The form of a mandate: which partner, what it may do, and until when."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from reservations.helping.form import EXAMPLE, POWERS, day_error
from uit.core.translation import gettext as _
from uit.identity.partner.mandate import NewMandate
from uit.web.amount import euro_error, read_euro
from uit.web.form import Errors, Labels, only_errors, read_day, read_id


def labels() -> Labels:
    return {
        "partner": _("Welke organisatie?"),
        "see": _("Krediet zien, en waar iemand naartoe gaat"),
        "book": _("Boeken"),
        "pay": _("Betalen met krediet"),
        "bedrag": _("Hoeveel euro hoogstens, per boeking"),
        "tot": _("Tot en met welke dag?"),
    }


def read_mandate(
    typed: Mapping[str, str], mandate_id: UUID, partners: Collection[UUID], today: date
) -> NewMandate | Errors:
    """What is given, or by field what has to change. Paying asks an amount, and that one may book."""
    partner_id, ends_on = read_id(typed.get("partner", "")), read_day(typed.get("tot", ""))
    powers, amount = [each for each in POWERS if typed.get(each)], typed.get("bedrag", "")
    pays_only = "pay" in powers and "book" not in powers
    errors = only_errors(
        {
            "partner": "" if partner_id in partners else _("Kies een organisatie."),
            "see": "" if powers else _("Kies minstens één ding dat de organisatie mag doen."),
            "pay": _("Wie betaalt, moet ook mogen boeken.") if pays_only else "",
            "bedrag": euro_error(amount, EXAMPLE) if "pay" in powers else "",
            "tot": day_error(ends_on, today),
        }
    )
    if errors or partner_id is None or ends_on is None:
        return errors
    limit_cents = read_euro(amount) if "pay" in powers else None
    return NewMandate(mandate_id, partner_id, powers, limit_cents, ends_on)
