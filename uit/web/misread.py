"""Turns the error messages of Litestar and msgspec about a request into the refusal NotUnderstood."""

import re
from collections.abc import Iterator
from typing import Any, Final

from msgspec import UNSET, inspect
from msgspec.structs import replace

from uit.core.errors import Fault, NotUnderstood

# A message of msgspec and the path of the value: "Expected `int`, got `str` - at `$.lines[0].places`".
MESSAGE: Final = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
# A missing or unknown field is named in the message about the object that should or should not hold it.
FIELD_NAME: Final = re.compile(r"(?:missing required|unknown|excluded|malformed) field `(.+?)(?:`|$)")
# Litestar's name for the body of a request, and its message about a missing body.
BODY: Final = "data"
NO_BODY: Final = "'data'"
# What leads from a value to one inside it: a field, or a place in a list.
STEP: Final = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
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


def not_understood_as(content: type[Any], message: str) -> NotUnderstood:
    """The refusal for a message about a body that is no `content`, with the choices where there are some."""
    refusal = not_understood(message)
    choices = choices_at(content, refusal.where) if refusal.why == "not_a_choice" else ()
    return replace(refusal, choices=choices or UNSET)


def choices_at(content: type[Any], where: str) -> tuple[str, ...]:
    """What the field at this path of `content` may be; nothing when it has no list of choices."""
    kinds = [*alternatives(inspect.type_info(content))]
    for step in STEP.findall(where):
        kinds = [each for kind in kinds for inner in inside(kind, step) for each in alternatives(inner)]
    return tuple(dict.fromkeys(choice for kind in kinds for choice in choices_of(kind)))


def alternatives(kind: inspect.Type) -> Iterator[inspect.Type]:
    match kind:
        case inspect.Metadata(type=inner):
            yield from alternatives(inner)
        case inspect.UnionType(types=several):
            for each in several:
                yield from alternatives(each)
        case _:
            yield kind


def inside(kind: inspect.Type, step: str) -> Iterator[inspect.Type]:
    match kind:
        case inspect.StructType(fields=fields):
            yield from (field.type for field in fields if field.encode_name == step)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) if step.startswith("["):
            yield item
        case _:
            pass


def choices_of(kind: inspect.Type) -> Iterator[str]:
    match kind:
        case inspect.EnumType(cls=cls):
            yield from (str(each.value) for each in cls)
        case inspect.LiteralType(values=values):
            yield from map(str, values)
        case _:
            pass


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
