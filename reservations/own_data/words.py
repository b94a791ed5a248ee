"""What somebody reads of who looked at them, and for what."""

from reservations.own_data.gathering import OwnLook
from uit.core.translation import gettext as _


def who_looked(look: OwnLook) -> str:
    """The service that looked, and never who works there."""
    if look.name is None:
        return {
            "counter": _("Balie van de regio"),
            "social_service": _("Sociale dienst (OCMW)"),
            "partner": _("Een organisatie die je helpt"),
            "auditor": _("Controleur van de regio"),
            "client": _("Een programma van een organisator"),
        }.get(look.service, _("Een organisator"))
    return {
        "counter": _("Balie van %(name)s", name=look.name),
        "social_service": look.name,
        "client": _("Programma: %(name)s", name=look.name),
    }.get(look.service, look.name)


def why_looked(look: OwnLook) -> str:
    return {
        "details": _("Om je te helpen aan de balie"),
        "household": _("Om je gezin te bekijken"),
        "help": _("Om te zien wie je helpt"),
        "credit": _("Om je krediet te bekijken"),
        "copy": _("Om al je gegevens te lezen of mee te geven"),
        "price": _("Om te zeggen wat een plaats voor jou kost"),
        "decisions": _("Om een beslissing over jou te lezen of te nemen"),
        "ticket": _("Om te zien waarvoor je een ticket hebt"),
    }.get(look.purpose, _("Om je te helpen"))
