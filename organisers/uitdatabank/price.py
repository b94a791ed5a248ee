"""The prices of an event in UiTdatabank: one base price and named tariffs."""

import hashlib
import re
import unicodedata
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from msgspec import Struct

from organisers.uitdatabank.field import MOST_LETTERS_OF_NAME, Field, Words, clean, in_language

Category = Literal["base", "tariff", "uitpas"]
CATEGORIES: Final[dict[str, Category]] = {"base": "base", "tariff": "tariff", "uitpas": "uitpas"}
LONGEST_AMOUNT: Final = 40
MAX_PRICE_CENTS: Final = 10_000_00
MAX_CODE_LENGTH: Final = 60

# Signs that distinguish the names of tariffs: "-26 jaar" and "+26 jaar" are not the same tariff.
_SIGNS: Final = {"+": " plus ", "<": " onder ", ">": " boven ", "&": " en "}
_MINUS_AGE: Final = re.compile(r"(?<!\w)-\s*(?=[0-9])")
# "min. 18 jaar" is a minimum, and not the minus sign of "min 18 jaar".
_MINIMUM: Final = re.compile(r"\bmin\.\s*(?=[0-9])")
_PLAIN_AMOUNT: Final = re.compile(r"[0-9]{1,7}([.,][0-9]{1,2})?")


class Price(Struct, frozen=True):
    """A price. `code` identifies it within its event, and stays the same as long as its name does.

    The code of the base price is `base`; that of a tariff is its Dutch name in lower case (`kind-6-12-jaar`).
    A price of category `uitpas` was calculated by publiq for a card system, and is not used by uit.
    With `for_group` the price is for all participants together.
    """

    code: str
    category: Category
    name: Words
    price_cents: int
    for_group: bool


def read_prices(prices: Field, main_language: str) -> tuple[Price, ...]:
    """The prices in their order; empty when the record has none, which means unknown and not free."""
    read = [_read_price(price, main_language) for price in prices.items()]
    if read and [price.category for price in read].count("base") != 1:
        prices.refuse("does not have exactly one base price")
    unique = _make_codes_unique(read)
    repeated = [code for code, times in Counter(price.code for price in unique).items() if times > 1]
    if repeated:
        prices.refuse(f"has two prices with one name: {repeated[0]}")
    return tuple(unique)


def _read_price(price: Field, main_language: str) -> Price:
    category = price.get("category").choice(CATEGORIES)
    price.get("priceCurrency").choice({"EUR": "EUR"}, "EUR")
    name = price.get("name").words(main_language, MOST_LETTERS_OF_NAME)
    if category != "base" and not name:
        price.get("name").refuse("is missing")
    return Price(
        code="base" if category == "base" else _code(category, in_language(name)),
        category=category,
        name=name or {"nl": "Basistarief"},
        price_cents=_read_cents(price.get("price")),
        for_group=price.get("groupPrice").value is True,
    )


def _read_cents(price: Field) -> int:
    """The amount in cents. A float is read by its shortest decimal form, so 7.95 is exactly 795 cents."""
    value = price.value
    if value is None:
        price.refuse("is missing")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        price.refuse("is not an amount")
    if isinstance(value, str) and len(value) > LONGEST_AMOUNT:
        price.refuse(f"is {len(value)} letters long, which is no amount")
    if isinstance(value, str) and not _PLAIN_AMOUNT.fullmatch(clean(value)):
        price.refuse(f"is not an amount: {value[:40]!r}")
    amount = Decimal(value) if isinstance(value, int) else _decimal(price, clean(str(value)))
    if not 0 <= amount <= MAX_PRICE_CENTS // 100:
        price.refuse("is less than 0 or more than 10,000 euro")
    if amount * 100 % 1:
        price.refuse(f"is not in whole cents: {amount}")
    return int(amount * 100)


def _decimal(price: Field, text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        price.refuse("is not an amount")
    if not amount.is_finite():
        price.refuse("is not an amount")
    return amount


def _code(category: Category, name: str) -> str:
    spelled = _MINUS_AGE.sub("min ", _MINIMUM.sub("minimum ", name.lower()))
    for sign, word in _SIGNS.items():
        spelled = spelled.replace(sign, word)
    ascii_only = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall("[a-z0-9]+", ascii_only))[:MAX_CODE_LENGTH].rstrip("-")
    return slug if category == "tariff" and slug not in {"", "base"} else f"{category}-{slug}".rstrip("-")


def _make_codes_unique(prices: list[Price]) -> list[Price]:
    """Add a digest of the name to codes that several names share, such as "kind!" and "kind?"."""
    names_by_code = Counter(code for code, _ in {(price.code, in_language(price.name)) for price in prices})
    return [_with_digest(price) if names_by_code[price.code] > 1 else price for price in prices]


def _with_digest(price: Price) -> Price:
    digest = hashlib.sha256(in_language(price.name).encode()).hexdigest()[:6]
    return Price(f"{price.code}-{digest}", price.category, price.name, price.price_cents, price.for_group)
