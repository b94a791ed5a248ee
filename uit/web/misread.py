"""What the framework and msgspec say of a request that they cannot read, as a refusal with its own words."""

import re
from typing import Final

from uit.core.errors import Fault, NotUnderstood

# What msgspec says of a value, and where it stands: "Expected `int`, got `str` - at `$.lines[0].places`".
SAID: Final = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
# A field that is missing, or that nobody asked for, is named in what is said of the object around it.
NAMED: Final = re.compile(r"(?:missing required|unknown) field `(.+)`")
# How the framework names the body of a request, and what it says of one that is not there.
BODY: Final = "data"
NO_BODY: Final = "'data'"
FAULTS: Final[tuple[tuple[re.Pattern[str], Fault], ...]] = (
    (re.compile(r"[Mm]issing required"), "missing"),
    (re.compile(r"unknown field"), "unknown"),
    (re.compile(r"Invalid (?:enum )?value"), "not_a_choice"),
    (re.compile(r"Expected `.*` (?:[<>]|of |that's)|out of range"), "out_of_bounds"),
    (re.compile(r"Expected `.*`, got"), "wrong_type"),
)


def not_understood(said: str, where: str = "") -> NotUnderstood:
    """`where` is the field, when it is known already; else it is read from what was said."""
    if (where, said) == (BODY, NO_BODY):
        return NotUnderstood("", "empty", "The body is empty.")
    match = SAID.fullmatch(said)
    assert match is not None
    technical, around = match[1], ("" if where == BODY else where) or match[2] or ""
    named = NAMED.search(technical)
    place = ".".join(filter(None, (around, named[1] if named else "")))
    return NotUnderstood(place, fault_in(technical), technical)


def fault_in(said: str) -> Fault:
    return next((fault for sign, fault in FAULTS if sign.search(said)), "malformed")
