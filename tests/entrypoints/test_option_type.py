"""What an option may be is said with an example, and no word of Python."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.entrypoints.steps import typed
from uit.core.settings import Settings
from uit.entrypoints.option_type import day, moment, year


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (day, "gisteren", "'gisteren' is no day, such as 2026-05-04"),
        (day, "2026-13-01", "'2026-13-01' is no day, such as 2026-05-04"),
        (moment, "gisteren", "'gisteren' is no moment, such as 2026-05-04T12:00"),
        (year, "vorig", "'vorig' is no year, such as 2026"),
        (year, "0", "'0' is no year, such as 2026"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_an_example(
    read: Callable[[str], object], text: str, words: str
) -> None:
    with pytest.raises(ArgumentTypeError) as said:
        read(text)

    assert str(said.value).startswith(words)


def test_a_moment_is_in_utc_unless_it_says_otherwise() -> None:
    there = timezone(timedelta(hours=2))

    assert moment("2026-05-04") == datetime(2026, 5, 4, tzinfo=UTC)
    assert moment("2026-05-04T12:00+02:00") == datetime(2026, 5, 4, 12, tzinfo=there)


@pytest.mark.parametrize(
    "words",
    [
        ("anchors", "verify", "--from", "gisteren"),
        ("journal", "--region", "aalst", "--entity", "1", "--from", "gisteren", "--to", "2026-05-04"),
        ("payments", "reconcile", "--day", "gisteren"),
        ("payments", "replay", "--since", "gisteren"),
        ("close-year", "--region", "aalst", "--entity", "1", "--year", "gisteren"),
    ],
)
async def test_every_day_of_a_command_is_read_so(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        await typed(Settings(), *words)

    assert "'gisteren' is no " in capsys.readouterr().err
