"""What each role may do, where it holds, and where its desk stands."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from uit.ground.region import Region
from uit.identity.visitor import FLANDERS, Role

TITLES: Final = {
    "clerk": "Balie",
    "social_worker": "Sociaal werk",
    "box_office": "Kassa",
    "organiser": "Organisator",
    "programme_officer": "Programma's",
    "financial_director": "Financieel directeur",
    "tourism_officer": "Toerisme",
    "assessor": "Beoordelaar",
    "jury_member": "Jury",
    "municipality": "Gemeente",
    "auditor": "Nazicht",
}
DESKS: Final = {
    "social_worker": "/{region}/balie",
    "financial_director": "/{region}/programmas",
    "auditor": "/{region}/programmas",
    "clerk": "/{region}/balie",
    "box_office": "/{region}/organisaties/{organiser_id}",
    "organiser": "/{region}/organisaties/{organiser_id}",
    "programme_officer": "/{region}/programmas",
    "tourism_officer": "/labels/werklijst",
    "assessor": "/labels/werklijst",
    "municipality": "/labels/gemeente/{refnis}",
}
"""Where a role works. A role that is not here has no desk yet."""
WITHIN_TOWN: Final = {"clerk", "social_worker"}
"""Whose desk also lets in who works for one municipality of its region, as its door says."""

WHAT: Final = {
    "social_worker": "Mensen zoeken, kansentarief en krediet geven.",
    "financial_director": "Zien wat er van elk programma gebruikt is.",
    "auditor": "Nakijken, zonder iets te veranderen.",
    "clerk": "Mensen zoeken en inschrijven, passen en krediet geven.",
    "box_office": "Plaatsen en tickets van vandaag.",
    "organiser": "Plaatsen, tickets en de deur.",
    "programme_officer": "Krediet openen, en zien wat er gebruikt wordt.",
    "tourism_officer": "Dossiers van gemeenten nakijken en beslissen.",
    "assessor": "Dossiers van gemeenten nakijken.",
    "municipality": "Het label van je gemeente vragen en opvolgen.",
}


class Desk(Struct, frozen=True):
    """One line of somebody's work: the role, where it holds, and the desk if there is one that lets it in."""

    title: str
    where: str
    what: str
    address: str | None


def desks_of(roles: Sequence[Role], regions: Mapping[int, Region], towns: Mapping[str, str]) -> list[Desk]:
    """The desks of these roles; `towns` names municipalities by their refnis."""
    return [desk_of(role, regions.get(role.region_id), towns) for role in roles]


def desk_of(role: Role, region: Region | None, towns: Mapping[str, str]) -> Desk:
    where = towns.get(role.refnis or "") or (region.name if region else "Vlaanderen")
    address = address_of(role, region)
    return Desk(TITLES[role.role], where, WHAT[role.role] if address else "", address)


def address_of(role: Role, region: Region | None) -> str | None:
    """Where the role works; None where its door does not let it in, as when it holds for one town only."""
    pattern = DESKS.get(role.role, "")
    names = {"region": region and region.slug, "organiser_id": role.organiser_id, "refnis": role.refnis}
    path = {name: value for name, value in names.items() if f"{{{name}}}" in pattern}
    region_id = role.region_id if "region" in path else FLANDERS
    lets_in = holds(role, region_id, path, within_town=role.role in WITHIN_TOWN)
    return pattern.format(**path) if pattern and lets_in and None not in path.values() else None


def holds(role: Role, region_id: int, path: dict[str, Any], *, within_town: bool) -> bool:
    """Whether an address of this region names everything that the role is limited to.

    A municipality is the same whichever region gave the role. `within_town`: the address need not name it.
    """
    in_own_town = role.refnis is not None and role.refnis == path.get("refnis")
    return (
        (role.region_id == region_id or (in_own_town and region_id == FLANDERS))
        and role.organiser_id in {None, path.get("organiser_id")}
        and (role.refnis is None or in_own_town or within_town)
    )
