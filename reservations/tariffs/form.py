"""What an organiser says of a tariff, as a form of their desk has it; what is wrong comes back per field."""

from typing import Final, Literal

from msgspec import Struct

from organisers.uitdatabank.tariff_name import MOST_LEAST
from reservations.tariffs.waiting import AskedTariff, TicketRule
from uit.core.translation import gettext as _
from uit.web.age_band import TypedAges
from uit.web.form import Errors, Labels, number_error, only_errors, read_number, typed_number

MOST_WEIGHT: Final = 100


def labels() -> Labels:
    return {
        "sold": _("Verkoop je dit tarief hier?"),
        "weight": _("Hoeveel plaatsen neemt één ticket?"),
        "least": _("Vanaf hoeveel tickets kan men het kopen?"),
        "age_from": _("Vanaf welke leeftijd?"),
        "age_to": _("Tot en met welke leeftijd?"),
    }


class TariffForm(Struct, frozen=True):
    """What was typed."""

    sold: str = ""
    weight: str = ""
    least: str = "1"
    age_from: str = ""
    age_to: str = ""

    def read(self) -> TicketRule | Literal["not_sold"] | Errors:
        """The rule, or that it is not sold, or what is wrong."""
        if self.sold == "nee":
            return "not_sold"
        errors = self.errors()
        weight, least = read_number(self.weight, MOST_WEIGHT), read_number(self.least, MOST_LEAST)
        if errors or not weight or not least:
            return errors
        return TicketRule(weight, least, self.ages.lowest, self.ages.highest)

    def errors(self) -> Errors:
        return only_errors(
            {
                "sold": "" if self.sold == "ja" else _("Kies ja of nee."),
                "weight": number_error(self.weight, 1, MOST_WEIGHT),
                "least": number_error(self.least, 1, MOST_LEAST),
                **self.ages.errors(),
            }
        )

    @property
    def ages(self) -> TypedAges:
        return TypedAges(self.age_from, self.age_to)


def typed_of(tariff: AskedTariff) -> TariffForm:
    """The form with what was said before."""
    if not tariff.is_sold:
        return TariffForm("" if tariff.is_sold is None else "nee")
    numbers = tariff.weight, tariff.least, tariff.age_from, tariff.age_to
    return TariffForm("ja", *map(typed_number, numbers))
