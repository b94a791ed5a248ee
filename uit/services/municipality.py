"""The municipalities of Flanders, 285 since 2025, from `uit/data`; and the municipality of an address."""

import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
FILE = Path(__file__).parents[1] / "data" / "flemish_municipalities_2025.json"


class Municipality(Struct, frozen=True):
    """`refnis` is the code of Statbel. Two municipalities can share a postal code, such as 1804."""

    refnis: str
    name: str
    name_fr: str
    postal_codes: list[str]


class Merger(Struct, frozen=True):
    """A municipality that went into another on a day."""

    refnis: str
    name: str
    into_refnis: str
    into_name: str
    merged_on: date


upsert_municipalities = SQL.command("upsert_municipalities")
read_municipalities = SQL.many("read_municipalities", Municipality)
read_mergers = SQL.many("read_mergers", Merger)
merged_into = SQL.value("merged_into", str)
read_area = SQL.value("read_area", list[str])
insert_merger = SQL.command("insert_merger")
give_region = SQL.command("give_region")
take_from_region = SQL.command("take_from_region")


async def load_municipalities(tx: Executor) -> None:
    """Update the table from the file; a row that is as the file says is not written again."""
    await upsert_municipalities(tx, FILE.read_text(encoding="utf-8"))


class Gazetteer:
    """Finds the municipality of an address."""

    def __init__(self, municipalities: Iterable[Municipality]) -> None:
        self._by_postal_code: dict[str, list[Municipality]] = {}
        self._names: set[str] = set()
        for each in municipalities:
            self._names |= names(each)
            for postal_code in each.postal_codes:
                self._by_postal_code.setdefault(postal_code, []).append(each)

    def refnis(self, postal_code: str, locality: str) -> str | None:
        """The REFNIS code of the municipality, or None when postal code and locality do not determine it.

        The locality is the name of the municipality or of a part of it (Erembodegem, in Aalst). For a part,
        the postal code must belong to one municipality. None when the locality is another municipality.
        """
        candidates = self._by_postal_code.get(postal_code.strip(), [])
        normalised = normalise(locality)
        named = [each for each in candidates if normalised in names(each)]
        if not named and normalised and normalised not in self._names:
            named = candidates
        return named[0].refnis if len(named) == 1 else None


async def merge_towns(tx: Executor, region_id: int | None, old: str, new: str, merged_on: date) -> None:
    """Write down that a municipality went into another, which is then in its region."""
    await insert_merger(tx, old, new, merged_on)
    if region_id is not None:
        await give_region(tx, region_id, new)
        await take_from_region(tx, region_id, old)


def names(municipality: Municipality) -> set[str]:
    return {normalise(municipality.name), normalise(municipality.name_fr)}


def normalise(name: str) -> str:
    """The name without capitals, accents and hyphens: `Sint-Niklaas` and `SINT NIKLAAS` become equal."""
    decomposed = unicodedata.normalize("NFKD", name.casefold()).replace("-", " ")
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


async def read_gazetteer(tx: Executor) -> Gazetteer:
    return Gazetteer(await read_municipalities(tx))
