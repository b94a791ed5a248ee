"""What each role may do, where it holds, and where its desk stands."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from uit.core.translation import gettext as _
from uit.identity.visitor import FLANDERS, Role
from uit.services.region import Region


class RoleDesk(Struct, frozen=True):
    """The address of the desk that a role has, if it has one.

    `within_town`: its door also lets in who has the role for one municipality of the region. `more`: the
    addresses of its other desks.
    """

    address: str | None = None
    within_town: bool = False
    more: tuple[str, ...] = ()


REGION_OFFICER: Final = "region_officer"
OF_AN_ORGANISER: Final = ("organiser", "box_office")
OF_A_TOWN: Final = ("municipality",)
PERHAPS_OF_A_TOWN: Final = ("clerk",)
"""For one municipality of the region, or for all of it."""
OF_A_PARTNER: Final = ("group_worker", "social_worker")
"""A social worker for a social service: they see whom that helps, and nobody else."""
OF_FLANDERS: Final = ("tourism_officer", "assessor")
GIVEN_IN_REGION: Final = (
    REGION_OFFICER,
    *PERHAPS_OF_A_TOWN,
    "programme_officer",
    "financial_director",
    "auditor",
    *OF_AN_ORGANISER,
    *OF_A_PARTNER,
)
"""What a region gives its own colleagues."""
INVITED: Final = (*GIVEN_IN_REGION, *OF_A_TOWN, *OF_FLANDERS)

OFFICE: Final = "/{region}/beheer"
PROGRAMMES: Final = "/{region}/programmas"
GROUPS: Final = "/{region}/groepen"
DECISIONS: Final = "/{region}/taken"
SELLERS: Final = "/{region}/verkopers"
DIFFERENCES: Final = "/{region}/verschillen"
REMITTANCES: Final = "/{region}/afdrachten"
TILLS: Final = "/{region}/kassas"
PUBLIC_COMPUTERS: Final = "/{region}/openbare-computers"
UITDATABANK: Final = "/{region}/uitdatabank"
SHARING: Final = "/{region}/samen"
MEASURES: Final = "/{region}/maatregelen"
WAITING_ROOMS: Final = "/{region}/wachtkamers"
JOURNAL: Final = "/{region}/dagboek"
YEARS: Final = "/{region}/jaren"
COUNTER: Final = "/{region}/balie"
COUNTER_TILLS: Final = "/{region}/balie/kassas"
ORGANISER_TODAY: Final = "/{region}/organisaties/{organiser_id}/vandaag"
PARTNER: Final = "/{region}/partners/{partner_id}"
PARTNER_PEOPLE: Final = f"{PARTNER}/mensen"
WORKLIST: Final = "/labels/werklijst"
TOWN: Final = "/labels/gemeente/{refnis}"
ROLE_DESKS: Final = {
    "clerk": RoleDesk(COUNTER, within_town=True, more=(COUNTER_TILLS,)),
    "social_worker": RoleDesk(PARTNER_PEOPLE),
    "box_office": RoleDesk(ORGANISER_TODAY),
    "organiser": RoleDesk(ORGANISER_TODAY),
    "group_worker": RoleDesk(PARTNER, more=(PARTNER_PEOPLE,)),
    "region_officer": RoleDesk(OFFICE),
    "programme_officer": RoleDesk(
        PROGRAMMES,
        more=(
            *(GROUPS, DECISIONS, MEASURES, WAITING_ROOMS, SHARING, SELLERS, DIFFERENCES),
            *(TILLS, PUBLIC_COMPUTERS, UITDATABANK),
        ),
    ),
    "financial_director": RoleDesk(PROGRAMMES, more=(JOURNAL, YEARS, REMITTANCES, SELLERS, DIFFERENCES)),
    "auditor": RoleDesk(PROGRAMMES, more=(JOURNAL, YEARS, REMITTANCES, SELLERS)),
    "tourism_officer": RoleDesk(WORKLIST),
    "assessor": RoleDesk(WORKLIST),
    "jury_member": RoleDesk(),
    "municipality": RoleDesk(TOWN),
}


def titles() -> dict[str, str]:
    """What each role is called."""
    return {
        "clerk": _("Balie"),
        "social_worker": _("Sociaal werk"),
        "box_office": _("Kassa"),
        "organiser": _("Organisator"),
        "group_worker": _("Groepsbegeleider"),
        "region_officer": _("Regiobeheer"),
        "programme_officer": _("Programma's"),
        "financial_director": _("Financieel directeur"),
        "auditor": _("Nazicht"),
        "tourism_officer": _("Toerisme"),
        "assessor": _("Beoordelaar"),
        "jury_member": _("Jury"),
        "municipality": _("Gemeente"),
    }


def work() -> dict[str, str]:
    """What each role does at its desk."""
    return {
        "clerk": _("Mensen zoeken en inschrijven, passen en krediet geven."),
        "social_worker": _("Kansentarief, krediet en boekingen voor wie je dienst helpt."),
        "box_office": _("Plaatsen en tickets van vandaag."),
        "organiser": _("Activiteiten maken, plaatsen verkopen, en de deur."),
        "group_worker": _("Boeken voor groepen van je organisatie."),
        "region_officer": _("Collega's uitnodigen, organisatoren toevoegen, en koppelingen beheren."),
        "programme_officer": _("Krediet openen, en zien wat er gebruikt wordt."),
        "financial_director": _(
            "Zien wat er van elk programma gebruikt is, het dagboek, en boekjaren afsluiten."
        ),
        "auditor": _("Nakijken, zonder iets te veranderen."),
        "tourism_officer": _("Dossiers van gemeenten nakijken en beslissen."),
        "assessor": _("Dossiers van gemeenten nakijken."),
        "municipality": _("Het label van je gemeente vragen en opvolgen."),
    }


def other_desks() -> dict[str, tuple[str, str]]:
    """What each further desk is called, and what is done there, by its address."""
    return {
        GROUPS: (_("Groepen"), _("Groepspassen en krediet geven aan partners.")),
        DECISIONS: (_("Beslissingen"), _("Beslissen over datums waar een organisator niet op antwoordt.")),
        SELLERS: (_("Verkopers"), _("Zien wie in wiens naam verkoopt, en met welk mandaat.")),
        DIFFERENCES: (_("Verschillen"), _("Zien waar de betaaldienst en onze boeken verschillen.")),
        REMITTANCES: (
            _("Afdrachten"),
            _("Zien wat de regio voor anderen verkocht, en wat ze hun nog schuldig is."),
        ),
        MEASURES: (_("Maatregelen"), _("Tijdelijk minder mensen in zalen, en zien wie dat raakt.")),
        WAITING_ROOMS: (_("Wachtkamers"), _("Zien waar veel mensen tegelijk willen boeken.")),
        SHARING: (_("Gedeelde plaatsen"), _("Plaatsen die organisatoren delen, zoals op een plein.")),
        UITDATABANK: (_("UiTdatabank"), _("Zeggen hoe de plaatsen van de bron geteld worden.")),
        JOURNAL: (_("Dagboek"), _("Elk bedrag van de regio, dag per dag.")),
        YEARS: (_("Boekjaren"), _("Zien welke jaren afgesloten zijn.")),
        COUNTER_TILLS: (
            _("Kassa's aan de balie"),
            _("Geld aannemen en plaatsen verkopen voor organisatoren."),
        ),
        PARTNER_PEOPLE: (_("Mensen"), _("Boeken voor wie het je organisatie toelaat.")),
        TILLS: (_("Kassa's"), _("Afspreken wanneer een tweede persoon tekent voor een kassa.")),
        PUBLIC_COMPUTERS: (
            _("Openbare computers"),
            _("Zeggen op welke computers veel mensen na elkaar boeken."),
        ),
    }


class Desk(Struct, frozen=True):
    """One line of somebody's work: the role, where it holds, and the desk if there is one that lets it in."""

    title: str
    where: str
    what: str
    address: str | None


