"""The two regions of the example, with real towns and invented data."""

from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct

from credits.programme.programme import Rules

NAMESPACE: Final = UUID("6f1f2d3a-52f7-5b0e-9c56-0a1f6f2f7e11")


class Scheme(Struct, frozen=True):
    name: str
    budget_cents: int
    rules: Rules


class ExampleTown(Struct, frozen=True):
    """A region with the funder and the schemes of its programmes."""

    region_id: int
    slug: str
    name: str
    refnis: list[str]
    help_phone: str
    help_text: str
    funder: str
    enterprise_number: str
    schemes: tuple[Scheme, ...]


def stable_id(*words: str) -> UUID:
    """An id derived from words, the same at every start, so that a repeat adds nothing."""
    return uuid5(NAMESPACE, "/".join(words))


DENDER: Final = ExampleTown(
    region_id=1,
    slug="dender",
    name="Dender",
    refnis=["41002", "41011", "41018", "41024", "41034", "41048", "41082"],
    help_phone="053 00 01 00",
    help_text="Bel op een werkdag tussen 9 en 17 uur, of kom langs in het stadhuis van je gemeente.",
    funder="Regio Dender (voorbeeld)",
    enterprise_number="0123456749",
    schemes=(
        Scheme(
            "Welkom in de Dender",
            500_000,
            Rules(amount_cents=4_000, valid_months=12, earning="session_end"),
        ),
        Scheme(
            "Eerste stap",
            50_000,
            Rules(amount_cents=300, valid_months=12, earning="session_end", age_from=16, age_to=18),
        ),
        Scheme(
            "Jongerenkrediet",
            1_000_000,
            Rules(amount_cents=5_000, valid_months=12, earning="attendance", age_from=6, age_to=25),
        ),
        Scheme(
            "Cultuurkrediet",
            2_000_000,
            Rules(amount_cents=7_500, valid_months=12, earning="attendance", social_only=True),
        ),
    ),
)
KUST: Final = ExampleTown(
    region_id=2,
    slug="kust",
    name="Kust",
    refnis=["35011", "35013", "38008", "38014", "38016"],
    help_phone="058 00 02 00",
    help_text="Bel op een werkdag tussen 9 en 16 uur, of kom langs in het onthaal van je gemeente.",
    funder="Regio Kust (voorbeeld)",
    enterprise_number="0876543270",
    schemes=(
        Scheme(
            "Kustkrediet",
            600_000,
            Rules(amount_cents=3_000, valid_months=12, earning="cancellation_limit"),
        ),
    ),
)
TOWNS: Final = (DENDER, KUST)
