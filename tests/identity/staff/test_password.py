"""Passwords: long, not obvious, and never told apart by time."""

from time import process_time

import pytest

from uit.identity.errors import WeakPassword
from uit.identity.staff.password import hash_password, verify_password, weakness


@pytest.mark.parametrize(
    "password",
    ["paard batterij nietje", "Zeven Geiten Op 1 Dak", "ドアが少し開いている夜です", "k9#Lw!qz7Rt&"],
)
def test_a_sentence_or_a_random_row_is_taken(password: str) -> None:
    assert weakness(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "elf tekens.",
        "Wachtwoord2026!",
        "welkomwelkomwelkom",
        "azerty123456",
        "121212121212",
        "ananananananclaes",
    ],
)
def test_what_is_short_or_obvious_is_not(password: str) -> None:
    assert weakness(password, "An", "Claes") == WeakPassword(12)


async def test_a_password_fits_its_own_hash_however_it_is_typed() -> None:
    hashed = await hash_password("één zin met accenten")

    assert hashed.startswith("$argon2id$")
    assert await verify_password("e\u0301e\u0301n zin met accenten", hashed)
    assert not await verify_password("een zin met accenten", hashed)


async def test_no_account_costs_the_work_of_an_account_and_is_never_right() -> None:
    hashed = await hash_password("paard batterij nietje")
    await verify_password("warm", None)

    def cost(started: float) -> float:
        return process_time() - started

    started = process_time()
    assert not await verify_password("the account that is not there", None)
    nobody = cost(started)
    started = process_time()
    assert not await verify_password("mis", hashed)

    assert nobody > cost(started) / 4
