"""What each role may do, and where its desk stands."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from uit.ground.region import Region
from uit.identity.visitor import Role

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
    """One line of somebody's work: the role, where it holds, and its address when it has a desk."""

    title: str
    where: str
    what: str
    address: str | None


def desks_of(roles: Sequence[Role], regions: Mapping[int, Region], towns: Mapping[str, str]) -> list[Desk]:
    """The desks of these roles; `towns` names municipalities by their refnis."""
    return [desk_of(role, regions.get(role.region_id), towns) for role in roles]


def desk_of(role: Role, region: Region | None, towns: Mapping[str, str]) -> Desk:
    pattern = DESKS.get(role.role)
    address = pattern and pattern.format(
        region=region.slug if region else "", organiser_id=role.organiser_id, refnis=role.refnis
    )
    reachable = address if region or "{region}" not in (pattern or "") else None
    where = towns.get(role.refnis or "") or (region.name if region else "Vlaanderen")
    return Desk(TITLES[role.role], where, WHAT.get(role.role, ""), reachable)
