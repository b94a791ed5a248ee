"""What names of tariffs say, as organisers type them: for how many, and for which ages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisers.uitdatabank.tariff_name import TariffRule, read_rule

FOR_SEVERAL = {
    "Gezin (2 volwassenen + 2 kinderen)": 4,
    "Gezinsticket (2 volw. + 3 kinderen)": 5,
    "Gezin 2+2": 4,
    "Familieticket 2 + 3": 5,
    "Famille (2 adultes + 2 enfants)": 4,
    "Gezin (2 volwassenen en 2 kinderen < 12 jaar)": 4,
    "Gezin met 2 ouders en 1 kind": 3,
    "Gezin 4 personen": 4,
    "Familiepas (4 personen)": 4,
    "Duoticket": 2,
    "Duo": 2,
    "Duo (ouder + kind)": 2,
    "2 personen": 2,
    "Ticket voor 2 personen": 2,
    "4 pers.": 4,
    "Ticket voor 2": 2,
    "Koppel": 2,
    "Twee personen": 2,
    "Één ouder & kind": 2,
    "Ouder + kind": 2,
    "Ouder en kind": 2,
    "Ouder + 2 kinderen": 3,
    "1 ouder + 1 kind": 2,
    "1 volwassene + 1 kind": 2,
    "Rolstoelgebruiker + begeleider": 2,
    "Tafel voor 8 personen": 8,
    "Vriendenticket (4 personen)": 4,
    "2 volwassenen": 2,
    "2 kinderen + begeleider": 3,
    "Mindervaliden + begeleider": 2,
    "Workshop 2 personen": 2,
    "Couple": 2,
    "Duo (2 personen)": 2,
    "Volwassene + kind (-12 jaar)": 2,
    "Kind met ouder": 2,
    "Kind (met een ouder)": 2,
    "Kleuter + mama": 2,
    "Baby + ouder": 2,
    "kind en begeleider": 2,
    "Begeleider + kind": 2,
    "Begeleider + rolstoelgebruiker": 2,
    "Grootouder + kleinkind": 2,
    "Enfant avec parent": 2,
    "Gezin (4 personen: 2 volwassenen + 2 kinderen)": 4,
    "Gezin met 2 kinderen en 2 ouders": 4,
}
"""By name, how many people one ticket is for."""
FOR_A_GROUP = {
    "Groep vanaf 10 personen": 10,
    "Groepen vanaf 15": 15,
    "Groep (min. 10)": 10,
    "Groep (min. 15 pers.)": 15,
    "vanaf 20 personen": 20,
    "Groep +20": 20,
    "Groep (10 of meer personen)": 10,
    "10+ personen": 10,
    "Groupe à partir de 10 personnes": 10,
    "Groep vanaf 10 kinderen": 10,
    "Vanaf 3 tickets": 3,
    "Groep van minstens 12": 12,
    "vanaf 2 personen": 2,
    "Groupe (min. 20 personnes)": 20,
    "Groep (vanaf 15 personen, per persoon)": 15,
}
"""By name, from how many it is sold."""
FOR_AN_AGE = {
    "Jongeren (<18j)": (None, 17),
    "-26 jaar": (None, 25),
    "+26 jaar": (26, None),
    "Kind 3-12 jaar": (3, 12),
    "65+": (65, None),
    "65 +": (65, None),
    "Senioren 65+": (65, None),
    "Vanaf 65 jaar": (65, None),
    "60 jaar en ouder": (60, None),
    "Kind tot 6 jaar": (None, 5),
    "Kinderen tot 12 jaar": (None, 11),
    "Kinderen t.e.m. 12 jaar": (None, 12),
    "Kinderen t/m 12 jaar": (None, 12),
    "Kinderen tot en met 12 jaar": (None, 12),
    "Kind (0 tot 6 jaar)": (0, 5),
    "-12 jaar": (None, 11),
    "-12": (None, 11),
    "-12j": (None, 11),
    "< 12 jaar": (None, 11),
    "Jonger dan 26 jaar": (None, 25),
    "min 26 jaar": (None, 25),
    "Onder 18 jaar": (None, 17),
    "Onder de 18 jaar": (None, 17),
    "-26-jarigen": (None, 25),
    "6 tem 12 jaar": (6, 12),
    "12 jaar en jonger": (None, 12),
    "\N{LESS-THAN OR EQUAL TO} 12 jaar": (None, 12),
    "Kinderen 6 \N{EN DASH} 12 jaar": (6, 12),
    "Jongeren 12-18": (12, 18),
    "Moins de 26 ans": (None, 25),
    "Enfants de 3 à 12 ans": (3, 12),
    "Enfant (- de 12 ans)": (None, 11),
    "Plus de 65 ans": (65, None),
    "Jusqu'à 12 ans": (None, 11),
    "Jusqu'à 12 ans inclus": (None, 12),
    "À partir de 65 ans": (65, None),
    "Student -26 jaar": (None, 25),
    "Kinderen en jongeren -18 jaar": (None, 17),
    "Leden -18 jaar": (None, 17),
    "Kinderen van 6 tot en met 12 jaar": (6, 12),
    "Baby's 0-2 jaar": (0, 2),
    "Reductietarief (65+)": (65, None),
    "ouder dan 65 jaar": (66, None),
    "Enfants (moins de 12 ans)": (None, 11),
    "Kinderen < 12j. gratis": (None, 11),
    "Kinderen -12 jaar gratis": (None, 11),
    "Jongere (tot 26 jaar)": (None, 25),
    "Jeugd -25": (None, 24),
    "-25": (None, 24),
    "Kinderen -6": (None, 5),
    "Kind (3-12j.)": (3, 12),
    "3 tot 12 jaar": (3, 11),
}
"""By name, the youngest and the oldest, both included."""
ASKED = [
    "Gezin",
    "Gezinsticket",
    "Familieticket",
    "Familie",
    "Famille",
    "Gezin (max. 5 personen)",
    "Gezin (2 volwassenen + max. 3 kinderen)",
    "Gezin vanaf 3 personen",
    "Grote gezinnen",
    "Ouder met kinderen",
    "Duoticket 4 personen",
    "Groepstarief",
    "Groep",
    "Groep!",
    "Groep van 10 personen",
    "Groep 10-20 personen",
    "Groupe",
    "Schoolgroepen",
    "Klas",
    "Tafel",
    "10-beurtenkaart",
    "Beurtenkaart",
    "10 beurten",
    "Abonnement",
    "10-rittenkaart",
    "Reeks van 10 lessen",
    "10 lessen",
    "1+1 gratis",
    "12-badenkaart",
    "Combiticket 2 voorstellingen",
    "Groepen (15p)",
    "20 personen",
    "Carte 10 entrées",
    "Trio",
    "Gezin (2 ouders + kinderen)",
    "Gezin: 2 volwassenen + alle kinderen",
    "Gezin met 2 kinderen",
    "Famille (3 enfants)",
    "Gezin met 2 kinderen (5 personen)",
    "Kinderen met ouder",
    "Kind (6-12 jaar) + ouder",
    "Kind tot 6 jaar met ouder",
    "Student + begeleider",
    "Kinderen en begeleiders",
    "Kinderen tot 12 jaar (min. 10 personen)",
    "Volwassenen (min. 10 personen, -26 jaar)",
    "Vanaf 10 personen: 5 euro",
    "Vanaf 2 personen 10% korting",
    "2-4 personen",
    "2 tot 4 personen",
    "4 à 6 personen",
    "2 of 3 kinderen",
]
"""For several people or several times, and nobody can read for how many."""
FOR_ANYBODY = [
    "Basistarief",
    "Tarif de base",
    "Lid van de bib",
    "Leden",
    "Student",
    "Studenten",
    "Kinderen",
    "Senioren",
    "Begeleider",
    "1 persoon",
    "Per persoon",
    "Prijs per kind",
    "Volwassene",
    "Scholen",
    "18+",
    "Volwassenen 18+",
    "Volwassenen (18+)",
    "18+ volwassenen",
    "Vanaf 12 jaar",
    "+12 jaar",
    "Volwassenen vanaf 18 jaar",
    "Jonger dan 26",
    "Min. 18 jaar",
    "Étudiants",
    "-12 jaar en +65 jaar",
    "-26 / 65+",
    "Studenten en -26 jaar",
    "Student of -26 jaar",
    "Jongeren (<18j) en studenten",
    "Gezinsbond",
    "Lid Gezinsbond",
    "Tweede kind uit een gezin",
    "2de kind",
    "2e kind uit hetzelfde gezin",
    "Kinderen en jongeren",
    "Kortingstarief doelgroepen",
    "Kansentarief",
    "10+",
    "10-20",
    "-50%",
    "Korting -10 euro",
    "Vroegboekkorting",
    "Early bird",
    "Ticket dag 1",
    "Weekendticket",
    "Vanaf 20",
    "Volwassenen",
    "Kids",
    "3 dagen",
    "Kortingstarief (-26, 65+, mindervaliden)",
    "Gezinsvoorstelling",
    "Ticket + drankje",
    "Inkom + gids",
    "Rang 1",
    "Rang 2",
    "Balkon",
    "Familievoorstelling",
    "Zaterdag 12 december",
    "Kind < 1m20",
    "Kind tot 1 meter",
    "Kinderen tot 1 metre",
    "Kind tot 90 centimeter",
    "6 tot 1 jaar",
    "tot 0 jaar",
    "Jeugdhuis vanaf 20u",
    "UiTPAS aan kansentarief",
]
"""One place for whoever comes: grown-ups, or a condition that we do not know."""


@pytest.mark.parametrize(("name", "people"), FOR_SEVERAL.items())
def test_a_ticket_for_several_people_says_for_how_many(name: str, people: int) -> None:
    assert read_rule(name) == TariffRule(weight=people)


@pytest.mark.parametrize(("name", "least"), FOR_A_GROUP.items())
def test_a_price_for_a_group_says_from_how_many(name: str, least: int) -> None:
    assert read_rule(name) == TariffRule(least=least)


@pytest.mark.parametrize(("name", "ages"), FOR_AN_AGE.items())
def test_an_age_in_a_name_is_a_limit(name: str, ages: tuple[int | None, int | None]) -> None:
    assert read_rule(name) == TariffRule(age_from=ages[0], age_to=ages[1])


@pytest.mark.parametrize("name", ASKED)
def test_what_is_for_several_and_does_not_say_for_how_many_is_asked(name: str) -> None:
    assert read_rule(name) is None


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_any_other_name_is_one_place_for_anybody(name: str) -> None:
    assert read_rule(name) == TariffRule()


WORDS = st.sampled_from(
    [
        "gezin",
        "groep",
        "duo",
        "kind",
        "jaar",
        "volwassenen",
        "personen",
        "vanaf",
        "tot",
        "met",
        "+",
        "-",
        "<",
        "&",
    ]
)
PARTS = st.one_of(WORDS, st.integers(0, 999).map(str), st.text(max_size=4))


@given(st.lists(PARTS, max_size=12).map(" ".join))
def test_whatever_is_typed_gives_a_rule_that_can_be_kept_or_a_question(name: str) -> None:
    rule = read_rule(name)

    if rule:
        assert 1 <= rule.weight <= 100
        assert 1 <= rule.least <= 1000
        assert (rule.age_from or 0) <= (120 if rule.age_to is None else rule.age_to)
