"""Pages in another language: a catalogue made here takes the place of one that somebody keeps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from tests.builders import World
from uit.core.formats import euro
from uit.core.translation import DUTCH, IN_DUTCH, LANGUAGE, gettext, read_language
from uit.web.view import environment

NOWHERE: Final = "Er doet nu geen organisator mee. Dit krediet is nergens te gebruiken."
FRENCH: Final = {
    NOWHERE: "Aucun organisateur ne participe.",
    "Vanaf": "À partir du",
    "Dit is geen dag die wij kennen. Kies er een, zoals 4-5-2026.": "Ce jour n'existe pas.",
    "Naar de inhoud": "Aller au contenu",
    "Kies 1 tot %(most)s maanden.": "Choisissez 1 à %(most)s mois.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a catalogue of French is, of a few words only."""
    catalogue = Catalog(locale="fr")
    for dutch, french in FRENCH.items():
        catalogue.add(dutch, french)
    file = tmp_path / "fr" / "LC_MESSAGES" / "uit.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as binary:
        write_mo(binary, catalogue)
    return tmp_path


@pytest.fixture
def french(folder: Path) -> Iterator[None]:
    before = LANGUAGE.set(read_language("fr", folder))
    yield
    LANGUAGE.reset(before)


async def test_without_a_language_a_page_is_dutch(world: World) -> None:
    page = (await world.client.get("/dender/agenda?van=onzin")).text

    assert '<html lang="nl">' in page
    assert "Vanaf: Dit is geen dag die wij kennen." in page


@pytest.mark.usefixtures("french")
async def test_a_page_says_labels_errors_and_its_own_words_in_the_language_of_now(world: World) -> None:
    page = (await world.client.get("/dender/agenda?van=onzin")).text

    assert '<html lang="fr">' in page
    assert "À partir du: Ce jour n&#39;existe pas." in page
    assert "Aller au contenu" in page
    assert "Vanaf" not in page


@pytest.mark.usefixtures("french")
async def test_a_refusal_on_a_page_is_in_the_language_of_now(world: World) -> None:
    page = (await world.client.get("/nergens")).text

    assert '<html lang="fr">' in page
    assert "Introuvable" in page


@pytest.mark.usefixtures("french")
def test_values_amounts_and_numbers_follow_the_language_of_now() -> None:
    assert gettext("Kies 1 tot %(most)s maanden.", most=60) == "Choisissez 1 à 60 mois."
    assert euro(1250) == "12,50\N{NO-BREAK SPACE}€"
    assert euro(1250, DUTCH) == "€\N{NO-BREAK SPACE}12,50"


@pytest.mark.usefixtures("french")
def test_what_a_catalogue_does_not_have_stays_dutch() -> None:
    assert gettext("Kies een gemeente.") == "Kies een gemeente."


def test_words_that_pages_share_are_said_in_the_language_of_each(folder: Path) -> None:
    shared = environment().from_string('{% from "credits/words.html" import nowhere %}{{ nowhere() }}')
    spoken = []
    for language in (IN_DUTCH, read_language("fr", folder)):
        before = LANGUAGE.set(language)
        spoken.append(shared.render())
        LANGUAGE.reset(before)

    assert spoken == [NOWHERE, FRENCH[NOWHERE]]


def test_a_language_without_a_catalogue_is_an_error(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_language("de", folder)
