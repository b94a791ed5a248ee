"""Addresses of a database: who logs in, where, and what of it everybody may read."""

import pytest

from uit.database.address import (
    database_in,
    each_host,
    login_in,
    with_database,
    with_login,
    without_password,
)

SOCKET = "postgresql://uit@/uit?host=%2Ftmp%2Fde%20stad"
TWO_HOSTS = "postgresql://uit_app:Een%2FTwee@db1:5432,db2:5433/uit?target_session_attrs=read-write"
IN_QUERY = "postgresql://db/uit?user=uit_app&password=Een%2FTwee&sslmode=require"


@pytest.mark.parametrize(
    ("url", "login"),
    [(SOCKET, ("uit", "")), (TWO_HOSTS, ("uit_app", "Een/Twee")), (IN_QUERY, ("uit_app", "Een/Twee"))],
)
def test_who_logs_in_stands_before_the_host_or_among_the_options(url: str, login: tuple[str, str]) -> None:
    assert login_in(url) == login
    assert database_in(url) == "uit"


def test_another_login_and_another_database_are_on_the_same_hosts() -> None:
    assert with_login(SOCKET, "uit_app") == "postgresql://uit_app@/uit?host=%2Ftmp%2Fde%20stad"
    assert with_database(SOCKET, "town") == "postgresql://uit@/town?host=%2Ftmp%2Fde%20stad"
    moved = with_login(with_database(TWO_HOSTS, "town"), "uit_owner", "x:y")
    assert moved == "postgresql://uit_owner:x%3Ay@db1:5432,db2:5433/town?target_session_attrs=read-write"


@pytest.mark.parametrize("url", [TWO_HOSTS, IN_QUERY])
def test_a_password_is_taken_out_wherever_it_stands(url: str) -> None:
    shown = without_password(url)

    assert login_in(shown) == ("uit_app", "")
    assert "Twee" not in shown


def test_each_host_of_an_address_has_one_of_its_own() -> None:
    assert each_host(SOCKET) == [SOCKET]
    assert each_host(TWO_HOSTS) == [
        "postgresql://uit_app:Een%2FTwee@db1:5432/uit?target_session_attrs=read-write",
        "postgresql://uit_app:Een%2FTwee@db2:5433/uit?target_session_attrs=read-write",
    ]
    assert each_host("postgresql://db/uit") == ["postgresql://db/uit"]
    assert each_host("postgresql:///uit?user=uit") == ["postgresql:///uit?user=uit"]


@pytest.mark.parametrize(
    ("ports", "expected"), [("port=5433", ["5433", "5433"]), ("port=5432,5433", ["5432", "5433"])]
)
def test_hosts_among_the_options_each_have_their_port(ports: str, expected: list[str]) -> None:
    assert each_host(f"postgresql://uit@/uit?host=/one,/two&{ports}") == [
        f"postgresql://uit@/uit?host=%2F{name}&port={port}"
        for name, port in zip(("one", "two"), expected, strict=True)
    ]
