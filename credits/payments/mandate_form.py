"""The form by which a region becomes the seller for an organiser; what is wrong comes back per field."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from credits.payments.mandate import SellingOrganiser
from organisers.mandate import Mandate
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, read_day, read_id, text_error

MOST_LETTERS = 200


def labels() -> Labels:
    return {
        "organiser": _("Voor welke organisator?"),
        "agent": _("Wie verkoopt in eigen naam?"),
        "reference": _("Beslissing van de raad"),
        "legal_opinion": _("Juridisch advies"),
        "procurement": _("Overheidsopdracht"),
        "starts": _("Vanaf"),
        "ends": _("Tot en met"),
    }


class MandateForm(Struct, frozen=True):
    """What was typed; organisers by their ids. `mandate_id` is of the form: sent twice, it is one mandate."""

    mandate_id: UUID
    organiser: str = ""
    agent: str = ""
    reference: str = ""
    legal_opinion: str = ""
    procurement: str = ""
    starts: str = ""
    ends: str = ""

    def read(self, organisers: Sequence[SellingOrganiser], today: date) -> Mandate | Errors:
        """The mandate that the form gives, or what is wrong with it, per field.

        The agent sells as soon as it is given, so it began by today and is not over.
        """
        known = {each.id: each for each in organisers}
        organiser, agent = read_id(self.organiser), read_id(self.agent)
        starts, ends = read_day(self.starts), read_day(self.ends) if self.ends.strip() else None
        errors = only_errors(
            {
                "organiser": "" if organiser in known else _("Kies een organisator."),
                "agent": agent_error(known.get(agent) if agent else None, same=agent == organiser),
                "reference": text_error(self.reference, _("Vul in welke beslissing."), MOST_LETTERS),
                "legal_opinion": text_error(self.legal_opinion, _("Vul in welk advies."), MOST_LETTERS),
                "procurement": text_error(self.procurement, _("Vul in welke opdracht."), MOST_LETTERS),
                "starts": starts_error(starts, today),
                "ends": ends_error(self.ends, ends, today),
            }
        )
        if errors or organiser is None or agent is None or starts is None:
            return errors
        return Mandate(
            id=self.mandate_id,
            organiser_id=organiser,
            agent_id=agent,
            reference=one_line(self.reference),
            legal_opinion=one_line(self.legal_opinion),
            procurement=one_line(self.procurement),
            starts_on=starts,
            ends_on=ends,
        )


def agent_error(agent: SellingOrganiser | None, *, same: bool) -> str:
    if agent is None:
        return _("Kies wie verkoopt.")
    return _("Kies iemand anders dan de organisator, die zelf verkoopt.") if same or agent.agent else ""


def starts_error(starts: date | None, today: date) -> str:
    if starts is None:
        return _("Kies een dag.")
    return "" if starts <= today else _("Dit mandaat loopt nog niet. Kom terug op de dag dat het begint.")


def ends_error(typed: str, ends: date | None, today: date) -> str:
    if not typed.strip():
        return ""
    return "" if ends and ends >= today else _("Kies vandaag of een dag die nog komt.")
