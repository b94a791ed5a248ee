"""How a seller is paid, as the form of its desk says it; what is wrong comes back per field."""

from typing import Final

from msgspec import Struct

from credits.payments.seller import Seller, Ways
from uit.core.formats import typed_euro
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.amount import read_cash
from uit.web.enterprise_number import bare_number, enterprise_error
from uit.web.form import Errors, Labels, only_errors, read_number, text_error

MOST_HOURS: Final = 24 * 60
MOST_MINUTES: Final = 24 * 60
MOST_FEE_CENTS: Final = 5000
MOST_LETTERS: Final = 80
ON: Final = "ja"


class WaysForm(Struct, frozen=True):
    """What was typed. `desk` is ticked where one can pay at the box office."""

    desk: str = ""
    desk_hours: str = "48"
    desk_before_minutes: str = "30"
    fee: str = "0"


class CardForm(Struct, frozen=True):
    """Who signs for an association without legal personality: two people."""

    first: str = ""
    second: str = ""

    def read(self, *, has_number: bool) -> list[str] | Errors:
        """Their names, or what is wrong with them; nobody has to sign for who has an enterprise number."""
        if has_number:
            return []
        names = {"first": self.first, "second": self.second}
        errors = {name: text_error(text, _("Vul een naam in."), MOST_LETTERS) for name, text in names.items()}
        if not any(errors.values()) and one_line(self.first) == one_line(self.second):
            errors["second"] = _("Het moeten twee verschillende mensen zijn.")
        return only_errors(errors) or [one_line(self.first), one_line(self.second)]


class EnterpriseNumberForm(Struct, frozen=True):
    """The enterprise number of the organiser, as it was typed."""

    enterprise_number: str = ""

    def read(self) -> str | Errors:
        """Its ten digits, or what is wrong with them."""
        number = bare_number(self.enterprise_number)
        return only_errors({"enterprise_number": enterprise_error(number)}) or number


def labels() -> Labels:
    return {
        "enterprise_number": _("Je ondernemingsnummer"),
        "desk": _("Mensen mogen aan de kassa betalen"),
        "desk_hours": _("Zoveel uur houden we hun plaatsen vrij"),
        "desk_before_minutes": _("Maar nooit later dan zoveel minuten voor het begint"),
        "fee": _("Zoveel euro houd je per ticket in als iemand zelf annuleert"),
        "first": _("Wie tekent?"),
        "second": _("En wie nog?"),
    }


def typed_of(seller: Seller | None) -> WaysForm:
    """The form as things are now."""
    if seller is None:
        return WaysForm()
    return WaysForm(
        ON if seller.desk_hours else "",
        str(seller.desk_hours or 48),
        str(seller.desk_before_minutes),
        typed_euro(seller.cancel_fee_cents),
    )


def read_ways(typed: WaysForm) -> Ways | Errors:
    """The ways that the form says, or what is wrong with it, per field."""
    hours = read_number(typed.desk_hours, MOST_HOURS)
    minutes = read_number(typed.desk_before_minutes, MOST_MINUTES)
    fee_cents = read_cash(typed.fee)
    errors: Errors = {}
    if typed.desk and not hours:
        errors["desk_hours"] = _("Vul een aantal uren in, ten hoogste %(most)s.", most=MOST_HOURS)
    if typed.desk and minutes is None:
        errors["desk_before_minutes"] = _("Vul een aantal minuten in.")
    if fee_cents is None or fee_cents > MOST_FEE_CENTS:
        errors["fee"] = _("Vul een bedrag in, zoals 1,50. Ten hoogste 50 euro.")
    if errors or fee_cents is None:
        return errors
    return Ways(hours if typed.desk else None, minutes or 0, cancel_fee_cents=fee_cents)
