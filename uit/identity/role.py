"""What each role may do, and where its desk stands."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from uit.ground.region import Region
from uit.identity.visitor import Role


class Post(Struct, frozen=True):
    """What a role is called and, when it has a desk, the address of that and what one does there."""

    title: str
    address: str | None = None
    work: str = ""


PROGRAMMES: Final = "/{region}/programmas"
COUNTER: Final = "/{region}/balie"
ORGANISER: Final = "/{region}/organisaties/{organiser_id}"
WORKLIST: Final = "/labels/werklijst"
TOWN: Final = "/labels/gemeente/{refnis}"
POSTS: Final = {
    "clerk": Post("Balie", COUNTER, "Mensen zoeken en inschrijven, passen en krediet geven."),
    "social_worker": Post("Sociaal werk", COUNTER, "Mensen zoeken, kansentarief en krediet geven."),
    "box_office": Post("Kassa", ORGANISER, "Plaatsen en tickets van vandaag."),
    "organiser": Post("Organisator", ORGANISER, "Plaatsen, tickets en de deur."),
    "programme_officer": Post("Programma's", PROGRAMMES, "Krediet openen, en zien wat er gebruikt wordt."),
    "financial_director": Post(
        "Financieel directeur", PROGRAMMES, "Zien wat er van elk programma gebruikt is."
    ),
    "auditor": Post("Nazicht", PROGRAMMES, "Nakijken, zonder iets te veranderen."),
    "tourism_officer": Post("Toerisme", WORKLIST, "Dossiers van gemeenten nakijken en beslissen."),
    "assessor": Post("Beoordelaar", WORKLIST, "Dossiers van gemeenten nakijken."),
    "jury_member": Post("Jury"),
    "municipality": Post("Gemeente", TOWN, "Het label van je gemeente vragen en opvolgen."),
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
    post = POSTS[role.role]
    pattern = post.address or ""
    address = pattern.format(
        region=region.slug if region else "", organiser_id=role.organiser_id, refnis=role.refnis
    )
    reachable = address if region or "{region}" not in pattern else None
    where = towns.get(role.refnis or "") or (region.name if region else "Vlaanderen")
    return Desk(post.title, where, post.work, reachable or None)
