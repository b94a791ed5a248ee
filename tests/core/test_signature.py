"""A signature is of one key, one purpose and one content."""

from uit.core.signature import is_signed, sign

KEY, OTHER = b"k" * 32, b"o" * 32


def test_what_was_signed_is_known_again_and_nothing_else_is() -> None:
    signature = sign(KEY, b"day|", b"5 rows")

    assert is_signed(KEY, b"day|", b"5 rows", signature)
    assert not is_signed(OTHER, b"day|", b"5 rows", signature)
    assert not is_signed(KEY, b"year|", b"5 rows", signature)
    assert not is_signed(KEY, b"day|", b"6 rows", signature)
    assert not is_signed(KEY, b"day|", b"5 rows", signature[:-1])
    assert not is_signed(KEY, b"day|", b"5 rows", b"")
