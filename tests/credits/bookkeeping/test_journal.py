"""The journal says every cent that moved, names accounts and no residents, and opens in a spreadsheet."""

import csv
from datetime import date, timedelta
from io import StringIO
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.bookkeeping import journal
from credits.bookkeeping.journal import Period, journal_file, sum_journal
from credits.bookkeeping.spreadsheet import FORMULA, amount, harmless, lines
from credits.bookkeeping.words import account_words, transfer_words
from tests.builders import World
from tests.credits.bookkeeping.years import a_full_year, seller_entity, town
from tests.credits.till.drawers import numbers

YEAR = date(2014, 1, 1), date(2014, 12, 31)


async def file_of(world: World, entity_id: UUID, owner_id: UUID | None = None) -> str:
    period = Period(1, entity_id, *YEAR, owner_id)
    return "".join([part async for part in journal_file(world.services.database, period)])


async def rows_of(world: World, entity_id: UUID, owner_id: UUID | None = None) -> list[dict[str, str]]:
    text = (await file_of(world, entity_id, owner_id)).removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


async def test_the_journal_has_every_transfer_with_its_accounts_amount_and_names(world: World) -> None:
    session = await a_full_year(world)

    rows = await rows_of(world, await seller_entity(world, session.organiser_id))

    kinds = [(row["Soort"], row["Van rekening"], row["Naar rekening"], row["Bedrag"]) for row in rows]
    assert sorted(kinds) == sorted([
        ("Met de kaart betaald", "Verkoop", "Kaartbetalingen", "8,00"),
        ("Terugbetaald", "Kaartbetalingen", "Verkoop", "2,00"),
        ("Wisselgeld", "Kluis", "Kassa", "100,00"),
        ("Naar de kluis", "Kassa", "Kluis", "40,00"),
        ("Aan de kassa betaald", "Verkoop", "Kassa", "5,03"),
        ("Afronding", "Afronding van cash", "Kassa", "0,02"),
    ])  # fmt: skip
    assert {row["Van wie"] for row in rows} == {"De Werf"}


async def test_a_sale_names_its_receipt_and_card_money_what_it_is_called_outside(world: World) -> None:
    session = await a_full_year(world)

    rows = {
        row["Soort"]: row for row in await rows_of(world, await seller_entity(world, session.organiser_id))
    }

    assert await numbers(world, session.organiser_id) == [(2014, 1)]
    assert {rows[kind]["Bonnetje"] for kind in ("Aan de kassa betaald", "Afronding")} == {"2014-000001"}
    booking_id = await world.value("SELECT booking_id FROM credits.payment")
    paid = rows["Met de kaart betaald"]
    assert (paid["Kenmerk buiten"], paid["Boeking"]) == ("pi_1", booking_id.hex[-8:].upper())


async def test_nobody_who_has_credit_is_named(world: World) -> None:
    await a_full_year(world)

    text = await file_of(world, await town(world))

    assert "Yasmine" not in text
    assert "Peeters" not in text
    assert "Krediet opzij gezet" in text


async def test_an_organiser_sees_only_what_touches_its_own_accounts(world: World) -> None:
    session = await a_full_year(world)

    rows = await rows_of(world, await town(world), session.organiser_id)

    assert [(row["Soort"], row["Naar wie"], row["Bedrag"]) for row in rows] == [
        ("Verdiend door organisator", "De Werf", "3,00")
    ]


async def test_a_file_in_parts_has_each_transfer_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_full_year(world)
    whole = await file_of(world, await town(world))
    monkeypatch.setattr(journal, "AT_ONCE", 1)

    assert await file_of(world, await town(world)) == whole
    assert whole.count("\r\n") == 1 + 5


async def test_the_sums_are_those_of_the_days_and_no_others(world: World) -> None:
    await a_full_year(world)
    entity, day = await town(world), date(2014, 3, 3)

    async with world.services.database.reading() as connection:
        on_it = await sum_journal(connection, Period(1, entity, day, day))
        after = await sum_journal(connection, Period(1, entity, day + timedelta(days=1), date(2014, 12, 31)))

    assert {each.kind for each in on_it} == {"pledge", "grant", "hold", "settle"}
    assert [(each.kind, each.count, each.cents) for each in after] == [("lapse", 1, 700)]


async def test_every_kind_of_account_and_transfer_has_its_word(world: World) -> None:
    labels = "SELECT enumlabel::text FROM pg_enum WHERE enumtypid = $1::regtype"
    accounts = {label for (label,) in await world.rows(labels, "credits.account_kind")}
    transfers = {label for (label,) in await world.rows(labels, "credits.transfer_kind")}

    assert accounts - set(account_words()) == {"deposit", "voucher"}  # nothing opens these
    assert transfers == set(transfer_words())


@pytest.mark.parametrize("text", ["=1+1", "+32", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_what_looks_like_a_formula_is_shown_and_not_run(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.text())
def test_a_cell_comes_back_as_it_was_and_never_begins_like_a_formula(text: str) -> None:
    written = lines([[harmless(text), "x"]])

    [[cell, _]] = list(csv.reader(StringIO(written, newline=""), delimiter=";"))
    assert not cell.startswith(FORMULA)
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.integers(-10_000_000, 10_000_000))
def test_an_amount_has_a_comma_and_two_figures(cents: int) -> None:
    written = amount(cents)

    assert round(float(written.replace(",", ".")) * 100) == cents
    assert len(written.partition(",")[2]) == 2
