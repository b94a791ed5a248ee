"""Whom one asks about a booking."""

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.services.region import Region


class SellerContact(Struct, frozen=True):
    """Whom one asks about a booking: who sells it, and where they are reached."""

    name: str
    phone: str | None
    email: str | None


def whom_to_ask(contact: SellerContact | None, region: Region) -> str:
    """Where one asks about a booking: who sells it, else the region; empty where neither can be reached."""
    if contact and contact.phone:
        return _("Vragen? Bel %(name)s: %(phone)s.", name=contact.name, phone=contact.phone)
    if contact and contact.email:
        return _("Vragen? Mail %(name)s: %(email)s.", name=contact.name, email=contact.email)
    return _("Vragen? Bel %(phone)s.", phone=region.help_phone) if region.help_phone else ""
