"""Forms with brackets, as Stripe's SDK writes them."""

from typing import Any

import pytest

from uit.embedded.stripe_peer.errors import ApiError
from uit.embedded.stripe_peer.form import decode_form


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", {}),
        ("a=1&b=", {"a": "1", "b": ""}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
        ("a[]=x&a[]=y", {"a": ["x", "y"]}),
        ("a[0][b][c]=1&a[0][d]=2&a[1][d]=3", {"a": [{"b": {"c": "1"}, "d": "2"}, {"d": "3"}]}),
        ("a=%E2%82%AC+5%2C00", {"a": "€ 5,00"}),
    ],
)
def test_what_is_nested_is_read(text: str, decoded: dict[str, Any]) -> None:
    assert decode_form(text) == decoded


def test_what_is_a_value_and_an_object_is_refused() -> None:
    with pytest.raises(ApiError):
        decode_form("a=1&a[b]=2")
