"""Turns the error messages of Litestar and msgspec about a request into the refusal NotUnderstood."""

import re
from typing import Final

from uit.core.errors import Fault, NotUnderstood

# A message of msgspec and the path of the value: "Expected `int`, got `str` - at `$.lines[0].places`".
MESSAGE: Final = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
# A missing or unknown field is named in the message about the object that should or should not hold it.
FIELD_NAME: Final = re.compile(r"(?:missing required|unknown|excluded|malformed) field `(.+?)(?:`|$)")
# Litestar's name for the body of a request, and its message about a missing body.
BODY: Final = "data"
NO_BODY: Final = "'data'"
MOST_READ: Final = 2_000
"""A message repeats names that somebody chose: of a longer one its beginning says enough."""
FAULTS: Final[tuple[tuple[re.Pattern[str], Fault], ...]] = (
    (re.compile(r"[Mm]issing required"), "missing"),
    (re.compile(r"unknown field"), "unknown"),
    (re.compile(r"excluded field"), "excluded"),
    (re.compile(r"Invalid (?:enum )?value"), "not_a_choice"),
    (re.compile(r"Expected `.*` of length >"), "too_short"),
    (re.compile(r"Expected `.*` of length <"), "too_long"),
    (re.compile(r"Expected `.*` >"), "too_small"),
    (re.compile(r"Expected `.*` <"), "too_large"),
    (re.compile(r"Expected `.*` (?:of |that's)|out of range"), "out_of_bounds"),
    (re.compile(r"Expected `.*`, got"), "wrong_type"),
)


def not_understood(message: str, where: str = "") -> NotUnderstood:
    """The refusal for a message; `where` is the path of the field, read from the message when it is empty."""
    if (where, message) == (BODY, NO_BODY):
        return NotUnderstood("", "empty", "The body is empty.")
    match = MESSAGE.fullmatch(message[:MOST_READ])
    assert match is not None
    technical, around = match[1], ("" if where == BODY else where) or match[2] or ""
    field_name = FIELD_NAME.search(technical)
    place = ".".join(filter(None, (around, field_name[1] if field_name else "")))
    return NotUnderstood(place, fault_in(technical), technical)


def missing_field(name: str) -> ValueError:
    """What msgspec says of a field that is not there, for a struct that checks more than msgspec can."""
    return ValueError(f"Object missing required field `{name}`")


def excluded_field(name: str) -> ValueError:
    """In its manner, of a field that does not go with another that is there."""
    return ValueError(f"Object contains excluded field `{name}`")


def malformed_field(name: str) -> ValueError:
    """In its manner, of a field that is not what it should be in a way that no schema says."""
    return ValueError(f"Object contains malformed field `{name}`")


def fault_in(message: str) -> Fault:
    return next((fault for pattern, fault in FAULTS if pattern.search(message)), "malformed")
