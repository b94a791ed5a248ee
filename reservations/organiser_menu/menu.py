"""What stands together in the menu of an organiser's desk, each with what one does there."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from uit.core.translation import gettext as _

GROUPS: Final = ("zalen", "geld", "meer")


class MenuEntry(Struct, frozen=True):
    """A page of the desk; `path` is its address after that of the desk."""

    path: str
    name: str
    what: str


class MenuSection(Struct, frozen=True):
    """Entries about one thing; `name` is empty where a page has one section alone."""

    name: str
    entries: Sequence[MenuEntry]


class MenuGroup(Struct, frozen=True):
    """Sections that have one page together."""

    key: str
    name: str
    sections: Sequence[MenuSection]


def group_of(key: str) -> MenuGroup:
    return {"zalen": rooms, "geld": money, "meer": more}[key]()


def rooms() -> MenuGroup:
    entries = [
        MenuEntry("zaalplannen", _("Zaalplannen"), _("Rijen en stoelen, om een plaats te laten kiezen.")),
        MenuEntry("samen", _("Gedeelde plaatsen"), _("Plaatsen die je deelt over datums of met anderen.")),
        MenuEntry("maatregelen", _("Maatregelen"), _("Tijdelijk minder mensen in je zalen.")),
    ]
    return MenuGroup("zalen", _("Zalen"), [MenuSection("", entries)])


def money() -> MenuGroup:
    entries = [
        MenuEntry("kassa", _("Kassa"), _("Tickets verkopen aan de deur of aan het loket.")),
        MenuEntry("betalen", _("Zo word je betaald"), _("Bancontact, kaart of overschrijving.")),
        MenuEntry("facturen", _("Facturen"), _("Wat je op factuur verkocht.")),
        MenuEntry("klanten", _("Klanten"), _("Scholen en verenigingen die op factuur boeken.")),
        MenuEntry("dagboek", _("Dagboek"), _("Elk bedrag, dag per dag, voor je boekhouding.")),
    ]
    return MenuGroup("geld", _("Geld"), [MenuSection("", entries)])


def more() -> MenuGroup:
    agreed = [
        MenuEntry("tarieven", _("Tarieven"), _("Voor hoeveel een ticket is, en wat je ervoor vraagt.")),
        MenuEntry("cursussen", _("Cursussen"), _("Datums die je samen verkoopt.")),
        MenuEntry("afwezigen", _("Afwezigen"), _("Wat je doet met wie niet komt opdagen.")),
    ]
    seen = [
        MenuEntry("wachtlijsten", _("Wachtlijsten"), _("Waar mensen wachten op een plaats.")),
        MenuEntry("dertig-dagen", _("De komende 30 dagen"), _("Hoe vol elke datum is, en hoe het liep.")),
        MenuEntry("voorbij", _("Wat voorbij is"), _("Wie er kwam, en wat het opbracht.")),
    ]
    told = [MenuEntry("hulp", _("Zo werkt het"), _("Van een activiteit maken tot je geld krijgen."))]
    sections = [
        MenuSection(_("Wat je afspreekt"), agreed),
        MenuSection(_("Hoe het loopt"), seen),
        MenuSection(_("Hulp"), told),
    ]
    return MenuGroup("meer", _("Meer"), sections)
