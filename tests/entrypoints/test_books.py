"""An operator prints the books of a legal entity, asks to close a year and hands it to an archive."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from credits.bookkeeping.closing import BookYear
from reservations.bookkeeping.years.closing import confirm_year
from tests.builders import World
from tests.credits.bookkeeping.years import a_full_year, author, seller_entity, town
from uit.core.settings import Settings
from uit.entrypoints.books import Whose, archive_year, close_year, print_journal
from uit.entrypoints.refused import CommandRefused

NUMBER = "0207.437.468"
YEAR = date(2014, 1, 1), date(2014, 12, 31)
Said = Callable[[], tuple[str, str]]


@pytest.fixture
def settings(world: World) -> Settings:
    return world.services.settings


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What went to standard output, and to standard error."""

    def read() -> tuple[str, str]:
        out, error = capsys.readouterr()
        return out, error

    return read


async def ask(settings: Settings, entity: str = NUMBER, *, dry_run: bool = False) -> int:
    return await close_year(settings, Whose("dender", entity), 2014, dry_run=dry_run, as_json=True)


async def test_the_journal_is_printed_as_csv_by_the_number_of_whose_books(
    world: World, settings: Settings, said: Said
) -> None:
    await a_full_year(world)

    assert await print_journal(settings, Whose("dender", NUMBER), YEAR, vat=False) == 0

    lines = said()[0].splitlines()
    assert lines[0].startswith("\ufeffDatum;Uur;Soort")
    assert len(lines) == 1 + 5


async def test_vat_is_printed_by_the_id_of_whose_books(world: World, settings: Settings, said: Said) -> None:
    session = await a_full_year(world)
    entity = await seller_entity(world, session.organiser_id)

    assert await print_journal(settings, Whose("dender", str(entity)), YEAR, vat=True) == 0

    assert "Samen;;exempt-44-2-9;" in said()[0]


async def test_a_dry_run_says_the_figures_and_asks_nothing(
    world: World, settings: Settings, said: Said
) -> None:
    await a_full_year(world)

    assert await ask(settings, dry_run=True) == 0

    found = json.loads(said()[0])
    assert (found["year"], found["transfers"], found["asked"], found["refusal"]) == (2014, 5, False, None)
    assert {each["kind"]: each["cents"] for each in found["balances"]}["payable"] == 300
    assert await world.value("SELECT count(*) FROM credits.year_close") == 0


async def test_an_operator_asks_and_somebody_at_the_desk_confirms(
    world: World, settings: Settings, said: Said
) -> None:
    await a_full_year(world)

    assert await ask(settings) == 0

    out, error = said()
    assert json.loads(out)["asked"] is True
    assert error == "Asked. Somebody at the desk confirms it: /dender/jaren\n"
    assert await world.value("SELECT asked_by IS NULL AND confirmed_at IS NULL FROM credits.year_close")


async def test_what_cannot_be_closed_is_said_with_exit_code_1(
    world: World, settings: Settings, said: Said
) -> None:
    await a_full_year(world)
    await world.execute("UPDATE credits.fund SET available_cents = available_cents - 1")

    assert await ask(settings) == 1

    out, error = said()
    assert json.loads(out)["refusal"] == "credits.books_not_right"
    assert error.startswith("The books are not right yet. The check of the books finds 1 fault.")


async def closed(world: World, settings: Settings) -> UUID:
    """The year of the town, closed with the keys of the installation."""
    entity = await town(world)
    await ask(settings)
    await confirm_year(world.services.database, BookYear(1, entity, 2014), author(world), UUID(int=7))
    return entity


async def test_a_closed_year_is_written_in_a_folder_with_what_verifies_it(
    world: World, settings: Settings, said: Said, tmp_path: Path
) -> None:
    await a_full_year(world)
    await closed(world, settings)
    said()

    assert await archive_year(settings, Whose("dender", NUMBER), 2014, tmp_path / "uit") == 0

    digest = await world.value("SELECT encode(archive_digest, 'hex') FROM credits.year_close")
    assert said()[0] == f"{tmp_path / 'uit'}: SHA256SUMS has SHA-256 {digest}\n"
    assert (tmp_path / "uit" / "dagboek.csv").exists()


@pytest.mark.parametrize(
    ("region", "entity", "code"),
    [("dender", "0000.000.000", "credits.entity_unknown"), ("nergens", NUMBER, "refused")],
)
async def test_books_that_are_not_there_are_said(
    world: World, settings: Settings, region: str, entity: str, code: str
) -> None:
    await a_full_year(world)

    with pytest.raises(CommandRefused) as refused:
        await print_journal(settings, Whose(region, entity), YEAR, vat=False)

    assert (refused.value.exit_code, refused.value.code) == (1, code)


async def test_an_open_year_is_not_archived(world: World, settings: Settings, tmp_path: Path) -> None:
    await a_full_year(world)

    with pytest.raises(CommandRefused, match=r"^This year is not closed yet\."):
        await archive_year(settings, Whose("dender", NUMBER), 2014, tmp_path / "uit")
