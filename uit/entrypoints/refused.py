"""How a command says that it did nothing: its words, its exit code, and an object for a program."""

from typing import Final

from uit.entrypoints.indented_json import indented_json

REFUSED: Final = 1
"""The exit code where something is not there or away, or cannot be done as things stand."""
WRONG: Final = 2
"""The exit code where nothing was begun: what was typed or set has to be corrected first."""


class CommandRefused(Exception):
    """A command that did nothing. The text says why, and what to do next; `code` is stable."""

    def __init__(self, words: str, exit_code: int = REFUSED, code: str = "") -> None:
        super().__init__(words)
        self.exit_code = exit_code
        self.code = code or ("words.wrong" if exit_code == WRONG else "refused")


def as_error(code: str, words: str) -> str:
    """What a program reads on standard output where `--json` was asked and there is no answer."""
    return indented_json({"code": code, "error": words})
