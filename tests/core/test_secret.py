"""Keys, digests and tokens."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uit.core.secret import Secrets, digest, equal_in_constant_time, new_token, read_or_make


def test_keys_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secrets.json"

    made = read_or_make(path)

    assert read_or_make(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_keys_are_long_and_each_is_another(tmp_path: Path) -> None:
    keys = msgspec.structs.astuple(read_or_make(tmp_path / "secrets.json"))

    assert [len(key) for key in keys] == [32] * len(Secrets.__struct_fields__)
    assert len(set(keys)) == len(keys)


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    with ThreadPoolExecutor(8) as starting:
        keys = set(starting.map(lambda _: read_or_make(path).signing, range(32)))

    assert len(keys) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_spoilt_file_of_keys_stops_the_start_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{}")

    with pytest.raises(msgspec.ValidationError):
        read_or_make(path)
    assert path.read_text() == "{}"


@given(st.lists(st.text() | st.binary(), min_size=1, max_size=4))
def test_a_digest_is_short_and_always_the_same(parts: list[str | bytes]) -> None:
    assert digest(*parts) == digest(*parts)
    assert len(digest(*parts)) == 32


def test_a_digest_tells_apart_what_joined_would_look_alike() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("abc", "")}) == 4


def test_a_token_is_256_random_bits_that_fit_in_an_address() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(len(token) == 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@given(st.text(), st.text())
def test_same_says_whether_two_secrets_are_equal(one: str, other: str) -> None:
    assert equal_in_constant_time(one, other) == (one == other)
    assert equal_in_constant_time(one, one.encode())