def desks_of(roles: Sequence[Role], regions: Mapping[int, Region], towns: Mapping[str, str]) -> list[Desk]:
    """The desks of these roles; `towns` names municipalities by their refnis."""
    return [desk for role in roles for desk in of_role(role, regions.get(role.region_id), towns)]


def of_role(role: Role, region: Region | None, towns: Mapping[str, str]) -> list[Desk]:
    where = towns.get(role.refnis or "") or (region.name if region else _("Vlaanderen"))
    desk = ROLE_DESKS[role.role]
    address = address_of(role, region, desk.address)
    first = Desk(titles()[role.role], where, work()[role.role] if address else "", address)
    more = {pattern: address_of(role, region, pattern) for pattern in desk.more}
    others = [(*other_desks()[pattern], at) for pattern, at in more.items() if at]
    return [first, *(Desk(title, where, what, at) for title, what, at in others)]


def address_of(role: Role, region: Region | None, pattern: str | None) -> str | None:
    """Where the role works; None where its door does not let it in, as when it holds for one town only."""
    desk, pattern = ROLE_DESKS[role.role], pattern or ""
    names = {"region": region and region.slug, "organiser_id": role.organiser_id, "refnis": role.refnis}
    names["partner_id"] = role.partner_id
    path = {name: value for name, value in names.items() if f"{{{name}}}" in pattern}
    region_id = role.region_id if "region" in path else FLANDERS
    lets_in = holds(role, region_id, path, within_town=desk.within_town)
    return pattern.format(**path) if pattern and lets_in and None not in path.values() else None


def holds(role: Role, region_id: int, path: dict[str, Any], *, within_town: bool) -> bool:
    """Whether an address of this region names everything that the role is limited to.

    A municipality is the same whichever region gave the role. `within_town`: the address need not name it.
    Who works for a partner is let in at its addresses alone, and nobody else is.
    """
    in_own_town = role.refnis is not None and role.refnis == path.get("refnis")
    return (
        (role.region_id == region_id or (in_own_town and region_id == FLANDERS))
        and role.organiser_id in {None, path.get("organiser_id")}
        and role.partner_id == path.get("partner_id")
        and (role.refnis is None or in_own_town or within_town)
    )
