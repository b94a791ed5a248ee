"""What somebody's roles let them do, and where."""

from uuid import uuid4

from uit.identity.staff.role import ROLE_DESKS, desks_of, titles, work
from uit.identity.visitor import Role
from uit.services.region import Region

DENDER = Region(1, "dender", "Dender", None, None)


def test_a_desk_stands_in_its_region_its_organisation_or_its_town() -> None:
    organiser_id = uuid4()
    roles = [
        Role("clerk", 1, None, None),
        Role("box_office", 1, organiser_id, None),
        Role("municipality", 1, None, "41002"),
        Role("assessor", 0, None, None),
    ]

    desks = desks_of(roles, {1: DENDER}, {"41002": "Aalst"})

    assert [desk.address for desk in desks] == [
        "/dender/balie",
        "/dender/balie/kassas",
        f"/dender/organisaties/{organiser_id}/vandaag",
        "/labels/gemeente/41002",
        "/labels/werklijst",
    ]
    assert [desk.where for desk in desks] == ["Dender", "Dender", "Dender", "Aalst", "Vlaanderen"]


def test_an_officer_of_programmes_finds_all_that_they_look_after() -> None:
    desks = desks_of([Role("programme_officer", 1, None, None)], {1: DENDER}, {})

    assert [desk.title for desk in desks] == [
        "Programma's", "Groepen", "Beslissingen", "Maatregelen", "Wachtkamers", "Gedeelde plaatsen",
        "Verkopers", "Verschillen", "Kassa's", "Openbare computers", "UiTdatabank",
    ]  # fmt: skip


def test_a_role_without_a_desk_or_a_region_has_no_address() -> None:
    desks = desks_of([Role("jury_member", 0, None, None), Role("clerk", 9, None, None)], {1: DENDER}, {})

    assert [desk.address for desk in desks] == [None, None]


def test_a_role_for_less_than_its_desk_has_no_address() -> None:
    limited = [
        Role("programme_officer", 1, None, "41002"),
        Role("clerk", 1, uuid4(), None),
        Role("organiser", 1, None, None),
        Role("tourism_officer", 1, None, None),
        Role("assessor", 0, None, "41002"),
        Role("municipality", 0, None, None),
    ]

    desks = desks_of(limited, {1: DENDER}, {"41002": "Aalst"})

    assert [(desk.address, desk.what) for desk in desks] == [(None, "")] * len(limited)


def test_every_desk_says_what_it_is_for() -> None:
    assert {role for role, desk in ROLE_DESKS.items() if desk.address} == set(work())


def test_every_role_has_a_title() -> None:
    assert set(ROLE_DESKS) == set(titles())
