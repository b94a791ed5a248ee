"""Parameters as Stripe takes them: form-encoded, with brackets for what is nested."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from uit.embedded.stripe_peer.errors import ApiError

Params = dict[str, Any]

_PART: Final = re.compile(r"\[([^\[\]]*)\]")


def decode_form(text: str) -> Params:
    """`a[b][0][c]=1&d[]=2` as `{"a": {"b": [{"c": "1"}]}, "d": ["2"]}`; every value stays a text."""
    root: Params = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, _, rest = name.partition("[")
        place(root, [first, *_PART.findall(f"[{rest}" if rest else "")], value)
    return {key: lists_of(value) for key, value in root.items()}


def place(into: Params, path: list[str], value: str) -> None:
    """Put a value where its path leads. An empty part of a path is the next place of a list."""
    key = path[0] or str(len(into))
    if len(path) == 1:
        into[key] = value
        return
    within = into.setdefault(key, {})
    if not isinstance(within, dict):
        raise ApiError.invalid(key, f"Invalid object: {key}")
    place(within, path[1:], value)


def lists_of(value: Any) -> Any:  # noqa: ANN401  what comes in is of any shape
    """Objects whose keys are 0, 1, 2 as the lists that they are."""
    if not isinstance(value, dict):
        return value
    inside = {key: lists_of(part) for key, part in value.items()}
    if inside and list(inside) == [str(number) for number in range(len(inside))]:
        return list(inside.values())
    return inside


def known(params: Params, *names: str) -> None:
    """Refuse a parameter that the endpoint does not have, by name."""
    for name in params:
        if name not in names and name != "expand":
            raise ApiError.unknown(name)


def required(params: Params, name: str) -> Any:  # noqa: ANN401  as above
    if params.get(name) in (None, "", {}, []):
        raise ApiError.missing(name)
    return params[name]


def whole(params: Params, name: str) -> int:
    """A parameter that is a whole number. Refused when it is missing or something else."""
    text = str(required(params, name))
    if not re.fullmatch(r"-?[0-9]{1,12}", text, re.ASCII):
        raise ApiError.invalid(name, f"Invalid integer: {text}", "parameter_invalid_integer")
    return int(text)
