"""The municipalities of Flanders: 285 since 2025, from `uit/data`, and which of them an address lies in."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
FILE = Path(__file__).parents[1] / "data" / "flemish_municipalities_2025.json"


class Municipality(Struct, frozen=True):
    """`refnis` is its code at Statbel, which postal codes are not: 1804 belongs to two."""

    refnis: str
    name: str
    name_fr: str
    postal_codes: list[str]


upsert_municipalities = SQL.command("upsert_municipalities")
read_municipalities = SQL.many("read_municipalities", Municipality)


async def load_municipalities(tx: Executor) -> int:
    """Bring the table in line with the file; returns how many rows changed, 0 when it was already."""
    return await upsert_municipalities(tx, FILE.read_text(encoding="utf-8"))


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
        """The REFNIS code of the municipality, or None when postal code and locality together do not say it.

        The locality is the municipality itself, or a part of it (Erembodegem, in Aalst): then the postal code
        must belong to one municipality only. A locality that is another municipality contradicts it.
        """
        candidates = self._by_postal_code.get(postal_code.strip(), [])
        spelled = spell(locality)
        named = [each for each in candidates if spelled in names(each)]
        if not named and spelled and spelled not in self._names:
            named = candidates
        return named[0].refnis if len(named) == 1 else None


def names(municipality: Municipality) -> set[str]:
    return {spell(municipality.name), spell(municipality.name_fr)}


def spell(name: str) -> str:
    """Without capitals, accents and hyphens: `Sint-Niklaas` and `SINT NIKLAAS` are one place."""
    decomposed = unicodedata.normalize("NFKD", name.casefold()).replace("-", " ")
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


async def read_gazetteer(tx: Executor) -> Gazetteer:
    return Gazetteer(await read_municipalities(tx))
